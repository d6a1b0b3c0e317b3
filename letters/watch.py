"""What WeasyPrint says while it works: it warns of much that no letter may have."""

import logging
import threading
from contextlib import contextmanager

NOT_DRAWN = ".notdef glyph"  # how the log begins when a character has no glyph; we say it better


@contextmanager
def listening():
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
