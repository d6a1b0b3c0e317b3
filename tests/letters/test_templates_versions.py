"""Every template is there from the start, keeps its versions, never changes by itself; a phrase is found in them."""

import pytest
from django.core.management import call_command

from letters import compare, library, scan, writing
from letters.library import Words
from letters.models import Kind, LetterTemplate, TemplateVersion
from tests.conftest import TUESDAY


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A library of our own, with the resolution letter in English only."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "phrases.yaml").write_text("salutation_unknown: Dear customer,\n")
    (tmp_path / "en" / "resolution.md").write_text("subject: Ours\n---\nOur words.\n")
    monkeypatch.setattr(library, "HERE", tmp_path)
    monkeypatch.setattr(library, "phrases", library.phrases.__wrapped__)  # kept for no other test
    return tmp_path / "en" / "resolution.md"


@pytest.fixture
def template(db, shelf):
    library.load()
    return LetterTemplate.objects.get(kind=Kind.RESOLUTION, language="en")


def test_every_kind_in_every_language_is_there_with_its_first_version(db):
    library.load()
    assert LetterTemplate.objects.count() == len(Kind) * 5
    assert TemplateVersion.objects.filter(number=1, made_by_name="the starter library").count() == len(Kind) * 5


def test_loading_again_changes_nothing(template, shelf, lead):
    library.rewrite(template, Words("S", "Mine."), after=1, by=lead)
    shelf.write_text("subject: Ours\n---\nNew words of ours.\n")
    before = list(TemplateVersion.objects.values())
    library.load()
    assert list(TemplateVersion.objects.values()) == before


def test_a_letter_without_a_file_is_there_to_be_written(template, lead):
    unwritten = LetterTemplate.objects.get(kind=Kind.PROGRESS, language="en")
    assert not unwritten.versions.exists()
    with pytest.raises(library.NoTemplate):
        library.current_version(Kind.PROGRESS, "en")
    library.rewrite(unwritten, Words("S", "Mine."), after=0, by=lead)
    assert library.current_version(Kind.PROGRESS, "en").body == "Mine."


def test_a_new_version_holds_its_words_its_paper_and_its_writer(template, lead):
    made = library.rewrite(template, Words("S", "B", "semi_block", "us_letter"), after=1, by=lead)
    made.refresh_from_db()
    assert (made.number, made.subject, made.body, made.style, made.paper, made.made_by_name) == (
        *(2, "S", "B", "semi_block", "us_letter", "Amara Nwosu"),
    )


def test_of_two_who_save_at_once_the_second_is_told(template, lead, handler, monkeypatch):
    library.rewrite(template, Words("S", "First."), after=1, by=lead)
    with pytest.raises(library.Overtaken):
        library.rewrite(template, Words("S", "Second."), after=1, by=handler)
    monkeypatch.setattr(
        type(template.versions), "last", lambda versions: versions.get(number=1)
    )  # both had looked before
    with pytest.raises(library.Overtaken):
        library.rewrite(template, Words("S", "Second."), after=1, by=handler)
    assert [version.body for version in template.versions.all()] == ["Our words.", "First."]


def test_no_version_is_written_after_one_that_there_is_not(template, lead):
    with pytest.raises(library.Overtaken):
        library.rewrite(template, Words("S", "Mine."), after=7, by=lead)


def test_new_words_of_the_library_are_news_until_they_were_taken(template, shelf, lead):
    assert library.news(template) is None
    library.rewrite(template, Words("S", "Mine."), after=1, by=lead)
    assert library.news(template) is None
    shelf.write_text("subject: Ours\n---\nNew words of ours.\n")
    assert library.news(template) == Words("Ours", "New words of ours.")
    library.rewrite(template, library.news(template), after=2, by=lead)
    assert library.news(template) is None


# --- what differs -----------------------------------------------------------------------------------------------------


