"""What differs between two texts, word by word. Text only."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word, a gap, or one character of a script that is written without gaps.
WORD = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]|[^\W\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]+|\s|.", re.DOTALL
)
WORDS_LIMIT = 1_500  # of a changed part; of a longer one the lines are compared, which is enough
NEAR = 2  # lines that are shown around a difference
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """Words that stand in both texts, only in the old one, or only in the new one."""

    is_in: str
    text: str


def pieces(old, new) -> list[Piece]:
    """Both texts as one: all words of either in their order, each said to be in both, gone or new."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = []
    for is_same, gone, added in _parts(before, after):
        words = [WORD.findall("".join(side)) for side in (gone, added)]
        if is_same or max(map(len, words)) > WORDS_LIMIT:
            found += _said(is_same, gone, added)
        else:
            for part in _phrases(list(_parts(*words))):
                found += _said(*part)
    return _joined(found)


def shortened(found) -> list[Piece]:
    """The same with what is in both cut down to the lines around each difference."""
    last = len(found) - 1
    return [
        _near(piece, at_start=n == 0, at_end=n == last) if piece.is_in == SAME else piece
        for n, piece in enumerate(found)
    ]


def _near(piece, *, at_start, at_end):
    lines = piece.text.splitlines(keepends=True)
    before, after = [] if at_start else lines[:NEAR], [] if at_end else lines[-NEAR:]
    if len(before) + len(after) >= len(lines):
        return piece
    return Piece(SAME, "".join([*before, "⋯\n", *after]))


def _parts(before, after):
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, start_after, end_after in matcher.get_opcodes():
        yield kind == "equal", before[start:end], after[start_after:end_after]


def _phrases(parts):
    """The parts of a line; a mere gap between two changes belongs to both, so that a changed phrase reads as one."""
    gone, added = [], []
    for number, (is_same, old, new) in enumerate(parts, start=1):
        gap = is_same and (gone or added) and number < len(parts) and set(old) <= {" "}
        if is_same and not gap:
            yield from [(False, gone, added)] if gone or added else []
            yield True, old, new
            gone, added = [], []
        else:
            gone, added = [*gone, *old], [*added, *new]
    if gone or added:
        yield False, gone, added


def _said(is_same, gone, added):
    if is_same:
        return [Piece(SAME, "".join(gone))]
    return [Piece(is_in, "".join(words)) for is_in, words in ((GONE, gone), (NEW, added)) if words]


def _joined(found):
    """Neighbours of a kind as one."""
    joined = []
    for piece in found:
        if joined and joined[-1].is_in == piece.is_in:
            joined[-1] = Piece(piece.is_in, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
