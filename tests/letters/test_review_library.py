"""Every starter letter, in every language, about the sample case: nothing is found in it, and what a person may break
in it is found."""

import re

import pytest
from django.conf import settings

from letters import library, review, specimens, writing
from letters.models import FINAL, Kind
from letters.values import Day
from tests.conftest import TUESDAY
from tests.letters.reviewing import filled_in, found

LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.fixture
def sample(own_folders, db):
    """A letter about the sample case in the words of its language, with a day that the case knows in each hole."""
    with specimens.company() as staff:

        def drafted(kind, language, *, filled=True):
            case = specimens.sample_case(staff, kind, language, today=TUESDAY)
            person = specimens.colleague(case, kind)
            draft = writing.draft(case, kind, language=language, person=person, on=TUESDAY, by=case.handler)
            return filled_in(draft, str(Day(case.next_contact().due_on, language))) if filled else draft

        yield drafted


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_found_in_a_starter_letter(sample, kind, language):
    draft = sample(kind, language)
    assert str(draft.case.handler) in draft.body or kind == Kind.AFTERCARE
    assert [f"{one.place}: {one}" for one in review.findings(draft, on=TUESDAY)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.ACKNOWLEDGEMENT, Kind.PROGRESS, Kind.EXTENSION, *FINAL])
def test_another_day_of_receipt_is_found_in_every_language(sample, kind, language):
    draft = sample(kind, language)
    right, wrong = (Day(day, language) for day in (draft.case.received_on, draft.case.received_on.replace(year=2025)))
    form = "of" if kind in FINAL else "on"
    assert right.in_sentence(form) in draft.body
    draft.body = draft.body.replace(right.in_sentence(form), wrong.in_sentence(form), 1)
    assert [words for _place, words in found(draft, "day-contradicts", on=TUESDAY)] == [wrong.in_sentence(form)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.ACKNOWLEDGEMENT, Kind.EXTENSION, Kind.BOUNDARY])
def test_another_day_of_the_next_contact_is_found_in_every_language(sample, kind, language):
    draft = sample(kind, language, filled=False)
    right = Day(draft.case.next_contact().due_on, language).in_sentence("until")
    wrong = Day(draft.case.next_contact().due_on.replace(day=28), language).in_sentence("until")
    draft.body = draft.body.replace(right, wrong)
    assert [words for _place, words in found(draft, "day-contradicts", on=TUESDAY)] == [wrong]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_off_for_the_next_contact_is_found_in_every_language(sample, language):
    draft = sample(Kind.PROGRESS, language, filled=False)
    a_week_on, saturday = (Day(TUESDAY.replace(day=day), language).in_sentence("until") for day in (17, 28))
    assert a_week_on in draft.body
    draft.body = draft.body.replace(a_week_on, saturday)
    assert found(draft, "contact-cannot-be-kept", on=TUESDAY) == [("body", "28 November 2026")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_day_of_a_commitment_is_found_in_every_language(sample, language):
    draft = sample(Kind.RESOLUTION, language)
    promise = draft.case.commitments.last()
    right, wrong = (str(Day(day, language)) for day in (promise.due_on, promise.due_on.replace(year=2027)))
    draft.body = draft.body.replace(right, wrong)
    assert [place for place, _words in found(draft, "commitment-contradicts", on=TUESDAY)] == ["body, table, row 3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_in_the_languages_own_words_is_compared(sample, language):
    written = {
        "en": ("38.50 pounds", "39.50 pounds"),
        "lv": ("38,50 eiro", "39,50 eiro"),
        "fi": ("38,50 euroa", "39,50 euroa"),
        "ar": ("38.50 درهمًا", "39.50 درهمًا"),
        "zh-hans": ("38.50英镑", "39.50英镑"),
    }
    right, wrong = written[language]
    draft = sample(Kind.RESOLUTION, language)
    assert right.split()[0].rstrip("英镑") in draft.body
    draft.body += f"\n\n{right}"
    assert found(draft, "amount-contradicts", on=TUESDAY) == []
    draft.body = draft.body.removesuffix(right) + wrong
    assert [words for _place, words in found(draft, "amount-contradicts", on=TUESDAY)] == [wrong]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_of_another_case_is_found_in_every_language(sample, language):
    draft = sample(Kind.PROGRESS, language)
    draft.subject = draft.subject.replace(draft.case.reference, "2026-0000-0000")
    assert found(draft, "reference-contradicts", on=TUESDAY) == [("subject", "2026-0000-0000")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.RESOLUTION, Kind.NO_AGREEMENT])
def test_a_final_letter_without_its_apology_is_found_in_every_language(sample, kind, language):
    draft = sample(kind, language)
    assert found(draft, "apology-missing", on=TUESDAY) == []
    said = review.Reading(draft, on=TUESDAY)
    for spot in list(said.find(said.wording.says_sorry)):
        draft.body = draft.body.replace(spot.said, "")
    assert found(draft, "apology-missing", on=TUESDAY) == [("body", "")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_cut_short_lacks_what_it_must_say(sample, kind, language):
    draft = sample(kind, language)
    draft.subject, draft.body = "!", "!"
    lacking = {words for _place, words in found(draft, "missing-statement", on=TUESDAY)}
    assert lacking == {statement.name for statement in review.required_statements(kind)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_final_position_that_only_announces_where_to_turn_is_found_in_every_language(sample, language):
    draft = sample(Kind.NO_AGREEMENT, language, filled=False)
    draft.body = "\n\n".join(part for part in draft.body.split("\n\n") if "[[" not in part)
    assert found(draft, "missing-statement", on=TUESDAY) == [("body", "where_to_turn")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_starter_template_can_say_what_its_letter_must(language, kind):
    head, _, body = (library.HERE / language / f"{kind}.md").read_text(encoding="utf-8").partition("\n---\n")
    words = {"subject": head, "body": body, "language": language}
    assert review.lacking(kind, **words) == []
    for statement in review.required_statements(kind):
        without = {**words, "subject": "", "body": re.sub(r"[\w\[\]]", "", body)}
        assert statement in review.lacking(kind, **without)
