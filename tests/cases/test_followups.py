"""What is due is brought to mind: once, to the right people, late rather than never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from cases import followups, intake
from cases.models import Digest, FollowUp, Kind, Part, Promise, Reminder, Step
from cases.models.followup import opening
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY


def told(step):
    return sorted(Reminder.objects.filter(step=step).values_list("to_email", flat=True))


def acknowledgement_of(case):
    return case.followups.get(kind=Kind.ACKNOWLEDGEMENT)


def test_a_complaint_is_to_be_acknowledged_on_the_next_working_day(case, complaint):
    followup = acknowledgement_of(case)
    assert (followup.kind, followup.due_on) == (Kind.ACKNOWLEDGEMENT, TUESDAY)
    assert followup.act_at == datetime(2026, 11, 10, 8, tzinfo=UTC)


def test_a_complaint_of_a_friday_is_due_on_monday(db, complaint):
    from dataclasses import replace

    case = intake.receive(replace(complaint, received_on=FRIDAY), on=FRIDAY)
    assert acknowledgement_of(case).due_on == NEXT_MONDAY


def test_nobody_is_reminded_before_the_office_opens(case, lead):
    assert followups.carry_out(at=opening(TUESDAY) - timedelta(seconds=1)) == 0
    assert followups.carry_out(at=opening(TUESDAY)) == 1


def test_the_handler_hears_on_the_day_and_the_lead_too_from_the_day_after(case, lead, handler):
    case.assign(handler, on=MONDAY, by=lead)
    followups.carry_out(at=opening(TUESDAY))
    assert told(Step.DUE) == [handler.email]
    followups.carry_out(at=opening(TUESDAY + timedelta(days=1)))
    assert told(Step.OVERDUE) == sorted([lead.email, handler.email])


def test_a_case_without_a_handler_reminds_the_leads(case, lead):
    followups.carry_out(at=opening(TUESDAY))
    assert told(Step.DUE) == [lead.email]


def test_a_lead_whom_the_complaint_is_about_is_told_nothing(case, lead, handler):
    case.involve(user=lead, part=Part.CONCERNED, why="Shouted at her", on=MONDAY, by=handler)
    followups.carry_out(at=opening(TUESDAY))
    assert told(Step.DUE) == []
    assert "Told: nobody" in case.events.last().text


def test_a_sweep_that_comes_twice_reminds_once(case, lead):
    followups.carry_out(at=opening(TUESDAY))
    assert followups.carry_out(at=opening(TUESDAY)) == 0
    assert Reminder.objects.count() == 1


def test_of_two_sweeps_that_saw_the_same_follow_up_one_acts(case, lead):
    seen_by_both = FollowUp.objects.select_related("case").get(kind=Kind.ACKNOWLEDGEMENT)
    assert followups._act_on(seen_by_both, at=opening(TUESDAY))
    assert not followups._act_on(seen_by_both, at=opening(TUESDAY))
    assert Reminder.objects.count() == 1


def test_what_was_missed_while_the_clockwork_was_down_is_told_once_and_as_late(case, lead):
    followups.carry_out(at=opening(FRIDAY))
    assert (told(Step.DUE), told(Step.OVERDUE)) == ([], [lead.email])
    assert acknowledgement_of(case).act_at is None


def test_a_follow_up_that_is_overdue_from_the_start_still_fires(db, complaint, lead):
    from dataclasses import replace

    case = intake.receive(replace(complaint, received_on=MONDAY - timedelta(days=300)), on=MONDAY)
    followups.carry_out(at=opening(MONDAY))
    assert told(Step.OVERDUE) == [lead.email] * 3  # to be acknowledged, told how far we are, and answered
    assert case.followups.overdue(on=MONDAY).exists()


def test_one_digest_holds_all_that_one_person_is_told(case, complaint, lead):
    intake.receive(complaint, on=MONDAY)
    followups.carry_out(at=opening(TUESDAY))
    digest = Digest.objects.get()
    assert (digest.to_email, digest.reminders.count()) == (lead.email, 2)


def test_one_bad_case_never_blocks_the_rest(case, complaint, lead, monkeypatch):
    other = intake.receive(complaint, on=MONDAY)
    as_it_is = FollowUp.next_act

    def breaks_for_the_first(followup, **kwargs):
        if followup.case_id == case.pk:
            raise OperationalError("the disk is full")
        return as_it_is(followup, **kwargs)

    monkeypatch.setattr(FollowUp, "next_act", breaks_for_the_first)
    followups.carry_out(at=opening(TUESDAY))
    assert [reminder.followup.case for reminder in Reminder.objects.all()] == [other]
    monkeypatch.undo()
    followups.carry_out(at=opening(TUESDAY))
    assert Reminder.objects.count() == 2


def test_a_reminder_leaves_the_follow_up_outstanding(case, lead):
    followups.carry_out(at=opening(TUESDAY))
    assert case.followups.outstanding().exists()


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


def test_a_commitment_reminds_its_owner_and_when_late_the_handler_and_the_lead(case, lead, handler, driver):
    case.assign(handler, on=MONDAY, by=lead)
    case.acknowledge("letter", on=MONDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", driver, FRIDAY)], on=MONDAY, by=handler)
    followups.carry_out(at=opening(FRIDAY))
    assert told(Step.DUE) == [driver.email]
    followups.carry_out(at=opening(NEXT_MONDAY))
    assert told(Step.OVERDUE) == sorted([driver.email, handler.email, lead.email])


def test_a_kept_commitment_reminds_nobody_and_is_kept_once(case, handler):
    case.acknowledge("letter", on=MONDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
    commitment = case.commitments.get()
    case.keep(commitment, how="Delivered at nine.", on=TUESDAY, by=handler)
    assert not FollowUp.objects.outstanding().filter(commitment=commitment, kind=Kind.COMMITMENT).exists()
    from cases.models import Refused

    with pytest.raises(Refused, match="already kept or dropped"):
        case.drop(commitment, reason="No longer wanted.", on=TUESDAY, by=handler)


def test_a_newer_agreement_takes_the_place_of_the_older_one_and_its_promises(case, handler):
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
    case.agree("Money back.", [Promise("Pay her", handler, FRIDAY)], on=TUESDAY, by=handler)
    assert case.agreement().summary == "Money back."
    assert [commitment.what for commitment in case.commitments.outstanding()] == ["Pay her"]
    assert case.commitments.get(what="Deliver it").dropped_reason == "A newer agreement took its place."


def test_a_person_involved_is_asked_at_once_then_reminded_and_then_their_lead_is(case, lead, handler, driver):
    case.acknowledge("letter", on=MONDAY, by=handler)
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    case.ask_account(person, until=FRIDAY, on=MONDAY, by=handler)
    asked = person.followups.get()
    followups.carry_out(at=asked.act_at)
    if asked.act_at < opening(FRIDAY):  # the asking itself, which the tests' clock may have passed
        assert told(Step.ASKED) == [driver.email]
    case.take_account(person, "I saw the dent.", on=TUESDAY, by=handler)
    assert followups.carry_out(at=opening(NEXT_MONDAY)) == 0
