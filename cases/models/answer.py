from django.db import models
from django.db.models import Q

from casetracker import clock

from .append_only import AppendOnly


class Answer(AppendOnly):
    """What the customer answered on their own page when they were asked whether a promise was kept, or whether
    everything is all right now. One answer to each question, and it stays as it was given."""

    followup = models.OneToOneField("cases.FollowUp", on_delete=models.PROTECT, related_name="answer")
    is_yes = models.BooleanField()
    words = models.TextField(blank=True)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(is_yes=True) | ~Q(words=""), name="nothing_wrong_without_words"),
        )

    def __str__(self):
        return f"{'Yes' if self.is_yes else 'No'}{f': {self.words}' if self.words else ''}"
