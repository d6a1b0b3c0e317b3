from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.deadlines import Calendar


class CalendarDayQuerySet(models.QuerySet):
    def of(self, organisation):
        """The days of the whole house, and those of `organisation` where there is one; the house's own come first."""
        mine = Q(organisation=None) | Q(organisation=organisation) if organisation else Q(organisation=None)
        return self.filter(mine).order_by("organisation_id", "day")


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
    own = list(CalendarDay.objects.of(organisation).values_list("day", "works", "name"))
    return Calendar(
        *place,
        days_off={day: name for day, works, name in own if not works},
        working_days={day: name for day, works, name in own if works},
    )


def _place(organisation):
    if organisation and organisation.country:
        return str(organisation.country), organisation.region
    return settings.COUNTRY, settings.REGION
