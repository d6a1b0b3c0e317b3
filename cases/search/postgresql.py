"""Searching with PostgreSQL: a row for each case holds its words, kept right by triggers (`models/searchable.py`)."""

from django.db.models import BooleanField, F, Func, Q, TextField, Value

from .alike import may_be_a_slip
from .query import Part


def found(cases, query):
    """Those of `cases` that say all of `query`; where none does, those with names that may be meant."""
    exactly = cases.filter(Says(F("searchable__vector"), _asked(query)))
    slips = any(map(may_be_a_slip, query.parts))
    return exactly if not slips or exactly.exists() else _nearly(cases, query)


def _nearly(cases, query):
    for part in query.parts:
        says = Q(Says(F("searchable__vector"), _part(part)))
        if may_be_a_slip(part):
            says |= Q(IsLike(F("searchable__names"), Value(part.words[0])))
        cases = cases.filter(says)
    return cases


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
