"""What is promised to the customer: the next contact, and each commitment, agreed on or given in a talk."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import models, transaction

from cases import attachments
from casetracker import clock

from .agreement import Agreement
from .attachment import Attachment
from .commitment import Commitment, check_keepable
from .event import written
from .followup import FollowUp, Kind, Through, day_and_hour
from .moving import Refused
from .promise import Promise, PromisedCall, PromisedContact
from .zone import instant

NOT_RUNG = "They asked us not to ring them up. Promise instead that they hear from us by a day, in writing."
SUPERSEDED = "A newer agreement took its place."


@contextmanager
def placed(index):
    """A ValidationError that comes out of here says at which of several promises it was raised."""
    try:
        yield
    except ValidationError as error:
        error.index = index
        raise


class Promising(models.Model):
    class Meta:
        abstract = True

    # --- to be heard from ---

    @transaction.atomic
    def promise_contact(self, *, until, on, by, why="Promised to the customer"):
        """The customer will hear from us on `until`. An earlier date that was still open gives way to this one. Raises
        ValidationError (field `until`) for a past day or a day off."""
        try:
            check_keepable(due_on=until, owner=by, on=on)
        except ValidationError as error:
            raise ValidationError({"until": error.message_dict.get("due_on", error.messages)}) from None
        self.followups.outstanding().filter(kind=Kind.CONTACT).update(
            cancelled_on=on, cancelled_reason=f"A new date was promised: {written(until)}."
        )
        self._plan(Kind.CONTACT, due_on=until, why=why)
        self.record("contact promised", f"The customer hears from us on {written(until)}.", on=on, by=by)

    @transaction.atomic
    def promise_call(self, *, until, hour, on, by, why="Agreed with the customer"):
        """Somebody of ours rings the customer on the day `until` at `hour`, by the clock of the office. Raises
        ValidationError (field `until` or `hour`) for what cannot be kept, and for somebody who asked not to be rung."""
        if self.customer.no_phone:
            raise ValidationError({"until": NOT_RUNG})
        due_at = instant(until, hour)
        try:
            check_keepable(due_on=until, owner=self.handler or by, on=on)
        except ValidationError as error:
            raise ValidationError({"until": error.messages}) from None
        if due_at <= clock.now():
            raise ValidationError({"hour": f"{hour:%H:%M} is past. Choose a later hour."})
        if self.followups.outstanding().filter(kind=Kind.CALLBACK, due_at=due_at).exists():
            raise ValidationError({"hour": "A call is promised for that hour already."})
        self._plan(Kind.CALLBACK, due_on=until, due_at=due_at, why=why, through=Through.PHONE)
        self.record("call promised", f"We ring the customer on {day_and_hour(until, due_at)}.", on=on, by=by)

    def next_contact(self):
        return self.followups.outstanding().filter(kind=Kind.CONTACT).first()

    # --- to put it right ---

    def promised(self):
        """All that the customer was ever promised in talks, and by the settlement in force."""
        return self.commitments.filter(models.Q(agreement=None) | models.Q(agreement=self.agreement()))

    def promises(self):
        """What was promised: all that the customer may count on, kept already or not. What was dropped is none."""
        return self.promised().filter(dropped_on=None)

    @transaction.atomic
    def promise_in(self, talk, promises, *, on, by):
        """Each of `promises`, given to the customer in `talk`, holds at once: a commitment with its owner and day, a
        call at its hour, the day by which they hear from us. Raises Refused for a talk with somebody else, and
        ValidationError with `index` for one that cannot be kept; then nothing is changed."""
        if promises and talk.person_id:
            raise Refused("Only what the customer was told is a promise. Say that the talk was with the customer.")
        for index, promise in enumerate(promises):
            with placed(index):
                self._promise(promise, talk, on=on, by=by)

    @transaction.atomic
    def agree(self, summary, promises, *, on, by, replaces=()):
        """The customer and we agreed on `summary`; each of `promises` becomes a commitment that is followed up. What
        was promised in talks holds beside them, but for the commitments in `replaces`, which they stand for. Raises
        Refused without any, and ValidationError with `index` for one that cannot be kept; then nothing is changed."""
        for commitment in self.commitments.outstanding().filter(agreement=None, pk__in=[it.pk for it in replaces]):
            self._end_commitment(commitment, dropped_on=on, dropped_reason=SUPERSEDED)
        if not promises and not self.commitments.filter(agreement=None, dropped_on=None).exists():
            raise Refused("An agreement needs at least one commitment: what, who, and by when.")
        agreement = self._settle(agreed=True, summary=summary, reason="", on=on, by=by)
        for index, promise in enumerate(promises):
            with placed(index):
                self._commit(promise, agreement=agreement, why="Agreed with the customer", on=on)
        self.record("agreed", f"Agreed with the customer: {summary}", on=on, by=by)
        return agreement

    @transaction.atomic
    def take_final_position(self, summary, *, reason, on, by):
        """No agreement was reached; `summary` is where we stand and `reason` why."""
        position = self._settle(agreed=False, summary=summary, reason=reason, on=on, by=by)
        self.record("final position", f"No agreement. Our final position: {summary}", on=on, by=by, reason=reason)
        return position

    def agreement(self):
        """The settlement in force: the newest one. None before there is any."""
        return self.agreements.last()

    def keep(self, commitment, *, how, on, by, proof=()):
        """The commitment is kept, on a closed case too; the files in `proof` stay with it. Raises ValidationError
        (field `attachments`) for a file that cannot be taken, and Refused when it was kept or dropped before."""
        files = attachments.checked(proof)  # reads every byte, so before the transaction
        with transaction.atomic():
            self._end_commitment(commitment, kept_on=on, kept_how=how)
            for file in files:
                Attachment.objects.create(case=self, commitment=commitment, **file)
            shown = f" Proof: {', '.join(file['name'] for file in files)}." if files else ""
            self.record("commitment kept", f"Kept: {commitment.what}.{shown}", on=on, by=by, reason=how)
            self._ask_whether_done(commitment, on=on)

    @transaction.atomic
    def drop(self, commitment, *, reason, on, by):
        """The commitment falls away for a reason, such as the customer's wish."""
        self._end_commitment(commitment, dropped_on=on, dropped_reason=reason)
        self.record("commitment dropped", f"Dropped: {commitment.what}.", on=on, by=by, reason=reason)

    # --- inside ---

    def _settle(self, *, agreed, summary, reason, on, by):
        self._drop_superseded(on=on)
        return Agreement.objects.create(
            case=self, agreed=agreed, summary=summary, reason=reason, made_on=on, by=by, by_name=str(by)
        )

    def _drop_superseded(self, *, on):
        for commitment in self.commitments.outstanding().exclude(agreement=None):
            self._end_commitment(commitment, dropped_on=on, dropped_reason=SUPERSEDED)

    def _promise(self, promise, talk, *, on, by):
        match promise:
            case Promise():
                commitment = self._commit(promise, conversation=talk, why="Promised in a talk", on=on)
                text = f"Promised to the customer: {commitment} ({commitment.owner_name})."
                self.record("promised", text, on=on, by=by)
            case PromisedCall():
                self.promise_call(until=promise.until, hour=promise.hour, on=on, by=by, **promise.reason())
            case PromisedContact():
                self.promise_contact(until=promise.until, on=on, by=by, **promise.reason())

    def _commit(self, promise, *, why, on, **promised_in):
        check_keepable(due_on=promise.due_on, owner=promise.owner, on=on)
        self._check_may_keep_a_promise(promise.owner)
        commitment = Commitment.objects.create(
            case=self,
            what=promise.what,
            owner=promise.owner,
            owner_name=str(promise.owner),
            due_on=promise.due_on,
            **promised_in,
        )
        self._plan(Kind.COMMITMENT, due_on=promise.due_on, why=why, commitment=commitment)
        return commitment

    def _end_commitment(self, commitment, **end):
        ended = Commitment.objects.outstanding().filter(pk=commitment.pk).update(**end)
        if not ended:
            raise Refused("This commitment was already kept or dropped.")
        day = end.get("kept_on") or end.get("dropped_on")
        if "kept_on" in end:
            FollowUp.objects.outstanding().filter(commitment=commitment).update(done_on=day)
        else:
            FollowUp.objects.outstanding().filter(commitment=commitment).update(
                cancelled_on=day, cancelled_reason=end["dropped_reason"]
            )
