"""Decisions about a draft: to let a warning stand, to put the letter before a second person, to approve it, to send it
back. Each is one press, or one press after a few words."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from cases import rights
from cases.admin.desk import dress
from cases.admin.forms import WordsField, helper
from cases.models import Refused, Role
from casetracker import clock
from letters import decisions, review, second_person

from .pointing import pointer

TAKES_PART = (Role.LEAD, Role.HANDLER, Role.APPROVER)


class WordsForm(forms.Form):
    """A few words that the history keeps."""

    words = WordsField(rows=4, max_length=2_000)

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label
        dress(self)
        self.helper = helper()


def state(letter, user, *, on) -> dict:
    """What the desk shows of the decisions about a draft: its findings, and how it stands with the second person."""
    overridden = {row.finding_key: row for row in letter.overrides.all()}
    found = review.findings(letter, on=on)
    open_ones = [one for one in found if one.blocking or one.key not in overridden]
    why = second_person.reasons(letter)
    waits = letter.approval_asked_at and not letter.approved_at
    return {
        "findings": open_ones,
        "pointed": [(one, pointer(one, letter)) for one in open_ones],
        "overridden": [(one, overridden[one.key]) for one in found if not one.blocking and one.key in overridden],
        "undecided": decisions.missing(letter),
        "why_a_second_person": why,
        "may_put_forward": bool(why) and not letter.approval_asked_at and not open_ones,
        "approvers": second_person.approvers(letter, by=user) if why else (),
        "may_decide": bool(waits and second_person.may_decide(letter, user)),
        "ready": not open_ones and not decisions.missing(letter),
    }


class Deciding:
    """The doors of the decisions, for the letter's admin."""

    def deciding_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/put-forward/", wrap(self.put_forward_view), name="letters_letter_put_forward"),
            path("<int:pk>/approve/", wrap(self.approve_view), name="letters_letter_approve"),
            path("<int:pk>/send-back/", wrap(self.send_back_view), name="letters_letter_send_back"),
            path("<int:pk>/warnings/<slug:key>/", wrap(self.override_view), name="letters_letter_override"),
        ]

    @method_decorator(require_POST)
    def put_forward_view(self, request, pk):
        def put_forward(letter, *, at, by):
            decisions.put_forward(letter, at=at, by=by, to=self._named(request, letter))

        self._check_may_work(request)
        return self._decided(request, pk, put_forward, "It waits for a second person now.")

    def _named(self, request, letter):
        """Whom the person at the desk chose to decide; None for any of those who may."""
        chosen = request.POST.get("to", "")
        if not chosen:
            return None
        able = second_person.approvers(letter, by=request.user)
        found = able.filter(pk=chosen if chosen.isdecimal() else None).first()
        if found is None:
            raise Refused("Whom you chose may not approve this letter: choose somebody else.")
        return found

    @method_decorator(require_POST)
    def approve_view(self, request, pk):
        return self._decided(request, pk, decisions.approve, "Approved. It can be issued.")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def send_back_view(self, request, pk):
        letter = self._letter(request, pk)
        if not second_person.may_decide(letter, request.user):
            raise PermissionDenied

        def send_back(words):
            decisions.send_back(letter, comment=words, at=clock.now(), by=request.user)

        asked = {"asked": "Send it back", "guidance": "Say what is to be changed, so that it can be done at once."}
        return self._asked(request, letter, send_back, "Sent back.", "What is to be changed", **asked)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def override_view(self, request, pk, key):
        letter = self._letter(request, pk)
        if not request.user.is_lead:
            raise PermissionDenied
        finding = next((one for one in review.findings(letter, on=clock.today()) if one.key == key), None)
        if finding is None or finding.blocking or letter.issued_on:
            raise Http404

        def override(words):
            decisions.override(letter, key, reason=words, at=clock.now(), by=request.user)

        asked = {"asked": "Let this warning stand", "guidance": str(finding), "quote": finding.said}
        return self._asked(request, letter, override, "The warning stands, with your reason.", "Why", **asked)

    def _decided(self, request, pk, decide, said):
        letter = self._letter(request, pk)
        if rights.role_of(request.user) not in TAKES_PART:
            raise PermissionDenied
        if request.POST.get("seen") != letter.edited_at.isoformat():
            messages.error(request, decisions.MEANWHILE)
            return HttpResponseRedirect(self._page(letter))
        try:
            decide(letter, at=clock.now(), by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(self._page(letter))

    def _asked(self, request, letter, decide, said, label, **shown):
        form = WordsForm(request.POST or None, label=label)
        if form.is_valid():
            try:
                decide(form.cleaned_data["words"])
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, said)
                return HttpResponseRedirect(self._page(letter))
        return self._shown(request, letter, "decide.html", {"form": form, **shown})
