"""From a file to rule packs. What is wrong with a file is said with its name, the version, the entry, and what to write
there: a pack that is nearly right is not used at all."""

import json
from datetime import time, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from cases.deadlines import Calendar, CountFrom, Limit, NoCalendar, Roll, Unit
from cases.rules.entries import (
    REQUIRED,
    Entry,
    amounts,
    clock_time,
    count,
    day,
    loaded,
    mapping,
    mappings,
    name,
    names,
    names_by_letter,
    one_of,
    points_of_warning,
    refuse,
    some_of,
    taken,
    text,
    truth,
)
from cases.rules.packs import MILESTONES, Extension, Ombudsman, Pack, Step

UNITS = tuple(unit.value for unit in Unit)
COUNT_FROM = tuple(way.value for way in CountFrom)
ROLL = tuple(way.value for way in Roll)
WORKING_DAYS_OF = {Unit.WORKING_DAY: 1, Unit.DAY: 5 / 7, Unit.WEEK: 5, Unit.MONTH: 20, Unit.HOUR: 1 / 24}  # at least

# --- what a file holds ------------------------------------------------------------------------------------------------

A_DAY = "a day like 2026-06-01"
A_NUMBER = "a whole number from 1 on"
SOME_NAMES = "a list of names like [receipt, handler], each once"
SOME_LETTERS = "kinds of letters, each with a list of names: acknowledgement: [receipt, handler]"
LIMIT = {
    "unit": Entry(one_of(UNITS), f"one of {', '.join(UNITS)}"),
    "count_from": Entry(one_of(COUNT_FROM), f"one of {', '.join(COUNT_FROM)}", "next_day"),
    "roll": Entry(one_of(ROLL), f"one of {', '.join(ROLL)}", "none"),
    "cutoff": Entry(clock_time, 'a time of the day in quotation marks: "17:00"'),
}
FILE = {
    "name": Entry(text, "the name by which people know the rules", REQUIRED),
    "ours": Entry(truth, "true for promises of the house, or take it out", False),
    "country": Entry(text, "a country code like GB, or take it out", ""),
    "region": Entry(text, "a region of the country like SCT, or take it out", ""),
    "source": Entry(text, "where the text of the rules stands", ""),
    "versions": Entry(mappings, "a list of versions, each beginning with valid_from", REQUIRED),
}
VERSION = {
    "valid_from": Entry(day, A_DAY, REQUIRED),
    "valid_to": Entry(day, f"{A_DAY}, the last on which it is in force"),
    "source": Entry(text, "where the text of this version stands", ""),
    "checked_by": Entry(text, "the name of whoever compared it with the text of the rules", ""),
    "checked_on": Entry(day, f"{A_DAY}, on which that was"),
    "note": Entry(text, "a sentence or two for whoever checks it", ""),
    "ombudsman": Entry(mapping, "name, address, website"),
    "steps": Entry(mappings, "a list of steps, each beginning with step", REQUIRED),
    "statements": Entry(names_by_letter, SOME_LETTERS, {}),
    "second_stage": Entry(names_by_letter, SOME_LETTERS, {}),
    "second_person": Entry(names, "a list of kinds of letters, each once", []),
    "second_person_above": Entry(amounts, "currencies with whole amounts: {GBP: 500, EUR: 500}", {}),
    "second_person_for_vulnerable": Entry(truth, "true or false", False),
    "confirm_after": Entry(count, f"{A_NUMBER}, or take it out to ask nobody"),
    "aftercare_after": Entry(count, f"{A_NUMBER}, or take it out to ask nobody"),
}
STEP = {
    "step": Entry(name, "a name in small letters like acknowledge", REQUIRED),
    "label": Entry(text, "what is to be done, in plain words", REQUIRED),
    "anchor": Entry(one_of(MILESTONES), f"one of {', '.join(MILESTONES)}", REQUIRED),
    "ends": Entry(some_of(MILESTONES), f"a list of one or more of {', '.join(MILESTONES)}", REQUIRED),
    "limit": Entry(count, A_NUMBER),
    "target": Entry(count, A_NUMBER),
    **LIMIT,
    "pausable": Entry(truth, "true or false", False),
    "extension": Entry(mapping, "unit, most, times, letter, statements"),
    "repeat_every": Entry(count, A_NUMBER),
    "warn": Entry(points_of_warning, "working days before it is due, the most first, each once: [10, 5, 1]", []),
    "different_handler": Entry(truth, "true or false", False),
    "source": Entry(text, "the rule that it comes from", ""),
}
EXTENSION = {
    "unit": Entry(one_of(UNITS), f"one of {', '.join(UNITS)}", REQUIRED),
    "most": Entry(count, f"{A_NUMBER}, or take it out where the rules name none"),
    "times": Entry(count, A_NUMBER, 1),
    "letter": Entry(name, "the kind of letter that tells the customer", ""),
    "statements": Entry(names, SOME_NAMES, []),
}
ASKED_AFTER = ("confirm_after", "aftercare_after")
OMBUDSMAN = {
    "name": Entry(text, "the name in full", REQUIRED),
    "address": Entry(text, "the postal address in one line", ""),
    "website": Entry(text, "the address of the website without https://", ""),
    "within": Entry(count, A_NUMBER),
    "unit": Entry(one_of(UNITS), f"one of {', '.join(UNITS)}"),
}


