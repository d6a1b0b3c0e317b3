"""Pictures on a letter: only what Pillow has painted anew, or a drawing that refers to nothing outside itself."""

import io
import re
import warnings
from xml.etree import ElementTree

from PIL import Image, ImageOps, UnidentifiedImageError

SIDE_LIMIT = 4_000  # pixels
PRINTED = (1_500, 1_500)  # pixels: more than any printer shows on the few centimetres that a picture has
SIZE_LIMIT = 5_000_000  # bytes
DRAWING_LIMIT = 1_000_000  # bytes
PARTS_LIMIT = 5_000  # of a drawing
TEXT_LIMIT = 1_000  # characters in a drawing; a typeface of its own is drawn, not written
USES_LIMIT = 20  # or masks; a drawing repeated within itself over and over grows without end
DEPTH_LIMIT = 50
SVG = ("{http://www.w3.org/2000/svg}", "")  # any other name space holds notes of a drawing program
# What WeasyPrint draws as it is meant, and what takes no longer than it looks: no script, no link, no picture from
# elsewhere, no movement, no marker on each corner of a line.
KNOWN = {
    *("svg", "g", "defs", "symbol", "use", "switch", "style", "title", "desc", "metadata"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textpath"),
    *("lineargradient", "radialgradient", "stop", "pattern", "clippath", "mask"),
    *("filter", "feoffset", "feblend", "feflood"),
}
# Anything fetched from elsewhere, and the backslash that could spell it unrecognisably.
OUTSIDE = re.compile(r"@import|url\(\s*+(?!['\"]?#)|\\", re.IGNORECASE)


class Unreadable(Exception):
    """The bytes are no picture that a letter may show; the text says what is wrong."""


def safe(data):
    """The picture as (bytes, media type), fit to be printed: PNG painted anew, or checked SVG.

    Raises Unreadable.
    """
    if len(data) > SIZE_LIMIT:
        raise Unreadable(f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _drawing(data), "image/svg+xml"
    return _photograph(data), "image/png"


def _photograph(data):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                if max(picture.size) > SIDE_LIMIT:
                    raise Unreadable(f"it is wider or higher than {SIDE_LIMIT:,} pixels")
                painted = _painted(picture)
    except UnidentifiedImageError:
        raise Unreadable("it is neither PNG, JPEG nor SVG") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("its data are damaged") from None
    out = io.BytesIO()
    painted.save(out, "PNG")
    return out.getvalue()


def _painted(picture):
    """Its pixels and nothing that came with them, such as profiles, notes and places; upright, as a camera held it."""
    picture.draft(None, PRINTED)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "CMYK":
        upright = upright.convert("RGB")
    painted = upright.convert("RGBA")
    painted.info.clear()
    painted.thumbnail(PRINTED)
    return painted


def _drawing(data):
    """The SVG as it was read here, written anew: what was checked is what will be drawn."""
    if len(data) > DRAWING_LIMIT:
        raise Unreadable(f"it is a drawing larger than {DRAWING_LIMIT // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
        if "<!ENTITY" in text:
            raise Unreadable("it defines entities")
        root = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
        raise Unreadable("it is neither PNG, JPEG nor SVG") from None
    if _local(root.tag) != "svg":
        raise Unreadable("it is neither PNG, JPEG nor SVG")
    _check(root, 1)
    _count(list(root.iter()))
    return ElementTree.tostring(root, encoding="utf-8")


def _check(element, depth):
    """The element and all in it may be drawn; what is no drawing is gone from it."""
    if depth > DEPTH_LIMIT:
        raise Unreadable(f"it is nested deeper than {DEPTH_LIMIT} levels")
    name = _local(element.tag)
    if name not in KNOWN:
        raise Unreadable(f"it contains <{name}>")
    for attribute, value in element.attrib.items():
        if _local(attribute) in ("href", "src", "base") and not value.strip().startswith("#"):
            raise Unreadable("it refers to something outside itself")
        if OUTSIDE.search(value):
            raise Unreadable("it refers to something outside itself")
        if _local(attribute) == "spreadmethod" and value.strip() != "pad":
            raise Unreadable("it repeats a gradient; let it end with its last colour")
    if name == "style":
        _check_style("".join(element.itertext()))
    for child in list(element):
        if _space(child.tag) not in SVG:
            element.remove(child)
        else:
            _check(child, depth + 1)


def _check_style(style):
    if OUTSIDE.search(style):
        raise Unreadable("it refers to something outside itself")
    if "@" in style:  # @import, @font-face: a picture brings no other style and no typeface along
        raise Unreadable("its style has a rule that begins with @")


def _count(elements):
    if len(elements) > PARTS_LIMIT:
        raise Unreadable(f"it has more than {PARTS_LIMIT:,} parts; simplify it")
    if sum(map(_draws_another, elements)) > USES_LIMIT:
        raise Unreadable("it repeats or masks its own parts too often")
    if sum(map(_written, elements)) > TEXT_LIMIT:
        raise Unreadable(f"it has more than {TEXT_LIMIT:,} characters of text; draw them as paths")


def _draws_another(element):
    """Whether some other part is drawn once more wherever this one is."""
    masked = "mask" in element.attrib or re.search(r"\bmask\s*:", element.get("style", ""))
    return _local(element.tag) == "use" or bool(masked)


def _written(element):
    """The number of characters that it writes, its own and those that follow it within a text."""
    is_text = _local(element.tag) in ("text", "tspan", "textpath")
    return len(element.text or "") + len(element.tail or "") if is_text else 0


def _local(tag):
    return str(tag).rpartition("}")[2].lower()


def _space(tag):
    """The name space, in braces; comments, which ElementTree drops, have none."""
    return "".join(str(tag).rpartition("}")[:2])