def marked(old, new):
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[piece.is_in].format(piece.text) for piece in compare.pieces(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shows"),
    [
        ("We are sorry.", "We are very sorry.", "We are [+very +]sorry."),
        ("We are sorry.", "We were sorry.", "We [-are-][+were+] sorry."),
        ("for your patience.", "for bearing with us.", "for [-your patience-][+bearing with us+]."),
        ("a b ", "a c ", "a [-b-][+c+] "),
        ("a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"),
        ("我们很抱歉。", "我们非常抱歉。", "我们[-很-][+非常+]抱歉。"),
        ("same", "same", "same"),
        ("", "all", "[+all+]"),
    ],
)
def test_what_differs_is_marked_word_by_word(old, new, shows):
    assert marked(old, new) == shows


def test_both_texts_can_be_read_out_of_their_difference():
    old, new = (library.words(kind, "lv").body for kind in (Kind.RESOLUTION, Kind.NO_AGREEMENT))
    found = compare.pieces(old, new)
    assert "".join(piece.text for piece in found if piece.is_in != "new") == old
    assert "".join(piece.text for piece in found if piece.is_in != "gone") == new


def test_what_is_the_same_is_cut_down_to_the_lines_around_a_difference():
    old, new = ("".join(f"{n}\n" for n in [*range(20), middle, *range(20, 40)]) for middle in ("a", "b"))
    shown = "".join(piece.text for piece in compare.shortened(compare.pieces(old, new)))
    assert shown == "⋯\n18\n19\nab\n20\n⋯\n"
    few = compare.pieces("1\n2\na\n3\n", "1\n2\nb\n3\n")
    assert compare.shortened(few) == few


def test_the_longest_texts_are_compared_too():
    found = compare.pieces("a b c d " * 3_700, "d c b a " * 3_700)
    assert [piece.is_in for piece in found] == ["gone", "new"]


# --- where a phrase stands --------------------------------------------------------------------------------------------


def places(phrase, *, in_drafts=False):
    hits = scan.hits(phrase, in_drafts=in_drafts)
    return [(hit.version.number if hit.version else hit.file, hit.where, hit.line, hit.found) for hit in hits]


@pytest.mark.parametrize(
    ("body", "phrase"),
    [
        ("Hello.\nTurn to the ODR\u00a0platform now.", "odr platform"),
        ("Hello.\nWe don’t know.", "we don't KNOW"),
        ("Hello.\nWe don't know.", "don’t know"),
        ("Hello.\nThe **ODR** *platform*.", "odr platform."),
        ("Hello.\nec.europa.eu/consumers/odr", "EC.EUROPA.EU/consumers/odr"),
        ("Hello.\nThe ODR\nplatform.", "ODR platform"),
        ("Hello.\nstand\u00adby", "standby"),
        ("Hello.\nHans Straße", "hans strasse"),
        ("Hello.\nنَعتذِر إليكم", "نعتذر"),
        ("Hello.\nĀtri", "a\u0304tri"),
        ("Hello.\n谢谢您的耐心", "您的耐心"),
        ("Hello.\n2026–2027", "2026-2027"),
    ],
)
def test_a_phrase_is_found_as_a_reader_would_find_it(template, lead, body, phrase):
    library.rewrite(template, Words("S", body), after=1, by=lead)
    [(number, where, line, _)] = places(phrase)
    assert (number, where, line) == (2, "body", 2)


def test_what_was_replaced_is_found_only_where_drafts_still_hold_it(db, ready, handler, lead):
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    template = draft.template_version.template
    library.rewrite(template, Words("Nothing", "Nothing of it."), after=1, by=lead)
    held = "This letter sets out what we found"
    assert places(held) == []
    assert [place[0] for place in places(held, in_drafts=True)] == [1]


def test_the_phrases_around_a_letter_and_the_subject_are_looked_at_too(template):
    assert places("dear customer") == [("en/phrases.yaml", "body", 1, "Dear customer")]
    assert places("ours") == [(1, "subject", 1, "Ours")]


@pytest.mark.parametrize("phrase", ["nobody says this", "", "**", "   ", "(.*"])
def test_nothing_is_found_of_what_nobody_says(template, phrase):
    assert places(phrase) == []


def test_a_command_names_the_places(template, capsys):
    call_command("scan_templates", "our words")
    said = capsys.readouterr().out
    assert "Resolution letter, English, version 1, body, line 1: Our words." in said
    assert "1 place with “our words”." in said
