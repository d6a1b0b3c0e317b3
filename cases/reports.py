"""The report of a period: what came in, how it was dealt with, what it came to, beside the period before.

Counted over the cases that whoever asks may open; with a fixed number of questions to the database, whatever the data.
"""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.fields import DateField
from django.db.models.functions import Coalesce

from cases import amounts, figures, rules
from cases.figures import Period
from cases.models import Case, Channel, CorrectiveAction, Deadline, Outcome, Point, RootCause
from cases.stages import Stage
from cases.tables import Share, Sheet

MOST_REASONS = 15  # for lateness, that are named one by one
AGAIN_WITHIN = timedelta(days=365)
UPHELD = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)


@dataclass(frozen=True)
class Table:
    """A part of the report: its title, what it counts, and its rows under their heads."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple] = field(default_factory=list)
    note: str = ""

    def sheet(self) -> Sheet:
        widths = (38, *(16 for _ in self.heads[1:]))
        return Sheet(self.title, self.heads, self.rows, widths)


def period_before(period) -> Period:
    """As long, just before; before whole months, as many whole months."""
    months = _whole_months(period)
    last = period.since - timedelta(days=1)
    if months:
        since = period.since
        for _ in range(months):
            since = (since - timedelta(days=1)).replace(day=1)
        return Period(since, last)
    return Period(last - (period.until - period.since), last)


def _whole_months(period) -> int:
    """How many months the period is; 0 if it begins or ends within one."""
    since, until = period.since, period.until
    if since.day != 1 or until.day != monthrange(until.year, until.month)[1]:
        return 0
    return (until.year - since.year) * 12 + until.month - since.month + 1


def last_month(*, on) -> Period:
    """The last whole month before the day `on`."""
    until = on.replace(day=1) - timedelta(days=1)
    return Period(until.replace(day=1), until)


def report(cases, period, *, on) -> list[Table]:
    """The tables of the report over `cases`, as things stand on the day `on`."""
    before = period_before(period)
    return [
        overview(cases, period, before),
        open_now(cases),
        in_time(cases, period, before, on=on),
        lateness(cases, period, on=on),
        outcomes(cases, period, before),
        redress(cases, period, before),
        causes(cases, period, before),
    ]


# --- how many ---


def overview(cases, period, before) -> Table:
    now, then = _counted(cases, period), _counted(cases, before)
    rows = [(label, now[label], then[label]) for label in now]
    return Table(
        "Overview",
        ("", "This period", "Period before"),
        rows,
        "A complaint counts on the day on which it reached us. A case that was opened again counts as closed when it "
        "is closed again. A repeat complaint is one of a customer who had complained in the twelve months before, as "
        "far as a person of ours has said that they are the same.",
    )


def _counted(cases, period) -> dict[str, int]:
    """By what the report calls it."""
    came, days = Q(received_on__range=period.days), period.days
    found = cases.order_by().aggregate(
        received=Count("pk", filter=came),
        referred=Count("pk", filter=came & Q(channel=Channel.REFERRAL)),
        closed=Count("pk", filter=Q(closed_on__range=days)),
        early=Count("pk", filter=Q(closed_on__range=days) & ~Q(exit="")),
        escalated=Count("pk", filter=Q(escalated_on__range=days)),
        reopened=Count("pk", filter=Q(reopened_on__range=days)),
        still=Count("pk", filter=Q(received_on__lte=days[1]) & (Q(closed_on=None) | Q(closed_on__gt=days[1]))),
    )
    return {
        "Received": found["received"],
        "Referred to us by an authority": found["referred"],
        "Repeat complaints": repeated(cases, period),
        "Closed": found["closed"],
        "Closed without a resolution letter": found["early"],
        "Opened again": found["reopened"],
        "Second stage asked for": found["escalated"],
        "Open at the end": found["still"],
    }


def repeated(cases, period) -> int:
    """How many complaints of the period came from somebody who had complained within the year before; the earlier one
    counts whether or not it is among `cases`."""
    same = Coalesce("customer__same_as", "customer")
    year_before = ExpressionWrapper(OuterRef("received_on") - AGAIN_WITHIN, output_field=DateField())
    before = Q(received_on__lt=OuterRef("received_on")) | Q(received_on=OuterRef("received_on"), pk__lt=OuterRef("pk"))
    earlier = Case.objects.annotate(who=same).filter(before, who=OuterRef("who"), received_on__gte=year_before)
    return figures.received(cases, period).order_by().annotate(who=same).filter(Exists(earlier)).count()


def open_now(cases) -> Table:
    rows = [(Stage(stage).label, number) for stage, number in figures.open_by_stage(cases).items()]
    return Table("Open today, by stage", ("Stage", "Cases"), rows)


# --- in time ---


def in_time(cases, period, before, *, on) -> Table:
    then = {(row.regime, row.step): row for row in figures.on_time(cases, before, on=on)}
    rows = []
    for row in figures.on_time(cases, period, on=on):
        earlier = then.get((row.regime, row.step))
        past = Share(earlier.in_time, earlier.number) if earlier else Share(0, 0)
        rows.append((row.label, _rules(row.regime), row.number, row.late, Share(row.in_time, row.number), past))
    heads = ("Step", "Rules", "Decided", "Late", "In time", "Period before")
    note = "Done in time counts on the day on which it was done; what was not, on the day on which it should have been."
    return Table("In time, step by step", heads, rows, note)


def _rules(regime) -> str:
    versions = rules.regimes().get(regime, ())
    return versions[-1].name if versions else regime


def lateness(cases, period, *, on) -> Table:
    """Why steps of the period were late, the most frequent reason first."""
    late = Deadline.objects.late(on=on).filter(due_on__range=period.days, case__in=cases.order_by())
    found = late.order_by().values_list("late_reason").annotate(number=Count("pk")).order_by("-number", "late_reason")
    reasons = [(reason or "Nobody has said why yet", number) for reason, number in found[:MOST_REASONS]]
    return Table("Reasons for lateness", ("Reason", "Steps"), reasons)


# --- what it came to ---


def outcomes(cases, period, before) -> Table:
    now, then = _outcomes(cases, period), _outcomes(cases, before)
    rows = [
        *((outcome.label, now[outcome], then[outcome]) for outcome in Outcome),
        ("Upheld or partly, of the points decided", _upheld(now), _upheld(then)),
        ("Upheld or partly, of the cases decided", now["cases"], then["cases"]),
    ]
    return Table(
        "Outcomes",
        ("Points of the cases closed", "This period", "Period before"),
        rows,
        "A case is upheld when one of its points is, if only partly.",
    )


def _outcomes(cases, period) -> dict:
    decided = _points_of_closed(cases, period).exclude(outcome="")
    found = dict(decided.order_by().values_list("outcome").annotate(Count("pk")))
    of_cases = decided.order_by().aggregate(
        all=Count("case", distinct=True), upheld=Count("case", distinct=True, filter=Q(outcome__in=UPHELD))
    )
    counts = {outcome: found.get(outcome.value, 0) for outcome in Outcome}
    return counts | {"cases": Share(of_cases["upheld"], of_cases["all"])}


def _upheld(counts) -> Share:
    return Share(sum(counts[one] for one in UPHELD), sum(counts[one] for one in Outcome))


def _points_of_closed(cases, period):
    return Point.objects.filter(case__in=figures.closed(cases, period).order_by())


def redress(cases, period, before) -> Table:
    """The sums of money that the cases closed in the period came to."""
    now, then = _given(cases, period), _given(cases, before)
    money, earlier = amounts.summed(now.elements()), amounts.summed(then.elements())
    rows = [
        (currency, money.get(currency, 0), earlier.get(currency, 0)) for currency in dict.fromkeys([*money, *earlier])
    ]
    other = [sum(number for text, number in given.items() if not amounts.named(text)) for given in (now, then)]
    return Table(
        "Redress",
        ("In the cases closed", "This period", "Period before"),
        [*rows, ("Points with something else than money", *other)],
        "The amounts that the redress of the points names.",
    )


def _given(cases, period) -> Counter:
    """What points were redressed with, and how many by the same words."""
    redressed = _points_of_closed(cases, period).exclude(redress="").order_by()
    return Counter(dict(redressed.values_list("redress").annotate(Count("pk"))))


# --- why, and what is done about it ---


def causes(cases, period, before) -> Table:
    now, then = (figures.by_cause(figures.received(cases, one)) for one in (period, before))
    done = _actions()
    rows = [
        (_called(cause), now.get(cause, 0), then.get(cause, 0), *done.get(cause, (0, 0, 0)))
        for cause in dict.fromkeys([*now, *then])
    ]
    return Table(
        "Root causes, and what is done about them",
        ("Root cause", "Received", "Period before", "Actions open", "Actions done", "Found effective"),
        rows,
        "Corrective actions of the whole house, whenever they were opened.",
    )


def _called(cause) -> str:
    return RootCause(cause).label if cause else "Not named yet"


def _actions() -> dict[str, tuple[int, int, int]]:
    found = (
        CorrectiveAction.objects.order_by()
        .values("cause")
        .annotate(
            open=Count("pk", filter=Q(done_on=None)),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            effective=Count("pk", filter=Q(effective=True)),
        )
    )
    return {row["cause"]: (row["open"], row["done"], row["effective"]) for row in found}
