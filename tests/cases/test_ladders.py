"""At which steps each kind of follow-up is brought to mind, of whom, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import ladders
from cases.deadlines import Calendar, NoCalendar
from cases.ladders import Due
from cases.models import Kind, Step
from tests.conftest import FRIDAY, MONDAY, SATURDAY

OFFICE = Calendar("GB", "ENG")
LONDON = "Europe/London"


def ladder(due, *, calendar=OFFICE, zone=LONDON):
    """Each rung in a line: its instant in UTC, its step, whom it concerns."""
    return [
        f"{rung.at:%a %d %b %H:%M} {rung.step}: {', '.join(rung.who)}{' (urgent)' if rung.urgent else ''}"
        for rung in ladders.planned(due, calendar=calendar, zone=zone)
    ]


def test_every_kind_has_a_ladder_and_every_rung_a_step_that_there_is():
    assert set(ladders.LADDERS) == set(Kind.values)
    assert {rung.step for rungs in ladders.LADDERS.values() for rung in rungs} <= set(Step.values)


@pytest.mark.parametrize("kind", ["acknowledgement", "deadline"])
def test_a_promise_of_the_rules_goes_from_its_handler_to_the_leads_and_to_whom_they_report(kind):
    assert ladder(Due(kind, FRIDAY)) == [
        "Fri 13 Nov 08:00 due: actor",
        "Mon 16 Nov 08:00 overdue: actor, leads",
        "Tue 17 Nov 08:00 escalated: heads",
    ]


def test_its_rules_warn_of_a_deadline_so_many_working_days_before():
    assert ladder(Due("deadline", FRIDAY, warn=(5, 1)))[:3] == [
        "Fri 06 Nov 08:00 warning: actor",
        "Thu 12 Nov 08:00 warning: actor",
        "Fri 13 Nov 08:00 due: actor",
    ]


def test_a_promised_contact_is_told_on_its_day_and_to_the_leads_as_well_when_it_is_past():
    assert ladder(Due("contact", FRIDAY)) == [
        "Fri 13 Nov 08:00 due: actor",
        "Mon 16 Nov 08:00 overdue: actor, leads",
    ]


def test_a_call_at_an_hour_is_told_of_in_the_morning_and_urgent_around_its_hour():
    half_past_two = datetime(2026, 11, 13, 14, 30, tzinfo=UTC)
    assert ladder(Due("callback", FRIDAY, at=half_past_two)) == [
        "Fri 13 Nov 08:00 warning: actor",
        "Fri 13 Nov 14:15 due: actor (urgent)",
        "Fri 13 Nov 15:30 overdue: actor, leads (urgent)",
    ]


def test_a_call_before_the_office_opens_is_told_of_at_its_hour_alone():
    assert ladder(Due("callback", FRIDAY, at=datetime(2026, 11, 13, 7, 30, tzinfo=UTC))) == [
        "Fri 13 Nov 07:15 due: actor (urgent)",
        "Fri 13 Nov 08:30 overdue: actor, leads (urgent)",
    ]


def test_a_call_on_a_saturday_keeps_its_hour_and_is_told_of_on_the_friday_before():
    assert ladder(Due("callback", SATURDAY, at=datetime(2026, 11, 14, 11, 0, tzinfo=UTC))) == [
        "Fri 13 Nov 08:00 warning: actor",
        "Sat 14 Nov 10:45 due: actor (urgent)",
        "Sat 14 Nov 12:00 overdue: actor, leads (urgent)",
    ]


def test_a_call_without_an_hour_is_like_any_promised_contact():
    assert ladder(Due("callback", FRIDAY)) == ladder(Due("contact", FRIDAY))


def test_who_owes_an_account_is_asked_at_once_and_chased_until_their_manager_hears_of_it():
    at_noon = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
    assert ladder(Due("account", FRIDAY, asked_at=at_noon)) == [
        "Mon 09 Nov 12:00 asked: actor (urgent)",
        "Fri 13 Nov 08:00 due: actor",
        "Tue 17 Nov 08:00 chased: actor",
        "Thu 19 Nov 08:00 chased_again: actor",
        "Fri 20 Nov 08:00 escalated: manager",
    ]


@pytest.mark.parametrize("kind", ["letter", "approval", "delivery", "confirmation", "aftercare"])
def test_what_is_done_at_the_desk_goes_to_the_leads_when_it_was_not_done(kind):
    assert ladder(Due(kind, FRIDAY)) == [
        "Fri 13 Nov 08:00 due: actor",
        "Mon 16 Nov 08:00 overdue: leads",
    ]


def test_a_commitment_is_told_a_working_day_before_on_its_day_and_until_the_heads_hear_of_it():
    assert ladder(Due("commitment", MONDAY)) == [
        "Fri 06 Nov 08:00 warning: actor",
        "Mon 09 Nov 08:00 due: actor",
        "Tue 10 Nov 08:00 overdue: actor, handler, leads",
        "Wed 11 Nov 08:00 escalated: heads",
    ]


def test_that_the_customer_wrote_is_told_besides_all_else():
    wrote_at = datetime(2026, 11, 10, 14, 20, tzinfo=UTC)
    assert ladder(Due("contact", FRIDAY, wrote_at=wrote_at))[0] == "Tue 10 Nov 14:20 replied: actor (urgent)"


# --- whose days, whose hours ------------------------------------------------------------------------------------------


def test_what_is_due_on_a_day_off_is_told_on_the_working_day_before():
    assert ladder(Due("deadline", SATURDAY, warn=(1,)))[:3] == [
        "Thu 12 Nov 08:00 warning: actor",
        "Fri 13 Nov 08:00 due: actor",
        "Mon 16 Nov 08:00 overdue: actor, leads",
    ]


def test_days_are_counted_by_the_calendar_of_whoever_has_to_act():
    in_dubai = Calendar("SA")  # where nobody works on Friday and Saturday
    assert ladder(Due("contact", FRIDAY), calendar=in_dubai) == [
        "Thu 12 Nov 08:00 due: actor",
        "Sun 15 Nov 08:00 overdue: actor, leads",
    ]


@pytest.mark.parametrize(
    ("zone", "opens"),
    [("Asia/Tokyo", "Thu 12 Nov 23:00"), ("Europe/Riga", "Fri 13 Nov 06:00"), (LONDON, "Fri 13 Nov 08:00")],
)
def test_the_morning_is_theirs(zone, opens):
    assert ladder(Due("contact", FRIDAY), zone=zone)[0] == f"{opens} due: actor"


def test_the_office_opens_at_eight_in_summer_too():
    assert ladder(Due("contact", date(2026, 7, 10)))[0] == "Fri 10 Jul 07:00 due: actor"


def test_a_year_without_a_calendar_is_an_error():
    with pytest.raises(NoCalendar, match="2150"):
        ladder(Due("contact", date(2150, 1, 1)))


# --- climbing ---------------------------------------------------------------------------------------------------------


def rungs(due):
    return ladders.planned(due, calendar=OFFICE, zone=LONDON)


def test_nothing_is_told_before_the_first_rung():
    assert (
        ladders.to_tell(
            rungs(Due("contact", FRIDAY)), told=set(), at=rungs(Due("contact", FRIDAY))[0].at - timedelta(seconds=1)
        )
        == []
    )


def test_of_what_was_passed_unseen_the_last_is_told_to_everybody_concerned():
    seen_late = ladders.to_tell(rungs(Due("commitment", MONDAY)), told=set(), at=datetime(2026, 11, 20, tzinfo=UTC))
    assert [(rung.step, rung.who) for rung in seen_late] == [("escalated", ("actor", "handler", "leads", "heads"))]


def test_whom_an_earlier_rung_concerned_is_not_told_again_by_a_later_one():
    warned, due, late, last = rungs(Due("commitment", MONDAY))
    [told] = ladders.to_tell(
        [warned, due, late, last], told={(warned.step, warned.at), (late.step, late.at)}, at=last.at
    )
    assert (told.step, told.who) == ("escalated", ("heads",))


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
instants = st.integers(0, 1_200_000).map(lambda minutes: datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(
    kind=st.sampled_from(Kind.values),
    due_on=days,
    warn=st.sets(st.integers(1, 10), max_size=3),
    looks=st.lists(instants),
)
def test_however_the_clock_jumps_each_rung_is_told_once_at_most_and_nobody_is_left_out(kind, due_on, warn, looks):
    plan = rungs(Due(kind, due_on, warn=tuple(warn)))
    told, heard = set(), set()
    for at in [*looks, plan[-1].at]:
        for rung in ladders.to_tell(plan, told=told, at=at):
            told.add((rung.step, rung.at))
            heard.update(rung.who)
    assert (plan[-1].step, plan[-1].at) in told
    assert heard == {who for rung in plan for who in rung.who}


@given(
    kind=st.sampled_from(Kind.values), due_on=days, zone=st.sampled_from(["Pacific/Kiritimati", LONDON, "Pacific/Niue"])
)
def test_from_look_to_look_the_ladder_is_climbed_to_its_end(kind, due_on, zone):
    plan = ladders.planned(Due(kind, due_on), calendar=OFFICE, zone=zone)
    at, climbed = plan[0].at, []
    while at:
        climbed.append(at)
        at = ladders.next_look(plan, after=at)
    assert climbed == sorted({rung.at for rung in plan})


@given(due_on=days, extra=days)
def test_one_more_day_off_never_brings_a_late_rung_forward(due_on, extra):
    off = replace(OFFICE, days_off={extra: "Office moves"})
    usual, with_it = (ladders.planned(Due("commitment", due_on), calendar=one, zone=LONDON) for one in (OFFICE, off))
    for before, after in zip(usual[2:], with_it[2:], strict=True):
        assert after.at >= before.at
