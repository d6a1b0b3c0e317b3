"""A template's words are tried with every case that may come, before they are kept."""

import pytest

from letters import examples, facts, library, trial
from letters.library import Words
from letters.models import Kind, LetterTemplate
from letters.render import render_pdf
from tests.conftest import TUESDAY

pytestmark = pytest.mark.django_db  # which rules are in use is a question to the database
LINE = "Your complaint {{ reference }}"
# What the rules of the house require of a resolution letter, in two sentences.
ENOUGH = "Thank you for your complaint of {{ received_on | of }}. {{ handler }} will gladly answer your questions."


def version(subject=LINE, body=ENOUGH, kind=Kind.RESOLUTION, language="en", **more):
    return Words(subject, body, **more).version(LetterTemplate(kind=kind, language=language))


def said(**words):
    """All that is wrong, as a person reads it: (field, sentence)."""
    found = trial.faults(version(**words))
    return [(field, str(fault)) for field in found for fault in found[field]]


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", Kind)
def test_every_letter_of_the_library_passes_and_can_be_looked_at(db, kind, language):
    words = library.words(kind, language)
    assert said(subject=words.subject, body=words.body, kind=kind, language=language) == []
    sheet = trial.specimen(words.version(LetterTemplate(kind=kind, language=language)), on=TUESDAY)
    assert "[[" not in sheet.body
    assert "{" not in sheet.body
    assert render_pdf(sheet).startswith(b"%PDF-")


def test_the_samples_reach_every_branch():
    reached = {
        (values["outcome"], values["responsibility"], values["agreed"], values["cause"] is None)
        for values in examples.variations(Kind.RESOLUTION, "en")
    }
    assert len(reached) == 5 * 4 * 2 * 2
    causes = {values["root_cause"] for values in examples.variations(Kind.RESOLUTION, "en")}
    assert causes == {*facts.known(Kind.RESOLUTION)["root_cause"].values, None}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Hello.\n# Big", "Line 2: The subject is the only heading of this size; begin with ##."),
        ("Hello.\n#### Small", "Line 2: A letter has two sizes of headings"),
        ("A ![cat](cat.png)", "Line 1: A letter shows no pictures"),
        ("See [our page](https://example.com).", "Line 1: On paper nobody can press a link"),
        ("<b>Hello</b>", "Line 1: HTML is printed as it was typed"),
        ("Type `this`.", "Line 1: A backtick is printed as it was typed"),
        ("Snow:\n\n🙂", "Line 3: U+1F642 “🙂” cannot be printed with our fonts; replace it. It reads: “🙂”"),
        ("{% if agreed == false %}🙂{% endif %} x", "U+1F642"),
        ("Bell \x07", "Line 1: U+0007"),
    ],
)
def test_what_no_letter_can_show_is_named_with_its_line(body, says):
    [(field, fault)] = said(body=f"{body}\n\n{ENOUGH}")
    assert field == "body"
    assert says in fault


@pytest.mark.parametrize(
    "body", ["#hashtag", "5 < 6 and 7 > 6", "[[day of the call]]", "**bold** and *so*", "| a |\n|---|\n| 1 |"]
)
def test_what_a_letter_can_show_is_no_fault(body):
    assert said(body=f"{body}\n\n{ENOUGH}") == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{% if outcome == 'mixed' %}" + "- " * 15 + "deep{% endif %} x", "deeper than"),
        ("{% if root_cause == 'outage' %}|" + "a|" * 9 + "\n|" + "-|" * 9 + "{% endif %}\n\nx", "9 columns"),
        ("{% unless cause %}# Big{% endunless %} x", "begins with #"),
    ],
)
def test_a_fault_in_one_branch_alone_is_found_and_says_in_which(body, says):
    [(_field, fault)] = said(body=f"{body}\n\n{ENOUGH}")
    assert says in fault
    assert "So it is with outcome" in fault


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        ("", {"the day on which the complaint came in", "thanks", "the name of whoever", "come back with questions"}),
        (f"{{% if agreed %}}{ENOUGH}{{% endif %}} x", {"the day on which", "thanks", "the name of", "come back with"}),
        (
            f"{{% comment %}}{ENOUGH}{{% endcomment %}} x",
            {"the day on which", "thanks", "the name of", "come back with"},
        ),
        (ENOUGH.replace("{{ handler }}", "We"), {"the name of whoever looks after the case"}),
    ],
)
def test_what_the_rules_require_has_to_be_said_in_every_branch(body, lacks):
    faults = [fault for _, fault in said(body=body) if "require" in fault]
    assert len(faults) == len(lacks)
    assert all(any(what in fault for fault in faults) for what in lacks)
    assert all(("agreed false" in fault) == ("agreed" in body) for fault in faults)


def test_a_kept_commitment_is_told_whatever_its_entry_is_called():
    words = library.words(Kind.COMMITMENT_DONE, "en")
    body = words.body.replace("promise", "it")
    assert said(subject=words.subject, body=body, kind=Kind.COMMITMENT_DONE) == []
    assert said(subject=words.subject, body=body.replace("kept_on", "by"), kind=Kind.COMMITMENT_DONE)


def test_a_body_that_becomes_empty_is_refused():
    assert ("body", "The body becomes empty; write something for every case.") in said(body="{% # nothing %}")


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("{{ reference }}\nTwo", "Line 1: The subject is one line; take out the line break."),
        ("{% if agreed %}{{ reference }}{% endif %}", "The subject becomes empty"),
        ("{{ reference }}" + "{{ cause }} " * 14, "longer than 200 characters"),
        ("{{ cuase }}", "Did you mean “cause”?"),
    ],
)
def test_a_fault_in_the_subject_stands_at_the_subject(subject, says):
    [(field, fault)] = said(subject=subject, body=ENOUGH + " {{ reference }}")
    assert field == "subject"
    assert says in fault


def test_faults_of_subject_and_body_are_told_together():
    fields = [field for field, _ in said(subject="{{ a", body="{{ b }}\n# C")]
    assert fields == ["subject", "body", "body"]


def test_a_template_chooses_its_own_format_and_paper(letterhead):
    assert trial.specimen(version(), on=TUESDAY).style == letterhead.style
    sheet = trial.specimen(version(style="semi_block", paper="us_letter"), on=TUESDAY)
    assert (sheet.style, sheet.paper) == ("semi_block", "us_letter")


def test_a_preview_with_a_case_is_the_letter_that_a_draft_would_be_and_keeps_nothing(ready, handler):
    words = library.words(Kind.RESOLUTION, "fi")
    sheet = trial.of_case(
        words.version(LetterTemplate(kind=Kind.RESOLUTION, language="fi")), ready, on=TUESDAY, by=handler
    )
    assert ready.reference in sheet.subject
    assert sheet.copies
    assert not ready.letters.exists()
    assert not LetterTemplate.objects.exists()
