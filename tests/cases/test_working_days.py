"""Which days are worked, where. Every date was looked up on a calendar; its weekday is written here, and looked at."""

from datetime import timedelta

import holidays
import pytest

from cases.deadlines import Calendar, NoCalendar, day_off, due_before, working_days_after, working_days_between
from cases.deadlines.published import NO_LONGER, exchanges, published
from tests.cases.weekdays import day, said

ENGLAND = Calendar("GB", "ENG")


def off(place, written):
    return day_off(day(written), calendar=Calendar(*place))


@pytest.mark.parametrize(
    ("place", "written", "why"),
    [
        # England and Wales keep Easter Monday, Scotland does not; what all parts share is what “GB” alone knows
        (("GB", "ENG"), "Fri 3 Apr 2026", "Good Friday"),
        (("GB", "ENG"), "Mon 6 Apr 2026", "Easter Monday"),
        (("GB", "SCT"), "Mon 6 Apr 2026", None),
        (("GB", ""), "Mon 6 Apr 2026", None),
        (("GB", "SCT"), "Fri 2 Jan 2026", "New Year Holiday"),
        (("GB", "ENG"), "Fri 2 Jan 2026", None),
        (("GB", "SCT"), "Mon 30 Nov 2026", "Saint Andrew's Day"),
        (("GB", "SCT"), "Mon 3 Aug 2026", "Summer Bank Holiday"),
        (("GB", "SCT"), "Mon 31 Aug 2026", None),
        (("GB", "ENG"), "Mon 31 Aug 2026", "Late Summer Bank Holiday"),
        (("GB", "ENG"), "Mon 28 Dec 2026", "Boxing Day (observed)"),  # the 26th is a Saturday
        # the Twelfth is a Sunday in 2026
        (("GB", "NIR"), "Mon 13 Jul 2026", "Battle of the Boyne (observed)"),
        (("GB", "NIR"), "Tue 17 Mar 2026", "Saint Patrick's Day"),
        (("GB", "ENG"), "Tue 17 Mar 2026", None),
        # Ireland works on Good Friday
        (("IE", ""), "Fri 3 Apr 2026", None),
        (("IE", ""), "Mon 2 Feb 2026", "Saint Brigid's Day"),
        (("IE", ""), "Mon 26 Oct 2026", "October Bank Holiday"),
        (("IE", ""), "Sat 26 Dec 2026", "Saint Stephen's Day"),
        # each state of Australia, each province of Canada has its own
        (("AU", "NSW"), "Mon 27 Apr 2026", "ANZAC Day (observed)"),
        (("AU", "VIC"), "Mon 27 Apr 2026", None),
        (("AU", "VIC"), "Tue 3 Nov 2026", "Melbourne Cup Day"),
        (("AU", ""), "Mon 26 Jan 2026", "Australia Day"),
        (("CA", "ON"), "Mon 16 Feb 2026", "Family Day"),
        (("CA", "QC"), "Mon 16 Feb 2026", None),
        (("CA", "QC"), "Wed 24 Jun 2026", "Saint Jean Baptiste Day"),
        (("CA", ""), "Wed 1 Jul 2026", "Canada Day"),
        # Friday and Saturday are the weekend, Sunday is worked
        (("IL", ""), "Fri 13 Nov 2026", "Friday"),
        (("IL", ""), "Sat 14 Nov 2026", "Saturday"),
        (("IL", ""), "Sun 15 Nov 2026", None),
        (("SA", ""), "Fri 13 Nov 2026", "Friday"),
        (("SA", ""), "Sun 15 Nov 2026", None),
        # a weekend moves, and the calendar of a year keeps the one that it had
        (("SA", ""), "Thu 13 Jun 2013", "Thursday"),
        (("SA", ""), "Thu 11 Jul 2013", None),
        (("AE", ""), "Sun 14 Nov 2021", None),
        (("AE", ""), "Sun 13 Nov 2022", "Sunday"),
        (("AE", ""), "Fri 11 Nov 2022", None),
        (("HK", ""), "Sat 14 Nov 2026", None),  # Sunday alone
        # China: a Friday off, and the Sunday after it worked
        (("CN", ""), "Fri 2 Jan 2026", "Day off in place of Sunday, 4 January"),
        (("CN", ""), "Sun 4 Jan 2026", None),
        (("CN", ""), "Sat 14 Feb 2026", None),
        (("CN", ""), "Sat 7 Feb 2026", "Saturday"),
        (("CN", ""), "Sat 10 Oct 2026", None),
        (("HU", ""), "Sat 8 Aug 2026", None),  # worked for Friday the 21st
        (("HU", ""), "Fri 21 Aug 2026", "Day off in place of Saturday, 8 August"),
    ],
)
def test_a_place_keeps_its_own_days(place, written, why):
    assert off(place, written) == why


