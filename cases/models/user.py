from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django_countries.fields import CountryField

from cases.deadlines.published import NoCalendar, published
from casetracker import clock


def known_zone(name):
    """Raise ValidationError for a time zone that there is not."""
    if name not in available_timezones():
        raise ValidationError("Write a time zone as Continent/City, such as Europe/Riga.")


class Role(models.TextChoices):
    LEAD = "lead", "Lead"
    HANDLER = "handler", "Handler"
    APPROVER = "approver", "Approver"
    READER = "reader", "Reader"
    AUDITOR = "auditor", "Auditor"


class User(AbstractUser):
    """Somebody of the staff. The role says what they may do (see cases/rights.py); without one they may not sign in."""

    role = models.CharField(
        max_length=10,
        choices=Role,
        blank=True,
        help_text="Leads decide and override, handlers work cases, approvers decide about letters, readers look, "
        "auditors look at everything. Without a role there is no sign-in.",
    )
    teams = models.ManyToManyField(
        "cases.Team", blank=True, related_name="members", help_text="Whose cases they see. None: those of every team."
    )
    job_title = models.CharField(max_length=100, blank=True, help_text="Printed below the signature on letters.")
    manager = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        help_text="Who is told when reminders do not help.",
    )
    country = CountryField(blank=True, help_text="Whose working days they keep. Empty: the house's.")
    region = models.CharField(max_length=10, blank=True, help_text="Such as SCT or NSW.")
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[known_zone],
        help_text="Such as Europe/Riga. Empty: the house's. Reminders keep their quiet hours by it.",
    )
    away_from = models.DateField(null=True, blank=True, help_text="The first day of an absence.")
    away_until = models.DateField(null=True, blank=True, help_text="Its last day.")

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"
        ordering = ("first_name", "last_name")
        constraints = (
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_until__gte=F("away_from")),
                name="no_absence_without_both_its_days",
            ),
        )

    def __str__(self):
        return self.get_full_name() or self.get_username()

    def save(self, *args, **kwargs):
        """The role decides about the sign-in as well."""
        self.is_staff = bool(self.role) or self.is_superuser
        super().save(*args, **kwargs)

    def clean(self):
        """A whole absence or none, and working days that there are."""
        super().clean()
        if bool(self.away_from) != bool(self.away_until):
            raise ValidationError({"away_until": "An absence has a first and a last day: enter both, or neither."})
        if self.away_from and self.away_until < self.away_from:
            raise ValidationError({"away_until": "The last day of the absence comes before its first."})
        if self.pk and self.manager_id == self.pk:
            raise ValidationError({"manager": "Nobody reports to themselves."})
        if self.region and not self.country:
            raise ValidationError({"country": "Choose the country that the region is in."})
        if self.country:
            self._check_place()

    def _check_place(self):
        try:
            published(str(self.country), self.region, clock.today().year)
        except NoCalendar as error:
            raise ValidationError({"region" if self.region else "country": str(error)}) from None

    def away_on(self, day) -> bool:
        return bool(self.away_from and self.away_from <= day <= self.away_until)

    def absence(self, *, on) -> str:
        """That they are away on the day `on`, or will be, and how long; empty otherwise."""
        if self.away_on(on):
            return f"away until {self.away_until:%-d %B %Y}"
        if self.away_from and self.away_from > on:
            return f"away from {self.away_from:%-d %B %Y} to {self.away_until:%-d %B %Y}"
        return ""

    @property
    def is_lead(self) -> bool:
        return self.is_superuser or self.role == Role.LEAD

    @property
    def signs_in(self) -> bool:
        return self.is_active and bool(self.role or self.is_superuser)

    @property
    def sees_everything(self) -> bool:
        """The teams of a case, and that it is restricted, keep nothing from them."""
        return self.is_superuser or self.role == Role.AUDITOR

    def in_teams(self) -> list[int]:
        """The keys of their teams; asked of the database once, and again when they join or leave one."""
        models.prefetch_related_objects([self], "teams")
        return [team.pk for team in self.teams.all()]
