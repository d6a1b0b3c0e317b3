"""The law of a case on one screen: its stages, which may follow which, and what each gate demands.

A gate says in words what is still missing. The admin, the tests and every other door ask `missing(case)`, and nobody
else decides.
"""

from collections.abc import Iterator

from django.db.models import TextChoices


class Stage(TextChoices):
    ACKNOWLEDGE = "acknowledge", "Acknowledge"
    INVESTIGATE = "investigate", "Investigate"
    TALK = "talk", "Talk"
    AGREE = "agree", "Agree"
    DOCUMENT = "document", "Document"
    CLOSED = "closed", "Closed"


class Exit(TextChoices):
    """The honest ways out of a case that does not end with a resolution letter."""

    WITHDRAWN = "withdrawn", "Withdrawn by the customer"
    OUT_OF_SCOPE = "out_of_scope", "Out of scope"
    DUPLICATE = "duplicate", "Duplicate of another case"
    SETTLED = "settled", "Settled at first contact"


ONWARD = {
    Stage.ACKNOWLEDGE: Stage.INVESTIGATE,
    Stage.INVESTIGATE: Stage.TALK,
    Stage.TALK: Stage.AGREE,
    Stage.AGREE: Stage.DOCUMENT,
    Stage.DOCUMENT: Stage.CLOSED,
}

BACK = {
    Stage.TALK: Stage.INVESTIGATE,
    Stage.AGREE: Stage.TALK,
    Stage.DOCUMENT: Stage.AGREE,
}

LOOKED_AFTER = ("", Exit.SETTLED)  # ended like this, the customer is asked afterwards whether all is well

EXITS = {
    Stage.ACKNOWLEDGE: tuple(Exit),
    **dict.fromkeys(
        (Stage.INVESTIGATE, Stage.TALK, Stage.AGREE, Stage.DOCUMENT),
        (Exit.WITHDRAWN, Exit.OUT_OF_SCOPE, Exit.DUPLICATE),
    ),
    Stage.CLOSED: (),
}


def reopens_to(case) -> Stage:
    """Where work on a closed case goes on: it is looked into anew, or acknowledged where it never was."""
    return Stage.INVESTIGATE if case.acknowledged_on else Stage.ACKNOWLEDGE


def missing(case) -> list[str]:
    """What keeps `case` in its stage, a sentence each; an empty list when the way onward is free."""
    return list(GATES[case.stage](case))


def _acknowledged(case) -> Iterator[str]:
    if not case.acknowledged_on:
        yield "Send the acknowledgement letter, or log a call with the customer."
    if not case.next_contact():
        yield "Promise the customer a date for the next contact."


def _investigated(case) -> Iterator[str]:
    points = case.points.all()
    if not points:
        yield "Split the complaint into numbered points."
    for point in points:
        if not point.finding:
            yield f"Write the finding on point {point.number}."
    for person in case.involvements.all():
        if person.owes_an_account:
            yield f"Get the account of {person.name}, or waive it with a reason."
    if not case.root_cause:
        yield "Name the root cause."
    if not case.responsibility:
        yield "Say whose responsibility it is: ours, partly ours, or not ours."


def _talked(case) -> Iterator[str]:
    if not any(talk.proposed for talk in case.conversations.with_the_customer()):
        yield "Log a conversation with the customer, with what was proposed."


def _agreed(case) -> Iterator[str]:
    for point in case.points.all():
        if not point.outcome:
            yield f"Decide the outcome of point {point.number}."
    if not case.agreement():
        yield "Record the agreement with its commitments, or the final position with its reason."


def _documented(case) -> Iterator[str]:
    for deadline in case.deadlines.unexplained():
        yield f"Say why this was late: {deadline}."
    for followup in case.followups.outstanding().filter(wrote_at__isnull=False):
        yield f"The customer wrote. Say whether this stays: {followup.what}."
    if not case.answered_on:
        yield "Get the resolution letter to the customer: delivered by e-mail, or posted."
    elif not case.copied_on:
        yield "See every copy of the resolution letter sent."


def _closed(case) -> Iterator[str]:
    yield from ()


GATES = {
    Stage.ACKNOWLEDGE: _acknowledged,
    Stage.INVESTIGATE: _investigated,
    Stage.TALK: _talked,
    Stage.AGREE: _agreed,
    Stage.DOCUMENT: _documented,
    Stage.CLOSED: _closed,
}
