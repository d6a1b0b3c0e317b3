"""Our own days off and extra working days, kept by leads. Each change first shows which open cases move because of it;
nothing moves, and nothing is saved, before that was seen."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from cases import retiming
from cases.days_off import Change, in_full, objection
from cases.models import CalendarDay, Organisation, Refused
from casetracker import clock

from . import moves
from .calendars import known_anyway
from .desk import DeskAdmin, dress
from .forms import DayField, helper

GET_OR_POST = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class DayForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="For whom", empty_label="The whole house", required=False
    )
    day = DayField(label="Day")
    works = forms.TypedChoiceField(
        label="On that day",
        choices=((False, "Nobody works"), (True, "We work, although the calendar says otherwise")),
        coerce=lambda value: value == "True",
        initial=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="Why", max_length=100, help_text="As it stands wherever a date is explained: “Office moves”."
    )

    def __init__(self, *args, before, on, **kwargs):
        kept = {name: getattr(before, name) for name in self.base_fields} if before else {}
        super().__init__(*args, initial=kept, **kwargs)
        self.before, self.on = before, on
        self.fields["day"].widget.attrs["min"] = f"{on}"
        if not Organisation.objects.exists():
            del self.fields["organisation"]
        dress(self)
        self.helper = helper()

    def change(self) -> Change:
        """The day before and after. Only for a form without faults."""
        return Change(self.before, CalendarDay(pk=self.before and self.before.pk, **self.cleaned_data))

    def clean(self):
        cleaned = super().clean()
        said = "" if self.errors else objection(self.change(), on=self.on)
        if said:
            self.add_error("day", said)
        return cleaned


@admin.register(CalendarDay)
class DaysOffAdmin(DeskAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cases_calendarday_changelist"),
            path("add/", wrap(self.add_view), name="cases_calendarday_add"),
            path("anew/", wrap(self.anew_view), name="cases_calendarday_anew"),
            path("<int:pk>/change/", wrap(self.change_view), name="cases_calendarday_change"),
            path("<int:pk>/remove/", wrap(self.remove_view), name="cases_calendarday_remove"),
        ]

    # --- the list ---

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        self._check_may_work(request)
        today = clock.today()
        days = list(CalendarDay.objects.select_related("organisation"))
        context = {
            "title": "Days off",
            "coming": [day for day in days if day.day >= today],
            "past": [day for day in reversed(days) if day.day < today],
            "known": known_anyway(on=today),
        }
        return self._shown(request, "list.html", context)

    # --- a day ---

    @GET_OR_POST
    def add_view(self, request, form_url="", extra_context=None):
        self._check_may_work(request)
        return self._written(request, None)

    @GET_OR_POST
    def change_view(self, request, pk, form_url="", extra_context=None):
        self._check_may_work(request)
        return self._written(request, get_object_or_404(CalendarDay, pk=pk))

    @GET_OR_POST
    def remove_view(self, request, pk):
        self._check_may_work(request)
        change = Change(get_object_or_404(CalendarDay.objects.select_related("organisation"), pk=pk), None)
        said = objection(change, on=clock.today())
        if said:
            messages.warning(request, said)
            return self._to_the_list()
        return self._in_two_steps(request, change)

    def _written(self, request, before):
        """The form of a day, and once it can be read, what it would move."""
        form = DayForm(request.POST or None, before=before, on=clock.today())
        if form.is_valid() and "again" not in request.POST:
            return self._in_two_steps(request, form.change(), day_form=form)
        context = {"form": form, "title": f"{before}" if before else "A day off", "before": before}
        return self._shown(request, "day.html", context)

    def _in_two_steps(self, request, change, *, day_form=None):
        def save(wanted, **how):
            return retiming.save(change, wanted, **how)

        context = {"change": change, "day_form": day_form, "asked": words(change)}
        outlook = retiming.of_a_day(change, by=request.user)
        return self._moves(request, outlook, save, first_reason=words(change), context=context)

    # --- counting anew ---

    @GET_OR_POST
    def anew_view(self, request):
        self._check_may_work(request)
        outlook = retiming.anew(by=request.user)
        context = {"asked": "Count anew", "is_anew": True}
        return self._moves(request, outlook, retiming.apply, first_reason="", context=context)

    # --- what would move ---

    def _moves(self, request, outlook, do, *, first_reason, context):
        """The page of the moves; with its button pressed, `do(moves, ...)` is done and what stayed is said."""
        pressed = request.POST if "move" in request.POST else None
        form = moves.MovesForm(pressed, outlook=outlook, user=request.user, initial={"reason": first_reason})
        if form.is_valid():
            how = {"why": form.cleaned_data.get("reason") or first_reason, "promised": form.ticked}
            try:
                stayed = do(outlook.moves, **how, on=clock.today(), by=request.user)
            except Refused as refused:
                messages.warning(request, str(refused))
                return self._to_the_list()
            moves.tell(request, form, stayed)
            return self._to_the_list()
        return self._shown(request, "moves.html", {"title": "What would move"} | context | moves.shown(form))

    # --- inside ---

    def _check_may_work(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _to_the_list(self):
        return HttpResponseRedirect(reverse("admin:cases_calendarday_changelist"))

    def _shown(self, request, name, context):
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/cases/calendarday/{name}",
            self.admin_site.each_context(request) | context,
        )


def words(change) -> str:
    """What the change says, as the history keeps it."""
    return "; ".join(filter(None, (_gone(change), _there(change))))


def _gone(change) -> str:
    before = change.before
    if not before or (change.after and _same_day(before, change.after)):
        return ""
    return (
        f"{in_full(before.day)} is no {'working day' if before.works else 'day off'} of ours any more ({before.name})"
    )


def _there(change) -> str:
    after = change.after
    if not after:
        return ""
    return f"{in_full(after.day)} is a {'working day' if after.works else 'day off'}: {after.name}"


def _same_day(one, other) -> bool:
    return (one.day, one.works, one.organisation_id) == (other.day, other.works, other.organisation_id)
