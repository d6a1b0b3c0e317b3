"""What the pages of a PDF show: whether anything is on them, and in which fonts that are not in the file.

A scanner that reads what it scanned lays its words invisibly over the picture; they are no ink, and their fonts are
missed by nobody.
"""

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Name
from pikepdf.models import image as pdf_image
from PIL import Image, ImageStat

STROKES = 10  # lines and curves; fewer are a frame or a background
DEEPEST = 12  # drawings within drawings
INVISIBLE = 3  # a mode of text
EVEN = 2  # a deviation of grey below which a picture is one plain area, as of an empty sheet in a scanner
THUMBNAIL = 200  # pixels

UNDECODABLE = (
    pikepdf.PdfError,
    pikepdf.DependencyError,
    pdf_image.UnsupportedImageTypeError,
    pdf_image.NotExtractableError,
    pdf_image.InvalidPdfImageError,
    pdf_image.ImageDecompressionError,
    Image.DecompressionBombError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
)

PATHS = {"l", "c", "v", "y", "re"}
TEXT = {"Tj", "TJ", "'", '"'}
OPERATORS = " ".join(["q", "Q", "Tf", "Tr", "gs", "Do", "sh", "BI", "ID", "EI", *PATHS, *TEXT])


@dataclass
class Ink:
    """What was found on some pages."""

    text: bool = False
    drawing: bool = False
    pictures: list = field(default_factory=list)
    missing_fonts: set = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.drawing) and all(_is_plain(picture) for picture in self.pictures)


@dataclass
class _Pen:
    """How text is written at one place of a drawing."""

    font: object = None
    mode: int = 0


def on(pages) -> Ink:
    """All that `pages` show. Raises pikepdf.PdfError for a drawing that cannot be read."""
    ink, seen = Ink(), set()
    for page in pages:
        _read(page, page.resources, ink, seen, DEEPEST)
        for appearance in _appearances(page):
            _read(appearance, appearance.get(Name.Resources, {}), ink, seen, DEEPEST)
    return ink


def _read(drawing, resources, ink, seen, depth):
    strokes, pen, kept = 0, _Pen(), []
    for operands, operator in pikepdf.parse_content_stream(drawing, OPERATORS):
        word = str(operator)
        if word == "q":
            kept.append(_Pen(pen.font, pen.mode))
        elif word == "Q" and kept:
            pen = kept.pop()
        elif word == "Tf":
            pen.font = _resource(resources, Name.Font, operands[0])
        elif word == "Tr":
            pen.mode = int(operands[0])
        elif word in TEXT:
            _write(operands, pen, ink)
        elif word == "Do":
            _draw(_resource(resources, Name.XObject, operands[0]), resources, ink, seen, depth)
        elif word in PATHS:
            strokes += 1
        elif word in ("sh", "INLINE IMAGE"):
            ink.drawing = True
    ink.drawing |= strokes >= STROKES


def _write(operands, pen, ink):
    if pen.mode == INVISIBLE or not _says_something(operands[-1]):
        return
    ink.text = True
    if pen.font is not None and not _is_embedded(pen.font):
        ink.missing_fonts.add(str(pen.font.get(Name.BaseFont, "?"))[1:] or "?")


def _draw(drawn, resources, ink, seen, depth):
    if drawn is None or drawn.objgen in seen or not depth:
        return
    seen.add(drawn.objgen)
    if drawn.get(Name.Subtype) == Name.Image:
        ink.pictures.append(drawn)
    elif drawn.get(Name.Subtype) == Name.Form:
        _read(drawn, drawn.get(Name.Resources, resources), ink, seen, depth - 1)


def _appearances(page):
    """What stamps and filled fields of the page look like."""
    for note in page.get(Name.Annots, []):
        shown = note.get(Name.AP, {}).get(Name.N)
        if isinstance(shown, pikepdf.Stream):
            yield shown


def _resource(resources, kind, name):
    return resources.get(kind, {}).get(name) if isinstance(name, Name) else None


def _says_something(said) -> bool:
    pieces = said if isinstance(said, pikepdf.Array) else [said]
    return any(isinstance(piece, pikepdf.String) and bytes(piece).strip(b" \0") for piece in pieces)


def _is_embedded(font) -> bool:
    if font.get(Name.Subtype) == Name.Type3:  # it is drawn in the file itself
        return True
    described = font.get(Name.DescendantFonts, [font])[0].get(Name.FontDescriptor, {})
    return any(name in described for name in (Name.FontFile, Name.FontFile2, Name.FontFile3))


def _is_plain(picture) -> bool:
    """It is one area of one colour. What we cannot decode is taken for a picture."""
    try:
        image = pikepdf.PdfImage(picture).as_pil_image()
        image.draft("L", (THUMBNAIL, THUMBNAIL))
        small = image.convert("L").resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    except UNDECODABLE:
        return False
    return ImageStat.Stat(small).stddev[0] < EVEN
