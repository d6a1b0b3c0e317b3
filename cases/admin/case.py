"""The pages of a case: the worklist, recording a complaint, the case itself, and one page for every verb."""

from contextlib import nullcontext

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from cases import intake, rights
from cases.models import Case, Customer, Refused
from casetracker import clock

from . import guidance, page
from .button import allowed, may_work
from .casefile import ExportsFile
from .clocks import why
from .customer import customers_for
from .exporting import ExportsList
from .files import ShowsFiles
from .record import RecordForm
from .together import DoesTogether
from .verbs import VERBS
from .worklist import Worklist

MOVED = "Somebody moved this case to “{stage}” while you had it open. Look at it again before you go on."


@admin.register(Case)
class CaseAdmin(DoesTogether, ExportsFile, ExportsList, ShowsFiles, Worklist):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cases_case_changelist"),
            path("add/", wrap(self.add_view), name="cases_case_add"),
            path("<int:pk>/change/", wrap(self.change_view), name="cases_case_change"),
            path("<int:pk>/why/<int:deadline>/", wrap(self.why_view), name="cases_case_why"),
            *self.file_urls(),
            *self.list_urls(),
            *self.files_urls(),
            path("<int:pk>/<slug:name>/", wrap(self.verb_view), name="cases_case_verb"),
            path("<int:pk>/<slug:name>/<int:about>/", wrap(self.verb_view), name="cases_case_verb_about"),
        ]

    # --- record a complaint ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        today = clock.today()
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = RecordForm(
            *given,
            on=today,
            customers=customers_for(request.user),
            initial={"customer": request.GET.get("customer", "")},
        )
        if form.is_bound and form.is_valid():
            case = self._received(request, form, on=today)
            if case:
                return HttpResponseRedirect(self._page(case))
        return self._shown(request, "add.html", {"form": form, "title": "Record a complaint", "media": form.media})

    def _received(self, request, form, *, on):
        """The new case; the one that is there already for a form sent twice; None when the form shows why not."""
        try:
            case = intake.receive(form.complaint(), on=on, by=request.user)
        except intake.AlreadyReceived as known:
            if not Case.objects.visible_to(request.user).filter(pk=known.case.pk).exists():
                raise Http404 from None
            messages.info(request, f"This form was sent before; its case is {known.case.reference}.")
            return known.case
        except ValidationError as error:
            form.take(error)
            return None
        messages.success(request, f"Recorded. The reference to tell the customer: {case.reference}")
        return case

    # --- the case ---

    @method_decorator(require_safe)
    def change_view(self, request, pk, form_url="", extra_context=None):
        case = self._case(request, pk)
        whole = "history" in request.GET
        case.read("its page, with the whole history" if whole else "its page", at=clock.now(), by=request.user)
        shown = page.everything(
            case,
            request.user,
            on=clock.today(),
            at=clock.now(),
            told=request.GET.get("told", ""),
            whole_history=whole,
        )
        return self._shown(
            request,
            "page.html",
            shown
            | {
                "case": case,
                "title": case.reference,
                "may_work": may_work(request.user),
                "may_export": rights.may_export(request.user),
                "may_see_readings": bool(case.restricted_on) and rights.may_see_readings(request.user),
                "guidance": guidance.panel(case, may_choose=may_work(request.user)),
            },
        )

    @method_decorator(require_safe)
    def why_view(self, request, pk, deadline):
        """Day by day why a deadline is due when it is, to be read and printed."""
        case = self._case(request, pk)
        deadline = get_object_or_404(case.deadlines, pk=deadline)
        case.read(f"why a day was set: {deadline}", at=clock.now(), by=request.user)
        context = {"case": case, "title": f"{case.reference}: why this date?"} | why(case, deadline, on=clock.today())
        return self._shown(request, "why.html", context)

    # --- its verbs ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def verb_view(self, request, pk, name, about=None):
        case = self._case(request, pk)
        verb = VERBS.get(name)
        if verb is None:
            raise Http404
        about = self._about(case, verb, about, user=request.user)
        if not allowed(verb, request.user):
            raise PermissionDenied
        case.read(f"the page “{verb.label}”", at=clock.now(), by=request.user)
        form = self._form(request, verb, case, about)
        if request.method == "POST":
            done = self._done(request, verb, form)
            if done:
                messages.success(request, done.said)
                return HttpResponseRedirect(done.goto or self._page(case))
        elif not verb.offered(case, about=about, user=request.user):
            messages.warning(request, "That is not possible any more. This is how the case stands now.")
            return HttpResponseRedirect(self._page(case))
        return self._shown(request, verb.template, self._asked(verb, case, about, form))

    def _form(self, request, verb, case, about):
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        return verb.form(*given, case=case, about=about, user=request.user, on=clock.today())

    def _done(self, request, verb, form):
        """What was done; None when the form shows why not, with all that was typed."""
        case = form.case
        if verb.moves and request.POST.get("stage") != case.stage:
            form.add_error(None, MOVED.format(stage=case.get_stage_display()))
            return None
        try:
            with transaction.atomic() if form.edits else nullcontext():  # what it compared stays so until it is saved
                return self._carried_out(verb, form, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        except ValidationError as error:
            form.take(error)
        return None

    def _carried_out(self, verb, form, *, by):
        case, about = form.case, form.about
        if not form.is_valid() or getattr(form, "asks_for_more", False):
            return None
        if not verb.offered(case, about=about, user=by):
            form.add_error(None, "That is not possible any more. Look at the case again before you go on.")
            return None
        return verb.do(case, about, form.cleaned_data, on=form.on, by=by)

    def _asked(self, verb, case, about, form):
        return {
            "verb": verb,
            "case": case,
            "about": about,
            "form": form,
            "stage_seen": form.data.get("stage", case.stage),
            "title": case.reference,
            "asked": verb.title(case, about) if not form.errors or verb.offered(case, about=about) else verb.label,
            "back": self._page(case),
            "guide": guidance.beside(verb, case),
        } | verb.beside(case)

    # --- inside ---

    def _case(self, request, pk):
        """The case, if this person may open it; for everybody else there is none."""
        visible = Case.objects.visible_to(request.user).select_related("customer", "handler", "team", "logged_by")
        return get_object_or_404(visible, pk=pk)

    def _about(self, case, verb, pk, *, user):
        if bool(verb.about) != (pk is not None):
            raise Http404
        if not verb.about:
            return None
        if verb.about == "look_alikes":
            alike = case.perhaps_same_customer().visible_to(user).values("customer")
            return get_object_or_404(Customer, pk=pk, pk__in=alike)
        return get_object_or_404(getattr(case, verb.about), pk=pk)

    def _page(self, case):
        return reverse("admin:cases_case_change", args=[case.pk])

    def _shown(self, request, template, context):
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/cases/case/{template}",
            self.admin_site.each_context(request) | {"model_admin": self} | context,
        )
