"""Everything that leaves the building: templates and their versions, letters, copies, deliveries. A letter and a
delivery have dates, not a status."""

from .delivery import ARCHIVE, OVER_AFTER, Delivery
from .kind import APOLOGIES, COPIED, FINAL, OFFERING, ONCE, PROMISES_CONTACT, SETTLES, TO_STAFF, Kind
from .letter import Copy, Enclosure, Letter, Override
from .letterhead import Letterhead, Paper, Style
from .signature import Signature
from .template import LetterTemplate, TemplateVersion

__all__ = [
    "APOLOGIES",
    "ARCHIVE",
    "COPIED",
    "FINAL",
    "OFFERING",
    "ONCE",
    "OVER_AFTER",
    "PROMISES_CONTACT",
    "SETTLES",
    "TO_STAFF",
    "Copy",
    "Delivery",
    "Enclosure",
    "Kind",
    "Letter",
    "LetterTemplate",
    "Letterhead",
    "Override",
    "Paper",
    "Signature",
    "Style",
    "TemplateVersion",
]
