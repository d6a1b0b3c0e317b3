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


class Lack(str):
    """What is missing, in a sentence; `what` it is in one word, and the row that it is `about`, where it is of one."""

    def __new__(cls, sentence, what, about=None):
        lack = super().__new__(cls, sentence)
        lack.what, lack.about = what, about
        return lack


def missing(case) -> list[Lack]:
    """What keeps `case` in its stage, a sentence each; an empty list when the way onward is free."""
    return list(GATES[case.stage](case))


def _acknowledged(case) -> Iterator[Lack]:
    if not case.acknowledged_on:
        yield Lack("Send the acknowledgement letter, or log a call with the customer.", "acknowledgement")
    if not case.next_contact():
        yield Lack("Promise the customer a date for the next contact.", "contact")


def _investigated(case) -> Iterator[Lack]:
    points = case.points.all()
    if not points:
        yield Lack("Split the complaint into numbered points.", "points")
    for point in points:
        if not point.finding:
            yield Lack(f"Write the finding on point {point.number}.", "finding", point)
    for person in case.involvements.all():
        if person.owes_an_account:
            yield Lack(f"Get the account of {person.name}, or waive it with a reason.", "account", person)
    if not case.root_cause:
        yield Lack("Name the root cause.", "cause")
    if not case.responsibility:
        yield Lack("Say whose responsibility it is: ours, partly ours, or not ours.", "cause")


def _talked(case) -> Iterator[Lack]:
    if not any(talk.proposed for talk in case.conversations.with_the_customer()):
        yield Lack("Log a conversation with the customer, with what was proposed.", "talk")


def _agreed(case) -> Iterator[Lack]:
    for point in case.points.all():
        if not point.outcome:
            yield Lack(f"Decide the outcome of point {point.number}.", "outcome", point)
    if not case.agreement():
        yield Lack("Record the agreement with its commitments, or the final position with its reason.", "settlement")


def _documented(case) -> Iterator[Lack]:
    for deadline in case.deadlines.unexplained():
        yield Lack(f"Say why this was late: {deadline}.", "lateness", deadline)
    for followup in case.followups.outstanding().filter(wrote_at__isnull=False):
        yield Lack(f"The customer wrote. Say whether this stays: {followup.what}.", "stays", followup)
    if not case.answered_on:
        yield Lack("Get the resolution letter to the customer: delivered by e-mail, or posted.", "answer")
    elif not case.copied_on:
        yield Lack("See every copy of the resolution letter sent.", "copies")


def _closed(case) -> Iterator[Lack]:
    yield from ()


GATES = {
    Stage.ACKNOWLEDGE: _acknowledged,
    Stage.INVESTIGATE: _investigated,
    Stage.TALK: _talked,
    Stage.AGREE: _agreed,
    Stage.DOCUMENT: _documented,
    Stage.CLOSED: _closed,
}
