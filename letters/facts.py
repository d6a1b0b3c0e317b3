"""What a letter may say about a case: a closed list of placeholders and their values, ready for the Markdown of a body.

A fact that the case does not hold yet becomes a visible hole, [[what is needed]], which keeps the letter back.
"""

import re
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from django.conf import settings
from django.urls import reverse

from letters import library
from letters.sheet import FROM_LEFT_OFF, FROM_LEFT_ON, direction

LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans"}  # where Babel's name is not the language's own
MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~&!]|^[-+=]|^\d+[.)]")  # what means something, the last two at the start
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def hole(what: str) -> str:
    """A place that a person has to fill before the letter goes out."""
    return f"[[{what}]]"


def as_text(words: str) -> str:
    """`words` as they are, in one paragraph: no character of them means anything to Markdown."""
    return MARKDOWN.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", " ".join(words.split()))


def quoted(words: str, language) -> str:
    """`words` of ours or the customer's inside a letter in `language`, as they are; English ones keep the order of
    their words in an Arabic sentence."""
    text = as_text(words)
    right_to_left = Locale.parse(LOCALES.get(language, language)).character_order == "right-to-left"
    if not text or not right_to_left or direction(text) == "rtl":
        return text
    return f"{FROM_LEFT_ON}{text}{FROM_LEFT_OFF}"


def plain(markdown: str) -> str:
    """One line of text out of Markdown whose values went through `as_text`."""
    return " ".join(ESCAPED.sub(r"\1", markdown).split())


class Day(str):
    """A day as the head of a letter writes it, 3 November 2026. `in_sentence` gives the form that its language has
    after "on", "until" and "of" (`letters/library/<language>/phrases.yaml`)."""

    day: date
    language: str

    def __new__(cls, day, language):
        written = super().__new__(cls, format_date(day, format="long", locale=LOCALES.get(language, language)))
        written.day, written.language = day, language
        return written

    def in_sentence(self, form) -> str:
        pattern = library.phrases(self.language)["days"].get(form)
        if pattern is None:
            return str(self)
        month = pattern["months"][self.day.month - 1]
        return pattern["written"].format(d=self.day.day, month=month, y=self.day.year)


def of(case, *, language) -> dict:
    """The placeholders of a letter about `case` with their values. What there is none of is None, since to Liquid an
    empty text or list is still something."""
    phrases = library.phrases(language)
    contact = case.next_contact()
    settled = case.agreement()
    promised = [_commitment(promise, language) for promise in _promised(settled)]
    return {
        "reference": case.reference,
        "received_on": Day(case.received_on, language),
        "handler": quoted(str(case.handler), language) if case.handler else hole("who looks after the case"),
        "next_contact_on": Day(contact.due_on, language) if contact else hole("day of the next contact"),
        "page": settings.SITE_URL + reverse("cases:my_case", args=[case.page_key]),
        "points": [_point(point, phrases, language) for point in case.points.all()] or None,
        "responsibility": case.responsibility or hole("whose responsibility it is"),
        "cause": quoted(case.cause_explained, language) or None,
        "prevention": quoted(case.prevention, language) or None,
        "conversations": _conversations(case, phrases, language),
        "agreed": settled is None or settled.agreed,
        "agreement": quoted(settled.summary, language) if settled else hole("what was agreed"),
        "position_reason": quoted(settled.reason, language) or None if settled else None,
        "commitments": promised or None,
        "kept": [promise for promise in promised if promise["kept_on"]] or None,
        "outstanding": [promise for promise in promised if not promise["kept_on"]] or None,
        "phone": case.customer.phone.as_international if case.customer.phone else None,
    }


def _point(point, phrases, language):
    number = f"finding on point {point.number}"
    return {
        "number": point.number,
        "text": quoted(point.text, language),
        "finding": quoted(point.finding, language) or hole(number),
        "outcome": phrases["outcomes"].get(point.outcome) or hole(f"outcome of point {point.number}"),
        "redress": quoted(point.redress.rstrip(".。 "), language) or None,
    }


def _conversations(case, phrases, language):
    """Our talks with the customer, by medium: "by phone on 16 November 2026 and 19 November 2026"."""
    days = {}
    for talk in case.conversations.with_the_customer():
        days.setdefault(talk.medium, {})[talk.held_on] = Day(talk.held_on, language).in_sentence("on")
    told = [phrases["talks"][medium].format(days=_listed(held.values(), language)) for medium, held in days.items()]
    return _listed(told, language) or hole("when we talked")


def _listed(items, language) -> str:
    return format_list(list(items), locale=LOCALES.get(language, language))


def _promised(settled):
    return settled.commitments.filter(dropped_on=None) if settled else ()


def _commitment(commitment, language):
    return {
        "what": quoted(commitment.what, language),
        "who": quoted(commitment.owner_name, language),
        "by": Day(commitment.due_on, language),
        "kept_on": Day(commitment.kept_on, language) if commitment.kept_on else None,
        "how": quoted(commitment.kept_how, language),
    }
