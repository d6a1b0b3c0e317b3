"""Who may open a case and have to do with it, and what is written down of that: its team, a restriction, readings."""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q

from cases.stages import Stage

from .followup import Kind
from .involvement import Part
from .moving import Refused
from .reading import Reading
from .seeing import Sight

ONCE_IN = timedelta(minutes=5)  # the same, read by the same person, is written down once
FOR_LEADS = "Only a lead may restrict a case, or lift its restriction."


def note_readings(cases, what, *, at, by):
    """As Case.read, for many cases at once."""
    restricted = [case for case in cases if case.restricted_on]
    if not restricted:
        return
    what = what[:200]
    lately = Reading.objects.filter(case__in=restricted, by=by, what=what, at__gt=at - ONCE_IN)
    known = set(lately.values_list("case", flat=True))
    Reading.objects.bulk_create(
        Reading(case=case, what=what, at=at, by=by, by_name=str(by)) for case in restricted if case.pk not in known
    )


class Guarding(models.Model):
    class Meta:
        abstract = True

    # --- who may ---

    def who_may_open(self):
        """The users who may open it."""
        return Sight([self]).who(Sight.may_open, self)

    def who_may_handle(self):
        """The users who may be given it to look after; who may not yet open it, since it is restricted, may then."""
        return Sight([self]).who(Sight.may_handle, self)

    def who_may_keep_a_promise(self):
        """The users who may know of what was promised in it, and so keep it; not all of them sign in."""
        return Sight([self]).who(Sight.may_know_of, self)

    def is_about(self, user) -> bool:
        """The complaint is about `user`, who takes no part in deciding it."""
        return user is not None and self.involvements.filter(user=user, part=Part.CONCERNED).exists()

    def read(self, what, *, at, by):
        """Of a restricted case it is written down that `by` read `what` of it; of any other nothing is."""
        note_readings([self], what, at=at, by=by)

    # --- whose it is ---

    @transaction.atomic
    def give_to_team(self, team, *, handler, reason, on, by):
        """The case is `team`'s from now on, or everybody's (None); `handler` looks after it, who may be nobody, or who
        did so before, of whatever team they are. Raises Refused for anybody else who is not of the team."""
        if team == self.team:
            raise Refused(f"It belongs to {team or 'no team'} already.")
        self._change(team=team)
        text = f"Belongs to {f'the team {team}' if team else 'no team, so to everybody'} now."
        self.record("team", text, on=on, by=by, reason=reason)
        if handler is None and self.handler:
            self._has_no_handler(on=on)
        elif handler != self.handler:
            self.assign(handler, on=on, by=by)
        self._take_off_who_may_not_know(on=on)

    @transaction.atomic
    def restrict(self, *, reason, on, by):
        """Only leads (of its team), its handler and auditors may open the case from now on, and it is written down who
        reads it. Raises PermissionDenied for whoever is no lead, Refused when it is restricted already."""
        if not by.is_lead:
            raise PermissionDenied(FOR_LEADS)
        if self.restricted_on:
            raise Refused("It is restricted already.")
        self._change(restricted_on=on, restricted_reason=reason)
        text = "Restricted: only leads, its handler and auditors may open the case."
        self.record("restricted", text, on=on, by=by, reason=reason)
        self._take_off_who_may_not_know(on=on)

    @transaction.atomic
    def lift_restriction(self, *, reason, on, by):
        """Whoever may open a case of its team may open this one. Who read it stays written down."""
        if not by.is_lead:
            raise PermissionDenied(FOR_LEADS)
        if not self.restricted_on:
            raise Refused("It is not restricted.")
        self._change(restricted_on=None, restricted_reason="")
        self.record("restriction lifted", "The case is not restricted any more.", on=on, by=by, reason=reason)

    # --- who is kept away ---

    def _check_may_handle(self, user):
        self._check_not_about(user)
        if not Sight([self]).may_handle(user, self):
            raise Refused(f"{user} does not work on cases of {self.team or 'the house'}: choose somebody else.")

    def _check_may_keep_a_promise(self, user):
        self._check_not_about(user)
        if not Sight([self]).may_know_of(user, self):
            raise Refused(f"{user} may not open this case: choose somebody else.")

    def _check_not_about(self, user):
        if self.is_about(user):
            raise Refused(f"The complaint is about {user}: choose somebody else.")

    def _keep_away(self, user, *, on):
        """The complaint is about `user`, who has nothing to do for it any more."""
        if self.handler_id == user.pk:
            self._has_no_handler(on=on)
        self._take_off_who_may_not_know(on=on)

    def _has_no_handler(self, *, on):
        """Whoever looked after the case no longer does; a lead is asked to find somebody."""
        left = self.handler
        self._change(handler=None)
        self.record("handler left", f"{left} no longer looks after the case.", on=on, by=None)
        if self.stage == Stage.CLOSED:
            return
        asked = self.follow_up(Kind.HANDLER, due_on=on, why=f"{left} no longer looks after it")
        self.record("followup planned", f"{asked}. The leads are asked.", on=on, by=None)

    def _take_off_who_may_not_know(self, *, on):
        """What somebody has to do who may know nothing of the case any more, whoever looks after it does instead."""
        sight, gone = Sight([self]), defaultdict(list)
        related = ("owner", "commitment", "involvement", "deadline")
        followups = self.followups.outstanding().exclude(owner=None).select_related(*related)
        for row in (*followups, *self.commitments.outstanding().exclude(owner=None).select_related("owner")):
            if not sight.may_know_of(row.owner, self):
                gone[row.owner].append(row)
        for user, rows in gone.items():
            self._take_off(user)
            text = f"{user} may not open the case any more. Whoever looks after it does this instead: "
            self.record("taken off", f"{text}{'; '.join(map(str, rows))}.", on=on, by=None)

    def _take_off(self, user):
        theirs = self.followups.outstanding().filter(Q(owner=user) | Q(kind=Kind.COMMITMENT, commitment__owner=user))
        moved = list(theirs.values_list("pk", flat=True))
        self.followups.filter(owner=user, pk__in=moved).update(owner=None)
        self.commitments.outstanding().filter(owner=user).update(owner=None)
        self._bring_to_mind_anew(self.followups.filter(pk__in=moved))
