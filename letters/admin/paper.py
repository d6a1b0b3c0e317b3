"""The letterheads: set up by leads, read by all."""

from django.contrib import admin
from django.forms import ModelForm
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from cases.admin.desk import DeskAdmin, dress
from casetracker import clock
from letters import library, press, trial, writing
from letters.models import Kind, Letterhead
from letters.sheet import CannotRender

from .letter import pdf
from .picture import PictureField


class LetterheadForm(ModelForm):
    logo = PictureField(required=False)

    class Meta:
        model = Letterhead
        fields = (
            *("organisation", "name", "street", "city", "region", "postcode", "country"),
            *("phone", "email", "website", "registration_line", "style", "paper", "colour", "logo"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "logo" in self.fields:
            self.fields["logo"].help_text = (
                "A logo is set; choose another to replace it." if self.instance.logo else "SVG, PNG or JPEG."
            )
        dress(self)


@admin.register(Letterhead)
class LetterheadAdmin(DeskAdmin):
    form = LetterheadForm
    list_display = ("name", "organisation", "city", "country", "in_use")
    list_select_related = ("organisation",)
    change_form_outer_after_template = "admin/letters/letterhead/sample.html"

    def get_urls(self):
        sample = self.admin_site.admin_view(self.sample_view)
        return [path("<int:pk>/sample/", sample, name="letters_letterhead_sample"), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        """The logo is uploaded here; it is seen on a letter."""
        logo = ("logo",) if self.has_change_permission(request, obj) else ()
        return (
            ("Sender", {"fields": (("organisation", "name"), "street", ("postcode", "city"), ("region", "country"))}),
            ("How to reach us", {"fields": (("phone", "email"), "website")}),
            ("On the paper", {"fields": ("registration_line", ("style", "paper"), ("colour", *logo))}),
        )

    @method_decorator(require_safe)
    def sample_view(self, request, pk):
        """The starter resolution letter on this paper."""
        letterhead = get_object_or_404(Letterhead, pk=pk)
        version = library.current_version(Kind.RESOLUTION, writing.HOUSE_LANGUAGE)
        try:
            content = press.render_pdf(trial.specimen(version, letterhead=letterhead, on=clock.today()))
        except CannotRender as error:
            return TemplateResponse(
                request, "admin/letters/letter/not_set.html", {"problems": error.problems}, status=422
            )
        return pdf(content, name=f"letterhead-{letterhead.pk}.pdf")

    @admin.display(description="In use", boolean=True)
    def in_use(self, row):
        return row == Letterhead.objects.in_use(row.organisation)
