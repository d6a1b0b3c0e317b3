"""The verbs of a case as the desk offers them: one class each, all served by one view.

A class says how the button is called, in which stages it is at hand, what form it needs and what it does. What may not
be is refused below, by the case itself.
"""

from typing import NamedTuple

from django.db import transaction
from django.urls import reverse

from cases.models import Organisation, Refused
from cases.stages import Stage
from letters import writing
from letters.models import Kind as LetterKind

from . import verb_forms as forms
from .forms import VerbForm


class Done(NamedTuple):
    """What was done, in a sentence, and where to go on when that is not the page of the case."""

    said: str
    goto: str = ""


class Verb:
    name = ""  # in the address
    label = ""  # on the button
    icon = ""
    guidance = ""  # what helps to do it well, a line or two
    form = VerbForm
    about = ""  # which of the case's rows it concerns: "points", "involvements" ...; empty: the case itself
    at_hand = ()  # the stages in which its button stands in front
    for_leads = False
    straight = False  # done by one press on the case's own page; its own page is for what goes wrong
    moves = False  # carries the stage that the person saw, so that nobody moves on what they have not read

    def title(self, case, about):
        return self.label

    def offered(self, case, *, about=None, user=None) -> bool:
        """Whether it makes sense now; who may is asked elsewhere."""
        return case.stage != Stage.CLOSED

    def is_at_hand(self, case) -> bool:
        """Whether its button stands in front rather than under “More”."""
        return case.stage in self.at_hand

    def do(self, case, about, cleaned, *, on, by) -> Done:
        raise NotImplementedError


VERBS = {}


def verb(kind):
    VERBS[kind.name] = kind()
    return kind


# --- who works on it --------------------------------------------------------------------------------------------------


@verb
class Take(Verb):
    name, label, icon = "take", "I look after it", "person_add"
    straight = True
    at_hand = (Stage.ACKNOWLEDGE,)

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and (user is None or case.handler_id != user.pk)

    def do(self, case, about, cleaned, *, on, by):
        case.assign(by, on=on, by=by)
        return Done("You look after this case now.")


@verb
class Assign(Verb):
    name, label, icon = "assign", "Assign", "group"
    form, for_leads = forms.AssignForm, True

    def do(self, case, about, cleaned, *, on, by):
        case.assign(cleaned["handler"], on=on, by=by)
        return Done(f"{cleaned['handler']} looks after this case now.")


@verb
class FaceSituation(Verb):
    name, label, icon = "situation", "Set the situation", "sell"
    form = forms.SituationForm

    def do(self, case, about, cleaned, *, on, by):
        case.face(cleaned["situation"], on=on, by=by)
        return Done("The situation is noted.")


@verb
class BelongTo(Verb):
    name, label, icon = "organisation", "Set the organisation", "domain"
    form = forms.OrganisationForm
    guidance = "The name under which the customer knows us. Its letters go out on its own paper."

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and Organisation.objects.exists()

    def do(self, case, about, cleaned, *, on, by):
        case.belong_to(cleaned["organisation"], on=on, by=by)
        return Done(f"The case belongs to {cleaned['organisation'] or 'the house itself'}.")


@verb
class Recognise(Verb):
    name, label, icon = "recognise", "Yes, it is the same person", "link"
    about, straight = "look_alikes", True
    guidance = "The cases stay separate; from now on each shows the others as earlier cases of one customer."

    def title(self, case, about):
        return f"{case.customer} and {about} are the same person"

    def offered(self, case, *, about=None, user=None):
        return True

    def do(self, case, about, cleaned, *, on, by):
        case.recognise(about, on=on, by=by)
        return Done("Their cases are shown together now.")


# --- acknowledge, talk ------------------------------------------------------------------------------------------------


def drafted(case, kind, **how) -> Done:
    """A draft is there, and the desk opens it. Raises Refused."""
    try:
        letter = writing.draft(case, kind, **how)
    except writing.CannotDraft as error:
        raise Refused(str(error)) from None
    page = reverse("admin:letters_letter_change", args=[letter.pk])
    return Done("Drafted. Read it, put it into your own words, then issue it.", page)


class DraftLetter(Verb):
    icon, form, straight = "draft", forms.LetterForm, True
    kind = None

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and not case.letters.drafts().filter(kind=self.kind).exists()

    def is_at_hand(self, case):
        return super().is_at_hand(case) and not case.letters.issued().filter(kind=self.kind).exists()

    def do(self, case, about, cleaned, *, on, by):
        return drafted(case, self.kind, language=cleaned["language"], on=on, by=by)


@verb
class DraftAcknowledgement(DraftLetter):
    name, label, kind = "draft-acknowledgement", "Draft the acknowledgement", LetterKind.ACKNOWLEDGEMENT
    guidance = "It can be issued once the next contact is promised and somebody looks after the case."
    at_hand = (Stage.ACKNOWLEDGE,)


@verb
class DraftResolution(DraftLetter):
    name, label, kind = "draft-resolution", "Draft the resolution letter", LetterKind.RESOLUTION
    guidance = "The draft is made of the findings, the outcomes and the agreement as they stand now."
    at_hand = (Stage.DOCUMENT,)

    def is_at_hand(self, case):
        settled = case.agreement()
        return super().is_at_hand(case) and not (settled and not settled.agreed)


@verb
class DraftFinalPosition(DraftLetter):
    name, label, kind = "draft-final-position", "Draft the final position", LetterKind.NO_AGREEMENT
    guidance = "It says what was found, where we stand and why, and where the customer can turn next."
    at_hand = (Stage.DOCUMENT,)

    def is_at_hand(self, case):
        settled = case.agreement()
        return super().is_at_hand(case) and bool(settled and not settled.agreed)


