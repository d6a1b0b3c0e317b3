"""What is said with the customer, and when they hear from us next."""

from django import forms
from django.core.exceptions import ValidationError

from cases.admin.forms import DayField, VerbForm, WordsField
from cases.models import Medium
from cases.stages import Stage

from .verb import Done, Verb, verb


class ConversationForm(VerbForm):
    called_below = {"until": "next_contact_on"}

    person = forms.ModelChoiceField(None, label="With whom", required=False, empty_label="The customer")
    medium = forms.ChoiceField(choices=Medium.choices, label="How")
    held_on = DayField(label="On")
    said = WordsField(label="What was said", rows=7, help_text="Their own words first, without judging them.")
    proposed = WordsField(label="What was proposed", rows=3, required=False)
    next_contact_on = DayField(
        label="Next contact promised for",
        required=False,
        help_text="If the talk came to no end, agree on a day to go on.",
    )

    def prepare(self):
        self.fields["person"].queryset = self.case.involvements.all()
        self.initial.setdefault("held_on", self.on)
        self.fields["held_on"].widget.attrs |= {"max": f"{self.on}", "min": f"{self.case.received_on}"}

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > self.on:
            raise ValidationError("A conversation is logged once it was held: choose today or an earlier day.")
        if day < self.case.received_on:
            raise ValidationError(
                f"The complaint came in on {self.case.received_on:%-d %B %Y}: choose that day or a later one."
            )
        return day

    def clean_next_contact_on(self):
        day = self.cleaned_data["next_contact_on"]
        if day and day < self.on:
            raise ValidationError(f"{day:%-d %B %Y} is past. Choose {self.on:%-d %B %Y} or a later day.")
        return day


class ContactForm(VerbForm):
    until = DayField(label="The customer hears from us on")
    why = forms.CharField(
        label="Why then", max_length=250, required=False, help_text="Empty: promised to the customer."
    )


@verb
class LogConversation(Verb):
    name, label, icon = "conversation", "Log a conversation", "call"
    form = ConversationForm
    guidance = (
        "Let them tell it without interruption until they are calm; repeat back what you understood. Only then turn to "
        "what would put it right. If nothing can be settled today, agree on the day on which you go on."
    )
    at_hand = (Stage.ACKNOWLEDGE, Stage.TALK)

    def do(self, case, about, cleaned, *, on, by):
        held_on = cleaned.pop("held_on")
        case.log_conversation(**cleaned, on=held_on, by=by)
        return Done("The conversation is logged.")


@verb
class PromiseContact(Verb):
    name, label, icon = "contact", "Promise the next contact", "event"
    form = ContactForm
    guidance = "Name a day that you can keep: the customer hears from you then, even if there is nothing new to say."
    at_hand = (Stage.ACKNOWLEDGE, Stage.INVESTIGATE, Stage.TALK)

    def do(self, case, about, cleaned, *, on, by):
        why = {"why": cleaned["why"]} if cleaned["why"] else {}
        case.promise_contact(until=cleaned["until"], on=on, by=by, **why)
        return Done(f"Promised: the customer hears from us on {cleaned['until']:%-d %B %Y}.")
