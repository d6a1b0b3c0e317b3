from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import ladders, rules
from cases.deadlines import NoCalendar
from casetracker import clock

from .calendar import calendar_of
from .event import written

LATE = timedelta(hours=1)  # what comes later than this says so


def opening(day) -> datetime:
    """The instant at which the office opens on `day`."""
    return ladders.opening(day, settings.TIME_ZONE)


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledge the complaint"
    CONTACT = "contact", "Next contact with the customer"
    CALLBACK = "callback", "Call the customer back"
    ACCOUNT = "account", "Account of a person involved"
    DEADLINE = "deadline", "Deadline of a rule"
    LETTER = "letter", "Letter that is owed"
    APPROVAL = "approval", "Letter that waits for approval"
    DELIVERY = "delivery", "Letter that did not arrive"
    COMMITMENT = "commitment", "Commitment to the customer"
    HANDLER = "handler", "Find somebody who looks after the case"
    CONFIRMATION = "confirmation", "Ask whether the promise was kept"
    AFTERCARE = "aftercare", "Ask whether everything is all right now"


class Through(models.TextChoices):
    """By what means it is to be done."""

    DESK = "desk", "At the desk"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    LETTER = "letter", "Letter"


class Step(models.TextChoices):
    ASKED = "asked", "asked"
    WARNING = "warning", "due soon"
    DUE = "due", "due"
    OVERDUE = "overdue", "overdue"
    CHASED = "chased", "reminded once more"
    CHASED_AGAIN = "chased_again", "reminded twice more"
    ESCALATED = "escalated", "escalated"
    REPLIED = "replied", "the customer wrote"


class FollowUpQuerySet(models.QuerySet):
    def outstanding(self):
        return self.filter(done_on=None, cancelled_on=None)

    def due(self, *, on):
        return self.outstanding().filter(due_on=on)

    def overdue(self, *, on):
        return self.outstanding().filter(due_on__lt=on)

    def to_act_on(self, *, at):
        return self.outstanding().filter(act_at__lte=at).order_by("act_at")

    def for_whom_to_act(self, user):
        """Those on which `user` has to act (see `actor`)."""
        waiting = FollowUp.objects.outstanding()
        nobody_named = waiting.filter(owner=None).exclude(kind__in=(Kind.ACCOUNT, Kind.APPROVAL))
        a_promise = Q(kind=Kind.COMMITMENT, commitment__owner__isnull=False)
        theirs = (
            waiting.filter(kind=Kind.ACCOUNT, involvement__user=user),
            waiting.filter(owner=user).exclude(kind=Kind.ACCOUNT),
            nobody_named.filter(kind=Kind.COMMITMENT, commitment__owner=user),
            nobody_named.filter(case__handler=user).exclude(a_promise),
        )
        # a question each, since no index answers all four at once
        first, *rest = (one.order_by().values("pk") for one in theirs)
        return self.outstanding().filter(pk__in=first.union(*rest, all=True))

    def promises_due(self, *, on):
        """What the customer was promised by that day, or by an earlier one."""
        return self.outstanding().filter(kind=Kind.COMMITMENT, due_on__lte=on)

    def asked_about(self):
        """The customer wrote, and nobody has said yet whether they stay as they are."""
        return self.outstanding().filter(wrote_at__isnull=False)

    def stuck(self):
        """Set aside because bringing them to mind failed; each is tried again all the same."""
        return self.outstanding().filter(stuck_at__isnull=False)