def read(path: Path) -> tuple[Pack, ...]:
    """Every version of the pack in this file, earliest first. Raises BadRules."""
    where = path.name
    head = taken(where, loaded(path), FILE)
    if head["ours"] and head["source"]:
        refuse(where, "our own promises have no source; take out “source”, or “ours”")
    if not head["ours"] and not head["source"]:
        refuse(where, "“source” is missing; write where the text of the rules stands")
    if not head["versions"]:
        refuse(where, "“versions” is empty; write at least one, beginning with valid_from")
    packs = tuple(_pack(path, head, found) for found in head["versions"])
    _check_validity(where, packs)
    return packs


# --- the parts of a pack ----------------------------------------------------------------------------------------------


def _pack(path, head, found) -> Pack:
    where = f"{path.name}, version {found.get('valid_from', '?')}"
    entries = taken(where, found, VERSION)
    _check_whose(where, head, entries)
    _check_calendar(where, head, entries["valid_from"])
    return Pack(
        regime=path.stem,
        version=entries["valid_from"],
        steps=_steps(where, entries["steps"]),
        ombudsman=_ombudsman(f"{where}, ombudsman", entries["ombudsman"]),
        statements=_by_letter(entries["statements"]),
        second_stage=_by_letter(entries["second_stage"]),
        second_person=tuple(entries["second_person"]),
        second_person_above=MappingProxyType(entries["second_person_above"]),
        second_person_for_vulnerable=entries["second_person_for_vulnerable"],
        source=entries["source"] or head["source"],
        fingerprint=_fingerprint(head, found),
        **{key: head[key] for key in ("name", "ours", "country", "region")},
        **{key: entries[key] for key in ("valid_to", "checked_by", "checked_on", "note", *ASKED_AFTER)},
    )


def _fingerprint(head, found) -> str:
    """The SHA-256 of what the rules say, whatever was noted about who checked them."""
    said = {key: value for key, value in found.items() if key not in ("checked_by", "checked_on", "note")}
    place = {key: head[key] for key in ("country", "region", "source")}
    return sha256(json.dumps([place, said], sort_keys=True, default=str).encode()).hexdigest()


def _check_whose(where, head, entries):
    if bool(entries["checked_by"]) != bool(entries["checked_on"]):
        refuse(where, "write both checked_by and checked_on, or neither")
    if head["ours"] and entries["checked_by"]:
        refuse(where, "nobody checks our own promises against a text; take out checked_by and checked_on")


def _check_calendar(where, head, day):
    country, region = head["country"], head["region"]
    if region and not country:
        refuse(where, "“region” belongs to a country; write “country” as well")
    try:
        if country:
            Calendar(country, region).day_off(day)
    except NoCalendar as error:
        refuse(where, f"{str(error).rstrip('.')}; write another “country” or “region”")


def _steps(where, found) -> tuple[Step, ...]:
    if not found:
        refuse(where, "“steps” is empty; write at least one")
    steps = tuple(_step(f"{where}, step “{one.get('step', number)}”", one) for number, one in enumerate(found, start=1))
    for step in steps:
        if sum(step.name == other.name for other in steps) > 1:
            refuse(where, f"there are two steps “{step.name}”; call one of them something else")
    return steps


