"""Counting days. Pure: no database, no clock; every function is told its days.

A day is walked, never subtracted, so that one more day off can only make a date later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

WEEKEND = (5, 6)  # Saturday and Sunday, as date.weekday() counts


class NoCalendar(LookupError):
    """No holidays are known for this country and year, so no working day can be counted."""


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
        named = _days_off(self.country, self.region, day.year).get(day)
        if day in self.working_days:
            return None
        weekend = day.strftime("%A") if day.weekday() in WEEKEND else None
        return self.days_off.get(day) or named or weekend


@lru_cache(maxsize=256)
def _days_off(country: str, region: str, year: int) -> dict[date, str]:
    try:
        days = holidays.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:
        raise NoCalendar(f"No holiday calendar is known for the country “{country}”.") from None
    if not days:
        raise NoCalendar(f"The holiday calendar of “{country}” does not cover the year {year}.")
    return dict(days)


def day_off(day: date, *, calendar: Calendar) -> str | None:
    """As Calendar.day_off."""
    return calendar.day_off(day)


def working_days_after(day: date, count: int, *, calendar: Calendar) -> date:
    """The `count`-th working day after `day`; `day` itself is day zero, worked or not."""
    while count > 0:
        day += timedelta(days=1)
        if not day_off(day, calendar=calendar):
            count -= 1
    return day


def working_days_between(start: date, end: date, *, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar=calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(not day_off(day, calendar=calendar) for day in days)
