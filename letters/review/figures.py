"""Amounts and references in the letter agree with the case."""

import re

from cases import reference
from letters.review import amounts
from letters.review.finding import hole, warning

# Three groups of four digits that begin like a year of ours, and no longer number that only contains them.
REFERENCE = re.compile(r"(?<![a-z\d-])20\d\d[- ]\d{4}[- ]\d{4}(?![a-z\d-])")


def amounts_of_the_case(said):
    """Once redress, agreement or commitments hold amounts, the letter names no other; before, that is a warning."""
    for start, end, amount in amounts.named(said.ours):
        if amount in said.known.amounts:
            continue
        spot = said.spot(start, end)
        if said.known.settled_amounts:
            yield hole(
                "amount-contradicts",
                spot.place,
                spot.said,
                f"{spot.said} is no amount of this case: neither redress, agreement nor a commitment holds it.",
                "Correct the amount, or decide on it in the case first.",
            )
        else:
            yield warning(
                "unknown-amount",
                spot.place,
                spot.said,
                f"The case knows of no {spot.said}.",
                "Check the amount; if it is an offer, note it in the case.",
            )


def other_references(said):
    """A number that looks like one of ours is the case's own, or that of another case of the same customer."""
    for spot in said.find(REFERENCE, said.words):
        if reference.heard(spot.said) == said.case.reference or _is_of_the_same_customer(spot.said, said.case):
            continue
        yield hole(
            "reference-contradicts",
            spot.place,
            spot.said,
            f"{spot.said} is not the reference of this case.",
            f"Write {said.case.reference}.",
        )


def _is_of_the_same_customer(written, case) -> bool:
    heard = reference.heard(written)
    return heard is not None and case.earlier_cases().filter(reference=heard).exists()
