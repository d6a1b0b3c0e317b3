import secrets

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.stages import EXITS, Exit, Stage
from casetracker import clock

from .asking import Asking
from .commitment import Commitment
from .following import Following
from .followup import FollowUp
from .guarding import Guarding
from .language import languages
from .limiting import Limiting
from .moving import Moving
from .organisation import Organisation
from .promising import Promising
from .root_cause import RootCause
from .seeing import SeeingQuerySet
from .tagging import Tagging
from .talking import Talking
from .telling import Telling
from .timing import Timing
from .waiting import WaitingQuerySet
from .working import Working


class Channel(models.TextChoices):
    FORM = "form", "Web form"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    LETTER = "letter", "Letter"
    IN_PERSON = "in_person", "In person"
    CHAT = "chat", "Chat"
    REFERRAL = "referral", "Referred by an authority"


class Situation(models.TextChoices):
    OUTAGE = "outage", "Emergency or outage"
    UNKNOWN_ANSWER = "unknown_answer", "We do not know the answer yet"
    OUR_MISTAKE = "our_mistake", "We made a mistake"
    CUSTOMER_SIDE = "customer_side", "The cause is on the customer's side"
    ANGRY = "angry", "Very angry customer"
    UNREASONABLE = "unreasonable", "Request that cannot be met"
    CANCEL = "cancel", "Customer wants to cancel"


class Responsibility(models.TextChoices):
    OURS = "ours", "Ours"
    PARTLY = "partly", "Partly ours"
    NOT_OURS = "not_ours", "Not ours"


PROMISE_OPEN = "Closed, promise open"


def new_page_key() -> str:
    """The secret part of the address of the customer's own page: 128 random bits."""
    return secrets.token_urlsafe(16)


def _outstanding_promise():
    return Exists(Commitment.objects.outstanding().filter(case=OuterRef("pk")))


class CaseQuerySet(SeeingQuerySet, WaitingQuerySet):
    def open(self):
        return self.exclude(stage=Stage.CLOSED)

    def of(self, handler):
        return self.filter(handler=handler)

    def without_handler(self):
        return self.open().filter(handler=None)

    def regimes(self) -> set[str]:
        """The regimes that open cases go by, and those of our organisations."""
        chosen = self.open().values_list("regime", flat=True), Organisation.objects.values_list("regime", flat=True)
        return {regime for found in chosen for regime in found.exclude(regime="").distinct()}

    def with_promises(self):
        """Each knows as `promise_open` whether something that its customer was promised is outstanding."""
        return self.annotate(promise_open=_outstanding_promise())

    def closed_with_a_promise(self):
        """Closed, while something that the customer was promised is outstanding."""
        return self.filter(_outstanding_promise(), stage=Stage.CLOSED)

    def due(self, *, on):
        return self.filter(Exists(FollowUp.objects.due(on=on).filter(case=OuterRef("pk"))))

    def overdue(self, *, on):
        return self.filter(Exists(FollowUp.objects.overdue(on=on).filter(case=OuterRef("pk"))))


