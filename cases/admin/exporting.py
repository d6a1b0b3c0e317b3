"""Lists and tables that leave the house as files, for those who may take them."""

import tempfile

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from cases import exports
from cases.models import note_readings
from cases.rights import may_export
from cases.tables import csv_lines, write_workbook
from casetracker import clock

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportsList:
    """The half of the worklist that hands out the list as it is filtered."""

    list_after_template = "admin/cases/case/export.html"

    def list_urls(self):
        page = self.admin_site.admin_view(self.export_view)
        return [path("export/<slug:kind>/", page, name="cases_case_export")]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"may_export": may_export(request.user)} | (extra_context or {}))

    @method_decorator(require_safe)
    def export_view(self, request, kind):
        """The cases of the worklist with the same query string."""
        if not may_export(request.user):
            raise PermissionDenied
        on = clock.today()
        try:
            cases = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise Http404 from None
        note_readings(cases.exclude(restricted_on=None), "a list, exported", at=clock.now(), by=request.user)
        name = f"cases-{on}"
        if kind == "csv":
            [listed, _] = exports.sheets(cases, on=on)
            return csv_of([listed], name=name)
        if kind != "xlsx":
            raise Http404
        if cases.order_by()[: exports.MOST_IN_A_WORKBOOK + 1].count() > exports.MOST_IN_A_WORKBOOK:
            most = f"{exports.MOST_IN_A_WORKBOOK:,}"
            messages.error(request, f"A workbook takes {most} cases. Narrow the list, or export it as CSV.")
            return HttpResponseRedirect(reverse("admin:cases_case_changelist", query=request.GET.dict()))
        return workbook_of(exports.sheets(cases, on=on), name=name)


def csv_of(sheets, *, name) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(sheets), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _kept_nowhere(answer)


def workbook_of(sheets, *, name) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed with the answer)
    write_workbook(file, sheets)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK)
    return _kept_nowhere(answer)


def _kept_nowhere(answer):
    answer["Cache-Control"] = "private, no-store"
    return answer
