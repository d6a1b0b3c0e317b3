"""Corrective actions: opened against a root cause, done by their owner, then judged by the figures: did it help? One
that did not asks for a new one."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncMonth

from cases.models import CorrectiveAction, Refused, RootCause, record_for_each

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Month:
    """How many complaints of a cause came in a month, and where it lies to what was done about it."""

    first: date
    number: int
    when: str  # "before", "meanwhile" or "after"


@transaction.atomic
def open_action(*, cause, what, why, owner, due_on, check_on, on, by, cases=()) -> CorrectiveAction:
    """`owner` does `what` against the cause by `due_on`; on `check_on` somebody looks whether it helped. The histories
    of `cases` say so. Raises ValidationError, by field."""
    _check_days(due_on, check_on, on=on)
    if owner is None or not owner.is_active:
        raise ValidationError({"owner": "Choose somebody who works here and will see to it."})
    action = CorrectiveAction.objects.create(
        cause=cause,
        what=what,
        why=why,
        owner=owner,
        owner_name=str(owner),
        due_on=due_on,
        check_on=check_on,
        opened_on=on,
        opened_by_name=str(by),
    )
    action.cases.set(cases)
    told = f"Corrective action against “{RootCause(cause).label}”: {what}, by {due_on:%-d %B %Y} ({owner})."
    record_for_each([(case.pk, "corrective action", told) for case in cases], on=on, by=by)
    return action


def _check_days(due_on, check_on, *, on):
    if due_on < on:
        raise ValidationError({"due_on": f"{due_on:%-d %B %Y} is past."})
    if check_on < due_on:
        raise ValidationError({"check_on": "It is judged once it is done: choose the day it is due, or a later one."})


@transaction.atomic
def do(action, *, how, on):
    """It is done. Raises Refused when it was done before."""
    if not CorrectiveAction.objects.outstanding().filter(pk=action.pk).update(done_on=on, done_how=how):
        raise Refused("This action was done already.")
    action.refresh_from_db()


@transaction.atomic
def check(action, effective, *, found, on, by):
    """Somebody looked whether it helped. Raises Refused before it is done, and a second time."""
    unchecked = CorrectiveAction.objects.filter(pk=action.pk, done_on__isnull=False, checked_on=None)
    if not unchecked.update(checked_on=on, checked_by_name=str(by), effective=effective, found=found):
        raise Refused("This action is not done yet, or was checked already.")
    action.refresh_from_db()


def without_successor():
    """Those that did not help, while nothing new was opened against their cause since."""
    newer = CorrectiveAction.objects.filter(
        cause=OuterRef("cause"), opened_on__gte=OuterRef("checked_on"), pk__gt=OuterRef("pk")
    )
    return CorrectiveAction.objects.filter(~Exists(newer), effective=False)


def overdue_of(user, *, on) -> list[CorrectiveAction]:
    """What of them is overdue that `user` has to know of: their own, and a lead's all."""
    overdue = CorrectiveAction.objects.overdue(on=on)
    return list(overdue if user.is_lead else overdue.filter(owner=user))


def by_month(action, cases, *, on) -> list[Month]:
    """How many of `cases` came in with its cause, month by month up to the day `on`."""
    firsts = _months_up_to(on)
    counted = cases.filter(root_cause=action.cause, received_on__gte=firsts[0], received_on__lte=on).order_by()
    counted = counted.annotate(month=TruncMonth("received_on")).values("month").annotate(number=Count("pk"))
    found = {row["month"]: row["number"] for row in counted}
    return [Month(first, found.get(first, 0), _when(action, first)) for first in firsts]


def _months_up_to(on) -> list[date]:
    first, found = on.replace(day=1), []
    for _ in range(MONTHS_SHOWN):
        found.append(first)
        first = (date(first.year - 1, 12, 1)) if first.month == 1 else first.replace(month=first.month - 1)
    return found[::-1]


def _when(action, first) -> str:
    if first <= action.opened_on.replace(day=1):
        return "before"
    return "after" if action.done_on and first > action.done_on else "meanwhile"


def per_month(months, when) -> float | None:
    """How many came a month before, or after; None where there is no such month."""
    numbers = [month.number for month in months if month.when == when]
    return sum(numbers) / len(numbers) if numbers else None
