"""The verbs about clocks: which rules a case goes by, and what these allow to be done to a deadline."""

from django import forms

from cases.admin.forms import VerbForm, WordsField
from cases.admin.rules import regime_choices
from cases.models import User, rules_of
from cases.stages import Stage
from casetracker import clock

from .looking_after import handlers_for
from .verb import Done, ReasonForm, Verb, verb


class ExtendForm(VerbForm):
    for_customers = ("reason",)

    number = forms.IntegerField(min_value=1, max_value=365)
    reason = WordsField(label="Reason", rows=3, help_text="It goes into the history, and into the letter that is owed.")

    def prepare(self):
        step = rules_of(self.about)
        if step.extension is None:
            return
        unit = step.extension.unit.replace("_", " ")
        self.fields["number"].label = f"By how many {unit}s"
        if step.extension.most:
            self.fields["number"].help_text = f"At most {step.extension.most}."
            self.fields["number"].widget.attrs["max"] = step.extension.most


class RulesForm(VerbForm):
    regime = forms.ChoiceField(label="Rules besides the house's own", required=False)

    def prepare(self):
        self.fields["regime"].choices = regime_choices("None: the house's alone")
        self.fields["regime"].initial = self.case.regime


@verb
class GoBy(Verb):
    name, label, icon = "rules", "Set the rules", "rule"
    form, for_leads = RulesForm, True
    guidance = "The clocks of these rules run beside the house's own, from what has happened so far."

    def do(self, case, about, cleaned, *, on, by):
        case.go_by(cleaned["regime"], on=on, by=by)
        return Done("The case goes by these rules now.")


class SecondStageForm(VerbForm):
    handler = forms.ModelChoiceField(
        User.objects.none(), label="Who looks after it now", help_text="Not who answered at the first stage."
    )
    reason = WordsField(
        label="What the customer says", rows=3, help_text="They need not give a reason; note what you heard."
    )

    def prepare(self):
        self.fields["handler"].queryset = handlers_for(self.case).exclude(pk=self.case.handler_id)


@verb
class SecondStage(Verb):
    name, label, icon, form = "second-stage", "Begin the second stage", "stairs", SecondStageForm
    guidance = "Somebody who had no part in the first answer looks at all of it afresh."

    def offered(self, case, *, about=None, user=None):
        known = any(pack.has_second_stage for pack in case.packs())
        return known and not case.escalated_on and bool(case.answered_on or case.closed_on)

    def do(self, case, about, cleaned, *, on, by):
        case.escalate(cleaned["handler"], reason=cleaned["reason"], on=on, by=by)
        return Done(f"The second stage has begun; {cleaned['handler']} looks after it.")


@verb
class Pause(Verb):
    name, label, icon = "pause", "Stop the clocks", "pause_circle"
    form = ReasonForm
    guidance = "Only while we wait for the customer. Clocks whose rules do not allow it run on, and stay in sight."

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and not case.paused()

    def do(self, case, about, cleaned, *, on, by):
        case.pause(reason=cleaned["reason"], on=on, by=by)
        return Done("The clocks that may be stopped stand still.")


@verb
class Resume(Verb):
    name, label, icon, straight = "resume", "Let the clocks run again", "play_circle", True
    at_hand = tuple(Stage)

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and bool(case.paused())

    def do(self, case, about, cleaned, *, on, by):
        case.resume(on=on, by=by)
        return Done("The clocks run again; the days that they stood still do not count.")


class AboutDeadline(Verb):
    about = "deadlines"

    def title(self, case, about):
        return f"{self.label}: {rules_of(about).label}"


@verb
class Extend(AboutDeadline):
    name, label, icon, form = "extend", "Extend", "more_time", ExtendForm
    guidance = "Only for a reason that the customer would understand. They are told by letter, with the new day."

    def offered(self, case, *, about=None, user=None):
        if about is None:
            return super().offered(case)
        runs = not (about.met_on or about.void_on)
        allowed = rules_of(about).extension
        return super().offered(case) and runs and allowed is not None and about.extensions.count() < allowed.times

    def do(self, case, about, cleaned, *, on, by):
        extension = case.extend(about, number=cleaned["number"], reason=cleaned["reason"], on=on, by=by)
        owed = " The letter that tells the customer is owed now." if extension.letter else ""
        return Done(f"Extended to {extension.new_due_on:%A, %-d %B %Y}.{owed}")


@verb
class ExplainLateness(AboutDeadline):
    name, label, icon, form = "late", "Say why it is late", "history", ReasonForm

    def offered(self, case, *, about=None, user=None):
        return about is None or (about.void_on is None and (about.met_on or clock.today()) > about.due_on)

    def do(self, case, about, cleaned, *, on, by):
        case.explain_lateness(about, cleaned["reason"], on=on, by=by)
        return Done("The reason is kept.")
