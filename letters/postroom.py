"""The day's post: the envelopes that wait, in the order in which a mail room wants them, and the PDF that is printed.

What is printed is what was issued. Where the customer's address has changed since, a page with the new one goes on top,
because an issued letter is never set anew.
"""

import dataclasses
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings

from letters import address, binder, library, press, writing
from letters.models import Delivery, Enclosure, Letter
from letters.values import Day

FOLDED = 5  # sheets that go folded into a long window envelope; more need a large one, and more postage
AT_ONCE = 50  # letters whose bytes are read together


@dataclass(frozen=True)
class Envelope:
    """One envelope that waits for the post; `pages` of the letter and of each enclosure."""

    delivery: Delivery
    pages: tuple[int, ...]
    address_lines: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def paper(self) -> str:
        return self.delivery.letter.sheet["paper"]

    @property
    def is_forwarded(self) -> bool:
        """The letter shows an earlier address; a page on top shows the one that holds now."""
        return is_forwarded(self.delivery.letter)

    @property
    def sheets(self) -> int:
        return self.is_forwarded + sum(map(binder.sheets, self.pages))

    @property
    def is_large(self) -> bool:
        return self.sheets > FOLDED

    @property
    def order(self):
        """Alike envelopes of alike weight together, then by where they go: at home first, then each country."""
        customer = self.delivery.letter.case.customer
        country = customer.country.code or settings.COUNTRY
        abroad = country != settings.COUNTRY
        return self.sheets, abroad, country, customer.postcode.upper(), customer.city, self.delivery.pk


def waiting(deliveries) -> list[Envelope]:
    """An envelope for each of `deliveries`, in their order."""
    found = list(deliveries.select_related("letter__case__customer").defer("letter__pdf"))
    letters = [delivery.letter_id for delivery in found]
    pages = defaultdict(list)
    for pk, pdf in Letter.objects.filter(pk__in=letters).values_list("pk", "pdf").iterator(chunk_size=AT_ONCE):
        pages[pk].append(binder.pages(bytes(pdf)))
    for pk, enclosed in Enclosure.objects.filter(letter__in=letters).values_list("letter_id", "pages"):
        pages[pk].append(enclosed)
    envelopes = (_envelope(delivery, tuple(pages[delivery.letter_id])) for delivery in found)
    return sorted(envelopes, key=lambda envelope: envelope.order)


def _envelope(delivery, pages):
    letter = delivery.letter
    problems = address_problems(letter) if is_forwarded(letter) else ()
    return Envelope(delivery, pages, address_now(letter), tuple(problems))


def address_now(letter) -> tuple[str, ...]:
    """The lines of an issued letter's address, as the customer's address is now."""
    return letter.address_lines(letter.sheet["addressee"])


def address_of(delivery) -> tuple[str, ...]:
    """Where the post takes it; of one that is posted already, where its letter went at first."""
    if delivery.posted_on and delivery.resend_of_id is None:
        return tuple(delivery.letter.sheet["address_lines"])
    return address_now(delivery.letter)


def is_forwarded(letter) -> bool:
    return list(address_now(letter)) != list(letter.sheet["address_lines"])


def address_problems(letter) -> list[str]:
    """What keeps the post from reaching the address that holds now, a sentence each."""
    return address.problems(address_now(letter), paper=letter.sheet["paper"], home=settings.COUNTRY)


def write(envelopes, file, *, paper, title, on):
    """`file` holds what is printed for `envelopes`, all of them on `paper`. Raises CannotRender when the page on top of
    one cannot be set."""
    binder.bind(_bundles(envelopes, on=on), file, paper=paper, title=title)


def _bundles(envelopes, *, on):
    for start in range(0, len(envelopes), AT_ONCE):
        some = envelopes[start : start + AT_ONCE]
        parts = _parts([envelope.delivery.letter_id for envelope in some])
        for envelope in some:
            letter = envelope.delivery.letter
            on_top = [press.render_pdf(top_sheet(letter, on=on))] if envelope.is_forwarded else []
            title = f"{letter.number} {envelope.delivery.to_name} ({letter.case.reference})"
            yield binder.Bundle(title, (*on_top, *parts[letter.pk]))


def _parts(letters):
    parts = defaultdict(list)
    for pk, pdf in Letter.objects.filter(pk__in=letters).values_list("pk", "pdf"):
        parts[pk].append(bytes(pdf))
    for pk, content in Enclosure.objects.filter(letter__in=letters).values_list("letter_id", "content"):
        parts[pk].append(bytes(content))
    return parts


def top_sheet(letter, *, on):
    """The page with the address that holds now; it says that the letter behind it shows the earlier one."""
    words = library.phrases(letter.language)["forwarded"]
    day = Day(letter.issued_on, letter.language).in_sentence("of")
    return dataclasses.replace(
        writing.sheet(letter, on=on),
        subject=words["subject"].format(day=day),
        body=words["body"].format(day=day),
        enclosures=(),
        copies=(),
    )