class FollowUp(models.Model):
    """Something that must happen by a day, and why. `act_at` is the instant at which the clockwork looks at it next;
    None when nothing more is planned. It ends done or cancelled with a reason, never by being looked at."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="followups")
    kind = models.CharField(max_length=20, choices=Kind)
    due_on = models.DateField()
    why = models.CharField(max_length=250, help_text="The promise or rule that it comes from.")
    involvement = models.ForeignKey("cases.Involvement", null=True, on_delete=models.PROTECT, related_name="followups")
    commitment = models.ForeignKey("cases.Commitment", null=True, on_delete=models.PROTECT, related_name="followups")
    deadline = models.ForeignKey("cases.Deadline", null=True, on_delete=models.PROTECT, related_name="followups")
    moved_from = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="moved_to")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="followups",
        help_text="Who has to act; empty: whoever looks after the case.",
    )
    due_at = models.DateTimeField(null=True, help_text="The agreed hour, for a call.")
    through = models.CharField(max_length=10, choices=Through, default=Through.DESK)
    wrote_at = models.DateTimeField(
        null=True, help_text="When the customer wrote, while nobody has said yet whether this stays as it is."
    )
    act_at = models.DateTimeField(null=True)
    set_at = models.DateTimeField(default=clock.now, help_text="When it was planned, or its day was moved.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often bringing it to mind has failed.")
    error = models.TextField(blank=True)
    stuck_at = models.DateTimeField(null=True, help_text="Since when it is set aside; it is tried again all the same.")
    done_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    cancelled_reason = models.TextField(blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "follow-up"
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
            models.Index(
                fields=["kind", "due_on", "case"],
                condition=Q(done_on=None, cancelled_on=None),
                name="followups_outstanding_by_kind",
            ),
            models.Index(fields=["owner"], condition=Q(done_on=None, cancelled_on=None), name="followups_of_an_owner"),
            models.Index(fields=["wrote_at"], condition=Q(wrote_at__isnull=False), name="followups_asked_about"),
            models.Index(fields=["stuck_at"], condition=Q(stuck_at__isnull=False), name="followups_stuck"),
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
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(deadline__isnull=False, done_on=None, cancelled_on=None),
                name="one_outstanding_followup_of_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(stuck_at=None, error="") | (Q(stuck_at__isnull=False) & ~Q(error="")),
                name="no_followup_stuck_without_its_error",
            ),
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(kind="commitment", done_on=None, cancelled_on=None),
                name="one_outstanding_followup_of_a_commitment",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="no_unknown_kind_of_followup"),
        )

    def __str__(self):
        about = self.commitment or self.involvement
        return f"{self.what}{f': {about}' if about else ''} (due {self.due_on:%-d %B %Y})"

    @property
    def what(self) -> str:
        """What has to be done, in a few words; about a deadline, as its rules call the step."""
        if self.kind == Kind.DEADLINE and self.deadline:
            with suppress(LookupError):  # these rules are gone; it has to be done all the same
                return self._step().label
        return self.get_kind_display()

    def day_and_hour(self) -> str:
        """When it is due, a call at its hour."""
        return day_and_hour(self.due_on, self.due_at)

    @property
    def is_outstanding(self) -> bool:
        return self.done_on is None and self.cancelled_on is None

    def newest(self):
        """The row that holds now: this one, or the one that it was moved to, and on."""
        if self.is_outstanding:  # to be moved ends it
            return self
        moved_to = FollowUp.objects.filter(moved_from=self).first()
        return moved_to.newest() if moved_to else self

    @property
    def is_set_by_a_rule(self) -> bool:
        return self.deadline_id is not None or self.kind == Kind.ACKNOWLEDGEMENT

    @property
    def actor(self):
        """The member of staff who has to act; None when nobody in particular has to, or somebody who is none."""
        if self.kind == Kind.ACCOUNT:
            return self.involvement.user
        if self.owner or self.kind == Kind.APPROVAL:
            return self.owner
        if self.kind == Kind.COMMITMENT:
            return self.commitment.owner or self.case.handler
        return self.case.handler

    def rungs(self, *, calendar, zone) -> list[ladders.Planned]:
        """Every step at which it is brought to mind, earliest first. Raises NoCalendar."""
        due = ladders.Due(
            kind=self.kind,
            on=self.due_on,
            at=self.due_at,
            warn=self._points_of_warning(),
            asked_at=self.set_at if self.kind == Kind.ACCOUNT and self.through == Through.EMAIL else None,
            wrote_at=self.wrote_at,
        )
        return ladders.planned(due, calendar=calendar, zone=zone)

    def _points_of_warning(self) -> tuple[int, ...]:
        return self._step().warn if self.deadline else ()

    def _step(self) -> rules.Step:
        return rules.version(self.deadline.regime, self.deadline.version).step(self.deadline.step)

    def first_look(self) -> datetime:
        """When the clockwork has to look at it first, by the days and hours of whoever has to act."""
        user = self.actor
        place = {"country": str(user.country), "region": user.region} if user else {}
        calendar = calendar_of(self.case.organisation, **place)
        try:
            return self.rungs(calendar=calendar, zone=zone_of(user))[0].at
        except NoCalendar:  # the clockwork will find the same, and show it as stuck
            return opening(self.due_on)


def day_and_hour(day, at=None) -> str:
    """A day, and the hour of the office for what has one."""
    return f"{written(day)}, {timezone.localtime(at):%H:%M}" if at else written(day)


def zone_of(user) -> str:
    """The time zone by which `user` lives; the house's where that is nobody in particular, or nobody knows theirs."""
    name = (user and user.time_zone) or settings.TIME_ZONE
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):  # better told at the office's hours than never
        return settings.TIME_ZONE


class Digest(models.Model):
    """What one person is told in one e-mail: the reminders that were waiting for them."""

    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    made_at = models.DateTimeField(default=clock.now)
    urgent = models.BooleanField(default=False)
    day = models.DateField(null=True, help_text="Whose one digest it is; empty for urgent ones.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["to_email", "day"], condition=Q(day__isnull=False), name="nobody_gets_two_digests_a_day"
            ),
            models.CheckConstraint(
                condition=Q(urgent=True, day=None) | Q(urgent=False, day__isnull=False),
                name="no_digest_of_no_day_unless_urgent",
            ),
        )

    def __str__(self):
        return f"Reminders for {self.to_name}"


class Reminder(models.Model):
    """One follow-up brought to one person's mind at one step; the database refuses the same a second time."""

    followup = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=15, choices=Step)
    urgent = models.BooleanField(default=False, help_text="Goes out at once; others wait for the day's digest.")
    planned_at = models.DateTimeField(default=clock.now, help_text="When it should have come to mind.")
    made_at = models.DateTimeField(default=clock.now, help_text="When it did.")
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.PROTECT, related_name="reminders")

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["to_email"], condition=Q(digest=None), name="reminders_to_gather"),)
        constraints = (
            models.UniqueConstraint(
                fields=["followup", "step", "planned_at", "to_email"], name="nobody_reminded_twice_of_a_step"
            ),
        )

    def __str__(self):
        return f"{self.followup}: {self.get_step_display()}"

    @property
    def came_late(self) -> bool:
        """It should have come long before it did, and was there to be told of."""
        return self.made_at - max(self.planned_at, self.followup.set_at) > LATE
