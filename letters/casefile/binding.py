"""Pages from many places become the one file of a case: a cover with the index, bookmarks, and on every page the number
that it has in the whole. What was issued is laid in as it is; its very bytes, and those of every file that came, go
along inside."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem

from letters.enclosable import MM, size

# Of no use outside the file that the page came from.
LEFT_BEHIND = (Name.StructParents, Name.Tabs, Name.AA, Name.Thumb, Name.B)
FOOT = Name("/CaseFileFoot")
LETTERS, LETTER_WIDTH = 7, 3.4  # points
EDGE, ROW = 20 * MM, 5.4 * MM  # of the lines of the index
TRIES = 4  # until the index knows how many pages it takes itself


@dataclass(frozen=True)
class Part:
    """Pages that stand together: what the index calls them, how deep it stands there, what the foot of each says."""

    title: str
    pdf: bytes
    level: int = 1
    foot: str = ""
    key: str = ""  # by which the cover finds it in the index
    headed: bool = False  # its own headings stand in the index below it


@dataclass(frozen=True)
class Entry:
    """A line of the index."""

    title: str
    page: int
    level: int
    key: str = ""


@dataclass
class _Bound:
    """What has been laid together so far."""

    book: pikepdf.Pdf
    entries: list[Entry] = field(default_factory=list)
    feet: list[str] = field(default_factory=list)


def bind(parts, file, *, cover: Callable[[list[Entry], int], bytes], title, foot, originals=()) -> int:
    """`file` holds the cover and all `parts` in their order; answers how many pages. `cover` is called with the lines
    of the index and the number of all pages. `originals`, (name, bytes, what it is), lie inside as they are."""
    with pikepdf.new() as book:
        bound = _Bound(book)
        for part in parts:
            _lay_in(bound, part)
        rows, entries = _cover(bound, cover)
        with book.open_outline() as contents:
            contents.root.extend(_nested([Entry("Cover and index", 1, 1), *entries]))
        _link(book, rows, entries)
        _number(book, foot, [""] * (len(book.pages) - len(bound.feet)) + bound.feet)
        for name, content, what in originals:
            book.attachments[name] = AttachedFileSpec(book, bytes(content), filename=name, description=what)
        book.docinfo[Name.Title] = title
        book.Root.PageMode = Name.UseOutlines
        book.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(book.pages)


def _lay_in(bound, part):
    first = len(bound.book.pages) + 1
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        bound.entries.append(Entry(part.title, first, part.level, part.key))
        if part.headed:
            _, *below = _bookmarks(pdf)  # the first one is the part's own
            bound.entries += [Entry(heading, first + page, part.level + 1) for heading, page, _ in below]
        for page in pdf.pages:
            bound.book.pages.append(page)
            laid = bound.book.pages[-1].obj
            for key in LEFT_BEHIND:
                if key in laid:
                    del laid[key]
            bound.feet.append(part.foot)


def _bookmarks(pdf):
    """(title, index of the page, height on it) of each heading, in their order."""
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    with pdf.open_outline() as contents:
        yield from _below(contents.root, numbers)


def _below(items, numbers):
    for item in items:
        where = item.destination
        yield item.title, numbers[where[0].objgen], float(where[3])
        yield from _below(item.children, numbers)


def _cover(bound, cover):
    """The cover stands before the rest. Answers where on it each line of the index is printed, (index of the page,
    height), and these lines."""
    rest, before = len(bound.book.pages), 1
    for _ in range(TRIES):
        entries = [Entry(one.title, one.page + before, one.level, one.key) for one in bound.entries]
        with pikepdf.open(io.BytesIO(cover(entries, rest + before))) as pdf:
            if len(pdf.pages) == before:
                for index, page in enumerate(pdf.pages):
                    bound.book.pages.insert(index, page)
                return [(page, height) for _, page, height in _bookmarks(pdf)], entries
            before = len(pdf.pages)
    raise ValueError("The index does not come to an end.")  # a line more would always bring a page more


def _nested(entries) -> list[OutlineItem]:
    """The lines of the index as bookmarks, each below the one before it that stands less deep."""
    top, above = [], []
    for entry in entries:
        item = OutlineItem(entry.title, entry.page - 1)
        above = above[: entry.level - 1]
        (above[-1].children if above else top).append(item)
        above.append(item)
    return top


def _link(book, rows, entries):
    """Each line of the index leads to its page."""
    for (index, height), entry in zip(rows, entries, strict=True):
        page = book.pages[index]
        right = float(page.mediabox[2]) - EDGE
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([EDGE, height - ROW, right, height]),
            Border=Array([0, 0, 0]),
            Dest=Array([book.pages[entry.page - 1].obj, Name.Fit]),
        )
        if Name.Annots not in page.obj:
            page.obj.Annots = Array([])
        page.obj.Annots.append(book.make_indirect(link))


def _number(book, foot, feet):
    """The foot of every page says which one it is, of what."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    font = book.make_indirect(font)
    for number, (page, what) in enumerate(zip(book.pages, feet, strict=True), start=1):
        words = " · ".join(filter(None, (foot, what, f"page {number} of {len(feet)}")))
        page.add_resource(font, Name.Font, name=FOOT, replace_existing=True)
        left, bottom = (float(side) for side in page.mediabox[:2])
        x, y = left + size(page)[0] / 2 - len(words) * LETTER_WIDTH / 2, bottom + 5 * MM
        page.contents_add(b"q", prepend=True)  # what stands there leaves its own units and directions behind
        said = words.encode("cp1252", "replace").hex()
        drawn = f"Q q 0.35 g BT {FOOT} {LETTERS} Tf {x:.2f} {y:.2f} Td <{said}> Tj ET Q"
        page.contents_add(drawn.encode())
