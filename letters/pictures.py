"""Pictures on a letter: only what Pillow has painted anew, or a drawing that refers to nothing outside itself."""

import io
import re
import warnings
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

SIDE_LIMIT = 4_000  # pixels
SIZE_LIMIT = 5_000_000  # bytes
USES_LIMIT = 20  # a drawing repeated within itself over and over grows without end
DEPTH_LIMIT = 50
FORBIDDEN_ELEMENTS = {"script", "foreignobject", "image", "iframe", "feimage", "a"}
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
                painted = picture.convert("RGBA")
    except UnidentifiedImageError:
        raise Unreadable("it is neither PNG, JPEG nor SVG") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("its data are damaged") from None
    out = io.BytesIO()
    painted.save(out, "PNG")
    return out.getvalue()


def _drawing(data):
    """The SVG as it was read here, written anew: what was checked is what will be drawn."""
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
    if sum(_local(element.tag) == "use" for element in root.iter()) > USES_LIMIT:
        raise Unreadable("it repeats its own parts too often")
    return ElementTree.tostring(root, encoding="utf-8")


def _check(element, depth):
    if depth > DEPTH_LIMIT:
        raise Unreadable(f"it is nested deeper than {DEPTH_LIMIT} levels")
    name = _local(element.tag)
    if name in FORBIDDEN_ELEMENTS:
        raise Unreadable(f"it contains <{name}>")
    for attribute, value in element.attrib.items():
        if _local(attribute) in ("href", "src", "base") and not value.strip().startswith("#"):
            raise Unreadable("it refers to something outside itself")
        if OUTSIDE.search(value):
            raise Unreadable("it refers to something outside itself")
    if name == "style" and OUTSIDE.search("".join(element.itertext())):
        raise Unreadable("it refers to something outside itself")
    for child in element:
        _check(child, depth + 1)


def _local(tag):
    return str(tag).rpartition("}")[2].lower()
