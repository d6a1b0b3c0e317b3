"""Handing all open work of one person over to another: a lead chooses who takes it, sees what goes and what stays, says
why, and does it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from cases import handover
from cases.models import Case, Role, User
from casetracker import clock
from letters import decisions
from letters.models import Letter

from .desk import dress
from .forms import PersonField, WordsField, helper


class TakerForm(forms.Form):
    """Who takes it."""

    taker = PersonField(label="Who takes it over")

    def __init__(self, *args, giver, **kwargs):
        super().__init__(*args, **kwargs)
        able = Q(role__in=(Role.LEAD, Role.HANDLER)) | Q(is_superuser=True)
        self.fields["taker"].queryset = User.objects.filter(able, is_active=True).exclude(pk=giver.pk)
        dress(self)
        self.helper = helper()


class HandOverForm(TakerForm):
    """The same, and why."""

    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history of each case keeps it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["taker"].widget = forms.HiddenInput()


class HandsOver:
    """The half of the staff's pages that hands work over."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.hand_over_view)
        return [path("<int:pk>/hand-over/", page, name="cases_user_hand_over"), *super().get_urls()]

    def hand_over_view(self, request, pk):
        if not request.user.is_lead:
            raise PermissionDenied
        giver = get_object_or_404(User, pk=pk)
        form = HandOverForm(request.POST, giver=giver) if request.method == "POST" else None
        if form and form.is_valid():
            self._hand_over(request, giver, **form.cleaned_data)
            return HttpResponseRedirect(page_of(giver))
        choice = TakerForm(request.GET if "taker" in request.GET else None, giver=giver)
        taker = _chosen(choice) or (form and form.cleaned_data.get("taker"))
        return self._shown(request, giver, taker, choice, form)

    def _hand_over(self, request, giver, taker, reason):
        back = [letter.followup_id for letter in letters_that_stay(giver, taker, seen_by=request.user)]
        work = handover.hand_over(giver, taker, reason=reason, on=clock.today(), by=request.user, keep_back=back)
        gone = [it for it in work if not it.stays]
        if gone:
            messages.success(request, f"{taker} has taken over what {giver} had to do about {count(gone)}.")
        for it in work:
            if it.stays:
                messages.warning(request, f"{it.case.reference} stays: {it.stays}")

    def _shown(self, request, giver, taker, choice, form):
        work = handover.open_work(giver, seen_by=request.user)
        if taker:
            handover.for_taker(work, taker)
            form = form or HandOverForm(initial={"taker": taker.pk}, giver=giver)
        context = {
            "title": f"Hand over: {giver}",
            "giver": giver,
            "giver_is": giver.absence(on=clock.today()) if giver.is_active else "does not work here any more",
            "taker": taker,
            "taker_is": taker.absence(on=clock.today()) if taker else "",
            "goes": [it for it in work if not it.stays],
            "stays": [it for it in work if it.stays],
            "totals": totals([it for it in work if not it.stays]),
            "letters": letters_that_stay(giver, taker, seen_by=request.user) if taker else [],
            "choice": choice,
            "form": form,
            "back": reverse("admin:cases_user_change", args=[giver.pk]),
        }
        request.current_app = self.admin_site.name
        shown = self.admin_site.each_context(request) | {"model_admin": self} | context
        return TemplateResponse(request, "admin/cases/user/hand_over.html", shown)


def _chosen(choice):
    return choice.cleaned_data["taker"] if choice.is_bound and choice.is_valid() else None


def page_of(giver) -> str:
    return reverse("admin:cases_user_hand_over", args=[giver.pk])


def letters_that_stay(giver, taker, *, seen_by) -> list[Letter]:
    """The letters that wait for the approval of `giver` and that `taker` may not decide about, as far as `seen_by` may
    open their cases."""
    visible = Case.objects.visible_to(seen_by)
    waiting = (
        Letter.objects.to_approve()
        .filter(followup__owner=giver, case__in=visible)
        .select_related("approval_asked_by", "case")
    )
    return [letter for letter in waiting.defer("pdf", "body") if not decisions.may_decide(letter, taker)]


def totals(work) -> list[tuple[int, str]]:
    """How much goes, by what it is."""
    found = (
        (sum(it.looks_after for it in work), "case looked after", "cases looked after"),
        (sum(len(it.followups) for it in work), "follow-up", "follow-ups"),
        (sum(len(it.commitments) for it in work), "commitment", "commitments"),
    )
    return [(number, one if number == 1 else many) for number, one, many in found]


def count(work) -> str:
    return f"{len(work)} case{'' if len(work) == 1 else 's'}"
