"""Letter templates with their versions, and the letterhead: set up by leads, read by all."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm

from cases.admin.desk import DeskAdmin, dress
from cases.admin.forms import WordsField
from cases.models import Case
from casetracker import clock
from letters import facts, writing
from letters.models import Letterhead, LetterTemplate, TemplateVersion

from .picture import PictureField


class VersionForm(ModelForm):
    """The words of a template. Other words make a new version; the old ones stay with the letters made of them."""

    asking = None  # who writes

    subject = forms.CharField(max_length=200)
    body = WordsField(
        rows=26,
        max_length=40_000,
        help_text="Markdown with Liquid placeholders such as {{ reference }} or {{ handler }}.",
    )

    class Meta:
        model = LetterTemplate
        fields = ("kind", "language")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        newest = self.instance.versions.last() if self.instance.pk else None
        if newest:
            self.initial |= {"subject": newest.subject, "body": newest.body}
        dress(self)
        self.fields["body"].widget.attrs["class"] += " desk-letter-body"

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self._check_words(TemplateVersion(subject=cleaned["subject"], body=cleaned["body"], number=0))
        return cleaned

    def _check_words(self, version):
        """The words must be able to become a letter: tried with a case that this person may open."""
        version.template = self.instance
        case = Case.objects.visible_to(self.asking).last()
        try:
            writing.filled(version, facts.of(case, kind=version.template.kind, language="en"))
        except writing.CannotDraft as error:
            raise ValidationError({"body": str(error)}) from None


@admin.register(LetterTemplate)
class LetterTemplateAdmin(DeskAdmin):
    form = VersionForm
    list_display = ("kind", "language", "versions_so_far")
    list_filter = ("kind", "language")
    change_form_outer_after_template = "admin/letters/lettertemplate/versions.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_readonly_fields(self, request, obj=None):
        return ("kind", "language") if obj else ()

    def get_fieldsets(self, request, obj=None):
        """Who may not write a version reads them all below."""
        words = ("subject", "body") if self.has_change_permission(request, obj) else ()
        return ((None, {"fields": (("kind", "language"), *words)}),)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.asking = request.user
        return form

    def change_view(self, request, object_id, form_url="", extra_context=None):
        template = self.get_object(request, object_id)
        versions = template.versions.order_by("-number") if template else ()
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"versions": versions})

    def save_model(self, request, obj, form, change):
        """A new version, if the words are new."""
        if not change:
            super().save_model(request, obj, form, change)
        if {"subject", "body"} & set(form.changed_data):
            TemplateVersion.objects.create(
                template=obj,
                number=obj.versions.count() + 1,
                subject=form.cleaned_data["subject"],
                body=form.cleaned_data["body"],
                made_at=clock.now(),
                made_by_name=str(request.user),
            )

    @admin.display(description="Versions")
    def versions_so_far(self, template):
        return len(template.versions.all())


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
