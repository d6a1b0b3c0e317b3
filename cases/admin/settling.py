"""The verbs that settle a case and move it: outcomes, the agreement, its commitments, and from stage to stage."""

from cases.stages import BACK, ONWARD, Stage

from . import verb_forms as forms
from .verbs import AboutPoint, Done, Verb, verb

# --- agree ------------------------------------------------------------------------------------------------------------


@verb
class Decide(AboutPoint):
    name, label, icon = "outcome", "Outcome", "gavel"
    form = forms.OutcomeForm
    at_hand = (Stage.AGREE,)

    def do(self, case, about, cleaned, *, on, by):
        case.decide(about, cleaned["outcome"], redress=cleaned["redress"], on=on, by=by)
        return Done(f"The outcome of point {about.number} is kept.")


@verb
class Agree(Verb):
    name, label, icon = "agreement", "Record the agreement", "handshake"
    form = forms.AgreementForm
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
    form = forms.PositionForm
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
    form = forms.KeptForm

    def do(self, case, about, cleaned, *, on, by):
        case.keep(about, how=cleaned["how"], on=on, by=by)
        return Done("The commitment is kept.")


@verb
class Drop(AboutCommitment):
    name, label, icon = "drop", "Drop", "close"
    form = forms.ReasonForm
    guidance = "Only with the customer's consent: a promise that is quietly dropped is the next complaint."

    def do(self, case, about, cleaned, *, on, by):
        case.drop(about, reason=cleaned["reason"], on=on, by=by)
        return Done("The commitment is dropped.")


# --- moving -----------------------------------------------------------------------------------------------------------


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
    form, for_leads = forms.ReasonForm, True
    guidance = "What is missing stays missing, and the history keeps your name and your reason."

    def offered(self, case, *, about=None, user=None):
        return bool(case.missing())

    def do(self, case, about, cleaned, *, on, by):
        case.move_on(on=on, by=by, overriding=cleaned["reason"])
        return self.moved(case)


@verb
class GoBack(Move):
    name, label, icon = "go-back", "Go back a stage", "arrow_back"
    form = forms.ReasonForm

    def title(self, case, about):
        return f"Go back to {Stage(BACK[case.stage]).label}"

    def offered(self, case, *, about=None, user=None):
        return case.stage in BACK

    def do(self, case, about, cleaned, *, on, by):
        case.go_back(reason=cleaned["reason"], on=on, by=by)
        return self.moved(case)


@verb
class End(Move):
    name, label, icon = "end", "End it another way", "logout"
    form = forms.EndForm
    guidance = "For a complaint that ends without a resolution letter. Tell the customer before you close it."

    def do(self, case, about, cleaned, *, on, by):
        other = cleaned.get("duplicate_of")
        case.end(cleaned["exit"], reason=cleaned["reason"], on=on, by=by, duplicate_of=other)
        return Done("The case is closed.")
