"""Envelopes that wait for a person: letters to post, e-mails whose answer was lost, e-mails that were refused."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods

from cases.admin.desk import DeskAdmin, dress
from cases.admin.forms import DayField, WordsField, helper
from cases.admin.tabs import DELIVERIES, chosen_deliveries, waits_as
from cases.models import Case, Refused
from casetracker import clock
from letters import dispatch
from letters.models import Delivery


class DeliveryForm(forms.Form):
    def __init__(self, *args, delivery, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.delivery, self.on = delivery, on
        self.prepare()
        dress(self)
        self.helper = helper()

    def prepare(self):
        """Fit the fields to the delivery."""


class PostedForm(DeliveryForm):
    posted_on = DayField(label="Posted on")

    def prepare(self):
        self.initial.setdefault("posted_on", self.on)
        self.fields["posted_on"].widget.attrs |= {"max": f"{self.on}"}

    def clean_posted_on(self):
        day = self.cleaned_data["posted_on"]
        issued_on = self.delivery.letter.issued_on
        if not issued_on <= day <= self.on:
            raise ValidationError(f"Enter a day from {issued_on:%-d %B %Y} to {self.on:%-d %B %Y}.")
        return day


class AgainForm(DeliveryForm):
    to_email = forms.EmailField(label="To")
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")

    def prepare(self):
        now = self.delivery.letter.case.customer.email if self.delivery.is_for_customer else ""
        self.initial.setdefault("to_email", now or self.delivery.to_email)


class Decision:
    """Something that a person decides about a delivery."""

    def __init__(self, label, guidance, form, fits, do):
        self.label, self.guidance, self.form, self.fits, self.do = label, guidance, form, fits, do


def mark_posted(delivery, cleaned, *, by):
    dispatch.mark_posted(delivery, on=cleaned["posted_on"], by=by)
    return "Marked as posted."


def settle_arrived(delivery, cleaned, *, by):
    dispatch.settle_arrived(delivery, at=clock.now(), by=by)
    return "It counts as delivered."


def send_again(delivery, cleaned, *, by):
    dispatch.send_again(delivery, **cleaned, at=clock.now(), by=by)
    return f"It goes out again, to {cleaned['to_email']}."


DECISIONS = {
    "posted": Decision(
        "Mark as posted",
        "The day on which the letter was put into the post counts as the day on which it reached the customer.",
        PostedForm,
        ("to_post",),
        mark_posted,
    ),
    "arrived": Decision(
        "It arrived",
        "Only if you know: the customer said so, or a copy lies in the archive mailbox.",
        DeliveryForm,
        ("unknown",),
        settle_arrived,
    ),
    "again": Decision(
        "Send again",
        "If the first one did arrive after all, it arrives twice. Correct the address if that was the reason.",
        AgainForm,
        ("unknown", "refused"),
        send_again,
    ),
}


class ListFilter(SimpleListFilter):
    """The list that a tab stands for."""

    title, parameter_name = "list", "list"
    template = "admin/cases/case/list_filter.html"

    def lookups(self, request, model_admin):
        return DELIVERIES.items()

    def queryset(self, request, queryset):
        name = chosen_deliveries(request)
        return queryset if name == "all" else standing(queryset, at=clock.now())[name]


def standing(deliveries, *, at):
    """The deliveries that wait for a person, by what they wait for."""
    return {
        "to_post": deliveries.to_post(),
        "unknown": deliveries.unknown(at=at),
        "refused": deliveries.refused(),
    }


@admin.register(Delivery)
class DeliveryAdmin(DeskAdmin):
    list_display = ("to_whom", "what", "case_number", "where")
    list_display_links = None
    list_filter = (ListFilter,)
    list_filter_submit = True
    search_fields = ("to_name", "to_email", "letter__case__reference")
    search_help_text = "Name, e-mail, reference"
    ordering = ("-queued_at", "-pk")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="letters_delivery_changelist"),
            path("<int:pk>/<slug:name>/", wrap(self.decision_view), name="letters_delivery_decision"),
        ]

    def get_queryset(self, request):
        """Envelopes with letters of cases that this person may open; leads also see the staff's reminders."""
        may_see = Q(letter__case__in=Case.objects.visible_to(request.user))
        if request.user.is_lead:
            may_see |= Q(digest__isnull=False)
        return (
            Delivery.objects.filter(may_see)
            .select_related("letter__case__customer", "copy", "resent_as")
            .defer("letter__pdf", "letter__sheet", "letter__body")
        )

    def get_list_display(self, request):
        """The columns, the last two as they are at this instant and for this person."""
        at, may_decide = clock.now(), self.has_change_permission(request)

        @display(description="Stands")
        def stands(delivery):
            return delivery.outcome(at=at)

        @display(description="Decide")
        def decide(delivery):
            return links(delivery, at=at)

        return (*self.list_display, stands, decide) if may_decide else (*self.list_display, stands)

    @display(description="To", ordering="to_name")
    def to_whom(self, delivery):
        return format_html('<span dir="auto">{}</span>', delivery.to_name)

    @display(description="Letter")
    def what(self, delivery):
        if delivery.letter is None:
            return "Reminders"
        page = reverse("admin:letters_letter_pdf", args=[delivery.letter_id])
        kind = "Copy" if delivery.copy_id else delivery.letter.get_kind_display()
        return format_html('<a class="desk-link" href="{}" target="_blank" rel="noopener">{} (PDF)</a>', page, kind)

    @display(description="Case", ordering="letter__case__reference")
    def case_number(self, delivery):
        if delivery.letter is None:
            return "–"
        page = reverse("admin:cases_case_change", args=[delivery.letter.case_id])
        return format_html('<a class="desk-number" href="{}">{}</a>', page, delivery.letter.case.reference)

    @display(description="Where")
    def where(self, delivery):
        if not delivery.by_post:
            return delivery.to_email
        lines = ((line,) for line in delivery.letter.address_lines())
        return format_html_join("", '<span class="desk-address-line" dir="auto">{}</span>', lines)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def decision_view(self, request, pk, name):
        delivery = get_object_or_404(self.get_queryset(request), pk=pk)
        if name not in DECISIONS:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        decision = DECISIONS[name]
        form = decision.form(*([request.POST] if request.method == "POST" else []), delivery=delivery, on=clock.today())
        if form.is_bound and form.is_valid() and self._decided(request, decision, form):
            back = reverse("admin:letters_delivery_changelist", query={"list": decision.fits[0]})
            return HttpResponseRedirect(back)
        return self._shown(request, decision, form)

    def _decided(self, request, decision, form) -> bool:
        try:
            messages.success(request, decision.do(form.delivery, form.cleaned_data, by=request.user))
        except Refused as refused:
            form.add_error(None, str(refused))
            return False
        return True

    def _shown(self, request, decision, form):
        request.current_app = self.admin_site.name
        context = {
            "decision": decision,
            "delivery": form.delivery,
            "outcome": form.delivery.outcome(at=clock.now()),
            "form": form,
            "title": decision.label,
            "model_admin": self,
        }
        return TemplateResponse(
            request, "admin/letters/delivery/decision.html", self.admin_site.each_context(request) | context
        )


def links(delivery, *, at):
    """A button for each decision that is open for `delivery`."""
    return format_html_join(
        " ",
        '<a class="desk-button" href="{}">{}</a>',
        (
            (reverse("admin:letters_delivery_decision", args=[delivery.pk, name]), decision.label)
            for name, decision in DECISIONS.items()
            if waits_as(delivery, at=at) in decision.fits
        ),
    )
