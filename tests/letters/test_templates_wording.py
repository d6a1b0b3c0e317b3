"""What a template may say: the closed list of placeholders, and a language that reads nothing else and always ends."""

import re
import time

import pytest
from django.conf import settings
from liquid.exceptions import LiquidError

from letters import examples, facts, glossary, library, specimens, wording
from letters.about import About
from letters.models import Kind
from tests.conftest import TUESDAY

PLAIN = (str, int, bool, list, dict, type(None))


def said(text, kind=Kind.RESOLUTION):
    return [str(fault) for fault in wording.faults(text, kind=kind)]


def only(text, kind=Kind.RESOLUTION):
    """The one thing that is wrong with it."""
    [fault] = said(text, kind)
    return fault


def written(text, **values):
    return wording.filled(text, examples.samples(Kind.RESOLUTION, "en") | values, kind=Kind.RESOLUTION)


# --- the list ---------------------------------------------------------------------------------------------------------


def everything_in(value):
    yield value
    if isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from everything_in(inner)


@pytest.mark.parametrize("kind", Kind)
def test_only_plain_values_reach_a_template(ready, kind):
    values = facts.of(About(ready, kind, "ar", TUESDAY, specimens.colleague(ready, kind)))
    assert all(isinstance(value, PLAIN) for value in everything_in(values))
    assert values.keys() == examples.samples(kind, "ar").keys() == facts.known(kind).keys()


def test_an_example_has_the_shape_of_what_it_is_an_example_of(ready, handler):
    ready.keep(ready.commitments.get(), how="Delivered at nine.", on=TUESDAY, by=handler)
    values = facts.of(About(ready, Kind.RESOLUTION, "en", TUESDAY))
    samples = examples.samples(Kind.RESOLUTION, "en")
    for name, value in values.items():
        if value is not None:
            assert isinstance(samples[name], type(value)), name
        if isinstance(value, list):
            assert value[0].keys() == samples[name][0].keys()


@pytest.mark.parametrize(
    ("outcomes", "together"),
    [
        (["upheld", "upheld"], "upheld"),
        (["not_upheld"], "not_upheld"),
        (["upheld", "not_upheld"], "mixed"),
        (["upheld", ""], None),
    ],
)
def test_the_outcomes_of_all_points_are_one(case, handler, outcomes, together):
    for number, outcome in enumerate(outcomes, start=1):
        case.points.create(number=number, text="It hums.", outcome=outcome)
    assert facts.of(About(case, Kind.RESOLUTION, "en", TUESDAY))["outcome"] == together


def test_conditions_know_cause_rules_language_and_organisation(ready):
    values = facts.of(About(ready, Kind.RESOLUTION, "fi", TUESDAY))
    assert (values["root_cause"], values["rule_pack"], values["language"]) == ("product_fault", "house", "fi")
    assert values["organisation"] is None
    text = "{% case root_cause %}{% when 'delay', 'product_fault' %}Faulty.{% else %}Not.{% endcase %}"
    assert wording.filled(text, values, kind=Kind.RESOLUTION) == "Faulty."


def test_a_kind_brings_placeholders_of_its_own_and_keeps_others_out():
    assert "person" in facts.known("account_request")
    assert "page" not in facts.known("account_request")
    assert "“person” is not known in this kind of letter" in only("{{ person }}")
    assert "“page” is not known" in only("{{ page }}", kind="account_request")


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_wrong_with_the_starter_library(kind, language):
    head, _, body = (library.HERE / language / f"{kind}.md").read_text(encoding="utf-8").partition("\n---\n")
    assert said(head, kind) == said(body, kind) == []


