"""When something is due, and how that is explained. Every date was counted by hand; its weekday is written here, and
looked at. What is true of all dates stands in test_deadlines_properties.py."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.deadlines import Calendar, Limit, Unit, count
from tests.cases.weekdays import day, said

ENGLAND = Calendar("GB", "ENG")
LONDON = ZoneInfo("Europe/London")


def counted(anchor, number, unit, *, calendar=ENGLAND, zone="Europe/London", pauses=(), extensions=(), **how):
    anchor = day(anchor) if isinstance(anchor, str) else anchor
    limit = Limit(number, Unit(unit), **how)
    return count(anchor, limit, calendar=calendar, zone=zone, pauses=pauses, extensions=extensions)


def due(*args, **how) -> str:
    return said(counted(*args, **how).due_on)


def at(written: str, hour: int, minute: int = 0, *, zone=LONDON) -> datetime:
    return datetime.combine(day(written), time(hour, minute), tzinfo=zone)


# --- which day is day one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "unit", "count_from", "expected"),
    [
        # three working days: from the day after, with the day, from the next working day
        ("Mon 9 Nov 2026", "working_day", "next_day", "Thu 12 Nov 2026"),
        ("Mon 9 Nov 2026", "working_day", "same_day", "Wed 11 Nov 2026"),
        ("Mon 9 Nov 2026", "working_day", "next_working_day", "Thu 12 Nov 2026"),
        ("Sat 14 Nov 2026", "working_day", "next_day", "Wed 18 Nov 2026"),
        ("Sat 14 Nov 2026", "working_day", "same_day", "Wed 18 Nov 2026"),  # a Saturday is no working day one
        # three days of the calendar
        ("Fri 13 Nov 2026", "day", "next_day", "Mon 16 Nov 2026"),
        ("Fri 13 Nov 2026", "day", "same_day", "Sun 15 Nov 2026"),
        ("Fri 13 Nov 2026", "day", "next_working_day", "Wed 18 Nov 2026"),  # Monday is day one
        ("Thu 2 Apr 2026", "day", "next_working_day", "Thu 9 Apr 2026"),  # the Tuesday after Easter is
        # three weeks
        ("Fri 13 Nov 2026", "week", "next_day", "Fri 4 Dec 2026"),
        ("Fri 13 Nov 2026", "week", "same_day", "Thu 3 Dec 2026"),
        ("Fri 13 Nov 2026", "week", "next_working_day", "Sun 6 Dec 2026"),
    ],
)
def test_day_one_is_chosen_as_the_rules_say(anchor, unit, count_from, expected):
    assert due(anchor, 3, unit, count_from=count_from) == expected


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("Mon 9 Nov 2026", 1, "Wed 9 Dec 2026"),
        ("Sat 31 Jan 2026", 1, "Sat 28 Feb 2026"),
        ("Mon 31 Jan 2028", 1, "Tue 29 Feb 2028"),
        ("Sat 28 Feb 2026", 1, "Sat 28 Mar 2026"),
        ("Mon 31 Aug 2026", 6, "Sun 28 Feb 2027"),
        ("Thu 31 Aug 2023", 6, "Thu 29 Feb 2024"),
        ("Tue 29 Feb 2028", 12, "Wed 28 Feb 2029"),
        ("Thu 31 Dec 2026", 2, "Sun 28 Feb 2027"),
        ("Wed 15 Dec 2027", 2, "Tue 15 Feb 2028"),
    ],
)
def test_months_end_on_the_same_day_of_a_later_month_or_with_it(anchor, months, expected):
    assert due(anchor, months, "month") == expected


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("Mon 9 Nov 2026", 1, "Tue 8 Dec 2026"),
        ("Sun 1 Mar 2026", 1, "Tue 31 Mar 2026"),
        ("Sun 1 Feb 2026", 1, "Sat 28 Feb 2026"),
        ("Sat 31 Jan 2026", 1, "Sat 28 Feb 2026"),
        ("Wed 28 Jan 2026", 1, "Fri 27 Feb 2026"),
        ("Fri 1 Jan 2027", 12, "Fri 31 Dec 2027"),
    ],
)
def test_months_that_begin_with_a_day_end_the_day_before_the_same_one(anchor, months, expected):
    assert due(anchor, months, "month", count_from="same_day") == expected


@pytest.mark.parametrize(
    ("anchor", "number", "unit", "expected"),
    [
        ("Mon 28 Feb 2028", 1, "day", "Tue 29 Feb 2028"),
        ("Fri 5 Jan 2024", 56, "day", "Fri 1 Mar 2024"),
        ("Tue 5 Jan 2027", 56, "day", "Tue 2 Mar 2027"),
        ("Fri 23 Oct 2026", 1, "week", "Fri 30 Oct 2026"),  # over the end of summer time
        ("Thu 4 Jun 2026", 8, "week", "Thu 30 Jul 2026"),
    ],
)
def test_days_of_the_calendar_are_all_counted(anchor, number, unit, expected):
    assert due(anchor, number, unit) == expected


def test_days_of_the_calendar_need_no_holidays():
    nowhere = Calendar("XX")
    assert due("Thu 5 Nov 2026", 56, "day", calendar=nowhere) == "Thu 31 Dec 2026"
    assert due("Mon 31 Aug 2026", 6, "month", calendar=nowhere) == "Sun 28 Feb 2027"


# --- the hour at which it came in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (at("Fri 13 Nov 2026", 16, 59), "Mon 16 Nov 2026"),
        (at("Fri 13 Nov 2026", 17), "Mon 16 Nov 2026"),
        (at("Fri 13 Nov 2026", 17, 1), "Tue 17 Nov 2026"),  # counts as come in on Monday
        (at("Sat 14 Nov 2026", 9), "Tue 17 Nov 2026"),
        (at("Sun 15 Nov 2026", 23), "Tue 17 Nov 2026"),
        (at("Mon 16 Nov 2026", 8), "Tue 17 Nov 2026"),
        (at("Thu 2 Apr 2026", 18), "Wed 8 Apr 2026"),  # Tuesday after Easter
        (day("Fri 13 Nov 2026"), "Mon 16 Nov 2026"),  # the hour is not known: in time
        (day("Sat 14 Nov 2026"), "Tue 17 Nov 2026"),
    ],
)
def test_what_comes_in_when_the_office_is_closed_counts_as_come_in_when_it_opens(anchor, expected):
    assert due(anchor, 1, "working_day", cutoff=time(17)) == expected
    assert due(anchor, 1, "day", count_from="next_working_day", cutoff=time(17)) == expected


def test_after_the_cut_off_days_of_the_calendar_begin_a_day_later():
    friday = at("Fri 13 Nov 2026", 17, 1)
    assert due(friday, 30, "day", cutoff=time(17)) == "Mon 14 Dec 2026"
    assert due(friday - timedelta(hours=1), 30, "day", cutoff=time(17)) == "Sun 13 Dec 2026"
    assert due(friday, 1, "day", count_from="same_day", cutoff=time(17)) == "Sat 14 Nov 2026"
    assert due(friday, 1, "month", cutoff=time(17)) == "Mon 14 Dec 2026"


def test_with_the_day_itself_counted_the_next_working_day_is_day_one():
    assert due(at("Fri 13 Nov 2026", 17, 1), 1, "working_day", count_from="same_day", cutoff=time(17)) == (
        "Mon 16 Nov 2026"
    )


def test_an_hour_falls_on_its_day_in_the_zone_of_the_office():
    late = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    assert due(late, 1, "day", zone="Europe/London") == "Tue 10 Nov 2026"
    assert due(late, 1, "day", zone="Australia/Sydney") == "Wed 11 Nov 2026"
    assert due(late, 1, "working_day", zone="Europe/Berlin", cutoff=time(17)) == "Wed 11 Nov 2026"  # half past midnight


# --- a last day on which nobody works ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "number", "roll", "expected"),
    [
        ("Fri 13 Nov 2026", 1, "none", "Sat 14 Nov 2026"),
        ("Fri 13 Nov 2026", 1, "forward", "Mon 16 Nov 2026"),
        ("Thu 12 Nov 2026", 2, "back", "Fri 13 Nov 2026"),
        ("Wed 1 Apr 2026", 2, "forward", "Tue 7 Apr 2026"),  # Good Friday, to the Tuesday
        ("Wed 1 Apr 2026", 5, "back", "Thu 2 Apr 2026"),  # Easter Monday
        ("Mon 9 Nov 2026", 2, "forward", "Wed 11 Nov 2026"),  # a working day stays
        ("Mon 9 Nov 2026", 2, "back", "Wed 11 Nov 2026"),
        ("Fri 13 Nov 2026", 1, "back", "Fri 13 Nov 2026"),  # not before the event
        ("Sat 14 Nov 2026", 1, "back", "Mon 16 Nov 2026"),  # no working day since the event: forward
    ],
)
def test_a_last_day_on_which_nobody_works_rolls_as_the_rules_say(anchor, number, roll, expected):
    assert due(anchor, number, "day", roll=roll) == expected


def test_what_was_rolled_back_over_is_kept_beside_the_days():
    found = counted("Thu 12 Nov 2026", 3, "day", roll="back")
    assert [said(one.on) for one in found.beyond] == ["Sat 14 Nov 2026", "Sun 15 Nov 2026"]
    assert found.days[-1].why == "Calendar day. Rolled back over Saturday 14 November, Sunday 15 November"


def test_nothing_rolls_forward_onto_a_day_on_which_the_clock_stood_still():
    pause = (day("Mon 16 Nov 2026"), day("Wed 18 Nov 2026"))
    assert due("Fri 13 Nov 2026", 1, "day", roll="forward", pauses=[pause]) == "Wed 18 Nov 2026"


# --- pauses and extensions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        ("Thu 12 Nov 2026", "Mon 16 Nov 2026", "Wed 18 Nov 2026"),  # two working days
        ("Thu 12 Nov 2026", "Thu 12 Nov 2026", "Mon 16 Nov 2026"),  # it ran again on the same day
        ("Sat 14 Nov 2026", "Mon 16 Nov 2026", "Mon 16 Nov 2026"),  # over a weekend
        ("Mon 16 Nov 2026", "Tue 17 Nov 2026", "Tue 17 Nov 2026"),  # on the last day
        ("Tue 17 Nov 2026", "Mon 30 Nov 2026", "Mon 16 Nov 2026"),  # after it
        ("Mon 2 Nov 2026", "Tue 10 Nov 2026", "Mon 16 Nov 2026"),  # before day one
    ],
)
def test_days_on_which_the_clock_stood_still_do_not_count(first, again, expected):
    assert due("Mon 9 Nov 2026", 5, "working_day", pauses=[(day(first), day(again))]) == expected


def test_pauses_that_overlap_count_once():
    pauses = [
        (day("Tue 10 Nov 2026"), day("Thu 12 Nov 2026")),
        (day("Wed 11 Nov 2026"), day("Fri 13 Nov 2026")),
    ]
    assert due("Mon 9 Nov 2026", 1, "working_day", pauses=pauses) == "Fri 13 Nov 2026"
    assert due("Mon 9 Nov 2026", 1, "month", pauses=pauses) == "Sat 12 Dec 2026"


@pytest.mark.parametrize(
    ("number", "unit", "more", "roll", "expected"),
    [
        (5, "working_day", [(10, "working_day", "r")], "none", "Mon 30 Nov 2026"),
        (8, "week", [(4, "week", "r")], "none", "Mon 1 Feb 2027"),
        (6, "month", [(1, "month", "r")], "none", "Wed 9 Jun 2027"),
        (5, "working_day", [(7, "day", "r"), (1, "working_day", "r")], "none", "Tue 24 Nov 2026"),
        # it was due on Monday, since Saturday rolled: one working day more is Tuesday
        (5, "day", [(1, "working_day", "r")], "forward", "Tue 17 Nov 2026"),
        (5, "day", [(4, "day", "r")], "forward", "Fri 20 Nov 2026"),
        (5, "day", [(5, "day", "r")], "forward", "Mon 23 Nov 2026"),
        (5, "day", [(1, "day", "r")], "back", "Fri 13 Nov 2026"),
        (5, "day", [(3, "day", "r")], "back", "Mon 16 Nov 2026"),
    ],
)
def test_an_extension_is_counted_from_the_day_on_which_it_was_due(number, unit, more, roll, expected):
    assert due("Mon 9 Nov 2026", number, unit, roll=roll, extensions=more) == expected


# --- hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "anchor", "hours", "shown"),
    [
        ("Europe/London", "2026-11-09 14:20", 24, "Tue 10 Nov 14:20"),
        ("Europe/London", "2026-10-24 23:30", 24, "Sun 25 Oct 22:30"),  # a night with an hour more
        ("Europe/London", "2026-03-28 23:30", 24, "Mon 30 Mar 00:30"),  # one with an hour less
        ("Australia/Lord_Howe", "2026-04-04 23:00", 24, "Sun 5 Apr 22:30"),  # half an hour
        ("Africa/Cairo", "2026-04-23 12:00", 24, "Fri 24 Apr 13:00"),  # whose Friday begins at one
        ("America/Havana", "2026-10-31 12:00", 24, "Sun 1 Nov 11:00"),  # midnight comes twice
        ("Pacific/Apia", "2011-12-29 12:00", 24, "Sat 31 Dec 12:00"),  # Friday was left out
        ("Asia/Kathmandu", "2026-11-09 14:20", 24, "Tue 10 Nov 14:20"),
        ("Europe/London", "2026-11-09 00:00", 24, "Tue 10 Nov 00:00"),
    ],
)
def test_hours_pass_whatever_the_clocks_on_the_wall_do(zone, anchor, hours, shown):
    start = datetime.fromisoformat(anchor).replace(tzinfo=ZoneInfo(zone))
    found = counted(start, hours, "hour", zone=zone)
    local = found.due_at.astimezone(ZoneInfo(zone))
    assert f"{local:%a} {local.day} {local:%b %H:%M}" == shown
    assert found.due_on == local.date() == found.days[-1].on


def test_a_day_says_how_many_hours_passed_on_it():
    found = counted(at("Sat 24 Oct 2026", 9, 20), 48, "hour")
    assert [(one.number, one.why) for one in found.days] == [
        (14, "14 hours 40 minutes, 09:20 to 00:00"),
        (39, "25 hours, 00:00 to 00:00; the clocks go back"),
        (48, "8 hours 20 minutes, 00:00 to 08:20"),
    ]


def test_hours_that_end_at_midnight_end_as_the_day_begins():
    found = counted(at("Mon 9 Nov 2026", 14), 10, "hour")
    assert (found.due_on, found.due_at) == (day("Tue 10 Nov 2026"), at("Tue 10 Nov 2026", 0))
    assert (found.days[-1].counts, found.days[-1].why) == (False, "The hours end as the day begins")


def test_a_day_that_the_calendar_left_out_is_explained():
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    found = counted(start, 24, "hour", zone="Pacific/Apia")
    assert [one.why for one in found.days][1] == "There is no such day here"


def test_an_hour_that_the_clocks_skip_or_show_twice_is_a_certain_one():
    skipped = datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001 (a zone is what it lacks)
    twice = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001
    assert counted(skipped, 1, "hour").due_at == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
    assert counted(twice, 1, "hour").due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert counted(twice.replace(fold=1), 1, "hour").due_at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_without_an_hour_the_hours_run_from_the_beginning_of_the_day():
    assert counted("Mon 9 Nov 2026", 36, "hour").due_at == at("Tue 10 Nov 2026", 12)


def test_no_hour_passes_on_a_day_on_which_the_clock_stood_still():
    pauses = [(day("Tue 10 Nov 2026"), day("Thu 12 Nov 2026"), "She is abroad.")]
    found = counted(at("Mon 9 Nov 2026", 14), 24, "hour", pauses=pauses)
    assert found.due_at == at("Thu 12 Nov 2026", 14)
    assert [one.why for one in found.days][1:3] == ["The clock stood still: She is abroad."] * 2


def test_hours_are_extended_by_hours_and_by_days():
    start = at("Mon 9 Nov 2026", 14)
    found = counted(start, 24, "hour", extensions=[(6, "hour", "The system is down.")])
    assert found.due_at == at("Tue 10 Nov 2026", 20)
    assert found.days[-1].why.endswith("Extended by 6 hours: The system is down.")
    later = counted(start, 24, "hour", extensions=[(2, "working_day", "The fitter is ill.")])
    assert (said(later.due_on), later.due_at) == ("Thu 12 Nov 2026", None)


def test_a_limit_in_days_has_no_hour():
    assert counted(at("Mon 9 Nov 2026", 14), 5, "working_day").due_at is None


# --- what cannot be counted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limit",
    [
        {"number": 0, "unit": "day"},
        {"number": -1, "unit": "working_day"},
        {"number": 1, "unit": "fortnight"},
        {"number": 1, "unit": "day", "count_from": "monday"},
        {"number": 1, "unit": "day", "roll": "over"},
        {"number": 24, "unit": "hour", "roll": "forward"},
        {"number": 24, "unit": "hour", "cutoff": time(17)},
        {"number": 1, "unit": "month", "count_from": "next_working_day"},
    ],
)
def test_a_limit_that_cannot_be_counted_is_refused(limit):
    with pytest.raises(ValueError, match=r"\S"):
        Limit(**limit)


def test_days_are_not_extended_by_hours():
    with pytest.raises(ValueError, match="hours"):
        counted("Mon 9 Nov 2026", 5, "working_day", extensions=[(6, "hour", "r")])


# --- in words ---------------------------------------------------------------------------------------------------------


def test_a_date_explains_itself_day_by_day():
    ours = Calendar(
        "GB",
        "ENG",
        days_off={day("Fri 20 Nov 2026"): "Office moves"},
        working_days={day("Sat 28 Nov 2026"): "Stocktaking"},
    )
    found = counted(
        "Mon 16 Nov 2026",
        9,
        "working_day",
        calendar=ours,
        pauses=[(day("Tue 24 Nov 2026"), day("Thu 26 Nov 2026"), "waiting for\nthe photographs")],
        extensions=[(2, "working_day", "The fitter is ill.")],
    )
    assert list(found.lines()) == [
        "9 working days from Monday, 16 November 2026; day one is the day after.",
        "November 2026",
        "  Mon 16    –  Day zero: what it runs from",
        "  Tue 17    1  Working day",
        "  Wed 18    2  Working day",
        "  Thu 19    3  Working day",
        "  Fri 20    –  Office moves",
        "  Sat 21    –  Saturday",
        "  Sun 22    –  Sunday",
        "  Mon 23    4  Working day",
        "  Tue 24    –  The clock stood still: waiting for the photographs",
        "  Wed 25    –  The clock stood still: waiting for the photographs",
        "  Thu 26    5  Working day",
        "  Fri 27    6  Working day",
        "  Sat 28    7  Stocktaking",
        "  Sun 29    –  Sunday",
        "  Mon 30    8  Working day",
        "December 2026",
        "  Tue  1    9  Working day",
        "  Wed  2   10  Extended: The fitter is ill.",
        "  Thu  3   11  Extended: The fitter is ill.",
        "Due on Thursday, 3 December 2026. Not counted: Office moves; Saturday; Sunday (2); "
        "The clock stood still: waiting for the photographs (2).",
    ]


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (Limit(1, "working_day"), "1 working day from 14:00 on Monday, 9 November 2026; day one is the day after."),
        (
            Limit(30, "day", "same_day", "forward"),
            "30 days from 14:00 on Monday, 9 November 2026; the day itself is day one; a last day on which nobody "
            "works gives way to the next working day.",
        ),
        (
            Limit(3, "working_day", "next_working_day", cutoff=time(17)),
            "3 working days from 14:00 on Monday, 9 November 2026; day one is the next working day; what comes in "
            "after 17:00 counts as come in on the next working day.",
        ),
        (
            Limit(6, "month"),
            "6 months from 14:00 on Monday, 9 November 2026; day one is the day after; a month ends on the same day of "
            "the next one, or with it where there is no such day.",
        ),
        (Limit(24, "hour"), "24 hours from 14:00 on Monday, 9 November 2026; they run on at night and on days off."),
    ],
)
def test_an_explanation_begins_with_what_was_asked(limit, asked):
    assert count(at("Mon 9 Nov 2026", 14), limit, calendar=ENGLAND, zone="Europe/London").asked == asked


def test_what_came_in_late_says_so_before_day_zero():
    found = counted(at("Fri 13 Nov 2026", 17, 30), 1, "working_day", cutoff=time(17))
    assert [(said(one.on), one.why) for one in found.days] == [
        ("Fri 13 Nov 2026", "Came in at 17:30, after 17:00"),
        ("Sat 14 Nov 2026", "Saturday"),
        ("Sun 15 Nov 2026", "Sunday"),
        ("Mon 16 Nov 2026", "Day zero: it counts as come in"),
        ("Tue 17 Nov 2026", "Working day"),
    ]


def test_a_rolled_day_shows_the_day_that_it_rolled_from():
    found = counted("Thu 12 Nov 2026", 2, "day", roll="forward")
    assert [(said(one.on), one.number, one.why) for one in found.days][2:] == [
        ("Sat 14 Nov 2026", 2, "Saturday: the last day rolls forward"),
        ("Sun 15 Nov 2026", None, "Sunday"),
        ("Mon 16 Nov 2026", None, "Rolled forward to this working day"),
    ]


def test_hours_say_at_what_hour_they_end():
    assert counted(at("Mon 9 Nov 2026", 14), 24, "hour").found == "Due on Tuesday, 10 November 2026 at 14:00."
    assert counted(date(2026, 11, 9), 1, "day").found == "Due on Tuesday, 10 November 2026."
