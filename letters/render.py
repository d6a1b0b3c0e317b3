"""A sheet becomes a PDF.

A letter that cannot be set exactly as it should be is not set at all: see CannotRender.
"""

import functools
import json
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from html import unescape

import yaml
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.html import escape

from letters import archive, markdown, pictures, proof
from letters.sheet import (
    APOSTROPHE,
    COUNTED,
    FROM_LEFT,
    FROM_LEFT_OFF,
    FROM_LEFT_ON,
    PHONE,
    WEB,
    WIDE_LINE_END,
    CannotRender,
    Letterhead,
    Sheet,
    Signatory,
    direction,
    ends_long,
    problems,
    unprintable,
)
from letters.typesetting import harfbuzz_subset, lay_out, undisturbed, watched, write

__all__ = ["CannotRender", "Letterhead", "Sheet", "Signatory", "check_fonts", "render_pdf"]

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
POINT = 0.75  # of a CSS pixel
SMALL = 200_000  # bytes of a picture that is kept ready to be printed
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
TAG = re.compile(r"(<[^>]*>)")
RETURN_LIMIT = 130  # characters of 6 pt on two lines as wide as the window
WHOLE_LIMIT = 24  # characters of a number that stay on one line
MARK = "\u200e"  # left-to-right mark
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
# What a page has no place for, and what turns the direction round by force.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff]")
SAID = re.compile(r'(<[a-z0-9]+[^<>]*) dir="auto">([^<]*)')


def render_pdf(sheet):
    """The letter as a PDF to archive (PDF/A-3a) and to read aloud (PDF/UA-1), the same bytes for the same sheet.

    Raises CannotRender.
    """
    if found := problems(sheet):
        raise CannotRender(*found)
    with undisturbed():
        return _set(sheet)


def _set(sheet):
    words = _words(sheet.language)
    assets = _assets(sheet)
    html = render_to_string("letters/print/letter.html", _context(sheet, words, assets))
    with watched() as said:
        document = lay_out(_set_apart(html, words), _css(sheet, words), assets)
        archive.claim_both(document.metadata)
        pdf = write(document, archive.VARIANT)
    faults = [
        *proof.misfits(document, sheet),
        *proof.foreign_characters(document, words.fonts, lambda character: sheet.where(character) or "in a picture"),
        *said,
    ]
    if faults:
        raise CannotRender(*dict.fromkeys(faults))
    return pdf


@dataclass(frozen=True)
class Mark:
    """One printed line: a page with nothing else on it, and where on it the line stands, in points."""

    pdf: bytes
    left: float
    width: float
    height: float
    at_right: bool


def render_mark(who, language):
    """The line that says whose copy it is, in the fonts of a letter in that language. Raises CannotRender."""
    words = _words(language)
    in_order = f"{FROM_LEFT_ON}{who}{FROM_LEFT_OFF}" if direction(who) != words.direction else who
    text = words.copy_for.format(who=in_order)
    if faults := unprintable("mark on the copy", text):
        raise CannotRender(*faults)
    with undisturbed():
        return _set_mark(text, words)


def _set_mark(text, words):
    html = render_to_string("letters/print/mark.html", {"words": words, "text": text})
    with watched() as said:
        document = lay_out(_set_apart(html, words), _mark_css(words), {})
        pdf = write(document)
    if faults := [*proof.foreign_characters(document, words.fonts, lambda character: "mark on the copy"), *said]:
        raise CannotRender(*faults)
    [page] = document.pages
    left, _, right, _ = (side * POINT for side in page.anchors["mark"])
    return Mark(pdf, left, right - left, page.height * POINT, words.direction == "rtl")


def render_folio(folio):
    """Pages of our own that are no letter, as a PDF with its headings as bookmarks. What no font of ours prints is
    named in its place: these pages quote whatever people wrote. Raises CannotRender."""
    words = _words("en")
    html = render_to_string(f"letters/print/{folio.kind}.html", {"title": folio.title, **folio.values})
    html = SAID.sub(_in_own_direction, CONTROL.sub(" ", html))
    css = f"{_source(f'letters/print/{folio.kind}.css')} html {{ font-family: {_families(words)} }}"
    with undisturbed(), watched() as said:
        document = lay_out(html, css, {})
        pdf = write(document)
        if missing := {code for font in document.fonts.values() for code in font.missing}:
            pdf = write(lay_out(html.translate({code: f"[{_called(code)}]" for code in missing}), css, {}))
    if said:
        raise CannotRender(*dict.fromkeys(said))
    return pdf


