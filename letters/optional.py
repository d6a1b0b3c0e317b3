"""Paragraphs that a person may take or leave: {% optional "Offer of a call" if phone %} … {% endoptional %}. A filled
template is a row of parts; those with a name are optional, and ticked where the case asks for them."""

import re
from dataclasses import asdict, dataclass, replace

from liquid import Tag
from liquid.ast import Node
from liquid.builtin.expressions import BooleanExpression
from liquid.parser import get_parser
from liquid.token import TOKEN_EOF, TOKEN_IF, TOKEN_STRING, TOKEN_TAG

NAME_LIMIT = 60  # characters: it stands beside a tick box
WORDS = re.compile(r"""(?P<quote>["'])(?P<name>[^"'{}\n]+)(?P=quote)(?:\s+if\s+(?P<condition>.+))?""", re.DOTALL)
TAGS = re.compile(r"\{%-?\s*optional\s+(.*?)\s*-?%\}")
MARK = re.compile(r"\{%.*?%\}")
HOW = 'It reads like: optional "Offer of a call", or: optional "Offer of a call" if phone.'


@dataclass(frozen=True)
class Part:
    """A stretch of a filled template; one with a name is there while it is ticked."""

    text: str
    name: str = ""
    ticked: bool = True

    def kept(self) -> dict:
        return asdict(self)


def joined(parts) -> str:
    """The words of `parts` without those that are not ticked; an optional one is a paragraph of its own."""
    if len(parts) == 1:
        return parts[0].text
    return "\n\n".join(part.text.strip() for part in parts if part.ticked and part.text.strip())


def with_ticks(parts, ticked) -> list[Part]:
    """The parts, the optional ones ticked whose name is among `ticked`."""
    return [replace(part, ticked=part.name in ticked) if part.name else part for part in parts]


def names(parts) -> list[str]:
    return [part.name for part in parts if part.name]


# --- how it is read -----------------------------------------------------------------------------------------------


def read(words) -> tuple[str, str, list[str]]:
    """Name and condition of the mark with these words, and what is wrong with them."""
    found = WORDS.fullmatch(words)
    if not found:
        return "", "", [f"An optional paragraph has a name in quotation marks. {HOW}"]
    name = " ".join(found["name"].split())
    if not name:
        return "", "", [f"An optional paragraph has a name. {HOW}"]
    said = [f"“{name}” is longer than {NAME_LIMIT} characters; shorten it."] if len(name) > NAME_LIMIT else []
    return name, found["condition"] or "", said


def stands_alone(text, mark) -> bool:
    """Nothing but other tags stands on the line of `mark`, so that the paragraph can be left out."""
    begin = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.end)
    line = text[begin : end if end >= 0 else None]
    return not MARK.sub("", line).strip()


# --- how it is filled ---------------------------------------------------------------------------------------------


class OptionalNode(Node):
    __slots__ = ("block", "condition", "name")

    def __init__(self, token, name, condition, block):
        super().__init__(token)
        self.name, self.condition, self.block = name, condition, block
        self.blank = False  # whatever surrounds it is there too

    def render_to_output(self, context, buffer):
        start = buffer.tell()
        written = self.block.render(context, buffer)
        ticked = self.condition is not None and bool(self.condition.evaluate(context))
        context.optional.append((start, buffer.tell(), self.name, ticked))
        return written

    def children(self, static_context, *, include_partials=True):
        yield self.block

    def expressions(self):
        if self.condition is not None:
            yield self.condition


class OptionalTag(Tag):
    name = "optional"
    end = "endoptional"

    def parse(self, stream):
        token = stream.eat(TOKEN_TAG)
        inner = stream.into_inner(tag=token)
        name, condition = inner.eat(TOKEN_STRING).value, None
        if inner.current.kind != TOKEN_EOF:
            inner.eat(TOKEN_IF)
            condition = BooleanExpression.parse(self.env, inner)
        block = get_parser(self.env).parse_block(stream, frozenset([self.end, TOKEN_EOF]))
        stream.expect(TOKEN_TAG, value=self.end)
        return OptionalNode(token, " ".join(name.split()), condition, block)


def cut(text, found) -> list[Part]:
    """The parts of a filled `text` in which these stretches are optional."""
    parts, begin = [], 0
    for start, end, name, ticked in found:
        parts += [Part(text[begin:start]), Part(text[start:end], name, ticked)]
        begin = end
    parts.append(Part(text[begin:]))
    return [part for part in parts if part.name or part.text.strip()] or [Part(text)]
