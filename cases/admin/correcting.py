"""Corrective actions and trends: what waits, an action beside the figures that judge it, how a trend is answered."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases import corrective, rights, trends
from cases.models import Case, CorrectiveAction, Of, Refused, Role, RootCause, Trend, User
from casetracker import clock

from .desk import dress
from .forms import DayField, PersonField, WordsField, helper

MOST = 100  # rows of a list; the newest of those that are over
CASES_SHOWN = 25


class _Form(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
        self.helper = helper()


class ActionForm(_Form):
    cause = forms.ChoiceField(choices=RootCause.choices, label="Against which root cause")
    what = forms.CharField(max_length=300, label="What is done")
    why = WordsField(label="Why this helps", rows=3, required=False)
    owner = PersonField(label="Who sees to it")
    due_on = DayField(label="Done by")
    check_on = DayField(label="Checked on", help_text="When somebody looks at the figures: did it help?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        able = Q(role__in=(Role.LEAD, Role.HANDLER)) | Q(is_superuser=True)
        self.fields["owner"].queryset = User.objects.filter(able, is_active=True)


class DoneForm(_Form):
    how = WordsField(label="What was done", rows=4)


class CheckForm(_Form):
    effective = forms.ChoiceField(
        choices=[("yes", "Yes, it helped"), ("no", "No: something else has to be done")],
        widget=forms.RadioSelect,
        label="Did it help?",
    )
    found = WordsField(label="What the figures say", rows=4)


class AnswerForm(_Form):
    words = WordsField(label="Why nothing has to be done", rows=4)


# --- the list ---


@require_safe
def list_page(request):
    on = clock.today()
    actions = CorrectiveAction.objects.all()
    asked = corrective.without_successor()
    later = actions.filter(done_on__isnull=False, checked_on=None, check_on__gt=on)
    context = {
        "title": "Corrective actions",
        "today": on,
        "trends": Trend.objects.unanswered()[:MOST],
        "groups": [
            ("Did not help: a new one is asked for", asked[:MOST]),
            ("Overdue", actions.overdue(on=on)[:MOST]),
            ("To be checked: did it help?", actions.to_check(on=on)[:MOST]),
            ("Outstanding", actions.outstanding().filter(due_on__gte=on)[:MOST]),
            ("Done, to be checked later", later[:MOST]),
            ("Checked", actions.filter(checked_on__isnull=False).order_by("-checked_on")[:MOST]),
        ],
        "answered": Trend.objects.exclude(answered_on=None).select_related("action")[:20],
        "may_correct": rights.may_correct_causes(request.user),
    }
    return _shown(request, "list.html", context)


# --- a new one ---


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request):
    _check_may(request)
    on, case, trend = clock.today(), _case(request), _trend(request)
    first = {"cause": (case and case.root_cause) or (trend and trend.of == Of.CAUSE and trend.value)}
    form = ActionForm(request.POST or None, initial=first | {"cause": first["cause"] or request.GET.get("cause", "")})
    if form.is_bound and form.is_valid():
        action = _opened(form, case, trend, on=on, by=request.user)
        if action:
            messages.success(request, "Opened. Its owner and the leads hear of it when it is overdue.")
            return HttpResponseRedirect(_page(action))
    context = {"title": "New corrective action", "form": form, "case": case, "trend": trend}
    return _shown(request, "new.html", context)


def _opened(form, case, trend, *, on, by):
    try:
        action = corrective.open_action(**form.cleaned_data, cases=[case] if case else [], on=on, by=by)
    except ValidationError as error:
        for name, found in error.message_dict.items():
            form.add_error(name, found)
        return None
    if trend and trend.answered_on is None:
        trends.answer(trend, action=action, on=on, by=by)
    return action


def _case(request):
    asked = request.GET.get("case", "")
    visible = Case.objects.visible_to(request.user)
    return get_object_or_404(visible, pk=asked) if asked.isdecimal() else None


def _trend(request):
    asked = request.GET.get("trend", "")
    return get_object_or_404(Trend, pk=asked) if asked.isdecimal() else None


# --- one of them ---


@require_http_methods(["GET", "HEAD", "POST"])
def action_page(request, pk):
    action = get_object_or_404(CorrectiveAction, pk=pk)
    form = None
    if request.method == "POST":
        _check_may(request)
    if rights.may_correct_causes(request.user):
        form = _form(action, request)
    if form and form.is_bound and form.is_valid() and _carried_out(action, form, request):
        return HttpResponseRedirect(_page(action))
    on, visible = clock.today(), Case.objects.visible_to(request.user)
    months = corrective.by_month(action, visible, on=on)
    context = {
        "title": action.what,
        "action": action,
        "form": form,
        "months": months,
        "most": max((month.number for month in months), default=0) or 1,
        "before": corrective.per_month(months, "before"),
        "after": corrective.per_month(months, "after"),
        "cases": visible.filter(corrective_actions=action)[:CASES_SHOWN],
        "late": action.done_on is None and action.due_on < on,
        "asked_for": corrective.without_successor().filter(pk=action.pk).exists(),
        "may_correct": rights.may_correct_causes(request.user),
    }
    return _shown(request, "action.html", context)


def _form(action, request):
    """What is to be said about the action next; None when it is over."""
    if action.checked_on:
        return None
    return (CheckForm if action.done_on else DoneForm)(request.POST or None)


def _carried_out(action, form, request) -> bool:
    on, said = clock.today(), form.cleaned_data
    try:
        if isinstance(form, DoneForm):
            corrective.do(action, how=said["how"], on=on)
        else:
            corrective.check(action, said["effective"] == "yes", found=said["found"], on=on, by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, "Noted.")
    return True


# --- a trend ---


@require_http_methods(["GET", "HEAD", "POST"])
def trend_page(request, pk):
    trend = get_object_or_404(Trend.objects.select_related("action"), pk=pk)
    if request.method == "POST":
        _check_may(request)
    form = AnswerForm(request.POST or None) if trend.answered_on is None else None
    if form and form.is_bound and form.is_valid():
        try:
            trends.answer(trend, words=form.cleaned_data["words"], on=clock.today(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Answered. It comes up again if as many come after today.")
            return HttpResponseRedirect(reverse("admin:cases_actions"))
    context = {
        "title": f"{trend.get_of_display()}: {trend.what}",
        "trend": trend,
        "cases": trends.cases_of(trend).visible_to(request.user)[:CASES_SHOWN],
        "form": form if rights.may_correct_causes(request.user) else None,
    }
    return _shown(request, "trend.html", context)


# --- inside ---


def _check_may(request):
    if not rights.may_correct_causes(request.user):
        raise PermissionDenied


def _page(action) -> str:
    return reverse("admin:cases_action", args=[action.pk])


def _shown(request, template, context):
    request.current_app = admin.site.name
    shown = admin.site.each_context(request) | context
    return TemplateResponse(request, f"admin/cases/correcting/{template}", shown)
