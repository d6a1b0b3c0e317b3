from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    LEAD = "lead", "Lead"
    HANDLER = "handler", "Handler"
    READER = "reader", "Reader"


class User(AbstractUser):
    """Somebody of the staff. The role says what they may do (see cases/rights.py); without one they may not sign in."""

    role = models.CharField(
        max_length=10,
        choices=Role,
        blank=True,
        help_text="Leads decide and override, handlers work cases, readers look. Without a role there is no sign-in.",
    )
    job_title = models.CharField(max_length=100, blank=True, help_text="Printed below the signature on letters.")

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"
        ordering = ("first_name", "last_name")

    def __str__(self):
        return self.get_full_name() or self.get_username()

    def save(self, *args, **kwargs):
        """The role decides about the sign-in as well."""
        self.is_staff = bool(self.role) or self.is_superuser
        super().save(*args, **kwargs)

    @property
    def is_lead(self) -> bool:
        return self.is_superuser or self.role == Role.LEAD
