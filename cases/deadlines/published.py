"""What the holidays library knows of a place: a year of it, checked, in English.

The library answers "no holidays" for whatever it does not know, and counts on. What is here raises NoCalendar instead.

Some governments exchange days, and say which year by year: a Monday is off, and the Saturday before is worked for it.
Until the library knows them, a year looks complete and is not: a working Saturday that we do not know makes our date
later than the rules allow. So that year counts as unknown. A holiday that we do not know (a jubilee, a day of
mourning) makes our date earlier, which breaks no promise; every country has some, and they do not stop us. Days that
hang on the moon are estimates for years to come, and their names say so.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

# They exchanged days once: Armenia until 2021, Bulgaria until 2016, Taiwan until its act of 2025. A test says so when
# the library comes to know a later exchange.
NO_LONGER = frozenset({"AM", "BG", "TW"})


class NoCalendar(LookupError):
    """No working days are known for this place and year, so none can be counted; the text names both."""


@dataclass(frozen=True)
class Year:
    """A year at a place: its days off by name, weekends among them, and the weekend days that are worked."""

    days_off: Mapping[date, str]
    exchanged: Mapping[date, str]
    exchanges_are_known: bool


@lru_cache(maxsize=256)
def published(country: str, region: str, year: int) -> Year:
    """The year as the library knows it. Raises NoCalendar."""
    found = _entity(country, region, year)
    if not found:
        where = f"“{country}”, region “{region}”," if region else f"“{country}”"
        raise NoCalendar(f"The holiday calendar of {where} does not cover the year {year}.")
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + isleap(year))]
    worked_for = dict(exchanges(found))
    return Year(
        days_off={day: _why_off(day, found, worked_for) for day in days if not found.is_working_day(day)},
        exchanged=_weekends_worked(days, found, worked_for),
        exchanges_are_known=found.country in NO_LONGER or _are_known(year, worked_for),
    )


def _why_off(day, found, worked_for) -> str:
    if day in worked_for:
        return f"Day off in place of {worked_for[day]:%A, %-d %B}"
    return found.get(day) or f"{day:%A}"


def _weekends_worked(days, found, worked_for) -> dict[date, str]:
    off_for = {worked: off for off, worked in worked_for.items()}
    weekends = [day for day in days if found.is_weekend(day) and found.is_working_day(day)]
    return {
        day: f"{day:%A}, worked for {off_for[day]:%A, %-d %B}" if day in off_for else f"{day:%A}, worked"
        for day in weekends
    }


def _are_known(year, worked_for) -> bool:
    return not worked_for or year <= max(worked_for).year


def _entity(country, region, year):
    """The library's own object, which is empty for a year that it does not cover."""
    try:
        place = holidays.country_holidays(country)
    except NotImplementedError:
        raise NoCalendar(f"No holiday calendar is known for “{country}”.") from None
    regions = (*place.subdivisions, *place.subdivisions_aliases)
    if region and region not in regions:
        known = f"It knows {', '.join(place.subdivisions)}." if place.subdivisions else "It knows no regions."
        raise NoCalendar(f"The holiday calendar of “{country}” has no region “{region}”. {known}")
    return holidays.country_holidays(country, subdiv=region or None, years=year, language=_english(place))


def _english(place) -> str | None:
    """The library would go by the process's own locale if it was not told."""
    return next((name for name in sorted(place.supported_languages) if name.startswith("en")), place.default_language)


def exchanges(place) -> Iterator[tuple[date, date]]:
    """Every day off that the library knows to have been exchanged at this place, with the day that it was exchanged
    for: a weekend day that was worked, or a holiday that fell on one."""
    for year, entries in getattr(place, "special_public_holidays", {}).items():
        for entry in entries if isinstance(entries[0], tuple) else (entries,):
            if len(entry) > 3:  # a mere day off has a month, a day and a name
                month, day, other_month, other_day, *other_year = entry
                yield date(year, month, day), date(*(other_year or [year]), other_month, other_day)
