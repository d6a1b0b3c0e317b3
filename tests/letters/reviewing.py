"""What the tests of the review share."""

import re

from letters import review

HOLE = re.compile(r"\[\[[^\[\]]*\]\]")


def found(letter, rule, *, on):
    """What this rule finds in the letter, as (place, words)."""
    return [(one.place, one.said) for one in review.findings(letter, on=on) if one.rule == rule]


def rules(letter, *, on):
    return [one.rule for one in review.findings(letter, on=on)]


def filled_in(letter, words):
    """The letter with `words` in every place that waits for a person."""
    letter.body, letter.subject = (HOLE.sub(words, text) for text in (letter.body, letter.subject))
    return letter
