from django.conf import settings
from django.db import models
from django.db.models import Q

from .append_only import AppendOnly


class Agreement(AppendOnly):
    """What was settled with the customer, or, where no agreement was reached, our final position and its reason. A
    newer row takes the place of an older one; both stay."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="agreements")
    agreed = models.BooleanField(help_text="Off: no agreement was reached; this is our final position.")
    summary = models.TextField()
    reason = models.TextField(blank=True, help_text="Why this is our final position.")
    made_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(summary=""), name="no_agreement_without_words"),
            models.CheckConstraint(condition=Q(agreed=True) | ~Q(reason=""), name="no_final_position_without_reason"),
        )

    def __str__(self):
        return self.summary