def test_an_exchanged_weekend_day_says_for_what_it_is_worked():
    china = Calendar("CN")
    assert china.extra(day("Sun 4 Jan 2026")) == "Sunday, worked for Friday, 2 January"
    assert china.extra(day("Mon 5 Jan 2026")) is None


def test_names_are_english_whatever_the_process_speaks(monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(name, "de_DE.UTF-8")
    published.cache_clear()
    assert off(("DE", "BY"), "Fri 3 Apr 2026") == "Good Friday"
    assert off(("NL", ""), "Mon 6 Apr 2026") == "Easter Monday"
    published.cache_clear()


# --- what those who work there say ------------------------------------------------------------------------------------

MOVES, STOCKTAKING = day("Fri 20 Nov 2026"), day("Sat 28 Nov 2026")


def test_an_own_day_off_is_off_by_its_name_and_an_own_working_day_is_worked():
    ours = Calendar("GB", "ENG", days_off={MOVES: "Office moves"}, working_days={STOCKTAKING: "Stocktaking"})
    assert ours.day_off(MOVES) == "Office moves"
    assert ours.day_off(STOCKTAKING) is None
    assert ours.extra(STOCKTAKING) == "Stocktaking"
    assert ours.day_off(day("Sat 21 Nov 2026")) == "Saturday"


def test_an_own_working_day_goes_before_a_holiday_and_before_an_own_day_off():
    good_friday = day("Fri 3 Apr 2026")
    ours = Calendar("GB", "ENG", days_off={good_friday: "Closed"}, working_days={good_friday: "Open after all"})
    assert ours.day_off(good_friday) is None


def test_an_own_day_off_takes_a_working_weekend_day_back():
    sunday = day("Sun 4 Jan 2026")
    ours = Calendar("CN", days_off={sunday: "We stay at home"})
    assert ours.day_off(sunday) == "We stay at home"
    assert ours.extra(sunday) is None


def test_a_day_off_counts_at_once():
    days_off = {}
    ours = Calendar("GB", "ENG", days_off=days_off)
    assert ours.day_off(MOVES) is None
    days_off[MOVES] = "Office moves"
    assert ours.day_off(MOVES) == "Office moves"
    assert Calendar("GB", "ENG").day_off(MOVES) is None


# --- what nobody knows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "written", "told"),
    [
        (("XX", ""), "Mon 9 Nov 2026", "No holiday calendar is known for “XX”."),
        (("", ""), "Mon 9 Nov 2026", "No holiday calendar is known for “”."),
        (("GB", "XYZ"), "Mon 9 Nov 2026", "“GB” has no region “XYZ”. It knows ENG, NIR, SCT, WLS."),
        (("IE", "D"), "Mon 9 Nov 2026", "“IE” has no region “D”. It knows no regions."),
        (("IM", "SCT"), "Mon 9 Nov 2026", "“IM” has no region “SCT”. It knows no regions."),  # the library is silent
        (("LK", ""), "Fri 1 Jan 2027", "“LK” does not cover the year 2027."),
        (("JP", ""), "Fri 1 Jan 2100", "“JP” does not cover the year 2100."),
        (("GB", "SCT"), "Sun 1 Jan 1871", "“GB”, region “SCT”, does not cover the year 1871."),
        (("BV", ""), "Mon 9 Nov 2026", "“BV” does not cover the year 2026."),  # an island with penguins
        (("UA", ""), "Mon 9 Nov 2026", "“UA” does not cover the year 2026."),  # no holidays under martial law
        (("CN", ""), "Fri 1 Jan 2027", "which weekend days of 2027 “CN” works"),
        (("HU", ""), "Fri 1 Jan 2027", "which weekend days of 2027 “HU” works"),
    ],
)
def test_what_the_calendar_does_not_cover_is_an_error_that_names_it(place, written, told):
    with pytest.raises(NoCalendar) as error:
        off(place, written)
    assert told in str(error.value)


