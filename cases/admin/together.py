"""Doing the same to the cases that were ticked in the worklist: a page says what will be done to which, and does it."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action

from cases import together
from cases.models import Case, Role, Tag, User
from cases.rights import may_lead, may_work
from casetracker import clock

from .desk import dress
from .forms import PersonField, WordsField, helper


class Form(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepare()
        dress(self)
        self.helper = helper()

    def prepare(self):
        """Fit the fields to what there is."""


class AssignForm(Form):
    person = PersonField(label="Who looks after them")
    although_away = forms.BooleanField(label="Although they are away", required=False)

    def prepare(self):
        able = Q(role__in=(Role.LEAD, Role.HANDLER)) | Q(is_superuser=True)
        self.fields["person"].queryset = User.objects.filter(able, is_active=True)

    def clean(self):
        cleaned, on = super().clean(), clock.today()
        person = cleaned.get("person")
        if person and person.away_on(on) and not cleaned.get("although_away"):
            back = f"{person} is {person.absence(on=on)}."
            self.add_error("person", f"{back} Choose somebody else, or tick below that they get them all the same.")
        return cleaned


class HandOverForm(AssignForm):
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history of each case keeps it.")


class TagForm(Form):
    tag = forms.CharField(max_length=40, help_text="A new word makes a new tag.")

    def prepare(self):
        known = ", ".join(Tag.objects.values_list("name", flat=True)[:30])
        if known:
            self.fields["tag"].help_text += f" There are: {known}."


class UntagForm(Form):
    tag = forms.ModelChoiceField(Tag.objects.all(), to_field_name="name")

    def clean_tag(self):
        return self.cleaned_data["tag"].name


# by the name of the action: what is done, how it is asked, its button, who may, and what it says afterwards
DEEDS = {
    "assign_them": (together.Assign, AssignForm, "Assign", may_lead, "looked after by {person} now"),
    "hand_them_over": (together.HandOver, HandOverForm, "Hand over", may_lead, "handed over to {person}"),
    "tag_them": (together.Tag, TagForm, "Tag", may_work, "tagged “{tag}”"),
    "untag_them": (together.Untag, UntagForm, "Take a tag off", may_work, "without the tag “{tag}” now"),
}


class DoesTogether:
    """The half of the worklist that does the same to many cases."""

    actions = ("assign_them", "hand_them_over", "tag_them", "untag_them")

    def get_actions(self, request):
        offered = super().get_actions(request)
        return {name: it for name, it in offered.items() if name in DEEDS and DEEDS[name][3](request.user)}

    @action(description="Assign …")
    def assign_them(self, request, queryset):
        return self._together(request, queryset, "assign_them")

    @action(description="Hand over …")
    def hand_them_over(self, request, queryset):
        return self._together(request, queryset, "hand_them_over")

    @action(description="Tag …")
    def tag_them(self, request, queryset):
        return self._together(request, queryset, "tag_them")

    @action(description="Take a tag off …")
    def untag_them(self, request, queryset):
        return self._together(request, queryset, "untag_them")

    def _together(self, request, queryset, name):
        kind, form, label, may, said = DEEDS[name]
        if not may(request.user):
            raise PermissionDenied
        keys = list(queryset.order_by().values_list("pk", flat=True)[: together.MOST + 1])
        if len(keys) > together.MOST:
            messages.error(request, f"At most {together.MOST} cases at once. Narrow the list first.")
            return HttpResponseRedirect(request.get_full_path())
        cases = Case.objects.visible_to(request.user).filter(pk__in=keys)
        form = form(request.POST if "step" in request.POST else None)
        deed = kind(cases, form.cleaned_data) if form.is_bound and form.is_valid() else None
        if deed and request.POST["step"] == "do":
            self._do_them(request, deed, said)
            return HttpResponseRedirect(request.get_full_path())
        return self._planned(request, name, label, cases, form, deed)

    def _do_them(self, request, deed, said):
        planned = together.carry_out(deed, on=clock.today(), by=request.user)
        done = sum(not it.stays for it in planned)
        if done:
            messages.success(request, f"{_count(done)} {said.format(**deed.told)}.")
        for it in planned:
            if it.stays:
                messages.warning(request, f"{it.case.reference} is left out: {it.stays}")

    def _planned(self, request, name, label, cases, form, deed):
        planned = together.plan(deed) if deed else [together.Planned(case) for case in cases.select_related("customer")]
        context = {
            "title": f"{label}: {_count(len(planned))}",
            "action": name,
            "label": label,
            "form": form,
            "planned": deed is not None,
            "goes": [it for it in planned if not it.stays],
            "stays": [it for it in planned if it.stays],
            "box": ACTION_CHECKBOX_NAME,
            "keys": [it.case.pk for it in planned],
            "back": request.get_full_path(),
        }
        request.current_app = self.admin_site.name
        shown = self.admin_site.each_context(request) | {"model_admin": self} | context
        return TemplateResponse(request, "admin/cases/case/together.html", shown)


def _count(number) -> str:
    return f"{number} case{'' if number == 1 else 's'}"
