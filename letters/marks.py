"""The marks in a template's text, {{ ... }} and {% ... %}, and what is said about a line of it. Reads text only, in one
pass: Liquid's own reader takes a minute over 40,000 braces."""

import re
from dataclasses import dataclass

MARK_LIMIT = 300  # characters between the braces
LINE_SHOWN = 90  # characters of a line in what is said about it
BRACES = re.compile(r"\{\{|\{%|\}\}|%\}")
CLOSING = {"{{": "}}", "{%": "%}"}
TAG = re.compile(r"-?\s*(#|\w*)(.*?)-?", re.DOTALL)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a line, and what to do about it. `line` is 0 for the words as a whole."""

    line: int
    says: str
    quoted: str = ""

    def __str__(self):
        where = f"Line {self.line}: " if self.line else ""
        return f"{where}{self.says}{f' It reads: “{self.quoted}”' if self.quoted else ''}"


def fault_at(text, index, says) -> Fault:
    """A fault in the line of `text` that the character at `index` stands in, the line quoted around it."""
    begin = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    line = text[begin : end if end >= 0 else None]
    start = max(0, min(index - begin - LINE_SHOWN // 3, len(line) - LINE_SHOWN))
    shown = line[start : start + LINE_SHOWN].strip()
    before, after = "…" if start else "", "…" if start + LINE_SHOWN < len(line) else ""
    return Fault(text.count("\n", 0, index) + 1, says, f"{before}{shown}{after}")


@dataclass(frozen=True)
class Mark:
    """One pair of braces. A placeholder has no name; a tag has the word that it begins with."""

    start: int
    end: int
    name: str
    words: str

    @property
    def source(self) -> str:
        return f"{{% {self.name} {self.words} %}}" if self.name else f"{{{{ {self.words} }}}}"


def read(text):
    """Every mark of `text` in its order, and a Fault where braces do not match."""
    opened = None
    for brace in BRACES.finditer(text):
        if opened and brace[0] != CLOSING[opened[0]]:
            yield _unclosed(text, opened)
            opened = brace if brace[0] in CLOSING else None
        elif opened:
            yield _mark(text, opened, brace)
            opened = None
        elif brace[0] in CLOSING:
            opened = brace
        else:
            yield fault_at(text, brace.start(), f"Nothing is opened that this {brace[0]} could close; take it out.")
    if opened:
        yield _unclosed(text, opened)


def _unclosed(text, brace):
    return fault_at(
        text, brace.start(), f"{brace[0]} is opened here and not closed; write {CLOSING[brace[0]]} behind it."
    )


def _mark(text, opened, closed):
    inside = text[opened.end() : closed.start()]
    if len(inside) > MARK_LIMIT:
        return fault_at(
            text, opened.start(), f"More than {MARK_LIMIT} characters stand between the braces; say it shorter."
        )
    if opened[0] == "{{":
        return Mark(opened.start(), closed.end(), "", inside.strip().strip("-").strip())
    name, words = TAG.fullmatch(inside).groups()
    return Mark(opened.start(), closed.end(), name or "?", words.strip())
