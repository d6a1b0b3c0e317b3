"""From a case and a kind of letter to words: drafts, which people edit until they are issued."""

import copy
import re
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, transaction

from cases.models.event import CLOCKWORK
from letters import facts, library, names, optional, paper, wording
from letters.about import About
from letters.models import ONCE, TO_STAFF, Kind, Letter
from letters.sheet import Sheet
from letters.values import Day, plain

HOUSE_LANGUAGE = settings.LANGUAGE_CODE.partition("-")[0]  # in which colleagues are written to


class CannotDraft(Exception):
    """No letter can be drafted or edited now; the text says why and what to do."""


class DraftedAlready(CannotDraft):
    def __init__(self):
        super().__init__("There is a draft of this letter already. Edit that one, or discard it first.")


class EditedMeanwhile(CannotDraft):
    def __init__(self):
        super().__init__("Somebody saved other words while you were writing. Look at both before you go on.")


def draft(case, kind, *, on, by, language="", person=None, settles=None, ticked=None) -> Letter:
    """A draft of this kind in the customer's language (or another that a person chose), its body made of the case's own
    facts; what is not known yet stands there as [[a hole]]. A kind that goes to a colleague is for `person`, who is
    involved, and in the language of the house; one that the clockwork lays ready `settles` a follow-up. Of what is
    optional it has the paragraphs named in `ticked`, or those that the case asks for. Raises CannotDraft when there is
    a draft already, and when there are no words in the language: it never falls back to another."""
    language = language or (HOUSE_LANGUAGE if kind in TO_STAFF else case.language)
    _check_draftable(case, kind, person)
    try:
        letter = composed(case, library.current_version(kind, language), on=on, by=by, person=person, ticked=ticked)
    except library.NoTemplate as error:
        raise CannotDraft(str(error)) from None
    letter.settles = settles
    try:
        return _keep_draft(letter, on=on, by=by)
    except IntegrityError:  # somebody else drafted it at this moment
        raise DraftedAlready from None


def composed(case, version, *, on, by, person=None, ticked=None) -> Letter:
    """The letter that this version makes of what the case holds; it is not kept. Raises CannotDraft, or NoTemplate when
    there are no phrases in its language."""
    kind, language = version.template.kind, version.template.language
    if (kind in TO_STAFF) != (person is not None):
        raise CannotDraft("A request goes to somebody involved, and every other letter to the customer.")
    salutation, close = greetings_to(person.name, language) if person else greetings(case.customer, language)
    values = facts.of(About(case, kind, language, on, person, nothing_new=by is None))
    return Letter(
        case=case,
        kind=kind,
        involvement=person,
        language=language,
        template_version=version,
        corrects=case.letters.issued().filter(kind=kind).last() if kind in ONCE else None,
        salutation=salutation,
        close=close,
        signatory=case.handler or by,
        drafted_by_name=str(by) if by else CLOCKWORK,
        facts=values,
        **filled(version, values, ticked=ticked),
    )


@transaction.atomic
def _keep_draft(letter, *, on, by):
    letter.save()
    letter.case.record("letter drafted", f"Drafted: {letter.get_kind_display().lower()}.", on=on, by=by)
    return letter


def _check_draftable(case, kind, person):
    if kind == Kind.COMMITMENT_DONE and not case.commitments.filter(kept_on__isnull=False).exists():
        raise CannotDraft("No commitment of this case is kept yet, so there is nothing to report as done.")
    if case.letters.drafts().filter(kind=kind, involvement=person).exists():
        raise DraftedAlready


def filled(version, values, *, ticked=None) -> dict:
    """`subject`, `body` and `parts` of a template version with `values` in place of its placeholders, and with the
    optional paragraphs named in `ticked`, or else those that the values ask for. Raises CannotDraft for an unknown
    placeholder or a broken template, naming it."""
    kind = version.template.kind
    try:
        subject = wording.filled(version.subject, values, kind=kind)
        parts = [replace(part, text=_tidy(part.text)) for part in wording.parts(version.body, values, kind=kind)]
    except wording.BadWords as error:
        raise CannotDraft(f"The template “{version}” cannot be used: {error}") from None
    if ticked is not None:
        parts = optional.with_ticks(parts, ticked)
    kept = [part.kept() for part in parts] if optional.names(parts) else []
    return {"subject": plain(subject)[:200], "body": optional.joined(parts), "parts": kept}


