from django.conf import settings
from django.db import models
from django.db.models import Q

from .append_only import AppendOnly, AppendOnlyQuerySet


class Medium(models.TextChoices):
    PHONE = "phone", "Phone call"
    MEETING = "meeting", "Meeting"
    CHAT = "chat", "Chat"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    PAGE = "page", "Their own page"


class ConversationQuerySet(AppendOnlyQuerySet):
    def with_the_customer(self):
        return self.filter(person=None, they_wrote=False)

    def from_the_customer(self):
        return self.filter(they_wrote=True)


class Conversation(AppendOnly):
    """A talk as it was logged: with whom, what was said, what was proposed; or what the customer wrote to us. A
    correction is a new row."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="conversations")
    person = models.ForeignKey(
        "cases.Involvement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        help_text="Empty: with the customer.",
    )
    medium = models.CharField(max_length=10, choices=Medium, default=Medium.PHONE)
    held_on = models.DateField()
    said = models.TextField("what was said", help_text="The customer's words first, without judging them.")
    proposed = models.TextField("what was proposed", blank=True)
    recording = models.CharField(max_length=100, blank=True, help_text="Where the recording of the call is found.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    they_wrote = models.BooleanField(
        default=False, help_text="The customer wrote or left word; nobody talked with them."
    )
    submission_key = models.UUIDField(
        null=True, unique=True, help_text="One per form shown and words: what is sent twice is here once."
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ("held_on", "pk")
        indexes = (
            models.Index(
                fields=["held_on", "case"],
                condition=Q(person=None, they_wrote=False),
                name="talks_with_customers_by_day",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(said=""), name="no_conversation_without_words"),
            models.CheckConstraint(
                condition=Q(they_wrote=False) | Q(person=None), name="nobody_else_writes_as_the_customer"
            ),
        )

    def __str__(self):
        return f"{self.get_medium_display()} on {self.held_on:%-d %B %Y}"
