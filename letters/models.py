"""Everything that leaves the building: templates and their versions, letters, copies, deliveries. A letter and a
delivery have dates, not a status."""

import uuid

from django.conf import settings
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_countries.fields import CountryField

from cases.models.append_only import AppendOnly
from casetracker import clock
from letters import address


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    PROGRESS = "progress", "Progress update"
    CALLBACK = "callback", "Proposal of a call"
    EXTENSION = "extension", "Notice of a later answer"
    APOLOGY_SERVICE = "apology_service", "Apology for poor service"
    APOLOGY_INFORMATION = "apology_information", "Apology for missing information"
    APOLOGY_TERMS = "apology_terms", "Apology for wrong or unclear terms"
    APOLOGY_DELAY = "apology_delay", "Apology for a late answer"
    RESOLUTION = "resolution", "Resolution letter"
    CLARIFICATION = "clarification", "Clarification"
    NO_AGREEMENT = "no_agreement", "Final position"
    COMMITMENT_DONE = "commitment_done", "Commitment done"
    AFTERCARE = "aftercare", "Is everything all right now?"
    BOUNDARY = "boundary", "Limit of conduct"


FINAL = (Kind.RESOLUTION, Kind.CLARIFICATION, Kind.NO_AGREEMENT)  # any of these answers the complaint
COPIED = FINAL  # and of these everyone involved gets a copy
ONCE = (Kind.ACKNOWLEDGEMENT, *FINAL)  # a second one of these corrects the first


class Style(models.TextChoices):
    BLOCK = "block", "Block: everything at the left margin"
    MODIFIED_BLOCK = "modified_block", "Modified block: date and close at the middle"
    SEMI_BLOCK = "semi_block", "Semi-block: modified block with indented paragraphs"


class Paper(models.TextChoices):
    A4 = "a4", "A4"
    US_LETTER = "us_letter", "US Letter"


class Letterhead(models.Model):
    """Whose paper it is: name, address, logo, format. The newest row is the one in use."""

    name = models.CharField(max_length=100)
    street = models.CharField(max_length=250)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = CountryField()
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.CharField(max_length=100, blank=True)
    registration_line = models.CharField(max_length=250, blank=True)
    colour = models.CharField(
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write it like #1f4e79.")],
    )
    style = models.CharField("format", max_length=15, choices=Style, default=Style.BLOCK)
    paper = models.CharField(max_length=10, choices=Paper, default=Paper.A4)
    logo = models.FileField(
        upload_to="letterhead", blank=True, validators=[FileExtensionValidator(["svg", "png", "jpg", "jpeg"])]
    )

    class Meta:
        get_latest_by = "pk"

    def __str__(self):
        return self.name


class LetterTemplate(models.Model):
    """The words of one kind of letter in one language. Its versions hold the words; the newest is used."""

    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)

    class Meta:
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(fields=["kind", "language"], name="no_two_templates_of_a_kind_in_a_language"),
        )

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_language_display()}"


class TemplateVersion(AppendOnly):
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown with Liquid placeholders.")
    made_at = models.DateTimeField(default=clock.now)
    made_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["template", "number"], name="no_two_template_versions_with_one_number"),
        )

    def __str__(self):
        return f"{self.template}, version {self.number}"


class LetterQuerySet(models.QuerySet):
    def drafts(self):
        return self.filter(issued_on=None, discarded_on=None)

    def issued(self):
        return self.filter(issued_on__isnull=False)


class Letter(models.Model):
    """A letter to the customer: first a draft that people edit, then issued. What was issued never changes: its bytes,
    their SHA-256, the template version and every line that the eye saw stay with it."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="letters")
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    salutation = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    close = models.CharField(max_length=100)
    signatory = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    drafted_by_name = models.CharField(max_length=200)
    edited_at = models.DateTimeField(default=clock.now)
    discarded_on = models.DateField(null=True)
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
        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(issued_on=None, discarded_on=None),
                name="no_two_drafts_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(issued_on__isnull=False, corrects=None, kind__in=ONCE),
                name="no_letter_of_a_kind_issued_twice_unless_it_corrects",
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
    def number(self) -> str:
        """Its number in the register of letters, 2026/17; a draft has none."""
        return f"{self.register_year}/{self.register_number}" if self.register_number else ""

    @property
    def file_name(self) -> str:
        return f"{self.kind}-{self.case.reference}.pdf"

    @property
    def goes_by_post(self) -> bool:
        """A customer without an e-mail address gets the letter by post."""
        return not self.case.customer.email

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
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)

    def __str__(self):
        return self.name


class Copy(AppendOnly):
    """A cc line of an issued letter, and the person who gets it."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="copies")
    involvement = models.ForeignKey("cases.Involvement", on_delete=models.PROTECT, related_name="copies")
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "copies"
        constraints = (
            models.UniqueConstraint(fields=["letter", "involvement"], name="nobody_copied_twice_on_a_letter"),
        )

    def __str__(self):
        return f"{self.name}, {self.job_title}" if self.job_title else self.name


