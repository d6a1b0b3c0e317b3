"""The phrases to avoid of a language as people read them: by why they are better avoided, without signs of patterns."""

import re

from letters.review.tone import GROUPS
from letters.review.wording import wording_of

UNLESS = re.compile(r"\(\?!(?:[^()]|\([^()]*\))*\)")
MAYBE = re.compile(r" ?\(\?:([^()]*)\)\? ?")
ONE_OF = re.compile(r"\(\?:([^()]*)\)[*+]?")
LETTERS = re.compile(r"\[([^\]^])([^\]]*)\]")
ANYTHING = re.compile(r"\\w[*+]?|\[\^[^\]]*\](?:\{[\d,]+\}|[*+?])?")
OPTIONAL = re.compile(r"([\w ,])\?")


def phrases_by_reason(language) -> list[tuple[str, list]]:
    """(why, [(phrases, better), ...]) for each reason, in the order in which the reasons are known elsewhere."""
    found = {}
    for one in wording_of(language).avoided:
        found.setdefault(one.group, []).append(([readable(pattern) for pattern in one.written], one.better))
    return [(why, found[group]) for group, (_rule, why) in GROUPS.items() if group in found]


def readable(pattern) -> str:
    """“(?:any|the) inconvenience\\w*” as “any/the inconvenience…”."""
    read = LETTERS.sub(_letters, ANYTHING.sub("…", UNLESS.sub("", pattern)))
    while ONE_OF.search(read):
        read = ONE_OF.sub(lambda found: "/".join(found[1].split("|")), MAYBE.sub(_maybe, read))
    read = re.sub(r"\{[\d,]+\}", "", OPTIONAL.sub(r"\1", read))
    return " ".join(read.replace("|", "/").replace("\\", "").split())


def _maybe(found):
    """What may be left out stands in brackets, apart from its neighbours where it is a word of its own."""
    inside = found[1].split("|")
    gap = " " if any(one.strip() != one for one in (found[0], *inside)) else ""
    return f"{gap}[{'/'.join(one.strip() for one in inside)}]{gap}"


def _letters(found):
    return "/".join(found[1] + found[2])
