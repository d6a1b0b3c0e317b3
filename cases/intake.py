"""The only way in: the form, the admin, the import and every later door end in `receive`."""

import logging
import re
import unicodedata
import uuid
from dataclasses import dataclass, fields, replace
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django_countries import countries
from phonenumber_field.phonenumber import to_python as phone_of

from cases import attachments, reference, rules
from cases.models import Attachment, Case, Channel, Customer, Organisation, Title

log = logging.getLogger(__name__)

EARLIEST = date(1990, 1, 1)
STORY_LIMIT = 40_000  # characters; a person writes 20 pages, a machine writes a megabyte
WANTED_LIMIT = 5_000
LINE_LIMITS = {
    "subject": 150,
    "order_reference": 60,
    "product": 150,
    "topic": 250,
    "source": 30,
    "external_id": 100,
}
CUSTOMER_LIMITS = {"name": 150, "email": 254, "street": 250, "city": 100, "region": 100, "postcode": 20}
CUSTOMER_LIMITS |= {"adjustments": 250, "vulnerability": 250}


@dataclass(frozen=True)
class Complaint:
    """What a customer told us, before it is a case. `customer` names a customer whom we know already; otherwise the
    fields about the person make a new one."""

    channel: str
    received_on: date
    story: str = ""
    wanted: str = ""
    subject: str = ""
    order_reference: str = ""
    product: str = ""
    topic: str = ""
    language: str = "en"
    name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    no_phone: bool = False
    large_print: bool = False
    adjustments: str = ""
    vulnerability: str = ""
    customer: Customer | None = None
    organisation: Organisation | None = None
    attachments: tuple = ()
    source: str = ""
    external_id: str = ""
    submission_key: uuid.UUID | None = None


class AlreadyReceived(Exception):
    """This complaint is already here, as `case`: the same form sent again, or the same row imported again."""

    def __init__(self, case):
        self.case = case
        super().__init__(f"Already received as {case.reference}.")


PERSON = ("name", "title", "email", "phone", "street", "city", "region", "postcode", "country", "language")
PERSON += ("no_phone", "large_print", "adjustments", "vulnerability")
TOLD = (
    "channel",
    "received_on",
    "story",
    "wanted",
    "order_reference",
    "product",
    "topic",
    "language",
    "source",
)
LONG = ("story", "wanted")
TRIES = 10  # a reference is drawn from ten million a year


def receive(complaint: Complaint, *, on: date, by=None) -> Case:
    """The complaint is a case at the stage *acknowledge*, with its customer, files, first deadline and event, all or
    nothing. Raises ValidationError by field, or AlreadyReceived."""
    complaint = cleaned(complaint, on=on)
    known = _already_here(complaint)
    if known:
        raise AlreadyReceived(known)
    files = attachments.checked(complaint.attachments)  # reads every byte, so before the transaction
    for _attempt in range(TRIES - 1):
        try:
            return _open_case(complaint, files, on=on, by=by)
        except IntegrityError:  # the same one came in beside us, or the reference was taken
            known = _already_here(complaint)
            if known:
                raise AlreadyReceived(known) from None
    return _open_case(complaint, files, on=on, by=by)


def cleaned(complaint: Complaint, *, on: date) -> Complaint:
    """The complaint without control characters and stray spaces. Raises ValidationError with every fault, by field."""
    texts = {f.name: getattr(complaint, f.name) for f in fields(complaint) if f.type in (str, "str")}
    tidy = replace(complaint, **{k: _tidy(v, long=k in LONG) for k, v in texts.items()})
    errors = dict(_faults(tidy, on=on))
    if errors:
        raise ValidationError(errors)
    return replace(tidy, phone=_phone(tidy.phone)) if tidy.phone else tidy


def tidied(words: str) -> str:
    """What a customer wrote to us later, cleaned in the same way."""
    return _tidy(words, long=True)


