"""How the letter sounds: phrases to avoid, capitals that shout, marks that do."""

import re

from letters.review.finding import warning
from letters.review.folding import fold
from letters.review.reading import BLANK

# Of each group of avoid.yaml: its rule, and why such words are better avoided.
GROUPS = {
    "dead-end": ("phrase-to-avoid", "leaves the customer with nothing to go on with"),
    "minimising": ("phrase-to-avoid", "makes small what was not small to the customer"),
    "blaming": ("phrase-to-avoid", "puts the blame on the reader"),
    "excuse": ("excuse", "excuses us or shifts the blame, which delays a solution"),
    "absolute": ("absolute-promise", "promises what nobody can be sure to keep"),
}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHOUTED = 5  # letters: shorter words in capitals are abbreviations
MARKS = re.compile(r"[!?]{2,}")
IN_QUOTES = re.compile(r'"([^"\n]{1,30})"')
IRONIC = 2  # words: what is longer is a quotation


def phrases_to_avoid(said):
    for spot, phrase in _avoided(said):
        if phrase.group == "blaming" and said.is_customers_mistake:
            continue  # there it is a hole: see apology.not_due
        rule, why = GROUPS[phrase.group]
        yield warning(rule, spot.place, spot.said, f"“{spot.said}” {why}.", f"Better: {phrase.better}")


def blames(said):
    """(spot, phrase) for each phrase that puts the blame on the customer."""
    return ((spot, phrase) for spot, phrase in _avoided(said) if phrase.group == "blaming")


def _avoided(said):
    for match in said.wording.avoid.finditer(said.ours):
        yield said.spot(*match.span()), said.wording.avoided[int(match.lastgroup[1:])]


def shouting(said):
    """Words in capitals that the case does not write so (a product, a reference)."""
    for passage in said.passages:
        for word in WORD.findall(said.our_part(passage)):
            if len(word) >= SHOUTED and word.isupper() and fold(word) not in said.known.text:
                yield warning(
                    "shouting",
                    passage.place,
                    word,
                    f"“{word}” in capitals shouts.",
                    "Write it in small letters, or in **bold** where it has to stand out.",
                )


def marks(said):
    """Two marks in a row, or more than one exclamation in a letter."""
    exclaimed = [spot for spot in said.find(re.compile("!")) if spot.passage.in_body]
    for spot in said.find(MARKS):
        yield warning("marks", spot.place, spot.said, f"“{spot.said}” sounds agitated.", "One mark is enough.")
    if len(exclaimed) > 1 and not any(said.find(MARKS)):
        place, count = exclaimed[1].place, len(exclaimed)
        yield warning(
            "marks", place, f"{count} × !", f"The letter exclaims {count} times.", "End the sentences with a full stop."
        )


def irony(said):
    """A word or two in quotation marks that nobody in the case has said sound ironic."""
    for match in IN_QUOTES.finditer(said.ours):
        words = match[1].strip(" .,")
        if BLANK in words or len(words.split()) > IRONIC or words in said.known.text:
            continue
        spot = said.spot(*match.span())
        yield warning(
            "irony",
            spot.place,
            spot.said,
            f"{spot.said} in quotation marks can be read as irony.",
            "Take the marks away, or say what is meant.",
        )
