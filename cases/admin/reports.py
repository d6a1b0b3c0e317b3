"""The report of a period as a page, a PDF, a workbook and CSV."""

from dataclasses import asdict
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import reports, rights
from cases.figures import Period
from cases.models import Case, Channel, Organisation, Team
from casetracker import clock
from letters import press
from letters.folio import Folio
from letters.sheet import CannotRender

from .desk import dress
from .exporting import csv_of, workbook_of
from .forms import DayField

LONGEST = timedelta(days=3 * 366)
KINDS = ("pdf", "xlsx", "csv")


class ReportForm(forms.Form):
    """Which period, and which cases."""

    since = DayField(label="From")
    until = DayField(label="To")
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="All teams")
    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False, empty_label="The whole house")
    channel = forms.ChoiceField(choices=[("", "All channels"), *Channel.choices], required=False)
    language = forms.ChoiceField(choices=[("", "All languages"), *settings.LANGUAGES], required=False)

    def __init__(self, data, *, on):
        month = reports.last_month(on=on)
        whole = {"since": f"{month.since}", "until": f"{month.until}"}
        super().__init__(whole | data.dict())
        for name in ("team", "organisation"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
        dress(self)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError({"until": "The last day comes before the first."})
        if since and until and until - since > LONGEST:
            raise ValidationError({"until": "Choose three years at most."})
        return cleaned

    def period(self) -> Period:
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])

    def chosen(self) -> dict:
        """By which fields the cases are filtered, and by what."""
        fields = ("team", "organisation", "channel", "language")
        return {name: self.cleaned_data[name] for name in fields if self.cleaned_data.get(name)}

    def in_words(self) -> str:
        named = {"channel": dict(Channel.choices), "language": dict(settings.LANGUAGES)}
        return ", ".join(str(named.get(name, {}).get(value, value)) for name, value in self.chosen().items())


@require_safe
def report_page(request, kind=""):
    may = rights.may_export if kind else rights.may_see_reports
    if not may(request.user):
        raise PermissionDenied
    on = clock.today()
    form = ReportForm(request.GET, on=on)
    if not form.is_valid():
        return _shown(request, form, [], status=400 if kind else 200)
    cases = Case.objects.visible_to(request.user).filter(**form.chosen())
    tables = reports.report(cases, form.period(), on=on)
    return _file(kind, form, tables, by=request.user) if kind else _shown(request, form, tables)


def _shown(request, form, tables, *, status=200):
    query = request.GET.urlencode()
    files = [(kind.upper(), f"{reverse('admin:cases_report_file', args=[kind])}?{query}") for kind in KINDS]
    context = {
        "title": "Report",
        "form": form,
        "tables": [_plain(table) for table in tables],
        "before": reports.period_before(form.period()) if form.is_valid() else None,
        "files": files if tables and rights.may_export(request.user) else [],
    }
    request.current_app = admin.site.name
    shown = admin.site.each_context(request) | context
    return TemplateResponse(request, "admin/cases/report.html", shown, status=status)


def _file(kind, form, tables, *, by):
    period = form.period()
    name = f"report-{period.since}-{period.until}"
    if kind == "csv":
        return csv_of([table.sheet() for table in tables], name=name)
    if kind == "xlsx":
        return workbook_of([_short(table.sheet()) for table in tables], name=name)
    if kind != "pdf":
        raise Http404
    try:
        content = press.render_folio(_folio(form, tables, by=by))
    except CannotRender as error:
        return HttpResponse("\n".join(error.problems), status=422, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _short(sheet):
    """A workbook takes 31 characters for the name of a sheet."""
    return type(sheet)(sheet.title[:31].strip(" ,"), sheet.heads, sheet.rows, sheet.widths)


def _folio(form, tables, *, by) -> Folio:
    period = form.period()
    before = reports.period_before(period)
    values = {
        "period": f"{_day(period.since)} to {_day(period.until)}",
        "before": f"{_day(before.since)} to {_day(before.until)}",
        "which": form.in_words() or "All cases",
        "made": f"Made on {_day(clock.today())} by {by}, over the cases that they may open.",
        "tables": [_plain(table) for table in tables],
    }
    return Folio("report", "Report on complaints", values)


def _plain(table) -> dict:
    rows = [[str(cell) if index == 0 else written(cell) for index, cell in enumerate(row)] for row in table.rows]
    return asdict(table) | {"rows": rows}


def written(value) -> str:
    """A figure as the page writes it: thousands apart, money with its decimals."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if hasattr(value, "as_tuple") else str(value)


def _day(day) -> str:
    return f"{day:%-d %B %Y}"
