"""On whom a case waits: the list says it, the filter finds it, and both mean the same."""

import pytest

from cases.models import Case, Part, WaitingOn
from tests.conftest import FRIDAY, MONDAY, TUESDAY


def waits_on(case) -> str:
    """What the list says; the filters have to agree, each of them."""
    said = Case.objects.with_waiting().get(pk=case.pk).waits_on
    found = [whom for whom in WaitingOn if Case.objects.waiting_on(whom).filter(pk=case.pk).exists()]
    assert found == ([WaitingOn(said)] if said else [])
    return said


def test_a_case_that_nobody_looks_after_waits_for_somebody(case, handler):
    assert waits_on(case) == WaitingOn.NOBODY
    case.assign(handler, on=MONDAY, by=handler)
    assert waits_on(case) == WaitingOn.US


def test_while_its_clocks_stand_still_it_waits_on_the_customer(case, handler, lead):
    case.assign(handler, on=MONDAY, by=handler)
    case.pause(reason="We wait for a photo.", on=MONDAY, by=lead)
    assert waits_on(case) == WaitingOn.CUSTOMER
    case.resume(on=TUESDAY, by=lead)
    assert waits_on(case) == WaitingOn.US


def test_it_waits_on_a_colleague_whose_account_was_asked_for(case, handler, driver):
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    assert waits_on(case) == WaitingOn.NOBODY
    case.ask_account(person, until=FRIDAY, on=MONDAY, by=handler)
    assert waits_on(case) == WaitingOn.COLLEAGUE
    case.take_account(person, "I saw the dent.", on=TUESDAY, by=handler)
    assert waits_on(case) == WaitingOn.NOBODY


def test_a_letter_to_approve_comes_before_everything_else(case, handler, driver):
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    case.ask_account(person, until=FRIDAY, on=MONDAY, by=handler)
    case.follow_up("approval", due_on=FRIDAY, why="Resolution letter, put forward by Ines")
    assert waits_on(case) == WaitingOn.APPROVAL


def test_a_closed_case_waits_on_nobody(case, handler):
    case.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert waits_on(case) == ""


def test_nobody_waits_on_what_there_is_not(db):
    with pytest.raises(ValueError, match="none of WaitingOn"):
        Case.objects.waiting_on("the weather")
