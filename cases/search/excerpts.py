"""Where a case says what was searched for: the place, and its words with those in question told apart."""

import re
from dataclasses import dataclass

from .alike import is_alike
from .plain import placed, plain
from .sources import NAMES, NUMBERS, texts

BEFORE, LONG = 60, 200  # characters


@dataclass(frozen=True)
class Excerpt:
    place: str
    pieces: tuple[tuple[str, bool], ...]  # (text, whether it was searched for)


def excerpts(cases, query) -> dict[int, Excerpt]:
    """By the key of each of `cases`: where it says the most of `query`. Cases that show nothing are left out."""
    best = {key: _best(said, query) for key, said in texts(cases).items()}
    return {key: excerpt for key, excerpt in best.items() if excerpt}


def _best(said, query):
    marked = [(place, text, _marks(text, query)) for place, text in said if place != NUMBERS]
    place, text, (number, marks) = max(marked, key=lambda one: one[2][0], default=("", "", (0, [])))
    if number:
        return _cut(place, text, marks)
    return next((it for name, text in said if name == NAMES for it in [_alike(text, query)] if it), None)


def _marks(text, query):
    """How many of the parts `text` says, and from where to where each word of them stands."""
    words = list(placed(text))
    said = [word for word, _, _ in words]
    places = [part.places_in(said) for part in query.parts]
    marks = sorted(words[place][1:] for place in set().union(*places))
    return sum(map(bool, places)), marks


def _alike(text, query):
    marks = [
        (start, end) for word, start, end in placed(text) if any(is_alike(part, plain(word)) for part in query.parts)
    ]
    return _cut(NAMES, text, marks) if marks else None


def _cut(place, text, marks):
    """The stretch of `text` around the first of `marks`, in pieces."""
    start = max(0, marks[0][0] - BEFORE)
    if start:
        start = text.find(" ", start, marks[0][0]) + 1 or start
    end = min(len(text), start + LONG)
    pieces, at = [("…", False)] if start else [], start
    for first, last in marks:
        if first < end and first >= at:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces += [(text[at : max(at, end)], False), ("…" if end < len(text) else "", False)]
    return Excerpt(place, tuple((re.sub(r"\s+", " ", piece), marked) for piece, marked in pieces if piece))
