"""The customers' form. What may be written in it is intake's to say; here it gets its shape and its own words."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django_countries import countries

from cases import attachments, intake
from cases.models import Channel, Customer, Title
from casetracker import clock

UNREACHABLE = (
    "Tell us at least one way to reach you: an e-mail address, a phone number, or a full postal address "
    "(street, town and country)."
)
FILES_AGAIN = "Please choose your files again."
TEXTS = (
    *("title", "name", "email", "phone", "street", "city", "region", "postcode", "country", "language"),
    *("story", "wanted", "order_reference"),
)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class Part(Fieldset):
    """A part of the form under a heading, with a hint below it."""

    template = "cases/part.html"

    def __init__(self, legend, *fields, hint=""):
        super().__init__(legend, *fields)
        self.hint = hint


def own_names():
    """Each language in its own words, so that whoever reads no English finds theirs."""
    return [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES]


def line(label, *, autocomplete, help_text="", kind="text", **attrs):
    """One line of text in whichever script it is written."""
    widget = forms.TextInput(attrs={"type": kind, "autocomplete": autocomplete, "dir": "auto", **attrs})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


class ComplaintForm(forms.Form):
    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.ChoiceField(label="Title (optional)", required=False, choices=[("", "None"), *Title.choices])
    name = line("Your name", autocomplete="name")
    email = line("E-mail address", autocomplete="email", kind="email", inputmode="email", spellcheck="false")
    phone = line(
        "Phone number",
        autocomplete="tel",
        kind="tel",
        help_text="From abroad, start with + and the country code.",
    )
    street = line("Street and house", autocomplete="street-address")
    city = line("Town or city", autocomplete="address-level2")
    region = line("County or region (if any)", autocomplete="address-level1")
    postcode = line("Postcode", autocomplete="postal-code")
    country = forms.ChoiceField(
        label="Country",
        required=False,
        choices=[("", "Choose a country"), *countries],
        initial=settings.COUNTRY,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    language = forms.ChoiceField(
        label="Which language shall we write to you in?",
        choices=own_names,
        initial="en",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a language."},
    )
    story = forms.CharField(
        label="In your own words",
        required=False,
        help_text="Any language will do. It helps us to know when and where it was, and who was there.",
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    wanted = forms.CharField(
        label="What would put it right for you? (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    order_reference = line(
        "Order or reference number (optional)",
        autocomplete="off",
        help_text="On your bill, confirmation or delivery note.",
        spellcheck="false",
    )
    attachments = forms.Field(
        label="Photos, letters or bills (optional)",
        required=False,
        help_text=f"Up to {attachments.MOST_FILES} files, {attachments.EACH_LIMIT // attachments.MB} MB each, "
        f"{attachments.TOGETHER_LIMIT // attachments.MB} MB together. "
        f"Kinds: {', '.join(attachments.CONTENT_TYPES)}.",
        widget=FilesInput(attrs={"accept": ",".join(f".{kind}" for kind in attachments.CONTENT_TYPES)}),
    )

    use_required_attribute = False

    def __init__(self, data=None, files=None, **kwargs):
        fresh = {"submission_key": uuid.uuid4()}
        super().__init__(_with_key(data), files, initial=fresh, **kwargs)

    @cached_property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.field_template = "cases/field.html"
        helper.layout = Layout(
            "submission_key",
            Part("You", Div("title", "name", css_class="pair narrow-first")),
            Part(
                "How can we reach you?",
                Div("email", "phone", css_class="pair"),
                "street",
                Div("city", "postcode", css_class="pair narrow-last"),
                Div("region", "country", css_class="pair"),
                "language",
                hint="One way is enough: e-mail, phone, or your full postal address.",
            ),
            Part("What happened?", "story", "wanted", "order_reference"),
            Part("Files", "attachments"),
        )
        return helper

    def clean(self):
        super().clean()
        told = self._checked(intake.cleaned, self.complaint, on=clock.today()) or self.complaint
        self._checked(attachments.checked, told.attachments)
        if not told.name and "name" not in self.errors:
            self.add_error("name", "Tell us your name.")
        if not _reachable(told) and not {"email", "phone"} & self.errors.keys():
            self.add_error("email", UNREACHABLE)
        if self.errors:
            self.ask_for_files_again()
        return self.cleaned_data

    @property
    def complaint(self):
        """What the customer told us, ready for intake."""
        told = {field: self.cleaned_data.get(field, "") for field in TEXTS}
        if not any(told[field] for field in ("street", "city", "region", "postcode")):
            told["country"] = ""  # it was chosen beforehand, and says nothing alone
        return intake.Complaint(
            channel=Channel.FORM,
            received_on=clock.today(),
            attachments=tuple(self.cleaned_data.get("attachments") or ()),
            submission_key=self.cleaned_data["submission_key"],
            **told,
        )

    def repeats(self, case) -> bool:
        """Whether `case` came of the very same words and files."""
        complaint = intake.cleaned(self.complaint, on=clock.today())
        files = [row["sha256"] for row in attachments.checked(complaint.attachments)]
        return (
            all(getattr(case.customer, field) == getattr(complaint, field) for field in intake.PERSON)
            and all(
                getattr(case, field) == getattr(complaint, field) for field in ("story", "wanted", "order_reference")
            )
            and list(case.attachments.with_the_complaint().values_list("sha256", flat=True)) == files
        )

    def ask_for_files_again(self):
        """A browser never sends a file twice by itself."""
        if self.files.getlist("attachments"):
            self.add_error("attachments", FILES_AGAIN)

    def _checked(self, rule, *args, **day):
        """What `rule` makes of it. A fault that it finds is put at its field, unless that already says something."""
        try:
            return rule(*args, **day)
        except ValidationError as error:
            for field, said in error.message_dict.items():
                if field not in self.errors:
                    self.add_error(field if field in self.fields else None, said)


def _reachable(told) -> bool:
    address = Customer(street=told.street, city=told.city, country=told.country)
    return bool(told.email or told.phone or address.can_be_posted_to)


def typed(data) -> list[tuple[str, str]]:
    """Label and words of each field that somebody typed into, for whoever wants to copy them."""
    fields = ComplaintForm.base_fields
    written = (field for field in TEXTS if not isinstance(fields[field], forms.ChoiceField))
    return [(fields[field].label, data[field]) for field in written if data.get(field)]


def _with_key(data):
    """The data with a key of its own where somebody took the key away or made one up that is none."""
    if data is None:
        return None
    data = data.copy()
    try:
        uuid.UUID(data.get("submission_key", ""))
    except ValueError:
        data["submission_key"] = str(uuid.uuid4())
    return data
