"""The history of a case as its page tells it: in plain words, day by day, whole or what one asks for."""

from itertools import groupby

from django.db.models import Q
from django.utils import timezone

EVENTS = 60  # shown at first; the rest on request

# what can be asked for: how it is called, and the kinds of events that it is about
TOLD = {
    "customer": (
        "With the customer",
        Q(kind__in=("received", "conversation", "customer wrote", "customer answered", "acknowledged", "answered"))
        | Q(kind__in=("unacknowledged", "unanswered", "contact promised", "call promised", "brought up to date"))
        | Q(kind__in=("promised", "agreed", "final position", "commitment kept", "commitment dropped", "day told"))
        | Q(kind__startswith="conduct "),
    ),
    "letters": (
        "Letters",
        Q(kind__startswith="letter ")
        | Q(kind__in=("delivery", "copied", "approval asked", "approved", "sent back", "enclosed", "taken out"))
        | Q(kind__in=("warning overridden", "extension told")),
    ),
    "investigation": (
        "Investigation",
        Q(kind__in=("point added", "finding", "outcome", "explained", "involved", "situation"))
        | Q(kind__startswith="account "),
    ),
    "days": (
        "Days and clocks",
        Q(kind__startswith="followup ")
        | Q(kind__in=("extended", "paused", "resumed", "late", "escalated", "rules", "retimed", "not retimed"))
        | Q(kind__in=("recounted", "no calendar")),
    ),
}


def history(case, *, told="", whole=False) -> dict:
    """The newest events first, by day; the oldest wait until they are asked for."""
    found = case.events.order_by("-at", "-pk")
    if told in TOLD:
        found = found.filter(TOLD[told][1])
    events = list(found[: None if whole else EVENTS + 1])
    shown = events if whole else events[:EVENTS]
    return {
        "days": [(day, list(those)) for day, those in groupby(shown, key=lambda it: timezone.localdate(it.at))],
        "older_events": not whole and len(events) > EVENTS,
        "told": told if told in TOLD else "",
        "can_be_told": [("", "Everything"), *((name, label) for name, (label, _) in TOLD.items())],
    }
