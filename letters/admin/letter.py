"""The letter desk: a draft is edited beside its own PDF, then issued or discarded; an issued letter is only read."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from cases.admin.avoid import mind
from cases.admin.desk import DeskAdmin, dress
from cases.admin.filters import TeamOfTheCase
from cases.admin.forms import WordsField, helper
from cases.admin.tabs import LETTERS, chosen_letters
from cases.models import Case
from casetracker import clock
from letters import compare, decisions, dispatch, enclosing, press, render, review, writing
from letters.enclosable import NotEnclosable
from letters.models import Letter

from .deciding import Deciding, state
from .enclosure import EnclosureForm
from .previewing import WORDS, Previewing
from .ticks import Ticks

CHANGED_MEANWHILE = "Somebody changed this letter while you had it open. Look at it again before you go on."
# a PDF carries no page of ours; the browser's own viewer is the only thing that runs
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class LetterForm(forms.Form):
    subject = forms.CharField(max_length=200)
    salutation = forms.CharField(max_length=200)
    body = WordsField(rows=18, max_length=40_000, help_text="Markdown. Fill in every [[place in double brackets]].")
    close = forms.CharField(max_length=100)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, letter, **kwargs):
        words = {name: getattr(letter, name) for name in WORDS}
        super().__init__(*args, initial=words | {"seen": letter.edited_at.isoformat()}, **kwargs)
        self.letter = letter
        self.ticks = Ticks(letter, self.data if self.is_bound else None)
        mind(self, [letter.language], *words)
        dress(self)
        self.fields["body"].widget.attrs["class"] += " desk-letter-body"
        self.helper = helper()

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n")

    @property
    def is_overtaken(self) -> bool:
        """Somebody else's words were kept since these were begun."""
        return self.data.get("seen") != self.letter.edited_at.isoformat()

    def words(self):
        return {name: self.cleaned_data[name] for name in WORDS}


class ListFilter(SimpleListFilter):
    """The list that a tab stands for."""

    title, parameter_name = "list", "list"
    template = "admin/cases/case/list_filter.html"

    def lookups(self, request, model_admin):
        return LETTERS.items()

    def queryset(self, request, queryset):
        chosen = chosen_letters(request)
        if chosen == "drafts":
            return queryset.drafts()
        if chosen == "to_approve":
            return queryset.to_approve()
        return queryset.issued() if chosen == "issued" else queryset


def readable(user):
    """The letters that `user` may read: those of the cases that they may open."""
    return Letter.objects.filter(case__in=Case.objects.visible_to(user))


