"""Letter templates: every kind in every language, its words and their versions; written by leads, read by all."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from cases.admin.desk import DeskAdmin
from casetracker import clock
from letters import compare, facts, glossary, library, press, scan, trial, wording, writing
from letters.library import Words
from letters.models import Kind, LetterTemplate
from letters.sheet import CannotRender

from .letter import pdf
from .template_forms import PreviewForm, ScanForm, VersionForm

LIBRARY = "library"  # stands for the file of the library where a version is asked for
NOTHING = Words("", "")


@admin.register(LetterTemplate)
class LetterTemplateAdmin(DeskAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="letters_lettertemplate_changelist"),
            path("scan/", wrap(self.scan_view), name="letters_lettertemplate_scan"),
            path("<int:pk>/change/", wrap(self.change_view), name="letters_lettertemplate_change"),
            path("<int:pk>/preview/", wrap(self.preview_view), name="letters_lettertemplate_preview"),
            path("<int:pk>/compare/", wrap(self.compare_view), name="letters_lettertemplate_compare"),
        ]

    def has_add_permission(self, request):
        """There is one of each already."""
        return False

    # --- the list ---

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        """Every kind of letter with its languages, in the order in which they are known elsewhere."""
        library.load()
        order = [code for code, _ in settings.LANGUAGES]
        found = sorted(self._templates(), key=lambda template: order.index(template.language))
        kinds = [(kind.label, [_listed(it) for it in found if it.kind == kind]) for kind in Kind]
        context = {"kinds": kinds, "may_work": self.has_change_permission(request)}
        return self._shown(request, None, "list.html", {"title": "All kinds and languages"} | context)

    # --- the words ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def change_view(self, request, pk, form_url="", extra_context=None):
        template = self._template(pk)
        newest = _newest(template)
        if request.method != "POST":
            return self._desk(request, template, self._form(request, template, newest))
        self._check_may_work(request)
        form = VersionForm(request.POST, template=template)
        if not form.is_valid():
            return self._desk(request, template, form)
        if newest and form.words() == Words.of(newest):
            messages.info(request, "Nothing was changed, so there is no new version.")
            return HttpResponseRedirect(_page("change", template))
        try:
            made = library.rewrite(template, form.words(), after=form.cleaned_data["seen"], by=request.user)
        except library.Overtaken:
            return self._overtaken(request, form)
        messages.success(
            request, f"Saved as version {made.number}. Drafts and letters keep the version they were made of."
        )
        return HttpResponseRedirect(_page("change", template))

    def _form(self, request, template, newest):
        """The newest words to be changed, or those of the library's file."""
        words = Words.of(newest) if newest else NOTHING
        if request.GET.get("words") == LIBRARY:
            words = library.news(template) or words
        return VersionForm.showing(words, template=template, seen=newest.number if newest else 0)

    def _overtaken(self, request, form):
        """What was typed stays in the form, beside what somebody else saved meanwhile; saving again replaces that."""
        template = self._template(form.template.pk)
        newest = _newest(template)
        typed = request.POST.copy()
        typed["seen"] = newest.number
        again = VersionForm(typed, template=template)
        difference = _difference(Words.of(newest), form.words())
        difference = {name: compare.shortened(pieces) for name, pieces in difference.items()}
        return self._desk(request, template, again, overtaken_by=newest, difference=difference)

    def _desk(self, request, template, form, **more):
        versions = sorted(template.versions.all(), key=lambda version: -version.number)
        context = {
            "form": form,
            "preview_form": PreviewForm(user=request.user),
            "versions": [(version, version.number - 1) for version in versions],
            "newest": versions[0] if versions else None,
            "news": library.news(template),
            "may_work": self.has_change_permission(request),
        }
        return self._shown(request, template, "desk.html", context | _explained(template) | more)

    # --- how it looks ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def preview_view(self, request, pk):
        """A version, or the words as they are typed, as a letter about the sample or a case; nothing is kept."""
        template = self._template(pk)
        asked = request.POST if request.method == "POST" else request.GET
        chosen = PreviewForm(asked, user=request.user)
        if not chosen.is_valid():
            return self._not_set(request, template, chosen.errors["case"])
        version = _typed(template, request.POST) if request.method == "POST" else self._version(template, asked)
        try:
            content = press.render_pdf(self._sheet(version, chosen.cleaned_data["case"], by=request.user))
        except wording.BadWords:
            found = trial.faults(version)
            return self._not_set(request, template, [f"{name}: {it}" for name in found for it in found[name]])
        except (CannotRender, writing.CannotDraft, library.NoTemplate) as error:
            return self._not_set(request, template, getattr(error, "problems", None) or [str(error)])
        return pdf(content, name=f"{template.kind}-{template.language}.pdf")

    def _sheet(self, version, case, *, by):
        if case:
            case.read("a template tried with it", at=clock.now(), by=by)
            return trial.of_case(version, case, on=clock.today(), by=by)
        return trial.specimen(version, on=clock.today())

    def _not_set(self, request, template, problems):
        return self._shown(request, template, "not_set.html", {"problems": problems}, status=422)

    @method_decorator(require_safe)
    def compare_view(self, request, pk):
        template = self._template(pk)
        sides = [self._side(template, request.GET.get(name)) for name in ("old", "new")]
        (old, old_name), (new, new_name) = sides
        context = {
            "difference": _difference(old, new),
            "old": old_name,
            "new": new_name,
            "asked": [request.GET.get("old"), request.GET.get("new")],
            "versions": sorted(template.versions.all(), key=lambda version: -version.number),
            "news": library.news(template),
            "may_work": self.has_change_permission(request),
        }
        return self._shown(request, template, "compare.html", context)

    def _side(self, template, asked):
        """The words that are asked for, and what they are called."""
        if asked == LIBRARY:
            found = library.words(template.kind, template.language)
            if found is None:
                raise Http404
            return found, "the starter library"
        version = self._version(template, {"version": asked})
        return Words.of(version), f"version {version.number}"

    # --- where a phrase stands ---

    @method_decorator(require_safe)
    def scan_view(self, request):
        self._check_may_work(request)
        library.load()
        form = ScanForm(request.GET or None)
        found = (
            scan.hits(form.cleaned_data["phrase"], in_drafts=form.cleaned_data["drafts"]) if form.is_valid() else None
        )
        return self._shown(request, None, "scan.html", {"form": form, "hits": found})

    # --- inside ---

    def _templates(self):
        return LetterTemplate.objects.prefetch_related("versions")

    def _template(self, pk):
        return get_object_or_404(self._templates(), pk=pk)

    def _version(self, template, asked):
        """The version of that number; the newest where none is named."""
        number = asked.get("version")
        if not number:
            return _newest(template) or NOTHING.version(template)
        return get_object_or_404(template.versions, number=int(number) if number.isdecimal() else 0)

    def _check_may_work(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _shown(self, request, template, name, context, *, status=200):
        request.current_app = self.admin_site.name
        common = {"template": template, "title": str(template or "Where a phrase stands"), "model_admin": self}
        return TemplateResponse(
            request,
            f"admin/letters/lettertemplate/{name}",
            self.admin_site.each_context(request) | common | context,
            status=status,
        )


def _listed(template):
    return {"it": template, "newest": _newest(template), "news": library.news(template)}


def _newest(template):
    return max(template.versions.all(), key=lambda version: version.number, default=None)


def _page(name, template, *, query=None):
    return reverse(f"admin:letters_lettertemplate_{name}", args=[template.pk], query=query)


def _typed(template, typed):
    """What somebody typed as a version, whatever is wrong with it."""
    words = {name: typed.get(name, "").replace("\r\n", "\n").strip() for name in vars(NOTHING)}
    return Words(**words).version(template)


def _explained(template):
    """The placeholders of the letter, as they are read beside the editor."""
    known, language = facts.known(template.kind), template.language
    return {
        "printed": glossary.printed(known, language),
        "asked": glossary.asked(known),
        "lists": glossary.lists(known, language),
    }


def _difference(old, new):
    """By field, what differs; None for what does not."""
    return {
        name: compare.pieces(getattr(old, name), getattr(new, name))
        for name in vars(NOTHING)
        if getattr(old, name) != getattr(new, name)
    }
