"""What is due is brought to mind: once, late rather than never, and one bad case never blocks the rest."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import followups, intake
from cases.models import Deadline, Event, FollowUp, Kind, Reminder, Step
from cases.models.followup import opening
from tests.cases.reminding import THURSDAY, WEDNESDAY, at, plan, plan_many, told
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

GONE = "1066-10-14"


def happened(case):
    """What the history says that the clockwork did."""
    return list(case.events.filter(kind__startswith="followup").order_by("pk").values_list("text", flat=True))


def test_nobody_is_reminded_before_the_office_opens(case, lead):
    assert followups.carry_out(at=opening(TUESDAY) - timedelta(seconds=1)) == 0
    assert followups.carry_out(at=opening(TUESDAY)) == 1


def test_a_reminder_leaves_the_follow_up_outstanding_until_its_next_step(case, lead):
    followup = plan(case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    followup.refresh_from_db()
    assert followup.is_outstanding
    assert followup.act_at == opening(WEDNESDAY)
    followups.carry_out(at=opening(WEDNESDAY))
    followup.refresh_from_db()
    assert followup.act_at is None


def test_the_history_says_what_was_told_to_whom(case, lead):
    plan(case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    assert "Next contact with the customer (due 10 November 2026): due. Told: Amara Nwosu." in happened(case)


def test_a_deadline_is_told_with_the_rule_that_it_comes_from(case, lead):
    plan(case, Kind.DEADLINE, TUESDAY, why="House rules: within 20 working days of receipt")
    followups.carry_out(at=opening(TUESDAY))
    [text] = [text for text in happened(case) if "Deadline" in text]
    assert text.startswith(
        "Deadline of a rule (due 10 November 2026), House rules: within 20 working days of receipt: due"
    )


def test_a_sweep_that_comes_twice_reminds_once(case, lead):
    followups.carry_out(at=opening(TUESDAY))
    assert followups.carry_out(at=opening(TUESDAY)) == 0
    assert Reminder.objects.count() == 1


def test_to_look_once_too_often_tells_nobody_again_and_says_nothing(case, lead):
    followups.carry_out(at=opening(TUESDAY))
    before = Event.objects.count()
    FollowUp.objects.update(act_at=at(MONDAY, 0))
    followups.carry_out(at=at(TUESDAY, 9))
    assert (Reminder.objects.count(), Event.objects.count()) == (1, before)


def test_who_takes_over_is_told_of_the_step_that_it_stands_at(case, lead, handler):
    followup = plan(case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    case.assign(handler, on=TUESDAY, by=lead)
    FollowUp.objects.filter(pk=followup.pk).update(act_at=at(TUESDAY, 9))
    followups.carry_out(at=at(TUESDAY, 9))
    assert told(Step.DUE, followup) == [lead.email, handler.email]
    assert happened(case)[-1].endswith("due. Told: Inês Carvalho.")


# --- when the clockwork was down, or the clock jumps ------------------------------------------------------------------


def test_what_was_missed_is_told_once_to_all_whom_it_concerns_with_its_delay(case, lead, handler):
    case.assign(handler, on=MONDAY, by=lead)
    followup = plan(case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=at(FRIDAY, 10))
    assert (told(Step.DUE, followup), told(Step.OVERDUE, followup)) == ([], [lead.email, handler.email])
    reminder = followup.reminders.first()
    assert (reminder.planned_at, reminder.made_at) == (opening(WEDNESDAY), at(FRIDAY, 10))
    assert reminder.came_late
    late = "Told: Inês Carvalho, Amara Nwosu. It should have come on Wednesday 11 November 2026, 08:00."
    assert happened(case)[-1].endswith(late)


def test_some_minutes_are_no_delay(case, lead):
    followup = plan(case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=at(TUESDAY, 8, 50))
    assert not followup.reminders.get().came_late


def test_what_is_overdue_when_it_is_planned_fires_at_once_and_nobody_is_blamed_for_a_delay(
    complaint, lead, time_machine
):
    time_machine.move_to(at(MONDAY, 9))
    case = intake.receive(replace(complaint, received_on=MONDAY - timedelta(days=300)), on=MONDAY)
    followups.carry_out(at=at(MONDAY, 9, 5))
    assert told(Step.ESCALATED, case.followups.get(kind=Kind.ACKNOWLEDGEMENT)) == [lead.email]
    assert case.followups.overdue(on=MONDAY).exists()
    assert not any("should have come" in text for text in happened(case))


def test_a_clock_that_jumps_a_day_ahead_and_back_again_reminds_nobody_twice(case, lead):
    followup = plan(case, Kind.CONTACT, TUESDAY)
    for day in (WEDNESDAY, TUESDAY, WEDNESDAY, THURSDAY):
        followups.carry_out(at=opening(day))
    assert list(followup.reminders.values_list("step", "to_email")) == [("overdue", lead.email)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(0, 24 * 14), min_size=1, max_size=6))
def test_however_often_and_late_the_clockwork_looks_each_step_is_told_once_and_the_last_always(case, lead, hours):
    followup = plan(case, Kind.DEADLINE, TUESDAY)
    for hour in [*hours, 24 * 14]:
        followups.carry_out(at=at(MONDAY, 0) + timedelta(hours=hour))
    steps = list(followup.reminders.values_list("step", flat=True))
    assert len(steps) == len(set(steps))
    assert "escalated" in steps


# --- a deadline that moved --------------------------------------------------------------------------------------------


def test_every_step_of_the_new_day_of_a_deadline_is_told_although_the_old_one_was(case, lead):
    followup = case.followups.get(kind=Kind.ACKNOWLEDGEMENT)
    followups.carry_out(at=opening(WEDNESDAY))
    followup.deadline.due_on = FRIDAY
    case._move_with(followup.deadline)
    followups.carry_out(at=opening(FRIDAY))
    followups.carry_out(at=opening(NEXT_MONDAY))
    told = Reminder.objects.filter(followup=followup).values_list("step", "planned_at")
    assert list(told) == [("overdue", opening(WEDNESDAY)), ("due", opening(FRIDAY)), ("overdue", opening(NEXT_MONDAY))]


def test_a_step_of_the_new_day_that_is_past_already_is_no_delay(case, lead, handler, time_machine):
    """Five working days before the new day is in the past: the clockwork could not have known."""
    resolve = case.followups.exclude(kind=Kind.ACKNOWLEDGEMENT).get(deadline__step="resolve")
    time_machine.move_to(at(THURSDAY, 15))
    resolve.deadline.due_on = NEXT_MONDAY
    case._move_with(resolve.deadline)
    followups.carry_out(at=at(THURSDAY, 15, 1))
    warning = resolve.reminders.get()
    assert (warning.step, warning.planned_at) == (Step.WARNING, opening(MONDAY))
    assert not warning.came_late


# --- one bad case -----------------------------------------------------------------------------------------------------


@pytest.fixture
def bad(case):
    """A follow-up that cannot be brought to mind: its rules are gone."""
    followup = case.followups.get(deadline__step="resolve")
    Deadline.objects.filter(pk=followup.deadline_id).update(version=GONE)
    FollowUp.objects.filter(pk=followup.pk).update(due_on=TUESDAY, act_at=opening(TUESDAY))
    followup.refresh_from_db()
    return followup


def test_one_bad_case_never_blocks_the_rest_and_is_seen_as_stuck(case, lead, bad):
    others = plan_many(case, 20, due_on=TUESDAY)
    FollowUp.objects.filter(pk=bad.pk).update(done_on=None)
    assert followups.carry_out(at=opening(TUESDAY)) == 20
    assert Reminder.objects.filter(followup__in=others).count() == 20
    stuck = FollowUp.objects.stuck().get()
    assert (stuck.pk, stuck.tries, stuck.stuck_at) == (bad.pk, 1, opening(TUESDAY))
    assert stuck.error == f"NoRules: The rules “house” have no version of {GONE}."


def test_it_is_tried_again_after_pauses_that_grow(bad, lead):
    now, pauses = opening(TUESDAY), []
    for _ in range(7):
        followups.carry_out(at=now)
        bad.refresh_from_db()
        pauses.append(bad.act_at - now)
        now = bad.act_at
    minutes = [pause.total_seconds() / 60 for pause in pauses]
    assert minutes == [1, 5, 30, 120, 720, 720, 720]
    assert bad.stuck_at == opening(TUESDAY)


def test_once_it_works_it_is_told_with_its_delay_and_is_stuck_no_more(case, bad, lead):
    known = case.deadlines.exclude(version=GONE).first().version
    FollowUp.objects.filter(pk=bad.pk).update(set_at=at(MONDAY, 9))
    followups.carry_out(at=opening(TUESDAY))
    Deadline.objects.update(version=known)
    followups.carry_out(at=at(TUESDAY, 11))
    bad.refresh_from_db()
    assert (bad.tries, bad.error, bad.stuck_at) == (0, "", None)
    assert bad.act_at == opening(WEDNESDAY)
    assert bad.reminders.get().came_late


def refuse_reminders_of(followup):
    """The database itself takes no reminder of `followup`."""
    how = (
        "EXECUTE FUNCTION casetracker_refuse('the disk is full')"
        if connection.vendor == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with connection.cursor() as cursor:
        when = f"FOR EACH ROW WHEN (NEW.followup_id = {followup.pk})"
        cursor.execute(f"CREATE TRIGGER disk_full BEFORE INSERT ON cases_reminder {when} {how}")


def test_what_the_database_refuses_is_as_bad_a_case(case, lead):
    first, bad, *others = plan_many(case, 9, due_on=TUESDAY)
    refuse_reminders_of(bad)
    assert followups.carry_out(at=opening(TUESDAY)) == 8
    assert set(Reminder.objects.values_list("followup", flat=True)) == {row.pk for row in (first, *others)}
    assert "the disk is full" in FollowUp.objects.stuck().get().error


def test_a_worker_that_dies_in_the_middle_of_a_batch_has_done_nothing(case, lead, monkeypatch):
    plan_many(case, 3, due_on=TUESDAY)
    before = (list(FollowUp.objects.values()), Event.objects.count())

    def dies(looks):
        raise SystemExit

    monkeypatch.setattr(followups, "_put_on", dies)
    with pytest.raises(SystemExit):
        followups.carry_out(at=opening(TUESDAY))
    assert (list(FollowUp.objects.values()), Event.objects.count()) == before
    assert not Reminder.objects.exists()


# --- many ------------------------------------------------------------------------------------------------------------


def test_a_backlog_is_worked_off_in_batches(case, lead, monkeypatch):
    monkeypatch.setattr(followups, "BATCH", 10)
    plan_many(case, 25, due_on=TUESDAY)
    assert followups.carry_out(at=opening(TUESDAY)) == 25
    assert Reminder.objects.count() == 25


def test_a_sweep_has_its_time_and_the_next_one_goes_on(case, lead, monkeypatch):
    monkeypatch.setattr(followups, "BATCH", 10)
    monkeypatch.setattr(followups, "SECONDS", 0)
    plan_many(case, 25, due_on=TUESDAY)
    swept = [followups.carry_out(at=opening(TUESDAY)) for _ in range(4)]
    assert swept == [10, 10, 5, 0]


def test_a_batch_costs_the_same_queries_whatever_its_size(case, lead, handler):
    case.assign(handler, on=MONDAY, by=lead)
    costs = []
    for count in (10, followups.BATCH):
        plan_many(case, count, due_on=TUESDAY)
        with CaptureQueriesContext(connection) as queries:
            followups._work_off(at=opening(TUESDAY))
        assert Reminder.objects.filter(followup__done_on=None, step=Step.DUE).count() == count
        costs.append([query["sql"].split()[0] for query in queries])
    small, large = costs
    if connection.vendor == "sqlite":  # which takes so many values an INSERT, and no more
        small, large = ([verb for verb in cost if verb != "INSERT"] for cost in costs)
    assert small == large
    assert (small.count("SELECT"), small.count("UPDATE")) == (7, 1)


def test_the_next_batch_is_one_range_of_the_index_of_what_is_due(case):
    """(bench/sweep.py shows the same over millions of rows.)"""
    plan_many(case, 3_000, due_on=FRIDAY)  # all done by the time of the next ones
    rows = plan_many(case, 3_000, due_on=FRIDAY)
    FollowUp.objects.filter(pk__in=[row.pk for row in rows[:30]]).update(act_at=opening(MONDAY - timedelta(days=3)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_followup")
    plan = FollowUp.objects.to_act_on(at=at(MONDAY, 8)).values_list("pk")[: followups.BATCH].explain()
    assert "followups_to_act_on" in plan
    assert not re.search("sort|temp b-tree", plan, re.IGNORECASE)