def test_counting_into_a_year_that_is_not_known_stops_there():
    with pytest.raises(NoCalendar, match="2027"):
        working_days_after(day("Tue 29 Dec 2026"), 3, calendar=Calendar("CN"))
    assert said(working_days_after(day("Tue 29 Dec 2026"), 2, calendar=Calendar("CN"))) == "Thu 31 Dec 2026"


THURSDAY, FRIDAY = day("Thu 11 Feb 2027"), day("Fri 12 Feb 2027")
SATURDAY, SUNDAY = day("Sat 20 Feb 2027"), day("Sun 21 Feb 2027")


def test_a_year_whose_exchanges_we_entered_ourselves_is_known():
    ours = Calendar("CN", days_off={FRIDAY: "Spring Festival"}, working_days={SATURDAY: "For 12 February"})
    assert ours.day_off(SATURDAY) is None
    assert ours.day_off(FRIDAY) == "Spring Festival"
    with pytest.raises(NoCalendar, match="2028"):
        ours.day_off(day("Mon 10 Jan 2028"))


@pytest.mark.parametrize(
    "own",
    [
        {"working_days": {SATURDAY: "We have a lot to do"}},
        {"days_off": {FRIDAY: "Party"}},
        {"working_days": {THURSDAY: "Worked anyway"}, "days_off": {FRIDAY: "Party"}},
        {"working_days": {SATURDAY: "We have a lot to do"}, "days_off": {SUNDAY: "Off anyway"}},
    ],
)
def test_half_an_exchange_says_nothing_about_what_was_decreed(own):
    with pytest.raises(NoCalendar):
        Calendar("CN", **own).day_off(day("Mon 8 Feb 2027"))


def test_places_that_exchange_days_no_longer_have_not_begun_again():
    assert {place: max(off for off, _ in exchanges(holidays.country_holidays(place))).year for place in NO_LONGER} == {
        "AM": 2021,
        "BG": 2016,
        "TW": 2025,
    }
    assert off(("TW", ""), "Mon 16 Nov 2026") is None


# --- steps of days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("Fri 13 Nov 2026", 1, "Mon 16 Nov 2026"),
        ("Sat 14 Nov 2026", 1, "Mon 16 Nov 2026"),
        ("Thu 2 Apr 2026", 1, "Tue 7 Apr 2026"),
        ("Thu 24 Dec 2026", 4, "Mon 4 Jan 2027"),  # the 25th, 26th, 27th, 28th and New Year's Day are off
        ("Thu 2 Apr 2026", 0, "Thu 2 Apr 2026"),
    ],
)
def test_working_days_are_walked(start, number, end):
    assert said(working_days_after(day(start), number, calendar=ENGLAND)) == end


@pytest.mark.parametrize(
    ("due_on", "number", "point"),
    [
        ("Wed 18 Nov 2026", 0, "Wed 18 Nov 2026"),
        ("Wed 18 Nov 2026", 2, "Mon 16 Nov 2026"),
        ("Wed 18 Nov 2026", 3, "Fri 13 Nov 2026"),
        ("Sun 15 Nov 2026", 0, "Fri 13 Nov 2026"),  # the last day to work on it
        ("Sun 15 Nov 2026", 1, "Thu 12 Nov 2026"),  # Friday is left
        ("Tue 7 Apr 2026", 1, "Thu 2 Apr 2026"),
    ],
)
def test_a_point_of_warning_leaves_so_many_working_days(due_on, number, point):
    assert said(due_before(day(due_on), number, calendar=ENGLAND)) == point
    assert working_days_between(day(point), day(due_on), calendar=ENGLAND) == number


def test_what_is_over_since_some_working_days_is_as_many_days_before():
    monday, next_monday = day("Mon 9 Nov 2026"), day("Mon 16 Nov 2026")
    assert working_days_between(monday, next_monday, calendar=ENGLAND) == 5
    assert working_days_between(next_monday, monday, calendar=ENGLAND) == -5
    assert working_days_between(monday, monday, calendar=ENGLAND) == 0


def test_the_weekend_is_off_all_the_year():
    days = [day("Thu 1 Jan 2026") + timedelta(days=n) for n in range(365)]
    assert all(ENGLAND.day_off(one) for one in days if one.weekday() > 4)
    assert sum(not ENGLAND.day_off(one) for one in days) == 253  # 261 weekdays, eight holidays
