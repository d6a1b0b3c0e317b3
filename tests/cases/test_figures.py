"""Figures over many cases, counted by hand: a handful of complaints, of which it is known what happened to each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases import figures, intake
from cases.figures import OnTime, Period, Stays, Week
from cases.models import Case, Deadline, Event, Responsibility, RootCause
from cases.stages import Exit, Stage
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

SUNDAY = date(2026, 11, 15)
LATER = date(2026, 12, 1)
THIS_WEEK = Period(MONDAY, SUNDAY)
NEXT_WEEK = Period(NEXT_MONDAY, NEXT_MONDAY + timedelta(days=6))


@pytest.fixture
def receive(db, complaint):
    """Take in a complaint like Eleanor's on a day."""
    return lambda on, **changes: intake.receive(replace(complaint, received_on=on, **changes), on=on)


def withdrawn(case, *, on, by):
    case.end(Exit.WITHDRAWN, reason="She wants no more of it.", on=on, by=by)


# --- periods ----------------------------------------------------------------------------------------------------------


def test_four_weeks_are_this_one_so_far_and_the_three_before():
    assert Period.of_weeks(4, on=FRIDAY) == Period(date(2026, 10, 19), FRIDAY)


def test_a_week_is_named_by_its_monday_even_where_the_period_begins_later():
    assert list(Period(TUESDAY, NEXT_MONDAY).mondays()) == [MONDAY, NEXT_MONDAY]


# --- how many ---------------------------------------------------------------------------------------------------------


def test_a_week_ends_on_sunday_and_a_week_without_complaints_has_its_zero(receive, handler):
    cases = [receive(day) for day in (MONDAY, SUNDAY, NEXT_MONDAY)]
    withdrawn(cases[0], on=NEXT_MONDAY, by=handler)
    weeks = figures.per_week(Case.objects.all(), Period.of_weeks(3, on=NEXT_MONDAY))
    assert weeks == [Week(MONDAY - figures.WEEK, 0, 0), Week(MONDAY, 2, 0), Week(NEXT_MONDAY, 1, 1)]


def test_both_days_of_a_period_belong_to_it(receive):
    for day in (MONDAY - timedelta(days=1), MONDAY, SUNDAY, NEXT_MONDAY):
        receive(day)
    assert figures.received(Case.objects.all(), THIS_WEEK).count() == 2


def test_a_case_that_was_reopened_is_not_closed_and_counts_once_it_is_closed_again(case, handler):
    withdrawn(case, on=TUESDAY, by=handler)
    assert figures.closed(Case.objects.all(), THIS_WEEK).count() == 1
    case.reopen(reason="She thought again.", on=FRIDAY, by=handler)
    assert figures.closed(Case.objects.all(), THIS_WEEK).count() == 0
    withdrawn(case, on=NEXT_MONDAY, by=handler)
    assert figures.closed(Case.objects.all(), THIS_WEEK).count() == 0
    assert figures.closed(Case.objects.all(), NEXT_WEEK).count() == 1


def test_each_stage_has_its_number_and_the_closed_are_not_open(case, ready, receive, handler):
    withdrawn(receive(TUESDAY), on=TUESDAY, by=handler)
    receive(TUESDAY)
    assert figures.open_by_stage(Case.objects.all()) == {
        Stage.ACKNOWLEDGE: 1,
        Stage.INVESTIGATE: 0,
        Stage.TALK: 0,
        Stage.AGREE: 0,
        Stage.DOCUMENT: 1,
    }
    assert figures.by_stage(Case.objects.all())[Stage.CLOSED] == 1


def test_the_most_frequent_cause_comes_first_and_those_without_one_last(receive, handler):
    for cause in (RootCause.DELAY, RootCause.BILLING, RootCause.BILLING, "", "", ""):
        case = receive(MONDAY)
        if cause:
            case.explain(root_cause=cause, responsibility=Responsibility.OURS, on=MONDAY, by=handler)
    assert list(figures.by_cause(Case.objects.all()).items()) == [("billing", 2), ("delay", 1), ("", 3)]


# --- in time ----------------------------------------------------------------------------------------------------------


def acknowledging(cases, period, *, on):
    rows = figures.on_time(cases, period, on=on)
    return next(((row.in_time, row.late) for row in rows if row.step == "acknowledge"), None)


def test_a_step_done_in_time_counts_on_the_day_on_which_it_was_done(receive, handler):
    receive(FRIDAY).acknowledge("By phone", on=NEXT_MONDAY, by=handler)  # due that day
    assert acknowledging(Case.objects.all(), THIS_WEEK, on=LATER) is None
    assert acknowledging(Case.objects.all(), NEXT_WEEK, on=LATER) == (1, 0)


def test_a_step_done_late_counts_on_its_day_and_nowhere_else(receive, handler):
    receive(MONDAY).acknowledge("By phone", on=NEXT_MONDAY, by=handler)  # due on Tuesday
    assert acknowledging(Case.objects.all(), THIS_WEEK, on=LATER) == (0, 1)
    assert acknowledging(Case.objects.all(), NEXT_WEEK, on=LATER) is None


def test_a_step_that_is_not_done_is_late_from_the_day_after_its_day(receive):
    receive(MONDAY)
    assert acknowledging(Case.objects.all(), THIS_WEEK, on=TUESDAY) is None
    assert acknowledging(Case.objects.all(), THIS_WEEK, on=TUESDAY + timedelta(days=1)) == (0, 1)


