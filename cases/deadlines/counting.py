"""When something is due: walked day by day, so that the way there is the explanation."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .calendar import A_DAY, Calendar
from .explained import DAY_ZERO, Day, Explained
from .hours import local, run_hours
from .limit import CountFrom, Limit, Roll, Unit, in_words

COUNTED = {Unit.WORKING_DAY: "Working day", Unit.DAY: "Calendar day"}


class Stop(NamedTuple):
    """The clock stood still from a day on, up to the day before the one on which it ran again."""

    first: date
    again: date
    reason: str = ""

    @property
    def why(self) -> str:
        return f"The clock stood still: {_one_line(self.reason)}" if self.reason else "The clock stood still"


class More(NamedTuple):
    """An extension: by how much, and why."""

    number: int
    unit: Unit
    reason: str

    @property
    def why(self) -> str:
        return f"Extended by {in_words(self.number, self.unit)}: {_one_line(self.reason)}"


def count(
    anchor: date | datetime,
    limit: Limit,
    *,
    calendar: Calendar,
    zone: str = "UTC",
    pauses: Iterable[tuple] = (),
    extensions: Iterable[tuple] = (),
) -> Explained:
    """When what runs from `anchor` is due, explained day by day.

    An anchor with an hour falls on its day in `zone`. One without an hour came in before the cut-off; its hours run
    from the beginning of the day, so that nothing is due later than the rules allow. An hour without a zone is one of
    `zone`: the first of two when the clocks go back, and the one that they show when they skip it.

    `pauses` are (first day, day on which it ran again), with a reason where there is one; `extensions` are (number,
    unit, reason), each counted from the day on which it was due before.

    Raises NoCalendar, and ValueError for hours that are to extend days.
    """
    zone = ZoneInfo(zone)
    anchor = local(anchor, zone)
    more = [More(number, Unit(unit), reason) for number, unit, reason in extensions]
    walk = _Walk(calendar, [Stop(*pause) for pause in pauses])
    if limit.unit == Unit.HOUR:
        walk.hours(anchor, limit, [one for one in more if one.unit == Unit.HOUR], zone=zone)
        more = [one for one in more if one.unit != Unit.HOUR]
    else:
        walk.begin(anchor, limit)
        walk.go(limit)
    for one in more:
        walk.extend(one, roll=limit.roll)
    return Explained(limit, anchor, zone, tuple(walk.days), due_at=walk.due_at, beyond=tuple(walk.beyond))


class _Walk:
    """From the day of an event, day by day, to the day that something is due."""

    def __init__(self, calendar, stops):
        self.calendar, self.stops = calendar, stops
        self.days: list[Day] = []
        self.beyond: list[Day] = []
        self.number = 0
        self.due_at: datetime | None = None

    # --- the ways of counting ---

    def begin(self, anchor, limit):
        """Every day is walked that lies before day one."""
        self.next = anchor.date() if isinstance(anchor, datetime) else anchor
        if limit.cutoff:
            self._to_when_it_counts_as_come_in(anchor, limit)
        if limit.count_from == CountFrom.SAME_DAY:
            return
        self._skip(f"{DAY_ZERO}: {'it counts as come in' if self.days else 'what it runs from'}")
        if limit.count_from == CountFrom.NEXT_WORKING_DAY:
            while off := self.calendar.day_off(self.next):
                self._skip(off)

    def go(self, limit):
        """The limit is counted off from day one, and its last day rolls."""
        number, unit = limit.number, limit.unit
        if unit == Unit.MONTH:
            includes_first = limit.count_from == CountFrom.SAME_DAY
            number, unit = _days_of_months(self.next, number, includes_first=includes_first), Unit.DAY
        self._count(number, unit)
        self._roll(limit.roll)

    def extend(self, more, *, roll):
        """What was due is due later by `more`, counted from the day after."""
        if more.unit == Unit.HOUR:
            raise ValueError("Days cannot be extended by hours.")
        self.beyond, self.due_at = [], None
        due_on = self.days[-1].on
        self.next = due_on + A_DAY
        number, unit = more.number, more.unit
        if unit == Unit.MONTH:
            number, unit = (_months_after(due_on, number) - due_on).days, Unit.DAY
        self._count(number, unit, why=f"Extended: {_one_line(more.reason)}")
        self._roll(roll)

    def hours(self, anchor, limit, more, *, zone):
        """Hours are counted from the minute, and those of the extensions with them."""
        number = limit.number + sum(one.number for one in more)
        self.days, self.due_at = run_hours(anchor, number, zone=zone, stood=self._stood)
        if more:
            self._add_to_last(". ".join(one.why for one in more))

    # --- the steps of all of them ---

    def _count(self, number, unit, why=""):
        if unit == Unit.WEEK:
            number, unit = number * 7, Unit.DAY
        while number > 0:
            reason = self._stood(self.next) or (self._off(self.next) if unit == Unit.WORKING_DAY else None)
            if reason:
                self._skip(reason)
            else:
                number -= 1
                self._take(why or self._worked(unit))

    def _roll(self, way):
        if way == Roll.NONE or not self._off(self.days[-1].on):
            return
        worked = [at for at, day in enumerate(self.days) if not self._off(day.on)]
        if way == Roll.BACK and worked:  # nothing is due before the event: without a day in between it rolls forward
            self._roll_back(worked[-1])
        else:
            self._roll_forward()

    def _roll_back(self, to):
        self.beyond = self.days[to + 1 :]
        del self.days[to + 1 :]
        self._add_to_last(
            "Rolled back over " + ", ".join(f"{self._off(day.on)} {day.on:%-d %B}" for day in self.beyond)
        )

    def _roll_forward(self):
        last = self.days[-1]
        self.days[-1] = replace(last, why=f"{self._off(last.on)}: the last day rolls forward")
        while reason := self._off(self.next) or self._stood(self.next):
            self._skip(reason)
        self._skip("Rolled forward to this working day")

    def _to_when_it_counts_as_come_in(self, anchor, limit):
        hour = anchor.time() if isinstance(anchor, datetime) else time.min
        closed = self._off if limit.goes_by_the_office else lambda day: None
        if hour > limit.cutoff and not closed(self.next):
            self._skip(f"Came in at {hour:%H:%M}, after {limit.cutoff:%H:%M}")
        while off := closed(self.next):
            self._skip(off)

    def _add_to_last(self, words):
        self.days[-1] = replace(self.days[-1], why=f"{self.days[-1].why}. {words}")

    def _off(self, day):
        return self.calendar.day_off(day)

    def _stood(self, day) -> str | None:
        return next((stop.why for stop in self.stops if stop.first <= day < stop.again), None)

    def _worked(self, unit) -> str:
        return (self.calendar.extra(self.next) if unit == Unit.WORKING_DAY else None) or COUNTED[unit]

    def _take(self, why):
        self.number += 1
        self.days.append(Day(self.next, True, self.number, why))
        self.next += A_DAY

    def _skip(self, why):
        self.days.append(Day(self.next, False, None, why))
        self.next += A_DAY


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _days_of_months(first: date, months: int, *, includes_first: bool) -> int:
    """How many days from `first` on these months have. A period that begins with a day ends on the day before the same
    one of a later month; one that runs from the day before ends on that same one. Where a month has no such day, both
    end with the month."""
    if not includes_first:
        zero = first - A_DAY
        return (_months_after(zero, months) - zero).days
    end = _months_after(first, months)
    return (end - first).days + (end.day < first.day)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: a month after 31 January is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
