"""Days that a text names, in the ways in which a language writes them. Pure: no letter, no case."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from letters import library
from letters.review.folding import fold
from letters.review.wording import wording_of
from letters.values import locale

EVERYWHERE = ("{y}-{m}-{d}",)  # as machines write it
PARTS = {"d": r"(?P<d>\d{1,2})", "m": r"(?P<m>\d{1,2})", "y": r"(?P<y>\d{4})", "yy": r"(?P<yy>\d{2})"}


@dataclass(frozen=True)
class Named:
    """A day as a text names it. One without a year, and one that can be read in two ways, mean any of several."""

    start: int
    end: int
    readings: frozenset  # of (year or None, month, day)

    def means(self, day: date) -> bool:
        return (day.year, day.month, day.day) in self.readings or (None, day.month, day.day) in self.readings

    def is_one_of(self, days) -> bool:
        return any(self.means(day) for day in days)

    def day(self) -> date | None:
        """The day, where it is told completely and in one way only."""
        readings = [reading for reading in self.readings if reading[0]]
        return date(*readings[0]) if len(readings) == len(self.readings) == 1 else None


def named(folded: str, languages) -> list[Named]:
    """The days that a folded text names, in the order in which they stand there."""
    found = {}
    for pattern, months in _patterns(frozenset(languages)):
        for match in pattern.finditer(folded):
            reading = _reading(match, months)
            if reading:
                found.setdefault(match.span(), set()).add(reading)
    return [Named(*span, frozenset(readings)) for span, readings in _longest(found)]


def all_days(folded: str, languages, *, year) -> set[date]:
    """Every day that the text may mean; where it names no year, it is that one or one next to it."""
    around = (year - 1, year, year + 1)
    told = {reading for one in named(folded, languages) for reading in one.readings}
    days = {(each, month, day) for known, month, day in told for each in ([known] if known else around)}
    return {date(*one) for one in days if _exists(*one)}


def _longest(found):
    """Of those that overlap, the longest: 3 November 2026, not 3 November."""
    end = -1
    for span, readings in sorted(found.items(), key=lambda item: (item[0][0], -item[0][1])):
        if span[0] >= end:
            yield span, readings
            end = span[1]


def _reading(match, months):
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else 2000 + int(parts["yy"]) if parts.get("yy") else None
    month = months[parts["month"]] if parts.get("month") else int(parts["m"])
    day = int(parts["d"])
    return (year, month, day) if _exists(year or 2024, month, day) else None  # 2024 had a 29 February


def _exists(year, month, day) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


@cache
def _patterns(languages):
    written = {(form, language) for language in languages for form in (*EVERYWHERE, *wording_of(language).dates)}
    return tuple((_compiled(form, language), _months(language)) for form, language in sorted(written))


def _compiled(form, language):
    names = sorted(_months(language), key=len, reverse=True)
    month = f"(?P<month>{'|'.join(map(re.escape, names))})"
    pattern = re.sub(r"{(d|m|yy|y|month)}", lambda part: {**PARTS, "month": month}[part[1]], form)
    before = r"(?<![\w/])" if form.startswith("{month}") else r"(?<![\d/.,-])"
    return re.compile(rf"{before}{pattern}(?![\d/]|[-.]\d)")


@cache
def _months(language) -> dict[str, int]:
    """Each name of a month, in every form that the language's letters use, with its number."""
    forms = [names for use in locale(language).months.values() for width, names in use.items() if width != "narrow"]
    forms += [dict(enumerate(form["months"], start=1)) for form in library.phrases(language)["days"].values()]
    return {fold(name): number for names in forms for number, name in names.items()}
