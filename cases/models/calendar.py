from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.deadlines import Calendar


class CalendarDayQuerySet(models.QuerySet):
    def of(self, organisation):
        """The days of the whole house, and those of `organisation` where there is one."""
        whose = Q(organisation=None)
        return self.filter(whose | Q(organisation=organisation) if organisation else whose)


class CalendarDay(models.Model):
    """A day on which we work, or do not, against what the calendar of the country says: an office party, a move, a
    working Saturday."""

    organisation = models.ForeignKey(
        "cases.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="days",
        help_text="Empty: the whole house.",
    )
    day = models.DateField()
    works = models.BooleanField("we work", default=False, help_text="Off: a day off.")
    name = models.CharField(max_length=100, help_text="Why, as it stands in explanations: “Office moves”.")

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "day"],
                condition=Q(organisation__isnull=False),
                name="no_day_twice_for_an_organisation",
            ),
            models.UniqueConstraint(fields=["day"], condition=Q(organisation=None), name="no_day_twice_for_the_house"),
            models.CheckConstraint(condition=~Q(name=""), name="no_own_day_without_a_name"),
        )

    def __str__(self):
        return f"{self.name} ({self.day:%-d %B %Y})"


def office() -> Calendar:
    """The calendar by which the house works. It asks the database each time, so that a day off counts at once."""
    return calendar_of(None)


def calendar_of(organisation, *, country="", region="") -> Calendar:
    """The calendar of `organisation` (None: the house), with its own days; of another country or region where told."""
    place = (country, region) if country else _place(organisation)
    return _with(CalendarDay.objects.of(organisation), *place)


class Calendars:
    """Every calendar of a moment, asked of the database once: for one batch of many rows, never to be kept. With `days`
    they are as they would be if these were all the own days that anybody has."""

    def __init__(self, days=None):
        self._days = list(CalendarDay.objects.all() if days is None else days)
        self._made = {}

    def of(self, organisation, *, country="", region="") -> Calendar:
        """As calendar_of."""
        key = (organisation and organisation.pk, country, region)
        if key not in self._made:
            place = (country, region) if country else _place(organisation)
            self._made[key] = _with([day for day in self._days if day.organisation_id in (None, key[0])], *place)
        return self._made[key]


def _with(days, *place) -> Calendar:
    """An organisation's own word about a day goes before the house's."""
    by_day = {day.day: day for day in sorted(days, key=lambda day: day.organisation_id is not None)}
    return Calendar(
        *place,
        days_off={day: one.name for day, one in by_day.items() if not one.works},
        working_days={day: one.name for day, one in by_day.items() if one.works},
    )


def _place(organisation):
    if organisation and organisation.country:
        return str(organisation.country), organisation.region
    return settings.COUNTRY, settings.REGION
