"""How a case moves: the only writers of its stage and of its history."""

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from cases import stages
from cases.stages import Exit, Stage

from .event import CLOCKWORK, Event
from .followup import Kind
from .involvement import Involvement, Part

OUTLIVE_THE_CASE = (Kind.DELIVERY,)
CLOSED = "The case was closed."


class Refused(Exception):
    """The case does not do this now; the text says why and what to do, for the person who asked."""


class WrongStage(Refused):
    """Somebody else moved the case first, or no way leads there from where it is."""


class GateClosed(Refused):
    """Something is still missing in this stage; `missing` holds a sentence for each."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__("Still missing: " + " ".join(missing))


def record_for_each(told, *, on, by, reason=""):
    """As Case.record, for many cases at once: `told` holds (id of the case, kind, text)."""
    concerned = Involvement.objects.filter(case__in={case for case, _, _ in told}, user=by, part=Part.CONCERNED)
    if by is not None and concerned.exists():
        raise PermissionDenied("The complaint is about you, so you take no part in deciding it.")
    kept = {"reason": reason, "on": on, "by": by, "by_name": str(by) if by else CLOCKWORK}
    return Event.objects.bulk_create(Event(case_id=case, kind=kind, text=text, **kept) for case, kind, text in told)


class Moving(models.Model):
    class Meta:
        abstract = True

    def record(self, kind, text, *, on, by, reason=""):
        """Write one event into the history, in words. Nobody whom the complaint is about gets past here, so no verb
        lets them act. Raises PermissionDenied for them."""
        return record_for_each([(self.pk, kind, text)], on=on, by=by, reason=reason)[0]

    def missing(self) -> list[str]:
        """What keeps the case in its stage, a sentence each."""
        return stages.missing(self)

    @transaction.atomic
    def move_on(self, *, on, by, overriding=""):
        """Leave the stage for the next one. Raises GateClosed while something is missing, unless a lead gives a reason
        in `overriding`, which the history keeps; WrongStage when somebody else moved the case first."""
        if self.stage == Stage.CLOSED:
            raise WrongStage("The case is closed.")
        missing = self.missing()
        if missing and not overriding:
            raise GateClosed(missing)
        if missing and not (by and by.is_lead):
            raise PermissionDenied("Only a lead may move a case on while something is missing.")
        left = self.get_stage_display()
        self._enter(stages.ONWARD[self.stage], on=on, by=by)
        if missing:
            text = f"A lead let the case leave “{left}” although this was missing: {' '.join(missing)}"
            self.record("overridden", text, on=on, by=by, reason=overriding)

    @transaction.atomic
    def go_back(self, *, reason, on, by):
        """Return to the stage before, with a reason. Raises WrongStage where no way leads back."""
        if self.stage not in stages.BACK:
            raise WrongStage(f"From “{self.get_stage_display()}” no way leads back.")
        if self.stage == Stage.DOCUMENT:  # the next resolution letter has to reach the customer anew
            self.unreach("answered", met_on=self.answered_on)
            self._change(answered_on=None, copied_on=None)
        self._enter(stages.BACK[self.stage], on=on, by=by, reason=reason)

    @transaction.atomic
    def end(self, exit, *, reason, on, by, duplicate_of=None):
        """Close the case by one of the honest exits. Raises WrongStage where this exit is not open from here."""
        if exit not in stages.EXITS[self.stage]:
            raise WrongStage(f"“{Exit(exit).label}” is not possible from “{self.get_stage_display()}”.")
        if (exit == Exit.DUPLICATE) != (duplicate_of is not None) or duplicate_of == self:
            raise Refused("Name the other case that this one is a duplicate of.")
        self._change(exit=exit, exit_reason=reason, duplicate_of=duplicate_of)
        self._enter(Stage.CLOSED, on=on, by=by, reason=f"{Exit(exit).label}. {reason}")

    @transaction.atomic
    def reopen(self, *, reason, on, by):
        """A closed case is worked on again, and the customer is to hear from us the next working day; whoever looks
        after it and the leads are told at once. It has to be answered anew. Raises WrongStage when it is not closed."""
        if self.stage != Stage.CLOSED:
            raise WrongStage("The case is open.")
        self._change(exit="", exit_reason="", duplicate_of=None)
        self._change(reopened_on=on, answered_on=None, copied_on=None)
        self.record("reopened", "The case is open again.", on=on, by=by, reason=reason)
        self._enter(stages.reopens_to(self), on=on, by=by)
        self.reach("reopened", on=on)
        self._stop_aftercare(on=on)
        self._take_up_again(reason, on=on, by=by)

    def _enter(self, stage, *, on, by, reason=""):
        """Change the stage. Nothing else in the project does."""
        closed_on = on if stage == Stage.CLOSED else None
        moved = type(self).objects.filter(pk=self.pk, stage=self.stage).update(stage=stage, closed_on=closed_on)
        if not moved:
            raise WrongStage("Somebody else moved this case a moment ago. Look at it again before you go on.")
        self.stage, self.closed_on = stage, closed_on
        if stage == Stage.CLOSED:
            self._stop_clocks(on=on)
            self._cancel_open_ends(on=on)
            self._plan_aftercare(on=on)
        self.record(stage, f"Moved to “{Stage(stage).label}”.", on=on, by=by, reason=reason)

    def _stop_clocks(self, *, on):
        """What a customer withdrew, or what was no complaint of ours, was neither kept nor missed."""
        if self.exit in ("", Exit.SETTLED):
            self.reach("closed", on=on)
        self.void_clocks(f"The case was closed: {self.get_exit_display().lower()}." if self.exit else CLOSED, on=on)

    def _cancel_open_ends(self, *, on):
        """Nothing is asked of anybody about a closed case, except what was promised to the customer and what became of
        a letter to them."""
        self.followups.outstanding().filter(commitment=None).exclude(kind__in=OUTLIVE_THE_CASE).update(
            cancelled_on=on, cancelled_reason=CLOSED
        )

    def _change(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))
