"""The page itself: it is shown, answered, and written on."""

import logging
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from cases import views
from cases.models import Case, Medium, Refused
from casetracker import clock

from . import page
from .forms import AnswerForm, MessageForm, typed
from .words import OTHERWISE, Words

log = logging.getLogger(__name__)

MESSAGES_A_DAY = 20  # a person has that much to say, and not more, and each is told to somebody at once


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def my_case(request, page_key):
    """One complaint as its customer may see it: their words, our promises, what we ask them, and nothing that is for us
    alone."""
    if request.method != "POST":
        return _shown(request, _case_of(page_key), sent="sent" in request.GET)
    says = Words(OTHERWISE)
    try:
        case = _case_of(page_key)
        says = Words(case.language)
        return _taken(request, case, says)
    except (OperationalError, InterfaceError):
        log.exception("what a customer wrote could not be saved")
        unsaved = {"title": says.say("not_saved", "title"), "typed": typed(request.POST)}
        return _page(request, "cases/mine/not_saved.html", says, status=HTTPStatus.SERVICE_UNAVAILABLE, **unsaved)


def _taken(request, case, says):
    data = views.words_of(request)
    return _answered(request, case, data, says) if "question" in data else _heard(request, case, data, says)


def _case_of(page_key):
    return get_object_or_404(Case.objects.select_related("customer", "handler"), page_key=page_key)


def _shown(request, case, form=None, **how):
    said = page.everything(case, request.path, on=clock.today(), form=form, **how)
    return _private(views.page(request, "cases/mine/page.html", **said))


def _page(request, template, says, *, status, **context):
    return _private(views.page(request, template, status=status, **page.spoken(says), **context))


def _private(response):
    """No other site hears of the address, and no search engine keeps it."""
    response["Referrer-Policy"] = "same-origin"  # not "no-referrer": browsers would then post the answer from nowhere
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- they write to us ---


def _heard(request, case, data, says):
    """The message is kept, once, or shown again with what is wrong with it."""
    form = MessageForm(data, says=says)
    if form.is_valid() and _wrote_too_often(case):
        form.add_error("words", says.say("message", "too_many"))
    if not form.is_valid():
        return _shown(request, case, form)
    key = form.cleaned_data["key"]
    case.hear(form.cleaned_data["words"], medium=Medium.PAGE, on=clock.today(), submission_key=key)
    return redirect(f"{request.path}?sent#messages")


def _wrote_too_often(case) -> bool:
    today = case.conversations.from_the_customer().filter(medium=Medium.PAGE, held_on=clock.today())
    return today.count() >= MESSAGES_A_DAY


# --- they answer what we ask ---


def _answered(request, case, data, says):
    """The customer's answer is kept, or shown again with what is wrong with it."""
    asked = data["question"]
    question = case.asked().filter(pk=asked if asked.isdecimal() else None).first()
    if question is None:
        raise Http404
    form = AnswerForm(data, question=question, says=says)
    if question not in case.questions():
        return _not_taken(request, case, form, says)
    if not form.is_valid():
        return _shown(request, case, form)
    try:
        case.take_answer(question, **form.cleaned_data, on=clock.today())
    except Refused:  # at this moment somebody answered, or reopened the case
        return _not_taken(request, case, form, says)
    return redirect("cases:my_case", case.page_key)


def _not_taken(request, case, form, says):
    """What is answered already, or not asked any more, stays as it is; nothing that was typed is lost."""
    given = case.answers().filter(followup=form.question).first()
    if given and form.repeats(given):
        return redirect("cases:my_case", case.page_key)
    why, day = ("before", timezone.localdate(given.given_at)) if given else ("moved", None)
    said = {
        "title": says.say("not_taken", "title"),
        "headline": says.say("not_taken", why),
        "more": says.say("not_taken", f"{why}_more", day=day),
        "typed": typed(form.data),
    }
    return _page(request, "cases/mine/not_taken.html", says, status=HTTPStatus.CONFLICT, case=case, **said)
