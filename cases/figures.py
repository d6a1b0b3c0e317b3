"""Figures over many cases: how many came in and were closed, where the open ones stand, what was done in time, why
customers complained, how long each stage took.

Each question is asked of a queryset that holds the cases that the asker may open, so that no figure says more than
their own lists would; and each takes a fixed number of queries, whatever the data. A case that was reopened is open: it
counts as closed again on the day on which it is closed again.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, Max, Q, Value, Window
from django.db.models.functions import Coalesce, Lag, TruncWeek

from cases import rules
from cases.models import Deadline, Event, RootCause
from cases.stages import Stage

WEEK = timedelta(days=7)
OPEN_STAGES = tuple(stage for stage in Stage if stage != Stage.CLOSED)


@dataclass(frozen=True)
class Period:
    """From one day to another, both of them included."""

    since: date
    until: date

    @classmethod
    def of_weeks(cls, number, *, on):
        """The week of the day `on`, as far as it has come, and the `number` - 1 weeks before it."""
        return cls(monday_of(on) - (number - 1) * WEEK, on)

    @property
    def days(self) -> tuple[date, date]:
        """As a `__range` of the database wants it."""
        return self.since, self.until

    def mondays(self) -> Iterator[date]:
        """The Monday of each of its weeks; the first may lie before it."""
        monday = monday_of(self.since)
        while monday <= self.until:
            yield monday
            monday += WEEK


@dataclass(frozen=True)
class Week:
    monday: date
    received: int
    closed: int


@dataclass(frozen=True)
class OnTime:
    """How often a step of the rules was done by its day, and how often not."""

    regime: str
    step: str
    label: str  # what the newest of the versions that were met calls it
    in_time: int
    late: int

    @property
    def number(self) -> int:
        return self.in_time + self.late

    @property
    def share(self) -> float:
        """Of those that had to be done, from 0 to 1."""
        return self.in_time / self.number


@dataclass(frozen=True)
class Stays:
    """How long cases stayed in a stage, in days; 0 for one that went on the same day."""

    stage: Stage
    number: int
    median: float | None  # None: none left it


def monday_of(day) -> date:
    return day - timedelta(days=day.weekday())


# --- how many ---------------------------------------------------------------------------------------------------------


def received(cases, period):
    """Those of `cases` that customers told us in the period, whenever they were typed in."""
    return cases.filter(received_on__range=period.days)


def closed(cases, period):
    """Those of `cases` that were closed in the period and are closed still."""
    return cases.filter(closed_on__range=period.days)


def per_week(cases, period) -> list[Week]:
    """How many of `cases` were received and how many closed in each week of the period; a week begins on Monday."""
    came, went = _by_week(received(cases, period), "received_on"), _by_week(closed(cases, period), "closed_on")
    return [Week(monday, came.get(monday, 0), went.get(monday, 0)) for monday in period.mondays()]


def open_by_stage(cases) -> dict[Stage, int]:
    """How many of `cases` stand in each stage now, the closed ones left out."""
    return {stage: number for stage, number in by_stage(cases.open()).items() if stage != Stage.CLOSED}


def by_stage(cases) -> dict[Stage, int]:
    """How many of `cases` stand in each stage now, in the order of the stages."""
    return _counted(cases, "stage", Stage)


def by_cause(cases) -> dict[str, int]:
    """How many of `cases` have each root cause, the most frequent first; under "" those whose cause nobody has named
    yet, last."""
    found = _counted(cases, "root_cause", [*RootCause, ""])
    ranked = sorted(found.items(), key=lambda pair: (pair[0] == "", -pair[1]))
    return {cause: number for cause, number in ranked if number}


def _by_week(cases, day) -> dict[date, int]:
    found = cases.order_by().annotate(week=TruncWeek(day)).values("week").annotate(number=Count("pk"))
    return {row["week"]: row["number"] for row in found}


def _counted(cases, field, values) -> dict:
    found = dict(cases.order_by().values_list(field).annotate(Count("pk")))
    return {value: found.get(value, 0) for value in values}


# --- what was done in time --------------------------------------------------------------------------------------------


def on_time(cases, period, *, on) -> list[OnTime]:
    """What the rules asked for of `cases`, step by step, as far as it was decided in the period: done in time counts on
    the day on which it was done; what was not counts on the day on which it should have been, whether it was done since
    or not. So each counts once, and whoever asks later gets the same. What ended void was neither kept nor missed.
    `on` is today: what is still to be done today is not late."""
    in_time = Q(met_on__range=period.days, met_on__lte=F("due_on"))
    missed = Q(due_on__range=period.days, due_on__lt=on) & (Q(met_on=None) | Q(met_on__gt=F("due_on")))
    decided = Deadline.objects.filter(in_time | missed, void_on=None, case__in=cases.order_by())
    counted = (
        decided.order_by()
        .values("regime", "step")
        .annotate(newest=Max("version"), in_time=Count("pk", filter=in_time), late=Count("pk", filter=missed))
    )
    return sorted(map(_on_time, counted), key=lambda row: (row.regime != rules.HOUSE, row.regime, _place(row)))


def _on_time(row) -> OnTime:
    regime, step = row["regime"], row["step"]
    return OnTime(regime, step, label_of(regime, row["newest"], step), row["in_time"], row["late"])


def label_of(regime, version, step) -> str:
    """What these rules call the step; its name where they are gone."""
    try:
        return rules.version(regime, version).step(step).label
    except LookupError:
        return step.replace("_", " ").capitalize()


def _place(row) -> tuple:
    """Where the step stands in its rules."""
    steps = [step.name for pack in rules.regimes().get(row.regime, ()) for step in pack.steps]
    return (steps.index(row.step) if row.step in steps else len(steps), row.step)


# --- how long each stage took -----------------------------------------------------------------------------------------


def days_per_stage(cases, period, *, one_in=1) -> list[Stays]:
    """How many days `cases` stayed in each stage that they left in the period, as their history tells it; of one in so
    many of the cases, where there are more than a median needs. Who went back to a stage stayed there twice; the time
    between a closing and a reopening is no stay."""
    lengths = defaultdict(Counter)
    for stage, entered_on, left_on, number in _stays(cases, period, one_in):
        lengths[stage][(left_on - entered_on).days] += number
    return [Stays(stage, lengths[stage].total(), median(lengths[stage])) for stage in OPEN_STAGES]


def _stays(cases, period, one_in) -> Iterator[tuple]:
    """(stage, first day, last day, how many of these) for the stays that ended in the period."""
    sql, params = _moves_of_those_who_moved(cases, period, one_in).query.sql_with_params()
    # the ORM can filter by a window, or count, but not count what it filtered
    counted = f"""
        SELECT stage_left, entered_on, left_on, count(*) FROM ({sql}) AS moves
        WHERE left_on BETWEEN %s AND %s AND stage_left <> %s GROUP BY 1, 2, 3
    """
    with connection.cursor() as cursor:
        cursor.execute(counted, [*params, *period.days, Stage.CLOSED.value])
        for stage, entered_on, left_on, number in cursor:
            yield stage, _day(entered_on), _day(left_on), number


def _moves_of_those_who_moved(cases, period, one_in):
    """Each move of the cases that moved in the period: the stage that it left, since when, and on which day."""
    moves = Event.objects.filter(kind__in=Stage.values).order_by()
    moved = moves.filter(on__range=period.days, case__in=cases.order_by())
    if one_in > 1:
        moved = moved.alias(remainder=F("case_id") % one_in).filter(remainder=0)
    before = {"partition_by": "case", "order_by": ("at", "pk")}
    return (
        moves.filter(case__in=moved.values("case"))
        .annotate(
            stage_left=Window(
                Lag("kind", default=Value(Stage.ACKNOWLEDGE.value)), **before
            ),  # in which every case begins
            entered_on=Coalesce(Window(Lag("on"), **before), F("case__received_on")),
            left_on=F("on"),
        )
        .values("stage_left", "entered_on", "left_on")
    )


def _day(value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)  # SQLite keeps days as text


def median(lengths) -> float | None:
    """The middle one of all lengths, given how many there are of each; None of none."""
    ordered = sorted(lengths.elements())
    return statistics.median(ordered) if ordered else None
