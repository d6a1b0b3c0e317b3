"""The customers' pages: the form, the page of their own case, and what is said when something goes wrong."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cases import health, intake
from cases.forms import AnswerForm, ComplaintForm, typed, typed_answer
from cases.models import Attachment, Case, Kind, Refused
from cases.stages import Exit, Stage
from casetracker import clock

log = logging.getLogger(__name__)


# --- the form ---


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(
    private=True, no_cache=True
)  # each form shown has a key of its own; "back" may still find what was typed
def complain(request):
    if request.method != "POST":
        return _page(request, "cases/complain.html", form=ComplaintForm())
    form = ComplaintForm(_words(request), request.FILES)
    if not form.is_valid():
        return _page(request, "cases/complain.html", form=form)
    try:
        case = intake.receive(form.complaint, on=clock.today(), by=None)
    except intake.AlreadyReceived as already:
        return _sent_before(request, form, already.case)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, "cases/complain.html", form=form)
    except (OperationalError, InterfaceError):
        log.exception("a complaint could not be saved")
        return _not_saved(request, form)
    return redirect("cases:my_case", case.page_key)


def _words(request):
    """What was posted. Raises BadRequest for a character set that no form of ours asks for."""
    if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
        raise BadRequest("The form is sent as UTF-8.")
    return request.POST


def _sent_before(request, form, case):
    if form.repeats(case):
        return redirect("cases:my_case", case.page_key)
    return _page(
        request,
        "cases/sent_before.html",
        status=HTTPStatus.CONFLICT,
        reference=case.reference,
        typed=typed(form.data),
    )


def _not_saved(request, form):
    form.ask_for_files_again()
    return _page(request, "cases/complain.html", status=HTTPStatus.SERVICE_UNAVAILABLE, form=form, not_saved=True)


def form_not_trusted(request, reason=""):
    """Django's CSRF check failed: what was typed into our form is shown, to be copied into a fresh one."""
    ours = {"complain": typed, "my_case": typed_answer}
    match = request.resolver_match
    words = ours[match.url_name](_words(request)) if match.app_name == "cases" and match.url_name in ours else []
    again = request.path if match.url_name == "my_case" else reverse("cases:complain")
    return _page(request, "cases/not_trusted.html", status=HTTPStatus.FORBIDDEN, typed=words, again=again)


# --- the customer's own page ---


