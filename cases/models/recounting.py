"""Deadlines get another day although nobody extended them: a calendar changed, or a version of rules. One case or ten
thousand, each keeps its history and takes its follow-up along."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from cases import rules
from cases.rules import Step
from casetracker import clock

from .calendar import office
from .counting import first_act, rules_of
from .deadline import Deadline, Pause, Retiming
from .event import written
from .followup import FollowUp
from .moving import record_for_each

BATCH = 500


@dataclass(frozen=True)
class Move:
    """A running deadline as it stands, and where it would be by this version of its rules."""

    deadline: Deadline
    version: str
    due_on: date
    due_at: datetime | None

    @classmethod
    def of(cls, deadline, counted, *, version=""):
        return cls(deadline, version or deadline.version, counted.due_on, counted.due_at)

    @property
    def changes_anything(self) -> bool:
        return self.changes_the_day or self.version != self.deadline.version

    @property
    def changes_the_day(self) -> bool:
        return (self.due_on, self.due_at) != (self.deadline.due_on, self.deadline.due_at)

    @property
    def is_earlier(self) -> bool:
        return self.due_on < self.deadline.due_on

    @property
    def breaks_a_promise(self) -> bool:
        """A letter told the customer a day, and it would be another one."""
        return self.deadline.promised_on not in (None, self.due_on) and self.changes_the_day

    @property
    def rules(self) -> Step:
        """The step of the rules by which it would be counted."""
        return rules.version(self.deadline.regime, self.version).step(self.deadline.step)

    @property
    def text(self) -> str:
        """What the history says of it."""
        label, old = self.rules.label, written(self.deadline.due_on)
        if self.changes_the_day:
            return f"{label}: {old} → {written(self.due_on)}."
        version = written(date.fromisoformat(self.version))
        return f"{label} goes by the rules of {version}; its day stays {old}."


@transaction.atomic
def carry_out(moves: Iterable[Move], *, why, on, by) -> list[Move]:
    """The deadlines have their new days, their follow-ups too, and their cases say so. Answers the moves that were left
    undone, because somebody met or moved the deadline since it was looked at. Raises PermissionDenied for somebody whom
    one of the complaints is about."""
    moves, undone, calendar = iter(moves), [], office()
    while batch := list(islice(moves, BATCH)):
        rows = _locked(batch)
        fitting = [move for move in batch if move.deadline.pk in rows]
        undone += [move for move in batch if move.deadline.pk not in rows]
        for move in fitting:
            row = rows[move.deadline.pk]
            row.version, row.due_on, row.due_at = move.version, move.due_on, move.due_at
        _write(rows)
        _take_followups_along(rows, calendar=calendar)
        _record(fitting, why=why, on=on, by=by)
    return undone


def _locked(moves) -> dict[int, Deadline]:
    """The deadlines that still stand as they were seen, by id."""
    seen = {move.deadline.pk: _stand(move.deadline) for move in moves}
    found = Deadline.objects.running().filter(pk__in=seen).select_for_update().order_by("pk")
    return {row.pk: row for row in found if _stand(row) == seen[row.pk]}


def _stand(deadline):
    return deadline.version, deadline.due_on, deadline.due_at


def _write(rows):
    """Most go to the same few days, so a statement for each day is a fraction of what a row each would cost."""
    alike = defaultdict(list)
    for pk, row in rows.items():
        alike[_stand(row)].append(pk)
    for (version, due_on, due_at), pks in alike.items():
        Deadline.objects.filter(pk__in=pks).update(version=version, due_on=due_on, due_at=due_at)


def _take_followups_along(rows, *, calendar):
    paused = set(Pause.objects.filter(resumed_on=None, case__deadlines__in=rows).values_list("case", flat=True))
    alike, now = defaultdict(list), clock.now()
    for pk, row in rows.items():
        stands_still = row.case_id in paused and rules_of(row).pausable
        alike[row.due_on, None if stands_still else first_act(row, calendar=calendar)].append(pk)
    for (due_on, act_at), pks in alike.items():
        FollowUp.objects.outstanding().filter(deadline__in=pks).update(due_on=due_on, act_at=act_at, set_at=now)


def _record(moves, *, why, on, by):
    name = str(by)
    Retiming.objects.bulk_create(
        Retiming(
            deadline=move.deadline,
            old_due_on=move.deadline.due_on,
            new_due_on=move.due_on,
            why=why,
            on=on,
            by=by,
            by_name=name,
        )
        for move in moves
        if move.changes_the_day
    )
    told = [(move.deadline.case_id, "retimed", move.text) for move in moves]
    record_for_each(told, reason=why, on=on, by=by)