class Case(
    Moving, Guarding, Working, Talking, Promising, Limiting, Asking, Following, Timing, Telling, Tagging, models.Model
):
    """What we do about one complaint. What the customer told us never changes; the rest changes by verbs, each of which
    writes the history."""

    # what they told us (written once)
    reference = models.CharField(max_length=14, unique=True, editable=False)
    page_key = models.CharField(max_length=22, unique=True, default=new_page_key, editable=False)
    customer = models.ForeignKey("cases.Customer", on_delete=models.PROTECT, related_name="cases")
    channel = models.CharField(max_length=10, choices=Channel)
    received_on = models.DateField()
    language = models.CharField(max_length=10, choices=languages)
    subject = models.CharField(max_length=150)
    story = models.TextField("what happened", blank=True)
    wanted = models.TextField("outcome wanted", blank=True)
    order_reference = models.CharField("order or reference number", max_length=60, blank=True)
    product = models.CharField(max_length=150, blank=True)
    topic = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=30, blank=True, help_text="The system that an import came from.")
    external_id = models.CharField(max_length=100, blank=True, help_text="Its number there.")
    submission_key = models.UUIDField(
        null=True, unique=True, help_text="One per form shown: a form sent twice is one case."
    )
    logged_at = models.DateTimeField(default=clock.now)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    # what we do about it
    stage = models.CharField(max_length=15, choices=Stage, default=Stage.ACKNOWLEDGE, editable=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    organisation = models.ForeignKey(
        "cases.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
        help_text="Whose paper its letters go out on; empty for the house itself.",
    )
    regime = models.CharField(
        "rules", max_length=40, blank=True, editable=False, help_text="Besides the house's own; empty: these alone."
    )
    team = models.ForeignKey(
        "cases.Team",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
        help_text="Whose case it is; empty: everybody's.",
    )
    tags = models.ManyToManyField("cases.Tag", blank=True, related_name="cases")
    restricted_on = models.DateField(
        null=True, editable=False, help_text="Since when only leads, its handler and auditors may open it."
    )
    restricted_reason = models.TextField(blank=True, editable=False)
    situation = models.CharField(max_length=20, choices=Situation, blank=True)
    root_cause = models.CharField(max_length=30, choices=RootCause, blank=True)
    cause_explained = models.TextField(blank=True)
    responsibility = models.CharField(max_length=10, choices=Responsibility, blank=True)
    prevention = models.TextField("so that it does not happen again", blank=True)
    acknowledged_on = models.DateField(null=True, editable=False)
    escalated_on = models.DateField(null=True, editable=False, help_text="When a second stage was asked for.")
    reopened_on = models.DateField(null=True, editable=False)
    answered_on = models.DateField(null=True, editable=False)
    copied_on = models.DateField(null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)
    exit = models.CharField(max_length=15, choices=Exit, blank=True, editable=False)
    exit_reason = models.TextField(blank=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", editable=False
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-pk")
        indexes = (
            models.Index(fields=["handler", "stage"], name="cases_of_a_handler"),
            models.Index(fields=["-received_on", "-id"], name="cases_by_day_received"),
            models.Index(fields=["external_id", "source"], name="cases_by_number_elsewhere"),
            models.Index(fields=["received_on"], condition=~Q(stage="closed"), name="cases_open"),
            models.Index(fields=["closed_on"], condition=Q(closed_on__isnull=False), name="cases_by_day_closed"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="no_complaint_imported_twice",
            ),
            models.CheckConstraint(
                condition=(Q(stage="closed") & Q(closed_on__isnull=False)) | (~Q(stage="closed") & Q(closed_on=None)),
                name="no_closed_case_without_its_day",
            ),
            models.CheckConstraint(
                condition=Q(exit="", exit_reason="") | (~Q(exit="") & ~Q(exit_reason="")),
                name="no_exit_without_reason",
            ),
            models.CheckConstraint(
                condition=Q(exit="duplicate", duplicate_of__isnull=False)
                | (~Q(exit="duplicate") & Q(duplicate_of=None)),
                name="no_duplicate_without_the_other_case",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="no_unknown_stage"),
            models.CheckConstraint(
                condition=Q(restricted_on=None, restricted_reason="")
                | (Q(restricted_on__isnull=False) & ~Q(restricted_reason="")),
                name="no_case_restricted_without_reason",
            ),
        )

    def __str__(self):
        return f"{self.reference} {self.subject}"

    def earlier_cases(self):
        """Other cases of this customer, as far as a person of ours has said so."""
        return Case.objects.filter(customer__in=self.customer.everywhere()).exclude(pk=self.pk)

    def perhaps_same_customer(self):
        """Cases of customers with the same e-mail address or phone number, not yet said to be the same person."""
        alike = self.customer.look_alikes().exclude(pk__in=self.customer.everywhere())
        return Case.objects.filter(customer__in=alike)

    def has_open_promise(self) -> bool:
        """It is closed, and something that the customer was promised is outstanding."""
        if self.stage != Stage.CLOSED:
            return False
        known = getattr(self, "promise_open", None)  # of cases out of `with_promises`
        return self.commitments.outstanding().exists() if known is None else known

    def stage_in_words(self) -> str:
        """Where it stands, as every list says it: what was promised is not over because the case is closed."""
        return PROMISE_OPEN if self.has_open_promise() else self.get_stage_display()

    @property
    def exits(self):
        return EXITS[self.stage]

    @property
    def typed_late(self) -> bool:
        """It came in on an earlier day than it was typed in."""
        return timezone.localdate(self.logged_at) > self.received_on
