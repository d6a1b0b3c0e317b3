"""What is proven of a letter after its layout: everything in its place, every character with a glyph of our fonts."""

from itertools import combinations

from letters import address
from letters.sheet import named

PAGES_LIMIT = 10
LARGE_PRINT_PAGES_LIMIT = 20  # the same words at 16 pt
MM = 25.4 / 96  # of a CSS pixel
TOLERANCE = 0.1  # mm


def misfits(document, sheet):
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


def foreign_characters(document, fonts, where):
    """Sentences for each character that no font can print, or that one did which is not among `fonts`; `where` says
    in what place of the letter a character stands."""
    for character in sorted({chr(code) for font in document.fonts.values() for code in font.missing}):
        yield f"{named(character)} cannot be printed with our fonts ({where(character)}); replace it."
    for font in document.fonts.values():
        if font.family in fonts or font.missing:
            continue
        for character in sorted(set("".join(font.to_unicode.values()))):
            stranger = f"{named(character)} would be printed in {font.family}, not in our fonts"
            yield f"{stranger} ({where(character)}); replace it."
