"""HTML and a stylesheet become pages. The only module, with kept.py, that knows WeasyPrint."""

import logging
import threading
from contextlib import contextmanager

import weasyprint
from PIL import ImageFile
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters import archive
from letters.sheet import CannotRender

__all__ = ["harfbuzz_subset", "lay_out", "watched"]

# Importing WeasyPrint makes Pillow accept half a picture; a logo is whole or refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

NOT_DRAWN = ".notdef glyph"  # how the log begins when a character has no glyph; we say it better
ASSET = "letter-asset:"


def lay_out(html, css, assets):
    """The document, ready to be written; what it may show are its `assets`, (bytes, media type) by name. To be called,
    as is writing the document, while it is `watched`. Raises CannotRender if the stylesheet has a fault."""
    return _composing.lay_out(html, css, assets)


@contextmanager
def watched():
    """A list that fills with everything WeasyPrint warns of meanwhile. Raises CannotRender when the document asks for
    what is not its own; for an attachment it asks only when it is written."""
    logger = logging.getLogger("weasyprint")
    logger.disabled = False  # a logging configuration switches off loggers that it does not name
    if not logger.isEnabledFor(logging.WARNING):
        logger.setLevel(logging.WARNING)
    watch = _Watch()
    logger.addHandler(watch)
    try:
        yield watch.said
    except FatalURLFetchingError as error:
        raise CannotRender(str(error)) from None
    finally:
        logger.removeHandler(watch)


class _Composing(threading.local):
    """What is dear to make and may be used again, but never by two threads at once.

    A second FontConfiguration costs memory that never comes back; one that is shared corrupts it.
    """

    fonts = None
    stylesheets = None

    def lay_out(self, html, css, assets):
        if self.fonts is None:
            self.fonts, self.stylesheets = FontConfiguration(), {}
        if css not in self.stylesheets:  # kept by its whole text: what is changed is never printed as it was
            self.stylesheets[css] = self._stylesheet(css)
        return weasyprint.HTML(string=html, url_fetcher=_Assets(assets)).render(
            font_config=self.fonts, stylesheets=[self.stylesheets[css]], pdf_variant=archive.VARIANT
        )

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
