"""What is asked because of what came before: of us, when a letter needs somebody to act; of the customer, once a
promise was kept or the case was closed."""

from django.db import models, transaction

from cases import rules
from cases.deadlines import working_days_after
from cases.stages import LOOKED_AFTER, Stage

from .answer import Answer
from .calendar import office
from .followup import FollowUp, Kind, Reminder, Step, Through
from .moving import Refused
from .user import Role

WHY_LIMIT = 250
WRITE_INSTEAD = "They asked us not to ring: write to them."
ASKED_ON_THE_PAGE = (Kind.CONFIRMATION, Kind.AFTERCARE)


class AlreadyAnswered(Refused):
    """The customer has answered this before; what they said then stays."""


class Asking(models.Model):
    class Meta:
        abstract = True

    # --- of us ---

    def follow_up(self, kind, *, due_on, why, **about):
        """Somebody has to act by `due_on`: the `owner` among what it is `about`, else whoever looks after the case.
        Whoever plans it tells the history."""
        why = why if len(why) <= WHY_LIMIT else f"{why[: WHY_LIMIT - 1]}…"
        return self._plan(kind, due_on=due_on, why=why, **about)

    @transaction.atomic
    def bring_up_to_date(self, how, *, contact, next_on, why, on, by):
        """The customer has heard from us: the next contact that was due (`contact`) is settled, and the day `next_on`
        that they were told holds, whatever day it is. Where another was promised meanwhile, the earlier of the two."""
        self.followups.outstanding().filter(kind=Kind.CONTACT, pk=contact and contact.pk).update(done_on=on)
        self.reach("contacted", on=on)
        self.record("brought up to date", f"The customer has heard from us: {how}.", on=on, by=by)
        other = self.next_contact()
        if self.closed_on or next_on is None or (other and other.due_on <= next_on):
            return
        told = f"{next_on:%-d %B %Y}"
        self.followups.outstanding().filter(kind=Kind.CONTACT).update(
            cancelled_on=on, cancelled_reason=f"An earlier date was told: {told}."
        )
        self.follow_up(Kind.CONTACT, due_on=next_on, why=why)
        self.record("contact promised", f"The customer hears from us on {told}.", on=on, by=by)

    def leads(self):
        """The leads who may open the case, so never one whom it is about."""
        return self.who_may_open().filter(role=Role.LEAD)

    def _tell_at_once(self, followup, step):
        """Whoever looks after the case and its leads are told of `followup` as soon as they may be."""
        return self._tell(followup, step, (*self.leads(), self.handler))

    def _tell(self, followup, step, people):
        told = {user.email: str(user) for user in people if user and user.is_active and user.email}
        for email, name in told.items():
            Reminder.objects.create(followup=followup, step=step, urgent=True, to_name=name, to_email=email)
        return ", ".join(told.values()) or "nobody, since no lead has an e-mail address"

    def _take_up_again(self, reason, *, on, by):
        kind = Kind.CONTACT if self.acknowledged_on else Kind.ACKNOWLEDGEMENT
        self._call_for_help(kind, f"The case was reopened: {reason}", on=on, by=by)

    def _call_for_help(self, kind, why, *, on, by, **about):
        """The customer hears from us the next working day, and those who have to see to it know at once. Nobody rings
        them by mistake who asked not to be rung."""
        why = f"{WRITE_INSTEAD} {why}" if kind == Kind.CALLBACK and self.customer.no_phone else why
        followup = self.follow_up(
            kind,
            due_on=working_days_after(on, 1, calendar=office()),
            why=why,
            through=self.customer.reached_through(),
            **about,
        )
        told = self._tell_at_once(followup, Step.REPLIED)
        self.record("followup planned", f"{followup}. Told at once: {told}.", on=on, by=by)

    # --- of the customer ---

    def _ask_whether_done(self, commitment, *, on):
        """Some working days after the promise was kept, the customer is asked whether it was."""
        after = rules.house(self.received_on).confirm_after
        if after:
            self._ask_customer(Kind.CONFIRMATION, after, "the promise was kept", on=on, commitment=commitment)

    def _plan_aftercare(self, *, on):
        """Some working days after the closing the customer is asked whether everything is all right now; not who
        withdrew the complaint, or whose complaint is not ours or goes on elsewhere."""
        after = rules.house(self.received_on).aftercare_after
        if after and self.exit in LOOKED_AFTER:
            self._ask_customer(Kind.AFTERCARE, after, "the case was closed", on=on)

    def _ask_customer(self, kind, after, since, *, on, **about):
        self.follow_up(
            kind,
            due_on=working_days_after(on, after, calendar=office()),
            why=f"House rules: {after} working day{'s' if after > 1 else ''} after {since}",
            through=Through.LETTER if self.customer.wants_post or not self.customer.email else Through.EMAIL,
            **about,
        )

    def _stop_aftercare(self, *, on):
        self.followups.outstanding().filter(kind=Kind.AFTERCARE).update(
            cancelled_on=on, cancelled_reason="The case was reopened."
        )

    def asked(self):
        """All that the customer was ever asked on their own page."""
        return self.followups.filter(kind__in=ASKED_ON_THE_PAGE).select_related("commitment")

    def questions(self):
        """What the customer is asked on their own page and has not answered: whether each kept promise was done and,
        while the case is closed, whether everything is all right now."""
        asked = self.asked().filter(cancelled_on=None, answer=None)
        stale = models.Q(kind=Kind.AFTERCARE)
        if self.stage == Stage.CLOSED and self.exit in LOOKED_AFTER:
            stale &= ~models.Q(pk=self.followups.filter(kind=Kind.AFTERCARE).order_by("-pk").values("pk")[:1])
        return asked.exclude(stale)

    def answers(self):
        return Answer.objects.filter(followup__case=self).select_related("followup__commitment")

    @transaction.atomic
    def take_answer(self, followup, *, is_yes, words, on):
        """The customer has answered on their own page. A no is never left lying: a closed case that is not all right is
        open again, and for a promise that was not kept they hear from us the next working day; those who have to see to
        it know at once. Raises AlreadyAnswered, and Refused for what is not asked any more."""
        FollowUp.objects.select_for_update().get(pk=followup.pk)  # a second press waits for the first
        if Answer.objects.filter(followup=followup).exists():
            raise AlreadyAnswered("You have answered this before.")
        if not self.questions().filter(pk=followup.pk).exists():
            raise Refused("This is not asked any more.")
        Answer.objects.create(followup=followup, is_yes=is_yes, words=words)
        FollowUp.objects.outstanding().filter(pk=followup.pk).update(done_on=on)
        self.record("customer answered", _said(followup, is_yes), on=on, by=None, reason=words)
        if is_yes:
            return
        if followup.kind == Kind.AFTERCARE:
            self.reopen(reason=words, on=on, by=None)
        else:
            why = f"The customer says that this was not done: {words}"
            self._call_for_help(Kind.CALLBACK, why, on=on, by=None, commitment=followup.commitment)


def _said(followup, is_yes) -> str:
    if followup.kind == Kind.AFTERCARE:
        return f"The customer says that everything is {'' if is_yes else 'not '}all right now."
    return f"The customer says that this was {'' if is_yes else 'not '}done: {followup.commitment.what}."
