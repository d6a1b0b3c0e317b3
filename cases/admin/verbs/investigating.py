"""Points and findings, the cause, and the people who had a part in the matter."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.admin.forms import DayField, VerbForm, WordsField
from cases.models import CopyAs, Part, Responsibility, RootCause
from cases.stages import Stage
from letters.models import Kind

from .drafting import LetterForm, drafted
from .verb import Done, ReasonForm, Verb, blank, staff_at_work, verb


class PointForm(VerbForm):
    text = WordsField(
        label="The point",
        rows=3,
        max_length=2_000,
        help_text="One thing that went wrong, in neutral words.",
    )


class FindingForm(VerbForm):
    edits, told_as = ("finding",), ("finding",)
    for_customers = ("finding",)

    finding = WordsField(
        label="What the investigation found", rows=7, help_text="Quoted in the letter: facts, without blaming anybody."
    )

    def prepare(self):
        self.show_stored()

    def told(self):
        return super().told().filter(text__startswith=f"Finding on point {self.about.number}:")


class CauseForm(VerbForm):
    edits, told_as = ("root_cause", "responsibility", "cause_explained", "prevention"), ("explained",)
    for_customers = ("cause_explained", "prevention")

    root_cause = forms.ChoiceField(choices=blank(RootCause.choices), label="Root cause")
    responsibility = forms.ChoiceField(choices=blank(Responsibility.choices), label="Whose responsibility it is")
    cause_explained = WordsField(label="How it came about", rows=4, required=False, help_text="Quoted in the letter.")
    prevention = WordsField(
        label="So that it does not happen again", rows=4, required=False, help_text="Quoted in the letter."
    )

    def prepare(self):
        self.show_stored()


class InvolveForm(VerbForm):
    user = forms.ModelChoiceField(None, label="Member of staff", required=False, empty_label="Somebody not on the list")
    name = forms.CharField(max_length=150, required=False, help_text="For somebody not on the list.")
    email = forms.EmailField(label="E-mail", required=False, help_text="Their copy of the letter goes there.")
    job_title = forms.CharField(label="Job title", max_length=100, required=False)
    part = forms.ChoiceField(choices=blank(Part.choices), label="Their part in the matter")
    why = forms.CharField(label="How they were involved", max_length=250)
    copy_as = forms.ChoiceField(
        choices=blank(CopyAs.choices, "As usual for their part"),
        label="Of the final letter they get",
        required=False,
        help_text="Usually the whole letter; who is only informed, to learn from it, gets a summary without the "
        "customer's personal data.",
    )

    def prepare(self):
        there = self.case.involvements.filter(user__isnull=False).values("user")
        self.fields["user"].queryset = staff_at_work().exclude(pk__in=there)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("user") and not cleaned.get("name"):
            self.add_error("user", "Choose a member of staff, or enter a name.")
        elif not cleaned.get("user") and not cleaned.get("email"):
            self.add_error("email", "Enter an e-mail address: everyone involved gets a copy of the letter.")
        return cleaned


class AskAccountForm(LetterForm):
    until = DayField(label="Account wanted by")
    by_letter = forms.BooleanField(
        label="Ask in a letter that I read first", required=False, help_text="Otherwise by an e-mail, at once."
    )
    field_order = ("until", "by_letter", "language")

    def prepare(self):
        super().prepare()
        self.fields["language"].help_text = "Empty: the language of the house."
        self.fields["language"].choices[0] = ("", "The language of the house")

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day < self.on:
            raise ValidationError(f"{day:%-d %B %Y} is past. Choose {self.on:%-d %B %Y} or a later day.")
        return day


class AccountForm(VerbForm):
    account = WordsField(label="Their account, in their words", rows=8, help_text="Stays as it is once it is saved.")


@verb
class AddPoint(Verb):
    name, label, icon = "point", "Add a point", "format_list_numbered"
    form = PointForm
    guidance = (
        "Split what the customer told us into single points; every one of them gets its own answer in the letter."
    )
    at_hand = (Stage.ACKNOWLEDGE, Stage.INVESTIGATE)

    def do(self, case, about, cleaned, *, on, by):
        point = case.add_point(cleaned["text"], on=on, by=by)
        return Done(f"Point {point.number} is added.")


class AboutPoint(Verb):
    about = "points"

    def title(self, case, about):
        return f"{self.label}: point {about.number}"


@verb
class Find(AboutPoint):
    name, label, icon = "finding", "Finding", "search"
    form = FindingForm
    guidance = (
        "Facts only. The aim is a fair solution and that it does not happen again, never to find somebody guilty."
    )
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        case.find(about, cleaned["finding"], on=on, by=by)
        return Done(f"The finding on point {about.number} is kept.")


@verb
class Explain(Verb):
    name, label, icon = "cause", "Name the cause", "troubleshoot"
    form = CauseForm
    guidance = "Take full responsibility for what is ours: excuses and shifting the blame only make a complaint worse."
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        case.explain(**cleaned, on=on, by=by)
        return Done("Cause and responsibility are kept.")


@verb
class Involve(Verb):
    name, label, icon = "involve", "Involve somebody", "group_add"
    form = InvolveForm
    guidance = (
        "Everyone with a part in the matter: they are asked for their account and get a copy of the letter. "
        "Whom the complaint is about can no longer open the case, and has nothing to do for it any more."
    )
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        looked_after = case.handler
        person = case.involve(**cleaned, on=on, by=by)
        if looked_after and not case.handler:
            return Done(f"{person.name} is involved now and no longer looks after the case: a lead is asked who does.")
        return Done(f"{person.name} is involved now.")


class AboutPerson(Verb):
    about = "involvements"

    def title(self, case, about):
        return f"{self.label}: {about.name}"

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and (about is None or about.owes_an_account)


@verb
class AskAccount(AboutPerson):
    name, label, icon = "ask-account", "Ask for an account", "outgoing_mail"
    form = AskAccountForm
    guidance = "They are asked in neutral words, and reminded on the day. Nobody is accused of anything."

    def do(self, case, about, cleaned, *, on, by):
        if cleaned["by_letter"]:
            return self._by_letter(case, about, cleaned, on=on, by=by)
        case.ask_account(about, until=cleaned["until"], on=on, by=by)
        return Done(f"{about.name} is asked for an account.")

    @transaction.atomic
    def _by_letter(self, case, about, cleaned, *, on, by):
        case.ask_account_by_letter(about, until=cleaned["until"], on=on, by=by)
        return drafted(case, Kind.ACCOUNT_REQUEST, language=cleaned["language"], person=about, on=on, by=by)


@verb
class TakeAccount(AboutPerson):
    name, label, icon = "account", "Record the account", "edit_note"
    form = AccountForm
    guidance = "What they saw, heard and did, without judging it."

    def do(self, case, about, cleaned, *, on, by):
        case.take_account(about, cleaned["account"], on=on, by=by)
        return Done(f"The account of {about.name} is kept.")


@verb
class WaiveAccount(AboutPerson):
    name, label, icon = "waive-account", "Waive the account", "person_remove"
    form = ReasonForm

    def do(self, case, about, cleaned, *, on, by):
        case.waive_account(about, reason=cleaned["reason"], on=on, by=by)
        return Done(f"No account of {about.name} is needed.")
