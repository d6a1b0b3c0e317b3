"""The rules that cases go by, as their packs say them: read by everybody of staff, and printed."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import admin
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django_countries import countries

from cases import rules
from cases.rules import Pack, Step, words
from casetracker import clock
from letters.models import Kind
from letters.review.statements import required_statements

UNCHECKED = "unchecked"


@dataclass(frozen=True)
class StepInWords:
    label: str
    limit: str
    particulars: list[str]


@dataclass(frozen=True)
class Version:
    """A version of a pack, in words."""

    it: Pack
    now: str  # "in force", "not yet", "not any more"
    place: str
    steps: list[StepInWords]
    letters: list
    second_stage: list
    second_person: list[str]
    afterwards: str


def regime_choices(none) -> list:
    """The regimes to choose from, `none` for none; whoever chooses one that is unchecked is told so."""
    newest = {regime: versions[-1] for regime, versions in rules.regimes().items() if regime != rules.HOUSE}
    named = [(regime, f"{it.name}{'' if it.checked else f' ({UNCHECKED})'}") for regime, it in newest.items()]
    return [("", none), *sorted(named, key=lambda choice: choice[1].casefold())]


@require_safe
def rules_page(request):
    """Every pack with all its versions, the house's first, the newest first."""
    today = clock.today()
    packs = sorted(rules.regimes().values(), key=lambda versions: (not versions[0].ours, versions[0].name.casefold()))
    context = {
        "title": "Rules",
        "packs": [[version(it, on=today) for it in reversed(versions)] for versions in packs],
        "all_open": request.GET.get("open") == "all",
        "unchecked": sum(not it.checked for versions in packs for it in versions),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/cases/rules/page.html", admin.site.each_context(request) | context)


def version(pack, *, on) -> Version:
    return Version(
        it=pack,
        now="not yet" if pack.version > on else "not any more" if pack.valid_to and pack.valid_to < on else "in force",
        place=_place(pack),
        steps=[_step(step) for step in pack.steps],
        letters=_letters(pack, pack.letters, escalated=False),
        second_stage=_letters(pack, pack.second_stage, escalated=True),
        second_person=words.second_person(pack, _listed(pack.second_person)),
        afterwards=" ".join(words.afterwards(pack)),
    )


def _place(pack) -> str:
    if not pack.country:
        return "those of the house, or of the organisation that the case belongs to"
    return f"{countries.name(pack.country)}{f', {pack.region}' if pack.region else ''}"


def _step(step: Step) -> StepInWords:
    told = step.extension and step.extension.letter
    letter = [f"The customer is told by letter: {Kind(told).label.lower()}."] if told else []
    return StepInWords(step.label, words.limit(step), [*words.particulars(step), *letter])


def _letters(pack, kinds, *, escalated) -> list:
    """What letters have to say, and which; kinds that have to say the same stand together."""
    found = defaultdict(list)
    for kind in Kind:
        said = required_statements(kind, [pack], escalated=escalated) if kind in kinds else ()
        if said:
            found[tuple(one.means for one in said)].append(kind.label)
    return [(", ".join(labels), means) for means, labels in found.items()]


def _listed(kinds) -> str:
    return ", ".join(Kind(kind).label.lower() for kind in kinds)
