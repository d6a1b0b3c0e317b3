"""Abuse and threats: the limit is said, the contact may end, a supervisor comes in, and the way back stays open."""

from django import forms

from cases.admin.forms import VerbForm, WordsField
from cases.models import ConductStep, Limits, User

from .verb import Done, Verb, verb

STEPS = {
    ConductStep.WARNED: "I said where the limit is, and warned them",
    ConductStep.ENDED: "I ended the contact",
    ConductStep.SUPERVISOR: "A supervisor goes on with them",
    ConductStep.INVITED_BACK: "I said that we go on as soon as it is respectful",
}


class LimitsForm(VerbForm):
    """The steps that were taken, with what was said. Without any, nothing is kept."""

    steps = forms.MultipleChoiceField(
        choices=list(STEPS.items()), widget=forms.CheckboxSelectMultiple, required=False, label="What was done"
    )
    supervisor = forms.ModelChoiceField(User.objects.none(), required=False, label="Which supervisor")
    limit_words = WordsField(
        rows=3, max_length=5_000, required=False, label="What was said, by them and by us", help_text="Word for word."
    )

    def prepare(self):
        super().prepare()
        self.fields["supervisor"].queryset = self.case.leads()
        self.fields["supervisor"].empty_label = "Choose a lead"

    def clean(self):
        cleaned = super().clean()
        steps, words = cleaned.pop("steps", []), cleaned.pop("limit_words", "")
        supervisor = cleaned.pop("supervisor", None)
        self._check(steps, words, supervisor)
        cleaned["limits"] = Limits(tuple(steps), words, supervisor) if steps else None
        return cleaned

    def _check(self, steps, words, supervisor):
        if (words or supervisor) and not steps and "steps" not in self.errors:
            self.add_error("steps", "Tick what was done.")
        if steps and not words and "limit_words" not in self.errors:
            self.add_error("limit_words", "Say what was said: it is kept with the steps.")
        if ConductStep.SUPERVISOR in steps and not supervisor and "supervisor" not in self.errors:
            self.add_error("supervisor", "Choose the lead who goes on: they are told at once.")
        warned = ConductStep.WARNED in steps or self.case.conduct.filter(step=ConductStep.WARNED).exists()
        if ConductStep.ENDED in steps and not warned:
            self.add_error("steps", "Nobody is cut off without a warning: say where the limit is, and warn them first.")

    @property
    def has_limits(self) -> bool:
        """Somebody has begun to fill this part in."""
        return any(self[name].value() for name in ("steps", "supervisor", "limit_words"))


class OnlyLimitsForm(LimitsForm):
    def prepare(self):
        super().prepare()
        self.fields["steps"].required = True


@verb
class HoldLimits(Verb):
    name, label, icon = "limits", "Abuse or threats", "front_hand"
    form = OnlyLimitsForm
    guidance = (
        "Stay calm, say where the limit is, and warn. After a warning you may end the contact. Say that it goes on as "
        "soon as it is respectful: who is not told so gets a letter, of which you are reminded."
    )

    def offered(self, case, *, about=None, user=None):
        return True  # also when the case is closed

    def do(self, case, about, cleaned, *, on, by):
        case.hold_limits(cleaned["limits"], on=on, by=by)
        return Done("It is kept, with every step.")
