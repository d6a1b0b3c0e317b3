from django.conf import settings
from django.db import models
from django.db.models import Q

from casetracker import clock

from .append_only import AppendOnly


class Reading(AppendOnly):
    """Somebody read something of a restricted case: who, what, when."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="readings")
    what = models.CharField(max_length=200, help_text="Such as “its page”, or the name of a file.")
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["case", "at"], name="readings_of_a_case"),)
        constraints = (models.CheckConstraint(condition=~Q(by_name=""), name="nobody_unknown_reads"),)

    def __str__(self):
        return f"{self.by_name} read {self.what}"
