"""Files of a case, looked at without being trusted: pictures and PDFs in a page of ours that may do nothing else, text
as text, and everything else as a download alone."""

import logging

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from casetracker import clock

log = logging.getLogger(__name__)

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")  # no SVG, which is a program, and nothing exotic
PDF = "application/pdf"
TEXTS = ("text/plain", "message/rfc822")
SHOWN = 200_000  # characters of a text; the rest is in the download

PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; frame-src 'self'; style-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"  # a browser shows none in a sandbox
)


def kind_of(file) -> str:
    """How `file` can be looked at: as a picture, as a PDF, as text; empty: only downloaded."""
    for kind, types in (("picture", PICTURES), ("pdf", (PDF,)), ("text", TEXTS)):
        if file.content_type in types:
            return kind
    return ""


def shown(files) -> list[dict]:
    return [{"it": file, "kind": kind_of(file)} for file in files]


class ShowsFiles:
    """The part of the pages of a case that shows its files."""

    def files_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/files/<int:number>/", wrap(self.look_view), name="cases_case_look"),
            path("<int:pk>/files/<int:number>/bytes/", wrap(self.bytes_view), name="cases_case_bytes"),
        ]

    @method_decorator(require_safe)
    def look_view(self, request, pk, number):
        case, file = self._file(request, pk, number)
        kind = kind_of(file)
        words = _words(file) if kind == "text" else ""
        context = {"case": case, "file": file, "kind": kind, "words": words[:SHOWN], "cut": len(words) > SHOWN}
        answer = TemplateResponse(request, "admin/cases/case/look.html", context)
        answer["Content-Security-Policy"] = PAGE_POLICY
        return answer

    @method_decorator(require_safe)
    def bytes_view(self, request, pk, number):
        """What a picture or the viewer of PDFs of a browser asks for; nothing else is handed out to be shown."""
        _case, file = self._file(request, pk, number)
        kind = kind_of(file)
        if kind not in ("picture", "pdf"):
            raise Http404
        answer = FileResponse(_opened(file), filename=file.name, content_type=file.content_type)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Content-Security-Policy"] = PDF_POLICY if kind == "pdf" else PICTURE_POLICY
        return answer

    def _file(self, request, pk, number):
        case = self._case(request, pk)
        file = get_object_or_404(case.attachments, pk=number)
        case.read(f"the file “{file.name}”", at=clock.now(), by=request.user)
        return case, file


def _opened(file):
    try:
        return file.file.open("rb")
    except FileNotFoundError:
        log.error("attachment %s has lost its file", file.pk)
        raise Http404 from None


def _words(file) -> str:
    """The text of a file, in UTF-8 or in the old code page that every byte is a letter of."""
    with _opened(file) as content:
        raw = content.read(4 * SHOWN + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
