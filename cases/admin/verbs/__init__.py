"""The verbs of a case as the desk offers them: a class each, a file for each subject, one view for all. Their buttons
stand in the order in which the subjects are listed here."""

from .verb import VERBS, Done, Verb, verb

from . import looking_after, drafting, conversing, talking, limiting, following  # noqa: F401  # isort: skip
from . import investigating, settling, clocks, moving, guarding  # noqa: F401  # isort: skip

__all__ = ["VERBS", "Done", "Verb", "verb"]
