"""Searching with PostgreSQL: a row for each case holds its words, kept right by triggers (`models/searchable.py`)."""

from django.db.models import BooleanField, F, Func, Q, TextField, Value

from cases.models import Searchable

from .alike import may_be_a_slip
from .query import Part

FEW = 5_000  # cases that say it; of more, each fiftieth or so of a list does, and walking along the list finds a page


def found(cases, query):
    """Those of `cases` that say all of `query`; where none does, those with names that may be meant."""
    asked = _asked(query)
    keys = _keys(Searchable.objects.using(cases.db).filter(Says(F("vector"), asked)))
    exactly = cases.filter(pk__in=keys) if len(keys) <= FEW else cases.filter(Says(F("searchable__vector"), asked))
    slips = any(map(may_be_a_slip, query.parts))
    return exactly if not slips or exactly.exists() else _nearly(cases, query)


def _keys(rows):
    """The planner takes any word with an open end, and any two numbers, for as common as one in two hundred, and would
    walk through everything; asked for so many without an order, it goes by the index of the words."""
    return list(rows.values_list("pk", flat=True)[: FEW + 1])


def _nearly(cases, query):
    rows = Searchable.objects.using(cases.db)
    for part in query.parts:
        says = Q(Says(F("vector"), _part(part)))
        if may_be_a_slip(part):
            says |= Q(IsLike(F("names"), Value(part.words[0])))
        rows = rows.filter(says)
    return cases.filter(pk__in=_keys(rows))


def _asked(query):
    words = All(*map(_part, query.parts))
    number = Part((query.number,), begun=query.number_is_begun)
    return Any(words, _part(number)) if query.number else words


def _part(part):
    spelled = Begin if part.begun else Follow
    return Any(*(spelled(Plain(Value(" ".join(spelling)))) for spelling in part.spellings))


class Plain(Func):
    function, output_field = "cases_plain", TextField()


class Follow(Func):
    """The words, one after the other."""

    template, output_field = "phraseto_tsquery('simple', %(expressions)s)", TextField()


class Begin(Func):
    """The same; of each the beginning is enough."""

    template, output_field = "to_tsquery('simple', '''' || %(expressions)s || ''':*')", TextField()


class All(Func):
    template, arg_joiner, output_field = "(%(expressions)s)", " && ", TextField()


class Any(Func):
    template, arg_joiner, output_field = "(%(expressions)s)", " || ", TextField()


class Says(Func):
    template, arg_joiner, output_field = "(%(expressions)s)", " @@ ", BooleanField()


class IsLike(Func):
    """word_similarity of at least what the connection says (settings.DATABASES)."""

    template, arg_joiner, output_field = "(%(expressions)s)", " %%> ", BooleanField()
