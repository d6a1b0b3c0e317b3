"""A letter that is owed because a day was moved, and the days that letters tell the customer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from cases.models import Kind, rules_of
from casetracker import clock
from letters import dispatch, writing
from letters.models import Kind as LetterKind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY
from tests.letters.reviewing import filled_in

MORNING = datetime(2026, 11, 10, 9, tzinfo=UTC)
RESOLVE = date(2026, 12, 7)  # the twentieth working day
LATER = date(2026, 12, 14)  # five more


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(MORNING, tick=False) as now:
        yield now


@pytest.fixture
def known(case, handler, letterhead):
    """Ines looks after Eleanor's case and has promised to be in touch on Friday."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    return case


def resolve(case):
    return case.deadlines.get(step="resolve")


def extended(case, handler, number=5):
    return case.extend(resolve(case), number=number, reason="The maker has to answer.", on=TUESDAY, by=handler)


def letter(case, handler, *, said="14 December 2026", kind=LetterKind.EXTENSION):
    draft = filled_in(writing.draft(case, kind, on=TUESDAY, by=handler), said)
    draft.save()
    return draft


def owed(case):
    return case.followups.filter(kind=Kind.LETTER)


def issued(draft, handler):
    dispatch.issue(draft, on=TUESDAY, by=handler)
    return draft


# --- an owed letter ---------------------------------------------------------------------------------------------------


def test_an_extension_is_told_and_its_letter_owed_no_more_once_the_letter_has_arrived(known, handler, on_tuesday):
    extension = extended(known, handler)
    assert extension.letter == LetterKind.EXTENSION
    on_tuesday.shift(60)
    issued(letter(known, handler), handler)
    extension.refresh_from_db()
    assert (extension.told_on, owed(known).get().done_on) == (None, None)
    dispatch.deliver_due(at=clock.now())
    extension.refresh_from_db()
    assert (extension.told_on, owed(known).get().done_on) == (TUESDAY, TUESDAY)
    assert known.events.get(kind="extension told").text == "The customer was told of the extension to 14 December 2026."


def test_a_letter_of_another_kind_tells_of_no_extension(known, handler, on_tuesday):
    extension = extended(known, handler)
    on_tuesday.shift(60)
    issued(letter(known, handler, kind=LetterKind.PROGRESS, said="Nothing new."), handler)
    dispatch.deliver_due(at=clock.now())
    extension.refresh_from_db()
    assert extension.told_on is None
    assert owed(known).outstanding().exists()


def test_a_letter_that_was_issued_before_the_extension_does_not_tell_of_it(known, handler, on_tuesday):
    issued(letter(known, handler, said="13 November 2026"), handler)
    on_tuesday.shift(60)
    extension = extended(known, handler)
    dispatch.deliver_due(at=clock.now())
    extension.refresh_from_db()
    assert extension.told_on is None
    assert owed(known).outstanding().exists()


def test_two_extensions_are_told_by_one_letter_and_a_later_one_is_not(known, handler, on_tuesday):
    known.go_by("uk-lgsco", on=TUESDAY, by=handler)
    ours = extended(known, handler)
    theirs = next(one for one in known.deadlines.running() if one.regime != "house" and rules_of(one).extension)
    on_tuesday.shift(60)
    issued(letter(known, handler), handler)
    on_tuesday.shift(60)
    late = known.extend(theirs, number=5, reason="A witness is away.", on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    ours.refresh_from_db()
    late.refresh_from_db()
    assert (ours.told_on, late.told_on) == (TUESDAY, None)
    assert owed(known).outstanding().get().why == late.to_be_told


def test_a_letter_that_came_back_has_told_nobody(known, handler, on_tuesday):
    known.customer.email = ""
    known.customer.save()
    extension = extended(known, handler)
    on_tuesday.shift(60)
    draft = issued(letter(known, handler), handler)
    delivery = draft.deliveries.get()
    dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    extension.refresh_from_db()
    assert extension.told_on == TUESDAY
    dispatch.mark_returned(delivery, reason="moved away", on=NEXT_MONDAY, by=handler)
    extension.refresh_from_db()
    assert extension.told_on is None


# --- days that a letter names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["7 December 2026", "7 December", "December 7th, 2026", "7/12/2026", "2026-12-07"])
def test_the_day_of_a_deadline_that_stands_in_a_letter_is_promised_in_whatever_form(known, handler, said):
    issued(letter(known, handler, said=said), handler)
    told = resolve(known)
    assert (told.promised_on, told.promised_in) == (RESOLVE, "Notice of a later answer 2026/1")
    event = known.events.get(kind="day told")
    assert event.text.startswith("Notice of a later answer 2026/1 tells the customer: ")
    assert event.text.endswith("7 December 2026.")


def test_other_days_and_other_deadlines_are_not(known, handler):
    issued(letter(known, handler, said="13 November 2026"), handler)
    assert not known.deadlines.exclude(promised_on=None).exists()
    assert not known.events.filter(kind="day told").exists()


def test_what_is_only_drafted_promises_nothing(known, handler):
    letter(known, handler, said="7 December 2026")
    assert resolve(known).promised_on is None


def test_a_deadline_that_is_met_is_not_promised(known, handler):
    known.answer("by e-mail", on=TUESDAY, by=handler)
    issued(letter(known, handler, said="7 December 2026"), handler)
    assert resolve(known).promised_on is None


def test_the_letter_that_told_it_first_is_the_one_that_is_named(known, handler):
    issued(letter(known, handler, said="7 December 2026"), handler)
    issued(letter(known, handler, said="7 December 2026", kind=LetterKind.CALLBACK), handler)
    assert resolve(known).promised_in == "Notice of a later answer 2026/1"
    assert known.events.filter(kind="day told").count() == 1


def test_after_an_extension_the_new_day_is_promised_in_its_letter(known, handler, on_tuesday):
    issued(letter(known, handler, said="7 December 2026"), handler)
    extended(known, handler)
    assert resolve(known).promised_on == RESOLVE
    on_tuesday.shift(60)
    issued(letter(known, handler), handler)
    assert (resolve(known).promised_on, resolve(known).promised_in) == (LATER, "Notice of a later answer 2026/2")


def test_a_request_to_a_colleague_tells_the_customer_nothing(known, handler, driver):
    person = known.involve(user=driver, part="witness", why="Drove the van", on=TUESDAY, by=handler)
    known.ask_account_by_letter(person, until=TUESDAY + timedelta(days=6), on=TUESDAY, by=handler)
    draft = writing.draft(known, LetterKind.ACCOUNT_REQUEST, person=person, on=TUESDAY, by=handler)
    draft.body += "\n\nWe answer by 7 December 2026."
    draft.save()
    issued(draft, handler)
    assert resolve(known).promised_on is None
