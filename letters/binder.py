"""Many PDFs become one that is printed: each envelope begins on a front side, so does each part of it, and every page
has the size of the paper. What was issued is laid in as it is; nothing is set anew.
"""

import io
from dataclasses import dataclass
from functools import lru_cache

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Rectangle

from letters.enclosable import MM, size

PAPERS = {"a4": (210 * MM, 297 * MM), "us_letter": (215.9 * MM, 279.4 * MM)}
TOLERANCE = 2 * MM  # what printers leave out or move anyway
SHELF = 16  # PDFs that are kept open
MARGIN = 5 * MM  # that no office printer prints on
# Of no use on paper, and pointing into the file that the page came from.
LEFT_BEHIND = (Name.Annots, Name.StructParents, Name.Tabs, Name.AA, Name.Thumb, Name.B)


@dataclass(frozen=True)
class Bundle:
    """What goes into one envelope: PDFs, each on sheets of its own."""

    title: str
    parts: tuple[bytes, ...]


def pages(pdf) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def shape(pdf) -> tuple[int, float]:
    """The number of its pages, and how high the first is for its width."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        width, height = size(opened.pages[0])
        return len(opened.pages), float(height / width)


def sheets(pages) -> int:
    """The sheets that so many pages take, printed on both sides."""
    return (pages + 1) // 2


def bind(bundles, file, *, paper, title):
    """`file` holds all `bundles` in their order, ready for a printer that prints both sides, on `paper`, one of PAPERS.
    The outline names each."""
    with pikepdf.new() as book:
        # The same terms behind a hundred letters are read and kept once; a letter goes when it is laid in, since five
        # hundred that stay open take 250 MB.
        opened, outline = lru_cache(maxsize=SHELF)(_opened), []
        for bundle in bundles:
            outline.append(OutlineItem(bundle.title, len(book.pages)))
            for part in bundle.parts:
                _lay_in(book, opened(part), PAPERS[paper])
        with book.open_outline() as contents:
            contents.root.extend(outline)
        book.docinfo[Name.Title] = title
        book.Root.PageMode = Name.UseOutlines
        book.Root.ViewerPreferences = Dictionary(PrintScaling=Name("/None"), Duplex=Name.DuplexFlipLongEdge)
        book.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _opened(part):
    """The PDF, ready to be laid in."""
    pdf = pikepdf.open(io.BytesIO(part))
    if any(Name.Annots in page.obj for page in pdf.pages):  # what was filled in or stamped becomes part of the page
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("print")
    return pdf


def _lay_in(book, pdf, paper):
    for page in pdf.pages:
        if _fits(page, paper):
            book.pages.append(page)
            _strip(book.pages[-1])
        else:
            _place(book, page, paper)
    if len(pdf.pages) % 2:
        book.add_blank_page(page_size=paper)


def _fits(page, paper) -> bool:
    return all(abs(side - wanted) <= TOLERANCE for side, wanted in zip(size(page), paper, strict=True))


def _strip(page):
    for key in LEFT_BEHIND:
        if key in page.obj:
            del page.obj[key]


def _place(book, page, paper):
    """The page stands in the middle of a sheet, turned if it is wide, and smaller if it has to be."""
    width, height = size(page)
    if width > height:
        page.rotate(270, relative=True)  # its head at the binding
    form = book.copy_foreign(page.as_form_xobject())
    if width > height:
        page.rotate(90, relative=True)
    sheet = book.add_blank_page(page_size=paper)
    name = sheet.add_resource(form, Name.XObject)
    inside = Rectangle(MARGIN, MARGIN, paper[0] - MARGIN, paper[1] - MARGIN)
    drawn = sheet.calc_form_xobject_placement(form, name, inside, allow_shrink=True, allow_expand=False)
    sheet.obj.Contents = Array([book.make_stream(drawn)])
