"""The letterheads: set up by leads, read by all."""

from django.contrib import admin
from django.forms import ModelForm

from cases.admin.desk import DeskAdmin, dress
from letters.models import Letterhead

from .picture import PictureField


class LetterheadForm(ModelForm):
    class Meta:
        model = Letterhead
        fields = (
            *("organisation", "name", "street", "city", "region", "postcode", "country"),
            *("phone", "email", "website", "registration_line", "style", "paper", "colour", "logo"),
        )
        field_classes = {"logo": PictureField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "logo" in self.fields:
            self.fields["logo"].help_text = "A logo is set." if self.instance.logo else "No logo yet."
        dress(self)


@admin.register(Letterhead)
class LetterheadAdmin(DeskAdmin):
    form = LetterheadForm
    list_display = ("name", "organisation", "city", "country", "in_use")
    list_select_related = ("organisation",)

    def get_fieldsets(self, request, obj=None):
        """The logo is uploaded here; it is seen on a letter."""
        logo = ("logo",) if self.has_change_permission(request, obj) else ()
        return (
            ("Sender", {"fields": (("organisation", "name"), "street", ("postcode", "city"), ("region", "country"))}),
            ("How to reach us", {"fields": (("phone", "email"), "website")}),
            ("On the paper", {"fields": ("registration_line", ("style", "paper"), ("colour", *logo))}),
        )

    @admin.display(description="In use", boolean=True)
    def in_use(self, row):
        return row == Letterhead.objects.in_use(row.organisation)
