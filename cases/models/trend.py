from django.db import models
from django.db.models import Q

from .root_cause import RootCause


class Of(models.TextChoices):
    """By what complaints are of a kind."""

    CAUSE = "cause", "Root cause"
    PRODUCT = "product", "Product"
    TOPIC = "topic", "Topic"


class TrendQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_on=None)


class Trend(models.Model):
    """Complaints of a kind came more often than the house wants to let pass, and somebody is to answer it: by a
    corrective action, or by saying why none is needed."""

    of = models.CharField(max_length=10, choices=Of)
    value = models.CharField(max_length=250)
    number = models.PositiveIntegerField(help_text="How many came since `since`, when it was looked at last.")
    since = models.DateField()
    noticed_on = models.DateField()
    told_at = models.DateTimeField(null=True, help_text="When the leads were told.")
    answered_on = models.DateField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)
    action = models.ForeignKey("cases.CorrectiveAction", null=True, on_delete=models.PROTECT, related_name="trends")

    objects = TrendQuerySet.as_manager()

    class Meta:
        ordering = ("-noticed_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["of", "value"], condition=Q(answered_on=None), name="no_trend_noticed_twice_at_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="", action=None)
                | (Q(answered_on__isnull=False) & (~Q(answer="") | Q(action__isnull=False))),
                name="no_trend_answered_without_an_answer",
            ),
        )

    def __str__(self):
        return f"{self.number} of “{self.what}”"

    @property
    def what(self) -> str:
        """The kind in words."""
        return RootCause(self.value).label if self.of == Of.CAUSE else self.value
