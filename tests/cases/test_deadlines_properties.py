"""What is true of every deadline, whatever day, limit, place and pause."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.deadlines import Calendar, Limit, Unit, count, due_before, working_days_after, working_days_between

settings.register_profile("always the same", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("always the same")

PLACES = [("GB", ""), ("GB", "SCT"), ("GB", "NIR"), ("IE", ""), ("AU", "NSW"), ("CA", "ON"), ("IL", ""), ("LV", "")]
days = st.dates(date(2024, 1, 1), date(2027, 6, 30))
calendars = st.sampled_from(PLACES).map(lambda place: Calendar(*place))
counted = st.sampled_from([Unit.WORKING_DAY, Unit.DAY, Unit.WEEK, Unit.MONTH])
limits = st.builds(
    Limit,
    number=st.integers(1, 12),
    unit=counted,
    count_from=st.sampled_from(["next_day", "same_day", "next_working_day"]),
    roll=st.sampled_from(["none", "forward"]),
)


def pauses(anchor):
    starts = st.integers(0, 30).map(lambda n: anchor + timedelta(days=n))
    return st.lists(starts.flatmap(lambda day: st.tuples(st.just(day), st.just(day + timedelta(days=3)))), max_size=2)


@given(days, limits, calendars, st.integers(0, 60), st.data())
def test_one_more_day_off_never_makes_a_deadline_earlier(anchor, limit, calendar, far, data):
    paused = data.draw(pauses(anchor))
    off = Calendar(calendar.country, calendar.region, days_off={anchor + timedelta(days=far): "Office moves"})
    before = count(anchor, limit, calendar=calendar, pauses=paused)
    assert count(anchor, limit, calendar=off, pauses=paused).due_on >= before.due_on


@given(days, limits, calendars)
def test_a_longer_limit_never_ends_earlier(anchor, limit, calendar):
    longer = Limit(limit.number + 1, limit.unit, limit.count_from, limit.roll)
    assert count(anchor, longer, calendar=calendar).due_on >= count(anchor, limit, calendar=calendar).due_on


@given(days, limits, calendars, st.data())
def test_a_pause_never_makes_a_deadline_earlier(anchor, limit, calendar, data):
    paused = data.draw(pauses(anchor))
    assert (
        count(anchor, limit, calendar=calendar, pauses=paused).due_on >= count(anchor, limit, calendar=calendar).due_on
    )


@given(days, limits, calendars, st.integers(0, 10), st.data())
def test_every_explanation_adds_up_to_its_date(anchor, limit, calendar, more, data):
    extended = [(more, "working_day", "The fitter is ill.")] if more else []
    paused = data.draw(pauses(anchor))
    found = count(anchor, limit, calendar=calendar, pauses=paused, extensions=extended)
    listed = [day.on for day in found.days]
    assert listed[-1] == found.due_on
    assert listed == [anchor + timedelta(days=n) for n in range(len(listed))]  # no day missing, none twice
    numbers = [day.number for day in found.days if day.counts]
    assert numbers == list(range(1, len(numbers) + 1))
    if limit.unit == Unit.WORKING_DAY:
        assert len(numbers) == limit.number + more
    assert all(day.why for day in found.days if not day.counts)
    assert len(list(found.lines())) == len(listed)


@given(days, st.integers(1, 40), calendars)
def test_working_days_are_walked_the_same_in_both_directions(day, number, calendar):
    after = working_days_after(day, number, calendar=calendar)
    assert working_days_between(day, after, calendar=calendar) == number
    if not calendar.day_off(day):
        assert due_before(after, number, calendar=calendar) == day


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(1, 200), st.sampled_from(sorted(available_timezones())))
def test_hours_pass_alike_in_every_time_zone_whatever_the_clocks_on_the_wall_do(minutes, hours, zone):
    anchor = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = count(anchor, Limit(hours, Unit.HOUR), calendar=Calendar("GB"), zone=zone)
    assert found.due_at - anchor == timedelta(hours=hours)
    assert found.due_on == found.due_at.astimezone(ZoneInfo(zone)).date() == found.days[-1].on


def due(anchor, number, unit, place=("GB", "ENG"), **how):
    zone = how.pop("zone", "Europe/London")
    return count(anchor, Limit(number, unit, **how), calendar=Calendar(*place), zone=zone).due_on


@pytest.mark.parametrize(
    ("anchor", "number", "unit", "expected"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),  # a Saturday to a Saturday
        (date(2028, 1, 31), 1, "month", date(2028, 2, 29)),  # a leap year: a Monday to a Tuesday
        (date(2026, 8, 31), 6, "month", date(2027, 2, 28)),  # a Monday to a Sunday
        (date(2027, 12, 15), 2, "month", date(2028, 2, 15)),  # over the turn of the year
        (date(2028, 2, 28), 1, "day", date(2028, 2, 29)),
        (date(2026, 10, 23), 1, "week", date(2026, 10, 30)),  # over the end of summer time
    ],
)
def test_months_end_where_months_end(anchor, number, unit, expected):
    assert due(anchor, number, unit) == expected


def test_a_month_is_no_day_longer_on_the_night_when_the_clocks_change():
    late = datetime(2026, 10, 24, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    found = count(late, Limit(24, Unit.HOUR), calendar=Calendar("GB"), zone="Europe/London")
    assert found.due_at.astimezone(ZoneInfo("Europe/London")).strftime("%a %H:%M") == "Sun 22:30"


FRIDAY_EVENING = datetime(2026, 11, 13, 17, 30, tzinfo=ZoneInfo("Europe/London"))


def test_what_comes_in_after_the_cut_off_counts_as_come_in_on_the_next_working_day():
    before = FRIDAY_EVENING.replace(hour=16)
    assert due(before, 1, "working_day", cutoff=time(17)) == date(2026, 11, 16)  # Monday
    assert due(FRIDAY_EVENING, 1, "working_day", cutoff=time(17)) == date(2026, 11, 17)  # Tuesday


@pytest.mark.parametrize(
    ("place", "anchor", "expected"),
    [
        (("GB", "ENG"), date(2026, 4, 2), date(2026, 4, 7)),  # Thursday before Easter to Tuesday after it
        (("GB", "SCT"), date(2026, 4, 2), date(2026, 4, 6)),  # Easter Monday is worked in Scotland
        (("GB", "NIR"), date(2026, 7, 10), date(2026, 7, 14)),  # Friday; Monday 13 July is the Twelfth, observed
        (("IE", ""), date(2026, 3, 16), date(2026, 3, 18)),  # Monday; Tuesday is St Patrick's Day
        (("AU", "NSW"), date(2026, 1, 23), date(2026, 1, 27)),  # Friday; Monday is Australia Day
        (("CA", "ON"), date(2026, 6, 30), date(2026, 7, 2)),  # Tuesday; Wednesday is Canada Day
        (("IL", ""), date(2026, 11, 12), date(2026, 11, 15)),  # Thursday; Friday and Saturday are the weekend
        (("CN", ""), date(2026, 1, 3), date(2026, 1, 4)),  # Saturday; this Sunday is worked
    ],
)
def test_a_place_keeps_its_own_days_off(place, anchor, expected):
    assert due(anchor, 1, "working_day", place) == expected


def test_a_day_on_which_nobody_works_rolls_as_the_rules_say():
    friday = date(2026, 11, 13)
    assert due(friday, 1, "day") == date(2026, 11, 14)  # Saturday
    assert due(friday, 1, "day", roll="forward") == date(2026, 11, 16)  # Monday
    assert due(friday, 1, "day", roll="back") == friday
