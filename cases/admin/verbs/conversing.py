"""A talk, kept while it lasts: their words, what was proposed, and what was promised, which holds once it is kept."""

from django import forms
from django.core.exceptions import ValidationError

from cases.admin.forms import DayField, HourField, WordsField
from cases.admin.lines import Lines, SaidForm
from cases.models import Medium, PromisedCall, PromisedContact
from cases.stages import Stage

from .limiting import LimitsForm
from .talking import HeldForm, number_of
from .verb import Done, Verb, verb

TALKS = [(one, one.label) for one in Medium if one != Medium.PAGE]
NOT_TO_A_COLLEAGUE = (
    "Only what the customer was told is a promise. Take the promises out, or say that the talk was with the customer."
)
HEARD_FROM_ONCE = "They can hear from us by one day only: an earlier day gives way to a later one."


class ConversationForm(Lines, LimitsForm, HeldForm):
    """Made for use during a call: nothing in it has to be known beforehand, and no line sends anybody elsewhere."""

    called_below = {"until": "next_contact_on"}
    for_customers = ("proposed",)
    field_order = ("person", "medium", "held_on", "said", "proposed")
    line, lines_title, ROWS = SaidForm, "What was promised", 2

    person = forms.ModelChoiceField(None, label="With whom", required=False, empty_label="The customer")
    medium = forms.ChoiceField(choices=TALKS, label="How")
    said = WordsField(
        label="What they said", rows=9, help_text="Their own words first, without judging them. Repeat them back."
    )
    proposed = WordsField(label="What was proposed", rows=3, required=False)
    next_call_on = DayField(label="We ring them again on", required=False)
    next_call_at = HourField(label="At", required=False, help_text="By the clock of the office.")
    next_contact_on = DayField(
        label="Or they hear from us by",
        required=False,
        help_text="If the talk came to no end, agree on a day to go on.",
    )
    recording = forms.CharField(
        label="Recording", max_length=100, required=False, help_text="Where the recording of the call is found."
    )

    def prepare(self):
        super().prepare()
        self.fields["person"].queryset = self.case.involvements.all()
        self.fields["next_call_on"].help_text = number_of(self.case.customer)
        for name in ("next_call_on", "next_contact_on"):
            self.fields[name].widget.attrs["min"] = f"{self.on}"
        self.prepare_lines(self.case.who_may_keep_a_promise())

    def clean_next_contact_on(self):
        day = self.cleaned_data["next_contact_on"]
        if day and day < self.on:
            raise ValidationError(f"{day:%-d %B %Y} is past. Choose {self.on:%-d %B %Y} or a later day.")
        return day

    def clean(self):
        cleaned = super().clean()
        self._check_next_call(cleaned)
        self._check_promises(cleaned)
        if self._is_any_line_wrong():
            cleaned.pop("promises", None)
        elif cleaned.get("next_call_on") and cleaned.get("next_call_at"):
            cleaned["promises"].append(PromisedCall(cleaned["next_call_on"], cleaned["next_call_at"]))
        return cleaned

    def _check_next_call(self, cleaned):
        day, hour = cleaned.get("next_call_on"), cleaned.get("next_call_at")
        if bool(day) != bool(hour) and not self.errors.keys() & {"next_call_on", "next_call_at"}:
            lacking, sentence = ("next_call_at", "Say at what hour.") if day else ("next_call_on", "Say on which day.")
            self.add_error(lacking, sentence)

    def _check_promises(self, cleaned):
        """The customer hears from us by one day, and only to the customer is anything promised."""
        made = [row for row in self.filled() if not row.errors]
        contacts = [row for row in made if isinstance(row.promise(), PromisedContact)]
        for row in contacts if cleaned.get("next_contact_on") else contacts[1:]:
            row.add_error("due_on", HEARD_FROM_ONCE)
        if cleaned.get("person") and (made or cleaned.get("next_call_on")):
            self.add_error("person", NOT_TO_A_COLLEAGUE)

    def _is_any_line_wrong(self):
        return bool(sum(bool(row.errors) for row in self.rows))

    def take(self, error):
        """What is wrong with the next call, which is promised after all lines, stands at its own fields."""
        if getattr(error, "index", -1) >= len(self.filled()):
            named = {"until": "next_call_on", "hour": "next_call_at"}
            error = ValidationError({named[name]: found for name, found in error.error_dict.items()})
        super().take(error)


@verb
class LogConversation(Verb):
    name, label, icon = "conversation", "Log a conversation", "call"
    form, template = ConversationForm, "talk.html"
    guidance = (
        "Let them tell it without interruption until they are calm; repeat back what you understood. Only then turn to "
        "what would put it right. If nothing can be settled today, agree on the day on which you go on."
    )
    at_hand = (Stage.ACKNOWLEDGE, Stage.TALK)

    def offered(self, case, *, about=None, user=None):
        return True  # what was promised, or what they write, may call for a talk about a closed case

    def beside(self, case):
        return {
            "points": case.points.all(),
            "talks": case.conversations.select_related("person").order_by("-held_on", "-pk")[:3],
            "promised": case.promises().outstanding().select_related("owner"),
            "due": case.followups.outstanding().filter(commitment=None, deadline=None).select_related("involvement"),
            "warned": case.conduct.exists(),
        }

    def do(self, case, about, cleaned, *, on, by):
        held_on = cleaned.pop("held_on")
        for name in ("next_call_on", "next_call_at"):
            del cleaned[name]
        case.log_conversation(**cleaned, on=held_on, by=by)
        many = len(cleaned["promises"])
        held = f" {many} promise{'s hold' if many > 1 else ' holds'} from now on." if many else ""
        return Done(f"The conversation is logged.{held}")