@transaction.atomic
def _open_case(complaint, files, *, on, by):
    customer = complaint.customer or Customer.objects.create(**{f: getattr(complaint, f) for f in PERSON})
    case = Case.objects.create(
        reference=reference.new(year=complaint.received_on.year),
        customer=customer,
        organisation=complaint.organisation,
        regime=_regime(complaint),
        team=complaint.organisation and complaint.organisation.team,
        subject=complaint.subject or _subject(complaint),
        external_id=complaint.external_id,
        submission_key=complaint.submission_key,
        logged_by=by,
        **{field: getattr(complaint, field) for field in TOLD},
    )
    _keep(files, case)
    case.start_clocks()
    told = f", imported from {case.source} ({case.external_id})" if case.source else ""
    case.record(
        "received", f"Complaint received: {case.get_channel_display().lower()}{told}.", on=case.received_on, by=by
    )
    return case


def _keep(files, case):
    """The files lie on the disk. Raises ValidationError (field `attachments`) when it does not take them."""
    try:
        for file in files:
            Attachment.objects.create(case=case, **file)
    except OSError:
        log.exception("The files of a complaint could not be kept.")
        raise ValidationError(
            {"attachments": "We cannot keep files just now. Send it without them, or try again later."}
        ) from None


def _regime(complaint) -> str:
    """The rules that its organisation's complaints go by, if they were in force on the day of receipt already."""
    regime = complaint.organisation.regime if complaint.organisation else ""
    try:
        rules.for_case(regime, on=complaint.received_on)
    except rules.NoRules:
        return ""
    return regime


def _already_here(complaint):
    if complaint.submission_key:
        return Case.objects.filter(submission_key=complaint.submission_key).first()
    if complaint.external_id:
        return Case.objects.filter(source=complaint.source, external_id=complaint.external_id).first()
    return None


def _subject(complaint) -> str:
    """A short line for lists, out of the customer's own first words."""
    line = complaint.topic or complaint.story.strip().split("\n")[0]
    return line if len(line) <= 100 else line[:99].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def _faults(complaint, *, on):
    if not complaint.story and not complaint.topic:
        yield "story", "Tell us what happened."
    if complaint.channel not in Channel.values:
        yield "channel", f"Choose one of: {', '.join(Channel.values)}."
    if complaint.title and complaint.title not in Title.values:
        yield "title", f"Choose one of: {', '.join(Title.values)}."
    if complaint.language not in dict(settings.LANGUAGES):
        yield "language", f"Choose one of: {', '.join(dict(settings.LANGUAGES))}."
    if not EARLIEST <= complaint.received_on <= on:
        yield "received_on", f"Enter a day between {EARLIEST:%-d %B %Y} and {on:%-d %B %Y}."
    if complaint.country and complaint.country not in countries:
        yield "country", "Choose a country from the list."
    yield from _email_faults(complaint.email)
    if complaint.phone and not _phone(complaint.phone):
        yield "phone", "Enter a phone number that can be called, with + and the country code if it is abroad."
    limits = {"story": STORY_LIMIT, "wanted": WANTED_LIMIT} | LINE_LIMITS | CUSTOMER_LIMITS
    for field, limit in limits.items():
        if len(getattr(complaint, field)) > limit:
            wrote = len(getattr(complaint, field))
            yield field, f"Please keep this under {limit:,} characters (you wrote {wrote:,})."


def _email_faults(email):
    if not email:
        return
    if email.casefold() in our_addresses():
        yield "email", "That is one of our own addresses: an answer would only come back to us."
        return
    try:
        validate_email(email)
        if not re.fullmatch(r"[^\s,;<>\"%\[\]]+@[^\s,;<>\"%\[\]]+\.[^\s,;<>\"%\[\]]+", email):
            raise ValidationError("")
    except ValidationError:
        yield "email", "Enter one e-mail address, like name@example.com."


def our_addresses() -> set[str]:
    """Addresses that are ours, so that no letter ever circles back to us."""
    sender = settings.MAIL_FROM.rpartition("<")[2].rstrip("> ")
    return {address.casefold() for address in (sender, settings.MAIL_ARCHIVE) if address}


def _phone(text):
    number = phone_of(text, region=settings.PHONENUMBER_DEFAULT_REGION)
    return number.as_e164 if number and number.is_valid() else None


def _tidy(text: str, *, long: bool) -> str:
    """One line (or, for a long text, lines) without characters that no person types."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char if (long and char in "\n\t") or not _invisible(char) else " " if char.isspace() or char < " " else ""
        for char in text
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip() if long else " ".join(kept.split())


def _invisible(char: str) -> bool:
    """Control characters, and the format characters that turn or hide text; joiners that spell words may stay."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\u200c\u200d"
