"""The ladders of the follow-ups: at which steps each kind is brought to mind, of whom, and when. Pure: no database, no
clock, no Django; every function is told its days.

A rung is planned on a day, counted by the working days of whoever has to act, and at the hour at which they open. What
is due on a day off is brought to mind on the working day before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.deadlines import Calendar, due_before, working_days_after

OPENS = time(8)  # nobody is reminded before they open, nor at midnight
BEFORE_A_CALL = timedelta(minutes=15)
AFTER_A_CALL = timedelta(hours=1)
AT_ANY_HOUR = ("callback", "due")  # told at night too: a call at an hour that was agreed on


class Who(StrEnum):
    """Whom a step concerns, before it is known who that is."""

    ACTOR = "actor"  # who has to act: its owner, the person who owes an account, or the handler
    HANDLER = "handler"
    LEADS = "leads"
    HEADS = "heads"  # whom the leads report to
    MANAGER = "manager"  # whom the person who owes an account reports to


@dataclass(frozen=True)
class Rung:
    """A step of a ladder: so many working days after the day on which it is due (before it, when negative)."""

    step: str
    who: tuple[Who, ...]
    days: int = 0
    urgent: bool = False


@dataclass(frozen=True)
class Planned:
    """A rung with its instant."""

    step: str
    who: tuple[Who, ...]
    at: datetime
    urgent: bool = False


@dataclass(frozen=True)
class Due:
    """What is due, as far as a ladder asks."""

    kind: str
    on: date
    at: datetime | None = None  # the agreed hour of a call
    warn: tuple[int, ...] = ()  # working days before, as its rules say
    asked_at: datetime | None = None  # when an e-mail began to ask for it
    wrote_at: datetime | None = None  # the customer wrote, and nobody has said yet whether it stays


ACTOR, HANDLER, LEADS, HEADS, MANAGER = ((who,) for who in Who)

PROMISED_BY_RULES = (
    Rung("due", ACTOR),
    Rung("overdue", ACTOR + LEADS, days=1),
    Rung("escalated", HEADS, days=2),
)
PROMISED_BY_US = (Rung("due", ACTOR), Rung("overdue", ACTOR + LEADS, days=1))
AT_THE_DESK = (Rung("due", ACTOR), Rung("overdue", LEADS, days=1))

LADDERS: Mapping[str, tuple[Rung, ...]] = {
    "acknowledgement": PROMISED_BY_RULES,
    "deadline": PROMISED_BY_RULES,
    "contact": PROMISED_BY_US,
    "callback": PROMISED_BY_US,  # without an hour; with one see _call
    "account": (
        Rung("due", ACTOR),
        Rung("chased", ACTOR, days=2),
        Rung("chased_again", ACTOR, days=4),
        Rung("escalated", MANAGER, days=5),
    ),
    "letter": AT_THE_DESK,
    "approval": AT_THE_DESK,
    "delivery": AT_THE_DESK,
    "commitment": (
        Rung("warning", ACTOR, days=-1),
        Rung("due", ACTOR),
        Rung("overdue", ACTOR + HANDLER + LEADS, days=1),
        Rung("escalated", HEADS, days=2),
    ),
    "handler": (Rung("due", LEADS, urgent=True), Rung("overdue", LEADS, days=1)),
    "confirmation": AT_THE_DESK,
    "aftercare": AT_THE_DESK,
}


def opening(day: date, zone: str) -> datetime:
    """The instant at which an office in `zone` opens on `day`."""
    return datetime.combine(day, OPENS, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def planned(due: Due, *, calendar: Calendar, zone: str) -> list[Planned]:
    """Every rung of what is due, earliest first, by the working days and the hours of whoever has to act. Raises
    NoCalendar."""
    rungs = [*_warnings(due, calendar, zone), *_ladder(due, calendar, zone), *_asides(due, zone)]
    return sorted(rungs, key=lambda rung: rung.at)  # stable: of two at one instant, the later step stays the later


def _warnings(due, calendar, zone) -> Iterator[Planned]:
    for days in sorted(due.warn, reverse=True):
        day = due_before(due.on, days, calendar=calendar)
        yield Planned("warning", ACTOR, opening(day, zone))


def _ladder(due, calendar, zone) -> Iterator[Planned]:
    if due.kind == "callback" and due.at:
        yield from _call(due, calendar, zone)
        return
    for rung in LADDERS[due.kind]:
        yield Planned(rung.step, rung.who, opening(_day(due.on, rung.days, calendar), zone), rung.urgent)


def _call(due, calendar, zone) -> Iterator[Planned]:
    """A call at an agreed hour is urgent around that hour, whatever day it is; in the morning it is only told of."""
    morning = opening(_day(due.on, 0, calendar), zone)
    if morning < due.at - BEFORE_A_CALL:
        yield Planned("warning", ACTOR, morning)
    yield Planned("due", ACTOR, due.at - BEFORE_A_CALL, urgent=True)
    yield Planned("overdue", ACTOR + LEADS, due.at + AFTER_A_CALL, urgent=True)


def _asides(due, zone) -> Iterator[Planned]:
    if due.asked_at:
        yield Planned("asked", ACTOR, due.asked_at, urgent=True)
    if due.wrote_at:
        yield Planned("replied", ACTOR, due.wrote_at, urgent=True)


def _day(day, days, calendar) -> date:
    if days > 0:
        return working_days_after(day, days, calendar=calendar)
    return due_before(day, -days, calendar=calendar)


# --- where on its ladder something is ---------------------------------------------------------------------------------


def to_tell(rungs: list[Planned], *, told: set[tuple[str, datetime]], at: datetime) -> list[Planned]:
    """What has to be told at `at`: the last rung whose hour has come, to everybody whom a rung concerns that was passed
    since the last one told; and that the customer wrote. `told` holds (step, instant) of what was told already."""
    passed = [rung for rung in rungs if rung.at <= at]
    return [
        *_last([rung for rung in passed if rung.step != "replied"], told),
        *(rung for rung in passed if rung.step == "replied"),
    ]


def _last(passed, told) -> list[Planned]:
    if not passed:
        return []
    last = passed[-1]
    heard = max((index for index, rung in enumerate(passed) if (rung.step, rung.at) in told), default=-1)
    who = dict.fromkeys(who for rung in (*passed[heard + 1 :], last) for who in rung.who)
    return [Planned(last.step, tuple(who), last.at, last.urgent)]


def next_look(rungs: list[Planned], *, after: datetime) -> datetime | None:
    """When the next rung is due; None at the end of the ladder."""
    return min((rung.at for rung in rungs if rung.at > after), default=None)
