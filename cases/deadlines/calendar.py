"""Which days are worked at a place, and why the others are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from .published import NoCalendar, Year, published

__all__ = ["Calendar", "NoCalendar", "day_off", "due_before", "working_days_after", "working_days_between"]

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The working days of a place, and of those who work there: their own days off and extra working days, by name.

    What is published is remembered by the process, since it changes with a release alone; what somebody says of their
    own days never is.
    """

    country: str
    region: str = ""
    days_off: Mapping[date, str] = field(default_factory=dict)
    working_days: Mapping[date, str] = field(default_factory=dict)

    def day_off(self, day: date) -> str | None:
        """Why nobody works on `day` ("Saturday", "Good Friday", "Office moves"); None on a working day. An own working
        day goes before everything, an own day off before what is published.

        Raises NoCalendar, naming the place and the year, for one whose working days are not known.
        """
        year = self._year(day.year)
        if day in self.working_days:
            return None
        return self.days_off.get(day) or year.days_off.get(day)

    def extra(self, day: date) -> str | None:
        """Why `day` is worked although the week, or a holiday, says otherwise; None on any other day."""
        year = self._year(day.year)
        if day in self.working_days:
            return self.working_days[day]
        return year.exchanged.get(day) if day not in self.days_off else None

    def _year(self, number: int) -> Year:
        year = published(self.country, self.region, number)
        if not year.exchanges_are_known and not self._has_an_exchange(year, number):
            raise NoCalendar(
                f"It is not known yet which weekend days of {number} “{self.country}” works in exchange for days off. "
                "Take up a newer release of the holidays, or enter those days as your own: each weekend day that is "
                "worked, and each day off that it is worked for."
            )
        return year

    def _has_an_exchange(self, year, number) -> bool:
        """Both halves of one: a weekend day worked, and a day off in the week. A working Saturday before Christmas, or
        a party, says nothing by itself about what the government decreed."""
        worked = any(day.year == number and day in year.days_off for day in self.working_days)
        return worked and any(day.year == number and day not in year.days_off for day in self.days_off)


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
    """A point of warning: the last working day on which `count` working days are left to do what is due on `day`, that
    one included."""
    while calendar.day_off(day):
        day -= A_DAY
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
