"""What a letter must say because the case's rule pack asks for it. Which letter says what is data (`cases/rules/`); so
is what proves it (`statements.yaml`, and each language's `review.yaml`)."""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from operator import attrgetter
from pathlib import Path

import yaml

from cases import rules
from letters import facts
from letters.models import Kind
from letters.review import dates, days
from letters.review.finding import hole
from letters.review.folding import fold
from letters.review.wording import wording_of
from letters.sheet import PLACEHOLDER
from letters.values import plain

DEFINITIONS = Path(__file__).with_name("statements.yaml")
OUTPUT = re.compile(r"{{-?\s*([\w.]+)[^{}]*}}")


class UnknownStatement(LookupError):
    """A rule pack asks for a statement that nobody has said how to prove; the text names both."""


@dataclass(frozen=True)
class Statement:
    """Something that a letter says, and what proves it: a fact of the case, words of the language, or both."""

    name: str
    means: str
    fact: str = ""  # a key of FACTS
    words: bool = False  # proved by words of the language
    placeholders: list[str] | tuple = ()
    hole: bool = False  # in a template, a place that a person fills may become it
    asked_by: str = ""  # the name of the rules that ask for it

    def stands_in_template(self, subject, body, *, language) -> bool:
        """A letter made of this template can say it without anybody adding it."""
        text = f"{subject}\n{body}"
        if self.words and wording_of(language).says(self.name).search(fold(text)):
            return True
        placeholders = set(OUTPUT.findall(text))
        return not placeholders.isdisjoint(self.placeholders) or (self.hole and bool(PLACEHOLDER.search(text)))


def required_statements(kind, packs=None, *, escalated=False) -> list[Statement]:
    """What a letter of this kind must say by these rule packs, the house's unless others are given; `escalated`, once a
    second stage was asked for. Each once, as the first of them asks for it. Raises UnknownStatement."""
    found = {}
    for pack in packs or [rules.house()]:
        for name in pack.required(str(kind), escalated=escalated):
            found.setdefault(name, replace(_definition(name, pack), asked_by=pack.name))
    return list(found.values())


def lacking(kind, *, subject, body, language, packs=None, escalated=False) -> list[Statement]:
    """The required statements that a template with these words would never make."""
    required = required_statements(kind, packs, escalated=escalated)
    return [one for one in required if not one.stands_in_template(subject, body, language=language)]


def missing(said):
    """What the rule packs of the case require and the letter does not say. While a placeholder is unfilled, the fact
    may be what it waits for."""
    case = said.case
    waits = any(PLACEHOLDER.search(passage.shown) for passage in said.passages)
    for statement in required_statements(said.letter.kind, case.packs(), escalated=bool(case.escalated_on)):
        in_words = not statement.words or any(said.find(said.wording.says(statement.name)))
        in_fact = not statement.fact or waits or FACTS[statement.fact](said)
        if not (in_words and in_fact):
            words = _words_of_the_rules(said, statement.fact)
            yield hole(
                "missing-statement",
                "body",
                statement.name,
                f"The letter does not say {statement.means}.",
                f"Add {f'“{words}”' if words else 'it'}: “{statement.asked_by}” requires it of this letter.",
            )


def check(pack):
    """Every letter and statement that the pack speaks of is there, and what a statement says of the rules is in them.
    Raises UnknownStatement."""
    for kind in sorted(pack.letters - set(Kind.values)):
        raise UnknownStatement(f"The rule pack “{pack.regime}” speaks of a letter “{kind}” that there is not.")
    for kind, escalated in product(pack.letters, (False, True)):
        for statement in required_statements(kind, [pack], escalated=escalated):
            if statement.fact in OF_THE_RULES and not OF_THE_RULES[statement.fact](pack):
                says = f"requires “{statement.name}”, and nothing in it is {statement.means}"
                raise UnknownStatement(f"The rule pack “{pack.regime}” {says}.")


def _names_the_reference(said):
    return said.says(said.case.reference)


def _names_the_handler(said):
    return said.case.handler is not None and said.says(str(said.case.handler))


def _names_the_day_of_receipt(said):
    return _names_one_of(said, [said.case.received_on])


def _names_the_next_contact(said):
    day = days.next_contact(said)
    return day is not None and _names_one_of(said, [day])


def _names_a_kept_day(said):
    return _names_one_of(said, [one.kept_on for one in said.known.promised if one.kept_on])


def _names_the_day_of_the_account(said):
    person = said.letter.involvement
    return person is not None and _names_one_of(said, [person.account_due_on])


def _names_a_coming_day(said):
    coming = dates.all_days(said.ours, said.known.languages, year=said.on.year)
    return any(day >= said.on for day in coming)


def _names_one_of(said, wanted):
    return any(one.is_one_of(wanted) for one in said.days)


def _encloses_something(said):
    return said.letter.enclosures.exists()


def _names_the_ombudsmans_place(said):
    ombudsman = said.about.rules.ombudsman
    return ombudsman is not None and (said.says(ombudsman.address) or said.says(ombudsman.website))


def _words_of_the_rules(said, fact) -> str:
    """How the letter's language writes what the rules hold; nothing for what is no fact of theirs."""
    if fact not in OF_THE_RULES:
        return ""
    written = next(one for one in facts.FACTS if one.name == fact).value(said.about, said.letter.language)
    return plain(written or "")


def _says_what_the_rules_hold(fact):
    return lambda said: said.says(_words_of_the_rules(said, fact))


OF_THE_RULES = {  # facts that a rule pack holds
    "answer_within": attrgetter("answer_within"),
    "answer_at_most": attrgetter("answer_at_most"),
    "ombudsman": attrgetter("ombudsman"),
    "ombudsman_at": lambda pack: pack.ombudsman and pack.ombudsman.reached_at,
    "ombudsman_within": lambda pack: pack.ombudsman and pack.ombudsman.within,
}


FACTS = {
    "reference": _names_the_reference,
    "received_on": _names_the_day_of_receipt,
    "handler": _names_the_handler,
    "next_contact_on": _names_the_next_contact,
    "kept_on": _names_a_kept_day,
    "account_due_on": _names_the_day_of_the_account,
    "coming_day": _names_a_coming_day,
    "enclosure": _encloses_something,
    **{fact: _says_what_the_rules_hold(fact) for fact in OF_THE_RULES},
    "ombudsman_at": _names_the_ombudsmans_place,
}


def _definition(name, pack) -> Statement:
    if name not in _definitions():
        raise UnknownStatement(f"The rule pack “{pack.regime}” requires a statement “{name}” that there is not.")
    return _definitions()[name]


@cache
def _definitions() -> dict[str, Statement]:
    read = yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8"))
    return {name: Statement(name, **one) for name, one in read.items()}
