"""What the worklist is narrowed by besides its own columns, and in which order it stands."""

from django.db.models import Exists, OuterRef, Q
from unfold.contrib.filters.admin import DropdownFilter

from cases import rules
from cases.models import Case, FollowUp, Tag, WaitingOn

ORDERS = {"due": "Next deadline, where there is one", "old": "Oldest first", "new": "Newest first"}


class WaitingFilter(DropdownFilter):
    title, parameter_name = "waiting on", "waiting"

    def lookups(self, request, model_admin):
        return WaitingOn.choices

    def queryset(self, request, queryset):
        return queryset.waiting_on(WaitingOn(self.value())) if self.value() in WaitingOn.values else queryset


class TagFilter(DropdownFilter):
    """Cases with a tag. A house without tags does not see it."""

    title, parameter_name = "tag", "tag"

    def lookups(self, request, model_admin):
        return [(str(pk), name) for pk, name in Tag.objects.values_list("pk", "name")]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        tagged = Case.tags.through.objects.filter(tag=self.value(), case=OuterRef("pk"))
        return queryset.filter(Exists(tagged))


class RegimeFilter(DropdownFilter):
    title, parameter_name = "rules", "regime"

    def lookups(self, request, model_admin):
        return [(name, packs[-1].name) for name, packs in rules.regimes().items() if not packs[-1].ours]

    def queryset(self, request, queryset):
        return queryset.filter(regime=self.value()) if self.value() in dict(self.lookup_choices) else queryset


class VulnerableFilter(DropdownFilter):
    title, parameter_name = "vulnerable customer", "vulnerable"

    def lookups(self, request, model_admin):
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        told = ~Q(customer__vulnerability="")
        return queryset.filter(told if self.value() == "yes" else ~told)


class OrderFilter(DropdownFilter):
    """Narrows nothing: the list asks `chosen_order`."""

    title, parameter_name = "order", "order"
    all_option = ["", "As usual"]

    def lookups(self, request, model_admin):
        return ORDERS.items()

    def queryset(self, request, queryset):
        return queryset


def by_due_day(cases):
    """The keys of those of `cases` about which something is outstanding, by the day of the first of it. It walks along
    the follow-ups that are outstanding, so the first page costs as much as it shows."""
    waiting = FollowUp.objects.outstanding()
    sooner = Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__lt=OuterRef("pk"))
    first = waiting.filter(~Exists(waiting.filter(sooner, case=OuterRef("case"))))
    return first.filter(case__in=cases.order_by().values("pk")).order_by("due_on", "pk").values_list("case", flat=True)
