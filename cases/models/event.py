from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.stages import Stage
from casetracker import clock

from .append_only import AppendOnly

CLOCKWORK = "the clockwork"


def written(day) -> str:
    """A day as the history writes it."""
    return f"{day:%-d %B %Y}"


class Event(AppendOnly):
    """Something happened to a case: when, by whom, what, in words. Written by `Case.record` and never changed."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    text = models.TextField()
    reason = models.TextField(blank=True)
    on = models.DateField(help_text="The day it concerns.")
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the clockwork.",
    )
    by_name = models.CharField(max_length=200, default=CLOCKWORK)

    class Meta:
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=["case", "at"], name="events_of_a_case"),
            models.Index(fields=["on", "case"], condition=Q(kind__in=Stage.values), name="events_that_are_moves"),
        )

    def __str__(self):
        return self.text
