"""The worklist: which cases, in which order, found how."""

from django.contrib.admin import SimpleListFilter, display
from django.db.models import F, OuterRef, Subquery
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter

from cases import search
from cases.models import Case, FollowUp, Kind, WaitingOn, office
from casetracker import clock

from .capped import MOST, KeysFirst
from .desk import DeskAdmin, DeskList, due_in_words
from .filters import SilentFilter, TeamFilter
from .worklist_filters import (
    ORDERS,
    OrderFilter,
    RegimeFilter,
    TagFilter,
    VulnerableFilter,
    WaitingFilter,
    by_due_day,
)

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
MOST_FOUND = 1_000  # whoever finds more needs another word, not a number that takes long to count
ALL_DUE = ("today", "overdue", "approval", "colleague")  # of these something is outstanding about every case


def chosen_list(request) -> str:
    """The list that is asked for: the open cases, or, for a search, all of them."""
    asked = request.GET.get("list")
    if asked in LISTS:
        return asked
    return "all" if request.GET.get("q") else "open"


def chosen_order(request) -> str:
    """The order that is asked for, or the usual one of the list."""
    asked, name = request.GET.get("order"), chosen_list(request)
    if asked in ORDERS:
        return asked
    return "due" if name in BY_DUE_DAY else "old" if name in ("open", "nobody") else "new"


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
        """Each case knows the calendar by which its days are counted and, in a search, where it says what was asked."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list
        calendar, said = office(), self.said()
        for case in self.result_list:
            case.counted_by, case.excerpt = calendar, said.get(case.pk)

    def said(self):
        if not self.query:
            return {}
        shown = Case.objects.filter(pk__in=[case.pk for case in self.result_list])
        return search.excerpts(shown, search.read(self.query))


class Worklist(DeskAdmin):
    """The changelist half of the cases' pages."""

    list_display = (
        "number",
        "subject_line",
        "who",
        "stands",
        "next_due",
        "looked_after_by",
        "waits",
        "tagged",
        "received",
    )
    sortable_by = ()  # by its own order: by any column, a million rows would be sorted for the sake of fifty
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
        ("root_cause", ChoicesDropdownFilter),
        RegimeFilter,
        TagFilter,
        WaitingFilter,
        VulnerableFilter,
        SilentFilter,
        ("received_on", RangeDateFilter),
        OrderFilter,
    )
    search_fields = ("reference",)  # that there is a search at all; cases.search says where it looks
    search_help_text = "Any words of the case or its letters, a name, a number, “words in quotes”"

    class Media:
        css = {"all": ["cases/worklist.css"]}

    def get_queryset(self, request):
        outstanding = FollowUp.objects.outstanding().filter(case=OuterRef("pk")).order_by("due_on", "pk")
        return (
            super()
            .get_queryset(request)
            .visible_to(request.user)
            .select_related("customer", "handler")
            .defer("story", "wanted", "cause_explained", "prevention")
            .prefetch_related("tags")
            .with_promises()
            .with_waiting()
            .annotate(
                next_due_on=Subquery(outstanding.values("due_on")[:1]),
                next_due_kind=Subquery(outstanding.values("kind")[:1]),
            )
        )

    def get_changelist(self, request, **kwargs):
        return CaseList

    def get_ordering(self, request):
        return {
            "due": (F("next_due_on").asc(nulls_last=True), "received_on", "pk"),
            "old": ("received_on", "pk"),
            "new": ("-received_on", "-pk"),
        }[chosen_order(request)]

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        """By due day a long list is walked along what is due; a short one, in which nothing may be, is sorted."""
        name, order = chosen_list(request), chosen_order(request)
        walked = order == "due" and (name in ALL_DUE or name not in BY_DUE_DAY)
        keys = by_due_day(queryset) if walked else queryset.values_list("pk", flat=True)
        most = MOST_FOUND if request.GET.get("q") else MOST
        rows = self.get_queryset(request)
        return KeysFirst(queryset, per_page, *args, keys=keys, rows=rows, most=most, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        return (search.found(queryset, search_term) if search_term.strip() else queryset), False

    @display(description="Reference")
    def number(self, case):
        return format_html('<span class="desk-number">{}</span>', case.reference)

    @display(description="Customer")
    def who(self, case):
        return format_html('<span dir="auto">{}</span>', case.customer)

    @display(description="Subject")
    def subject_line(self, case):
        return format_html('<span class="desk-subject" dir="auto">{}</span>{}', case.subject, _where(case.excerpt))

    @display(description="Stage")
    def stands(self, case):
        return case.stage_in_words()

    @display(description="Owner")
    def looked_after_by(self, case):
        return case.handler or format_html('<span class="desk-nobody">{}</span>', "nobody")

    @display(description="Waiting on")
    def waits(self, case):
        return WaitingOn(case.waits_on).label if case.waits_on else "–"

    @display(description="Tags")
    def tagged(self, case):
        return format_html_join(" ", '<span class="desk-tag" dir="auto">{}</span>', ((tag,) for tag in case.tags.all()))

    @display(description="Next deadline")
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

    @display(description="Received")
    def received(self, case):
        return f"{case.received_on:%-d %b %Y}"


def _where(excerpt):
    """The place where a case says what was searched for, with the words marked."""
    if not excerpt:
        return ""
    said = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", t) if marked else t,) for t, marked in excerpt.pieces)
    )
    return format_html('<span class="desk-excerpt" dir="auto"><b>{}</b> {}</span>', excerpt.place, said)
