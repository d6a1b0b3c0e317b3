"""What a new day off, or a new version of rules, does to deadlines that run: first shown, then done.

Nothing moves by itself. Whoever changes the calendar sees which open cases move and how; a day that a letter told the
customer stays, unless they say otherwise for that case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cases import rules
from cases.deadlines import NoCalendar
from cases.models import Case, Deadline, Refused


@dataclass(frozen=True)
class Move:
    """A running deadline that would get another day."""

    deadline: Deadline
    version: str
    old_due_on: date
    new_due_on: date

    @property
    def breaks_a_promise(self) -> bool:
        """A letter told the customer the day that it has now."""
        return self.deadline.promised_on is not None

    @property
    def earlier(self) -> bool:
        return self.new_due_on < self.old_due_on


def of_a_day(day, *, gone=False) -> list[Move]:
    """What `day` (a CalendarDay, not saved yet) would move; with `gone`, what its removal would."""
    around = Deadline.objects.running().filter(anchored_on__lte=day.day, due_on__gte=day.day)
    if day.organisation_id:
        around = around.filter(case__organisation=day.organisation_id)
    with transaction.atomic():
        if gone:
            type(day).objects.filter(pk=day.pk).delete()
        else:
            day.save()
        found = list(_moves(_by_our_calendar(around)))
        transaction.set_rollback(True)
    if not gone and day._state.db and not type(day).objects.filter(pk=day.pk).exists():
        day.pk, day._state.adding = None, True
    return found


def anew() -> list[Move]:
    """What counting anew would move: a release brought other holidays, or a version of rules that was written down
    after its cases came in. Each case belongs to the version that was in force on its day of receipt."""
    return list(_moves(_joined(Deadline.objects.running()), version_of=_in_force))


def apply(moves: Iterable[Move], *, why, on, by, promised=frozenset()) -> list[Move]:
    """The deadlines have their new days, each with its history. Those that a letter told the customer stay, except the
    deadlines whose ids are in `promised`. Answers what stayed; one that was met or moved meanwhile is among them."""
    stayed = []
    for move in moves:
        if move.breaks_a_promise and move.deadline.pk not in promised:
            stayed.append(move)
            continue
        try:
            _apply(move, why=why, on=on, by=by)
        except (Refused, NoCalendar):
            stayed.append(move)
    return stayed


@transaction.atomic
def _apply(move, *, why, on, by):
    deadline = Deadline.objects.running().filter(pk=move.deadline.pk, due_on=move.old_due_on).first()
    if deadline is None:
        raise Refused("Somebody met or moved this deadline a moment ago.")
    case = Case.objects.get(pk=deadline.case_id)
    case.retime(deadline, version=move.version, why=why, on=on, by=by)


def _joined(found):
    return found.select_related("case__organisation", "case__customer").prefetch_related("extensions", "case__pauses")


def _by_our_calendar(found):
    """Those that our own days concern: a regime's clock knows its country's days off alone."""
    for deadline in _joined(found):
        if not rules.version(deadline.regime, deadline.version).country:
            yield deadline


def _in_force(deadline) -> str:
    return rules.in_force(deadline.regime, on=deadline.case.received_on).version.isoformat()


def _same(deadline) -> str:
    return deadline.version


def _moves(found, *, version_of=_same):
    for deadline in found:
        version = version_of(deadline)
        due_on = deadline.case.counted(deadline, version=version).due_on
        if (due_on, version) != (deadline.due_on, deadline.version):
            yield Move(deadline, version, deadline.due_on, due_on)
