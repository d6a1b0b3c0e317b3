"""What the customer wrote, and when they hear from us next."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.admin.forms import DayField, HourField, VerbForm, WordsField
from cases.models import NOT_RUNG, Medium
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


class HeardForm(HeldForm):
    medium = forms.ChoiceField(choices=WRITTEN, label="How")
    said = WordsField(label="What they wrote", rows=7, help_text="In their own words.")
    field_order = ("medium", "held_on", "said")


def number_of(customer) -> str:
    if customer.no_phone:
        return NOT_RUNG
    phone = customer.phone
    return f"Their number: {phone.as_international}." if phone else "We have no number of theirs: ask for it."


class CallForm(VerbForm):
    until = DayField(label="We ring them on")
    hour = HourField(label="At", help_text="By the clock of the office.")
    why = forms.CharField(
        label="What about", max_length=250, required=False, help_text="Empty: agreed with the customer."
    )

    def prepare(self):
        self.fields["until"].widget.attrs["min"] = f"{self.on}"
        self.fields["until"].help_text = number_of(self.case.customer)


class ContactForm(VerbForm):
    until = DayField(label="The customer hears from us on")
    why = forms.CharField(
        label="Why then", max_length=250, required=False, help_text="Empty: promised to the customer."
    )


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
    form, reaches_customer = CallForm, True
    guidance = "An agreed hour is kept to the minute. Whoever looks after the case is reminded just before it."

    def do(self, case, about, cleaned, *, on, by):
        why = {"why": cleaned["why"]} if cleaned["why"] else {}
        case.promise_call(until=cleaned["until"], hour=cleaned["hour"], on=on, by=by, **why)
        return Done(f"Promised: we ring on {cleaned['until']:%-d %B %Y} at {cleaned['hour']:%H:%M}.")


@verb
class PromiseContact(Verb):
    name, label, icon = "contact", "Promise the next contact", "event"
    form, reaches_customer = ContactForm, True
    guidance = "Name a day that you can keep: the customer hears from you then, even if there is nothing new to say."
    at_hand = (Stage.ACKNOWLEDGE, Stage.INVESTIGATE, Stage.TALK)

    def do(self, case, about, cleaned, *, on, by):
        why = {"why": cleaned["why"]} if cleaned["why"] else {}
        case.promise_contact(until=cleaned["until"], on=on, by=by, **why)
        return Done(f"Promised: the customer hears from us on {cleaned['until']:%-d %B %Y}.")
