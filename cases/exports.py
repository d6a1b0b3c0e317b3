"""Lists of cases that leave the house: a row a case, with its customer, its dates and what became of it.

However long the list is, memory holds some hundred cases at a time.
"""

from cases.models import Case
from cases.models.case import PROMISE_OPEN
from cases.stages import Stage
from cases.tables import Column, Sheet, explained, sheet_of

AT_ONCE = 500  # cases, with what belongs to them
MOST_IN_A_WORKBOOK = 50_000  # rows, which take half a minute; beyond, CSV is the format


def columns(*, on) -> tuple[Column, ...]:
    """The columns of the list, as things stand on the day `on`."""
    return (
        Column("Reference", "The case's number, which the customer knows.", lambda it: it.reference, 17),
        Column("Received", "The day on which it reached us, whenever it was typed in.", _field("received_on")),
        Column("Channel", "How it came in.", lambda it: it.get_channel_display()),
        Column("Language", "The language of the letters to the customer, by its code.", _field("language"), 10),
        Column("Customer", "The customer's name, as they gave it.", lambda it: str(it.customer), 26),
        Column("E-mail", "Their e-mail address.", lambda it: it.customer.email, 28),
        Column("Subject", "What it is about, in a line.", _field("subject"), 48),
        Column("Order", "Order or reference number that the customer named.", _field("order_reference"), 16),
        Column("Product", "The product that it is about.", _field("product"), 22),
        Column("Topic", "The topic, as it came in.", _field("topic"), 22),
        Column("Organisation", "Which part of the house; empty: the house itself.", _name("organisation"), 20),
        Column("Team", "Whose case it is; empty: everybody's.", _name("team"), 16),
        Column("Handler", "Who looks after it.", _name("handler"), 22),
        Column("Tags", "Its tags, with a semicolon between two.", lambda it: _listed(it.tags.all()), 20),
        Column("Stage", f"Where it stands; “{PROMISE_OPEN}” when a promise is outstanding.", _stage, 20),
        Column("Ended", "How it ended, where not by a resolution letter.", lambda it: it.get_exit_display(), 22),
        Column("Rules", "The regime that it goes by besides the house's own rules.", _field("regime"), 14),
        Column("Acknowledged", "When the customer first knew that we have it.", _field("acknowledged_on")),
        Column("Answered", "When our final letter reached the customer.", _field("answered_on")),
        Column("Closed", "When it was closed; empty while it is open.", _field("closed_on")),
        Column("Days", "Calendar days from receipt to closing; empty while it is open.", _days, 8),
        Column("Reopened", "When it was opened again, the last time.", _field("reopened_on")),
        Column("Second stage", "When the customer asked for somebody else to look at it.", _field("escalated_on")),
        Column("Points", "Numbered points of the complaint.", lambda it: len(it.points.all()), 8),
        Column("Upheld", "Points that were upheld, or partly.", _upheld, 8),
        Column("Redress", "What the customer gets, point by point.", _redress, 30),
        Column("Steps late", "Deadlines that were met too late, or are past and not met.", _late(on), 10),
        Column("Late because", "The reasons that were given for it.", _reasons, 40),
        Column("Root cause", "Why it happened.", lambda it: it.get_root_cause_display(), 28),
        Column("Responsibility", "Whose responsibility it is.", lambda it: it.get_responsibility_display()),
        Column("Restricted", "Since when only leads, its handler and auditors may open it.", _field("restricted_on")),
    )


def sheets(cases, *, on) -> list[Sheet]:
    """The list, and what its columns mean."""
    chosen = columns(on=on)
    return [sheet_of("Cases", chosen, each(cases)), explained(chosen)]


def each(cases):
    """Every case of the queryset, in its order, with what the columns ask for."""
    whole = Case.objects.filter(pk__in=cases.order_by().values("pk")).with_promises()
    ordered = whole.order_by("-received_on", "-pk").select_related("customer", "handler", "organisation", "team")
    slim = ordered.defer("story", "wanted", "cause_explained", "prevention", "exit_reason", "restricted_reason")
    return slim.prefetch_related("points", "deadlines", "tags").iterator(chunk_size=AT_ONCE)


def _field(name):
    return lambda case: getattr(case, name)


def _name(field):
    return lambda case: str(getattr(case, field) or "")


def _listed(things) -> str:
    return "; ".join(filter(None, map(str, things)))


def _stage(case) -> str:
    return case.stage_in_words()


def _days(case) -> int | None:
    return (case.closed_on - case.received_on).days if case.stage == Stage.CLOSED else None


def _upheld(case) -> int:
    return sum(point.outcome in ("upheld", "partly_upheld") for point in case.points.all())


def _redress(case) -> str:
    return _listed(point.redress for point in case.points.all())


def _late(on):
    def late(case) -> int:
        return sum(not it.void_on and (it.met_on or on) > it.due_on for it in case.deadlines.all())

    return late


def _reasons(case) -> str:
    return _listed(it.late_reason for it in case.deadlines.all())
