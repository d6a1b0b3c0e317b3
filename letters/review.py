"""What keeps a letter from going out, a sentence each, shared by the admin, dispatch and the tests."""

from cases.stages import Stage
from letters import address
from letters.models import COPIED, FINAL, Letterhead, Paper
from letters.sheet import unfilled


def problems(letter) -> list[str]:
    """Why `letter` is not to be issued yet, and what to do; an empty list when it may go."""
    return [
        *_holes(letter),
        *_too_early(letter),
        *_no_way_to_the_customer(letter),
        *_copies_without_address(letter),
        *_unanswered(letter),
    ]


def _holes(letter):
    parts = {
        "subject": letter.subject,
        "salutation": letter.salutation,
        "body": letter.body,
        "close": letter.close,
    }
    for place, text in parts.items():
        yield from unfilled(place, text)
        if not text.strip():
            yield f"The {place} is empty; write it."
    if letter.signatory is None:
        yield "Nobody signs the letter: assign the case to a handler and draft the letter again."


def _too_early(letter):
    if letter.kind in FINAL and letter.case.stage != Stage.DOCUMENT:
        stage = letter.case.get_stage_display()
        yield f"The case is at “{stage}”: its final letter is issued when it has come to “{Stage.DOCUMENT.label}”."


def _no_way_to_the_customer(letter):
    if not letter.goes_by_post:
        return
    if letter.case.customer.can_be_posted_to:
        paper = Letterhead.objects.last()
        yield from address.problems(letter.address_lines(), paper=paper.paper if paper else Paper.A4)
    else:
        yield (
            "The customer can be reached neither by e-mail nor by post: "
            "enter an e-mail address, or street, town and country, on the customer's page."
        )


def _copies_without_address(letter):
    for person in letter.copied_to():
        if not person.email:
            yield f"{person.name} gets a copy but has no e-mail address: enter it at the people involved."


def _unanswered(letter):
    if letter.kind not in COPIED:
        return
    for point in letter.case.points.all():
        if not point.finding or not point.outcome:
            yield f"Point {point.number} has no finding or no outcome: a resolution letter answers every point."
