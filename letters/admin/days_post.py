"""The day's post: printed as one PDF a paper, then marked as posted, exactly what was printed and nothing else."""

import tempfile
from itertools import groupby

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.admin.desk import dress
from cases.admin.forms import DayField, helper
from cases.models import Refused, note_readings
from casetracker import clock
from letters import dispatch, postroom
from letters.sheet import CannotRender

from .letter import PDF_POLICY

PAPERS = {"a4": "A4", "us_letter": "US Letter"}


class PostForm(forms.Form):
    """These letters were posted that day; the form carries which, so that none that came later is among them."""

    letters = forms.RegexField(r"^\d{1,18}(,\d{1,18})*$", max_length=100_000, widget=forms.HiddenInput)
    posted_on = DayField(label="Posted on")

    def __init__(self, *args, envelopes, on, **kwargs):
        super().__init__(*args, initial={"posted_on": on, "letters": listed(envelopes)}, **kwargs)
        self.envelopes, self.on = envelopes, on
        self.fields["posted_on"].widget.attrs |= {"max": f"{on}"}
        dress(self)
        self.helper = helper()

    def clean_posted_on(self):
        day = self.cleaned_data["posted_on"]
        first = max((envelope.delivery.letter.issued_on for envelope in self.envelopes), default=day)
        if not first <= day <= self.on:
            raise ValidationError(f"Enter a day from {first:%-d %B %Y}, when the last of them was issued, to today.")
        return day


class DaysPost:
    """The doors of the day's post, for the deliveries' admin."""

    def post_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("post/", wrap(self.post_view), name="letters_delivery_post"),
            path("post/print/", wrap(self.print_view), name="letters_delivery_print"),
            path("<int:pk>/print/", wrap(self.reprint_view), name="letters_delivery_reprint"),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def post_view(self, request):
        self._check_may_post(request)
        if request.method != "POST":
            return self._post(request, self._waiting(request))
        envelopes = self._waiting(request, only=chosen(request))
        form = PostForm(request.POST, envelopes=envelopes, on=clock.today())
        if not form.is_valid():
            return self._post(request, envelopes, form)
        self._mark(request, envelopes, on=form.cleaned_data["posted_on"])
        return HttpResponseRedirect(reverse("admin:letters_delivery_post"))

    def _mark(self, request, envelopes, *, on):
        marked = 0
        for envelope in envelopes:
            try:
                dispatch.mark_posted(envelope.delivery, on=on, by=request.user)
                marked += 1
            except Refused:  # somebody marked it at this moment
                continue
        messages.success(request, f"Marked as posted on {on:%-d %B %Y}: {counted(marked, 'letter')}.")
        if others := len(chosen(request)) - marked:
            messages.info(request, f"Marked already by somebody else: {counted(others, 'letter')}.")

    @method_decorator(require_POST)
    def print_view(self, request):
        """What is printed for the letters that the form names, whether they still wait or not."""
        self._check_may_post(request)
        deliveries = self.get_queryset(request).filter(by_post=True, pk__in=chosen(request))
        envelopes = postroom.waiting(deliveries)
        if not envelopes:
            messages.info(request, "None of these letters is there to be printed.")
            return HttpResponseRedirect(reverse("admin:letters_delivery_post"))
        return self._printed(request, envelopes)

    @method_decorator(require_safe)
    def reprint_view(self, request, pk):
        self._check_may_post(request)
        envelopes = postroom.waiting(self.get_queryset(request).filter(letter__isnull=False, pk=pk))
        if not envelopes:
            raise Http404
        return self._printed(request, envelopes)

    def _printed(self, request, envelopes):
        on, paper = clock.today(), envelopes[0].paper
        cases = [one.delivery.letter.case for one in envelopes]
        note_readings(cases, "a letter, printed for the post", at=clock.now(), by=request.user)
        title = f"Post of {on:%-d %B %Y}, {PAPERS[paper]}"
        file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed with the answer)
        try:
            postroom.write([one for one in envelopes if one.paper == paper], file, paper=paper, title=title, on=on)
        except CannotRender as error:
            file.close()
            context = {"problems": error.problems, "title": "The post cannot be printed yet"}
            return self._page_of_post(request, "not_printed.html", context, status=422)
        file.seek(0)
        answer = FileResponse(file, content_type="application/pdf", filename=f"post-{on}-{paper}.pdf")
        answer["Content-Security-Policy"] = PDF_POLICY
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _waiting(self, request, only=None):
        deliveries = self.get_queryset(request).to_post()
        return postroom.waiting(deliveries if only is None else deliveries.filter(pk__in=only))

    def _post(self, request, envelopes, form=None):
        on = clock.today()
        ready = [envelope for envelope in envelopes if not envelope.problems]
        context = {
            "title": "The day's post",
            "today": on,
            "piles": [pile(paper, ready, form, on=on) for paper in PAPERS if any(e.paper == paper for e in ready)],
            "stuck": [envelope for envelope in envelopes if envelope.problems],
        }
        return self._page_of_post(request, "post.html", context)

    def _page_of_post(self, request, template, context, *, status=200):
        request.current_app = self.admin_site.name
        common = self.admin_site.each_context(request) | {"model_admin": self}
        return TemplateResponse(request, f"admin/letters/delivery/{template}", common | context, status=status)

    def _check_may_post(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied


def pile(paper, ready, form, *, on) -> dict:
    """All letters on one paper, by the sheets of each."""
    mine = [envelope for envelope in ready if envelope.paper == paper]
    own_form = form if form and form.envelopes and form.envelopes[0].paper == paper else None
    return {
        "paper": PAPERS[paper],
        "form": own_form or PostForm(envelopes=mine, on=on, auto_id=f"id_{paper}_%s"),
        "count": len(mine),
        "sheets": sum(envelope.sheets for envelope in mine),
        "alike": [(sheets, list(some)) for sheets, some in groupby(mine, key=lambda envelope: envelope.sheets)],
    }


def chosen(request) -> list[int]:
    """The letters that a form names."""
    named = request.POST.get("letters", "").split(",")
    return [int(pk) for pk in named if pk.isascii() and pk.isdigit() and len(pk) < 19]


def listed(envelopes) -> str:
    return ",".join(str(envelope.delivery.pk) for envelope in envelopes)


def counted(number, noun) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
