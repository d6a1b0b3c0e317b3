"""Record a complaint that came by phone, letter or in person: a form that ends in `intake.receive`."""

import uuid
from dataclasses import fields

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django_countries import countries
from unfold.fields import UnfoldAdminAutocompleteModelChoiceField

from cases import intake
from cases.models import Channel, Customer, Organisation, Title

from .desk import dress
from .forms import DayField, FilesField, WordsField, helper

PERSON = ("title", "name", "email", "phone", "street", "postcode", "city", "region", "country")
NEEDS = ("no_phone", "large_print", "adjustments", "vulnerability")


class RecordForm(forms.Form):
    """What the customer told us, as somebody of ours types it in. Every rule about it is intake's own."""

    channel = forms.ChoiceField(choices=Channel.choices, initial=Channel.PHONE, label="How it came in")
    received_on = DayField(label="Received on", help_text="The clock runs from this day, whenever it is typed in.")
    language = forms.ChoiceField(choices=settings.LANGUAGES, label="Language for letters")
    subject = forms.CharField(required=False, help_text="A short line for lists. Empty: their first words.")
    story = WordsField(label="What happened", rows=9, max_length=None, required=False, help_text="In their own words.")
    wanted = WordsField(label="Outcome wanted", rows=3, max_length=None, required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Complains about", required=False, empty_label="The house itself"
    )
    order_reference = forms.CharField(label="Order or reference number", required=False)
    product = forms.CharField(required=False)
    customer = UnfoldAdminAutocompleteModelChoiceField(
        url_path="admin:cases_customer_pick",
        queryset=Customer.objects.none(),
        label="A customer whom we know",
        required=False,
        help_text="Search by name, e-mail, phone or town. Otherwise leave this empty and fill in the person below.",
    )
    title = forms.ChoiceField(choices=[("", "–"), *Title.choices], required=False)
    name = forms.CharField(required=False)
    email = forms.CharField(label="E-mail", required=False)
    phone = forms.CharField(required=False)
    street = forms.CharField(label="Street and house", required=False)
    postcode = forms.CharField(required=False)
    city = forms.CharField(label="Town or city", required=False)
    region = forms.CharField(label="County, state or region", required=False)
    country = forms.ChoiceField(choices=lambda: [("", "–"), *countries], required=False)
    no_phone = forms.BooleanField(label="No phone calls", required=False, help_text="They asked not to be rung up.")
    large_print = forms.BooleanField(label="Large print", required=False, help_text="Letters are set in large type.")
    adjustments = forms.CharField(
        required=False, help_text="What else we do differently for them, such as “short sentences”."
    )
    vulnerability = forms.CharField(
        required=False,
        help_text="What makes it harder for them to deal with us, if they told us. Never printed.",
    )
    attachments = FilesField(
        label="Files", required=False, help_text="After an error, choose the files again: browsers forget them."
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, on, customers, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        self.initial.setdefault("received_on", on)
        self.initial.setdefault("submission_key", uuid.uuid4())
        picked = str(self.data.get("customer", "") if self.is_bound else self.initial.get("customer", ""))
        # one row at most: the widget would list every customer that its queryset holds
        self.fields["customer"].queryset = customers.filter(pk=picked) if picked.isdecimal() else customers.none()
        if not Organisation.objects.exists():
            del self.fields["organisation"]
        self.fields["received_on"].widget.attrs |= {"max": f"{on}", "min": f"{intake.EARLIEST}"}
        dress(self)
        self.helper = helper()
        self.helper.layout = self.layout()

    def layout(self):
        return Layout(
            "submission_key",
            Fieldset(
                "The complaint", Row(Column("channel"), Column("received_on"), Column("language")), "story", "wanted"
            ),
            Fieldset(
                "The customer",
                "customer",
                Row(Column("title", css_class="desk-narrow"), Column("name")),
                Row(Column("email"), Column("phone")),
                "street",
                Row(Column("postcode", css_class="desk-narrow"), Column("city")),
                Row(Column("region"), Column("country")),
            ),
            Fieldset("What they need", Row(Column("no_phone"), Column("large_print")), "adjustments", "vulnerability"),
            Fieldset(
                "For the case",
                "subject",
                *self.organised(),
                Row(Column("order_reference"), Column("product")),
                "attachments",
            ),
        )

    def organised(self):
        return ["organisation"] if "organisation" in self.fields else []

    def complaint(self) -> intake.Complaint:
        known = {field.name for field in fields(intake.Complaint)}
        told = {name: value for name, value in self.cleaned_data.items() if name in known}
        return intake.Complaint(**told | {"attachments": tuple(told.get("attachments") or ())})

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("customer") and any(cleaned.get(name) for name in (*PERSON, *NEEDS)):
            self.add_error("customer", "Choose a customer whom we know, or fill in the person, not both.")
        if not self.errors:
            self.take_faults()
        return cleaned

    def take_faults(self):
        """Show intake's own objections at their fields."""
        try:
            intake.cleaned(self.complaint(), on=self.on)
        except ValidationError as error:
            self.take(error)

    def take(self, error):
        for name, found in error.error_dict.items():
            self.add_error(name if name in self.fields else None, found)
