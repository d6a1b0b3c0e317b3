"""The worklist: which cases, in which order, found how."""

from django.contrib.admin import SimpleListFilter, display
from django.db.models import F, OuterRef, Subquery
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from cases.models import FollowUp, Kind, WaitingOn, office
from cases.search import found
from casetracker import clock

from .desk import DeskAdmin, DeskList, due_in_words
from .filters import SilentFilter, TeamFilter

LISTS = {
    "mine": "My open cases",
    "today": "Due today",
    "overdue": "Overdue",
    "nobody": "No owner",
    "customer": "Waiting for the customer",
    "colleague": "For a colleague",
    "approval": "For approval",
    "promises": "Promise open",
    "open": "Open",
    "closed": "Closed",
    "all": "All",
}
WAITING = ("customer", "colleague", "approval")
BY_DUE_DAY = ("mine", "today", "overdue", *WAITING, "promises")  # short lists; the long ones follow an index


def chosen_list(request) -> str:
    """The list that is asked for: the open cases, or, for a search, all of them."""
    asked = request.GET.get("list")
    if asked in LISTS:
        return asked
    return "all" if request.GET.get("q") else "open"


def narrowed(cases, name, *, user, on):
    """The cases of the list `name`."""
    return {
        "mine": lambda: cases.open().of(user),
        "today": lambda: cases.due(on=on),
        "overdue": lambda: cases.overdue(on=on),
        "nobody": lambda: cases.without_handler(),
        **{whom: lambda whom=whom: cases.waiting_on(WaitingOn(whom)) for whom in WAITING},
        "promises": lambda: cases.closed_with_a_promise(),
        "open": lambda: cases.open(),
        "closed": lambda: cases.exclude(closed_on=None),
        "all": lambda: cases,
    }[name]()


class ListFilter(SimpleListFilter):
    """The list that a tab stands for, kept while other filters change."""

    title, parameter_name = "list", "list"
    template = "admin/cases/case/list_filter.html"

    def lookups(self, request, model_admin):
        return LISTS.items()

    def queryset(self, request, queryset):
        return narrowed(queryset, chosen_list(request), user=request.user, on=clock.today())


class CaseList(DeskList):
    def get_results(self, request):
        """Each case knows the calendar by which its days are counted, asked for once."""
        super().get_results(request)
        calendar = office()
        for case in self.result_list:
            case.counted_by = calendar


class Worklist(DeskAdmin):
    """The changelist half of the cases' pages."""

    list_display = ("number", "subject_line", "who", "stands", "looked_after_by", "next_due", "received")
    list_display_links = ("number",)
    list_filter_submit = True
    list_filter = (
        ListFilter,
        ("stage", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("handler", RelatedDropdownFilter),
        TeamFilter,
        ("language", ChoicesDropdownFilter),
        ("situation", ChoicesDropdownFilter),
        SilentFilter,
    )
    search_fields = ("reference",)  # that there is a search at all; cases.search says where it looks
    search_help_text = "Any words of the case or its letters, a name, a number, “words in quotes”"

    def get_queryset(self, request):
        outstanding = FollowUp.objects.outstanding().filter(case=OuterRef("pk")).order_by("due_on", "pk")
        return (
            super()
            .get_queryset(request)
            .visible_to(request.user)
            .select_related("customer", "handler")
            .defer("story", "wanted", "cause_explained", "prevention")
            .with_promises()
            .annotate(
                next_due_on=Subquery(outstanding.values("due_on")[:1]),
                next_due_kind=Subquery(outstanding.values("kind")[:1]),
            )
        )

    def get_changelist(self, request, **kwargs):
        return CaseList

    def get_ordering(self, request):
        name = chosen_list(request)
        if name in BY_DUE_DAY:
            return (F("next_due_on").asc(nulls_last=True), "received_on", "pk")
        return {"open": ("received_on", "pk"), "nobody": ("received_on", "pk")}.get(name, ("-received_on", "-pk"))

    def get_search_results(self, request, queryset, search_term):
        return (found(queryset, search_term) if search_term.strip() else queryset), False

    @display(description="Reference", ordering="reference")
    def number(self, case):
        return format_html('<span class="desk-number">{}</span>', case.reference)

    @display(description="Customer", ordering="customer__name")
    def who(self, case):
        return format_html('<span dir="auto">{}</span>', case.customer)

    @display(description="Subject", ordering="subject")
    def subject_line(self, case):
        return format_html('<span class="desk-subject" dir="auto">{}</span>', case.subject)

    @display(description="Stage", ordering="stage")
    def stands(self, case):
        return case.stage_in_words()

    @display(description="Handler", ordering="handler__first_name")
    def looked_after_by(self, case):
        return case.handler or format_html('<span class="desk-nobody">{}</span>', "nobody")

    @display(description="Next due", ordering="next_due_on")
    def next_due(self, case):
        if not case.next_due_on:
            return "–"
        today = clock.today()
        return format_html(
            '<span class="desk-due {}" title="{}"><b>{}</b> {}</span>',
            "is-late" if case.next_due_on < today else "is-today" if case.next_due_on == today else "",
            Kind(case.next_due_kind).label,
            f"{case.next_due_on:%-d %b %Y}",
            due_in_words(case.next_due_on, on=today, calendar=case.counted_by),
        )

    @display(description="Received", ordering="received_on")
    def received(self, case):
        return f"{case.received_on:%-d %b %Y}"
