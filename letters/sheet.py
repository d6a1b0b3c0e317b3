"""What a letter shows, part by part, and what keeps it from being set.

Everything here is text and bytes: no database, no settings, no WeasyPrint.
"""

import re
import unicodedata
from dataclasses import dataclass

BODY_LIMIT = 30_000  # characters; about ten pages
LINES_LIMIT = 400
PART_LIMIT = 1_000  # characters, for every part but the body
ENTRIES_LIMIT = 50  # enclosures, or copies
REFERENCES_LIMIT = 3  # lines that fit between the letterhead and the window
# Block: everything begins at the margin. Modified block: date, close and signature begin at the middle of the sheet.
# Semi-block: as modified block, and the first line of every paragraph is indented.
STYLES = ("block", "modified_block", "semi_block")
PAPERS = ("a4", "us_letter")
TWO_LINES = 130  # letters that are more than one line of the widest paper holds
BLOCK = re.compile(r"\s*(?:[-+*#|]|\d+[.)])\s?")  # a list, a table or a heading begins like this
WORD_LIMIT = 300  # characters that nothing can break
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PLACEHOLDER = re.compile(r"\[\[[^\[\]]*\]\]")
# Han, kana and Hangul are written without spaces and break anywhere: they end a word.
LONG_WORD = re.compile(rf"[^\s\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]{{{WORD_LIMIT + 1},}}")
# Cc: controls. Cs, Co: halves and private characters. Zl, Zp: line ends that no editor shows.
UNPRINTABLE = {"Cc", "Cs", "Co", "Zl", "Zp"}
# They turn the reading direction round by force, so that a number may read as another one.
OVERRIDES = {"\u202d", "\u202e"}
LATIN = r"0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0370-\u052f"
# Around words of another direction, so that they keep their order (Unicode's left-to-right isolate and its end).
FROM_LEFT_ON, FROM_LEFT_OFF = "\u2066", "\u2069"
# In text from right to left a telephone number, a reference, an amount or a Latin name would lose the order of its
# words and digits. A number alone keeps it.
FROM_LEFT = re.compile(
    rf"\u2066[^\u2066\u2069]*\u2069|https?://[{LATIN}_@/:&+,#.?=%~-]*[{LATIN}/]"
    rf"|\+\d[\d \u00a0()-]*\d|[£$€¥#]?[{LATIN}]+(?:[ \u00a0\n._@/:&'’+,#-]{{1,3}}[{LATIN}]+)*[%£$€¥]?"
)
# What stays on one line: a telephone number; a number with what it counts, and an amount with its sign (4 December,
# 30. novembrī, 29,00 €); the address of a page that is no longer than a line.
PHONE = re.compile(r"(?<!\w)\+\d[\d ()-]{4,22}\d")
COUNTED = re.compile(r"(?<![\w.,:/-])(\d{1,2}\.?) (?=[^\W\d_])|(?<=\d)() (?=[€£$%])")
WEB_LIMIT = 70
WEB = re.compile(rf"https?://[{LATIN}_@/:+,#.?=%~-]{{1,{WEB_LIMIT - 8}}}(?<=[{LATIN}/])(?![{LATIN}_@/:+#?=%~-])")
# A Chinese font sets the apostrophe of a Latin name as wide as a character.
APOSTROPHE = re.compile(rf"[{LATIN}]+(?:’[{LATIN}]+)+")
# Between two Chinese or Japanese characters the end of a line is no space.
WIDE = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’"
WIDE_LINE_END = re.compile(rf"(?<=[{WIDE}])\n(?=[{WIDE}])")


class CannotRender(Exception):
    """The letter was not set; `problems` says why, a sentence each, and what to do about it."""

    def __init__(self, *problems):
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Signatory:
    name: str
    job_title: str
    picture: bytes | None = None


@dataclass(frozen=True)
class Letterhead:
    name: str
    address_lines: tuple[str, ...]
    phone: str = ""
    email: str = ""
    website: str = ""
    registration_line: str = ""
    logo: bytes | None = None
    logo_alt: str = ""
    colour: str = "#1f4e79"


