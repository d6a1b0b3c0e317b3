"""HTML and a stylesheet become pages. With kept.py the only module that knows WeasyPrint."""

import gc
import re
import threading
import zlib
from collections import OrderedDict
from contextlib import contextmanager

import pydyf
import weasyprint
from PIL import ImageFile
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters import archive, kept
from letters.sheet import CannotRender
from letters.watch import listening

__all__ = ["harfbuzz_subset", "lay_out", "undisturbed", "watched", "write"]

# Importing WeasyPrint makes Pillow accept half a picture; a logo is whole or refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

ASSET = "letter-asset:"
# What kept.py does not read on a page. Words of a letter are escaped, so only our own paper can hold it.
UNREAD = re.compile(r"<(?:style|link|svg)\b")
PAPER_LIMIT = 32  # stylesheets kept at a time: one for each language, format, paper and size of print in use
PACKING = 6  # of zlib; 9 takes twice the time and saves one byte in a hundred


def lay_out(html, css, assets):
    """The document, ready to be written; what it may show are its `assets`, (bytes, media type) by name. To be called,
    as is writing the document, while it is `watched`. Raises CannotRender if the paper has a fault."""
    if found := UNREAD.search(html):
        raise CannotRender(
            f"Our paper holds {found[0]}>, which is not read on a page: put styles into its stylesheets, and pictures "
            "among its assets."
        )
    return _composing.lay_out(html, css, assets)


def write(document, variant=None):
    """The document's PDF."""
    return document.write_pdf(finisher=_write_out, pdf_variant=variant)


def _write_out(_document, pdf):
    """Every object is written, and packed, once; WeasyPrint would do so again to make the file's identity of them."""
    pdf.objects[:] = [thing if thing.free == "f" else _Written(thing) for thing in pdf.objects]


class _Written(pydyf.Object):
    """An object of the file as the bytes that it will be."""

    data = compressible = None

    def __init__(self, thing):
        if isinstance(thing, pydyf.Stream) and thing.compress:
            raw = b"\n".join(map(pydyf._to_bytes, thing.stream))
            thing.extra["Filter"] = "/FlateDecode"
            thing.stream, thing.compress = [zlib.compress(raw, PACKING)], False
        self.number, self.offset, self.generation, self.free = thing.number, thing.offset, thing.generation, thing.free
        self.data, self.compressible = thing.data, thing.compressible


@contextmanager
def undisturbed():
    """Meanwhile nobody looks for garbage: a letter makes a hundred thousand things and drops them all at its end, where
    they are found young and all at once."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def watched():
    """A list that fills with everything WeasyPrint warns of meanwhile. Raises CannotRender when the document asks for
    what is not its own; for an attachment it asks only when it is written."""
    try:
        with listening() as said:
            yield said
    except FatalURLFetchingError as error:
        raise CannotRender(str(error)) from None


class _Composing(threading.local):
    """What is dear to make and may be used again, but never by two threads at once.

    A second FontConfiguration costs memory that never comes back; one that is shared corrupts it.
    """

    fonts = None
    paper = None

    def lay_out(self, html, css, assets):
        if self.fonts is None:
            self.fonts, self.paper = FontConfiguration(), OrderedDict()
        if css not in self.paper:  # kept by its whole text: what is changed is never printed as it was
            self.paper[css] = self._stylesheet(css), kept.Styles()
        self.paper.move_to_end(css)
        while len(self.paper) > PAPER_LIMIT:
            self.paper.popitem(last=False)
        stylesheet, styles = self.paper[css]
        return kept.lay_out(html, stylesheet, styles, self.fonts, _Assets(assets), archive.VARIANT)

    def _stylesheet(self, css):
        with watched() as said:
            stylesheet = weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=_Assets({}))
        if said:  # every letter must hear of it, not only the first: so it is not kept
            raise CannotRender(*said)
        return stylesheet


_composing = _Composing()


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