def _step(where, found) -> Step:
    entries = taken(where, found, STEP)
    _check_numbers(where, found, entries)
    step = Step(
        name=entries["step"],
        ends=tuple(entries["ends"]),
        limit=_limit(entries, entries["limit"] or entries["repeat_every"]),
        target=_limit(entries, entries["target"]),
        extension=_extension(f"{where}, extension", entries["extension"]),
        warn=tuple(entries["warn"]),
        **{key: entries[key] for key in ("label", "anchor", "pausable", "repeat_every", "different_handler", "source")},
    )
    _check_step(where, step)
    return step


def _check_numbers(where, found, entries):
    numbers = [key for key in ("limit", "target", "repeat_every") if entries[key]]
    if len(numbers) > 1:
        refuse(where, f"{' and '.join(numbers)} are two numbers for one clock; keep one of them")
    if numbers and not entries["unit"]:
        refuse(where, f"“unit” is missing beside “{numbers[0]}”; write {LIMIT['unit'].write}")
    if not numbers and (stray := found.keys() & LIMIT.keys()):
        refuse(where, f"“{min(stray)}” counts nothing without a number; write “limit” or “target”, or take it out")
    if entries["unit"] == Unit.HOUR and (stray := found.keys() & {"count_from", "roll", "cutoff"}):
        refuse(where, f"“{min(stray)}” chooses days, and hours run from the minute; take it out")
    if entries["unit"] == Unit.MONTH and entries["count_from"] == CountFrom.NEXT_WORKING_DAY:
        refuse(where, "“count_from” must be a day of the calendar for months; write same_day or next_day")


def _check_step(where, step):
    if step.anchor in step.ends:
        refuse(where, f"“ends” names {step.anchor}, which is where it starts; write what ends it")
    if step.limit is None:
        for entry in ("pausable", "extension", "warn"):
            if getattr(step, entry):
                refuse(where, f"“{entry}” needs a clock that runs; write “limit”, or take it out")
    elif step.extension and step.extension.unit == Unit.HOUR != step.limit.unit:
        refuse(where, "“extension” counts hours, and what it extends days; write days for both")
    elif step.warn and step.warn[0] >= (most := int(step.limit.number * WORKING_DAYS_OF[step.limit.unit])):
        refuse(where, f"“warn” begins {step.warn[0]} working days before, and {most} are all; write smaller numbers")


def _limit(entries, number) -> Limit | None:
    if number is None:
        return None
    cutoff = time.fromisoformat(entries["cutoff"]) if entries["cutoff"] else None
    return Limit(number, Unit(entries["unit"]), entries["count_from"], entries["roll"], cutoff)


def _extension(where, found) -> Extension | None:
    if found is None:
        return None
    entries = taken(where, found, EXTENSION)
    if entries["statements"] and not entries["letter"]:
        refuse(where, "“statements” are made in a letter; write “letter”, or take them out")
    return Extension(**entries | {"unit": Unit(entries["unit"]), "statements": tuple(entries["statements"])})


def _ombudsman(where, found) -> Ombudsman | None:
    if found is None:
        return None
    entries = taken(where, found, OMBUDSMAN)
    number, unit = entries.pop("within"), entries.pop("unit")
    if bool(number) != bool(unit):
        refuse(where, "write both within and unit (within: 6, unit: month), or neither")
    return Ombudsman(**entries, within=Limit(number, Unit(unit)) if number else None)


def _by_letter(found):
    return MappingProxyType({letter: tuple(asked) for letter, asked in found.items()})


# --- which version is in force ----------------------------------------------------------------------------------------


def _check_validity(where, packs):
    for pack in packs:
        if pack.valid_to and pack.valid_to < pack.version:
            refuse(f"{where}, version {pack.version}", f"it ends on {pack.valid_to}, before it begins; mend “valid_to”")
    for earlier, later in pairwise(packs):
        if later.version <= earlier.version:
            refuse(where, f"version {later.version} comes after {earlier.version}; write the earliest first")
        last = later.version - timedelta(days=1)
        if earlier.valid_to != last:
            wrong = _overlap_or_gap(earlier, later)
            refuse(f"{where}, version {earlier.version}", f"{wrong}; write valid_to: {last}")


def _overlap_or_gap(earlier, later) -> str:
    if earlier.valid_to is None or earlier.valid_to >= later.version:
        return f"it is still in force when version {later.version} begins"
    gap = earlier.valid_to + timedelta(days=1)
    return f"nothing is in force from {gap} until version {later.version} begins"
