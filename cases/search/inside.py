"""Searching without PostgreSQL: the texts of the newest cases are read and compared, one by one. Good for a demo and a
small house."""

from .alike import is_alike
from .plain import plain
from .query import Part
from .sources import names, numbers, texts

NEWEST = 5_000  # cases that are looked at


def found(cases, query):
    """Those of `cases` that say all of `query`."""
    said = {key: Said(it) for key, it in texts(cases.order_by("-received_on", "-pk")[:NEWEST]).items()}
    keys = [key for key, it in said.items() if it.says(query)]
    keys = keys or [key for key, it in said.items() if it.nearly_says(query)]
    return cases.filter(pk__in=keys)


class Said:
    """All that one case says, as it is compared."""

    def __init__(self, texts):
        self.numbers = numbers(texts).split()
        self.names = plain(names(texts))
        self.text = " ".join([plain("\n".join(text for _, text in texts)), *self.numbers])

    def says(self, query) -> bool:
        return self._has_number(query) or all(map(self._says, query.parts))

    def nearly_says(self, query) -> bool:
        return all(self._says(part) or is_alike(part, self.names) for part in query.parts)

    def _has_number(self, query):
        number = Part((query.number,), begun=query.number_is_begun)
        return bool(query.number and number.places_in(self.numbers))

    def _says(self, part):
        first = (spelling[0] for spelling in part.spellings)
        return any(word in self.text for word in first) and bool(part.places_in(self.text.split()))