@admin.register(Letter)
class LetterAdmin(Deciding, Previewing, DeskAdmin):
    list_display = ("what", "in_register", "case_number", "customer", "stands", "drafted_by_name")
    list_display_links = ("what",)
    list_filter = (
        ListFilter,
        TeamOfTheCase,
        ("case__channel", ChoicesDropdownFilter),
        ("case__language", ChoicesDropdownFilter),
    )
    list_filter_submit = True
    search_fields = ("case__reference", "case__customer__name", "subject")
    search_help_text = "Reference, customer, subject"
    ordering = ("-drafted_at", "-pk")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="letters_letter_changelist"),
            path("<int:pk>/change/", wrap(self.change_view), name="letters_letter_change"),
            path("<int:pk>/pdf/", wrap(self.pdf_view), name="letters_letter_pdf"),
            path("<int:pk>/issue/", wrap(self.issue_view), name="letters_letter_issue"),
            path("<int:pk>/discard/", wrap(self.discard_view), name="letters_letter_discard"),
            path("<int:pk>/enclose/", wrap(self.enclose_view), name="letters_letter_enclose"),
            path("<int:pk>/enclosures/<int:number>/", wrap(self.enclosure_view), name="letters_letter_enclosure"),
            path("<int:pk>/enclosures/<int:number>/rename/", wrap(self.rename_view), name="letters_letter_rename"),
            path("<int:pk>/enclosures/<int:number>/remove/", wrap(self.remove_view), name="letters_letter_remove"),
            *self.deciding_urls(),
            *self.previewing_urls(),
        ]

    # --- the list ---

    def get_queryset(self, request):
        return readable(request.user).defer("pdf", "sheet", "body").select_related("case__customer")

    @display(description="Letter", ordering="kind")
    def what(self, letter):
        return letter.get_kind_display()

    @display(description="No.", ordering="register_number")
    def in_register(self, letter):
        return letter.number or "–"

    @display(description="Case", ordering="case__reference")
    def case_number(self, letter):
        page = reverse("admin:cases_case_change", args=[letter.case_id])
        return format_html('<a class="desk-number" href="{}">{}</a>', page, letter.case.reference)

    @display(description="Customer", ordering="case__customer__name")
    def customer(self, letter):
        return format_html('<span dir="auto">{}</span>', letter.case.customer)

    @display(description="Stands")
    def stands(self, letter):
        if letter.issued_on:
            return f"issued on {letter.issued_on:%-d %B %Y}"
        if letter.approval_asked_at and not letter.discarded_on:
            return "approved" if letter.approved_at else f"waits for approval, from {letter.approval_asked_by_name}"
        return f"discarded on {letter.discarded_on:%-d %B %Y}" if letter.discarded_on else "draft"

    # --- the desk ---

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def change_view(self, request, pk, form_url="", extra_context=None):
        letter = self._letter(request, pk)
        if request.method == "POST":
            self._check_may_work(request)
        form = LetterForm(request.POST or None, letter=letter)
        if form.is_bound and form.is_valid():
            return self._save(request, letter, form)
        return self._desk(request, letter, form, EnclosureForm())

    def _save(self, request, letter, form):
        """The words are kept, or shown again with the reason why not."""
        if form.is_overtaken:
            return self._overtaken(request, letter, form)
        now = form.ticks.put_into(form.cleaned_data["body"])
        try:
            writing.edit(letter, **form.words() | {"body": now.body}, parts=now.parts, by=request.user)
        except writing.EditedMeanwhile:
            letter.refresh_from_db()
            return self._overtaken(request, letter, form)
        except writing.CannotDraft as error:
            form.add_error(None, str(error))
            return self._desk(request, letter, form, EnclosureForm())
        for told in now.said:
            messages.warning(request, told)
        messages.success(request, "Saved.")
        return HttpResponseRedirect(self._page(letter))

    def _overtaken(self, request, letter, form):
        """What was typed stays in the form, beside what somebody else saved; saving again puts it in its place."""
        typed = request.POST.copy()
        typed["seen"] = letter.edited_at.isoformat()
        theirs = {name: getattr(letter, name) for name in WORDS}
        mine = form.words()
        difference = {
            name: compare.shortened(compare.pieces(theirs[name], mine[name]))
            for name in WORDS
            if theirs[name] != mine[name]
        }
        again = LetterForm(typed, letter=letter)
        return self._desk(request, letter, again, EnclosureForm(), overtaken=True, difference=difference)

    def _desk(self, request, letter, form, enclosure_form, **more):
        draft = not (letter.issued_on or letter.discarded_on)
        at = clock.now()
        if draft:
            press.warm_up()
        context = {
            "form": form,
            "enclosure_form": enclosure_form,
            "draft": draft,
            "may_work": self.has_change_permission(request),
            "deliveries": [{"it": d, "outcome": d.outcome(at=at)} for d in letter.deliveries.select_related("copy")],
        }
        if draft:
            context |= state(letter, request.user, on=clock.today())
        return self._shown(request, letter, "desk.html", context | more)

    @method_decorator(require_safe)
    def pdf_view(self, request, pk):
        """The bytes as they were issued; a draft as it would be set today, or why it cannot be set."""
        letter = self._letter(request, pk)
        try:
            content = letter.pdf or dispatch.preview(letter, on=clock.today())
        except render.CannotRender as error:
            return self._shown(request, letter, "not_set.html", {"problems": error.problems}, status=422)
        return pdf(content, name=letter.file_name)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def issue_view(self, request, pk):
        letter = self._letter(request, pk)
        self._check_may_work(request)
        problems = [*review.blocking(letter, on=clock.today()), *decisions.missing(letter)]
        if request.method == "POST":
            problems = self._not_issued(request, letter)
            if not problems:
                messages.success(request, f"Issued: {letter.get_kind_display().lower()}. It is on its way.")
                return HttpResponseRedirect(reverse("admin:cases_case_change", args=[letter.case_id]))
        return self._shown(request, letter, "issue.html", {"problems": problems, "copies": letter.copied_to()})

    def _not_issued(self, request, letter) -> list[str]:
        """Why the letter stays a draft; empty when it is issued."""
        if request.POST.get("seen") != letter.edited_at.isoformat():
            return [CHANGED_MEANWHILE]
        try:
            dispatch.issue(letter, on=clock.today(), by=request.user)
        except dispatch.NotIssued as error:
            return error.problems
        return []

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def discard_view(self, request, pk):
        letter = self._letter(request, pk)
        self._check_may_work(request)
        if request.method == "POST":
            try:
                writing.discard(letter, on=clock.today(), by=request.user)
            except writing.CannotDraft as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(self._page(letter))
            messages.success(request, "The draft is discarded.")
            return HttpResponseRedirect(reverse("admin:cases_case_change", args=[letter.case_id]))
        return self._shown(request, letter, "discard.html", {})

    # --- enclosures ---

    @method_decorator(require_POST)
    def enclose_view(self, request, pk):
        letter = self._letter(request, pk)
        self._check_may_work(request)
        form = EnclosureForm(request.POST, request.FILES)
        if form.is_valid():
            file, title = form.cleaned_data["file"], form.cleaned_data["title"]
            try:
                enclosing.enclose(letter, title, file.read(), on=clock.today(), by=request.user)
            except NotEnclosable as no:
                form.add_error("file", no.faults)
            except writing.CannotDraft as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Enclosed: {title}.")
                return HttpResponseRedirect(self._page(letter))
        return self._desk(request, letter, LetterForm(letter=letter), form)

    @method_decorator(require_safe)
    def enclosure_view(self, request, pk, number):
        letter = self._letter(request, pk)
        enclosure = get_object_or_404(letter.enclosures, pk=number)
        letter.case.read(f"the enclosure “{enclosure.name}”", at=clock.now(), by=request.user)
        return pdf(enclosure.content, name=enclosure.file_name)

    @method_decorator(require_POST)
    def rename_view(self, request, pk, number):
        letter = self._letter(request, pk)
        self._check_may_work(request)
        enclosure, title = get_object_or_404(letter.enclosures, pk=number), request.POST.get("title", "")
        try:
            enclosing.rename(enclosure, title, on=clock.today(), by=request.user)
        except (NotEnclosable, writing.CannotDraft) as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(self._page(letter))

    @method_decorator(require_POST)
    def remove_view(self, request, pk, number):
        letter = self._letter(request, pk)
        self._check_may_work(request)
        try:
            enclosing.unenclose(get_object_or_404(letter.enclosures, pk=number), on=clock.today(), by=request.user)
        except writing.CannotDraft as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(self._page(letter))

    # --- inside ---

    def _letter(self, request, pk):
        """The letter, if this person may open its case; for everybody else there is none."""
        letter = get_object_or_404(
            readable(request.user).select_related("case__customer", "signatory", "involvement").defer("pdf"), pk=pk
        )
        letter.case.read(f"letter: {letter}", at=clock.now(), by=request.user)
        return letter

    def _check_may_work(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _page(self, letter):
        return reverse("admin:letters_letter_change", args=[letter.pk])

    def _shown(self, request, letter, template, context, *, status=200):
        request.current_app = self.admin_site.name
        common = {
            "letter": letter,
            "case": letter.case,
            "title": f"{letter.get_kind_display()} {letter.case.reference}",
            "seen": letter.edited_at.isoformat(),
            "model_admin": self,
        }
        return TemplateResponse(
            request,
            f"admin/letters/letter/{template}",
            self.admin_site.each_context(request) | common | context,
            status=status,
        )


def pdf(content, *, name):
    response = HttpResponse(bytes(content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{safe(name)}"'
    response["Content-Security-Policy"] = PDF_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def safe(name) -> str:
    """A file name that means nothing to a header."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_. ") else "_" for char in name)
    if not kept:
        raise Http404
    return kept
