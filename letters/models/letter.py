import re

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.append_only import AppendOnly
from cases.models.followup import FollowUp
from cases.models.followup import Kind as FollowUpKind
from cases.models.involvement import CopyAs
from cases.models.language import languages
from casetracker import clock
from letters import address
from letters.optional import Part

from .kind import COPIED, ONCE, SETTLES, TO_STAFF, Kind
from .template import TemplateVersion

PATH_SIGNS = re.compile(r"[^\w .,()-]+")
NOT_APPROVED = {
    "approval_asked_at": None,
    "approval_asked_by": None,
    "approval_asked_by_name": "",
    "approved_at": None,
    "approved_by": None,
    "approved_by_name": "",
}


class LetterQuerySet(models.QuerySet):
    def drafts(self):
        return self.filter(issued_on=None, discarded_on=None)

    def to_approve(self):
        """Drafts that wait for a second person."""
        return self.drafts().filter(approval_asked_at__isnull=False, approved_at=None)

    def rewrite(self, **words) -> int:
        """These drafts say something else as of now, or enclose it; whoever approved them has not seen it, and nobody
        is asked to approve what they said before. Answers how many there were."""
        rewritten = self.drafts().update(**words, edited_at=clock.now(), **NOT_APPROVED)
        self.drafts().call_off_approval("The draft was edited.", on=clock.today())
        return rewritten

    def call_off_approval(self, reason, *, on):
        """Nobody is asked to approve these letters any more."""
        waiting = FollowUp.objects.outstanding().filter(kind=FollowUpKind.APPROVAL, letters__in=self)
        waiting.update(cancelled_on=on, cancelled_reason=reason)

    def issued(self):
        return self.filter(issued_on__isnull=False)