def test_what_a_customer_took_back_was_neither_kept_nor_missed(receive, handler):
    withdrawn(receive(MONDAY), on=FRIDAY, by=handler)
    assert Deadline.objects.filter(step="acknowledge", void_on=FRIDAY).exists()
    assert acknowledging(Case.objects.all(), THIS_WEEK, on=LATER) is None


def test_steps_are_called_as_their_rules_call_them_and_stand_in_their_order(receive, handler):
    case = receive(MONDAY)
    case.go_by("uk-fca-disp", on=MONDAY, by=handler)
    case.acknowledge("By phone", on=TUESDAY, by=handler)
    case.reach("answered", on=FRIDAY)
    found = figures.on_time(Case.objects.all(), THIS_WEEK, on=LATER)
    assert found[0] == OnTime("house", "acknowledge", "Acknowledge the complaint", 1, 0)
    assert [row.regime for row in found] == sorted((row.regime for row in found), key=lambda name: name != "house")
    assert {row.step for row in found if row.regime == "house"} == {"acknowledge", "update", "resolve"}
    assert all(row.label and "_" not in row.label for row in found)


def test_the_label_of_a_step_whose_rules_are_gone_is_its_name():
    assert figures.label_of("house", "1789-07-14", "storm_the_bastille") == "Storm the bastille"


def test_only_the_cases_asked_for_are_counted(receive, handler):
    mine, other = receive(MONDAY), receive(MONDAY)
    for case in (mine, other):
        case.acknowledge("By phone", on=TUESDAY, by=handler)
        withdrawn(case, on=TUESDAY, by=handler)
    some = Case.objects.filter(pk=mine.pk)
    assert acknowledging(some, THIS_WEEK, on=LATER) == (1, 0)
    assert figures.per_week(some, THIS_WEEK) == [Week(MONDAY, 1, 1)]
    assert {row.number for row in figures.days_per_stage(some, THIS_WEEK)} == {0, 1}


# --- how long each stage took -----------------------------------------------------------------------------------------


def stays(period, cases=None):
    found = figures.days_per_stage(Case.objects.all() if cases is None else cases, period)
    return {row.stage: (row.number, row.median) for row in found}


def test_a_stay_lasts_from_the_day_it_was_entered_to_the_day_it_was_left(ready):
    """Received on Monday; that day investigated; on Tuesday moved on to the letter, which is being written."""
    found = figures.days_per_stage(Case.objects.all(), THIS_WEEK)
    assert found == [
        Stays(Stage.ACKNOWLEDGE, 1, 0),
        Stays(Stage.INVESTIGATE, 1, 1),
        Stays(Stage.TALK, 1, 0),
        Stays(Stage.AGREE, 1, 0),
        Stays(Stage.DOCUMENT, 0, None),
    ]


def test_a_stay_counts_in_the_period_in_which_it_ended_with_all_its_days(receive, lead):
    receive(MONDAY).move_on(on=NEXT_MONDAY, by=lead, overriding="Known by now")
    assert stays(THIS_WEEK)[Stage.ACKNOWLEDGE] == (0, None)
    assert stays(NEXT_WEEK)[Stage.ACKNOWLEDGE] == (1, 7)


def test_the_median_is_the_middle_one_and_between_the_two_middle_ones(receive, lead):
    for days in (1, 2, 10):
        receive(MONDAY).move_on(on=MONDAY + timedelta(days=days), by=lead, overriding="Known by now")
    month = Period(MONDAY, LATER)
    assert stays(month)[Stage.ACKNOWLEDGE] == (3, 2)
    receive(MONDAY).move_on(on=MONDAY + timedelta(days=5), by=lead, overriding="Known by now")
    assert stays(month)[Stage.ACKNOWLEDGE] == (4, 3.5)


def test_who_goes_back_stays_twice_and_a_closed_case_stays_nowhere(receive, lead):
    case = receive(MONDAY)
    case.move_on(on=MONDAY, by=lead, overriding="Known by now")
    case.move_on(on=TUESDAY, by=lead, overriding="Known by now")  # investigated: 1 day
    case.go_back(reason="One more account came in.", on=FRIDAY, by=lead)  # talked: 3 days
    withdrawn(case, on=NEXT_MONDAY, by=lead)  # investigated: 3 days
    case.acknowledge("By phone", on=NEXT_MONDAY, by=lead)
    case.reopen(reason="She thought again.", on=NEXT_MONDAY + timedelta(days=3), by=lead)
    withdrawn(case, on=NEXT_MONDAY + timedelta(days=4), by=lead)  # investigated: 1 day
    found = stays(Period(MONDAY, LATER))
    assert found[Stage.INVESTIGATE] == (3, 1)
    assert found[Stage.TALK] == (1, 3)
    assert sum(number for number, _ in found.values()) == 5


def test_the_figures_take_as_many_queries_for_many_cases_as_for_one(receive, handler, django_assert_num_queries):
    for _ in range(3):
        receive(MONDAY).acknowledge("By phone", on=TUESDAY, by=handler)
    assert Event.objects.count() > 3
    with django_assert_num_queries(6):
        figures.per_week(Case.objects.all(), THIS_WEEK)
        figures.open_by_stage(Case.objects.all())
        figures.by_cause(Case.objects.all())
        figures.on_time(Case.objects.all(), THIS_WEEK, on=LATER)
        figures.days_per_stage(Case.objects.all(), THIS_WEEK)
