"""The file of a case: all that is known of it as one PDF, for those who may take it out of the house."""

import tempfile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from cases.rights import may_export
from casetracker import clock
from letters.casefile import packing
from letters.sheet import CannotRender


class ExportsFile:
    """The half of the pages of a case that hands out its file."""

    def file_urls(self):
        return [path("<int:pk>/file/", self.admin_site.admin_view(self.file_view), name="cases_case_file")]

    @method_decorator(require_POST)
    def file_view(self, request, pk):
        case = self._case(request, pk)
        if not may_export(request.user):
            raise PermissionDenied
        case.read("its whole file", at=clock.now(), by=request.user)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed with the answer)
        try:
            packing.export(case, file, on=clock.today(), at=clock.now(), by=request.user)
        except CannotRender as error:
            file.close()
            answer = self._shown(request, "file_not_made.html", {"case": case, "problems": error.problems})
            answer.status_code = 422
            return answer
        file.seek(0)
        answer = FileResponse(file, as_attachment=True, filename=f"complaint-{case.reference}.pdf")
        answer["Cache-Control"] = "private, no-store"
        return answer
