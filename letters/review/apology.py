"""An apology stands where the fault is ours, and nowhere else; nobody is blamed for a mistake of their own."""

from letters.models import APOLOGIES, FINAL, Kind
from letters.review.finding import hole
from letters.review.reading import OURS
from letters.review.tone import blames


def due(said):
    """Where responsibility is ours, or partly, the final letter says sorry; the letters of apology always do."""
    final_and_ours = said.letter.kind in FINAL and said.case.responsibility in OURS
    if not (final_and_ours or said.letter.kind in APOLOGIES):
        return
    if said.letter.kind == Kind.CLARIFICATION:
        yield hole(
            "apology-missing",
            "body",
            "",
            "The case says that the responsibility is ours, and a clarification says that it is not.",
            "Write a resolution letter instead, or correct the responsibility in the case.",
        )
    elif not any(said.find(said.wording.says_sorry)):
        yield hole(
            "apology-missing",
            "body",
            "",
            "What happened is our responsibility, and the letter does not apologise for it.",
            "Name what went wrong and say that we are sorry, without an “if”.",
        )


def not_due(said):
    """Where it was the customer's mistake, the letter neither takes the blame nor gives it."""
    if not said.is_customers_mistake:
        return
    for spot in said.find(said.wording.says_sorry):
        yield hole(
            "apology-not-due",
            spot.place,
            spot.said,
            f"“{spot.said}” apologises, and the case says that nobody of ours is responsible.",
            "Thank the customer for asking instead, or correct the responsibility in the case.",
        )
    for spot, phrase in blames(said):
        yield hole(
            "blame",
            spot.place,
            spot.said,
            f"“{spot.said}” accuses a customer who was mistaken.",
            f"Better: {phrase.better}",
        )
