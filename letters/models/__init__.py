"""Everything that leaves the building: templates and their versions, letters, copies, deliveries. A letter and a
delivery have dates, not a status."""

from .delivery import Delivery
from .kind import COPIED, FINAL, ONCE, Kind
from .letter import Copy, Enclosure, Letter
from .letterhead import Letterhead, Paper, Style
from .template import LetterTemplate, TemplateVersion

__all__ = [
    "COPIED",
    "FINAL",
    "ONCE",
    "Copy",
    "Delivery",
    "Enclosure",
    "Kind",
    "Letter",
    "LetterTemplate",
    "Letterhead",
    "Paper",
    "Style",
    "TemplateVersion",
]
