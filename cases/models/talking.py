"""What is said with the customer and with others about a case."""

import uuid

from django.db import models, transaction

from casetracker import clock

from .conversation import Conversation, Medium
from .followup import Kind, Step


class Talking(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def log_conversation(self, *, said, on, by, next_contact_on=None, promises=(), limits=None, **talked):
        """Keep what was said on the day `on`. A talk with the customer acknowledges the complaint and settles the next
        contact that was due, on the phone the call that was promised as well; `next_contact_on` promises another. What
        was promised holds at once (see `promise_in`), and so does what was done about abuse (`hold_limits`)."""
        talk = self._talked(said, on=on, by=by, **talked)
        self.promise_in(talk, promises, on=on, by=by)
        if next_contact_on:
            self.promise_contact(until=next_contact_on, on=on, by=by)
        if limits:
            self.hold_limits(limits, talk=talk, on=on, by=by)
        return talk

    def _talked(self, said, *, on, by, proposed="", medium=Medium.PHONE, person=None, recording=""):
        talk = Conversation.objects.create(
            case=self,
            person=person,
            medium=medium,
            held_on=on,
            said=said,
            proposed=proposed,
            recording=recording,
            by=by,
            by_name=str(by),
        )
        partner = person.name if person else "the customer"
        self.record("conversation", f"{talk.get_medium_display()} with {partner}.", on=on, by=by)
        if person is None:
            settled = (Kind.CONTACT, Kind.CALLBACK) if medium == Medium.PHONE else (Kind.CONTACT,)
            self.followups.outstanding().filter(kind__in=settled).update(done_on=on)
            self.reach("contacted", on=on)
            self.acknowledge(talk.get_medium_display().lower(), on=on, by=by)
        return talk

    @transaction.atomic
    def hear(self, said, *, medium, on, by=None, submission_key=None):
        """The customer wrote, or rang and left word, on the day `on`; without `by` on their own page. Nothing that is
        due ends by it: whoever has to act is asked whether it stays, and somebody has to answer. The same words out of
        the same form (`submission_key`) are kept once."""
        type(self).objects.select_for_update().get(pk=self.pk)  # a second press waits for the first
        key = submission_key and uuid.uuid5(submission_key, f"{self.reference} {said}")
        known = key and Conversation.objects.filter(submission_key=key).first()
        if known:
            return known
        message = Conversation.objects.create(
            case=self,
            medium=medium,
            held_on=on,
            said=said,
            by=by,
            by_name=str(by or self.customer),
            they_wrote=True,
            submission_key=key,
        )
        self.record("customer wrote", f"The customer wrote ({message.get_medium_display().lower()}).", on=on, by=by)
        self.ask_whether_it_stays(at=clock.now())
        self._see_to_an_answer(on=on, by=by)
        return message

    def _see_to_an_answer(self, *, on, by):
        """The customer hears from us: whoever is to be in touch with them anyway knows, or somebody has to be."""
        waiting = self.followups.outstanding()
        if waiting.filter(kind__in=(Kind.CONTACT, Kind.CALLBACK)).exists():
            return
        first = waiting.filter(kind=Kind.ACKNOWLEDGEMENT).first()
        if first:
            told = self._tell_at_once(first, Step.REPLIED)
            self.record("followup replied", f"{first}: {Step.REPLIED.label}. Told: {told}.", on=on, by=None)
        else:
            self._call_for_help(Kind.CONTACT, "The customer wrote", on=on, by=by)
