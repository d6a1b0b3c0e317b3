"""Phrases to avoid while somebody types: a real browser finds what the review finds, in the same place, and says so."""

import re
import re._constants as sre
import re._parser as parser
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

from letters import library
from letters.models import Kind
from letters.review import in_browser
from letters.review.folding import fold
from letters.review.wording import wording_of
from tests.letters.test_review_words import AVOIDED
from tests.windows import chromium

LANGUAGES = [code for code, _ in settings.LANGUAGES]
SCRIPT = Path(settings.BASE_DIR) / "cases/static/cases/avoid.js"
FIND = "([texts, list]) => texts.map((text) => avoid.find(text, avoid.compiled(list)))"
FOLD = "(texts) => texts.map((text) => avoid.fold(text).words)"
CHEROKEE = {*range(0x13A0, 0x1400), *range(0xAB70, 0xABC0)}  # folded to capitals, unlike all other letters


@pytest.fixture(scope="module")
def page():
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        yield page


# --- examples of a pattern: each of its branches, with and without what may be left out ---


def examples(pattern) -> list[str]:
    return _sequence(parser.parse(pattern))


def _sequence(tokens) -> list[str]:
    made = [""]
    for kind, value in tokens:
        pieces = _piece(kind, value)
        most = max(len(made), len(pieces))
        made = [made[n % len(made)] + pieces[n % len(pieces)] for n in range(most)]
    return made


def _piece(kind, value) -> list[str]:
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is sre.NOT_LITERAL:
        return ["a"]
    if kind is sre.BRANCH:
        return [example for branch in value[1] for example in _sequence(branch)]
    if kind is sre.SUBPATTERN:
        return _sequence(value[-1])
    if kind is sre.MAX_REPEAT:
        least, _most, inner = value
        once = [example * max(least, 1) for example in _sequence(inner)]
        return once if least else [*once, ""]
    if kind is sre.IN:
        return _of_a_class(value)
    assert kind in (sre.ASSERT_NOT, sre.AT), kind
    return [""]


def _of_a_class(members) -> list[str]:
    if members[0][0] is sre.NEGATE:
        return ["a"]
    return [chr(value) if kind is sre.LITERAL else "a" for kind, value in members]


def in_sentences(example):
    return [example, f"„{example.upper()}“, x.", f"Ab {example}", f"x{example}y", f"{example}\u00a0{example}"]


# --- both engines ---


