"""The body of a letter: from the little Markdown that a letter may use to HTML.

Paragraphs, emphasis, lists, tables and two levels of headings. Links, pictures, code and HTML are switched off
and print as they were typed.
"""

import itertools

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from letters import sheet

DEPTH_LIMIT = 20  # of nested lists and emphasis; each list counts twice, for itself and its entry
ROWS_LIMIT = 200  # of one table, its head not counted
COLUMNS_LIMIT = 8  # of one table: what an A4 page can show readably
HEADINGS = {"h2", "h3"}  # h1 is the subject

# Emphasis neither begins nor ends between a sign of punctuation and a letter, as it does in every Chinese line: there
# is no space beside it. So while the body is read, these signs are letters (from a range that no body may hold).
SIGNS = "、。，；：！？…—·“”‘’（）《》〈〉「」『』【】"
AS_LETTERS = {ord(sign): 0xE000 + at for at, sign in enumerate(SIGNS)}
AS_SIGNS = {letter: sign for sign, letter in AS_LETTERS.items()}

# maxNesting stands well above our own limit: the parser drops what lies deeper without a word.
_PARSER = MarkdownIt("zero", {"maxNesting": 4 * DEPTH_LIMIT, "xhtmlOut": True}).enable(
    ["heading", "list", "table", "emphasis", "escape", "newline"]
)


def html(body):
    """The body as HTML that is safe to print. Raises CannotRender with all that is wrong with it."""
    tokens = _read(body)
    problems = [*_too_deep(tokens), *_wrong_headings(tokens), *_large_tables(tokens), *_unfilled(tokens)]
    if problems:
        raise sheet.CannotRender(*problems)
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
    # Nothing but the parser's own tags is in here: with HTML off, it escapes every text.
    return mark_safe(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def text(body):
    """The body as plain text, for an e-mail: blocks apart, entries with their numbers, each row of a table a line."""
    said = ""
    for kind, words in blocks(body):
        said += ("\n" if kind == "row" else "\n\n") + words
    return said.strip("\n")


def blocks(body):
    """Every block of the body in reading order as (kind, plain text): "heading", "paragraph", "entry" of a list with
    its number, and the rows of a table, their cells between strokes, the first as "head", each further one as "row"."""
    return [(kind, words) for kind, words, _ in located(body)]


def located(body):
    """Every block as (kind, plain text, lines): of `body.split("\\n")` it takes those from the first number up to the
    second, which is no longer one of them."""
    said = _Plain()
    for token in _read(body):
        said.hear(token)
    return said.blocks


def _read(body):
    """What the parser makes of the body, its punctuation as it was typed."""
    tokens = _PARSER.parse(body.translate(AS_LETTERS))
    for token in tokens:
        for piece in (token, *(token.children or ())):
            piece.content = piece.content.translate(AS_SIGNS)
    return tokens


class _Plain:
    """Collects what the parser says; each kind of token that matters has a method of its name."""

    def __init__(self):
        self.blocks = []
        self.lists = []  # the counter of each list that is open, None for one with bullets
        self.entry = ""  # the mark of an entry whose text comes next
        self.kind = "paragraph"
        self.row = self.lines = None

    def hear(self, token):
        getattr(self, token.type, lambda token: None)(token)

    def ordered_list_open(self, token):
        self.lists.append(itertools.count(int(token.attrGet("start") or 1)))

    def bullet_list_open(self, token):
        self.lists.append(None)

    def ordered_list_close(self, token):
        self.lists.pop()

    bullet_list_close = ordered_list_close

    def list_item_open(self, token):
        self.entry = f"{next(self.lists[-1])}. " if self.lists[-1] else "- "

    def heading_open(self, token):
        self.kind = "heading"

    def thead_open(self, token):
        self.kind = "head"

    def tbody_open(self, token):
        self.kind = "row"

    def tr_open(self, token):
        self.row, self.lines = [], token.map

    def tr_close(self, token):
        self.blocks.append((self.kind, " | ".join(self.row), tuple(self.lines)))
        self.row = None

    def table_close(self, token):
        self.kind = "paragraph"

    heading_close = table_close

    def inline(self, token):
        if self.row is not None:
            self.row.append(_shown(token))
        else:
            kind = "entry" if self.entry else self.kind
            self.blocks.append((kind, self.entry + _shown(token), tuple(token.map)))
            self.entry = ""


def _shown(token) -> str:
    """What the reader sees of a piece of text, its marks of emphasis gone."""
    return "".join("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in token.children)


def _too_deep(tokens):
    inside = (child.level for token in tokens for child in token.children or ())
    if max([*(token.level for token in tokens), *inside], default=0) > DEPTH_LIMIT:
        yield f"The body nests lists or emphasis deeper than {DEPTH_LIMIT} levels; make it flatter."


def _wrong_headings(tokens):
    for token, text in itertools.pairwise(tokens):
        if token.type == "heading_open" and token.tag not in HEADINGS:
            yield (
                f"The heading “{text.content[:60]}” in the body begins with {token.markup}; "
                "begin it with ## or ###, or put a backslash before the # if it is no heading."
            )


def _large_tables(tokens):
    rows = columns = 0
    for token in tokens:
        rows += token.type == "tr_open"
        columns += token.type == "th_open"
        if token.type == "table_close":
            yield from _too_large(rows - 1, columns)
            rows = columns = 0


def _too_large(rows, columns):
    if rows > ROWS_LIMIT:
        yield f"A table in the body has {rows} rows, more than {ROWS_LIMIT}; enclose it as a list instead."
    if columns > COLUMNS_LIMIT:
        yield f"A table in the body has {columns} columns, more than {COLUMNS_LIMIT}; split it up."


def _unfilled(tokens):
    """Placeholders that only show once emphasis and backslashes are gone: `[[next *date*]]`."""
    for token in tokens:
        shown = _shown(token) if token.children else ""
        yield from (p for p in sheet.unfilled("body", shown) if p not in sheet.unfilled("body", token.content))
