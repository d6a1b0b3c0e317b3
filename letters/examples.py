"""What an invented case would put in the places of a letter: for previews, and for every branch that a template has."""

from itertools import product
from types import SimpleNamespace

from cases import rules
from letters.about import Rules
from letters.facts import OF_RULES, known

DECIDING = ("outcome", "responsibility", "agreed")  # tried in every combination


def samples(kind, language) -> dict:
    """The placeholders of a letter of this kind with their examples, by the rules of the house alone."""
    examples = {name: fact.sample(language) for name, fact in known(kind).items()}
    return examples | {"language": language} | _by_rules(kind, language, Rules(None))


def variations(kind, language):
    """Samples with every outcome, responsibility and end of the talks, each with all that may be nothing, without it,
    and with lists whose entries lack it; then every other value that a choice may have, and every regime at each of
    its stages."""
    facts, full = known(kind), samples(kind, language)
    deciding = [name for name in DECIDING if name in facts]
    bases = (full, *_sparse(facts, full, kind))
    for base, values in product(bases, product(*(_all_values(facts[name]) for name in deciding))):
        yield base | dict(zip(deciding, values, strict=True))
    for name, fact in facts.items():
        if fact.values and name not in (*DECIDING, *OF_RULES, "language"):
            yield from (full | {name: value} for value in _all_values(fact))
    for base, regime in product(bases, _regimes()):
        yield base | _by_rules(kind, language, regime)


def _regimes():
    """The newest rules of every regime, at each of their stages."""
    for name in rules.names():
        if name != rules.HOUSE:
            pack = rules.newest(name)[-1]
            stages = (False, True) if pack.has_second_stage else (False,)
            yield from (Rules(pack, escalated=escalated) for escalated in stages)


def _by_rules(kind, language, regime) -> dict:
    facts, about = known(kind), SimpleNamespace(rules=regime)
    return {name: facts[name].value(about, language) for name in OF_RULES if name in facts}


def named(kind, values) -> dict:
    """`values`, each text replaced by the mark of its placeholder: a letter filled with them tells which placeholders
    stand in it."""
    facts = known(kind)
    return {name: _named(facts[name], name, value) for name, value in values.items()}


def _named(fact, name, value):
    if value is None or fact.values:
        return value
    if not fact.fields:
        return f"{{{{ {name} }}}}"
    fields = {field.name: field for field in fact.fields}
    return [{key: _named(fields[key], f"{fact.entry}.{key}", held) for key, held in entry.items()} for entry in value]


def _sparse(facts, full, kind):
    nothing = {name: None for name, fact in facts.items() if fact.may_be_nothing(kind) and not fact.values}
    yield full | nothing
    yield full | {
        name: [_without_optional(fact, entry) for entry in full[name]] for name, fact in facts.items() if fact.fields
    }


def _without_optional(fact, entry):
    return entry | {field.name: None for field in fact.fields if field.optional}


def _all_values(fact):
    return (*fact.values, None) if fact.optional else fact.values
