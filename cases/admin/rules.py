"""The rules that cases go by, as their packs say them: read by everybody of staff, and printed."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_countries import countries

from cases import rights, rules
from cases.models import RuleCheck, as_checked
from cases.rules import Pack, Step, words
from casetracker import clock
from letters.models import Kind
from letters.review.statements import required_statements

from .desk import dress
from .forms import WordsField, helper

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
    newest = as_checked(versions[-1] for regime, versions in rules.regimes().items() if regime != rules.HOUSE)
    named = [(it.regime, f"{it.name}{'' if it.checked else f' ({UNCHECKED})'}") for it in newest]
    return [("", none), *sorted(named, key=lambda choice: choice[1].casefold())]


@require_safe
def rules_page(request):
    """Every pack with all its versions, the house's first, the newest first."""
    today = clock.today()
    regimes = map(as_checked, rules.regimes().values())
    packs = sorted(regimes, key=lambda versions: (not versions[0].ours, versions[0].name.casefold()))
    context = {
        "title": "Rules",
        "packs": [[version(it, on=today) for it in reversed(versions)] for versions in packs],
        "all_open": request.GET.get("open") == "all",
        "unchecked": sum(not it.checked for versions in packs for it in versions),
        "may_check": rights.may_set_up(request.user),
    }
    return _shown(request, "page.html", context)


class CheckForm(forms.Form):
    compared_with = WordsField(
        label="What you compared it with",
        rows=4,
        max_length=2_000,
        help_text="Which text, in which edition, and what you found. It stays with your name and today's date.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
        self.helper = helper()


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request, regime, version):
    """A lead says that they have compared a version of a pack with its source."""
    if not rights.may_set_up(request.user):
        raise PermissionDenied
    pack = _unchecked(regime, version)
    form = CheckForm(request.POST or None)
    if form.is_bound and form.is_valid():
        RuleCheck.objects.create(
            regime=pack.regime,
            version=pack.version,
            fingerprint=pack.fingerprint,
            on=clock.today(),
            by=request.user,
            by_name=str(request.user),
            **form.cleaned_data,
        )
        messages.success(request, f"{pack.name}, from {pack.version:%-d %B %Y}: checked by you.")
        return HttpResponseRedirect(f"{reverse('admin:cases_rules')}#{pack.regime}")
    return _shown(request, "check.html", {"title": f"{pack.name}: compared?", "pack": pack, "form": form})


def _unchecked(regime, version) -> Pack:
    try:
        [pack] = as_checked([rules.version(regime, version)])
    except rules.NoRules as error:
        raise Http404(str(error)) from None
    if pack.checked:
        raise Http404("It is checked.")
    return pack


def _shown(request, template, context):
    request.current_app = admin.site.name
    return TemplateResponse(request, f"admin/cases/rules/{template}", admin.site.each_context(request) | context)


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
