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


class ConversationQuerySet(AppendOnlyQuerySet):
    def with_the_customer(self):
        return self.filter(person=None)


class Conversation(AppendOnly):
    """A talk as it was logged: with whom, what was said, what was proposed. A correction is a new row."""

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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ("held_on", "pk")
        constraints = (models.CheckConstraint(condition=~Q(said=""), name="no_conversation_without_words"),)

    def __str__(self):
        return f"{self.get_medium_display()} on {self.held_on:%-d %B %Y}"
