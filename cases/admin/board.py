"""The board: on opening, what waits, each a number that opens its list; what is due next; and how the house does."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from cases import board as kept
from cases import health
from cases.board import NO_TEAM, Asked
from cases.models import Channel, FollowUp, Team, office
from cases.rights import may_lead
from casetracker import clock

from .charts import charts
from .desk import due_in_words
from .filters import SILENT_DAYS
from .tiles import Seen, tiles

SHOWN = 12
WEEKS = (4, 13, 26, 52)
USUAL = {"weeks": "13", "silent": "5"}


@dataclass(frozen=True)
class Choice:
    """One of the board's filters: its name in the address, what can be chosen, and what is."""

    name: str
    label: str
    options: list
    chosen: str


def board(request, context):
    """The context of the first page, with its numbers."""
    choices = list(choices_of(request.user, request.GET))
    seen = seen_by(request.user, choices)
    figures = kept.shown_to(seen.user, seen.asked, at=seen.at)
    return context | {
        "title": "Board",
        "today": seen.on,
        "choices": choices,
        "narrowed": seen.asked != Asked(weeks=seen.asked.weeks),
        "tiles": list(tiles(seen)),
        "clockwork": health.look(at=seen.at),
        "due_next": due_next(seen),
        "figures": figures,
        "charts": charts(figures, seen),
        "may_record": seen.user.has_perm("cases.add_case"),
        "may_refresh": may_lead(seen.user),
        "refresh": f"{reverse('admin:cases_board_refresh')}?{_query(choices)}",
    }


@require_POST
def refresh_page(request):
    """The figures of the charts are as they are now."""
    if not may_lead(request.user):
        raise PermissionDenied
    choices = list(choices_of(request.user, request.GET))
    seen = seen_by(request.user, choices)
    kept.worked_out_anew(seen.user, seen.asked, at=seen.at)
    return HttpResponseRedirect(f"{reverse('admin:index')}?{_query(choices)}#figures")


# --- which cases it is about ------------------------------------------------------------------------------------------


def choices_of(user, query):
    """The filters, as the address of the page says; whatever it says that cannot be chosen is left out."""
    own = user.teams.all() if user.teams.exists() else Team.objects.all()
    teams = [(str(team.pk), team.name) for team in own]
    offered = (
        ("team", "Team", [("", "All teams"), *teams, (NO_TEAM, "No team")] if teams else [("", "All teams")]),
        ("channel", "Channel", [("", "All channels"), *Channel.choices]),
        ("language", "Language", [("", "All languages"), *settings.LANGUAGES]),
        ("weeks", "Charts over", [(str(number), f"{number} weeks") for number in WEEKS]),
        ("silent", "No contact for", [(str(days), f"{days} working days") for days in SILENT_DAYS]),
    )
    for name, label, options in offered:
        asked = query.get(name, "")
        yield Choice(name, label, options, asked if asked in dict(options) else USUAL.get(name, ""))


def seen_by(user, choices) -> Seen:
    chosen = {choice.name: choice.chosen for choice in choices}
    days, weeks = int(chosen.pop("silent")), int(chosen.pop("weeks"))
    return Seen(user, Asked(weeks=weeks, **chosen), days, on=clock.today(), at=clock.now())


def _query(choices) -> str:
    return urlencode({choice.name: choice.chosen for choice in choices if choice.chosen})


# --- what comes next --------------------------------------------------------------------------------------------------


def due_next(seen):
    """The follow-ups that come next: a lead's among all cases, a handler's among their own."""
    cases = seen.cases if seen.user.is_lead else seen.cases.of(seen.user)
    found = FollowUp.objects.outstanding().filter(case__in=cases)
    found = found.select_related("case__customer", "case__handler", "involvement", "commitment", "deadline").order_by(
        "due_on", "pk"
    )
    calendar = office()
    return [
        {
            "it": it,
            "words": due_in_words(it.due_on, on=seen.on, calendar=calendar),
            "late": it.due_on < seen.on,
            "today": it.due_on == seen.on,
        }
        for it in found[:SHOWN]
    ]
