from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cases import deadlines

from .calendar import office


class CommitmentQuerySet(models.QuerySet):
    def outstanding(self):
        return self.filter(kept_on=None, dropped_on=None)

    def overdue(self, *, on):
        return self.outstanding().filter(due_on__lt=on)


def check_keepable(*, due_on, owner, on):
    """Raise ValidationError, by field, for a promise that nobody could keep as it stands (method: never offer what
    cannot be kept, or not on the agreed day)."""
    if due_on < on:
        raise ValidationError({"due_on": f"{due_on:%-d %B %Y} is past. Choose {on:%-d %B %Y} or a later day."})
    calendar = office()
    off = calendar.day_off(due_on)
    if off:
        free = deadlines.working_days_after(due_on, 1, calendar=calendar)
        raise ValidationError(
            {"due_on": f"Nobody works on {due_on:%-d %B %Y} ({off}). The next working day is {free:%-d %B %Y}."}
        )
    if owner is None or not owner.is_active:
        raise ValidationError({"owner": "Choose somebody who works here and will keep it."})
    if owner.away_on(due_on):
        back = f"{owner} is away until {owner.away_until:%-d %B %Y}"
        raise ValidationError({"owner": f"{back}. Choose a later day, or somebody who is here then."})


class Commitment(models.Model):
    """What we promised the customer: what, who keeps it, by when. Its words and day never change; its end is kept or
    dropped with a reason."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="commitments")
    agreement = models.ForeignKey("cases.Agreement", null=True, on_delete=models.PROTECT, related_name="commitments")
    conversation = models.ForeignKey(
        "cases.Conversation",
        null=True,
        on_delete=models.PROTECT,
        related_name="commitments",
        help_text="The talk in which it was promised, before there was an agreement.",
    )
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    owner_name = models.CharField(max_length=200)
    due_on = models.DateField()
    kept_on = models.DateField(null=True, editable=False)
    kept_how = models.TextField(blank=True)
    dropped_on = models.DateField(null=True, editable=False)
    dropped_reason = models.TextField(blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(fields=["case"], condition=Q(kept_on=None, dropped_on=None), name="commitments_outstanding"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(what=""), name="no_commitment_without_words"),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False) | Q(conversation__isnull=False),
                name="no_commitment_promised_nowhere",
            ),
            models.CheckConstraint(
                condition=Q(kept_on=None) | Q(dropped_on=None), name="no_commitment_both_kept_and_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_on=None, dropped_reason="") | (Q(dropped_on__isnull=False) & ~Q(dropped_reason="")),
                name="no_commitment_dropped_without_reason",
            ),
        )

    def __str__(self):
        return f"{self.what}, by {self.due_on:%-d %B %Y}"
