"""Rules as data: how long each step may take, and what each letter must say. One YAML file per rule pack."""

from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

import yaml


class BadRules(ValueError):
    """A rule pack cannot be used; the text names the pack and the entry."""


@dataclass(frozen=True)
class Rules:
    """One rule pack. Limits are in working days, counted from the day of receipt unless said otherwise."""

    name: str
    acknowledge_within: int
    second_person: list[str] = field(default_factory=list)  # kinds of letter that a second person approves
    statements: dict[str, list[str]] = field(default_factory=dict)  # by kind of letter: what it must say


@cache
def house() -> Rules:
    """The house's own rules, used where no regime asks for stricter ones."""
    return read(Path(__file__).parent / "house.yaml")


def read(path: Path) -> Rules:
    """The rule pack in this file. Raises BadRules, naming the entry, for one that is missing, unknown or not of its
    kind."""
    pack = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    known = {field.name for field in fields(Rules)} - {"name"}
    for entry in pack.keys() - known:
        raise BadRules(f"The rule pack “{path.stem}” has an unknown entry “{entry}”.")
    limit = pack.get("acknowledge_within")
    if type(limit) is not int or limit < 0:
        raise BadRules(f"The rule pack “{path.stem}”: acknowledge_within must be a number of days, not {limit}.")
    for kind, names in _statements(path.stem, pack).items():
        if not _are_names(names):
            raise BadRules(f"The rule pack “{path.stem}”: statements of {kind} must be a list of names.")
    if not _are_names(pack.get("second_person", [])):
        raise BadRules(f"The rule pack “{path.stem}”: second_person must be a list of kinds of letters.")
    return Rules(path.stem, **pack)


def _are_names(entry) -> bool:
    return isinstance(entry, list) and all(isinstance(name, str) for name in entry)


def _statements(name, pack) -> dict:
    statements = pack.get("statements", {})
    if not isinstance(statements, dict):
        raise BadRules(f"The rule pack “{name}”: statements must name kinds of letters.")
    return statements
