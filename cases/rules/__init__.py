"""Rules as data: by when each step is due, what may move that, and what each letter must say. One YAML file per regime,
with all its versions; a case goes by the version that was in force on the day on which it was received."""

from datetime import date
from functools import cache
from pathlib import Path

from cases.rules.entries import BadRules
from cases.rules.packs import MILESTONES, Extension, Ombudsman, Pack, Step, counted_out
from cases.rules.schema import read

__all__ = [
    "HOUSE",
    "MILESTONES",
    "BadRules",
    "Extension",
    "NoRules",
    "Ombudsman",
    "Pack",
    "Step",
    "counted_out",
    "for_case",
    "house",
    "in_force",
    "names",
    "newest",
    "read",
    "regimes",
    "version",
]

HERE = Path(__file__).parent
HOUSE = "house"


class NoRules(LookupError):
    """No such rules, or none on that day; the text names the regime and the day."""


@cache
def names() -> tuple[str, ...]:
    """Every regime that there is a file of, the house among them."""
    return tuple(sorted(path.stem for path in HERE.glob("*.yaml")))


@cache  # files change with a release only
def regimes() -> dict[str, tuple[Pack, ...]]:
    """All versions of all packs, by regime, earliest first. Raises BadRules."""
    return {name: read(HERE / f"{name}.yaml") for name in names()}


def in_force(regime: str, *, on: date) -> Pack:
    """The version that is in force on that day. Raises NoRules."""
    for pack in _versions(regime):
        if pack.version <= on and (pack.valid_to is None or on <= pack.valid_to):
            return pack
    raise NoRules(f"The rules “{regime}” know no version that was in force on {on:%-d %B %Y}.")


def version(regime: str, valid_from: date | str) -> Pack:
    """The version that is valid from that day (a date, or its ISO text). Raises NoRules."""
    for pack in _versions(regime):
        if pack.version.isoformat() == str(valid_from):
            return pack
    raise NoRules(f"The rules “{regime}” have no version of {valid_from}.")


def house(on: date | None = None) -> Pack:
    """The house's own pack in force on that day; without a day, the newest."""
    return in_force(HOUSE, on=on) if on else _versions(HOUSE)[-1]


def for_case(regime: str, on: date) -> list[Pack]:
    """What a case goes by that came in on that day: the house's pack and, with a regime, that one too. Raises
    NoRules."""
    return [house(on), *([in_force(regime, on=on)] if regime and regime != HOUSE else [])]


def newest(regime: str) -> list[Pack]:
    """The packs that a case of this regime goes by when it comes in from now on: the house's newest, and that one."""
    return [house(), *([_versions(regime)[-1]] if regime != HOUSE else [])]


def _versions(regime) -> tuple[Pack, ...]:
    if regime not in regimes():
        raise NoRules(f"There are no rules “{regime}”; there are {', '.join(regimes())}.")
    return regimes()[regime]