@dataclass(frozen=True)
class Sheet:
    """Everything that the eye will see, in words already chosen; `body` is Markdown."""

    letterhead: Letterhead
    language: str
    date_line: str
    references: tuple[tuple[str, str], ...]
    address_lines: tuple[str, ...]
    salutation: str
    subject: str
    body: str
    close: str
    signatory: Signatory
    enclosures: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    style: str = "block"  # one of STYLES
    paper: str = "a4"  # one of PAPERS
    large_print: bool = False  # 16 pt for a reader with low vision
    addressee: str = ""  # as later pages name them; else the first line of the address

    def parts(self):
        """Every text of the sheet as (where it stands, text), in reading order."""
        head = self.letterhead
        yield "letterhead", head.name
        yield from _numbered("letterhead, address line", head.address_lines)
        yield "letterhead, phone", head.phone
        yield "letterhead, e-mail", head.email
        yield "letterhead, website", head.website
        yield "letterhead, registration line", head.registration_line
        yield "letterhead, description of the logo", head.logo_alt
        yield "date", self.date_line
        for label, value in self.references:
            yield "references", label
            yield f"reference “{label}”", value
        yield from _numbered("address, line", self.address_lines)
        yield "name on later pages", self.addressee
        yield "salutation", self.salutation
        yield "subject", self.subject
        yield "body", self.body
        yield "close", self.close
        yield "signature, name", self.signatory.name
        yield "signature, job title", self.signatory.job_title
        yield from _numbered("enclosure", self.enclosures)
        yield from _numbered("copy", self.copies)

    def where(self, character):
        """The parts that hold `character`, as words: 'body, subject'."""
        return ", ".join(place for place, text in self.parts() if character in text)


def problems(sheet):
    """Sentences for all that can be seen to be wrong before the letter is laid out."""
    found = [*_empty(sheet), *_too_much(sheet)]
    if not COLOUR.fullmatch(sheet.letterhead.colour):
        found.append(f"The letterhead's colour “{sheet.letterhead.colour}” must look like #1f4e79.")
    if sheet.style not in STYLES:
        found.append(f"There is no letter style “{sheet.style}”; choose one of {', '.join(STYLES)}.")
    if sheet.paper not in PAPERS:
        found.append(f"We have no paper “{sheet.paper}”; choose one of {', '.join(PAPERS)}.")
    for place, text in sheet.parts():
        found += unprintable(place, text)
        found += unfilled(place, text)
        if LONG_WORD.search(text):
            found.append(f"A word in the {place} is longer than {WORD_LIMIT} characters; break it up.")
    return found


def unfilled(place, text):
    """A sentence for each placeholder still standing in `text`."""
    return [f"{mark} is not filled in ({place})." for mark in dict.fromkeys(PLACEHOLDER.findall(text))]


def ends_long(body):
    """Whether the last paragraph takes two lines or more on any paper, so that it may go on to a page by itself with
    the close."""
    last = body.rstrip().rpartition("\n\n")[2]
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in last)
    return width > TWO_LINES and not BLOCK.match(last)


def unprintable(place, text):
    """A sentence for each control character and the like in `text`."""
    # A form ends its lines with CR LF; that pair is a line end, a CR alone is not.
    harmful = {c for c in set(text.replace("\r\n", "\n")) if c not in "\n\t" and _harmful(c)}
    return [f"{named(c)} in the {place} cannot be printed; delete it." for c in sorted(harmful)]


def named(character):
    """'U+0041 “A”', and only the number where showing the character would do harm."""
    number = f"U+{ord(character):04X}"
    return number if _harmful(character) else f"{number} “{character}”"


def direction(text):
    """The direction that most of its letters are read in; of digits alone, from left to right."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    return "rtl" if kinds.count("R") + kinds.count("AL") > kinds.count("L") else "ltr"


def _numbered(place, texts):
    for number, text in enumerate(texts, start=1):
        yield f"{place} {number}", text


def _empty(sheet):
    required = {
        "letterhead's name": sheet.letterhead.name,
        "date": sheet.date_line,
        "address": "".join(sheet.address_lines),
        "salutation": sheet.salutation,
        "subject": sheet.subject,
        "body": sheet.body,
        "close": sheet.close,
        "signatory's name": sheet.signatory.name,
    }
    if sheet.letterhead.logo is not None:
        required["description of the letterhead's logo"] = sheet.letterhead.logo_alt
    return [f"The {part} is empty; write it." for part, text in required.items() if not text.strip()]


def _too_much(sheet):
    if len(sheet.body) > BODY_LIMIT:
        yield f"The body has {len(sheet.body):,} characters, more than {BODY_LIMIT:,}; shorten it."
    lines = len(sheet.body.splitlines())
    if lines > LINES_LIMIT:
        yield f"The body has {lines:,} lines, more than {LINES_LIMIT}; shorten it."
    for name, entries in (("enclosures", sheet.enclosures), ("copies", sheet.copies)):
        if len(entries) > ENTRIES_LIMIT:
            yield f"There are {len(entries)} {name}, more than {ENTRIES_LIMIT}; name them in one line."
    if len(sheet.references) > REFERENCES_LIMIT:
        yield f"There are {len(sheet.references)} references, more than {REFERENCES_LIMIT}; leave some out."
    for place, text in sheet.parts():
        if place != "body" and len(text) > PART_LIMIT:
            yield f"The {place} has {len(text):,} characters, more than {PART_LIMIT:,}; shorten it."


def _harmful(character):
    return unicodedata.category(character) in UNPRINTABLE or character in OVERRIDES
