from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    UPHELD = "upheld", "Upheld"
    PARTLY_UPHELD = "partly_upheld", "Partly upheld"
    NOT_UPHELD = "not_upheld", "Not upheld"


class Point(models.Model):
    """One numbered point of the complaint. Its text stays as it was confirmed to the customer; finding and outcome are
    ours, set through `Case.find` and `Case.decide`."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    finding = models.TextField(blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    redress = models.CharField(
        max_length=200, blank=True, help_text="What the customer gets for this point, an amount or a thing."
    )

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="no_two_points_with_one_number"),
            models.CheckConstraint(condition=~Q(text=""), name="no_point_without_words"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=Outcome.values), name="no_unknown_point_outcome"
            ),
        )

    def __str__(self):
        return f"{self.number}. {self.text}"
