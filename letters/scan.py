"""Where a phrase stands in the words that letters are made of, as a reader would find it: whatever its capitals, the
form of its apostrophes, the width of its spaces and the stars that make it bold."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import F, Max, Q

from letters import library
from letters.models import Letter, TemplateVersion

AROUND = 60  # characters of the text on each side of what was found
ALIKE = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bc\u2032`\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
# Emphasis, invisible marks, and the vowel signs and stretchings of Arabic, which are written or left out at will.
UNSEEN = re.compile("[*_\\\\\u00ad\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Hit:
    """One place that holds the phrase. `version` is the template's; a text of the product itself has the name of its
    file instead."""

    line: int
    before: str
    found: str
    after: str
    version: object = None
    file: str = ""
    where: str = "body"


def hits(phrase, *, in_drafts) -> list[Hit]:
    """Every place in the newest templates, in the phrases around every letter and, `in_drafts`, in the older templates
    that drafts are still made of."""
    pattern = _pattern(phrase)
    if pattern is None:
        return []
    return [*_in_templates(pattern, in_drafts), *_in_phrases(pattern)]


def _in_templates(pattern, in_drafts):
    newest = Q(number=F("newest"))
    of_drafts = Q(pk__in=Letter.objects.drafts().values("template_version"))
    versions = TemplateVersion.objects.annotate(newest=Max("template__versions__number"))
    chosen = versions.filter(newest | of_drafts if in_drafts else newest).select_related("template")
    for version in chosen.order_by("template__kind", "template__language", "-number"):
        for where in ("subject", "body"):
            for place in _places(pattern, getattr(version, where)):
                yield Hit(*place, version=version, where=where)


def _in_phrases(pattern):
    for language in library.languages():
        path = library.HERE / language / "phrases.yaml"
        for place in _places(pattern, path.read_text(encoding="utf-8")):
            yield Hit(*place, file=f"{language}/phrases.yaml")


def _pattern(phrase):
    """What to look for in a text as it is read; None for a phrase without anything to see."""
    words = _read(unicodedata.normalize("NFC", phrase))[0].split()
    return re.compile(r"\s+".join(map(re.escape, words))) if words else None


def _read(text):
    """`text` as a reader takes it, and for each of its characters the place where it stands in `text`."""
    read, places = [], []
    for place, character in enumerate(text):
        if UNSEEN.match(character):
            continue
        taken = unicodedata.normalize("NFKC", character.translate(ALIKE)).casefold()
        read.append(taken)
        places += [place] * len(taken)
    return "".join(read), places


def _places(pattern, text):
    text = unicodedata.normalize("NFC", text)
    read, places = _read(text)
    for found in pattern.finditer(read):
        start, end = places[found.start()], places[found.end() - 1] + 1
        before, after = text[:start].rpartition("\n")[2], text[end:].partition("\n")[0]
        before = before if len(before) <= AROUND else f"…{before[-AROUND:]}"
        after = after if len(after) <= AROUND else f"{after[:AROUND]}…"
        yield text.count("\n", 0, start) + 1, before, " ".join(text[start:end].split()), after
