"""After a promise was kept, and after the case was closed, a letter that asks lies ready; once it has arrived the
customer was asked."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from cases.models import Case, Kind, Promise
from casetracker import clock
from letters import dispatch, library, markdown, prepared, review, writing
from letters.models import Kind as LetterKind
from tests.conftest import FRIDAY, TUESDAY

ASKED_ON = datetime(2026, 11, 18, 9, tzinfo=UTC)  # three working days after that Friday
TEN_DAYS_ON = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def closed(issued, handler, lead):
    """Eleanor has our letter; on Friday the promise was kept and the case closed."""
    dispatch.deliver_due(at=clock.now())
    case = Case.objects.get(pk=issued.case_id)
    case.keep(case.commitments.get(), how="Delivered at nine.", on=FRIDAY, by=handler)
    case.move_on(on=FRIDAY, by=lead)
    return case


def laid_ready(case, *, at):
    with time_machine.travel(at):
        prepared.prepare(at=at)
    return case.letters.drafts().last()


def sent(letter, handler, *, at):
    with time_machine.travel(at):
        dispatch.issue(letter, on=clock.today(), by=handler)
        dispatch.deliver_due(at=clock.now())


@pytest.mark.parametrize(
    ("kind", "at", "asks"),
    [
        (LetterKind.COMMITMENT_DONE, ASKED_ON, "Was it done as you expected?"),
        (LetterKind.AFTERCARE, TEN_DAYS_ON, "Is everything all right now?"),
    ],
)
def test_a_letter_that_asks_lies_ready_on_its_day_on_a_closed_case(closed, handler, kind, at, asks):
    if kind == LetterKind.AFTERCARE:
        closed.followups.filter(kind=Kind.CONFIRMATION).update(done_on=FRIDAY)
    assert laid_ready(closed, at=at.replace(day=at.day - 1)) is None
    letter = laid_ready(closed, at=at)
    assert (letter.kind, letter.drafted_by_name) == (kind, "the clockwork")
    assert letter.settles.due_on == at.date()
    assert asks in letter.body
    assert f"/my/{closed.page_key}/" in markdown.text(letter.body)
    assert review.findings(letter, on=at.date()) == []
    sent(letter, handler, at=at)
    letter.settles.refresh_from_db()
    assert letter.settles.done_on == at.date()
    assert letter.settles in closed.questions()  # until they answer
    assert laid_ready(closed, at=at) is None


def test_who_has_answered_before_is_not_written_to(closed):
    for question in closed.questions():
        closed.take_answer(question, is_yes=True, words="", on=FRIDAY)
    assert laid_ready(closed, at=TEN_DAYS_ON) is None


def test_a_letter_about_all_that_was_kept_asks_about_all_of_it(issued, handler, lead):
    case = issued.case
    two = [Promise("Bring it", handler, FRIDAY), Promise("Pay her", lead, FRIDAY)]
    case.agree("A new fridge and money.", two, on=TUESDAY, by=handler)
    bring, pay = case.commitments.filter(what__in=("Bring it", "Pay her")).order_by("what")
    case.keep(bring, how="Delivered at nine.", on=TUESDAY, by=handler)
    case.keep(pay, how="By bank.", on=FRIDAY, by=handler)
    letter = laid_ready(case, at=ASKED_ON)
    assert "Bring it" in letter.body
    assert "Pay her" in letter.body
    sent(letter, handler, at=ASKED_ON)
    done = case.followups.filter(kind=Kind.CONFIRMATION).values_list("done_on", flat=True)
    assert list(done) == [date(2026, 11, 18)] * 2


def test_what_was_kept_after_the_letter_was_written_is_asked_about_anew(issued, handler, lead):
    case = issued.case
    two = [Promise("Bring it", handler, FRIDAY), Promise("Send flowers", lead, FRIDAY)]
    case.agree("A new fridge and flowers.", two, on=TUESDAY, by=handler)
    case.keep(case.commitments.get(what="Bring it"), how="Delivered at nine.", on=FRIDAY, by=handler)
    letter = laid_ready(case, at=ASKED_ON)
    case.keep(case.commitments.get(what="Send flowers"), how="Roses.", on=date(2026, 11, 18), by=handler)
    sent(letter, handler, at=ASKED_ON)
    assert case.followups.outstanding().get(kind=Kind.CONFIRMATION).commitment.what == "Send flowers"


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", [LetterKind.COMMITMENT_DONE, LetterKind.AFTERCARE])
def test_in_every_language_the_letter_leads_to_the_page_that_takes_the_answer(closed, kind, language):
    closed.language = language
    letter = writing.draft(closed, kind, on=FRIDAY, by=None)
    assert f"/my/{closed.page_key}/" in markdown.text(letter.body)
