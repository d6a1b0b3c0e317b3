"""What is promised becomes a follow-up; a promise that cannot be kept on its day is not made."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases import followups, intake
from cases.models import FollowUp, Kind, Promise, Refused
from cases.models.followup import opening
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY


def acknowledgement_of(case):
    return case.followups.get(kind=Kind.ACKNOWLEDGEMENT)


def test_a_complaint_is_to_be_acknowledged_on_the_next_working_day(case, complaint):
    followup = acknowledgement_of(case)
    assert (followup.kind, followup.due_on) == (Kind.ACKNOWLEDGEMENT, TUESDAY)
    assert followup.act_at == datetime(2026, 11, 10, 8, tzinfo=UTC)


def test_a_complaint_of_a_friday_is_due_on_monday(db, complaint):
    case = intake.receive(replace(complaint, received_on=FRIDAY), on=FRIDAY)
    assert acknowledgement_of(case).due_on == NEXT_MONDAY


def test_an_acknowledged_complaint_reminds_nobody(case, lead, handler):
    case.acknowledge("letter", on=MONDAY, by=handler)
    assert followups.carry_out(at=opening(TUESDAY)) == 0


def test_a_new_date_for_the_next_contact_takes_the_place_of_the_old_one(case, handler):
    case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    assert case.next_contact().due_on == FRIDAY
    dropped = case.followups.get(kind=Kind.CONTACT, cancelled_on=MONDAY)
    assert dropped.cancelled_reason == "A new date was promised: 13 November 2026."


@pytest.mark.parametrize(("day", "says"), [(SATURDAY, "Nobody works on"), (MONDAY - timedelta(days=1), "is past")])
def test_no_contact_is_promised_for_a_past_day_or_a_day_off(case, handler, day, says):
    with pytest.raises(ValidationError, match=says) as refused:
        case.promise_contact(until=day, on=MONDAY, by=handler)
    assert list(refused.value.message_dict) == ["until"]
    assert case.next_contact() is None


@pytest.mark.parametrize(("day", "says"), [(SATURDAY, "Nobody works on"), (MONDAY - timedelta(days=1), "is past")])
def test_a_commitment_that_cannot_be_kept_on_its_day_is_refused_and_leaves_nothing(case, handler, day, says):
    good = Promise("Pay her", handler, FRIDAY)
    with pytest.raises(ValidationError, match=says) as refused:
        case.agree("A new fridge.", [good, Promise("Deliver it", handler, day)], on=MONDAY, by=handler)
    assert refused.value.index == 1
    assert not case.agreements.exists()
    assert not case.commitments.exists()


def test_a_commitment_of_somebody_who_left_is_refused(case, handler, driver):
    driver.is_active = False
    driver.save()
    with pytest.raises(ValidationError, match="somebody who works here"):
        case.agree("A new fridge.", [Promise("Deliver it", driver, FRIDAY)], on=MONDAY, by=handler)


def test_a_kept_commitment_reminds_nobody_and_is_kept_once(case, handler):
    case.acknowledge("letter", on=MONDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
    commitment = case.commitments.get()
    case.keep(commitment, how="Delivered at nine.", on=TUESDAY, by=handler)
    assert not FollowUp.objects.outstanding().filter(commitment=commitment, kind=Kind.COMMITMENT).exists()
    with pytest.raises(Refused, match="already kept or dropped"):
        case.drop(commitment, reason="No longer wanted.", on=TUESDAY, by=handler)


def test_a_newer_agreement_takes_the_place_of_the_older_one_and_its_promises(case, handler):
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
    case.agree("Money back.", [Promise("Pay her", handler, FRIDAY)], on=TUESDAY, by=handler)
    assert case.agreement().summary == "Money back."
    assert [commitment.what for commitment in case.commitments.outstanding()] == ["Pay her"]
    assert case.commitments.get(what="Deliver it").dropped_reason == "A newer agreement took its place."
