import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from casetracker import clock

from .letter import Copy, Letter

# A worker that was frozen between the mark and the final dot may wake and finish. By now it finds the line closed:
# servers hang up on whoever says nothing for 5 to 10 minutes (RFC 5321, 4.5.3.2.7), and our own lease is over.
OVER_AFTER = timedelta(minutes=30)
ARCHIVE = "the archive mailbox"  # what settled a delivery when no person did


class DeliveryQuerySet(models.QuerySet):
    def arrived(self):
        """Sent, or posted and not brought back."""
        return self.filter(Q(sent_at__isnull=False) | Q(posted_on__isnull=False), returned_on=None)

    def to_send(self, *, at):
        """E-mails whose hour has come and that nobody is at work on. After the handoff nothing is resent by itself,
        so a row with that mark is not among them, whatever became of its worker."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.queued().filter(free, due_at__lte=at).order_by("due_at", "pk")

    def queued(self):
        """E-mails that wait for their hour or are being sent; the server certainly has none of them."""
        return self.filter(by_post=False, sent_at=None, refused_at=None, handoff_at=None)

    def unknown(self, *, at):
        """The server had the whole letter and its answer was lost: a person decides, nothing resends them."""
        return self.filter(
            handoff_at__isnull=False, sent_at=None, refused_at=None, lease_until__lte=at, settled_at=None
        )

    def unknown_for_good(self, *, at):
        """Unknown, and whoever was at work on them cannot finish any more: they may be sent again."""
        return self.unknown(at=at).filter(handoff_at__lte=at - OVER_AFTER)

    def refused(self):
        """The server said no for good, and no later delivery took this one's place."""
        return self._without_successor().filter(refused_at__isnull=False)

    def to_post(self):
        return self.filter(by_post=True, posted_on=None)

    def posted(self):
        return self.filter(posted_on__isnull=False, returned_on=None)

    def returned(self):
        """The post brought them back, and nobody has sent them again or decided to leave it."""
        return self._without_successor().filter(returned_on__isnull=False, settled_at=None)

    def undelivered(self, *, at):
        """Letters and copies that did not arrive, or perhaps did not, and that nobody has settled yet."""
        return (self.refused() | self.returned() | self.unknown(at=at)).filter(letter__isnull=False)

    def _without_successor(self):
        return self.filter(~Exists(Delivery.objects.filter(resend_of=OuterRef("pk"))))


class Delivery(models.Model):
    """One envelope to one person, and what became of it. By e-mail: queued, claimed, handed off, then sent or refused,
    with the server's own words; no answer after the handoff leaves it unknown. By post: posted by a person, and perhaps
    brought back."""

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
    deferred_at = models.DateTimeField(
        null=True, help_text="Since when the mail server has had nothing but temporary answers to it."
    )
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
    returned_on = models.DateField(null=True, help_text="When the post brought it back.")
    returned_by_name = models.CharField(max_length=200, blank=True)
    returned_reason = models.CharField(max_length=250, blank=True)
    followup = models.ForeignKey(
        "cases.FollowUp",
        null=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
        help_text="What has to be done because it did not arrive.",
    )
    copied_to_archive = models.BooleanField(
        null=True, help_text="Whether the archive mailbox took its copy; empty: it was not asked."
    )
    archived_at = models.DateTimeField(null=True, help_text="When the copy was found in the archive mailbox.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(fields=["-queued_at", "-id"], name="deliveries_by_day_queued"),
            models.Index(
                fields=["-queued_at", "-id"],
                condition=Q(posted_on__isnull=False, returned_on=None),
                name="deliveries_posted",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(by_post=False, sent_at=None, refused_at=None, handoff_at=None),
                name="deliveries_to_send",
            ),
            models.Index(
                fields=["followup"],
                condition=Q(refused_at__isnull=False)
                | Q(returned_on__isnull=False)
                | Q(handoff_at__isnull=False, sent_at=None),
                name="deliveries_that_did_not_arrive",
            ),
            models.Index(fields=["letter"], condition=Q(by_post=True, posted_on=None), name="deliveries_to_post"),
            models.Index(fields=["letter"], condition=Q(refused_at__isnull=False), name="deliveries_refused"),
            models.Index(fields=["letter"], condition=Q(returned_on__isnull=False), name="deliveries_returned"),
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
                condition=Q(returned_on=None, returned_by_name="", returned_reason="")
                | (
                    Q(returned_on__isnull=False, posted_on__isnull=False)
                    & ~Q(returned_by_name="")
                    & ~Q(returned_reason="")
                ),
                name="nothing_returned_that_was_not_posted",
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
        return self.letter_id is not None and self.copy_id is None and self.letter.involvement_id is None

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a repeat is recognisable wherever it turns up."""
        domain = settings.MAIL_FROM.rpartition("@")[2].strip("> ")
        return f"<letter.{self.message_key.hex}@{domain}>"

    @property
    def seal(self) -> str:
        """What a mail in the archive mailbox carries if it is this one: whoever did not get it cannot make that up.
        192 bits, which fit on a line of headers."""
        return salted_hmac("letters.delivery", self.message_key.hex, algorithm="sha256").hexdigest()[:48]

    @property
    def over_at(self):
        """From when an unknown one may be sent again."""
        return self.handoff_at + OVER_AFTER

    @property
    def archive_says(self) -> str:
        """What whoever decides about an unknown one may conclude from the archive mailbox."""
        if self.copied_to_archive is None:
            return "No copy of it went to an archive mailbox, so there is none to look for."
        if self.copied_to_archive:
            return (
                "The archive mailbox took a copy together with it, which has not been found there so far. If it turns "
                "up, this settles itself; as long as it does not, that proves nothing."
            )
        return "The archive mailbox refused its copy, so its silence says nothing."

    def outcome(self, *, at) -> str:
        """Where it stands, in a few words."""
        if self.returned_on:
            left = f"; {self.settled_by_name} left it at that" if self.settled_at else ""
            return f"came back on {self.returned_on:%-d %B %Y} ({self.returned_reason}){left}"
        if self.posted_on:
            return f"posted on {self.posted_on:%-d %B %Y} by {self.posted_by_name}"
        if self.by_post:
            return "waits to be posted"
        if self.archived_at:
            return "sent: its copy was found in the archive mailbox"
        if self.sent_at:
            return f"sent ({self.smtp_code} {self.smtp_reply})" if self.smtp_code else "arrived, as a person decided"
        if self.refused_at:
            return f"refused ({self.smtp_code or '–'} {self.smtp_reply})"
        if self.handoff_at:
            return "on its way" if self.lease_until and self.lease_until > at else "unknown: the answer was lost"
        return f"waits to be sent again ({self.smtp_reply})" if self.smtp_reply else "waits to be sent"