def _tidy(text) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


@transaction.atomic
def edit(letter, *, subject, salutation, body, close, by, parts=None):
    """The draft says this now, and is made of `parts` where others are taken. Raises CannotDraft when it was issued or
    discarded meanwhile, EditedMeanwhile when somebody else's words were kept since `letter` was read."""
    now = Letter.objects.drafts().select_for_update().only("edited_at").filter(pk=letter.pk).first()
    if now is None:
        raise CannotDraft("This letter is no draft any more, so it cannot be edited.")
    if now.edited_at != letter.edited_at:
        raise EditedMeanwhile
    words = {"subject": subject, "salutation": salutation, "body": body, "close": close}
    taken = {} if parts is None else {"parts": [part.kept() for part in parts]}
    Letter.objects.filter(pk=letter.pk).rewrite(**words, **taken)
    letter.refresh_from_db()


def typed(letter, **words) -> Letter:
    """`letter` as it would be with these words; it is not kept."""
    other = copy.copy(letter)
    for name, text in words.items():
        setattr(other, name, text)
    return other


@transaction.atomic
def discard(letter, *, on, by):
    """The draft will not be issued; another one may be drafted."""
    if not Letter.objects.drafts().filter(pk=letter.pk).update(discarded_on=on):
        raise CannotDraft("This letter is no draft any more, so it cannot be discarded.")
    Letter.objects.filter(pk=letter.pk).call_off_approval("The draft was discarded.", on=on)
    letter.case.record("letter discarded", f"Discarded a draft: {letter.get_kind_display().lower()}.", on=on, by=by)


def sheet(letter, *, on) -> Sheet:
    """Every line that the eye will see if the letter is issued `on` that day. Raises CannotRender without paper or with
    a picture that is gone."""
    phrases, version = library.phrases(letter.language), letter.template_version
    letterhead = paper.letterhead(letter.case)
    references = [(phrases["our_reference"], letter.case.reference)]
    if letter.case.order_reference and not letter.involvement_id:
        references.append((phrases["your_reference"], letter.case.order_reference))
    named = letter.recipient if letter.involvement_id else addressee(letter.case.customer, phrases)
    return Sheet(
        letterhead=paper.head(letterhead),
        addressee=named,
        style=version.style or letterhead.style,
        paper=version.paper or letterhead.paper,
        large_print=letter.case.customer.large_print and not letter.involvement_id,
        language=letter.language,
        date_line=str(Day(on, letter.language)),
        references=tuple(references),
        address_lines=_inside_address(letter, named, house=letterhead.name),
        salutation=letter.salutation,
        subject=letter.subject,
        body=letter.body,
        close=letter.close,
        signatory=paper.signatory(letter.signatory, letter.case.organisation),
        enclosures=tuple(_enclosed(letter, phrases)) if letter.pk else (),
        copies=tuple(library.copy_line(person, letter.language) for person in letter.copied_to()),
    )


def _inside_address(letter, named, *, house):
    """The customer's address; of a colleague name, job title and house."""
    if letter.involvement_id is None:
        return letter.address_lines(named)
    return tuple(filter(None, (named, letter.involvement.job_title, house)))


def greetings_to(name, language):
    """Salutation and close for somebody without a title."""
    phrases = library.phrases(language)
    return phrases["salutations"][""].format(name=name, family=name), phrases["close_named"]


def _enclosed(letter, phrases):
    """Each enclosure as the letter names it, with its number of pages."""
    for enclosure in letter.enclosures.defer("content"):
        pattern = phrases["enclosure"]["one" if enclosure.pages == 1 else "more"]
        yield pattern.format(name=enclosure.name, pages=enclosure.pages)


def greetings(customer, language):
    """Salutation and close, by title where there is one."""
    phrases = library.phrases(language)
    if not customer.name:
        return phrases["salutation_unknown"], phrases["close_unknown"]
    family = names.after_title(customer.name, language=customer.language, country=customer.country.code or "")
    whole = " ".join(names.plain(customer.name)) if customer.title else customer.name
    return phrases["salutations"][customer.title].format(name=whole, family=family), phrases["close_named"]


def addressee(customer, phrases) -> str:
    """The customer's name as it stands in the address."""
    return names.titled(phrases["addressees"][customer.title], customer.name) if customer.name else str(customer)
