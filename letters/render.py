"""A sheet becomes a PDF. The only module that knows WeasyPrint.

A letter that cannot be set exactly as it should be is not set at all: see CannotRender.
"""

import functools
import json
import logging
import re
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from itertools import combinations

import weasyprint
import yaml
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.html import escape
from PIL import ImageFile
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters import address, markdown, pictures
from letters.sheet import (
    APOSTROPHE,
    FROM_LEFT,
    FROM_LEFT_OFF,
    FROM_LEFT_ON,
    WIDE_LINE_END,
    CannotRender,
    Letterhead,
    Sheet,
    Signatory,
    direction,
    named,
    problems,
)

__all__ = ["CannotRender", "Letterhead", "Sheet", "Signatory", "check_fonts", "render_pdf"]

# Importing WeasyPrint makes Pillow accept half a picture; a logo is whole or refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
VARIANT = "pdf/ua-1"
PAGES_LIMIT = 10
LARGE_PRINT_PAGES_LIMIT = 20  # the same words at 16 pt
MM = 25.4 / 96  # of a CSS pixel
TOLERANCE = 0.1  # mm
NOT_DRAWN = ".notdef glyph"  # how the log begins when a character has no glyph; we say it better
ASSET = "letter-asset:"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
TAG = re.compile(r"(<[^>]*>)")
WHOLE_LIMIT = 24  # characters of a number that stay on one line
MARK = "\u200e"  # left-to-right mark
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def render_pdf(sheet):
    """The letter as a tagged PDF (PDF/UA-1), the same bytes for the same sheet. Raises CannotRender."""
    if found := problems(sheet):
        raise CannotRender(*found)
    words = _words(sheet.language)
    assets = _assets(sheet)
    html = render_to_string("letters/print/letter.html", _context(sheet, words, assets))
    with _watched() as said:
        try:
            document, pdf = _press.set(_set_apart(html, words), _css(sheet, words), assets)
        except FatalURLFetchingError as error:
            raise CannotRender(str(error)) from None
    faults = [
        *_misfits(document, sheet),
        *_without_glyph(document, sheet),
        *_in_a_foreign_font(document, sheet, words),
        *said,
    ]
    if faults:
        raise CannotRender(*dict.fromkeys(faults))
    return pdf


def check_fonts():
    """Sentences naming each font family and library that letters need and this machine lacks."""
    lacking = [f"The font family {name} is not installed; letters need it." for name in _families_missing()]
    if harfbuzz_subset is None:
        lacking.append("The library libharfbuzz-subset is not installed; Chinese letters would take minutes.")
    return lacking


