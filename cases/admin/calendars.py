"""The days off that are known anyway: what nobody has to add."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django_countries import countries

from cases.deadlines import Calendar, NoCalendar
from cases.models import Organisation

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """The days off of a place in a year that are no plain weekend, or why none can be told."""

    place: str
    number: int
    days: list
    missing: str = ""


def known_anyway(*, on) -> list[Year]:
    """This year's and the next one's, of the house and of every organisation that has a place of its own."""
    places = {(settings.COUNTRY, settings.REGION)}
    places |= {(str(it.country), it.region) for it in Organisation.objects.exclude(country="")}
    return [_year(*place, number) for place in sorted(places) for number in (on.year, on.year + 1)]


def _year(country, region, number) -> Year:
    place = f"{countries.name(country)}{f', {region}' if region else ''}"
    calendar, first = Calendar(country, region), date(number, 1, 1)
    try:
        days = [(day, calendar.day_off(day)) for day in (first + A_DAY * n for n in range(366)) if day.year == number]
    except NoCalendar as error:
        return Year(place, number, [], str(error))
    return Year(place, number, [(day, name) for day, name in days if name and name != f"{day:%A}"])
