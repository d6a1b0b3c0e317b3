"""The letters that are drafted from the page of a case."""

from django import forms
from django.conf import settings
from django.urls import reverse

from cases.admin.forms import VerbForm
from cases.models import Refused
from cases.stages import Stage
from letters import library, suggesting, writing
from letters.models import TO_STAFF, Kind

from .verb import Done, Verb, blank, verb


class LetterForm(VerbForm):
    language = forms.ChoiceField(
        label="Language of the letter", required=False, help_text="Empty: the customer's own language."
    )

    def prepare(self):
        called = dict(settings.LANGUAGES)
        self.fields["language"].choices = blank(
            [(code, called[code]) for code in library.languages()], self.case.get_language_display()
        )


def kinds_to_draft(case):
    """The kinds of letter to the customer of which there is no draft yet."""
    drafted = set(case.letters.drafts().values_list("kind", flat=True))
    return [(kind, kind.label) for kind in Kind if kind not in (*TO_STAFF, *drafted)]


class AnyLetterForm(LetterForm):
    """Any kind, those first that the case calls for now; what it calls for stands above the form, with its reason."""

    kind = forms.ChoiceField(label="Letter")
    field_order = ("kind", "language")
    above = "admin/letters/letter/suggested.html"

    def prepare(self):
        super().prepare()
        self.suggested = [
            {"kind": it.kind, "reason": it.reason, "boxes": self._boxes(it.kind)}
            for it in suggesting.suggestions(self.case, on=self.on)
        ]
        others = kinds_to_draft(self.case)
        self.fields["kind"].choices = blank(others)
        self.drafts = self.case.letters.drafts().filter(involvement=None)

    def _boxes(self, kind):
        """The optional paragraphs of the letter as it would be drafted in the customer's language."""
        try:
            version = library.current_version(kind, self.case.language)
            letter = writing.composed(self.case, version, on=self.on, by=self.user)
        except (writing.CannotDraft, library.NoTemplate):  # pressing the button says so
            return []
        return [part for part in letter.made_of if part.name]

    def clean(self):
        """The paragraphs that were ticked, where the boxes were shown."""
        shown = "ticks_shown" in self.data
        return super().clean() | {"ticked": set(self.data.getlist("ticks")) if shown else None}


def drafted(case, kind, **how) -> Done:
    """A draft is there, and the desk opens it. Raises Refused."""
    try:
        letter = writing.draft(case, kind, **how)
    except writing.CannotDraft as error:
        raise Refused(str(error)) from None
    page = reverse("admin:letters_letter_change", args=[letter.pk])
    return Done("Drafted. Read it, put it into your own words, then issue it.", page)


class DraftLetter(Verb):
    icon, form, straight, reaches_customer = "draft", LetterForm, True, True
    kind = None

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and not case.letters.drafts().filter(kind=self.kind).exists()

    def is_at_hand(self, case):
        return super().is_at_hand(case) and not case.letters.issued().filter(kind=self.kind).exists()

    def do(self, case, about, cleaned, *, on, by):
        return drafted(case, self.kind, language=cleaned["language"], on=on, by=by)


@verb
class DraftAcknowledgement(DraftLetter):
    name, label, kind = "draft-acknowledgement", "Draft the acknowledgement", Kind.ACKNOWLEDGEMENT
    guidance = "It can be issued once the next contact is promised and somebody looks after the case."
    at_hand = (Stage.ACKNOWLEDGE,)


@verb
class DraftResolution(DraftLetter):
    name, label, kind = "draft-resolution", "Draft the resolution letter", Kind.RESOLUTION
    guidance = "The draft is made of the findings, the outcomes and the agreement as they stand now."
    at_hand = (Stage.DOCUMENT,)

    def is_at_hand(self, case):
        settled = case.agreement()
        return super().is_at_hand(case) and not (settled and not settled.agreed)


@verb
class DraftFinalPosition(DraftLetter):
    name, label, kind = "draft-final-position", "Draft the final position", Kind.NO_AGREEMENT
    guidance = "It says what was found, where we stand and why, and where the customer can turn next."
    at_hand = (Stage.DOCUMENT,)

    def is_at_hand(self, case):
        settled = case.agreement()
        return super().is_at_hand(case) and bool(settled and not settled.agreed)


@verb
class DraftOther(DraftLetter):
    name, label, form, straight = "draft-letter", "Write a letter", AnyLetterForm, False
    guidance = "The draft is made of what the case holds; the rest you fill in."

    def offered(self, case, *, about=None, user=None):
        return bool(kinds_to_draft(case))

    def is_at_hand(self, case):
        return False

    def do(self, case, about, cleaned, *, on, by):
        how = {"language": cleaned["language"], "ticked": cleaned["ticked"]}
        return drafted(case, cleaned["kind"], **how, on=on, by=by)
