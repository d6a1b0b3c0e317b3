"""What leads fill in about templates: new words, and a phrase to look for."""

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError

from cases.admin.avoid import mind
from cases.admin.desk import dress
from cases.admin.forms import WordsField, helper
from cases.models import Case
from letters import trial
from letters.library import Words
from letters.models import Paper, Style

FROM_LETTERHEAD = ("", "As on the letterhead")
SHOWN = 20  # faults of a field; more are counted
LIMIT = 30_000  # characters; about ten pages


class VersionForm(forms.Form):
    """The words of a template as somebody types them."""

    subject = forms.CharField(max_length=200)
    body = WordsField(rows=26, max_length=LIMIT)
    style = forms.ChoiceField(choices=[FROM_LETTERHEAD, *Style.choices], required=False, label="Format")
    paper = forms.ChoiceField(choices=[FROM_LETTERHEAD, *Paper.choices], required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        self.template = template
        dress(self)
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = template.language
        mind(self, [template.language], "subject", "body")
        self.fields["body"].widget.attrs["class"] += " desk-letter-body"
        self.helper = helper()
        self.helper.layout = Layout(
            "subject", "body", Row(*(Column(name, css_class="desk-half") for name in ("style", "paper"))), "seen"
        )

    @classmethod
    def showing(cls, words, *, template, seen):
        return cls(template=template, initial=vars(words) | {"seen": seen})

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n").strip()

    def clean(self):
        """The words are tried with every case that may come; all faults are told at once."""
        if self.errors:
            return self.cleaned_data
        for name, found in trial.faults(self.words().version(self.template)).items():
            for fault in found[:SHOWN]:
                self.add_error(name, ValidationError(str(fault)))
            if len(found) > SHOWN:
                self.add_error(name, ValidationError(f"{len(found) - SHOWN} more things like these are wrong."))
        return self.cleaned_data

    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name] for name in ("subject", "body", "style", "paper")})


class PreviewForm(forms.Form):
    """The case that a preview is made of."""

    case = forms.CharField(required=False, max_length=20, label="With the case", help_text="Empty: with the sample.")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["case"].widget.attrs["placeholder"] = "2026-…"
        dress(self)

    def clean_case(self):
        """The case, if this person may open it; None for the sample."""
        asked = self.cleaned_data["case"].strip()
        found = Case.objects.visible_to(self.user).filter(reference=asked).first()
        if asked and found is None:
            raise ValidationError(f"There is no case {asked} that you may open. Write its whole reference.")
        return found


class ScanForm(forms.Form):
    phrase = forms.CharField(max_length=200, label="Words to look for")
    drafts = forms.BooleanField(required=False, label="Also in older versions that drafts are made of")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
        self.helper = helper()
