"""The playbook: what to do at a stage, in a situation, in a talk, and what one might say. The starter's words are the
files of this folder, reviewed like code; what a lead writes stands in their place and is kept, version by version."""

from .entries import ENTRIES, GROUPS, Entry, Group, in_group
from .files import BadPlaybook, Words, house_language, read, starter
from .kept import Overtaken, current, held, versions_of, write

__all__ = [
    "ENTRIES",
    "GROUPS",
    "BadPlaybook",
    "Entry",
    "Group",
    "Overtaken",
    "Words",
    "current",
    "held",
    "house_language",
    "in_group",
    "read",
    "starter",
    "versions_of",
    "write",
]
