"""What a letter must say because the case's rule pack asks for it. Which letter says what is data (`cases/rules/`); so
is what proves it (`statements.yaml`, and each language's `review.yaml`)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from cases import rules
from letters.models import Kind
from letters.review import dates
from letters.review.finding import hole
from letters.review.folding import fold
from letters.review.wording import wording_of
from letters.sheet import PLACEHOLDER

DEFINITIONS = Path(__file__).with_name("statements.yaml")
OUTPUT = re.compile(r"{{-?\s*([\w.]+)[^{}]*}}")


class UnknownStatement(LookupError):
    """A rule pack asks for a statement that nobody has said how to prove; the text names both."""


@dataclass(frozen=True)
class Statement:
    """Something that a letter says, and what proves it."""

    name: str
    means: str
    fact: str = ""  # a key of FACTS
    words: bool = False  # proved by words of the language
    placeholders: list[str] | tuple = ()
    hole: bool = False  # in a template, a place that a person fills may become it

    def stands_in_template(self, subject, body, *, language) -> bool:
        """A letter made of this template can say it without anybody adding it."""
        text = f"{subject}\n{body}"
        if self.words:
            return bool(wording_of(language).says(self.name).search(fold(text)))
        placeholders = set(OUTPUT.findall(text))
        return not placeholders.isdisjoint(self.placeholders) or (self.hole and bool(PLACEHOLDER.search(text)))


def required_statements(kind, pack=None) -> list[Statement]:
    """What a letter of this kind must say by the rule pack, the house's unless another is given. Raises
    UnknownStatement."""
    pack = pack or rules.house()
    _check_kinds(pack)
    return [_statement(name, pack) for name in pack.statements.get(str(kind), [])]


def lacking(kind, *, subject, body, language, pack=None) -> list[Statement]:
    """The required statements that a template with these words would never make."""
    required = required_statements(kind, pack)
    return [one for one in required if not one.stands_in_template(subject, body, language=language)]


def missing(said):
    """What the rule pack requires and the letter does not say. While a placeholder is unfilled, the fact may be what it
    waits for."""
    waits = any(PLACEHOLDER.search(passage.shown) for passage in said.passages)
    for statement in required_statements(said.letter.kind):
        if statement.words:
            if not any(said.find(said.wording.says(statement.name))):
                yield _missing(statement)
        elif not waits and not FACTS[statement.fact](said):
            yield _missing(statement)


def _missing(statement):
    return hole(
        "missing-statement",
        "body",
        statement.name,
        f"The letter does not say {statement.means}.",
        "Add it: the rules of the house require it of this letter.",
    )


def _names_the_reference(said):
    return said.says(said.case.reference)


def _names_the_handler(said):
    return said.case.handler is not None and said.says(str(said.case.handler))


def _names_the_day_of_receipt(said):
    return _names_one_of(said, [said.case.received_on])


def _names_the_next_contact(said):
    return said.known.next_contact_on is not None and _names_one_of(said, [said.known.next_contact_on])


def _names_a_kept_day(said):
    return _names_one_of(said, [one.kept_on for one in said.known.promised if one.kept_on])


def _names_the_day_of_the_account(said):
    person = said.letter.involvement
    return person is not None and _names_one_of(said, [person.account_due_on])


def _names_a_coming_day(said):
    days = dates.all_days(said.ours, said.known.languages, year=said.on.year)
    return any(day >= said.on for day in days)


def _names_one_of(said, days):
    return any(one.is_one_of(days) for one in said.days)


FACTS = {
    "reference": _names_the_reference,
    "received_on": _names_the_day_of_receipt,
    "handler": _names_the_handler,
    "next_contact_on": _names_the_next_contact,
    "kept_on": _names_a_kept_day,
    "account_due_on": _names_the_day_of_the_account,
    "coming_day": _names_a_coming_day,
}


def _check_kinds(pack):
    for kind in pack.statements.keys() - set(Kind.values):
        raise UnknownStatement(f"The rule pack “{pack.name}” speaks of a letter “{kind}” that there is not.")


def _statement(name, pack) -> Statement:
    if name not in _definitions():
        raise UnknownStatement(f"The rule pack “{pack.name}” requires a statement “{name}” that there is not.")
    return _definitions()[name]


@cache
def _definitions() -> dict[str, Statement]:
    read = yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8"))
    return {name: Statement(name, **one) for name, one in read.items()}