def in_python(text, language):
    """(where, in which folded words, how it is better) for each phrase that the review would find."""
    wording = wording_of(language)
    found = wording.avoid.finditer(fold(text))
    return [(match[0], wording.avoided[int(match.lastgroup[1:])].better) for match in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_finds_every_example_of_every_pattern_as_the_review_does(page, language):
    patterns = [pattern for one in wording_of(language).avoided for pattern in one.written]
    made = [example for pattern in patterns for example in examples(pattern)]
    assert len(made) > 2 * len(patterns)
    texts = [*(text for example in made for text in in_sentences(example)), *(text for _, text in AVOIDED[language])]
    list_ = in_browser.phrases(language)
    in_the_browser = page.evaluate(FIND, [texts, list_])
    wrong = []
    for text, found in zip(texts, in_the_browser, strict=True):
        got = [(fold(one["said"].replace("*", "")), one["better"]) for one in found]
        expected = [(fold(said), better) for said, better in in_python(text.replace("*", ""), language)]
        if got != expected:
            wrong.append((text, got, expected))
    assert wrong == []
    assert sum(map(bool, in_the_browser)) > len(made), "most examples are found at all"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_finds_nothing_in_the_starter_letters_and_the_playbook(page, language):
    letters = [library.words(kind, language) for kind in Kind]
    texts = [text for words in letters if words for text in (words.subject, words.body)]
    assert texts
    assert [found for found in page.evaluate(FIND, [texts, in_browser.phrases(language)]) if found] == []


def test_the_browser_folds_every_character_as_the_review_does(page):
    known = (chr(code) for code in range(1, 0x20000) if not 0xD800 <= code < 0xE000)
    texts = [f"x{it}x" for it in known if unicodedata.category(it) != "Cn" and it != "*" and ord(it) not in CHEROKEE]
    folded = page.evaluate(FOLD, texts)
    # a browser that is newer than Python knows more characters; of those that both know, all are folded alike
    assert [(text, got, fold(text)) for text, got in zip(texts, folded, strict=True) if got.strip() != fold(text)] == []


def test_a_pattern_that_would_mean_something_else_in_a_browser_is_refused():
    assert in_browser._spelled(r"a\w*[^\d。]") == r"a[\p{L}\p{N}_]*[^\p{Nd}。]"
    with pytest.raises(in_browser.NoSuchSpelling, match=re.escape(r"\b")):
        in_browser._spelled(r"\bcalm")


# --- the field ---

FIELD = """
<script src="http://desk.test/avoid.js"></script><link rel="stylesheet" href="http://desk.test/playbook.css">
<meta name="avoid" content="http://desk.test/LANGUAGE.json">
<form><label for="words">What was proposed</label>
<div><textarea id="words" rows="3" cols="60" dir="auto" data-avoid-language="{languages}">{text}</textarea></div></form>
"""


def _serving(file):
    return lambda route: route.fulfill(path=file)


@pytest.fixture
def field(page):
    """Opens a page with a field that is read with the lists of `languages`."""
    page.route(
        "http://desk.test/*.json",
        lambda route: route.fulfill(
            json=in_browser.phrases(route.request.url.rsplit("/", 1)[1].removesuffix(".json")),
        ),
    )

    for file in (SCRIPT, SCRIPT.with_name("playbook.css")):
        page.route(f"http://desk.test/{file.name}", _serving(file))

    def opened(languages, text=""):
        html = FIELD.format(languages=languages, text=text)
        page.route("http://desk.test/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("http://desk.test/")
        return page.locator("textarea")

    return opened


def test_what_is_typed_is_marked_with_reason_and_better_words_and_never_changed(page, field):
    words = field("lv en")
    typed = "Mums ir žēl, ja Jūs tā jūtaties.\n\nRest assured: it **will** never happen again."
    words.fill(typed)
    entries = page.locator(".avoid-list li")
    entries.nth(2).wait_for()
    assert [entry.split(" Go there")[0] for entry in entries.all_inner_texts()] == [
        "“žēl, ja” makes small what was not small to the customer. Better: Mums ir žēl, ka mēs …",
        "“Rest assured” promises what nobody can be sure to keep. Better: You will have it by …, and … sees to it.",
        "“will** never happen again” promises what nobody can be sure to keep. "
        "Better: So that it does not happen again, we have …",
    ]
    assert page.locator(".avoid-layer mark").all_text_contents() == [
        "žēl, ja",
        "Rest assured",
        "will** never happen again",
    ]
    assert words.input_value() == typed
    assert page.locator(".avoid-list").get_attribute("aria-live") == "polite"


def test_go_there_selects_the_phrase(page, field):
    words = field("ar", "شكرًا لكم.\nتلك سياسة الشركة.")
    page.get_by_role("button", name="Go there").click()
    selected = words.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    assert selected == "سياسة الشركة"


def test_what_is_mended_is_not_marked_any_more(page, field):
    words = field("zh-hans", "请您冷静一下。")
    page.locator(".avoid-list li").wait_for()
    words.fill("我们理解您的气愤。")
    page.locator(".avoid-list").wait_for(state="hidden")
    assert page.locator(".avoid-layer").is_hidden()


def test_the_mark_stands_under_its_words(page, field):
    """In a line that runs from right to left as well; the layer wears what the field wears."""
    for language, text in (("en", "We are sorry, but calm down."), ("ar", "نقول لكم: اهدؤوا من فضلكم.")):
        field(language, text)
        page.locator(".avoid-layer mark").wait_for()
        layer, field_box = page.locator(".avoid-layer").bounding_box(), page.locator("textarea").bounding_box()
        assert abs(layer["x"] - field_box["x"]) < 3
        assert abs(layer["y"] - field_box["y"]) < 3
        mark = page.locator(".avoid-layer mark").bounding_box()
        middle = field_box["x"] + field_box["width"] / 2
        assert (mark["x"] > middle) == (language == "ar"), (language, mark)
