"""The paper beside the words: what is typed, set as a letter a moment later and looked through. Nothing of it stays."""

import base64

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from casetracker import clock
from letters import binder, press, trial, writing
from letters.sheet import CannotRender

from .deciding import state
from .ticks import Ticks

WORDS = ("subject", "salutation", "body", "close")
NO_DRAFT = "This letter is no draft any more: it was issued or discarded meanwhile. Copy what you typed before you go."


class Previewing:
    """The door of the live preview, for the letter's admin."""

    def previewing_urls(self):
        return [path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name="letters_letter_preview")]

    @method_decorator(require_POST)
    def preview_view(self, request, pk):
        """The letter with the words of the form as a PDF, what keeps it from being set, and what the review finds."""
        letter = self._letter(request, pk)
        self._check_may_work(request)
        if letter.issued_on or letter.discarded_on:
            return answer({"problems": [NO_DRAFT]}, status=422)
        words = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in WORDS}
        now = Ticks(letter, request.POST).put_into(words["body"])
        typed = writing.typed(letter, **words | {"body": now.body})
        shown = state(typed, request.user, on=clock.today()) | {"letter": typed, "user": request.user}
        findings = render_to_string("admin/letters/letter/findings.html", shown, request=request)
        told = {"findings": findings, "found": len(shown["findings"]), **taken(now, words["body"])}
        return answer(told | paper(typed, on=clock.today()))


def taken(now, typed) -> dict:
    """What became of the optional paragraphs: which stand in the words, the words where they changed, and why not."""
    standing = [number for number, part in enumerate(now.parts) if part.name and part.ticked]
    return {"placed": standing, "said": now.said} | ({"body": now.body} if now.body != typed else {})


def paper(letter, *, on) -> dict:
    """The PDF of `letter` for a script, with its pages and their shape; or why there is none. A hole shows in italics
    what belongs there, since most letters have some while they are written."""
    try:
        sheet = trial.legible(writing.sheet(letter, on=on))
        content = press.render_pdf(sheet)
    except CannotRender as error:
        return {"problems": error.problems}
    pages, ratio = binder.shape(content)
    return {"pdf": base64.b64encode(content).decode("ascii"), "pages": pages, "ratio": ratio}


def answer(said, *, status=200):
    response = JsonResponse(said, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
