"""The verbs that move a case from stage to stage, and out."""

from django import forms

from cases import reference
from cases.admin.forms import VerbForm, WordsField
from cases.models import Case
from cases.stages import BACK, ONWARD, Exit, Stage

from .verb import Done, ReasonForm, Verb, blank, verb


class EndForm(VerbForm):
    exit = forms.ChoiceField(label="How it ends")
    other = forms.CharField(
        label="The other case",
        max_length=30,
        required=False,
        help_text="For a duplicate: its reference.",
    )
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")

    def prepare(self):
        self.fields["exit"].choices = blank((exit, Exit(exit).label) for exit in self.case.exits)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("exit") == Exit.DUPLICATE and "other" in cleaned:
            cleaned["duplicate_of"] = self._other(cleaned["other"])
        return cleaned

    def _other(self, typed):
        known = (
            Case.objects.visible_to(self.user).exclude(pk=self.case.pk).filter(reference=reference.heard(typed) or "")
        )
        if not known:
            self.add_error("other", "No other case has this reference. It looks like 2026-4827-1936.")
        return known.first()


class Move(Verb):
    moves = True

    def moved(self, case):
        return Done(f"The case is at “{case.get_stage_display()}” now.")


@verb
class MoveOn(Move):
    name, label, icon = "move-on", "Move on", "arrow_forward"

    def title(self, case, about):
        return "Close the case" if case.stage == Stage.DOCUMENT else f"Move on to {Stage(ONWARD[case.stage]).label}"

    def do(self, case, about, cleaned, *, on, by):
        case.move_on(on=on, by=by)
        return self.moved(case)


@verb
class Override(Move):
    name, label, icon = "override", "Override the gate", "lock_open"
    form, for_leads = ReasonForm, True
    guidance = "What is missing stays missing, and the history keeps your name and your reason."

    def offered(self, case, *, about=None, user=None):
        return bool(case.missing())

    def do(self, case, about, cleaned, *, on, by):
        case.move_on(on=on, by=by, overriding=cleaned["reason"])
        return self.moved(case)


@verb
class GoBack(Move):
    name, label, icon = "go-back", "Go back a stage", "arrow_back"
    form = ReasonForm

    def title(self, case, about):
        return f"Go back to {Stage(BACK[case.stage]).label}"

    def offered(self, case, *, about=None, user=None):
        return case.stage in BACK

    def do(self, case, about, cleaned, *, on, by):
        case.go_back(reason=cleaned["reason"], on=on, by=by)
        return self.moved(case)


@verb
class Reopen(Move):
    name, label, icon = "reopen", "Reopen the case", "undo"
    form = ReasonForm
    guidance = "It is looked into and answered anew, and the customer hears from us the next working day."
    at_hand = (Stage.CLOSED,)

    def offered(self, case, *, about=None, user=None):
        return case.stage == Stage.CLOSED

    def do(self, case, about, cleaned, *, on, by):
        case.reopen(reason=cleaned["reason"], on=on, by=by)
        return self.moved(case)


@verb
class End(Move):
    name, label, icon = "end", "End it another way", "logout"
    form = EndForm
    guidance = "For a complaint that ends without a resolution letter. Tell the customer before you close it."

    def do(self, case, about, cleaned, *, on, by):
        other = cleaned.get("duplicate_of")
        case.end(cleaned["exit"], reason=cleaned["reason"], on=on, by=by, duplicate_of=other)
        return Done("The case is closed.")
