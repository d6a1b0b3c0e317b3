"""The clocks of a case: which rules it goes by, which steps run because of that, and when each has to be done.

A case goes by the rules of the house and, where its organisation or a person says so, by those of a regime as well;
each keeps its own clock. What happens to a case (it was received, acknowledged, answered ...) starts some clocks and
stops others; nobody moves one but by what its rules allow.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from cases import deadlines, rules
from casetracker import clock

from .calendar import office
from .counting import calendar_by, rules_of
from .deadline import Deadline, Extension, Pause
from .event import CLOCKWORK, written
from .followup import FollowUp, Kind, Through
from .moving import Refused
from .recounting import Move, carry_out

HOUSE = "house"
# what counts at the second stage as a milestone of its own as well
SECOND_STAGE = {"contacted": "escalation_acknowledged", "answered": "escalation_answered"}


class Timing(models.Model):
    class Meta:
        abstract = True

    # --- which rules ---

    def packs(self) -> list:
        """The rule packs that the case goes by: the house's, then its regime's, each in force on the day of receipt."""
        return rules.for_case(self.regime, on=self.received_on)

    @transaction.atomic
    def go_by(self, regime, *, on, by):
        """The case goes by the rules of `regime` besides the house's; empty: by the house's alone. Its clocks start
        from what has happened so far. Raises ValidationError (field `regime`) for rules that were not in force on the
        day of receipt."""
        if regime == self.regime:
            return
        try:
            rules.for_case(regime, on=self.received_on)
        except rules.NoRules as error:
            raise ValidationError({"regime": str(error)}) from None
        for deadline in self.deadlines.running().exclude(regime=HOUSE):
            self._void(deadline, "The case goes by other rules.", on=on)
        self._change(regime=regime)
        name = self.packs()[-1].name if regime else "the house alone"
        self.record("rules", f"Goes by the rules of {name}.", on=on, by=by)
        for pack in self.packs()[1:]:
            self._start_all(pack)

    @transaction.atomic
    def escalate(self, handler, *, reason, on, by):
        """The customer wants somebody else to look at it: the second stage of the rules begins, a closed case is open
        again, and `handler` looks after it. No reason may be demanded of the customer; `reason` is what we note. Raises
        Refused where the rules know no second stage, before the first has been answered, and a second time;
        ValidationError (field `handler`) for the one who answered at the first stage."""
        steps = [step for pack in self.packs() for step in pack.steps if pack.has_second_stage]
        if not steps:
            raise Refused("The rules of this case know no second stage.")
        if self.escalated_on:
            raise Refused("The second stage has begun already.")
        if not (self.answered_on or self.closed_on):
            raise Refused("The second stage begins after our answer at the first.")
        if handler == self.handler and any(step.different_handler for step in steps):
            raise ValidationError({"handler": f"{handler} answered at the first stage: choose somebody else."})
        if self.closed_on:
            self.reopen(reason=reason, on=on, by=by)
        self._change(escalated_on=on)
        self.assign(handler, on=on, by=by)
        self.reach("escalated", on=on)
        self.record("escalated", "The second stage begins.", on=on, by=by, reason=reason)

    # --- what happens starts and stops them ---

    def start_clocks(self):
        """Every clock runs that what has happened so far starts; one that it stops as well is met on that day."""
        for pack in self.packs():
            self._start_all(pack)

    def reach(self, milestone, *, on, at=None):
        """The case got to `milestone` (one of rules.MILESTONES): clocks that end by it are met, those that run from it
        start, and one that repeats starts anew. At the second stage the customer's hearing from us acknowledges it."""
        if self.escalated_on and milestone in SECOND_STAGE:
            self.reach(SECOND_STAGE[milestone], on=on, at=at)
        for deadline in self.deadlines.running():
            if milestone in rules_of(deadline).ends:
                self._meet(deadline, on=on)
        for pack in self.packs():
            for step in pack.steps:
                if milestone == step.anchor or (step.repeats and milestone in step.ends and not self._is_over()):
                    self._start(pack, step, on=on, at=at)

    def unreach(self, milestone, *, met_on, known_on=None):
        """What counted as `milestone` on the day `met_on` did not happen: the clocks that it stopped run again, or were
        met on `known_on`."""
        for deadline in self.deadlines.filter(met_on=met_on) if met_on else ():
            if milestone not in rules_of(deadline).ends:
                continue
            deadline.met_on = known_on
            deadline.save(update_fields=["met_on"])
            if not known_on and not self.closed_on and deadline.followups.filter(kind=Kind.DEADLINE).exists():
                pack = rules.version(deadline.regime, deadline.version)
                self._follow_deadline(deadline, pack, pack.step(deadline.step))

    def _start_all(self, pack):
        reached = self._milestones()
        for step in pack.steps:
            if step.anchor not in reached:
                continue
            on, at = reached[step.anchor]
            deadline = self._start(pack, step, on=on, at=at)
            ends = [reached[end][0] for end in step.ends if end in reached and reached[end][0] >= on]
            if deadline and ends:
                self._meet(deadline, on=min(ends))

    def _milestones(self) -> dict:
        """What the case has got to so far, and on which day."""
        at = self.logged_at if not self.typed_late else None
        days = {
            "received": self.received_on,
            "acknowledged": self.acknowledged_on,
            "answered": self.answered_on,
            "escalated": self.escalated_on,
            "reopened": self.reopened_on,
            "closed": self.closed_on,
        }
        return {name: (day, at if name == "received" else None) for name, day in days.items() if day}

    def _is_over(self) -> bool:
        return bool(self.answered_on or self.closed_on)

    def _start(self, pack, step, *, on, at=None):
        """The clock of `step` runs from the day `on`; None for a step that only says what a letter holds, and for one
        that runs already."""
        if step.limit is None:
            return None
        others = self.deadlines.filter(regime=pack.regime, step=step.name)
        if others.running().exists():
            return None
        deadline = Deadline(
            case=self,
            regime=pack.regime,
            version=pack.version.isoformat(),
            step=step.name,
            occurrence=others.count() + 1,
            anchored_on=on,
            anchored_at=at,
        )
        try:
            self._time(deadline)
        except deadlines.NoCalendar as error:
            return self._miss_a_calendar(pack, step, error, on=on)
        deadline.save()
        self._follow_deadline(deadline, pack, step)
        return deadline

    def _miss_a_calendar(self, pack, step, error, *, on):
        """No complaint is turned away because a calendar is missing: somebody is asked to see to it at once."""
        today = clock.today()
        text = f"{step.label} ({pack.name}) has no day: {error}"
        self.follow_up(Kind.DEADLINE, due_on=today, why=text, act_at=clock.now())
        self.record("no calendar", text, on=today, by=None)

    def _follow_deadline(self, deadline, pack, step):
        acknowledges = pack.regime == HOUSE and "acknowledged" in step.ends
        self.follow_up(
            Kind.ACKNOWLEDGEMENT if acknowledges else Kind.DEADLINE,
            due_on=deadline.due_on,
            why=f"{pack.name}: {step.in_words}",
            deadline=deadline,
            through=Through.LETTER,
        )

    def _meet(self, deadline, *, on):
        deadline.met_on = on
        deadline.save(update_fields=["met_on"])
        deadline.followups.outstanding().update(done_on=on)

    def _void(self, deadline, reason, *, on):
        deadline.void_on, deadline.void_reason = on, reason
        deadline.save(update_fields=["void_on", "void_reason"])
        deadline.followups.outstanding().update(cancelled_on=on, cancelled_reason=reason)

    def void_clocks(self, reason, *, on):
        """No clock runs or stands still any more: the case ended before what they measure."""
        self.pauses.filter(resumed_on=None).update(resumed_on=on, resumed_by_name=CLOCKWORK)
        for deadline in self.deadlines.running():
            self._void(deadline, reason, on=on)

    # --- what the rules allow ---

    @transaction.atomic
    def extend(self, deadline, *, number, reason, on, by):
        """`deadline` ends `number` later, in the unit of its rules' own extension, and the letter that they demand is
        owed to the customer. Raises ValidationError, by field, where they do not allow it."""
        step = rules_of(deadline)
        self._check_extension(deadline, step, number, on=on)
        old = deadline.due_on
        pack = rules.version(deadline.regime, deadline.version)
        extension = Extension(
            deadline=deadline,
            number=number,
            unit=step.extension.unit,
            old_due_on=old,
            reason=reason,
            letter=step.extension.letter,
            on=on,
            by=by,
            by_name=str(by),
        )
        try:
            self._time(deadline, extensions=[*deadline.extensions.all(), extension])
            owed_on = deadlines.working_days_after(on, 1, calendar=office())
        except deadlines.NoCalendar as error:
            raise ValidationError({"number": str(error)}) from None
        extension.new_due_on = deadline.due_on
        extension.save()
        self._move_with(deadline)
        text = f"{step.label}: extended from {written(old)} to {written(deadline.due_on)}, as {pack.name} allows."
        self.record("extended", text, on=on, by=by, reason=reason)
        if extension.letter:
            self.follow_up(Kind.LETTER, due_on=owed_on, why=extension.to_be_told, through=Through.LETTER)
        return extension

    def _check_extension(self, deadline, step, number, *, on):
        allowed = step.extension
        if allowed is None:
            raise ValidationError({"number": f"{step.label}: its rules allow no extension."})
        if deadline not in self.deadlines.running():
            raise ValidationError({"number": f"{step.label} is over already."})
        if deadline.due_on < on:
            late = (
                f"{step.label} was due on {written(deadline.due_on)}: it can only be extended before that day is over."
            )
            raise ValidationError({"number": f"{late} Say why it is late instead."})
        if deadline.extensions.count() >= allowed.times:
            times = "once" if allowed.times == 1 else f"{allowed.times} times"
            raise ValidationError({"number": f"{step.label} was extended already, and may be {times} only."})
        if allowed.most and not 0 < number <= allowed.most:
            raise ValidationError({"number": f"Its rules allow 1 to {allowed.most}."})

    @transaction.atomic
    def pause(self, *, reason, on, by):
        """The clocks that may be stopped stand still from the day `on`; all others run on. Raises Refused when none may
        be, or they stand still already."""
        stopping = [deadline for deadline in self.deadlines.running() if rules_of(deadline).pausable]
        if not stopping:
            raise Refused("None of its clocks may be stopped: their rules do not allow it.")
        if self.paused():
            raise Refused("The clocks stand still already.")
        Pause.objects.create(case=self, paused_on=on, reason=reason, by=by, by_name=str(by))
        FollowUp.objects.outstanding().filter(deadline__in=stopping).update(act_at=None)
        names = "; ".join(rules_of(deadline).label for deadline in stopping)
        self.record("paused", f"Clocks stopped: {names}.", on=on, by=by, reason=reason)

    @transaction.atomic
    def resume(self, *, on, by):
        """The clocks that stood still run again from the day `on`, which counts. Raises Refused when none did, and when
        no calendar says until when."""
        pause = self.paused()
        if not pause:
            raise Refused("No clock stands still.")
        pause.resumed_on, pause.resumed_by_name = max(on, pause.paused_on), str(by)
        pause.save(update_fields=["resumed_on", "resumed_by_name"])
        moved = []
        for deadline in self.deadlines.running():
            if not rules_of(deadline).pausable:
                continue
            old = deadline.due_on
            try:
                self._time(deadline)
            except deadlines.NoCalendar as error:
                raise Refused(str(error)) from None
            self._move_with(deadline)
            moved.append(f"{rules_of(deadline).label}: {written(old)} → {written(deadline.due_on)}")
        self.record("resumed", f"Clocks run again. {'; '.join(moved)}.", on=on, by=by)

    def paused(self) -> Pause | None:
        """The pause that lasts; None while the clocks run."""
        return self.pauses.filter(resumed_on=None).first()

    @transaction.atomic
    def explain_lateness(self, deadline, reason, *, on, by):
        """Why the step was late is kept with it. Raises Refused for one that is not late."""
        if not Deadline.objects.late(on=on).filter(pk=deadline.pk).exists():
            raise Refused("This step is not late.")
        deadline.late_reason = reason
        deadline.save(update_fields=["late_reason"])
        label = rules_of(deadline).label
        self.record("late", f"{label}, due on {written(deadline.due_on)}, was late.", on=on, by=by, reason=reason)

    @transaction.atomic
    def recount(self, why, *, on, by):
        """Every running clock is counted anew, since the case's calendar is another one. One whose day a letter told
        the customer keeps it, and so does one that cannot be counted; the history says so."""
        moves, kept = [], []
        for deadline in self.deadlines.running():
            stays = f"{rules_of(deadline).label} stays on {written(deadline.due_on)}"
            try:
                move = Move.of(deadline, self.counted(deadline))
            except deadlines.NoCalendar as error:
                kept.append(f"{stays}: {error}")
                continue
            if move.breaks_a_promise:
                kept.append(f"{stays}, as a letter ({deadline.promised_in}) told the customer.")
            elif move.changes_anything:
                moves.append(move)
        carry_out(moves, why=why, on=on, by=by)
        for text in kept:
            self.record("not retimed", text, on=on, by=by, reason=why)

    # --- counting ---

    def counted(self, deadline, *, version="", calendar=None, extensions=None, on=None) -> deadlines.Explained:
        """Day by day why `deadline` is due when it is, by this version of its rules (its own unless told) and this
        calendar (the one that they go by, unless told). A pause that lasts counts up to the day before `on`; without
        `on` it does not count yet."""
        pack = rules.version(deadline.regime, version or deadline.version)
        step = pack.step(deadline.step)
        pauses = [
            (one.paused_on, one.resumed_on or on, one.reason) for one in self.pauses.all() if one.resumed_on or on
        ]
        if extensions is None:
            extensions = deadline.extensions.all() if deadline.pk else ()
        return deadlines.count(
            deadline.anchored_at or deadline.anchored_on,
            step.limit,
            calendar=calendar or calendar_by(pack, self.organisation),
            zone=settings.TIME_ZONE,
            pauses=pauses if step.pausable else (),
            extensions=[(one.number, one.unit, one.reason) for one in extensions],
        )

    def _time(self, deadline, **how):
        found = self.counted(deadline, **how)
        deadline.due_on, deadline.due_at = found.due_on, found.due_at

    def _move_with(self, deadline):
        """The row and its follow-up have the day that was counted; a clock that stands still goes on sleeping."""
        deadline.save(update_fields=["due_on", "due_at"])
        sleeps = rules_of(deadline).pausable and self.paused()
        for followup in deadline.followups.outstanding():
            followup.due_on = deadline.due_on
            followup.set_at = clock.now()
            followup.act_at = None if sleeps else followup.first_look()
            followup.save(update_fields=["due_on", "set_at", "act_at"])
