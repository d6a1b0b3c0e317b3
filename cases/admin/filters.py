"""What lists are narrowed by besides their own fields; the board's numbers lead to them with the same ones chosen."""

from django.db.models import Exists, OuterRef, Q
from unfold.contrib.filters.admin import DropdownFilter

from cases import deadlines
from cases.board import NO_TEAM
from cases.models import Conversation, Team, office
from casetracker import clock
from letters.models import Delivery

SILENT_DAYS = (3, 5, 10, 20)


class TeamFilter(DropdownFilter):
    """Whose case it is. A house without teams does not see it."""

    title, parameter_name = "team", "team"
    path = "team"  # from the rows of the list

    def lookups(self, request, model_admin):
        teams = [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
        return [*teams, (NO_TEAM, "No team")] if teams else []

    def queryset(self, request, queryset):
        if self.value() == NO_TEAM:
            return queryset.filter(**{f"{self.path}__isnull": True})
        known = dict(self.lookup_choices)
        return queryset.filter(**{self.path: self.value()}) if self.value() in known else queryset


class TeamOfTheCase(TeamFilter):
    path = "case__team"


class TeamOfTheLettersCase(TeamFilter):
    path = "letter__case__team"


class SilentFilter(DropdownFilter):
    title, parameter_name = "no contact for", "silent"
    all_option = ["", "Any"]

    def lookups(self, request, model_admin):
        return [(str(days), f"{days} working days") for days in SILENT_DAYS]

    def queryset(self, request, queryset):
        if self.value() not in map(str, SILENT_DAYS):
            return queryset
        return silent(queryset, days=int(self.value()), on=clock.today())


def silent(cases, *, days, on):
    """Those of the open `cases` whose customer has heard nothing from us for `days` working days or more: no talk, and
    no letter that arrived. Whoever complained later than that waits for the acknowledgement."""
    last = deadlines.due_before(on, days, calendar=office())
    talked = Conversation.objects.with_the_customer().filter(held_on__gt=last)
    written = Delivery.objects.arrived().filter(letter__involvement=None, copy=None)
    written = written.filter(Q(sent_at__date__gt=last) | Q(posted_on__gt=last))
    return cases.open().filter(
        ~Exists(talked.filter(case=OuterRef("pk"))),
        ~Exists(written.filter(letter__case=OuterRef("pk"))),
        received_on__lte=last,
    )
