"""Commitments: what the letter promises is what was agreed, and can be kept."""

import re

from django.core.exceptions import ValidationError

from cases.models.commitment import check_keepable
from letters.models import Kind
from letters.review import dates
from letters.review.finding import hole, shortened
from letters.review.folding import fold
from letters.review.reading import split_sentences
from letters.values import Day


def cannot_be_kept(said):
    """A commitment that the letter names lies ahead on a working day, with an owner who works here."""
    for one in said.known.promised:
        if one.kept_on or not (_has_the_table(said) or said.says(one.what)):
            continue
        try:
            check_keepable(due_on=one.due_on, owner=one.owner, on=said.on)
        except ValidationError as error:
            yield hole(
                "commitment-cannot-be-kept",
                "the case, commitments",
                shortened(one.what),
                f"“{shortened(one.what)}” cannot be kept as it is promised.",
                " ".join(error.messages),
            )


def table_and_case(said):
    """The table of a resolution letter holds each commitment with its owner and day, and nothing else."""
    if not _has_the_table(said):
        return
    rows = [passage for passage in said.passages if passage.kind == "row"]
    matched = _matched(said.known.promised, rows, said)
    for one in said.known.promised:
        if one in matched:
            yield from _differences(one, matched[one], said)
        else:
            yield hole(
                "commitment-not-in-the-table",
                "the case, commitments",
                shortened(one.what),
                f"“{shortened(one.what)}” was agreed but does not stand in the table of commitments.",
                f"Add a row: {shortened(one.what)}, {one.owner_name}, {Day(one.due_on, said.letter.language)}.",
            )
    for row in _promised_besides(rows, set(matched.values()), said):
        yield hole(
            "commitment-not-agreed",
            row.place,
            shortened(row.shown),
            f"“{shortened(row.shown)}” is promised in the table but is no commitment of this case.",
            "Take the row out, or agree on it in the case, so that it is followed up.",
        )


def other_day(said):
    """A sentence outside the table that names a commitment does not give it another day."""
    for one in said.known.promised:
        for passage in said.passages:
            if passage.kind not in ("head", "row") and _tells_another_day(one, passage, said):
                yield _other_day(one, passage, said)


def _tells_another_day(one, passage, said) -> bool:
    words = re.compile(rf"(?<!\w){re.escape(fold(one.what))}(?!\w)")
    days = [day for day in (one.due_on, one.kept_on) if day]
    for sentence in map(fold, split_sentences(passage.shown)):
        named = dates.named(sentence, said.known.languages) if words.search(sentence) else ()
        if named and not any(day.is_one_of(days) for day in named):
            return True
    return False


def _has_the_table(said) -> bool:
    return said.letter.kind == Kind.RESOLUTION


def _matched(promised, rows, said) -> dict:
    """The row of each commitment: it holds its words, or, put into another language, its owner and its day."""
    matched = {}
    for holds in (_holds_words, _holds_owner_and_day):
        for one in promised:
            if one not in matched:
                free = [row for row in rows if row not in matched.values() and holds(one, row, said)]
                matched.update([(one, row) for row in free[:1]])
    return matched


def _holds_words(one, row, said) -> bool:
    return fold(one.what) in said.words[row.start : row.end]


def _holds_owner_and_day(one, row, said) -> bool:
    return fold(one.owner_name) in said.words[row.start : row.end] and _holds_day(one, row, said)


def _holds_day(one, row, said) -> bool:
    return any(day.means(one.due_on) for day in dates.named(said.words[row.start : row.end], said.known.languages))


def _differences(one, row, said):
    if not _holds_day(one, row, said):
        yield _other_day(one, row, said)
    if fold(one.owner_name) not in said.words[row.start : row.end]:
        yield hole(
            "commitment-contradicts",
            row.place,
            shortened(one.what),
            f"“{shortened(one.what)}” is seen to by {one.owner_name}; the letter says otherwise.",
            f"Write {one.owner_name}.",
        )


def _other_day(one, where, said):
    return hole(
        "commitment-contradicts",
        where.place,
        shortened(one.what),
        f"“{shortened(one.what)}” was agreed for {one.due_on:%-d %B %Y}; the letter says otherwise.",
        f"Write {Day(one.due_on, said.letter.language)}.",
    )


def _promised_besides(rows, matched, said):
    """Rows that are no commitment's, in a table that holds commitments or with a day that is still to come."""
    for row in rows:
        if row not in matched and (not matched.isdisjoint(_table_of(row, said.passages)) or _is_ahead(row, said)):
            yield row


def _is_ahead(row, said) -> bool:
    words = said.words[row.start : row.end]
    return any(day >= said.on for day in dates.all_days(words, said.known.languages, year=said.on.year))


def _table_of(row, passages):
    """The rows that follow one another without a head between them."""
    place = passages.index(row)
    first = max(number for number in range(place) if passages[number].kind == "head")
    table = []
    for passage in passages[first + 1 :]:
        if passage.kind != "row":
            break
        table.append(passage)
    return table
