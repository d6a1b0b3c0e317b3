"""Organisations: the names under which customers know the house. Set up by leads, never deleted."""

from django import forms
from django.contrib import admin, messages
from unfold.widgets import UnfoldAdminSelectWidget

from cases.deadlines import NoCalendar
from cases.deadlines.published import published
from cases.models import Deadline, Organisation
from casetracker import clock

from .desk import DeskAdmin, dress
from .rules import regime_choices


class OrganisationForm(forms.ModelForm):
    regime = forms.ChoiceField(
        label="Rules",
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="What its complaints go by besides the house's own, from the next one on. They can be read under "
        "Set up, Rules. Compare those that are unchecked with their source first.",
    )

    class Meta:
        model = Organisation
        fields = ("name", "country", "region", "regime", "team")
        help_texts = {
            "country": "Whose working days count for its cases. Empty: those of the house.",
            "team": "Who sees its complaints, from the next one on. Empty: everybody.",
            "region": "A part of the country with holidays of its own, by its code: SCT for Scotland. Mostly empty.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "regime" in self.fields:
            self.fields["regime"].choices = regime_choices("None: the house's alone")
        dress(self)

    def clean(self):
        cleaned = super().clean()
        country = str(cleaned.get("country") or "")
        if country:
            self._check_that_days_are_known(country, cleaned)
        elif cleaned.get("region"):
            self.add_error("country", "Choose the country that this region is a part of.")
        return cleaned

    def _check_that_days_are_known(self, country, cleaned):
        typed = cleaned.get("region", "").strip()
        cleaned["region"] = next((it for it in (typed, typed.upper()) if not _unknown(country, it)), typed)
        if said := _unknown(country, ""):
            self.add_error("country", said)
        elif said := _unknown(country, cleaned["region"]):
            self.add_error("region", said)


def _unknown(country, region) -> str:
    """Why no working days are known there this year; empty when they are."""
    try:
        published(country, region, clock.today().year)
    except NoCalendar as error:
        return str(error)
    return ""


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    form = OrganisationForm
    list_display = ("name", "country", "region", "goes_by", "team")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        ("Its working days", {"fields": (("country", "region"),)}),
        ("Its complaints", {"fields": ("regime", "team")}),
    )

    @admin.display(description="Rules", ordering="regime")
    def goes_by(self, organisation):
        return dict(regime_choices("")).get(organisation.regime, organisation.regime) or None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        moved_house = {"country", "region"} & set(form.changed_data)
        if moved_house and Deadline.objects.running().filter(case__organisation=obj).exists():
            messages.warning(
                request,
                "The deadlines of its open cases stay as they are. Under Set up, Days off, “Count anew” shows how they "
                "would move.",
            )