def _called(code):
    return unicodedata.name(chr(code), f"U+{code:04X}").lower()


def _in_own_direction(found):
    """A quoted text runs as its own letters do; from the right, its numbers and Latin names keep their order."""
    before, text = found.groups()
    runs = direction(unescape(text))
    return f'{before} dir="{runs}">{_pieces_apart(text, FROM_LEFT) if runs == "rtl" else text}'


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
    copy_for: str
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


_safe = functools.lru_cache(maxsize=8)(pictures.safe)  # the house's logos and signatures, which are in every letter


def _assets(sheet):
    """The pictures of the letter by name, as (bytes, media type)."""
    given = {"logo": sheet.letterhead.logo, "signature": sheet.signatory.picture}
    called = {"logo": "letterhead's logo", "signature": "picture of the signature"}
    assets, unreadable = {}, []
    for name, data in given.items():
        if data is None:
            continue
        try:
            assets[name] = _safe(data) if len(data) <= SMALL else pictures.safe(data)
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
        "return_line": _return_line(head),
        "address": [(line, direction(line)) for line in lines],
        "address_direction": direction("".join(lines)),
        "sender_direction": direction(head.name + "".join(head.address_lines)),
        "reach": [part for part in (head.phone, head.email, head.website) if part],
        "lf": "\n",
        "body": markdown.html(sheet.body),
        "ends_long": ends_long(sheet.body),
        "running_head": _running_head(sheet, words),
        "registration": _isolated(head.registration_line, words),
        "signature_alt": words.signature_of.format(name=sheet.signatory.name),
    }


def _set_apart(html, words):
    """The same page; each piece of its text that would suffer among its neighbours stands in an element of its own."""
    head, body, rest = html.partition("<body>")
    pieces = TAG.split(body + rest)
    pieces[::2] = [_pieces_apart(_held_together(text), words.set_apart) for text in pieces[::2]]
    return head + "".join(pieces)


def _held_together(text):
    text = COUNTED.sub(lambda found: f"{found[1] or ''}\u00a0", WIDE_LINE_END.sub("", text))
    return PHONE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def _pieces_apart(escaped, pattern):
    if pattern is None:
        return _addresses_whole(escaped)
    # a mark that only turns the direction has done its work, and WeasyPrint breaks lines wrongly beside it
    text, done, end = unescape(escaped).replace(MARK, ""), [], 0
    for found in pattern.finditer(text):
        if found[0].isdecimal():
            continue
        piece = found[0].strip(FROM_LEFT_ON + FROM_LEFT_OFF)
        # a number in two halves, on two lines, would be read in the wrong order
        number = len(piece) <= WHOLE_LIMIT and any(map(str.isdigit, piece))
        whole = ' class="whole"' if number or WEB.fullmatch(piece) else ""
        done += escape(text[end : found.start()]), f'<bdi dir="ltr"{whole}>{escape(piece)}</bdi>'
        end = found.end()
    said = "".join([*done, escape(text[end:])])
    return said if pattern is FROM_LEFT else _addresses_whole(said)


def _addresses_whole(escaped):
    return WEB.sub(r'<span class="whole">\g<0></span>', escaped)


def _return_line(head):
    """Where the letter goes back to, on two lines at most: without the name where that would be too long."""
    whole = " · ".join([head.name, *head.address_lines])
    return whole if len(whole) <= RETURN_LIMIT else " · ".join(head.address_lines)


def _running_head(sheet, words):
    parts = [sheet.addressee or sheet.address_lines[0], sheet.date_line, *(value for _, value in sheet.references[:1])]
    return " · ".join(_isolated(part, words) for part in parts)


def _isolated(text, words):
    """The text as a piece of its own direction where elements cannot stand: in a string of the stylesheet."""
    return f"{ISOLATE}{text}{END_ISOLATE}" if text and words.direction == "rtl" else text


def _css(sheet, words):
    """The stylesheet of one language, style, paper and size of print."""
    css = [_source(f"letters/print/{name}") for name in _stylesheets(sheet, words)]
    families = _families(words)
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


def _mark_css(words):
    return f"{_source('letters/print/mark.css')} html {{ font-family: {_families(words)} }}"


def _families(words):
    return ", ".join(map(json.dumps, words.fonts))


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
