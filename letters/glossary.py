"""The list of placeholders as leads read it, beside the editor and in docs/letters.md."""

from dataclasses import dataclass

from letters import facts
from letters.models.kind import TO_STAFF
from letters.values import plain


@dataclass(frozen=True)
class Entry:
    """One placeholder: its name as it is written, what it is, and an example or all that it can be."""

    name: str
    meaning: str
    example: str
    one: str = ""  # what an entry of the list is called
    fields: tuple["Entry", ...] = ()


def printed(known, language) -> list[Entry]:
    """The placeholders of `known` that a letter prints, with examples in its language."""
    return [_entry(fact, fact.sample(language)) for fact in known.values() if fact.is_printed]


def asked(known) -> list[Entry]:
    """Those that are only asked for in conditions, with all that they can be."""
    return [Entry(fact.name, _meaning(fact), _values(fact)) for fact in known.values() if fact.values]


def lists(known, language) -> list[Entry]:
    """Those that are gone through in a loop, each with what its entries hold."""
    return [_list(fact, language) for fact in known.values() if fact.fields]


def as_markdown() -> str:
    """The whole list as the table of docs/letters.md."""
    known = {fact.name: fact for fact in facts.FACTS}
    rows = ["| placeholder | what it is | example, or all that it can be |", "|---|---|---|"]
    rows += [_row(entry, entry.example) for entry in printed(known, "en")]
    rows += [_row(entry, f"`{entry.example.replace(', ', '`, `')}`") for entry in asked(known)]
    for entry in lists(known, "en"):
        rows.append(_row(entry, f"`{{% for {entry.one} in {entry.name} %}}`, with:"))
        rows += [_row(field, field.example) for field in entry.fields]
    return "\n".join(rows)


def _row(entry, example):
    return f"| `{entry.name}` | {entry.meaning} | {example} |"


def _entry(fact, sample, name=""):
    return Entry(name or fact.name, _meaning(fact), plain(str(sample)))


def _list(fact, language):
    first = fact.sample(language)[0]
    fields = tuple(_entry(field, first[field.name], f"{fact.entry}.{field.name}") for field in fact.fields)
    return Entry(fact.name, _meaning(fact), "", fact.entry, fields)


def _values(fact):
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in fact.values)


def _meaning(fact):
    says = f"{fact.meaning.removesuffix('.')}, or nothing." if fact.optional else fact.meaning
    if fact.only_in:
        says += " Only in a letter to a colleague."
    if fact.not_in == TO_STAFF:
        says += " Not in a letter to a colleague."
    return says
