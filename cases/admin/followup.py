"""The list of all that is due: what, about which case, who has to act, when, by what means, and why. To be looked at;
what can be done about it stands on the page of its case."""

from django.contrib import admin
from django.contrib.admin import SimpleListFilter, display
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from cases import reference
from cases.models import Case, FollowUp, Kind, office
from casetracker import clock

from .desk import DeskAdmin, DeskList, due_in_words
from .filters import TeamOfTheCase

LISTS = {
    "mine": "Mine",
    "today": "Due today",
    "overdue": "Overdue",
    "promises": "Promises due",
    "wrote": "Customer wrote",
    "stuck": "Stuck",
    "all": "All",
}


def chosen_list(request) -> str:
    """The list that is asked for: one's own, or, for a search, all that is due."""
    asked = request.GET.get("list")
    if asked in LISTS:
        return asked
    return "all" if request.GET.get("q") else "mine"


def narrowed(followups, name, *, user, on):
    """The outstanding ones of the list `name`."""
    waiting = followups.outstanding()
    return {
        "mine": lambda: waiting.for_whom_to_act(user),
        "today": lambda: waiting.due(on=on),
        "overdue": lambda: waiting.overdue(on=on),
        "promises": lambda: waiting.promises_due(on=on),
        "wrote": lambda: waiting.asked_about(),
        "stuck": lambda: waiting.stuck(),
        "all": lambda: waiting,
    }[name]()


class ListFilter(SimpleListFilter):
    """The list that a tab stands for, kept while other filters change."""

    title, parameter_name = "list", "list"
    template = "admin/cases/case/list_filter.html"

    def lookups(self, request, model_admin):
        return LISTS.items()

    def queryset(self, request, queryset):
        return narrowed(queryset, chosen_list(request), user=request.user, on=clock.today())


class FollowUpList(DeskList):
    def get_results(self, request):
        """Each knows the calendar by which its days are counted, asked for once."""
        super().get_results(request)
        calendar = office()
        for followup in self.result_list:
            followup.counted_by = calendar


@admin.register(FollowUp)
class FollowUpAdmin(DeskAdmin):
    list_display = ("when", "what", "about", "acts", "through", "because")
    list_display_links = None
    list_filter_submit = True
    list_filter = (
        ListFilter,
        ("kind", ChoicesDropdownFilter),
        ("through", ChoicesDropdownFilter),
        TeamOfTheCase,
        ("case__channel", ChoicesDropdownFilter),
        ("case__language", ChoicesDropdownFilter),
    )
    search_fields = ("why", "case__subject", "case__customer__name", "commitment__what", "involvement__name")
    search_help_text = "Reference, customer, subject, what was promised, why"
    ordering = ("due_on", "pk")

    def get_urls(self):
        changelist = self.admin_site.admin_view(self.changelist_view)
        return [path("", changelist, name="cases_followup_changelist")]

    def get_queryset(self, request):
        related = ("case__customer", "case__handler", "owner", "commitment__owner", "involvement__user", "deadline")
        followups = super().get_queryset(request).filter(case__in=Case.objects.visible_to(request.user))
        return followups.select_related(*related).defer("case__story", "case__wanted", "involvement__account")

    def get_changelist(self, request, **kwargs):
        return FollowUpList

    def get_search_results(self, request, queryset, search_term):
        number = reference.heard(search_term)
        if number:
            return queryset.filter(case__reference=number), False
        return super().get_search_results(request, queryset, search_term)

    @display(description="Due", ordering="due_on")
    def when(self, followup):
        today = clock.today()
        return format_html(
            '<span class="desk-due {}"><b>{}</b> {}</span>',
            "is-late" if followup.due_on < today else "is-today" if followup.due_on == today else "",
            followup.day_and_hour(),
            due_in_words(followup.due_on, on=today, calendar=followup.counted_by),
        )

    @display(description="What", ordering="kind")
    def what(self, followup):
        about = followup.commitment.what if followup.commitment else followup.involvement and followup.involvement.name
        return format_html('<span>{}<span class="desk-about" dir="auto">{}</span></span>', followup.what, about or "")

    @display(description="Case", ordering="case__reference")
    def about(self, followup):
        case = followup.case
        return format_html(
            '<span><a class="desk-number desk-tolink" href="{}#due">{}</a>'
            '<span class="desk-about" dir="auto">{}, {}</span></span>',
            reverse("admin:cases_case_change", args=[case.pk]),
            case.reference,
            case.customer,
            case.subject,
        )

    @display(description="Who acts")
    def acts(self, followup):
        if followup.kind == Kind.ACCOUNT:
            return followup.involvement.name
        return followup.actor or format_html('<span class="desk-nobody">{}</span>', "the leads")

    @display(description="Why")
    def because(self, followup):
        return format_html(
            '<span><span class="desk-because" dir="auto">{}</span>{}{}</span>',
            followup.why,
            _line("The customer wrote", followup.wrote_at),
            _line(f"Stuck ({followup.error})", followup.stuck_at),
        )


def _line(said, at):
    if not at:
        return ""
    return format_html(
        '<span class="desk-about is-late" dir="auto">{}, {}</span>', said, f"{timezone.localtime(at):%-d %b, %H:%M}"
    )
