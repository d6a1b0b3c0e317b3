"""What is done about the follow-ups of a case: planned, kept to, moved, cancelled. None ends without its reason."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from casetracker import clock

from .commitment import check_keepable
from .followup import FollowUp, Kind, day_and_hour
from .moving import Refused
from .zone import instant

WAITED_FOR = (Kind.CONTACT, Kind.CALLBACK, Kind.COMMITMENT)  # what a customer knows of, and may write about
STAYS_BEHIND = ("reminders", "moved_to", "answer")  # of a follow-up that is moved: what happened with the old day

SET_BY_A_RULE = "A rule sets this day: only an extension or a pause of its clock moves it, and only doing it ends it."
AGREED = "The customer agreed to this day, so it cannot be moved. Keep the commitment, or drop it with their consent."
ENDS_WITH = {
    Kind.COMMITMENT: "A promise ends kept or dropped: drop the commitment, with the customer's consent.",
    Kind.ACCOUNT: "Waive the account with a reason instead.",
}
OVER = "This was done, moved or cancelled already. Look at the case again."


class Following(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def hold_to(self, followup, *, on, by):
        """The customer wrote, and `followup` stays as it is all the same. Raises Refused when nobody asks that."""
        asked = self.followups.outstanding().filter(pk=followup.pk, wrote_at__isnull=False)
        if not asked.update(wrote_at=None):
            raise Refused("This is not asked any more. Look at the case again.")
        self.record("followup stays", f"{followup}: stays as it is.", on=on, by=by)

    @transaction.atomic
    def move(self, followup, *, to, reason, on, by, hour=None):
        """What had to be done by one day has to be done by `to`, a call at the hour that was agreed or at `hour`; the
        old row stays in the history with the reason. Raises ValidationError (field `to` or `hour`) for a day that
        cannot be kept, Refused for what nobody may move."""
        why_not = why_not_moved(followup)
        if why_not:
            raise Refused(why_not)
        due_at = self._at_its_hour(followup, to, hour)
        self._check_day(followup, to, on=on, by=by)
        self._end_by_hand(followup, f"Moved to {day_and_hour(to, due_at)}: {reason}", on=on)
        kept = {name: getattr(followup, name) for name in ("involvement", "commitment", "owner", "through")}
        moved = self._plan(followup.kind, due_on=to, why=followup.why, due_at=due_at, moved_from=followup, **kept)
        self._hang_on(followup, moved)
        text = f"{followup}: moved to {day_and_hour(to, due_at)}."
        self.record("followup moved", text, on=on, by=by, reason=reason)
        return moved

    @transaction.atomic
    def cancel(self, followup, *, reason, on, by):
        """Nobody has to do it any more, for a reason that stays. Raises Refused for what does not end by hand."""
        why_not = why_not_cancelled(followup)
        if why_not:
            raise Refused(why_not)
        self._end_by_hand(followup, reason, on=on)
        self.record("followup cancelled", f"{followup}: cancelled.", on=on, by=by, reason=reason)

    def ask_whether_it_stays(self, *, at):
        """The customer wrote: whoever has to act on what they wait for is asked about it at once."""
        self.followups.outstanding().filter(kind__in=WAITED_FOR).update(wrote_at=at, act_at=at)

    # --- inside ---

    def _plan(self, kind, *, due_on, why, **about):
        followup = FollowUp(case=self, kind=kind, due_on=due_on, why=why, **about)
        followup.act_at = followup.act_at or followup.first_look()
        followup.save()
        return followup

    def _bring_to_mind_anew(self, followups):
        """The clockwork looks at them at once: by the days and hours of whoever has to act now, who is told of what is
        due already. What stands still with a paused clock goes on standing still."""
        followups.exclude(deadline__isnull=False, act_at=None).update(act_at=clock.now())

    def _end_followups(self, person, **end):
        self.followups.outstanding().filter(involvement=person).update(**end)

    def _end_by_hand(self, followup, reason, *, on):
        ended = self.followups.outstanding().filter(pk=followup.pk)
        if not ended.update(cancelled_on=on, cancelled_reason=reason):
            raise Refused(OVER)

    def _at_its_hour(self, followup, to, hour) -> datetime | None:
        if followup.due_at is None:
            return None
        return instant(to, hour or timezone.localtime(followup.due_at).time())

    def _check_day(self, followup, to, *, on, by):
        try:
            check_keepable(due_on=to, owner=followup.actor or by, on=on)
        except ValidationError as error:
            raise ValidationError({"to": error.messages}) from None

    def _hang_on(self, old, new):
        """What hangs on the old row (the letter or the delivery that it is about, which cases do not know) hangs on the
        new one; an account is wanted by the new day."""
        for relation in FollowUp._meta.related_objects:
            if relation.get_accessor_name() not in STAYS_BEHIND:
                of_the_old = relation.related_model._base_manager.filter(**{relation.field.name: old})
                of_the_old.update(**{relation.field.name: new})
        if new.kind == Kind.ACCOUNT:
            new.involvement.account_due_on = new.due_on
            new.involvement.save(update_fields=["account_due_on"])


def why_not_moved(followup) -> str:
    """Why nobody may move its day by hand; empty when they may."""
    if followup.is_set_by_a_rule:
        return SET_BY_A_RULE
    return AGREED if followup.kind == Kind.COMMITMENT else ""


def why_not_cancelled(followup) -> str:
    """Why nobody may cancel it by hand; empty when they may."""
    return SET_BY_A_RULE if followup.is_set_by_a_rule else ENDS_WITH.get(followup.kind, "")
