"""Samples of every letter, from the command line; the database stays as it is."""

import io
import re

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from cases.models import Case
from letters import library, specimens
from letters.models import Kind, Letter, Paper, Style
from letters.render import render_pdf
from tests.conftest import TUESDAY
from tests.letters.paper import pages


@pytest.mark.parametrize("style", [style.replace("_", "-") for style in Style.values])
@pytest.mark.parametrize("paper", [paper.replace("_", "-") for paper in Paper.values])
def test_a_sample_letter_is_written_in_a_format_and_on_a_paper(db, own_folders, tmp_path, style, paper):
    out = tmp_path / "new" / "letter.pdf"
    call_command("letter", "resolution", lang="fi", format=style, paper=paper, out=str(out))
    with pikepdf.open(out) as pdf:
        assert 1 <= len(pdf.pages) <= 3
        width = float(pdf.pages[0].mediabox[2])
    assert round(width) == (612 if paper == "us-letter" else 595)
    assert not Case.objects.exists()
    assert not Letter.objects.exists()
    assert not list((tmp_path / "media").rglob("*.svg"))


def test_large_print_takes_more_room(db, own_folders, tmp_path):
    sizes = []
    for large_print in (False, True):
        call_command("letter", "resolution", large_print=large_print, out=str(tmp_path / "letter.pdf"))
        with pikepdf.open(tmp_path / "letter.pdf") as pdf:
            sizes.append(len(pdf.pages))
    assert sizes[1] > sizes[0]


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(db, own_folders, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="The letter cannot be written"):
        call_command("letter", "progress", out=str(tmp_path / "file" / "letter.pdf"))


def test_the_specimen_book_holds_every_letter_in_every_format_and_tells_where(db, own_folders, tmp_path):
    out = tmp_path / "book.pdf"
    call_command("letters", lang=["ar"], out=str(out), stdout=io.StringIO())
    with pikepdf.open(out) as book, book.open_outline() as outline:
        contents, arabic = outline.root
        assert contents.title == "Contents"
        assert arabic.title == "Arabic"
        assert [entry.title for entry in arabic.children] == Kind.labels
        assert {len(entry.children) for entry in arabic.children} == {len(Style) * len(Paper)}
        assert len(book.pages) >= len(Kind) * len(Style) * len(Paper)
        last = arabic.children[-1].children[-1]
        begins_on = [page.objgen for page in book.pages].index(last.destination[0].objgen) + 1
    text = pages(out.read_bytes())
    row = next(line for line in text if Kind.ACCOUNT_REQUEST.label in line).partition(Kind.ACCOUNT_REQUEST.label)[2]
    assert row.replace(",", " ").split()[len(Style) * len(Paper) - 1] == str(begins_on)
    assert "Declan Foyle" in text[begins_on - 1]
    assert not Case.objects.exists()


def test_a_sample_is_made_although_somebody_here_is_called_like_its_staff(handler, own_folders, tmp_path):
    call_command("letter", "progress", out=str(tmp_path / "letter.pdf"))
    handler.refresh_from_db()
    assert handler.username == "ines"


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", Kind)
def test_a_sample_shows_no_marks_of_what_it_is_made_of(own_folders, db, kind, language):
    shown = specimens.sheet(kind, language, today=TUESDAY)
    printed = " ".join(pages(render_pdf(shown)))
    assert not re.search(r"[*{}]|\[\[|\bNone\b|127\.0\.0\.1", printed)
