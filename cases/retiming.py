"""What an own day off, or a new version of rules, does to the deadlines that run: first shown, then done.

Nothing moves by itself. Whoever changes the calendar sees which open cases move and how; a day that a letter told the
customer stays, unless they say otherwise for that deadline. A case that is not open to them is neither shown nor moved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases import rules
from cases.days_off import Change
from cases.deadlines import NoCalendar, Roll, Unit
from cases.models import CalendarDay, Calendars, Case, Deadline, Move, carry_out, own_calendar


@dataclass(frozen=True)
class Uncountable:
    """A deadline that stays, because it cannot be counted; `why` is a sentence."""

    deadline: Deadline
    why: str


@dataclass
class Outlook:
    """What would move, the next to be due first, and what nobody can count."""

    moves: list[Move] = field(default_factory=list)
    uncountable: list[Uncountable] = field(default_factory=list)

    @property
    def free(self) -> list[Move]:
        return [move for move in self.moves if not move.breaks_a_promise]

    @property
    def promised(self) -> list[Move]:
        return [move for move in self.moves if move.breaks_a_promise]


# --- what would move --------------------------------------------------------------------------------------------------


def of_a_day(change: Change, *, by) -> Outlook:
    """What the change would move, among the cases that are open to `by`."""
    own = list(CalendarDay.objects.all())
    before, after = Counting(Calendars(own)), Counting(Calendars(change.applied_to(own)))
    outlook = Outlook()
    for deadline in _concerned(change, by=by):
        _add_what_this_day_moves(outlook, deadline, before, after)
    return outlook


def anew(*, by) -> Outlook:
    """What counting anew would move, among the cases that are open to `by`: a release brought other holidays, or a
    version of rules that was written down after its cases came in. Each case belongs to the version that was in force
    on its day of receipt."""
    counting, outlook = Counting(Calendars()), Outlook()
    for deadline in _read(_running(by=by)):
        try:
            move = counting.move(deadline, _in_force)
        except CannotCount as error:
            outlook.uncountable.append(Uncountable(deadline, str(error)))
            continue
        if move.changes_anything:
            outlook.moves.append(move)
    return outlook


def _its_own(deadline):
    return rules.version(deadline.regime, deadline.version)


def _in_force(deadline):
    return rules.in_force(deadline.regime, on=deadline.case.received_on)


def _add_what_this_day_moves(outlook, deadline, before, after):
    """Only what the day itself moves, and its way. What other changes left behind is for `anew`: otherwise a day off
    that was added could make a deadline earlier."""
    try:
        move = after.move(deadline, _its_own)
        if not move.changes_the_day:
            return
        was = before.move(deadline, _its_own).due_on
    except CannotCount as error:
        outlook.uncountable.append(Uncountable(deadline, str(error)))
        return
    goes_on = was < move.due_on and deadline.due_on < move.due_on
    comes_back = was > move.due_on and deadline.due_on > move.due_on
    if goes_on or comes_back:
        outlook.moves.append(move)


# --- where they would be ----------------------------------------------------------------------------------------------


class CannotCount(Exception):
    """The deadline has no day by these calendars and rules; the text says why."""


class Counting:
    """Where deadlines would be by these calendars. Thousands run from the same few days by the same rules, and each of
    these is counted once."""

    def __init__(self, calendars):
        self.calendars, self.known = calendars, {}

    def move(self, deadline, by_version) -> Move:
        """Where the deadline would be by the version that `by_version` answers. Raises CannotCount."""
        try:
            pack = by_version(deadline)
            limit = pack.step(deadline.step).limit
            if limit is None:
                raise CannotCount(f"“{pack}” has no limit any more for this step.")
            counted = self._counted(deadline, pack, limit)
        except (NoCalendar, rules.NoRules, KeyError, ValueError) as error:
            raise CannotCount(error.args[0]) from None
        return Move.of(deadline, counted, version=pack.version.isoformat())

    def _counted(self, deadline, pack, limit):
        if deadline.extensions.all() or deadline.case.pauses.all():
            return self._count(deadline, pack)
        key = (pack.regime, pack.version, deadline.step, deadline.case.organisation_id, _start(deadline, limit))
        if key not in self.known:
            self.known[key] = self._count(deadline, pack)
        return self.known[key]

    def _count(self, deadline, pack):
        calendar = own_calendar(pack) or self.calendars.of(deadline.case.organisation)
        return deadline.case.counted(deadline, version=pack.version.isoformat(), calendar=calendar)


def _start(deadline, limit):
    """From when it runs, as exactly as it matters: the hour counts for hours, and for a cut-off."""
    at = deadline.anchored_at
    if at and not limit.cutoff and limit.unit != Unit.HOUR:
        return timezone.localdate(at)
    return at or deadline.anchored_on


# --- which deadlines --------------------------------------------------------------------------------------------------


def _concerned(change, *, by) -> Iterator[Deadline]:
    """Those that a day of the change may lie in, or that roll back from one."""
    first, last = min(day.day for day in change.days), max(day.day for day in change.days)
    reached = Q(due_on__gte=first) | Q(step__in=_steps_that_roll_back())
    found = _running(by=by).filter(reached, anchored_on__lte=last)
    if all(day.organisation_id for day in change.days):
        found = found.filter(case__organisation__in=[day.organisation_id for day in change.days])
    return _read(found)


def _running(*, by):
    long_texts = [f"case__{name}" for name in ("story", "wanted", "cause_explained", "prevention")]
    found = Deadline.objects.running().filter(case__in=Case.objects.visible_to(by))
    return found.select_related("case__organisation").defer(*long_texts)


def _read(found) -> Iterator[Deadline]:
    """A thousand at a time, with all that counting asks for."""
    return found.prefetch_related("extensions", "case__pauses").iterator(chunk_size=1_000)


def _steps_that_roll_back() -> set[str]:
    packs = (pack for versions in rules.regimes().values() for pack in versions)
    return {step.name for pack in packs for step in pack.steps if step.limit and step.limit.roll == Roll.BACK}


# --- moving it --------------------------------------------------------------------------------------------------------


@transaction.atomic
def save(change, moves: Iterable[Move], *, why, on, by, promised=frozenset()) -> list[Move]:
    """The change stands in the calendar, and the deadlines are moved as by `apply`. Raises Refused when somebody else
    changed that day since it was looked at."""
    change.save()
    return apply(moves, why=why, on=on, by=by, promised=promised)


def apply(moves: Iterable[Move], *, why, on, by, promised=frozenset()) -> list[Move]:
    """The deadlines have their new days, each with its history. Answers those that stayed: what a letter told the
    customer, except the deadlines whose ids are in `promised`, and what somebody met or moved meanwhile."""
    moves = list(moves)
    kept = [move for move in moves if move.breaks_a_promise and move.deadline.pk not in promised]
    free = [move for move in moves if not move.breaks_a_promise or move.deadline.pk in promised]
    return kept + carry_out(free, why=why, on=on, by=by)
