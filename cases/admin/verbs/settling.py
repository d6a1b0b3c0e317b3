"""The verbs that settle a case: outcomes, the agreement and its commitments."""

from django import forms

from cases import attachments
from cases.admin.forms import FilesField, VerbForm, WordsField
from cases.admin.lines import Lines
from cases.models import Outcome
from cases.stages import Stage

from .investigating import AboutPoint
from .verb import Done, ReasonForm, Verb, blank, verb


class OutcomeForm(VerbForm):
    edits, told_as = ("outcome", "redress"), ("outcome",)
    for_customers = ("redress",)

    outcome = forms.ChoiceField(choices=blank(Outcome.choices))
    redress = forms.CharField(
        max_length=200, required=False, help_text="What the customer gets for this point, an amount or a thing."
    )

    def prepare(self):
        self.show_stored()

    def told(self):
        return super().told().filter(text__startswith=f"Point {self.about.number}:")


class AgreementForm(Lines, VerbForm):
    """What was agreed and its commitments, as many rows as are asked for. What was promised in talks before is shown,
    and holds beside them unless somebody ticks that this agreement takes its place."""

    edits, told_as = ("agreement",), ("agreed", "final position")
    for_customers = ("summary",)

    summary = WordsField(label="What was agreed", rows=5, help_text="Quoted in the letter.")
    replaces = forms.ModelMultipleChoiceField(
        None,
        label="Promised in talks, and in the letter beside this",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what this agreement takes the place of: it falls away. The rest holds, without being repeated.",
    )

    def prepare(self):
        self.fields["replaces"].queryset = self.case.commitments.outstanding().filter(agreement=None)
        if not self.fields["replaces"].queryset:
            del self.fields["replaces"]
        self.prepare_lines(self.case.who_may_keep_a_promise())

    def stored(self):
        return {"agreement": self.case.agreement() or ""}


class PositionForm(VerbForm):
    for_customers = ("summary", "reason")

    summary = WordsField(label="Where we stand", rows=4, help_text="Quoted in the letter.")
    reason = WordsField(label="Why no more is possible", rows=4, help_text="Quoted in the letter, with respect.")


class KeptForm(VerbForm):
    called_below = {"attachments": "proof"}
    for_customers = ("how",)

    how = WordsField(label="How it was kept", rows=3, max_length=2_000, help_text="What was done, and what proves it.")
    proof = FilesField(
        label="Proof",
        required=False,
        help_text=f"A receipt, a photo, a delivery note. Kinds: {', '.join(attachments.CONTENT_TYPES)}. "
        "After an error, choose the files again: browsers forget them.",
    )


@verb
class Decide(AboutPoint):
    name, label, icon = "outcome", "Outcome", "gavel"
    form = OutcomeForm
    at_hand = (Stage.AGREE,)

    def do(self, case, about, cleaned, *, on, by):
        case.decide(about, cleaned["outcome"], redress=cleaned["redress"], on=on, by=by)
        return Done(f"The outcome of point {about.number} is kept.")


@verb
class Agree(Verb):
    name, label, icon = "agreement", "Record the agreement", "handshake"
    form = AgreementForm
    guidance = (
        "Never offer what cannot be kept, or not on the day that you name. Each commitment has somebody who keeps it "
        "and a working day, and is followed up."
    )
    at_hand = (Stage.AGREE,)

    def do(self, case, about, cleaned, *, on, by):
        case.agree(**cleaned, on=on, by=by)
        return Done("The agreement and its commitments are kept.")


@verb
class FinalPosition(Verb):
    name, label, icon = "final-position", "No agreement: final position", "block"
    form = PositionForm
    guidance = "Give the reason behind the no and what is possible instead; respect their intelligence."
    at_hand = (Stage.AGREE,)

    def do(self, case, about, cleaned, *, on, by):
        case.take_final_position(cleaned["summary"], reason=cleaned["reason"], on=on, by=by)
        return Done("Our final position is kept.")


class AboutCommitment(Verb):
    about = "commitments"

    def title(self, case, about):
        return f"{self.label}: {about.what}"

    def offered(self, case, *, about=None, user=None):
        return about is None or not (about.kept_on or about.dropped_on)  # promises outlive the case


@verb
class Keep(AboutCommitment):
    name, label, icon = "keep", "Kept", "check"
    form = KeptForm

    def do(self, case, about, cleaned, *, on, by):
        case.keep(about, how=cleaned["how"], proof=cleaned["proof"], on=on, by=by)
        return Done("The commitment is kept.")


@verb
class Drop(AboutCommitment):
    name, label, icon = "drop", "Drop", "close"
    form = ReasonForm
    guidance = "Only with the customer's consent: a promise that is quietly dropped is the next complaint."

    def do(self, case, about, cleaned, *, on, by):
        case.drop(about, reason=cleaned["reason"], on=on, by=by)
        return Done("The commitment is dropped.")
