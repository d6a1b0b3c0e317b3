"""Finding cases by their words: what the customer told us and told us later, what we found out and wrote, the names of
all involved, and every number that it has, here or elsewhere.

All words have to be there, wherever in the case they stand; of the last one its beginning is enough; “words in quotes”
follow one another. Where nothing says it, names that are nearly the same are found. PostgreSQL and SQLite find the
same, the latter among the newest cases only.
"""

from django.db import connections

from . import inside, postgresql
from .excerpts import Excerpt, excerpts
from .query import Query, read

__all__ = ["Excerpt", "Query", "excerpts", "found", "read"]


def found(cases, words: str):
    """Those of the queryset `cases` that say `words`; all of what it was narrowed to before holds."""
    query = read(words)
    if not query:
        return cases.none()
    searching = postgresql if connections[cases.db].vendor == "postgresql" else inside
    return searching.found(cases, query)
