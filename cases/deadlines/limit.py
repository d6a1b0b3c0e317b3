"""How long something may take."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"


class CountFrom(StrEnum):
    """Which day is day one: the one after the event, that of the event, or the first working day after."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"


class Roll(StrEnum):
    """What becomes of a last day on which nobody works: it stays, or gives way to the working day after, or before."""

    NONE = "none"
    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True)
class Limit:
    """How long something may take, and how its first and its last day are chosen.

    What comes in after the `cutoff` counts as come in on the next day. Where an office works it off (working days, or
    a day one that is a working day) that is the next working day, and what comes in on a day off does so too: otherwise
    Saturday's complaint would have to be answered before that of Friday evening.

    Raises ValueError for what cannot be counted.
    """

    number: int
    unit: Unit
    count_from: CountFrom = CountFrom.NEXT_DAY
    roll: Roll = Roll.NONE
    cutoff: time | None = None

    def __post_init__(self):
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "count_from", CountFrom(self.count_from))
        object.__setattr__(self, "roll", Roll(self.roll))
        if self.number < 1:
            raise ValueError(f"A limit of {self.number} is none.")
        if self.unit == Unit.HOUR and (self.cutoff or self.roll != Roll.NONE):
            raise ValueError("Hours run on, whatever the day: they neither roll nor have a cut-off.")
        if self.unit == Unit.MONTH and self.count_from == CountFrom.NEXT_WORKING_DAY:
            # months differ, so that a later day one can end a month earlier than an earlier one
            raise ValueError("Months run from a day of the calendar: count from the same day, or from the next.")

    @property
    def goes_by_the_office(self) -> bool:
        return self.unit == Unit.WORKING_DAY or self.count_from == CountFrom.NEXT_WORKING_DAY

    def __str__(self):
        return in_words(self.number, self.unit)


def in_words(number: int, unit: Unit) -> str:
    """“1 working day”, “8 weeks”."""
    return f"{number} {unit.replace('_', ' ')}{'' if number == 1 else 's'}"
