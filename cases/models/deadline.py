from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .append_only import AppendOnly


class DeadlineQuerySet(models.QuerySet):
    def running(self):
        return self.filter(met_on=None, void_on=None)

    def overdue(self, *, on):
        return self.running().filter(due_on__lt=on)

    def late(self, *, on):
        """Met too late, or not met although the day is past."""
        return self.filter(void_on=None).filter(Q(met_on__gt=F("due_on")) | Q(met_on=None, due_on__lt=on))

    def unexplained(self):
        """Done too late, and nobody has said why."""
        return self.filter(void_on=None, met_on__gt=F("due_on"), late_reason="")


class Deadline(models.Model):
    """A step of a rule pack, running for one case from a day on: by when it has to be done, and whether it was. It ends
    met, or void with a reason; that it is late is a question asked of a day."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deadlines")
    regime = models.CharField(max_length=40)
    version = models.CharField(max_length=10, help_text="The day from which this version of the rules is valid.")
    step = models.CharField(max_length=40)
    occurrence = models.PositiveSmallIntegerField(default=1, help_text="Of a step that repeats, or starts anew.")
    anchored_on = models.DateField(help_text="The day of the event that it runs from.")
    anchored_at = models.DateTimeField(null=True, help_text="The hour of that event, where it is known.")
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, help_text="The instant, for a limit in hours.")
    met_on = models.DateField(null=True)
    void_on = models.DateField(null=True)
    void_reason = models.TextField(blank=True)
    late_reason = models.TextField(blank=True)
    promised_on = models.DateField(null=True, help_text="The day that a letter told the customer.")
    promised_in = models.CharField(max_length=100, blank=True, help_text="Which letter that was.")

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(
                fields=["due_on", "case"], condition=Q(met_on=None, void_on=None), name="deadlines_running_by_day"
            ),
            models.Index(fields=["due_on"], condition=Q(void_on=None), name="deadlines_by_day_due"),
            models.Index(fields=["met_on"], condition=Q(met_on__isnull=False), name="deadlines_by_day_met"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "regime", "step", "occurrence"], name="no_clock_started_twice_for_a_step"
            ),
            models.CheckConstraint(condition=Q(met_on=None) | Q(void_on=None), name="no_deadline_both_met_and_void"),
            models.CheckConstraint(
                condition=Q(void_on=None, void_reason="") | (Q(void_on__isnull=False) & ~Q(void_reason="")),
                name="no_deadline_void_without_reason",
            ),
            models.CheckConstraint(
                condition=Q(promised_on=None, promised_in="") | (Q(promised_on__isnull=False) & ~Q(promised_in="")),
                name="no_deadline_promised_without_its_letter",
            ),
        )

    def __str__(self):
        return f"{self.step.replace('_', ' ')} by {self.due_on:%-d %B %Y}"


class Extension(models.Model):
    """A deadline was moved because its rules allow it: from which day to which, why, and the letter that has to tell
    the customer."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    number = models.PositiveSmallIntegerField(help_text="By how many of the unit of the rules' own extension.")
    unit = models.CharField(max_length=15)
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.TextField()
    letter = models.CharField(max_length=20, blank=True, help_text="The kind of letter that it demands.")
    told_on = models.DateField(null=True, help_text="When that letter reached the customer.")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="no_extension_without_reason"),
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="no_extension_to_an_earlier_day"),
        )

    def __str__(self):
        return f"{self.old_due_on:%-d %B %Y} → {self.new_due_on:%-d %B %Y}: {self.reason}"

    @property
    def to_be_told(self) -> str:
        """Why a letter about it is owed."""
        return f"The extension to {self.new_due_on:%-d %B %Y} has to be told to the customer"


class Pause(models.Model):
    """The clocks of a case that may be stopped stood still from a day on, until it went on. Days of a pause do not
    count: from `paused_on` on, up to the day before `resumed_on`."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses")
    paused_on = models.DateField()
    resumed_on = models.DateField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    resumed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(resumed_on=None), name="no_case_paused_twice_at_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="no_pause_without_reason"),
            models.CheckConstraint(
                condition=Q(resumed_on=None) | Q(resumed_on__gte=F("paused_on")),
                name="no_pause_that_ends_before_it_began",
            ),
        )

    def __str__(self):
        until = f"{self.resumed_on:%-d %B %Y}" if self.resumed_on else "still"
        return f"{self.paused_on:%-d %B %Y} – {until}: {self.reason}"


class Retiming(AppendOnly):
    """A deadline got another day without anybody extending it: a day off was added, or its rules changed."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="retimings")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    why = models.TextField()
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(why=""), name="no_retiming_without_reason"),)

    def __str__(self):
        return f"{self.old_due_on:%-d %B %Y} → {self.new_due_on:%-d %B %Y}: {self.why}"
