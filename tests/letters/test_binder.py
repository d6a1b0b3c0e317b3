"""The day's post as one PDF: every envelope begins on a front side, in the size of the paper, as it was issued."""

import io
import subprocess

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

from letters import binder
from letters.binder import Bundle
from letters.enclosable import MM, size
from tests.letters.paper import ACKNOWLEDGEMENT, RESOLUTION, render_pdf
from tests.letters.pdfs import A4, US_LETTER, pdf


def bound(*bundles, paper="a4"):
    out = io.BytesIO()
    binder.bind(bundles, out, paper=paper, title="Post of 10 November 2026")
    return out.getvalue()


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def words(content, tmp_path):
    """The text of each page."""
    path = tmp_path / "post.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout.split("\f")[:-1]


def box_of_ink(content, page, tmp_path):
    """Left, bottom, right and top of what is printed on the page, in points."""
    path = tmp_path / "post.pdf"
    path.write_bytes(content)
    command = ["pdftoppm", "-r", "72", "-gray", "-singlefile", "-f", f"{page}", path, tmp_path / "page"]
    subprocess.run(command, check=True)
    with Image.open(tmp_path / "page.pgm") as image:
        left, top, right, bottom = ImageOps.invert(image).getbbox()
        return left, image.height - bottom, right, image.height - top


def test_every_envelope_and_every_part_of_it_begins_on_a_front_side():
    book = opened(bound(Bundle("A", (pdf(pages=3), pdf(pages=1))), Bundle("B", (pdf(pages=2),)), Bundle("C", (pdf(),))))
    assert len(book.pages) == 4 + 2 + 2 + 2
    blank = [number for number, page in enumerate(book.pages, start=1) if not page.get(Name.Contents)]
    assert blank == [4, 6, 10]


def test_the_outline_names_each_envelope_at_its_first_page():
    book = opened(bound(Bundle("A", (pdf(pages=3),)), Bundle("B", (pdf(),))))
    with book.open_outline() as contents:
        assert [entry.title for entry in contents.root] == ["A", "B"]
        targets = [entry.destination[0] for entry in contents.root]
    assert [pikepdf.Page(target).index for target in targets] == [0, 4]


def test_the_letters_pages_are_those_that_were_issued(tmp_path):
    letters = [render_pdf(ACKNOWLEDGEMENT), render_pdf(RESOLUTION)]
    content = bound(*(Bundle("L", (letter,)) for letter in letters))
    printed = [page for page in words(content, tmp_path) if page.strip()]
    assert printed == [page for letter in letters for page in words(letter, tmp_path)]
    with opened(content) as book, opened(letters[0]) as letter:
        assert book.pages[0].Contents.read_bytes() == letter.pages[0].Contents.read_bytes()


def test_the_file_is_sound_and_holds_no_half_of_what_tags_a_letter():
    book = opened(bound(Bundle("L", (render_pdf(RESOLUTION), pdf(pages=2)))))
    assert book.check_pdf_syntax() == []
    assert not any(Name.StructParents in page.obj for page in book.pages)
    assert book.Root.ViewerPreferences.Duplex == Name.DuplexFlipLongEdge


@pytest.mark.parametrize(("paper", "wanted"), [("a4", A4), ("us_letter", US_LETTER)])
def test_every_page_has_the_size_of_the_paper(paper, wanted):
    parts = (pdf(size=A4), pdf(size=US_LETTER), pdf(size=(842, 595)), pdf(size=(200, 300)), pdf(size=(1684, 2384)))
    for page in opened(bound(Bundle("A", parts), paper=paper)).pages:
        assert size(page) == pytest.approx(wanted, abs=2 * MM)


def test_what_is_larger_is_printed_smaller_and_what_is_smaller_stays(tmp_path):
    frame = b"1 w 10 10 %d %d re S"
    large = pdf(size=(1190, 1684), content=frame % (1170, 1664))
    small = pdf(size=(200, 300), content=frame % (180, 280))
    content = bound(Bundle("A", (large,)), Bundle("B", (small,)))
    left, bottom, right, top = box_of_ink(content, 1, tmp_path)
    assert 0 < left < 40
    assert 0 < bottom < 40
    assert 550 < right < 595
    assert 800 < top < 842
    left, bottom, right, top = box_of_ink(content, 3, tmp_path)
    assert (right - left, top - bottom) == pytest.approx((181, 281), abs=1)
    assert (left + right) / 2 == pytest.approx(A4[0] / 2, abs=1)


def test_a_wide_page_is_turned_with_its_head_to_the_left(tmp_path):
    head = b"0 0 0 rg 0 575 842 20 re f"  # along the upper edge
    _, bottom, right, top = box_of_ink(bound(Bundle("A", (pdf(size=(842, 595), content=head),))), 1, tmp_path)
    assert right < 60
    assert (bottom, top) == pytest.approx((14, 828), abs=8)


def test_a_page_that_is_turned_already_stays_upright(tmp_path):
    head = b"0 0 0 rg 0 0 20 595 re f"  # along the left edge of a wide sheet, which is shown turned by 90 degrees
    for paper in ("a4", "us_letter"):
        content = bound(Bundle("A", (pdf(size=(842, 595), rotate=90, content=head),)), paper=paper)
        _, bottom, _, _ = box_of_ink(content, 1, tmp_path)
        assert bottom > 740  # at the top


def test_what_was_filled_in_is_printed(tmp_path):
    def stamp(made):
        drawn = made.make_stream(b"0 0 0 rg 0 0 50 50 re f")
        drawn.Type, drawn.Subtype, drawn.BBox = Name.XObject, Name.Form, [0, 0, 50, 50]
        note = {"Type": Name.Annot, "Subtype": Name.Stamp, "Rect": Array([300, 300, 350, 350]), "F": 4}
        made.pages[0].obj.Annots = Array([made.make_indirect(Dictionary(**note, AP=Dictionary(N=drawn)))])

    content = bound(Bundle("A", (pdf(content=b"", change=stamp),)))
    assert box_of_ink(content, 1, tmp_path) == pytest.approx((300, 300, 350, 350), abs=1)


def test_the_same_terms_behind_many_letters_are_kept_once():
    terms = pdf(content=bytes(range(256)).hex().encode() * 400, pages=2, compress_streams=False)
    once, often = (len(bound(*(Bundle("L", (pdf(mark=f"{n}"), terms)) for n in range(many)))) for many in (1, 30))
    assert often < once + 30 * 2_500
    assert len(opened(bound(*(Bundle("L", (terms,)) for _ in range(3)))).pages) == 6