# --- nothing else is read, and it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{{ handler.password }}",
        "{{ points.first.case }}",
        "{{ points[0] }}",
        "{{ points['first'] }}",
        "{{ reference.__class__ }}",
        "{{ reference.size }}",
        "{{ received_on.day }}",
        "{{ now }}",
        "{{ today }}",
        "{{ self }}",
        "{{ forloop.index }}",
        "{% for point in points %}{{ point.case }}{% endfor %}",
        "{% for point in points %}{{ point }}{% endfor %}",
        "{% for point in points %}{{ forloop.parentloop }}{% endfor %}",
        "{% for letter in reference %}{{ letter }}{% endfor %}",
        "{% include 'settings' %}",
        "{% render 'settings' %}",
        "{% extends 'settings' %}",
        "{% layout 'settings' %}",
        "{% block x %}{% endblock %}",
        "{% raw %}{{ handler.password }}{% endraw %}",
        "{% liquid\nassign x = 1\n%}",
        "{% echo reference %}",
        "{% doc %}x{% enddoc %}",
        "{{ reference | date: '%Y' }}",
        "{{ reference | safe }}",
        "{{ points | map: 'case' }}",
        "{{ handler | append: handler }}",
    ],
)
def test_no_way_leads_beyond_the_list(text):
    assert said(text)
    with pytest.raises(wording.BadWords):
        written(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{{ (1..100000000) }}",
        "{% if (1..100000000) contains 5 %}x{% endif %}",
        "{% for a in points %}{% for b in points %}x{% endfor %}{% endfor %}",
        "{% tablerow a in points %}x{% endtablerow %}",
        "{% assign a = reference %}{% assign a = a | append: a %}",
        "{% capture a %}{{ reference }}{% endcapture %}",
        "{% increment a %}",
        "{% decrement a %}",
        "{% cycle 'a', 'b' %}",
        "{% ifchanged %}x{% endifchanged %}",
        "{% if agreed %}" * 300 + "{% endif %}" * 300,
        "{% if " + " or ".join(["agreed"] * 4_000) + " %}x{% endif %}",
        "{{ " + "points[" * 2_000 + "0" + "]" * 2_000 + " }}",
        "{{" * 20_000,
        "{%" * 20_000,
        "{{ reference " * 4_000,
        "{% comment %}" * 3_000,
        "{% if agreed %}" * 3_000,
        "{" * 40_000,
    ],
)
def test_nothing_runs_on(text):
    before = time.process_time()
    assert said(text)
    assert time.process_time() - before < 5  # the worst of them takes Liquid alone a minute


def test_liquid_itself_has_no_more_than_a_letter_needs():
    assert wording.LIQUID.tags.keys() == {*wording.BLOCKS, "#", "content", "output", "illegal"}
    assert wording.LIQUID.filters.keys() == {"on", "until", "of", "default"}
    with pytest.raises(LiquidError):
        wording.LIQUID.from_string("{{ handler.password }}").render(handler="Inês")


def test_a_letter_from_a_long_list_stays_within_bounds():
    point = {"number": 1, "text": "x" * 1_000, "finding": "", "outcome": "", "redress": None}
    text = "{% for point in points %}{{ point.text }}{% endfor %}"
    assert len(written(text, points=[point] * 100)) == 100_000
    with pytest.raises(wording.BadWords, match="output"):
        written(text, points=[point] * 300)
    with pytest.raises(wording.BadWords, match="loop"):
        written("{% for point in points %}x{% endfor %}", points=[point] * 3_000)


def test_what_a_value_says_is_not_read_as_a_template():
    assert written("{{ handler }}", handler="{{ page }}{% raw %}") == "{{ page }}{% raw %}"


