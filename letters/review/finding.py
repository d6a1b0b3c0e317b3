"""One thing that the review found in a letter."""

import hashlib
from dataclasses import dataclass

QUOTE_LIMIT = 80  # characters of the letter that a finding quotes


@dataclass(frozen=True)
class Finding:
    """What is wrong with a letter, where, and what to do about it."""

    rule: str  # a slug, such as "unfilled-placeholder"
    place: str  # "subject", "body, paragraph 3", "the case, point 2"
    said: str  # the words concerned, quoted shortly; "" where there are none
    reason: str
    remedy: str
    blocking: bool  # a hole, which nobody may override; otherwise a warning, which a lead may with a reason

    def __str__(self):
        return f"{self.reason} {self.remedy}"

    @property
    def key(self) -> str:
        """The same for the same finding on the same words, wherever they stand: an override lasts while other words are
        edited, and not a moment longer than these do."""
        return f"{self.rule}-{hashlib.sha256(self.said.encode()).hexdigest()[:16]}"


def hole(rule, place, said, reason, remedy) -> Finding:
    return Finding(rule, place, said, reason, remedy, blocking=True)


def warning(rule, place, said, reason, remedy) -> Finding:
    return Finding(rule, place, said, reason, remedy, blocking=False)


def shortened(words: str) -> str:
    """`words` on one line, cut where a quotation would become long."""
    line = " ".join(words.split())
    return line if len(line) <= QUOTE_LIMIT else f"{line[: QUOTE_LIMIT - 1].rstrip()}…"