# Each stage as its customer sees it: a word for the row of steps, where we are, and what that means.
STEPS = {
    Stage.ACKNOWLEDGE: (
        "Received",
        "We have your complaint",
        "Thank you for telling us. Somebody reads every word of it and will be in touch with you.",
    ),
    Stage.INVESTIGATE: (
        "Looked into",
        "We are finding out what happened",
        "We ask the people who took part and go through our records.",
    ),
    Stage.TALK: (
        "Talked over",
        "We want to talk it over with you",
        "We know more now, and would like to hear you before anything is settled.",
    ),
    Stage.AGREE: (
        "Settled",
        "We are settling what happens now",
        "Together with you we settle what will be done, and by when.",
    ),
    Stage.DOCUMENT: (
        "In writing",
        "We are putting it in writing",
        "You will get a letter with what we found out and what happens now.",
    ),
}
CLOSED = {
    "": "You have our letter about it. If something is still not right, tell us.",
    Exit.WITHDRAWN: "You told us that you no longer want us to follow it up. You can always write to us again.",
    Exit.OUT_OF_SCOPE: "It is about something that is not ours to decide.",
    Exit.DUPLICATE: "You told us about this in another complaint as well. We go on with that one.",
    Exit.SETTLED: "It was settled when we first talked about it.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def my_case(request, page_key):
    """One complaint as its customer may see it: their words, our promises, what we ask them, and nothing that is for us
    alone."""
    if request.method != "POST":
        return _my_case(request, _case_of(page_key))
    try:
        return _answered(request, _case_of(page_key))
    except (OperationalError, InterfaceError):
        log.exception("an answer could not be saved")
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return _private(_page(request, "cases/answer_not_saved.html", status=status, typed=typed_answer(request.POST)))


def _case_of(page_key):
    return get_object_or_404(Case.objects.select_related("customer", "handler"), page_key=page_key)


def _my_case(request, case, form=None):
    """The page; with `form`, an answer that shows what is wrong with it."""
    headline, meaning = (
        STEPS[case.stage][1:] if case.stage in STEPS else ("Your complaint is closed", CLOSED[case.exit])
    )
    questions = case.questions().order_by("kind", "pk")  # first whether all is well, then promise by promise
    forms = [AnswerForm(question=question) for question in questions]
    return _private(
        _page(
            request,
            "cases/my_case.html",
            case=case,
            address=f"{settings.SITE_URL}{request.path}",
            steps=_steps(case),
            headline=headline,
            meaning=meaning,
            hear_on=_hear_on(case),
            today=clock.today(),
            agreement=_agreement(case),
            forms=[form if form and form.question == blank.question else blank for blank in forms],
            answers=case.answers(),
            fault=form,
        )
    )


def _private(response):
    """No other site hears of the address, and no search engine keeps it."""
    response["Referrer-Policy"] = "same-origin"  # not "no-referrer": browsers would then post the answer from nowhere
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answered(request, case):
    """The customer's answer is kept, or shown again with what is wrong with it."""
    data = _words(request)
    asked = data.get("question", "")
    question = case.asked().filter(pk=asked if asked.isdecimal() else None).first()
    if question is None:
        raise Http404
    form = AnswerForm(data, question=question)
    if question not in case.questions():
        return _not_taken(request, case, form)
    if not form.is_valid():
        return _my_case(request, case, form)
    try:
        case.take_answer(question, **form.cleaned_data, on=clock.today())
    except Refused:  # at this moment somebody answered, or reopened the case
        return _not_taken(request, case, form)
    return redirect("cases:my_case", case.page_key)


def _not_taken(request, case, form):
    """What is answered already, or not asked any more, stays as it is; nothing that was typed is lost."""
    given = case.answers().filter(followup=form.question).first()
    if given and form.repeats(given):
        return redirect("cases:my_case", case.page_key)
    words = typed_answer(form.data)
    page = _page(request, "cases/answered_before.html", status=HTTPStatus.CONFLICT, case=case, given=given, typed=words)
    return _private(page)


def _steps(case):
    """The five steps as (word, "done" | "now" | "ahead"). A case that ended early leaves the rest ahead."""
    words = [word for word, *_ in STEPS.values()]
    if case.stage == Stage.CLOSED:
        return [(word, "ahead" if case.exit else "done") for word in words]
    here = list(STEPS).index(case.stage)
    return [(word, "done" if i < here else "now" if i == here else "ahead") for i, word in enumerate(words)]


def _hear_on(case):
    """The day by which they hear from us: the one we promised, or else the one our own rule sets for a first answer.
    About a closed complaint only the call that a promise not kept calls for."""
    waiting = case.followups.outstanding()
    if case.closed_on:
        waiting = waiting.filter(kind=Kind.CALLBACK)
    promised = waiting.filter(kind__in=(Kind.CONTACT, Kind.CALLBACK)).first()
    promised = promised or waiting.filter(kind=Kind.ACKNOWLEDGEMENT).first()
    return promised.due_on if promised else None


def _agreement(case):
    """What the customer agreed to; a final position of ours reaches them by letter, not here."""
    agreement = case.agreement()
    return agreement if agreement and agreement.agreed else None


# --- for staff and machines ---


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def attachment(request, pk):
    """The file as a download that no browser opens as a page of ours; 404 for whoever may not see its case."""
    kept = get_object_or_404(Attachment, pk=pk, case__in=Case.objects.visible_to(request.user))
    try:
        content = kept.file.open("rb")
    except FileNotFoundError:
        log.error("attachment %s has lost its file", kept.pk)
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
@never_cache
def healthz(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"ok": False}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def clockwork_health(request):
    """503 when a sweep gave no sign for two minutes; the figures in either case."""
    try:
        seen = health.look(at=clock.now())
    except Error:
        return JsonResponse({"ok": False}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    status = HTTPStatus.OK if seen.is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(health.in_json(seen), status=status)


# --- when something goes wrong ---


def not_understood(request, exception=None):
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _page(request, "400.html", status=HTTPStatus.BAD_REQUEST, too_much=too_much)


def not_allowed(request, exception=None):
    return _page(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request, exception=None):
    return _page(request, "404.html", status=HTTPStatus.NOT_FOUND)


def went_wrong(request):
    return _page(request, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request, template, *, status=HTTPStatus.OK, **context):
    """A page with our name at its top and our address at its foot, without a question to the database."""
    name, _, address = settings.MAIL_FROM.rpartition("<")
    house = {"house": name.strip(' "') or "Customer relations", "house_email": address.rstrip("> ")}
    return render(request, template, house | context, status=status)
