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

import weasyprint
import yaml
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from PIL import ImageFile
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters import address, markdown, pictures
from letters.sheet import CannotRender, Letterhead, Sheet, Signatory, named, problems

__all__ = ["CannotRender", "Letterhead", "Sheet", "Signatory", "check_fonts", "render_pdf"]

# Importing WeasyPrint makes Pillow accept half a picture; a logo is whole or refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
VARIANT = "pdf/ua-1"
PAGES_LIMIT = 10
MM = 25.4 / 96  # of a CSS pixel
REFERENCES_END = 45  # mm from the top: below this line the window may show what stands there
HEAD_END = 97  # mm from the top: the salutation follows
TOLERANCE = 0.1  # mm
NOT_DRAWN = ".notdef glyph"  # how the log begins when a character has no glyph; we say it better
ASSET = "letter-asset:"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


def render_pdf(sheet):
    """The letter as a tagged PDF (PDF/UA-1), the same bytes for the same sheet. Raises CannotRender."""
    if found := problems(sheet):
        raise CannotRender(*found)
    words = _words(sheet.language)
    assets = _assets(sheet)
    html = render_to_string("letters/print/letter.html", _context(sheet, words, assets))
    with _watched() as said:
        try:
            document, pdf = _press.set(html, words, assets)
        except FatalURLFetchingError as error:
            raise CannotRender(str(error)) from None
    faults = [*_without_glyph(document, sheet), *_in_a_foreign_font(document, sheet, words), *said]
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


@functools.lru_cache(maxsize=32)
def _words(language):
    name = f"letters/print/labels/{language}.yaml"
    try:
        if not LANGUAGE.fullmatch(language):
            raise TemplateDoesNotExist(name)
        said = yaml.safe_load(get_template(name).template.source)
    except TemplateDoesNotExist:
        raise CannotRender(f"Our paper does not speak “{language}”; add templates/{name}.") from None
    return _Words(**{**said, "fonts": tuple(said["fonts"])})


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
    return {
        "sheet": sheet,
        "letterhead": sheet.letterhead,
        "words": words,
        "assets": assets,
        "body": markdown.html(sheet.body),
        "running_head": " · ".join(
            [sheet.address_lines[0], sheet.date_line, *(value for _, value in sheet.references[:1])]
        ),
        "return_line": " · ".join([sheet.letterhead.name, *sheet.letterhead.address_lines]),
        "signature_alt": words.signature_of.format(name=sheet.signatory.name),
    }


class _Press(threading.local):
    """What is dear to make and may be used again, but never by two threads at once.

    A second FontConfiguration costs memory that never comes back; one that is shared corrupts it.
    """

    fonts = None
    stylesheets = None

    def set(self, html, words, assets):
        """The laid-out document and its PDF. Raises CannotRender if the parts do not fit their places."""
        if self.fonts is None:
            self.fonts, self.stylesheets = FontConfiguration(), {}
        if words not in self.stylesheets:
            self.stylesheets[words] = self._stylesheet(words)
        document = weasyprint.HTML(string=html, url_fetcher=_Assets(assets)).render(
            font_config=self.fonts, stylesheets=[self.stylesheets[words]]
        )
        if misfits := list(_misfits(document)):
            raise CannotRender(*misfits)
        return document, document.write_pdf(pdf_variant=VARIANT)

    def _stylesheet(self, words):
        css = get_template("letters/print/letter.css").template.source
        families = ", ".join(map(json.dumps, words.fonts))
        css += f"\n@page {{ font-family: {families}; @bottom-right {{ content: {_counted(words.page)} }} }}"
        css += f"\nhtml {{ font-family: {families} }}"
        with _watched() as said:
            stylesheet = weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=_Assets({}))
        if said:  # every letter must hear of it, not only the first: so it is not kept
            raise CannotRender(*said)
        return stylesheet


_press = _Press()


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


def _misfits(document):
    """Sentences for what fell outside the place that the sheet has for it."""
    if len(document.pages) > PAGES_LIMIT:
        yield f"The letter has {len(document.pages)} pages, more than {PAGES_LIMIT}; shorten it."
    places = {name: [px * MM for px in box] for name, box in document.pages[0].anchors.items()}
    lines = [box for name, box in places.items() if name.startswith("address-line")]
    if len(lines) > address.LINES_LIMIT:
        yield f"The address has {len(lines)} lines, more than the {address.LINES_LIMIT} that a window shows."
    for number, (left, _, right, _) in enumerate(lines, start=1):
        if left < address.LEFT - TOLERANCE or right > address.RIGHT + TOLERANCE:
            yield f"Line {number} of the address is too wide for the window; shorten it or break it in two."
    if places["references"][3] > REFERENCES_END:
        yield "The references are too long to stand above the address window; shorten them."
    if places["contact"][3] > HEAD_END:
        yield "The letterhead's address and contact lines are too long for the top of the page; shorten them."


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