@verb
class DraftOther(DraftLetter):
    name, label, form, straight = "draft-letter", "Write a letter", forms.AnyLetterForm, False
    guidance = "Choose what the letter is for. The draft is made of what the case holds; the rest you fill in."

    def offered(self, case, *, about=None, user=None):
        return bool(forms.kinds_to_draft(case))

    def is_at_hand(self, case):
        return False

    def do(self, case, about, cleaned, *, on, by):
        return drafted(case, cleaned["kind"], language=cleaned["language"], on=on, by=by)


@verb
class LogConversation(Verb):
    name, label, icon = "conversation", "Log a conversation", "call"
    form = forms.ConversationForm
    guidance = (
        "Let them tell it without interruption until they are calm; repeat back what you understood. Only then turn to "
        "what would put it right. If nothing can be settled today, agree on the day on which you go on."
    )
    at_hand = (Stage.ACKNOWLEDGE, Stage.TALK)

    def do(self, case, about, cleaned, *, on, by):
        held_on = cleaned.pop("held_on")
        case.log_conversation(**cleaned, on=held_on, by=by)
        return Done("The conversation is logged.")


@verb
class PromiseContact(Verb):
    name, label, icon = "contact", "Promise the next contact", "event"
    form = forms.ContactForm
    guidance = "Name a day that you can keep: the customer hears from you then, even if there is nothing new to say."
    at_hand = (Stage.ACKNOWLEDGE, Stage.INVESTIGATE, Stage.TALK)

    def do(self, case, about, cleaned, *, on, by):
        why = {"why": cleaned["why"]} if cleaned["why"] else {}
        case.promise_contact(until=cleaned["until"], on=on, by=by, **why)
        return Done(f"Promised: the customer hears from us on {cleaned['until']:%-d %B %Y}.")


# --- investigate ------------------------------------------------------------------------------------------------------


@verb
class AddPoint(Verb):
    name, label, icon = "point", "Add a point", "format_list_numbered"
    form = forms.PointForm
    guidance = (
        "Split what the customer told us into single points; every one of them gets its own answer in the letter."
    )
    at_hand = (Stage.ACKNOWLEDGE, Stage.INVESTIGATE)

    def do(self, case, about, cleaned, *, on, by):
        point = case.add_point(cleaned["text"], on=on, by=by)
        return Done(f"Point {point.number} is added.")


class AboutPoint(Verb):
    about = "points"

    def title(self, case, about):
        return f"{self.label}: point {about.number}"


@verb
class Find(AboutPoint):
    name, label, icon = "finding", "Finding", "search"
    form = forms.FindingForm
    guidance = (
        "Facts only. The aim is a fair solution and that it does not happen again, never to find somebody guilty."
    )
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        case.find(about, cleaned["finding"], on=on, by=by)
        return Done(f"The finding on point {about.number} is kept.")


@verb
class Explain(Verb):
    name, label, icon = "cause", "Name the cause", "troubleshoot"
    form = forms.CauseForm
    guidance = "Take full responsibility for what is ours: excuses and shifting the blame only make a complaint worse."
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        case.explain(**cleaned, on=on, by=by)
        return Done("Cause and responsibility are kept.")


@verb
class Involve(Verb):
    name, label, icon = "involve", "Involve somebody", "group_add"
    form = forms.InvolveForm
    guidance = (
        "Everyone with a part in the matter: they are asked for their account and get a copy of the letter. "
        "Whom the complaint is about can no longer open the case."
    )
    at_hand = (Stage.INVESTIGATE,)

    def do(self, case, about, cleaned, *, on, by):
        person = case.involve(**cleaned, on=on, by=by)
        return Done(f"{person.name} is involved now.")


class AboutPerson(Verb):
    about = "involvements"

    def title(self, case, about):
        return f"{self.label}: {about.name}"

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and (about is None or about.owes_an_account)


@verb
class AskAccount(AboutPerson):
    name, label, icon = "ask-account", "Ask for an account", "outgoing_mail"
    form = forms.AskAccountForm
    guidance = "They are asked in neutral words, and reminded on the day. Nobody is accused of anything."

    def do(self, case, about, cleaned, *, on, by):
        if cleaned["by_letter"]:
            return self._by_letter(case, about, cleaned, on=on, by=by)
        case.ask_account(about, until=cleaned["until"], on=on, by=by)
        return Done(f"{about.name} is asked for an account.")

    @transaction.atomic
    def _by_letter(self, case, about, cleaned, *, on, by):
        case.ask_account_by_letter(about, until=cleaned["until"], on=on, by=by)
        return drafted(case, LetterKind.ACCOUNT_REQUEST, language=cleaned["language"], person=about, on=on, by=by)


@verb
class TakeAccount(AboutPerson):
    name, label, icon = "account", "Record the account", "edit_note"
    form = forms.AccountForm
    guidance = "What they saw, heard and did, without judging it."

    def do(self, case, about, cleaned, *, on, by):
        case.take_account(about, cleaned["account"], on=on, by=by)
        return Done(f"The account of {about.name} is kept.")


@verb
class WaiveAccount(AboutPerson):
    name, label, icon = "waive-account", "Waive the account", "person_remove"
    form = forms.ReasonForm

    def do(self, case, about, cleaned, *, on, by):
        case.waive_account(about, reason=cleaned["reason"], on=on, by=by)
        return Done(f"No account of {about.name} is needed.")
