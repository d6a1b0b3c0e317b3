from django.conf import settings
from django.db import models
from django.db.models import Q

from .append_only import AppendOnly


class ConductStep(models.TextChoices):
    """What is done, in this order, when somebody is abused or threatened."""

    WARNED = "warned", "Said where the limit is, and warned"
    ENDED = "ended", "Ended the contact"
    SUPERVISOR = "supervisor", "Brought in a supervisor"
    INVITED_BACK = "invited_back", "Invited the customer back"


class Conduct(AppendOnly):
    """A step taken because of abuse or threats: which, in what words, when, by whom."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="conduct")
    conversation = models.ForeignKey(
        "cases.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="conduct"
    )
    step = models.CharField(max_length=15, choices=ConductStep)
    words = models.TextField(help_text="What was said, by them and by us.")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("on", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="no_step_of_conduct_without_words"),
            models.CheckConstraint(condition=Q(step__in=ConductStep.values), name="no_unknown_step_of_conduct"),
        )

    def __str__(self):
        return self.get_step_display()
