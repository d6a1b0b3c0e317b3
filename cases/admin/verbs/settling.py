"""The verbs that settle a case: outcomes, the agreement and its commitments."""

from django import forms

from cases import attachments
from cases.admin.desk import dress
from cases.admin.forms import DayField, FilesField, PersonField, VerbForm, WordsField, helper
from cases.models import Outcome, Promise
from cases.stages import Stage

from .investigating import AboutPoint
from .verb import Done, ReasonForm, Verb, blank, staff_at_work, verb


class OutcomeForm(VerbForm):
    outcome = forms.ChoiceField(choices=blank(Outcome.choices))
    redress = forms.CharField(
        max_length=200, required=False, help_text="What the customer gets for this point, an amount or a thing."
    )

    def prepare(self):
        self.initial.setdefault("outcome", self.about.outcome)
        self.initial.setdefault("redress", self.about.redress)


class PromiseForm(forms.Form):
    """One commitment of an agreement: what, who, by when. A row left empty is no commitment."""

    what = forms.CharField(max_length=300, required=False)
    owner = PersonField(label="Who", required=False)
    due_on = DayField(label="By", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff_at_work()
        dress(self)
        self.helper = helper()

    def clean(self):
        cleaned = super().clean()
        if any(cleaned.values()):
            for name, lacking in (("what", "Say what."), ("owner", "Choose who."), ("due_on", "Say by when.")):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, lacking)
        return cleaned


class AgreementForm(VerbForm):
    """What was agreed and its commitments, as many rows as are asked for."""

    summary = WordsField(label="What was agreed", rows=5, help_text="Quoted in the letter.")
    ROWS, MORE, MOST = 3, 2, 30

    def prepare(self):
        shown = self.data.get("rows", "") if self.is_bound else ""
        count = int(shown) if shown.isdecimal() else self.ROWS
        if "more" in self.data:
            count += self.MORE
        data = self.data if self.is_bound else None
        self.rows = [PromiseForm(data, prefix=f"promise-{n}") for n in range(min(count, self.MOST))]

    @property
    def asks_for_more(self):
        return "more" in self.data

    def clean(self):
        cleaned = super().clean()
        if not sum(not row.is_valid() for row in self.rows):  # every row looks at itself, for its messages
            cleaned["promises"] = [Promise(**row.cleaned_data) for row in self.filled()]
        return cleaned

    def is_valid(self):
        return super().is_valid() and "promises" in self.cleaned_data

    def filled(self):
        return [row for row in self.rows if any(row.cleaned_data.values())]

    def take(self, error):
        """A promise that cannot be kept shows its message in its own row."""
        if not hasattr(error, "index"):
            super().take(error)
            return
        row = self.filled()[error.index]
        for name, found in error.error_dict.items():
            row.add_error(name, found)


class PositionForm(VerbForm):
    summary = WordsField(label="Where we stand", rows=4, help_text="Quoted in the letter.")
    reason = WordsField(label="Why no more is possible", rows=4, help_text="Quoted in the letter, with respect.")


class KeptForm(VerbForm):
    called_below = {"attachments": "proof"}

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
        case.agree(cleaned["summary"], cleaned["promises"], on=on, by=by)
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