# --- every fault, with its line and what to do ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ refrence }}", "There is no placeholder “refrence”. Did you mean “reference”?"),
        ("{{ xyzzy }}", "There is no placeholder “xyzzy”; choose one from the list."),
        ("{{ reference", "{{ is opened here and not closed; write }} behind it."),
        ("reference }}", "Nothing is opened that this }} could close"),
        ("{{ handler %}", "{{ is opened here and not closed; write }} behind it."),
        ("{% if agreed %}x", "{% if %} begins here and never ends; write {% endif %} where it ends."),
        ("x{% endif %}", "“endif” ends nothing here: nothing is open."),
        ("{% if agreed %}{% for p in points %}{% endif %}{% endfor %}{% endif %}", "{% for %} has to end first"),
        ("{% else %}", "“else” stands outside of if or unless or case or for"),
        ("{% if agreed %}{% else %}{% elsif cause %}{% endif %}", "“elsif” comes after “else”"),
        ("{% if agreed %}{% else responsibility %}{% endif %}", "take out “responsibility”"),
        ("{% if agreed %}{% when 'x' %}{% endif %}", "“when” stands outside of case"),
        ("{% if %}x{% endif %}", "A condition reads like"),
        ("{% if responsibility = 'ours' %}x{% endif %}", "This cannot be read"),
        ("{% if 'ours' %}x{% endif %}", "it asks nothing"),
        ("{% if true %}x{% endif %}", "it asks nothing"),
        ("{% if 'ours' == 'ours' %}x{% endif %}", "No placeholder is asked about here"),
        ("{% if responsibility == 'our' %}x{% endif %}", "“responsibility” is never 'our'; it can be ours, partly or"),
        ("{% if 'our' != responsibility %}x{% endif %}", "“responsibility” is never 'our'"),
        ("{% if responsibility == ours %}x{% endif %}", "stands in quotation marks: 'ours'."),
        ("{% if agreed == 'true' %}x{% endif %}", "“agreed” is never 'true'; it can be true or false."),
        ("{% if agreed == 1 %}x{% endif %}", "“agreed” is never 1"),
        ("{% if points == 'x' %}x{% endif %}", "“points” is a list and is never 'x'; ask with {% if points %}."),
        ("{% if cause == true %}x{% endif %}", "“cause” is a text and is never true"),
        ("{% if outcome contains 'held' %}x{% endif %}", "ask with == instead of contains"),
        ("{% if cause contains delay %}x{% endif %}", "a text in quotation marks"),
        ("{% if received_on > 5 %}x{% endif %}", "“received_on” is no number"),
        ("{% if points.size > 'x' %}x{% endif %}", "is no whole number"),
        ("{% if agreed and nobody %}x{% endif %}", "There is no placeholder “nobody”"),
        ("{% if agreed %}{% else %}{{ nobody }}{% endif %}", "There is no placeholder “nobody”"),
        ("{% case outcome %}{% when 'won' %}x{% endcase %}", "“outcome” is never 'won'; it can be"),
        ("{% case outcome %}{% when upheld %}x{% endcase %}", "stands in quotation marks: 'upheld'."),
        ("{% case nobody %}{% when 'x' %}x{% endcase %}", "There is no placeholder “nobody”"),
        ("{% case outcome %}x{% endcase %}", "This case has no “when”"),
        ("{% for x in handler %}x{% endfor %}", "“handler” is no list; a loop goes through points, commitments, kept"),
        ("{% for handler in points %}x{% endfor %}", "call the entry of the loop something else"),
        ("{% for p in points %}{{ p.name }}{% endfor %}", "“p.name” is not there; each entry has number, text"),
        ("{% for p in nobody %}{{ p.name }}{% endfor %}", "There is no placeholder “nobody”"),
        ("{{ points }}", "“points” is a list; go through it with {% for point in points %}"),
        ("{{ responsibility }}", "is for conditions, and would be printed as a code word"),
        ("{{ agreed }}", "ask for it with {% if agreed %}"),
        ("{{ 'words' }}", "write other words without braces"),
        ("{{ handler | shout }}", "There is no “| shout”"),
        ("{{ handler | on }}", "“handler” is no day"),
        ("{{ phone | default }}", "the text to write instead"),
        ("{% shout %}", "A letter has no {% shout %}"),
        ("{{ phone | default: '" + "x" * 300 + "' }}", "More than 300 characters stand between the braces"),
        ("{% %}", "A letter has no {% ? %}"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_what_to_do(text, says):
    assert says in only(text)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("{% if phone %}Call {{ phone }}.{% else %}Write.{% endif %}", "Write."),
        ("{{ phone | default: 'no number' }}", "no number"),
        ("{% unless phone %}Write.{% endunless %}", "Write."),
        ("{% if points.size > 1 %}many{% elsif points.size == 0 %}none{% endif %}", "none"),
        ("{% if phone == nil and cause contains 'van' %}x{% endif %}", "x"),
        ("{% for it in points %}{{ it.text }}{% else %}None.{% endfor %}", "None."),
        ("{% comment %}Ask {{ nobody }}. {% shout %}{% endcomment %}Said.", "Said."),
        ("{% # a note %}Said.", "Said."),
        ("{%- if agreed -%} x {%- endif -%}", "x"),
        ("{{- handler -}}", "Inês Carvalho"),
        ("{% for it in kept %}{{ it.by | on }}{% if forloop.last %}!{% endif %}{% endfor %}", "17 November 2026!"),
    ],
)  # fmt: skip
def test_what_a_letter_needs_can_be_said(text, becomes):
    assert said(text) == []
    assert written(text, phone=None, points=None) == becomes


def test_every_fault_is_told_at_once_with_its_line_and_its_words():
    text = "Dear {{ costumer }},\n\nAll is {{ well }}.\n{% if agreed %}\nYours,\n{{ handler | shout }}"
    lines = [(fault.line, fault.quoted) for fault in wording.faults(text, kind=Kind.PROGRESS)]
    assert lines == [
        (1, "Dear {{ costumer }},"),
        (3, "All is {{ well }}."),
        (4, "{% if agreed %}"),
        (6, "{{ handler | shout }}"),
    ]


def test_a_long_line_is_quoted_around_its_fault():
    fault = only("word " * 200 + "{{ refrence }}" + " word" * 200)
    assert re.search(r"It reads: “….*\{\{ refrence \}\}.*…”$", fault)
    assert len(fault) < 250


def test_the_list_in_the_documentation_is_the_list():
    text = (settings.BASE_DIR / "docs" / "letters.md").read_text(encoding="utf-8")
    assert glossary.as_markdown() in text
    assert all(f"`{fact.name}`" in glossary.as_markdown() for fact in facts.FACTS)
