"""What is said with the customer, and when they hear from us next."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.admin.forms import DayField, HourField, VerbForm, WordsField
from cases.models import Medium
from cases.stages import Stage

from .verb import Done, Verb, verb


def case_page(case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


WRITTEN = (
    (Medium.EMAIL, "By e-mail"),
    (Medium.LETTER, "By letter"),
    (Medium.CHAT, "In the chat"),
    (Medium.PHONE, "Rang and left word"),
)


class HeldForm(VerbForm):
    """Of a day between the complaint and today."""

    held_on = DayField(label="On")

    def prepare(self):
        self.initial.setdefault("held_on", self.on)
        self.fields["held_on"].widget.attrs |= {"max": f"{self.on}", "min": f"{self.case.received_on}"}

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > self.on:
            raise ValidationError("That day is still to come: choose today or an earlier day.")
        if day < self.case.received_on:
            raise ValidationError(
                f"The complaint came in on {self.case.received_on:%-d %B %Y}: choose that day or a later one."
            )
        return day


class ConversationForm(HeldForm):
    called_below = {"until": "next_contact_on"}
    field_order = ("person", "medium", "held_on")

    person = forms.ModelChoiceField(None, label="With whom", required=False, empty_label="The customer")
    medium = forms.ChoiceField(choices=[(one, one.label) for one in Medium if one != Medium.PAGE], label="How")
    said = WordsField(label="What was said", rows=7, help_text="Their own words first, without judging them.")
    proposed = WordsField(label="What was proposed", rows=3, required=False)
    next_contact_on = DayField(
        label="Next contact promised for",
        required=False,
        help_text="If the talk came to no end, agree on a day to go on.",
    )

    def prepare(self):
        super().prepare()
        self.fields["person"].queryset = self.case.involvements.all()

    def clean_next_contact_on(self):
        day = self.cleaned_data["next_contact_on"]
        if day and day < self.on:
            raise ValidationError(f"{day:%-d %B %Y} is past. Choose {self.on:%-d %B %Y} or a later day.")
        return day


class HeardForm(HeldForm):
    medium = forms.ChoiceField(choices=WRITTEN, label="How")
    said = WordsField(label="What they wrote", rows=7, help_text="In their own words.")
    field_order = ("medium", "held_on", "said")


class CallForm(VerbForm):
    until = DayField(label="We ring them on")
    hour = HourField(label="At", help_text="By the clock of the office.")
    why = forms.CharField(
        label="What about", max_length=250, required=False, help_text="Empty: agreed with the customer."
    )

    def prepare(self):
        self.fields["until"].widget.attrs["min"] = f"{self.on}"
        phone = self.case.customer.phone
        known = f"Their number: {phone.as_international}." if phone else "We have no number of theirs: ask for it."
        self.fields["until"].help_text = known


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

    def offered(self, case, *, about=None, user=None):
        return True  # what was promised, or what they write, may call for a talk about a closed case

    def do(self, case, about, cleaned, *, on, by):
        held_on = cleaned.pop("held_on")
        case.log_conversation(**cleaned, on=held_on, by=by)
        return Done("The conversation is logged.")


@verb
class Heard(Verb):
    name, label, icon = "heard", "The customer wrote", "mark_email_unread"
    form = HeardForm
    guidance = "For what they wrote, or left word of. Nothing that they wait for ends by it: you are asked what stays."

    def offered(self, case, *, about=None, user=None):
        return True  # they may write when the case is closed, too

    def do(self, case, about, cleaned, *, on, by):
        case.hear(cleaned["said"], medium=cleaned["medium"], on=cleaned["held_on"], by=by)
        return Done("It is kept. Say of what they wait for whether it stays.", f"{case_page(case)}#due")


@verb
class PromiseCall(Verb):
    name, label, icon = "call", "Promise a call back", "phone_callback"
    form = CallForm
    guidance = "An agreed hour is kept to the minute. Whoever looks after the case is reminded just before it."

    def do(self, case, about, cleaned, *, on, by):
        why = {"why": cleaned["why"]} if cleaned["why"] else {}
        case.promise_call(until=cleaned["until"], hour=cleaned["hour"], on=on, by=by, **why)
        return Done(f"Promised: we ring on {cleaned['until']:%-d %B %Y} at {cleaned['hour']:%H:%M}.")


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
