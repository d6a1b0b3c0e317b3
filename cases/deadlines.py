"""Counting days. Pure: no database, no clock; every function is told its days.

A day is walked, never subtracted, so that one more day off can only make a date later.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

WEEKEND = (5, 6)  # Saturday and Sunday, as date.weekday() counts


class NoCalendar(LookupError):
    """No holidays are known for this country and year, so no working day can be counted."""


@lru_cache(maxsize=256)
def _days_off(country: str, year: int) -> dict[date, str]:
    try:
        days = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise NoCalendar(f"No holiday calendar is known for the country “{country}”.") from None
    if not days:
        raise NoCalendar(f"The holiday calendar of “{country}” does not cover the year {year}.")
    return dict(days)


def day_off(day: date, *, country: str) -> str | None:
    """Why nobody works on `day` in `country` ("Saturday", "Good Friday"); None on a working day.

    Raises NoCalendar for a country or year without known holidays.
    """
    named = _days_off(country, day.year).get(day)
    if named:
        return named
    return day.strftime("%A") if day.weekday() in WEEKEND else None


def working_days_after(day: date, count: int, *, country: str) -> date:
    """The `count`-th working day after `day`; `day` itself is day zero, worked or not."""
    while count > 0:
        day += timedelta(days=1)
        if not day_off(day, country=country):
            count -= 1
    return day


def working_days_between(start: date, end: date, *, country: str) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, country=country)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(not day_off(day, country=country) for day in days)
