"""What is done when somebody of ours is abused or threatened: where the limit is, step by step, and the way back."""

from dataclasses import dataclass

from django.db import models, transaction

from cases.deadlines import working_days_after

from .calendar import office
from .conduct import Conduct, ConductStep
from .followup import Kind, Step, Through
from .moving import Refused
from .user import User

INVITE_BACK = "The contact was ended: write where the limit is, and that we go on as soon as it is respected"
ORDER = list(ConductStep)


@dataclass(frozen=True)
class Limits:
    """What was done, in what words, and who was brought in."""

    steps: tuple[str, ...]
    words: str
    supervisor: User | None = None


class Limiting(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def hold_limits(self, limits, *, on, by, talk=None):
        """Each step of `limits` is kept, in the order in which they are taken. Raises Refused for a contact that is
        ended without a warning, then or earlier, and for a supervisor without a name."""
        for step in sorted(limits.steps, key=ORDER.index):
            self._check_step(step, limits)
            Conduct.objects.create(
                case=self, conversation=talk, step=step, words=limits.words, on=on, by=by, by_name=str(by)
            )
            self.record(
                f"conduct {step}", f"Abuse or threats: {_said(step, limits)}.", on=on, by=by, reason=limits.words
            )
            self._follow_step(step, limits, on=on, by=by)

    def _check_step(self, step, limits):
        if step == ConductStep.ENDED and not self.conduct.filter(step=ConductStep.WARNED).exists():
            raise Refused("Nobody is cut off without a warning: say where the limit is, and warn them first.")
        if step == ConductStep.SUPERVISOR and limits.supervisor not in self.leads():
            raise Refused("Choose the lead who is brought in.")

    def _follow_step(self, step, limits, *, on, by):
        """Nobody is cut off: who was sent away is invited back, at the latest in a letter of the next working day."""
        if step == ConductStep.ENDED:
            tomorrow = working_days_after(on, 1, calendar=office())
            self.follow_up(Kind.LETTER, due_on=tomorrow, why=INVITE_BACK, through=Through.LETTER)
        elif step == ConductStep.SUPERVISOR:
            self._bring_in(limits.supervisor, on=on, by=by)
        elif step == ConductStep.INVITED_BACK:
            self.followups.outstanding().filter(kind=Kind.LETTER, why=INVITE_BACK).update(done_on=on)

    def _bring_in(self, supervisor, *, on, by):
        """`supervisor` knows at once, and goes on with the customer by the next working day."""
        task = self.follow_up(
            Kind.CALLBACK,
            due_on=working_days_after(on, 1, calendar=office()),
            why=f"{by} brings you in because of abuse or threats: go on with the customer",
            owner=supervisor,
            through=self.customer.reached_through(),
        )
        self._tell(task, Step.ASKED, [supervisor])

    def written_to_about_limits(self, how, *, on, by):
        """The letter that says where the limit is, and invites the customer back, has reached them."""
        if self.followups.outstanding().filter(kind=Kind.LETTER, why=INVITE_BACK).exists():
            limits = Limits((ConductStep.INVITED_BACK,), f"In the letter about the limit of conduct, {how}.")
            self.hold_limits(limits, on=on, by=by)


def _said(step, limits) -> str:
    label = ConductStep(step).label.lower()
    return f"{label} ({limits.supervisor})" if step == ConductStep.SUPERVISOR else label
