"""What keeps a letter from going out, each with its place, its reason and its remedy: shared by the admin, dispatch and
the tests.

A rule is a function that is given a `Reading` of the letter and yields what it finds. Nothing here sets the letter:
that no glyph and no picture is missing is proved when it is set, by `dispatch.issue`.
"""

from letters.review import apology, commitments, days, figures, holes, plain, points, statements, tone
from letters.review.days import next_contact
from letters.review.finding import Finding
from letters.review.reading import Reading, where
from letters.review.statements import Statement, UnknownStatement, lacking, required_statements

__all__ = [
    "Finding",
    "Reading",
    "Statement",
    "UnknownStatement",
    "blocking",
    "findings",
    "lacking",
    "next_contact",
    "required_statements",
    "where",
]

RULES = (
    holes.no_way_to_the_customer,
    holes.empty_parts,
    holes.unfilled,
    holes.nobody_signs,
    holes.too_early,
    holes.recipients_without_address,
    points.unanswered,
    statements.missing,
    commitments.cannot_be_kept,
    commitments.table_and_case,
    commitments.other_day,
    days.contradicted,
    days.cannot_be_kept,
    days.wrong_weekday,
    days.unknown,
    figures.amounts_of_the_case,
    figures.other_references,
    apology.due,
    apology.not_due,
    tone.phrases_to_avoid,
    tone.shouting,
    tone.marks,
    tone.irony,
    plain.too_long,
    plain.long_sentences,
    plain.hard_to_read,
)


def findings(letter, *, on) -> list[Finding]:
    """Everything that is found in `letter`, as it would be issued `on` that day: what keeps it back first, each in the
    order in which it is read. Reads the database and changes nothing."""
    said = Reading(letter, on=on)
    found = {(one.key, one.place): one for rule in RULES for one in rule(said)}
    return sorted(found.values(), key=lambda one: (not one.blocking, said.rank(one.place)))


def blocking(letter, *, on) -> list[Finding]:
    """What keeps `letter` back: holes, and warnings that no lead has overridden."""
    overridden = set(letter.overrides.values_list("finding_key", flat=True))
    return [one for one in findings(letter, on=on) if one.blocking or one.key not in overridden]
