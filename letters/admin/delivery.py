"""Envelopes that wait for a person: letters to post, letters that came back, e-mails whose answer was lost or that
were refused."""

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from cases.admin.desk import DeskAdmin
from cases.admin.filters import TeamOfTheLettersCase
from cases.admin.tabs import DELIVERIES, chosen_deliveries, waits_as
from cases.models import Case, Refused
from casetracker import clock
from letters import postroom
from letters.models import Delivery

from .days_post import DaysPost
from .settling import DECISIONS, later_for, open_for


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
        "posted": deliveries.posted(),
        "returned": deliveries.returned(),
        "unknown": deliveries.unknown(at=at),
        "refused": deliveries.refused(),
    }


@admin.register(Delivery)
class DeliveryAdmin(DaysPost, DeskAdmin):
    list_display = ("to_whom", "what", "case_number", "where")
    list_display_links = None
    list_filter = (
        ListFilter,
        TeamOfTheLettersCase,
        ("letter__case__channel", ChoicesDropdownFilter),
        ("letter__case__language", ChoicesDropdownFilter),
    )
    list_filter_submit = True
    list_before_template = "admin/letters/delivery/above_list.html"
    search_fields = ("to_name", "to_email", "letter__case__reference")
    search_help_text = "Name, e-mail, reference"
    ordering = ("-queued_at", "-pk")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="letters_delivery_changelist"),
            *self.post_urls(),
            path("<int:pk>/<slug:name>/", wrap(self.decision_view), name="letters_delivery_decision"),
        ]

    def changelist_view(self, request, extra_context=None):
        above = {"chosen": chosen_deliveries(request), "may_work": self.has_change_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | above)

    def get_queryset(self, request):
        """Envelopes with letters of cases that this person may open; leads also see the staff's reminders."""
        # asked of each row that is shown: as a list of cases it would be too long to be kept at hand
        may_see = Q(Exists(Case.objects.visible_to(request.user).filter(pk=OuterRef("letter__case"))))
        if request.user.is_lead:
            may_see |= Q(digest__isnull=False)
        return (
            Delivery.objects.filter(may_see)
            .select_related("letter__case__customer", "copy", "resent_as")
            .defer("letter__pdf", "letter__body")
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
        lines = ((line,) for line in postroom.address_of(delivery))
        lines = format_html_join("", '<span class="desk-address-line" dir="auto">{}</span>', lines)
        return format_html("<span>{}</span>", lines)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def decision_view(self, request, pk, name):
        delivery = get_object_or_404(self.get_queryset(request), pk=pk)
        if name not in DECISIONS:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        if delivery.letter:
            delivery.letter.case.read("an envelope", at=clock.now(), by=request.user)
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
            "envelope": envelope(form.delivery) if decision.by_post else None,
            "outcome": form.delivery.outcome(at=clock.now()),
            "is_unknown": waits_as(form.delivery, at=clock.now()) == "unknown",
            "form": form,
            "title": decision.label,
            "model_admin": self,
        }
        return TemplateResponse(
            request, "admin/letters/delivery/decision.html", self.admin_site.each_context(request) | context
        )


def envelope(delivery):
    """Where the post would take it now, and whether the letter itself shows another address."""
    lines = postroom.address_now(delivery.letter)
    return {"address": lines, "is_forwarded": postroom.is_forwarded(delivery.letter)}


def links(delivery, *, at):
    """A button for each decision that is open for `delivery`, and one to print it."""
    buttons = [
        (reverse("admin:letters_delivery_decision", args=[delivery.pk, name]), "", decision.label)
        for name, decision in open_for(delivery, at=at)
    ]
    if delivery.by_post and not delivery.returned_on:
        page = reverse("admin:letters_delivery_reprint", args=[delivery.pk])
        buttons.append((page, "_blank", "Print again" if delivery.posted_on else "Print"))
    joined = format_html_join(" ", '<a class="desk-button" href="{}" target="{}">{}</a>', buttons)
    later = format_html('<span class="desk-quiet">{}</span>', words) if (words := later_for(delivery, at=at)) else ""
    return format_html('<span class="desk-verbs">{}{}</span>', joined, later) if buttons else ""
