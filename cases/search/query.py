"""What somebody typed into the search: words, “phrases in quotes” and numbers, and whether a text says them."""

import re
from dataclasses import dataclass

from django.conf import settings
from phonenumber_field.phonenumber import to_python as phone_of

from .plain import ARTICLE, squashed, words

LONGEST = 300  # characters that are looked at
MOST = 12  # words and phrases
FEWEST_LETTERS, FEWEST_DIGITS = 3, 5  # of a word or number of which only the beginning is typed
_PART = re.compile(r"[\"“„«]([^\"“”«»]+)[\"”“»]?|([^\s\"“”„«»]+)")


@dataclass(frozen=True)
class Part:
    """A word, or words that follow one another; of one that is perhaps still being typed the beginning is enough."""

    words: tuple[str, ...]
    begun: bool = False

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The same, and an Arabic noun with and without its article."""
        if len(self.words) > 1 or not "\u0620" <= self.words[0][0] <= "\u064a":
            return (self.words,)
        bare = self.words[0].removeprefix(ARTICLE) or self.words[0]
        return (bare,), (ARTICLE + bare,)

    def places_in(self, said: list[str]) -> set[int]:
        """Where in the words `said` it stands: the number of each word of it."""
        return {place for spelling in self.spellings for place in self._places(spelling, said)}

    def _places(self, spelling, said):
        last = len(spelling) - 1
        for start in range(len(said) - last):
            if all(self._is(said[start + n], word, n == last) for n, word in enumerate(spelling)):
                yield from range(start, start + last + 1)

    def _is(self, word, wanted, is_last):
        return word.startswith(wanted) if is_last and self.begun else word == wanted


@dataclass(frozen=True)
class Query:
    parts: tuple[Part, ...]
    number: str = ""  # all that was typed, as a number is compared

    def __bool__(self):
        return bool(self.parts)

    @property
    def number_is_begun(self) -> bool:
        return _tells_enough(self.number) and len(self.number) > FEWEST_DIGITS


def read(typed: str) -> Query:
    """What `typed` asks for; nothing when it holds no word at all."""
    typed = typed[:LONGEST].replace("\x00", "")
    found = [(quoted, words(quoted or bare)) for quoted, bare in _PART.findall(typed)]
    found = [(bool(quoted), said) for quoted, said in found if said][:MOST]
    last = len(found) - 1
    parts = tuple(
        Part(tuple(said), begun=n == last and not quoted and _tells_enough(said[-1]))
        for n, (quoted, said) in enumerate(found)
    )
    return Query(parts, _number(typed))


def _tells_enough(word) -> bool:
    """Whether its beginning narrows anything: every reference begins with a year."""
    return len(word) >= (FEWEST_DIGITS if word.isdigit() else FEWEST_LETTERS)


def _number(typed) -> str:
    phone = phone_of(typed, region=settings.PHONENUMBER_DEFAULT_REGION)
    if phone and phone.is_valid():
        return squashed(phone.as_e164)
    number = squashed(typed)
    return number if len(number) >= 4 and any(char.isdigit() for char in number) else ""
