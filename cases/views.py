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
from cases.forms import ComplaintForm, typed
from cases.mine.forms import typed as typed_there
from cases.models import Attachment, Case
from casetracker import clock

log = logging.getLogger(__name__)


# --- the form ---


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(
    private=True, no_cache=True
)  # each form shown has a key of its own; "back" may still find what was typed
def complain(request):
    if request.method != "POST":
        return page(request, "cases/complain.html", form=ComplaintForm())
    form = ComplaintForm(words_of(request), request.FILES)
    if not form.is_valid():
        return page(request, "cases/complain.html", form=form)
    try:
        case = intake.receive(form.complaint, on=clock.today(), by=None)
    except intake.AlreadyReceived as already:
        return _sent_before(request, form, already.case)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, "cases/complain.html", form=form)
    except (OperationalError, InterfaceError):
        log.exception("a complaint could not be saved")
        return _not_saved(request, form)
    return redirect("cases:my_case", case.page_key)


def words_of(request):
    """What was posted. Raises BadRequest for a character set that no form of ours asks for."""
    if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
        raise BadRequest("The form is sent as UTF-8.")
    return request.POST


def _sent_before(request, form, case):
    if form.repeats(case):
        return redirect("cases:my_case", case.page_key)
    return page(
        request,
        "cases/sent_before.html",
        status=HTTPStatus.CONFLICT,
        reference=case.reference,
        typed=typed(form.data),
    )


def _not_saved(request, form):
    form.ask_for_files_again()
    return page(request, "cases/complain.html", status=HTTPStatus.SERVICE_UNAVAILABLE, form=form, not_saved=True)


def form_not_trusted(request, reason=""):
    """Django's CSRF check failed: what was typed into our form is shown, to be copied into a fresh one."""
    match, words, again = request.resolver_match, [], reverse("cases:complain")
    if match.view_name == "cases:complain":
        words = typed(words_of(request))
    elif match.view_name == "cases:my_case":
        words, again = [("Your words", said) for said in typed_there(words_of(request))], request.path
    return page(request, "cases/not_trusted.html", status=HTTPStatus.FORBIDDEN, typed=words, again=again)


# --- for staff and machines ---


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def attachment(request, pk):
    """The file as a download that no browser opens as a page of ours; 404 for whoever may not see its case."""
    kept = get_object_or_404(Attachment, pk=pk, case__in=Case.objects.visible_to(request.user))
    kept.case.read(f"the file “{kept.name}”", at=clock.now(), by=request.user)
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
    return page(request, "400.html", status=HTTPStatus.BAD_REQUEST, too_much=too_much)


def not_allowed(request, exception=None):
    return page(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request, exception=None):
    return page(request, "404.html", status=HTTPStatus.NOT_FOUND)


def went_wrong(request):
    return page(request, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def page(request, template, *, status=HTTPStatus.OK, **context):
    """A page with our name at its top and our address at its foot, without a question to the database."""
    name, _, address = settings.MAIL_FROM.rpartition("<")
    house = {"house": name.strip(' "') or "Customer relations", "house_email": address.rstrip("> ")}
    return render(request, template, house | context, status=status)
