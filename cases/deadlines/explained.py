"""Why a date is what it is: every day from the event to the deadline, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from .limit import CountFrom, Limit, Roll, Unit

COUNTED_FROM = {
    CountFrom.SAME_DAY: "the day itself is day one",
    CountFrom.NEXT_DAY: "day one is the day after",
    CountFrom.NEXT_WORKING_DAY: "day one is the next working day",
}
DAY_ZERO = "Day zero"
ROLLED = {
    Roll.FORWARD: "a last day on which nobody works gives way to the next working day",
    Roll.BACK: "a last day on which nobody works gives way to the working day before",
}


@dataclass(frozen=True)
class Day:
    """A day between the event and the deadline: whether it counts, as which one, and why or why not. Where hours are
    counted, `number` is how many have passed by the end of the day."""

    on: date
    counts: bool
    number: int | None
    why: str


@dataclass(frozen=True)
class Explained:
    """When something is due, and every day up to then.

    The last of `days` is `due_on`. Together with those of `beyond` the days that count are as many as the limit and its
    extensions ask for; in `beyond` are those that were counted, and rolled back over. `due_at` is the instant, for a
    limit in hours alone: in UTC, since an hour that the clocks of a zone show twice is never equal to itself elsewhere.
    """

    limit: Limit
    anchor: date | datetime
    zone: ZoneInfo
    days: tuple[Day, ...]
    due_at: datetime | None = None
    beyond: tuple[Day, ...] = ()

    @property
    def due_on(self) -> date:
        return self.days[-1].on

    @property
    def asked(self) -> str:
        """“20 working days from Monday, 9 November 2026; day one is the day after.”"""
        hour = f"{self.anchor:%H:%M} on " if isinstance(self.anchor, datetime) else ""
        head = f"{self.limit} from {hour}{self.anchor:%A, %-d %B %Y}"
        return "; ".join([head, *self._how()]) + "."

    def _how(self):
        if self.limit.unit == Unit.HOUR:
            yield "they run on at night and on days off"
            return
        yield COUNTED_FROM[self.limit.count_from]
        if self.limit.unit == Unit.MONTH:
            before = "the day before " if self.limit.count_from == CountFrom.SAME_DAY else ""
            yield f"a month ends on {before}the same day of the next one, or with it where there is no such day"
        if self.limit.cutoff:
            next_one = "next working day" if self.limit.goes_by_the_office else "next day"
            yield f"what comes in after {self.limit.cutoff:%H:%M} counts as come in on the {next_one}"
        if self.limit.roll in ROLLED:
            yield ROLLED[self.limit.roll]

    @property
    def found(self) -> str:
        """“Due on Monday, 7 December 2026. Not counted: Saturday (4); Sunday (4).”"""
        hour = f" at {self.due_at.astimezone(self.zone):%H:%M}" if self.due_at else ""
        due = f"Due on {self.due_on:%A, %-d %B %Y}{hour}."
        skipped = Counter(day.why for day in self.days[:-1] if not (day.counts or day.why.startswith(DAY_ZERO)))
        tally = "; ".join(f"{why} ({times})" if times > 1 else why for why, times in skipped.items())
        return f"{due} Not counted: {tally}." if tally else due

    def months(self) -> Iterator[tuple[str, list[Day]]]:
        """The days under their months: “November 2026”."""
        for month, days in groupby(self.days, key=lambda day: f"{day.on:%B %Y}"):
            yield month, list(days)

    def lines(self) -> Iterator[str]:
        """All of it in words, one line a day under its month, for a terminal or a sheet of paper."""
        yield self.asked
        for month, days in self.months():
            yield month
            for day in days:
                number = "–" if day.number is None else day.number
                yield f"  {day.on:%a} {day.on.day:>2}  {number:>3}  {day.why}".rstrip()
        yield self.found
