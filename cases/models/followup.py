from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases import deadlines
from casetracker import clock

OFFICE_OPENS = time(8)  # nobody is reminded before the office opens, nor at midnight


def opening(day) -> datetime:
    """The instant at which the office opens on `day`."""
    return datetime.combine(day, OFFICE_OPENS, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledge the complaint"
    CONTACT = "contact", "Next contact with the customer"
    ACCOUNT = "account", "Account of a person involved"
    COMMITMENT = "commitment", "Commitment to the customer"


class Step(models.TextChoices):
    ASKED = "asked", "asked"
    DUE = "due", "due"
    OVERDUE = "overdue", "overdue"


class FollowUpQuerySet(models.QuerySet):
    def outstanding(self):
        return self.filter(done_on=None, cancelled_on=None)

    def due(self, *, on):
        return self.outstanding().filter(due_on=on)

    def overdue(self, *, on):
        return self.outstanding().filter(due_on__lt=on)

    def to_act_on(self, *, at):
        return self.outstanding().filter(act_at__lte=at).order_by("act_at")


class FollowUp(models.Model):
    """Something that must happen by a day, and why. `act_at` is the instant at which the clockwork looks at it next;
    None when nothing more is planned. It ends done or cancelled with a reason, never by being looked at."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="followups")
    kind = models.CharField(max_length=20, choices=Kind)
    due_on = models.DateField()
    why = models.CharField(max_length=250, help_text="The promise or rule that it comes from.")
    involvement = models.ForeignKey("cases.Involvement", null=True, on_delete=models.PROTECT, related_name="followups")
    commitment = models.OneToOneField("cases.Commitment", null=True, on_delete=models.PROTECT, related_name="followup")
    act_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    cancelled_reason = models.TextField(blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(
                fields=["act_at"],
                condition=Q(done_on=None, cancelled_on=None, act_at__isnull=False),
                name="followups_to_act_on",
            ),
            models.Index(
                fields=["due_on", "case"],
                condition=Q(done_on=None, cancelled_on=None),
                name="followups_outstanding",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(cancelled_on=None), name="no_followup_both_done_and_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None, cancelled_reason="")
                | (Q(cancelled_on__isnull=False) & ~Q(cancelled_reason="")),
                name="no_followup_cancelled_without_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(kind__in=("acknowledgement", "contact"), done_on=None, cancelled_on=None),
                name="one_outstanding_followup_of_a_kind",
            ),
        )

    def __str__(self):
        about = self.commitment or self.involvement
        return f"{self.get_kind_display()}{f': {about}' if about else ''} (due {self.due_on:%-d %B %Y})"

    def steps(self) -> dict[Step, datetime]:
        """When each reminder is planned, earliest first. The overdue one comes on the first working day after."""
        late_on = deadlines.working_days_after(self.due_on, 1, country=settings.COUNTRY)
        return {Step.DUE: opening(self.due_on), Step.OVERDUE: opening(late_on)}

    def step_at(self, *, at) -> Step:
        """The step whose hour has come last. What was missed while nobody looked is not told twice."""
        passed = [step for step, planned in self.steps().items() if planned <= at]
        return passed[-1] if passed else Step.ASKED

    def next_act(self, *, after) -> datetime | None:
        return min((planned for planned in self.steps().values() if planned > after), default=None)


class Digest(models.Model):
    """What one person is told in one e-mail: the reminders that were waiting for them."""

    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"Reminders for {self.to_name}"


class Reminder(models.Model):
    """One follow-up brought to one person's mind at one step; the database refuses the same a second time."""

    followup = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=10, choices=Step)
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.PROTECT, related_name="reminders")

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["to_email"], condition=Q(digest=None), name="reminders_to_gather"),)
        constraints = (
            models.UniqueConstraint(fields=["followup", "step", "to_email"], name="nobody_reminded_twice_of_a_step"),
        )

    def __str__(self):
        return f"{self.followup}: {self.get_step_display()}"