class Letter(models.Model):
    """A letter to the customer: first a draft that people edit, then issued. What was issued never changes: its bytes,
    their SHA-256, the template version and every line that the eye saw stay with it."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind)
    involvement = models.ForeignKey(
        "cases.Involvement",
        null=True,
        on_delete=models.PROTECT,
        related_name="letters",
        help_text="The person involved whom it goes to; empty: the customer.",
    )
    language = models.CharField(max_length=10, choices=languages)
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="letters")
    followup = models.ForeignKey(
        "cases.FollowUp", null=True, on_delete=models.PROTECT, related_name="letters", help_text="While it waits."
    )
    settles = models.ForeignKey(
        "cases.FollowUp",
        null=True,
        on_delete=models.PROTECT,
        related_name="settled_by",
        help_text="What is done once it has reached the customer.",
    )
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    salutation = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    close = models.CharField(max_length=100)
    parts = models.JSONField(
        default=list, help_text="Of a template with optional paragraphs: what it was made of, and which were taken."
    )
    facts = models.JSONField(default=dict, help_text="What the placeholders stood for when it was drafted.")
    signatory = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    drafted_by_name = models.CharField(max_length=200)
    edited_at = models.DateTimeField(default=clock.now)
    discarded_on = models.DateField(null=True)
    approval_asked_at = models.DateTimeField(null=True)
    approval_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approval_asked_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True)
    sent_back_at = models.DateTimeField(null=True, help_text="When the second person returned it with a comment.")
    sent_back_by_name = models.CharField(max_length=200, blank=True)
    sent_back_comment = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    issued_by_name = models.CharField(max_length=200, blank=True)
    register_year = models.PositiveSmallIntegerField(null=True)
    register_number = models.PositiveIntegerField(null=True, help_text="Of all letters issued in that year, no gap.")
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.JSONField(null=True, help_text="Every line that the eye sees, as it was set.")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("drafted_at", "pk")
        base_manager_name = "objects"
        indexes = (
            models.Index(fields=["case"], condition=Q(issued_on=None, discarded_on=None), name="letters_still_drafts"),
            models.Index(fields=["-drafted_at", "-id"], name="letters_by_day_drafted"),
            models.Index(
                fields=["-drafted_at", "-id"], condition=Q(issued_on=None, discarded_on=None), name="letters_in_draft"
            ),
            models.Index(
                fields=["-drafted_at", "-id"],
                condition=Q(issued_on=None, discarded_on=None, approval_asked_at__isnull=False, approved_at=None),
                name="letters_to_approve",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(issued_on=None, discarded_on=None, involvement=None),
                name="no_two_drafts_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["involvement", "kind"],
                condition=Q(issued_on=None, discarded_on=None, involvement__isnull=False),
                name="no_two_drafts_of_a_kind_to_a_colleague",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TO_STAFF, involvement__isnull=False)
                | (~Q(kind__in=TO_STAFF) & Q(involvement=None)),
                name="no_letter_to_the_wrong_side",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None, approved_by_name="")
                | (Q(approved_at__isnull=False, approval_asked_at__isnull=False) & ~Q(approved_by_name="")),
                name="no_approval_that_nobody_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approval_asked_by=None) | ~Q(approved_by=F("approval_asked_by")),
                name="nobody_approves_what_they_put_forward",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at=None, sent_back_by_name="", sent_back_comment="")
                | (Q(sent_back_at__isnull=False) & ~Q(sent_back_by_name="") & ~Q(sent_back_comment="")),
                name="no_draft_sent_back_without_comment",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(issued_on__isnull=False, corrects=None, kind__in=ONCE),
                name="no_letter_of_a_kind_issued_twice_unless_it_corrects",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(issued_on__isnull=False, corrects__isnull=False),
                name="no_letter_corrected_by_two",
            ),
            models.UniqueConstraint(
                fields=["register_year", "register_number"], name="no_two_letters_with_one_number_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None, register_number=None, register_year=None)
                | Q(issued_on__isnull=False, register_number__isnull=False, register_year__isnull=False),
                name="no_letter_issued_without_its_number",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None, issued_at=None, pdf=None, sha256="", sheet=None, issued_by_name="")
                | (
                    Q(
                        issued_on__isnull=False,
                        issued_at__isnull=False,
                        pdf__isnull=False,
                        sheet__isnull=False,
                    )
                    & ~Q(sha256="")
                    & ~Q(issued_by_name="")
                ),
                name="no_letter_issued_without_its_bytes",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(discarded_on=None), name="no_letter_both_issued_and_discarded"
            ),
        )

    def __str__(self):
        return f"{self.get_kind_display()} {self.case.reference}"

    @property
    def made_of(self) -> list[Part]:
        """The parts of its template's words, of which some may be taken or left; none where nothing is optional."""
        return [Part(**part) for part in self.parts]

    @property
    def number(self) -> str:
        """Its number in the register of letters, 2026/17; a draft has none."""
        return f"{self.register_year}/{self.register_number}" if self.register_number else ""

    @property
    def file_name(self) -> str:
        return f"{self.kind}-{self.case.reference}.pdf"

    @property
    def recipient(self) -> str:
        """Whom it goes to: the colleague involved, else the customer."""
        return self.involvement.name if self.involvement_id else str(self.case.customer)

    @property
    def to_email(self) -> str:
        return self.involvement.email if self.involvement_id else self.case.customer.email

    def to_settle(self):
        """The follow-up that is done once this letter has reached the customer: that of its kind which is outstanding,
        first the one that it was drafted for. None where there is none."""
        if self.kind not in SETTLES:
            return None
        waiting = self.case.followups.outstanding().filter(kind=SETTLES[self.kind])
        return waiting.filter(pk=self.settles_id).first() or waiting.first() or self.settles

    @property
    def goes_by_post(self) -> bool:
        """A customer who wants it so, or has no e-mail address, gets the letter by post; colleagues never do."""
        return not self.involvement_id and (self.case.customer.wants_post or not self.to_email)

    def address_lines(self, name="") -> tuple[str, ...]:
        """The inside address, as the country of destination writes it, with `name` or else the plain name first."""
        return address.of(self.case.customer, home=settings.COUNTRY, name=name)

    def copied_to(self):
        """The people who get a copy: everyone involved, for the kinds of letter that are copied at all."""
        return list(self.case.involvements.all()) if self.kind in COPIED else []


class Enclosure(models.Model):
    """A PDF that goes with a letter, named on it. Once the letter is issued it stays."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="enclosures")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)

    def __str__(self):
        return self.name

    @property
    def file_name(self) -> str:
        """What the file is called in an e-mail: the name on the letter, without what means something in a path."""
        stem = PATH_SIGNS.sub("-", self.name.removesuffix(".pdf")).strip(" .-")
        return f"{stem or 'enclosure'}.pdf"


class Copy(AppendOnly):
    """A cc line of an issued letter, and the person who gets it."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="copies")
    involvement = models.ForeignKey("cases.Involvement", on_delete=models.PROTECT, related_name="copies")
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail")
    copy_as = models.CharField("gets", max_length=10, choices=CopyAs, default=CopyAs.LETTER)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "copies"
        constraints = (
            models.UniqueConstraint(fields=["letter", "involvement"], name="nobody_copied_twice_on_a_letter"),
        )

    def __str__(self):
        return f"{self.name}, {self.job_title}" if self.job_title else self.name


class Override(AppendOnly):
    """A lead let a letter go out although the review warned of these words, and said why."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="overrides")
    finding_key = models.CharField(max_length=100, help_text="The warning and the words that it is about.")
    finding = models.TextField(help_text="As the review said it.")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["letter", "finding_key"], name="no_warning_overridden_twice"),
            models.CheckConstraint(condition=~Q(reason=""), name="no_warning_overridden_without_reason"),
        )

    def __str__(self):
        return self.finding
