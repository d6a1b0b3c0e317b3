"""Words as they are compared: what looks the same to a reader is the same here, and every place can be found again."""

import re
import unicodedata
from functools import cache

from letters.sheet import WIDE_LINE_END

# The curly ones, the turned one, the letter apostrophe, grave, acute, prime.
APOSTROPHES = "'’‘\u201b\u02bc`\u00b4\u2032"
QUOTES = '"“”„\u201f«»\u2033'
# Arabic: vowel marks, and the stroke that only makes a word longer.
ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# Arabic: alef with or without hamza, final yaa with or without dots; decimal and thousands marks, question mark.
ARABIC_LETTERS = {
    **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),
    "\u0649": "\u064a",
    "\u066b": ".",
    "\u066c": ",",
    "\u061f": "?",
}


def fold(text: str) -> str:
    """`text` for comparing: one case, one kind of apostrophe, quotation mark, dash, digit and space; without soft
    hyphens, direction marks and Arabic vowel marks."""
    return folded_with_origins(text)[0].strip()


def folded_with_origins(text: str) -> tuple[str, list[int]]:
    """`text` folded, and for each character of that the place in `shown(text)` where it comes from."""
    folded, origins = [], []
    for place, character in enumerate(shown(text)):
        for piece in _folded(character):
            if piece == " " and folded and folded[-1] == " ":
                continue
            folded.append(piece)
            origins.append(place)
    return "".join(folded), origins


def shown(text: str) -> str:
    """`text` as a reader sees it: composed characters, no space where a line ends between two Chinese ones."""
    return WIDE_LINE_END.sub("", unicodedata.normalize("NFC", text))


def folded_pattern(pattern: str) -> str:
    """A regular expression for folded text; what follows a backslash stays as it is."""
    pieces = re.split(r"(\\.)", pattern)
    return "".join(piece if piece.startswith("\\") else folded_with_origins(piece)[0] for piece in pieces)


@cache
def _folded(character: str) -> str:
    if character in APOSTROPHES:
        return "'"
    if character in QUOTES:
        return '"'
    if ARABIC_MARKS.match(character):
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None and unicodedata.category(character) == "Nd":
        return str(digit)
    return _by_category(character)


def _by_category(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphen, direction marks, zero width
        return ""
    if category == "Pd":
        return "-"
    if character.isspace():
        return " "
    if character in ARABIC_LETTERS:
        return ARABIC_LETTERS[character]
    return unicodedata.normalize("NFKC", character).casefold()
