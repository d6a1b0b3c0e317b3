"""The clocks of a case as its page shows them, and the page that says day by day why a date is what it is."""

from dataclasses import dataclass, field

from cases import deadlines, rules
from cases.models import as_checked, rules_of

from .desk import due_in_words

SOON = 2  # working days, for a step whose rules name no point of warning


@dataclass
class Clock:
    """A deadline of the case, in words."""

    it: object
    label: str
    by: str
    words: str
    state: str  # in a word, so that no colour has to say it
    unchecked: bool = False
    late: bool = False
    buttons: list = field(default_factory=list)


def clocks(case, *, on, calendar, buttons) -> list[Clock]:
    """Those that run, the next one first, then those that are over; `buttons` answers what fits one of them."""
    paused = case.paused()
    deadlines = list(case.deadlines.all())
    packs = as_checked(rules.version(it.regime, it.version) for it in deadlines)
    shown = [
        clock(it, pack, on=on, calendar=calendar, paused=paused, buttons=buttons(it))
        for it, pack in zip(deadlines, packs, strict=True)
    ]
    return sorted(shown, key=lambda one: (bool(one.it.met_on or one.it.void_on), one.it.due_on, one.it.pk))


def clock(it, pack, *, on, calendar, paused, buttons=()) -> Clock:
    step = rules_of(it)
    return Clock(
        it,
        label=step.label,
        by=pack.name,
        words=_words(it, step, on=on, calendar=calendar, paused=paused),
        state=_state(it, step, on=on, calendar=calendar, paused=paused),
        unchecked=not pack.checked,
        late=it.void_on is None and (it.met_on or on) > it.due_on,
        buttons=list(buttons),
    )


def _state(it, step, *, on, calendar, paused) -> str:
    if it.void_on:
        return "Ended"
    if it.met_on:
        return "Done late" if it.met_on > it.due_on else "Done"
    if paused and step.pausable:
        return "Stands still"
    if it.due_on <= on:
        return "Overdue" if it.due_on < on else "Due today"
    soon = max(step.warn, default=SOON)
    return "Due soon" if deadlines.working_days_between(on, it.due_on, calendar=calendar) <= soon else "In time"


def _words(it, step, *, on, calendar, paused) -> str:
    if it.void_on:
        return it.void_reason
    if it.met_on:
        return f"done on {it.met_on:%-d %B %Y}{', late' if it.met_on > it.due_on else ''}"
    if paused and step.pausable:
        return f"stands still since {paused.paused_on:%-d %B %Y}"
    left = due_in_words(it.due_on, on=on, calendar=calendar)
    return f"{left}, and cannot be stopped" if paused else left


def why(case, deadline, *, on) -> dict:
    """The context of the page that explains `deadline` day by day."""
    [pack], step = as_checked([rules.version(deadline.regime, deadline.version)]), rules_of(deadline)
    return {
        "deadline": deadline,
        "pack": pack,
        "step": step,
        "explained": case.counted(deadline, on=on),
        "pauses": case.pauses.all() if step.pausable else (),
        "extensions": deadline.extensions.all(),
        "retimings": deadline.retimings.all(),
        "late": deadline.void_on is None and (deadline.met_on or on) > deadline.due_on,
    }
