"""Every point of a complaint is answered, in the case and in the letter's own words."""

import re

from letters.models import FINAL
from letters.review.finding import hole, shortened
from letters.review.folding import fold

STANDS_APART = ("heading", "entry", "head", "row")  # what ends the answer to a point before it


def unanswered(said):
    if said.letter.kind not in FINAL:
        return
    for point in said.case.points.all():
        if not point.finding or not point.outcome:
            yield hole(
                "unanswered-point",
                f"the case, point {point.number}",
                shortened(point.text),
                f"Point {point.number} has no finding or no outcome.",
                "Complete it in the case: the final letter answers every point.",
            )
        elif not _answered(point, said):
            yield hole(
                "unanswered-point",
                f"the case, point {point.number}",
                shortened(point.text),
                f"The letter does not answer point {point.number}, “{shortened(point.text)}”.",
                f"Begin an entry of the body with “{point.number}.” and say what was found.",
            )


def _answered(point, said) -> bool:
    """The point's number or words stand in the body, and something of ours is said with them."""
    text = fold(point.text)
    for place, passage in enumerate(said.passages):
        words = said.words[passage.start : passage.end]
        numbered = passage.kind == "entry" and words.startswith(f"{point.number}. ")
        stands_here = passage.in_body and (numbered or text in words)
        if stands_here and _says_more(words, text, said.passages[place + 1 :], said):
            return True
    return False


def _says_more(words, text, following, said) -> bool:
    rest = words.replace(text, "")
    for passage in following:
        if passage.kind in STANDS_APART or not passage.in_body:
            break
        rest += said.words[passage.start : passage.end]
    return bool(re.search(r"[^\W\d_]", rest))
