"""A letter as the review reads it: its passages with their places, their words ready to be compared. Every rule is
given the same reading, so that nothing is taken apart twice."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from cases.models import Responsibility
from letters import markdown
from letters.about import About
from letters.models import APOLOGIES, FINAL, Kind
from letters.review import dates
from letters.review.finding import shortened
from letters.review.folding import fold, folded_with_origins, shown
from letters.review.known import Known
from letters.review.wording import wording_of

OURS = (Responsibility.OURS, Responsibility.PARTLY)
BLANK = "\ufffc"  # stands for what is not our own words, so that no pattern spans it
QUOTED_FROM = 20  # characters: a shorter sentence of the customer's may well be one of ours too
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
SENTENCE_END = re.compile(r"[.!?؟…]+[\"”’)\]]*\s+|[。！？]+[”’）]*|\n+")


@dataclass(frozen=True)
class Passage:
    """A part of the letter that is read at once. `start` and `end` are its place in `Reading.words`."""

    place: str
    kind: str  # "subject", "salutation", "close", or a kind of `markdown.blocks`
    shown: str
    start: int
    end: int

    @property
    def in_body(self) -> bool:
        return self.kind in ("heading", "paragraph", "entry", "head", "row")


@dataclass(frozen=True)
class Spot:
    """Words found in the letter; `start` and `end` are their place in `Reading.words`."""

    passage: Passage
    said: str  # as the reader sees them
    start: int
    end: int

    @property
    def place(self) -> str:
        return self.passage.place


class Reading:
    """`letter`, as it would be issued `on` that day."""

    def __init__(self, letter, *, on):
        self.letter, self.case, self.on = letter, letter.case, on
        self.wording = wording_of(letter.language)
        self.about = About(letter.case, letter.kind, letter.language, on)
        self.known = Known(letter.case, on=on, languages={letter.language, letter.case.language, "en"})
        self._take_in(_passages(letter))

    def _take_in(self, parts):
        pieces, self._origins, passages = [], [], []
        for place, kind, text in parts:
            words, origins = folded_with_origins(text)
            start = len(self._origins)
            passages.append(Passage(place, kind, shown(text), start, start + len(words)))
            pieces.append(words)
            self._origins += [*origins, len(text)]
        self.passages = tuple(passages)
        self._starts = [passage.start for passage in passages]
        self.words = "\n".join(pieces) + "\n"

    @cached_property
    def ours(self) -> str:
        """The words that are our own, in the places that they have in `words`: without the customer's, which are quoted
        and never held against us, and without addresses of pages."""
        words = ADDRESS.sub(_blank, self.words)
        for quoted in sorted(self._customers_words(), key=len, reverse=True):
            words = re.sub(rf"(?<!\w){re.escape(quoted)}(?!\w)", _blank, words)
        return words

    def _customers_words(self):
        yield from (fold(point.text) for point in self.case.points.all() if point.text.strip())
        for told in (self.case.subject, self.case.story, self.case.wanted):
            sentences = map(fold, SENTENCE_END.sub("\\g<0>\0", told).split("\0"))
            yield from (sentence for sentence in sentences if len(sentence) >= QUOTED_FROM)

    def find(self, pattern, words=None):
        """A Spot for each place where the compiled `pattern` stands in `words`, our own unless others are given."""
        for match in pattern.finditer(self.ours if words is None else words):
            yield self.spot(match.start(), match.end())

    def spot(self, start, end) -> Spot:
        passage = self.passages[bisect_right(self._starts, start) - 1]
        first, last = self._origins[start], self._origins[max(start, end - 1)]
        return Spot(passage, shortened(passage.shown[first : last + 1]), start, end)

    def says(self, words: str) -> bool:
        """`words` stand in subject or body, in whatever case or typography; no words stand nowhere."""
        wanted = fold(words)
        return bool(wanted) and any(
            wanted in self.words[passage.start : passage.end]
            for passage in self.passages
            if passage.in_body or passage.kind == "subject"
        )

    @cached_property
    def days(self):
        """The days that our own words name, in reading order."""
        return dates.named(self.ours, self.known.languages)

    def sentences(self, passage):
        """The sentences of a passage in our own words, as the reader sees them."""
        return split_sentences(self.our_part(passage))

    def our_part(self, passage) -> str:
        """What the reader sees of a passage, the customer's words in it blanked."""
        places = range(passage.start, passage.end)
        dropped = {self._origins[place] for place in places if self.ours[place] == BLANK}
        return "".join(BLANK if place in dropped else c for place, c in enumerate(passage.shown))

    @property
    def is_customers_mistake(self) -> bool:
        """The letter tells a customer that nobody of ours is responsible. (A late answer is ours all the same.)"""
        kind, responsibility = self.letter.kind, self.case.responsibility
        if kind == Kind.CLARIFICATION:
            return responsibility not in OURS
        answers = kind in FINAL or (kind in APOLOGIES and kind != Kind.APOLOGY_DELAY)
        return answers and responsibility == Responsibility.NOT_OURS

    def rank(self, place: str) -> int:
        """Where `place` comes in reading order: the letter from top to bottom, then the whole, the case, the people."""
        return self._ranks.get(place, len(self.passages))

    @cached_property
    def _ranks(self):
        return {"address": -1} | {passage.place: number for number, passage in enumerate(self.passages)}


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`. A point before small letters or digits ends none: 3. marraskuuta, No. 5."""
    sentences, begin = [], 0
    for end in SENTENCE_END.finditer(text):
        after = text[end.end() : end.end() + 1]
        if end[0][0] == "." and (after.islower() or after.isdigit()):
            continue
        sentences.append(text[begin : end.end()].strip())
        begin = end.end()
    sentences.append(text[begin:].strip())
    return [sentence for sentence in sentences if sentence]


def _passages(letter):
    """(place, kind, text) of every part that people write, from top to bottom."""
    yield "salutation", "salutation", letter.salutation
    yield "subject", "subject", letter.subject
    numbers = Counter()
    for kind, text in markdown.blocks(letter.body):
        yield _place(kind, numbers), kind, text
    yield "close", "close", letter.close


def where(place, letter) -> tuple[str, int, int] | None:
    """The field of `letter` in which a place of its review stands, and from which to which of its characters; None for
    a place that is not in the words."""
    field, _, _ = place.partition(",")
    if field not in ("subject", "salutation", "body", "close"):
        return None
    first, last = _lines(letter.body).get(place, (0, None)) if field == "body" else (0, None)
    lines = getattr(letter, field).split("\n")
    start = sum(len(line) + 1 for line in lines[:first])
    return field, start, start + len("\n".join(lines[first:last]).rstrip())


def _lines(body) -> dict:
    """The lines of each place in the body."""
    numbers = Counter()
    return {_place(kind, numbers): lines for kind, _, lines in markdown.located(body)}


def _place(kind, numbers) -> str:
    called = {"heading": "heading", "head": "table, head", "row": "table, row"}.get(kind, "paragraph")
    numbers[called] += 1
    return f"body, {called} {numbers[called]}"


def _blank(match) -> str:
    return BLANK * len(match[0])
