"""The phrases to avoid of a language as a browser is told them, so that it finds while somebody types what the review
would find afterwards: the same pattern in the browser's spelling, for words that it folds as `folding` does."""

import re

from letters.review.tone import GROUPS
from letters.review.wording import Wording, wording_of

# Python's classes know every script; in JavaScript these have to be asked for.
CLASSES = {r"\w": r"\p{L}\p{N}_", r"\d": r"\p{Nd}", r"\W": None, r"\D": None, r"\b": None, r"\B": None}
ESCAPE_OR_CLASS = re.compile(r"\\.|\[|\]")


class NoSuchSpelling(ValueError):
    """A pattern cannot be told to a browser; the text says what of it."""


def phrases(language) -> dict:
    """What `avoid.js` wants: one pattern with a group for each phrase (p0, p1 ...), and the phrases in that order.
    Raises FileNotFoundError for a language without a list."""
    wording = wording_of(language)
    return {
        "language": language,
        "pattern": pattern(wording),
        "phrases": [{"why": GROUPS[one.group][1], "better": one.better} for one in wording.avoided],
    }


def pattern(wording: Wording) -> str:
    """`wording.avoid` as JavaScript writes it; it is compiled with the flags d, g and u."""
    return _spelled(wording.avoid.pattern.replace("(?P<", "(?<"))


def _spelled(source) -> str:
    pieces, begin, in_class = [], 0, False
    for found in ESCAPE_OR_CLASS.finditer(source):
        pieces.append(source[begin : found.start()])
        pieces.append(_piece(found[0], in_class=in_class))
        begin, in_class = found.end(), found[0] == "[" if found[0] in "[]" else in_class
    return "".join([*pieces, source[begin:]])


def _piece(found, *, in_class) -> str:
    if found not in CLASSES:
        return found
    if CLASSES[found] is None:
        raise NoSuchSpelling(f"“{found}” means something else in a browser: write what is wanted in letters.")
    return CLASSES[found] if in_class else f"[{CLASSES[found]}]"
