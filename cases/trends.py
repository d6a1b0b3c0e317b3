"""Complaints of a kind that come too often: noticed by the clockwork, told to the leads once, answered by somebody.

A look asks the rows alone: whether in any stretch of days, within the last two of them, as many of a kind came as the
house does not want to let pass. So looking twice does no harm, two looks at once make one row, and what happened while
nobody looked is noticed later. What was answered counts anew from the day after.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Lower, Trim
from django.utils import timezone

from cases import digests
from cases.models import Case, Digest, Of, Refused, Role, Trend, User

FIELDS = {Of.CAUSE: "root_cause", Of.PRODUCT: "product", Of.TOPIC: "topic"}
LOOK_BACK = 2  # stretches: what began before, while the clockwork stood still for weeks, is not called a trend any more


def notice(*, at) -> int:
    """Every trend is a row that waits for its answer, and the leads have been told of it. Answers how many are new."""
    on = timezone.localdate(at)
    new = sum(_notice(of, on=on) for of in Of)
    if digests.at_work(at=at) == at:  # nobody is told at night
        tell(at=at)
    return new


def _notice(of, *, on) -> int:
    number, days = settings.TRENDS["number"], settings.TRENDS["days"]
    first = on - timedelta(days=LOOK_BACK * days - 1)
    answered, waiting = _last_answers(of), {trend.value: trend for trend in Trend.objects.unanswered().filter(of=of)}
    new = []
    for value, counted in received_by_day(of, since=first, on=on).items():
        if value in waiting:
            _grow(waiting[value], counted)
            continue
        since = answered.get(value, first - timedelta(days=1)) + timedelta(days=1)
        found = _begins(counted, number, days, since=since)
        if found:
            new.append(Trend(of=of, value=value, since=found[0], number=found[1], noticed_on=on))
    return len(Trend.objects.bulk_create(new, ignore_conflicts=True))


def received_by_day(of, *, since, on) -> dict[str, dict[date, int]]:
    """How many complaints of each kind came on each day. A product is the same however it is typed."""
    value = F("root_cause") if of == Of.CAUSE else Lower(Trim(FIELDS[of]))
    came = Case.objects.filter(received_on__range=(since, on)).exclude(**{FIELDS[of]: ""}).order_by()
    found = defaultdict(dict)
    for row in came.annotate(value=value).values("value", "received_on").annotate(number=Count("pk")):
        if row["value"]:
            found[row["value"]][row["received_on"]] = row["number"]
    return found


def _begins(counted, number, days, *, since) -> tuple[date, int] | None:
    """From which day on, and how many, where from `since` on `number` came within `days`; the latest such stretch."""
    late = sorted(day for day in counted if day >= since)
    for last in reversed(late):
        stretch = [day for day in late if last - timedelta(days=days) < day <= last]
        came = sum(counted[day] for day in stretch)
        if came >= number:
            return stretch[0], came
    return None


def _last_answers(of) -> dict[str, date]:
    rows = Trend.objects.filter(of=of, answered_on__isnull=False).order_by("answered_on")
    return dict(rows.values_list("value", "answered_on"))


def _grow(trend, counted):
    """More came meanwhile; fewer never, even where a cause was named anew."""
    number = sum(came for day, came in counted.items() if day >= trend.since)
    Trend.objects.unanswered().filter(pk=trend.pk, number__lt=number).update(number=number)


@transaction.atomic
def tell(*, at):
    """Each lead has an e-mail that will name every trend of which nobody has been told."""
    if not Trend.objects.unanswered().filter(told_at=None).update(told_at=at):
        return
    leads = User.objects.filter(role=Role.LEAD, is_active=True).exclude(email="")
    Digest.objects.bulk_create(
        Digest(to_name=str(lead), to_email=lead.email, made_at=at, urgent=True) for lead in leads
    )


@transaction.atomic
def answer(trend, *, words="", action=None, on, by):
    """The trend is answered by a corrective action, or by saying why none is needed. Raises Refused for one that was
    answered before, and without either."""
    if not (words or action):
        raise Refused("Say why nothing has to be done, or open a corrective action.")
    waiting = Trend.objects.unanswered().filter(pk=trend.pk)
    if not waiting.update(answered_on=on, answered_by_name=str(by), answer=words, action=action):
        raise Refused("This was answered already.")
    trend.refresh_from_db()


def cases_of(trend):
    """The complaints that the trend is made of."""
    came = Case.objects.filter(received_on__gte=trend.since)
    if trend.of == Of.CAUSE:
        return came.filter(root_cause=trend.value)
    return came.annotate(_value=Lower(Trim(FIELDS[trend.of]))).filter(_value=trend.value)
