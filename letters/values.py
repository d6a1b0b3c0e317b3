"""How what a case holds is written in a letter of a language, ready for the Markdown of its body."""

import re
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from letters import library
from letters.sheet import FROM_LEFT_OFF, FROM_LEFT_ON, direction

MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~&!]|^[-+=]|^\d+[.)]")  # what means something, the last two at the start
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@cache
def locale(language) -> Locale:
    """How Babel knows the language, as its phrases say. Raises NoTemplate where there are none."""
    return Locale.parse(library.phrases(language)["locale"])


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
    right_to_left = locale(language).character_order == "right-to-left"
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
        written = super().__new__(cls, format_date(day, format="long", locale=locale(language)))
        written.day, written.language = day, language
        return written

    def in_sentence(self, form) -> str:
        pattern = library.phrases(self.language)["days"].get(form)
        if pattern is None:
            return str(self)
        month = pattern["months"][self.day.month - 1]
        return pattern["written"].format(d=self.day.day, month=month, y=self.day.year)


def listed(items, language) -> str:
    """The items as one phrase: a, b and c."""
    return format_list(list(items), locale=locale(language))


def within(limit, language) -> str:
    """“within 8 weeks”, in the form that the number asks for."""
    forms = library.phrases(language)["within"][limit.unit]
    form = locale(language).plural_form(limit.number)
    return forms.get(form, forms["other"]).format(n=limit.number)


def as_is(value, language):
    """A number, a reference or an address is the same in every language."""
    return value
