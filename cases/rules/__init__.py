"""Rules as data: how long each step may take. One YAML file per rule pack."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Rules:
    """One rule pack: limits in working days, counted from the day of receipt unless said otherwise."""

    acknowledge_within: int


@cache
def house() -> Rules:
    """The house's own limits, used where no regime asks for stricter ones."""
    return Rules(**yaml.safe_load((Path(__file__).parent / "house.yaml").read_text()))
