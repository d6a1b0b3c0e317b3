"""What all pages of the admin share: nothing is deleted, and what somebody may not see does not exist for them."""

from django import forms
from django.http import Http404
from unfold.admin import ModelAdmin
from unfold.views import ChangeList
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from cases import deadlines

from .capped import FirstPages

CLOSED_DOORS = ("_delete", "_history")  # rows stay, and a case tells its own history

CLOTHES = (
    (forms.Textarea, TEXTAREA_CLASSES),
    (forms.CheckboxInput, CHECKBOX_CLASSES),
    (forms.Select, SELECT_CLASSES),
    (forms.widgets.Input, INPUT_CLASSES),
)


class DeskList(ChangeList):
    def get_filters(self, request):
        """The list that a tab stands for is no filter that somebody has to know of or take off."""
        specs, _, rest, doubled, _ = super().get_filters(request)
        filters = [spec for spec in specs if getattr(spec, "parameter_name", "") != "list"]
        chosen = [value for spec in filters for value in spec.used_parameters.values() if value not in ("", [""])]
        return specs, bool(filters), rest, doubled, bool(chosen)

    def get_results(self, request):
        """A list that nobody searches says nothing about how many of all rows it holds."""
        super().get_results(request)
        if not self.query:
            self.full_result_count = self.result_count


class DeskAdmin(ModelAdmin):
    actions = None
    paginator = FirstPages
    show_full_result_count = False
    list_per_page = 50

    def get_urls(self):
        return [url for url in super().get_urls() if not (url.name or "").endswith(CLOSED_DOORS)]

    def get_changelist(self, request, **kwargs):
        return DeskList

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A row that is not there, or not for this person, is a plain 404: no message tells the two apart."""
        raise Http404


def dress(form):
    """Every field of `form` wears the theme's clothes and lets its text run in its own direction."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.HiddenInput) or "admin-autocomplete" in field.widget.attrs.get("class", ""):
            continue
        clothes = next((classes for kind, classes in CLOTHES if isinstance(field.widget, kind)), ())
        field.widget.attrs["class"] = " ".join(clothes)
        if isinstance(field.widget, forms.Textarea) or type(field) is forms.CharField:
            field.widget.attrs.setdefault("dir", "auto")
    return form


def due_in_words(due_on, *, on, calendar) -> str:
    """How a day that something is due on lies to the day `on`, in working days."""
    if due_on == on:
        return "today"
    days = deadlines.working_days_between(on, due_on, calendar=calendar)
    plural = "" if abs(days) == 1 else "s"
    if due_on > on:
        return f"in {days} working day{plural}" if days else "on a day off"
    return f"overdue by {-days} working day{plural}" if days else "overdue"
