"""By what a deadline is counted: its step of the rules, and the calendar that these go by."""

from cases import deadlines, rules

from .calendar import calendar_of, office
from .followup import opening


def rules_of(deadline):
    """The step of the rule pack that `deadline` follows."""
    return rules.version(deadline.regime, deadline.version).step(deadline.step)


def first_act(deadline, *, calendar=None):
    """The instant at which the clockwork first brings `deadline` to mind, its earliest point of warning by the office's
    calendar (`calendar`, for somebody who has it at hand)."""
    warn = max(rules_of(deadline).warn, default=0)
    return opening(deadlines.due_before(deadline.due_on, warn, calendar=calendar or office()))


def calendar_by(pack, organisation):
    """The calendar by which the pack counts. A regime knows its country's days off, and nothing of an office's own."""
    return own_calendar(pack) or calendar_of(organisation)


def own_calendar(pack):
    """The calendar of a pack that names its country; None for one that leaves it to whoever works."""
    return deadlines.Calendar(pack.country, pack.region) if pack.country else None
