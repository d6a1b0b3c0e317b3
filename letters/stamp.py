"""Somebody's own copy of an issued letter: the same pages, each with a line that says whose copy it is.

The letter's bytes are frozen, so the line is laid on top of them. It is no part of what the letter says: a screen
reader passes it by, and tags, fonts and both claims of the file (see archive.py) stay true.
"""

import io

import pikepdf
from pikepdf import Name

from letters import render

MM = 72 / 25.4  # points
# Above every letterhead and outside all windows, and inside what an office printer prints.
TOP, MARGIN = 5.5 * MM, 25 * MM
NAME = Name("/CopyMark")


def marked(pdf, who, *, language) -> bytes:
    """The letter `pdf` as the copy of `who` ("Priya Nair, Delivery Manager"), marked in the letter's language on every
    page; the same bytes for the same letter and person. Raises CannotRender if the line cannot be printed."""
    mark = render.render_mark(who, language)
    with pikepdf.open(io.BytesIO(pdf)) as letter, pikepdf.open(io.BytesIO(mark.pdf)) as strip:
        _rename_fonts(strip)
        form = letter.copy_foreign(strip.pages[0].as_form_xobject())
        for page in letter.pages:
            _lay_on(page, form, mark)
        out = io.BytesIO()
        letter.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _rename_fonts(strip):
    """The letter may hold other glyphs of the same font, and each such part must have a name of its own in a file."""
    for font in strip.pages[0].Resources.Font.values():
        descendant = font.DescendantFonts[0]
        own = "".join(chr(65 + (ord(letter) - 64) % 26) for letter in str(font.BaseFont)[1:7])
        name = Name(f"/{own}{str(font.BaseFont)[7:]}")
        font.BaseFont = descendant.BaseFont = descendant.FontDescriptor.FontName = name


def _lay_on(page, form, mark):
    left, _, right, top = (float(side) for side in page.mediabox)
    scale = min(1, (right - left - 2 * MARGIN) / mark.width)  # a very long line gets smaller
    x = right - MARGIN - (mark.left + mark.width) * scale if mark.at_right else left + MARGIN - mark.left * scale
    y = top - TOP - mark.height * scale
    page.Resources.XObject[NAME] = form
    # What stands there leaves its own units and directions behind: they must not turn the mark over.
    page.contents_add(b"q", prepend=True)
    drawn = f"Q /Artifact <</Type /Pagination>> BDC q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm {NAME} Do Q EMC"
    page.contents_add(drawn.encode())
