from django.db import models

from casetracker import clock


class Figures(models.Model):
    """Figures that take longer to work out than a page may take, as they stood at an instant."""

    name = models.CharField(max_length=250, unique=True, help_text="Which, and of which cases.")
    at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(default=clock.now, help_text="When somebody looked at them last.")
    numbers = models.JSONField()

    class Meta:
        verbose_name_plural = "figures"

    def __str__(self):
        return self.name
