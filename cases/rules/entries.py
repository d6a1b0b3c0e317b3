"""What may stand in a file of rules: each entry with what fits there and what to write instead; the YAML around it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

import yaml

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CURRENCY = re.compile(r"[A-Z]{3}")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
REQUIRED = object()  # the default of an entry that has none


class BadRules(ValueError):
    """A rule pack cannot be used; the text names the file, the version and the entry, and says what to write."""


def refuse(where, says):
    raise BadRules(f"{where}: {says}.")


@dataclass(frozen=True)
class Entry:
    """What an entry may be: a test, the words that tell a person what to write, and what it is where it is not
    written."""

    fits: Callable
    write: str
    default: object = None


# --- what fits ------------------------------------------------------------------------------------------------------


def text(found) -> bool:
    return isinstance(found, str) and bool(found.strip())


def truth(found) -> bool:
    return isinstance(found, bool)


def count(found) -> bool:
    return type(found) is int and found > 0


def day(found) -> bool:
    return isinstance(found, date) and not isinstance(found, datetime)


def clock_time(found) -> bool:
    return isinstance(found, str) and bool(CLOCK_TIME.fullmatch(found))


def name(found) -> bool:
    return isinstance(found, str) and bool(NAME.fullmatch(found))


def names(found) -> bool:
    return isinstance(found, list) and all(map(name, found)) and len(set(found)) == len(found)


def names_by_letter(found) -> bool:
    return isinstance(found, dict) and all(map(name, found)) and all(map(names, found.values()))


def some_of(values) -> Callable:
    return lambda found: isinstance(found, list) and bool(found) and all(map(one_of(values), found))


def amounts(found) -> bool:
    return isinstance(found, dict) and all(map(currency, found)) and all(map(count, found.values()))


def currency(found) -> bool:
    return isinstance(found, str) and bool(CURRENCY.fullmatch(found))


def points_of_warning(found) -> bool:
    return isinstance(found, list) and all(map(count, found)) and sorted(set(found), reverse=True) == found


def mapping(found) -> bool:
    return isinstance(found, dict)


def mappings(found) -> bool:
    return isinstance(found, list) and all(map(mapping, found))


def one_of(values) -> Callable:
    return lambda found: isinstance(found, str) and found in values


# --- the file ---------------------------------------------------------------------------------------------------------


def taken(where, found, known) -> dict:
    """Every known entry, with its default where it is not written. Raises BadRules."""
    for key in found:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            meant = f"did you mean “{close[0]}”?" if close else f"write one of {', '.join(known)}"
            refuse(where, f"there is no entry “{key}”; {meant}")
    for key, entry in known.items():
        if key not in found and entry.default is REQUIRED:
            refuse(where, f"“{key}” is missing; write {entry.write}")
        if key in found and not entry.fits(found[key]):
            refuse(where, f"“{key}” is “{found[key]}”; write {entry.write}")
    return {key: found.get(key, entry.default) for key, entry in known.items()}


def loaded(path) -> dict:
    """What stands in the file. Raises BadRules for one that is no YAML, or writes an entry twice."""
    where = path.name
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        refuse(f"{where}{line}", f"this is no YAML: {getattr(error, 'problem', None) or error}")
    except ValueError as error:  # the 30th of February
        refuse(where, f"this is no day: {error}")
    if not isinstance(found, dict):
        refuse(where, "there are no entries; docs/rules.md shows how a file begins")
    return found


TRUTH, NUMBER, FRACTION = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float"))


class Loader(yaml.SafeLoader):
    """YAML in which true and false alone are truths (Norway is NO), whole numbers alone are numbers (6.2 is a section,
    and 17:00 no number of seconds), and no entry is written twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in kept if tag not in (TRUTH, NUMBER, FRACTION)]
        for first, kept in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        written = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if written.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    problem=f"“{key.value}” is written twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep)


Loader.add_implicit_resolver(TRUTH, re.compile(r"(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver(NUMBER, re.compile(r"-?(?:0|[1-9]\d*)$"), list("-0123456789"))
