"""The page that shows which deadlines would move and how. Only its own button moves them, with a reason."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from cases import rules
from cases.models import Case, Deadline, Move, rules_of

from .desk import dress
from .forms import WordsField, helper

AT_ONCE = 12  # cases that a row shows; the rest on request
NAMED = 5  # cases that a message names; the page above it showed them all


@dataclass
class Alike:
    """Deadlines of one step that would go from the same day to the same day."""

    label: str
    by: str
    stands: date
    stands_at: datetime | None
    would_be: date
    would_be_at: datetime | None
    how: str
    cases: list = field(default_factory=list)

    @property
    def first(self):
        return self.cases[:AT_ONCE]

    @property
    def others(self):
        return self.cases[AT_ONCE:]


def alike(moves) -> list[Alike]:
    """The moves by what happens in them, the next to be due first."""
    found = {}
    for move in moves:
        seen = move.deadline
        key = seen.regime, seen.step, move.version, seen.due_on, seen.due_at, move.due_on, move.due_at
        if key not in found:
            pack = rules.version(seen.regime, move.version)
            days = seen.due_on, seen.due_at, move.due_on, move.due_at
            found[key] = Alike(move.rules.label, pack.name, *days, how_it_moves(move))
        found[key].cases.append(seen.case)
    return list(found.values())


def how_it_moves(move: Move) -> str:
    if not move.changes_the_day:
        return f"same day, by the rules of {date.fromisoformat(move.version):%-d %B %Y}"
    if move.due_on == move.deadline.due_on:
        return "another hour"
    return "earlier" if move.is_earlier else "later"


def keys(moves) -> set[str]:
    """What was seen: which deadline, and where it would go."""
    return {f"{move.deadline.pk}.{move.due_on.toordinal()}" for move in moves}


class MovesForm(forms.Form):
    """Which moves were seen, which of the promised ones are wanted all the same, and why."""

    seen = forms.RegexField(r"^(\d{1,18}\.\d{1,7},?)*$", required=False, widget=forms.HiddenInput)
    reason = WordsField(label="Why", rows=2, max_length=500, help_text="The history of each case keeps it.")

    def __init__(self, *args, outlook, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.outlook, self.user = outlook, user
        if not outlook.moves:
            del self.fields["reason"]
        dress(self)
        self.helper = helper()

    @property
    def ticked(self) -> set[int]:
        """Promised deadlines that are to move; only what was shown as one can be ticked."""
        asked = set(self.data.getlist("promised")) if self.is_bound else set()
        return {move.deadline.pk for move in self.outlook.promised if str(move.deadline.pk) in asked}

    @property
    def was_seen(self) -> set[str]:
        return set(filter(None, self.cleaned_data.get("seen", "").split(",")))

    def clean(self):
        cleaned = super().clean()
        unseen = keys(self.outlook.moves) - self.was_seen
        if unseen:
            many = f"{len(unseen)} deadlines move" if len(unseen) > 1 else "One deadline moves"
            gone = f" Somebody met or moved meanwhile: {named(self.gone)}." if self.gone else ""
            raise ValidationError(f"{many} that you have not seen yet. Look at the list below before you go on.{gone}")
        return cleaned

    @cached_property
    def gone(self) -> list[Deadline]:
        """What was to move when the page was shown, and is not any more."""
        still = {move.deadline.pk for move in self.outlook.moves}
        shown = {int(key.partition(".")[0]) for key in self.was_seen}
        found = Deadline.objects.filter(pk__in=shown - still, case__in=Case.objects.visible_to(self.user))
        return list(found.select_related("case"))


def shown(form) -> dict:
    """What the page tells of the moves."""
    outlook, ticked = form.outlook, form.ticked
    return {
        "form": form,
        "outlook": outlook,
        "seen": ",".join(sorted(keys(outlook.moves))),
        "free": alike(outlook.free),
        "promised": [(move, how_it_moves(move), move.deadline.pk in ticked) for move in outlook.promised],
        "uncountable": [(one.deadline, label_of(one.deadline), one.why) for one in outlook.uncountable],
    }


def label_of(deadline) -> str:
    """The step in words; its bare name where no rules of that version are left to say it."""
    try:
        return rules_of(deadline).label
    except LookupError:
        return deadline.step.replace("_", " ")


def tell(request, form, stayed):
    """Say how many moved, and which stayed and why."""
    moved = len(form.outlook.moves) - len(stayed)
    messages.success(request, f"{moved} deadline{'' if moved == 1 else 's'} moved." if moved else "No deadline moved.")
    ticked = form.ticked
    promised = [it.deadline for it in stayed if it.breaks_a_promise and it.deadline.pk not in ticked]
    others = [it.deadline for it in stayed if not it.breaks_a_promise or it.deadline.pk in ticked]
    others += form.gone
    if promised:
        messages.warning(request, f"Stayed, since a letter told the customer the day: {named(promised)}.")
    if others:
        messages.warning(request, f"Stayed, since somebody met or moved it meanwhile: {named(others)}.")


def named(deadlines) -> str:
    by_case = defaultdict(list)
    for deadline in deadlines:
        by_case[deadline.case.reference].append(f"{label_of(deadline)}, {deadline.due_on:%-d %B %Y}")
    shown = [f"{reference} ({'; '.join(steps)})" for reference, steps in list(by_case.items())[:NAMED]]
    more = len(by_case) - NAMED
    return ", ".join(shown) + (f" and {more} more case{'' if more == 1 else 's'}" if more > 0 else "")
