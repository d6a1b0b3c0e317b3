import secrets

from django.db import models

from casetracker import clock

from .append_only import AppendOnly, AppendOnlyQuerySet


def kept_as(attachment, filename) -> str:
    """A path that tells nothing and that nobody can guess; the sender's file name is only ever shown."""
    return f"attachments/{secrets.token_hex(2)}/{secrets.token_hex(20)}"


class AttachmentQuerySet(AppendOnlyQuerySet):
    def with_the_complaint(self):
        """What the customer sent; the rest is proof of ours that a commitment was kept."""
        return self.filter(commitment=None)


class Attachment(AppendOnly):
    """A file as it came in, with its fingerprint. Only the view that checks who asks hands it out."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="attachments")
    commitment = models.ForeignKey(
        "cases.Commitment",
        null=True,
        on_delete=models.PROTECT,
        related_name="proofs",
        help_text="What it proves to have been kept; empty: it came with the complaint.",
    )
    file = models.FileField(upload_to=kept_as, max_length=200)
    name = models.CharField(max_length=150, help_text="As the sender called it, made safe to show.")
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=clock.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self):
        return self.name
