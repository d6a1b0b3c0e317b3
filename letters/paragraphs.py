"""Optional paragraphs put into the words of a draft or taken out of them, which people may have edited since. What
somebody changed is never taken out; it is said instead."""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from letters.optional import Part

APART = re.compile(r"\n[ \t]*\n\s*")
ALIKE = 0.5  # of the words; less is another paragraph


@dataclass(frozen=True)
class Placed:
    """The words now, the parts that they are made of with their ticks, and what a person has to know."""

    body: str
    parts: list[Part]
    said: list[str]


def placed(body, parts, *, stand, wanted) -> Placed:
    """`body` with the optional `parts` that are `wanted`, by their place among all; `stand` are those that it was made
    with. One that is put in stands where the template has it, as far as the words around it are still there."""
    now, said = set(stand), []
    for number in sorted(stand - wanted):
        body, told = _taken_out(body, parts[number])
        said += told
        now -= set() if told else {number}
    for number in sorted(wanted - stand):
        body, told = _put_in(body, parts, number, now)
        said += told
        now.add(number)
    ticked = [replace(part, ticked=number in now) if part.name else part for number, part in enumerate(parts)]
    return Placed(body, ticked, said)


def _taken_out(body, part):
    found = _find(body, part.text.strip())
    if found:
        start, end = found
        return "\n\n".join(filter(None, (body[:start].rstrip(), body[end:].lstrip()))), []
    if _is_edited(body, part):
        return body, [f"“{part.name}” was edited, so it stays; take it out by hand if it is to go."]
    return body, []


def _put_in(body, parts, number, now):
    text = parts[number].text.strip()
    if _find(body, text):
        return body, []
    for before, after in zip_longest(*_neighbours(parts, number, now)):
        if before and (found := _find(body, before)):
            return _inserted(body, found[1], text), []
        if after and (found := _find(body, after)):
            return _inserted(body, found[0], text), []
    told = f"“{parts[number].name}” stands at the end, since the words around its place were changed."
    return _inserted(body, len(body), text), [told]


def _neighbours(parts, number, now):
    """The paragraphs before the part, the nearest first, and those after it."""
    there = [(place, part) for place, part in enumerate(parts) if not part.name or place in now]
    before = [block for place, part in there if place < number for block in _blocks(part.text)]
    after = [block for place, part in there if place > number for block in _blocks(part.text)]
    return before[::-1], after


def _inserted(body, at, text):
    return "\n\n".join(filter(None, (body[:at].rstrip(), text, body[at:].lstrip())))


def _find(body, words):
    """Where `words` stand in `body` as paragraphs of their own, to the letter."""
    if not words:
        return None
    found = re.search(rf"(?:\A\s*|\n[ \t]*\n\s*)({re.escape(words)})(?=\s*\Z|[ \t]*\n[ \t]*\n)", body)
    return found.span(1) if found else None


def _blocks(text) -> list[str]:
    return [block for block in APART.split(text.strip()) if block]


def _is_edited(body, part) -> bool:
    """Something like it stands there, and not as it was put in."""
    return any(
        SequenceMatcher(None, block.split(), words.split(), autojunk=False).ratio() >= ALIKE
        for block in _blocks(body)
        for words in _blocks(part.text)
    )
