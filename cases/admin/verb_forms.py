"""The small forms of the verbs: words, days and people. What may not be is decided below, in the models."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from cases import reference
from cases.models import (
    Case,
    CopyAs,
    Medium,
    Organisation,
    Outcome,
    Part,
    Promise,
    Responsibility,
    Role,
    RootCause,
    Situation,
    User,
)
from cases.stages import Exit
from letters import library
from letters.models import TO_STAFF, Kind

from .desk import dress
from .forms import DayField, VerbForm, WordsField, helper


def staff_at_work():
    return User.objects.filter(is_active=True)


def handlers_for(case):
    """Who may look after `case`: leads and handlers at work whom it is not about."""
    concerned = case.involvements.filter(part=Part.CONCERNED, user__isnull=False).values("user")
    return (
        staff_at_work().filter(Q(role__in=(Role.LEAD, Role.HANDLER)) | Q(is_superuser=True)).exclude(pk__in=concerned)
    )


def blank(choices, label="Choose one"):
    return [("", label), *choices]


class LetterForm(VerbForm):
    language = forms.ChoiceField(
        label="Language of the letter", required=False, help_text="Empty: the customer's own language."
    )

    def prepare(self):
        called = dict(settings.LANGUAGES)
        self.fields["language"].choices = blank(
            [(code, called[code]) for code in library.languages()], self.case.get_language_display()
        )


def kinds_to_draft(case):
    """The kinds of letter to the customer of which there is no draft yet."""
    drafted = set(case.letters.drafts().values_list("kind", flat=True))
    return [(kind, kind.label) for kind in Kind if kind not in (*TO_STAFF, *drafted)]


class AnyLetterForm(LetterForm):
    kind = forms.ChoiceField(label="Letter")
    field_order = ("kind", "language")

    def prepare(self):
        super().prepare()
        self.fields["kind"].choices = blank(kinds_to_draft(self.case))


class AssignForm(VerbForm):
    handler = forms.ModelChoiceField(User.objects.none(), label="Who looks after it", empty_label="Choose somebody")

    def prepare(self):
        self.fields["handler"].queryset = handlers_for(self.case)
        self.initial.setdefault("handler", self.case.handler_id)


class OrganisationForm(VerbForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Belongs to", required=False, empty_label="The house itself"
    )

    def prepare(self):
        self.initial.setdefault("organisation", self.case.organisation_id)


class SituationForm(VerbForm):
    situation = forms.ChoiceField(choices=blank(Situation.choices), label="What kind of situation is it")

    def prepare(self):
        self.initial.setdefault("situation", self.case.situation)


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


class PointForm(VerbForm):
    text = WordsField(
        label="The point",
        rows=3,
        max_length=2_000,
        help_text="One thing that went wrong, in neutral words.",
    )


class FindingForm(VerbForm):
    finding = WordsField(
        label="What the investigation found", rows=7, help_text="Quoted in the letter: facts, without blaming anybody."
    )

    def prepare(self):
        self.initial.setdefault("finding", self.about.finding)


class CauseForm(VerbForm):
    root_cause = forms.ChoiceField(choices=blank(RootCause.choices), label="Root cause")
    responsibility = forms.ChoiceField(choices=blank(Responsibility.choices), label="Whose responsibility it is")
    cause_explained = WordsField(label="How it came about", rows=4, required=False, help_text="Quoted in the letter.")
    prevention = WordsField(
        label="So that it does not happen again", rows=4, required=False, help_text="Quoted in the letter."
    )

    def prepare(self):
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.case, name))


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


class ReasonForm(VerbForm):
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")


class KeptForm(VerbForm):
    how = WordsField(label="How it was kept", rows=3, max_length=2_000, help_text="What was done, and what proves it.")


class OutcomeForm(VerbForm):
    outcome = forms.ChoiceField(choices=blank(Outcome.choices))
    redress = forms.CharField(
        max_length=200, required=False, help_text="What the customer gets for this point, an amount or a thing."
    )

    def prepare(self):
        self.initial.setdefault("outcome", self.about.outcome)
        self.initial.setdefault("redress", self.about.redress)


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


class PromiseForm(forms.Form):
    """One commitment of an agreement: what, who, by when. A row left empty is no commitment."""

    what = forms.CharField(max_length=300, required=False)
    owner = forms.ModelChoiceField(None, label="Who", required=False, empty_label="Choose somebody")
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
