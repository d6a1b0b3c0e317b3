"""The playbook at the desk: everybody reads it, leads write it. Each save is a version; the earlier ones stay."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import playbook
from cases.models import PlaybookVersion
from cases.playbook import ENTRIES, GROUPS, Words, held
from cases.playbook.files import LONGEST
from cases.rights import may_edit_playbook
from letters import compare
from letters.review.listed import phrases_by_reason

from .avoid import mind, phrases_view
from .desk import DeskAdmin, dress
from .forms import WordsField, helper

STARTER = 0  # the number that stands for the starter's words where a version is asked for


class LinesField(WordsField):
    """Sentences, a line each; the cleaned value is a tuple."""

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value):
        lines = tuple(filter(None, (" ".join(line.split()) for line in super().clean(value).splitlines())))
        for line in lines:
            if len(line) > LONGEST:
                raise ValidationError(f"Shorten the line “{line[:40]}…” to {LONGEST} characters, or make two of it.")
        return lines


class EntryForm(forms.Form):
    do = LinesField(label="What to do", rows=8, help_text="A line each.")
    say = LinesField(
        label="What one might say",
        rows=6,
        help_text="A line each; “…” is for the colleague to fill in during the talk.",
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, entry, language, **kwargs):
        super().__init__(*args, **kwargs)
        if language != playbook.house_language():
            del self.fields["do"]
        if not entry.group.speaks:
            self.fields["do"].label = "How it shows, and what helps"
            self.fields["do"].help_text = "A line each: how it shows on the first, what helps on the others."
            del self.fields["say"]
        dress(self)
        if "say" in self.fields:
            self.fields["say"].widget.attrs["lang"] = language
            mind(self, [language], "say")
        self.helper = helper()

    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name] for name in ("do", "say") if name in self.fields})


@admin.register(PlaybookVersion)
class PlaybookAdmin(DeskAdmin):
    def get_urls(self):
        wrap, entry = self.admin_site.admin_view, "<slug:group>/<slug:name>/<slug:language>/"
        return [
            path("", wrap(self.changelist_view), name="cases_playbookversion_changelist"),
            path("avoid/", wrap(self.avoid_view), name="cases_playbookversion_avoid"),
            path("avoid/<slug:language>.json", wrap(phrases_view), name="cases_playbookversion_phrases"),
            path(entry, wrap(self.change_view), name="cases_playbookversion_change"),
            path(f"{entry}compare/", wrap(self.compare_view), name="cases_playbookversion_compare"),
            path(f"{entry}back/<int:number>/", wrap(self.back_view), name="cases_playbookversion_back"),
        ]

    def has_add_permission(self, request):
        """What there is to write about stands in the product."""
        return False

    # --- the list ---

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        numbers = {
            (version.entry, version.language): version.number
            for version in PlaybookVersion.objects.newest().only("entry", "language", "number")
        }
        groups = [
            (group.title, [_listed(entry, numbers) for entry in playbook.in_group(group.name)])
            for group in GROUPS.values()
        ]
        context = {"groups": groups, "may_work": may_edit_playbook(request.user)}
        return self._shown(request, "list.html", {"title": "Playbook"} | context)

    @method_decorator(require_safe)
    def avoid_view(self, request):
        """The phrases to avoid, by language, with reason and better wording."""
        lists = [(code, called, phrases_by_reason(code)) for code, called in settings.LANGUAGES]
        return self._shown(request, "avoid.html", {"title": "Phrases to avoid", "lists": lists})

    # --- an entry in a language ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def change_view(self, request, group, name, language, extra_context=None):
        entry = self._entry(group, name, language)
        if request.method != "POST":
            return self._desk(request, entry, language, self._form(entry, language))
        self._check_may_work(request)
        form = EntryForm(request.POST, entry=entry, language=language)
        if not form.is_valid():
            return self._desk(request, entry, language, form)
        words = form.words()
        if words == playbook.current([entry], language)[entry.key]:
            messages.info(request, "Nothing was changed, so there is no new version.")
            return self._to(entry, language)
        try:
            made = playbook.write(entry, language, words, after=form.cleaned_data["seen"], by=request.user)
        except playbook.Overtaken:
            return self._overtaken(request, entry, language, words)
        messages.success(request, f"Saved as version {made.number}. It is shown from now on.")
        return self._to(entry, language)

    @method_decorator(require_POST)
    def back_view(self, request, group, name, language, number):
        """What an earlier version or the starter said holds from now on, as a new version."""
        entry = self._entry(group, name, language)
        self._check_may_work(request)
        newest = playbook.versions_of(entry, language).last()
        words, called = self._side(entry, language, number)
        if newest is None or held(newest) == words:
            messages.info(request, "That is what it says now.")
            return self._to(entry, language)
        try:
            made = playbook.write(entry, language, words, after=_number(request.POST.get("seen")), by=request.user)
        except playbook.Overtaken:
            messages.warning(request, "Somebody saved a version meanwhile. Look at it first.")
        else:
            messages.success(request, f"Version {made.number} says what {called} said.")
        return self._to(entry, language)

    @method_decorator(require_safe)
    def compare_view(self, request, group, name, language):
        entry = self._entry(group, name, language)
        asked = [_number(request.GET.get(side, f"{STARTER}")) for side in ("old", "new")]
        (old, old_name), (new, new_name) = (self._side(entry, language, number) for number in asked)
        context = {
            "difference": _difference(old, new),
            "old": old_name,
            "new": new_name,
            "asked": asked,
            "versions": playbook.versions_of(entry, language).reverse(),
        }
        return self._shown(request, "compare.html", self._about(entry, language) | context)

    # --- inside ---

    def _form(self, entry, language):
        newest = playbook.versions_of(entry, language).last()
        words = held(newest) if newest else self._starter(entry, language)
        seen = {"seen": newest.number if newest else STARTER}
        return EntryForm(initial=vars(words) | seen, entry=entry, language=language)

    def _overtaken(self, request, entry, language, words):
        """What was typed stays in the form, beside what somebody else saved meanwhile; saving again replaces that."""
        newest = playbook.versions_of(entry, language).last()
        typed = request.POST.copy()
        typed["seen"] = newest.number
        again = EntryForm(typed, entry=entry, language=language)
        difference = _difference(held(newest), words)
        return self._desk(request, entry, language, again, overtaken_by=newest, difference=difference)

    def _desk(self, request, entry, language, form, **more):
        house = playbook.house_language()
        versions = list(playbook.versions_of(entry, language).reverse())
        context = {
            "form": form,
            "versions": [(version, held(version)) for version in versions],
            "newest": versions[0] if versions else None,
            "now": held(versions[0]) if versions else self._starter(entry, language),
            "starter": self._starter(entry, language),
            "means": playbook.current([entry], house)[entry.key] if language != house else None,
            "may_work": may_edit_playbook(request.user),
        }
        return self._shown(request, "entry.html", self._about(entry, language) | context | more)

    def _about(self, entry, language):
        called = languages_of(entry)
        return {
            "entry": entry,
            "language": language,
            "language_name": called[language],
            "languages": called.items(),
            "title": f"{entry}, {called[language]}",
        }

    def _entry(self, group, name, language):
        entry = ENTRIES.get(f"{group}:{name}")
        if entry is None or language not in languages_of(entry):
            raise Http404
        return entry

    def _side(self, entry, language, number):
        """The words of that version, and what it is called."""
        if number == STARTER:
            return self._starter(entry, language), "the starter"
        version = get_object_or_404(playbook.versions_of(entry, language), number=number)
        return held(version), f"version {number}"

    def _starter(self, entry, language):
        return playbook.starter(language).get(entry.key, Words())

    def _check_may_work(self, request):
        if not may_edit_playbook(request.user):
            raise PermissionDenied

    def _to(self, entry, language):
        args = [entry.group.name, entry.name, language]
        return HttpResponseRedirect(reverse("admin:cases_playbookversion_change", args=args))

    def _shown(self, request, name, context):
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, f"admin/cases/playbook/{name}", self.admin_site.each_context(request) | context
        )


def languages_of(entry) -> dict[str, str]:
    """The languages that `entry` is written in: where it says nothing to customers, that of the house alone."""
    house = playbook.house_language()
    return {code: called for code, called in settings.LANGUAGES if entry.group.speaks or code == house}


def _listed(entry, numbers):
    """An entry with what is kept of it in each language: the number of its version, or the starter's words, or none."""
    states = [
        (code, called, numbers.get((entry.key, code)), entry.key in playbook.starter(code))
        for code, called in languages_of(entry).items()
    ]
    return {"it": entry, "languages": states}


def _number(asked) -> int:
    if not (asked or "").isdecimal() or len(asked) > 6:
        raise Http404
    return int(asked)


def _difference(old, new):
    """By what differs, how."""
    sides = {"What to do": (old.do, new.do), "What one might say": (old.say, new.say)}
    lines = {title: ["\n".join(side) for side in both] for title, both in sides.items()}
    return {title: compare.pieces(*both) for title, both in lines.items() if both[0] != both[1]}
