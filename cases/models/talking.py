"""What is said with the customer and with others about a case."""

from django.db import models, transaction

from .conversation import Conversation, Medium
from .followup import Kind


class Talking(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def log_conversation(self, *, said, on, by, proposed="", medium=Medium.PHONE, person=None, next_contact_on=None):
        """Keep what was said on the day `on`. A talk with the customer acknowledges the complaint and settles the next
        contact that was due; `next_contact_on` promises another."""
        talk = Conversation.objects.create(
            case=self,
            person=person,
            medium=medium,
            held_on=on,
            said=said,
            proposed=proposed,
            by=by,
            by_name=str(by),
        )
        partner = person.name if person else "the customer"
        self.record("conversation", f"{talk.get_medium_display()} with {partner}.", on=on, by=by)
        if person is None:
            self.followups.outstanding().filter(kind=Kind.CONTACT).update(done_on=on)
            self.reach("contacted", on=on)
            self.acknowledge(talk.get_medium_display().lower(), on=on, by=by)
        if next_contact_on:
            self.promise_contact(until=next_contact_on, on=on, by=by)
        return talk