class DeliveryQuerySet(models.QuerySet):
    def arrived(self):
        return self.filter(Q(sent_at__isnull=False) | Q(posted_on__isnull=False))

    def to_send(self, *, at):
        """E-mails whose hour has come and that nobody is at work on. After the handoff nothing is resent by itself,
        so a row with that mark is not among them, whatever became of its worker."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lte=at),
            by_post=False,
            sent_at=None,
            refused_at=None,
            handoff_at=None,
            due_at__lte=at,
        ).order_by("due_at", "pk")

    def unknown(self, *, at):
        """The server had the whole letter and its answer was lost: a person decides, nothing resends them."""
        return self.filter(
            handoff_at__isnull=False, sent_at=None, refused_at=None, lease_until__lte=at, settled_at=None
        )

    def refused(self):
        """The server said no for good, and no later delivery took this one's place."""
        later = Delivery.objects.filter(resend_of=OuterRef("pk"))
        return self.filter(~Exists(later), refused_at__isnull=False)

    def to_post(self):
        return self.filter(by_post=True, posted_on=None)


class Delivery(models.Model):
    """One envelope to one person, and what became of it. By e-mail: queued, claimed, handed off, then sent or refused,
    with the server's own words; no answer after the handoff leaves it unknown. By post: posted by a person."""

    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="deliveries")
    copy = models.ForeignKey(
        Copy,
        null=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
        help_text="Empty: the customer's own.",
    )
    digest = models.ForeignKey("cases.Digest", null=True, on_delete=models.PROTECT, related_name="deliveries")
    resend_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="resent_as")
    resend_reason = models.TextField(blank=True)
    by_post = models.BooleanField(default=False)
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField("e-mail", blank=True)
    message_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    queued_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now, help_text="Not tried before.")
    attempts = models.PositiveIntegerField(default=0)
    claim_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    handoff_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    smtp_code = models.PositiveIntegerField(null=True)
    smtp_reply = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When a person decided about an unknown one.")
    settled_by_name = models.CharField(max_length=200, blank=True)
    posted_on = models.DateField(null=True)
    posted_by_name = models.CharField(max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=Q(by_post=False, sent_at=None, refused_at=None, handoff_at=None),
                name="deliveries_to_send",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=(Q(letter__isnull=False, digest=None) | Q(letter=None, copy=None, digest__isnull=False)),
                name="no_delivery_of_nothing_or_of_two_things",
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(copy=None, resend_of=None),
                name="no_letter_twice_to_the_customer",
            ),
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(copy__isnull=False, resend_of=None),
                name="no_copy_twice_to_a_person",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(digest__isnull=False, resend_of=None), name="no_digest_twice_to_a_person"
            ),
            models.CheckConstraint(
                condition=Q(by_post=True, sent_at=None, handoff_at=None, refused_at=None)
                | (Q(by_post=False, posted_on=None) & ~Q(to_email="")),
                name="no_delivery_both_posted_and_mailed",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(handoff_at__isnull=False),
                name="nothing_sent_without_the_handoff_mark",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(refused_at=None), name="no_delivery_both_sent_and_refused"
            ),
            models.CheckConstraint(
                condition=Q(posted_on=None, posted_by_name="") | (Q(posted_on__isnull=False) & ~Q(posted_by_name="")),
                name="nothing_posted_without_a_person",
            ),
            models.CheckConstraint(
                condition=Q(resend_of=None, resend_reason="") | (Q(resend_of__isnull=False) & ~Q(resend_reason="")),
                name="nothing_sent_again_without_reason",
            ),
        )

    def __str__(self):
        what = self.letter or self.digest
        return f"{what} to {self.to_name}"

    @property
    def is_for_customer(self) -> bool:
        return self.letter_id is not None and self.copy_id is None

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a repeat is recognisable wherever it turns up."""
        domain = settings.MAIL_FROM.rpartition("@")[2].strip("> ")
        return f"<letter.{self.message_key.hex}@{domain}>"

    def outcome(self, *, at) -> str:
        """Where it stands, in a few words."""
        if self.posted_on:
            return f"posted on {self.posted_on:%-d %B %Y} by {self.posted_by_name}"
        if self.by_post:
            return "waits to be posted"
        if self.sent_at:
            return f"sent ({self.smtp_code} {self.smtp_reply})" if self.smtp_code else "arrived, as a person decided"
        if self.refused_at:
            return f"refused ({self.smtp_code or '–'} {self.smtp_reply})"
        if self.handoff_at:
            return "on its way" if self.lease_until and self.lease_until > at else "unknown: the answer was lost"
        return f"waits to be sent again ({self.smtp_reply})" if self.attempts else "waits to be sent"
