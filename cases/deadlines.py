"""Counting days. Pure: no database, no clock; every function is told its days.

A day is walked, never subtracted, so that one more day off can only make a date later, and so that every date can say
day by day why it is what it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

A_DAY = timedelta(days=1)
# Here the government says year by year which weekend days are worked; without that nobody can count the year.
DECREED_EACH_YEAR = frozenset({"CN"})


class NoCalendar(LookupError):
    """No working days are known for this place and year, so none can be counted; the text names both."""


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"


@dataclass(frozen=True)
class Limit:
    """How long something may take, and how its first and its last day are chosen."""

    number: int
    unit: Unit
    count_from: str = "next_day"  # or "same_day", "next_working_day"
    roll: str = "none"  # or "forward", "back": what becomes of a last day on which nobody works
    cutoff: time | None = None  # what comes in later counts as come in on the next working day


# --- which days are worked --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calendar:
    """The working days of a place, and of those who work there: their own days off and extra working days, by name."""

    country: str
    region: str = ""
    days_off: Mapping[date, str] = field(default_factory=dict)
    working_days: Mapping[date, str] = field(default_factory=dict)

    def day_off(self, day: date) -> str | None:
        """Why nobody works on `day` ("Saturday", "Good Friday"); None on a working day.

        Raises NoCalendar for a place or year without known holidays.
        """
        if day in self.working_days:
            return None
        year = _year(self.country, self.region, day.year)
        if self._lacks_decree(year, day.year):
            raise NoCalendar(
                f"Which weekend days of {day.year} are worked in “{self.country}” is not known yet: "
                "take up a newer release of the holidays, or add those days to the calendar of the house."
            )
        if day in self.days_off:
            return self.days_off[day]
        if day in year.days:
            return year.days[day]
        return day.strftime("%A") if day.weekday() in year.weekend and day not in year.worked else None

    def _lacks_decree(self, year, number) -> bool:
        own = any(day.year == number for day in self.working_days)
        return self.country in DECREED_EACH_YEAR and not year.worked and not own


@dataclass(frozen=True)
class _Year:
    """A year at a place: its holidays by name, its weekend as date.weekday() counts, weekend days that are worked."""

    days: Mapping[date, str]
    weekend: frozenset[int]
    worked: frozenset[date]


@lru_cache(maxsize=256)
def _year(country: str, region: str, year: int) -> _Year:
    where = f"“{country}”" if not region else f"“{country}”, region “{region}”,"
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year, language="en_US")
    except NotImplementedError:
        raise NoCalendar(f"No holiday calendar is known for {where.rstrip(',')}.") from None
    if not found or not found.start_year <= year <= found.end_year:
        raise NoCalendar(f"The holiday calendar of {where} does not cover the year {year}.")
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    return _Year(dict(found), frozenset(found.weekend), worked)


def day_off(day: date, *, calendar: Calendar) -> str | None:
    """As Calendar.day_off."""
    return calendar.day_off(day)


def working_days_after(day: date, count: int, *, calendar: Calendar) -> date:
    """The `count`-th working day after `day`; `day` itself is day zero, worked or not."""
    while count > 0:
        day += A_DAY
        if not calendar.day_off(day):
            count -= 1
    return day


def due_before(day: date, count: int, *, calendar: Calendar) -> date:
    """The `count`-th working day before `day`: a point of warning."""
    while count > 0:
        day -= A_DAY
        if not calendar.day_off(day):
            count -= 1
    return day


def working_days_between(start: date, end: date, *, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar=calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(not calendar.day_off(day) for day in days)


# --- when something is due, and why -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """A day between the event and the deadline: whether it counts, as which one, and why or why not."""

    on: date
    counts: bool
    number: int | None
    why: str


@dataclass(frozen=True)
class Explained:
    """When something is due, and every day up to then; the last of `days` is `due_on`. `due_at` is the instant, for a
    limit in hours alone."""

    due_on: date
    due_at: datetime | None
    days: tuple[Day, ...]

    def lines(self) -> Iterator[str]:
        """The days in words, one a line."""
        for day in self.days:
            yield f"{day.on:%a %d %b %Y}  {day.number if day.counts else '–':>3}  {day.why}"


def count(
    anchor: date | datetime, limit: Limit, *, calendar: Calendar, zone="UTC", pauses=(), extensions=()
) -> Explained:
    """When what runs from `anchor` is due, explained day by day.

    `pauses` are (first day, day on which it ran again) pairs; `extensions` are (number, unit, reason). An anchor
    without an hour is taken for the beginning of its day, and for one before the cut-off. Raises NoCalendar.
    """
    if limit.unit == Unit.HOUR:
        return _count_hours(anchor, limit.number, zone=ZoneInfo(zone), pauses=pauses)
    walk = _Walk(calendar, pauses)
    walk.begin(anchor, limit, zone=ZoneInfo(zone))
    walk.on(limit.number, limit.unit)
    for number, unit, reason in extensions:
        walk.on(number, Unit(unit), extended=reason)
    walk.roll(limit.roll)
    return Explained(walk.days[-1].on, None, tuple(walk.days))


COUNTED = {Unit.WORKING_DAY: "Working day", Unit.DAY: "Day"}


class _Walk:
    """From the day of an event, day by day, to the day that something is due."""

    def __init__(self, calendar, pauses):
        self.calendar, self.pauses = calendar, pauses
        self.days: list[Day] = []
        self.number = 0

    def begin(self, anchor, limit, *, zone):
        """The first day is walked, and those that do not count because of how day one is chosen."""
        hour = anchor.astimezone(zone) if isinstance(anchor, datetime) else None
        day = hour.date() if hour else anchor
        if limit.count_from == "same_day" and not (hour and limit.cutoff and hour.time() > limit.cutoff):
            self.next = day
            return
        self._skip(day, "Day zero: what it runs from")
        self.next = day + A_DAY
        if hour and limit.cutoff and hour.time() > limit.cutoff:
            self._to_a_working_day(f"Came in after {limit.cutoff:%H:%M}: counts as the next working day")
            if limit.count_from != "same_day":
                self._skip(self.next, f"Day zero: it came in after {limit.cutoff:%H:%M} the day before")
                self.next += A_DAY
        if limit.count_from == "next_working_day":
            self._to_a_working_day("Day one is a working day")

    def on(self, number, unit, *, extended=""):
        """`number` more of `unit` are walked."""
        if unit == Unit.MONTH:
            start = self.next - A_DAY
            number, unit = (_months_after(start, number) - start).days, Unit.DAY
        elif unit == Unit.WEEK:
            number, unit = number * 7, Unit.DAY
        while number > 0:
            reason = self._why_not(self.next, unit)
            if reason:
                self._skip(self.next, reason)
            else:
                number -= 1
                self.number += 1
                self.days.append(
                    Day(self.next, True, self.number, f"Extended: {extended}" if extended else COUNTED[unit])
                )
            self.next += A_DAY

    def roll(self, way):
        """A last day on which nobody works gives way to the next, or the last, working day."""
        off = self.calendar.day_off(self.days[-1].on) if way != "none" else None
        while off and way == "forward":
            last = self.days[-1]
            self.days[-1] = Day(last.on, last.counts, last.number, f"{off}: the last day rolls forward")
            self._skip(self.next, "The next working day")
            self.next += A_DAY
            off = self.calendar.day_off(self.days[-1].on)
        while off and way == "back" and len(self.days) > 1:
            self.days.pop()
            off = self.calendar.day_off(self.days[-1].on)

    def _why_not(self, day, unit) -> str | None:
        if any(first <= day < again for first, again in self.pauses):
            return "The clock stood still"
        return self.calendar.day_off(day) if unit == Unit.WORKING_DAY else None

    def _to_a_working_day(self, why):
        while off := self.calendar.day_off(self.next):
            self._skip(self.next, f"{off}. {why}")
            self.next += A_DAY

    def _skip(self, day, why):
        self.days.append(Day(day, False, None, why))


def _count_hours(anchor, number, *, zone, pauses) -> Explained:
    """Hours that pass, whatever the clocks on the wall do; a day on which the clock stood still adds one."""
    start = anchor if isinstance(anchor, datetime) else datetime.combine(anchor, time.min, tzinfo=zone)
    due_at = start.astimezone(UTC) + timedelta(hours=number)
    day, days = start.astimezone(zone).date(), []
    while day <= due_at.astimezone(zone).date():
        stood = any(first <= day < again for first, again in pauses)
        if stood:
            due_at += A_DAY
        days.append(Day(day, False, None, "The clock stood still" if stood else "Hours run on every day"))
        day += A_DAY
    local = due_at.astimezone(zone)
    words = f"{number} hours after {start.astimezone(zone):%H:%M on %-d %B} end at {local:%H:%M}"
    days[-1] = Day(local.date(), True, number, words)
    return Explained(local.date(), due_at, tuple(days))


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: a month after 31 January is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