def _families_missing():
    try:
        listed = subprocess.run(
            ["fc-list", ":", "family"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return list(FAMILIES)  # no fontconfig: nothing could find them
    installed = {name for line in listed.splitlines() for name in line.split(",")}
    return [name for name in FAMILIES if name not in installed]


@dataclass(frozen=True)
class _Words:
    """What the paper itself says in one language, and how that language is written."""

    html_lang: str
    direction: str
    fonts: tuple[str, ...]
    enclosures: str
    copies: str
    page: str
    signature_of: str
    stylesheet: str = ""

    @property
    def set_apart(self):
        """The pattern of what is set apart from running text, as a piece of its own; None for nothing."""
        if self.direction == "rtl":
            return FROM_LEFT
        return None if self.fonts[0] == FAMILIES[0] else APOSTROPHE


def _words(language):
    name = f"letters/print/labels/{language}.yaml"
    try:
        if not LANGUAGE.fullmatch(language):
            raise TemplateDoesNotExist(name)
        return _read(_source(name))
    except TemplateDoesNotExist:
        raise CannotRender(f"Our paper does not speak “{language}”; add templates/{name}.") from None


@functools.lru_cache(maxsize=32)
def _read(labels):
    said = yaml.safe_load(labels)
    return _Words(**{**said, "fonts": tuple(said["fonts"])})


def _source(name):
    return get_template(name).template.source


def _assets(sheet):
    """The pictures of the letter by name, as (bytes, media type)."""
    given = {"logo": sheet.letterhead.logo, "signature": sheet.signatory.picture}
    called = {"logo": "letterhead's logo", "signature": "picture of the signature"}
    assets, unreadable = {}, []
    for name, data in given.items():
        if data is None:
            continue
        try:
            assets[name] = pictures.safe(data)
        except pictures.Unreadable as error:
            unreadable.append(f"The {called[name]} cannot be read: {error}; upload it again as PNG, JPEG or SVG.")
    if unreadable:
        raise CannotRender(*unreadable)
    return assets


def _context(sheet, words, assets):
    head, lines = sheet.letterhead, sheet.address_lines
    return {
        "sheet": sheet,
        "letterhead": head,
        "head": f"letters/print/{sheet.paper}.html",
        "words": words,
        "assets": assets,
        "return_line": " · ".join([head.name, *head.address_lines]),
        "address": [(line, direction(line)) for line in lines],
        "address_direction": direction("".join(lines)),
        "sender_direction": direction(head.name + "".join(head.address_lines)),
        "body": markdown.html(sheet.body),
        "running_head": _running_head(sheet, words),
        "registration": _isolated(head.registration_line, words),
        "signature_alt": words.signature_of.format(name=sheet.signatory.name),
    }


def _set_apart(html, words):
    """The same page; each piece of its text that would suffer among its neighbours stands in an element of its own."""
    head, body, rest = html.partition("<body>")
    pieces = TAG.split(body + rest)
    pieces[::2] = [_pieces_apart(WIDE_LINE_END.sub("", text), words.set_apart) for text in pieces[::2]]
    return head + "".join(pieces)


def _pieces_apart(escaped, pattern):
    if pattern is None:
        return escaped
    # a mark that only turns the direction has done its work, and WeasyPrint breaks lines wrongly beside it
    text, done, end = unescape(escaped).replace(MARK, ""), [], 0
    for found in pattern.finditer(text):
        if found[0].isdecimal():
            continue
        piece = found[0].strip(FROM_LEFT_ON + FROM_LEFT_OFF)
        # a number in two halves, on two lines, would be read in the wrong order
        whole = ' class="whole"' if len(piece) <= WHOLE_LIMIT and any(map(str.isdigit, piece)) else ""
        done += escape(text[end : found.start()]), f'<bdi dir="ltr"{whole}>{escape(piece)}</bdi>'
        end = found.end()
    return "".join([*done, escape(text[end:])])


def _running_head(sheet, words):
    parts = [sheet.addressee or sheet.address_lines[0], sheet.date_line, *(value for _, value in sheet.references[:1])]
    return " · ".join(_isolated(part, words) for part in parts)


def _isolated(text, words):
    """The text as a piece of its own direction where elements cannot stand: in a string of the stylesheet."""
    return f"{ISOLATE}{text}{END_ISOLATE}" if text and words.direction == "rtl" else text


class _Press(threading.local):
    """What is dear to make and may be used again, but never by two threads at once.

    A second FontConfiguration costs memory that never comes back; one that is shared corrupts it.
    """

    fonts = None
    stylesheets = None

    def set(self, html, css, assets):
        """The laid-out document and its PDF. Raises CannotRender if the parts do not fit their places."""
        if self.fonts is None:
            self.fonts, self.stylesheets = FontConfiguration(), {}
        if css not in self.stylesheets:  # kept by its whole text: what is changed is never printed as it was
            self.stylesheets[css] = self._stylesheet(css)
        document = weasyprint.HTML(string=html, url_fetcher=_Assets(assets)).render(
            font_config=self.fonts, stylesheets=[self.stylesheets[css]]
        )
        return document, document.write_pdf(pdf_variant=VARIANT)

    def _stylesheet(self, css):
        with _watched() as said:
            stylesheet = weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=_Assets({}))
        if said:  # every letter must hear of it, not only the first: so it is not kept
            raise CannotRender(*said)
        return stylesheet


_press = _Press()


def _css(sheet, words):
    """The stylesheet of one language, style, paper and size of print."""
    css = [_source(f"letters/print/{name}") for name in _stylesheets(sheet, words)]
    families = ", ".join(map(json.dumps, words.fonts))
    side = "left" if words.direction == "rtl" else "right"
    label = f"@bottom-{side} {{ content: {_counted(words.page)} }}"
    css.append(f"@page {{ font-family: {families}; {label} }} @page :first {{ {label} }}")
    css.append(f"html {{ font-family: {families} }}")
    css.append(_registration_css(sheet, words))
    return "\n".join(css)


def _registration_css(sheet, words):
    """The registration line in its own direction: its second line would lose the order of its words in another."""
    side = "right" if words.direction == "rtl" else "left"
    own = direction(sheet.letterhead.registration_line)
    return f"@page :first {{ @bottom-{side} {{ direction: {own}; text-align: {side} }} }}"


def _stylesheets(sheet, words):
    """The names of the files, each changing what stands in those before it."""
    yield "letter.css"
    if sheet.paper != "a4":
        yield f"{sheet.paper}.css"
    if words.stylesheet:
        yield words.stylesheet
    if sheet.style != "block":
        yield "modified_block.css"
    if sheet.style == "semi_block":
        yield "semi_block.css"
    if sheet.large_print:
        yield "large_print.css"
        if words.direction == "rtl":
            yield "large_print_rtl.css"


def _counted(label):
    """'Page {page} of {pages}' as CSS content."""
    pieces = re.split(r"\{(pages?)\}", label)
    return " ".join(
        f"counter({piece})" if at % 2 else json.dumps(piece, ensure_ascii=False) for at, piece in enumerate(pieces)
    )


class _Assets(URLFetcher):
    """Hands out the letter's own pictures from memory, and nothing else in the world."""

    def __init__(self, assets):
        super().__init__(allowed_protocols=())
        self._assets = assets

    def fetch(self, url, headers=None):
        name = url.removeprefix(ASSET)
        if not url.startswith(ASSET) or name not in self._assets:
            raise FatalURLFetchingError(f"The letter asks for {url[:200]}, which is no picture of its own.")
        data, media_type = self._assets[name]
        return URLFetcherResponse(url, data, headers={"Content-Type": media_type})


class _Watch(logging.Handler):
    """Notes down what is said in its own thread, for one letter."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.said = []

    def emit(self, record):
        text = record.getMessage()
        if record.thread == self.thread and not text.startswith(NOT_DRAWN):
            self.said.append(f"The letter could not be set cleanly: {text[:500]}")


@contextmanager
def _watched():
    """A list that fills with everything WeasyPrint warns of meanwhile."""
    logger = logging.getLogger("weasyprint")
    logger.disabled = False  # a logging configuration switches off loggers that it does not name
    if not logger.isEnabledFor(logging.WARNING):
        logger.setLevel(logging.WARNING)
    watch = _Watch()
    logger.addHandler(watch)
    try:
        yield watch.said
    finally:
        logger.removeHandler(watch)


def _misfits(document, sheet):
    """Sentences for what fell outside the place that the sheet has for it."""
    limit = LARGE_PRINT_PAGES_LIMIT if sheet.large_print else PAGES_LIMIT
    if len(document.pages) > limit:
        yield f"The letter has {len(document.pages)} pages, more than {limit}; shorten it."
    window = address.WINDOWS[sheet.paper]
    places = {name: [px * MM for px in box] for name, box in document.pages[0].anchors.items()}
    lines = [box for name, box in places.items() if name.startswith("address-line")]
    if len(lines) > window.lines:
        yield f"The address has {len(lines)} lines, more than the {window.lines} that a window shows."
    for number, (left, _, right, _) in enumerate(lines, start=1):
        if left < window.left - TOLERANCE or right > window.right + TOLERANCE:
            yield f"Line {number} of the address is too wide for the window; shorten it or break it in two."
    if _shows(places["references"], window) or _shows(places["date"], window):
        yield "The references are too long to stand above the address window; shorten them."
    if _shows(places["contact"], window) or places["contact"][3] > window.shown_bottom:
        yield "The letterhead's address and contact lines are too long for the top of the page; shorten them."
    yield from _collisions(places)


def _shows(box, window):
    """Whether the window may show any of the box when the sheet slides in its envelope."""
    left, top, _, bottom = box
    return left < window.shown_right and top < window.shown_bottom and bottom > window.shown_top + TOLERANCE


def _collisions(places):
    called = {
        "house": "the letterhead's name",
        "contact": "the letterhead's contact lines",
        "date": "the date",
        "references": "the references",
    }
    for one, other in combinations([name for name in called if name in places], 2):
        (left, top, right, bottom), (left2, top2, right2, bottom2) = places[one], places[other]
        across = min(right, right2) - max(left, left2)
        if across > TOLERANCE and min(bottom, bottom2) - max(top, top2) > TOLERANCE:
            yield f"There is no room for {called[one]} beside {called[other]}; shorten one of them."


def _without_glyph(document, sheet):
    lacking = {chr(code) for font in document.fonts.values() for code in font.missing}
    for character in sorted(lacking):
        yield f"{named(character)} cannot be printed with our fonts ({_where(sheet, character)}); replace it."


def _in_a_foreign_font(document, sheet, words):
    for font in document.fonts.values():
        if font.family in words.fonts or font.missing:
            continue
        for character in sorted(set("".join(font.to_unicode.values()))):
            place = _where(sheet, character)
            yield f"{named(character)} would be printed in {font.family}, not in our fonts ({place}); replace it."


def _where(sheet, character):
    return sheet.where(character) or "in a picture"
