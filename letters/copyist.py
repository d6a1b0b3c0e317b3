"""The process that turns files as strangers sent them into pages, for letters/casefile/leaves.py: each file comes in
with its content type, and a PDF of our own making goes out, or why there is none.

A file may be made to do harm to whoever opens it. Here it finds neither key nor database, and the kernel ends the
process when it takes too much; whoever asked starts another one for the files that follow.
"""

import io
import os
import pickle
import resource
import sys
import warnings

import pikepdf
from pikepdf import Array, Name, Rectangle
from PIL import Image, ImageOps, UnidentifiedImageError

from letters.enclosable import MM, size
from letters.press import HEADER, PDF, REFUSED

A4 = (210 * MM, 297 * MM)
MARGIN, FOOT = 8 * MM, 16 * MM  # below stands the page number of the whole file
CPU = 10  # seconds of a processor, a file
MEMORY = 1_024  # MB of addresses
PAGES_LIMIT = 200
SIZE_LIMIT = 40_000_000  # bytes of the pages of one file
PRINTED = (1_800, 1_800)  # pixels of a picture: about 220 dpi on the sheet
PICTURES = ("PNG", "JPEG", "GIF", "WEBP")
UNREADABLE = "its data are damaged"


class NoPages(Exception):
    """The file cannot be laid in; the text says why, to follow "it is not shown here: "."""


def main():
    files, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints never stands among the answers
    _shut_in()
    for content_type, content in _all(files):
        _allow_seconds(CPU)
        kind, answer = _answer(content_type, content)
        answers.write(HEADER.pack(kind, len(answer)) + answer)
        answers.flush()


def _shut_in():
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))
    if sys.platform != "darwin":  # whose kernel knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20,) * 2)


def _all(files):
    while True:
        try:
            yield pickle.load(files)
        except EOFError:
            return


def _allow_seconds(seconds):
    """The file that comes now may use so many; then the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    last = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (last, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(content_type, content):
    try:
        return PDF, pages(content_type, content)
    except NoPages as no:
        return REFUSED, str(no).encode()
    except MemoryError:
        return REFUSED, b"it takes too much memory to open"
    except Exception as fault:  # what a library trips over is no reason to leave the others out
        return REFUSED, f"{UNREADABLE} ({type(fault).__name__})".encode()


def pages(content_type, content) -> bytes:
    """A PDF of A4 sheets, upright or lying, that shows every page of the file. Raises NoPages."""
    made = _laid_in(content if content_type == "application/pdf" else _photograph(content))
    if len(made) > SIZE_LIMIT:
        raise NoPages(f"its pages take {len(made) / 1_000_000:.0f} MB")
    return made


def _laid_in(content):
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf, pikepdf.new() as book:
            _check(pdf)
            if any(Name.Annots in page.obj for page in pdf.pages):  # what was filled in becomes part of the page
                pdf.generate_appearance_streams()
                pdf.flatten_annotations("print")
            for page in pdf.pages:
                _place(book, page)
            out = io.BytesIO()
            book.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise NoPages("it asks for a password") from None
    except pikepdf.PdfError:
        raise NoPages(UNREADABLE) from None


def _check(pdf):
    if not pdf.pages:
        raise NoPages("it has no pages")
    if len(pdf.pages) > PAGES_LIMIT:
        raise NoPages(f"it has {len(pdf.pages)} pages, more than {PAGES_LIMIT}")
    if any(min(size(page)) < 1 for page in pdf.pages):
        raise NoPages("it has a page without any size")


def _place(book, page):
    """The page stands in the middle of a sheet, smaller where it has to be."""
    width, height = size(page)
    paper = A4 if width <= height else A4[::-1]
    form = book.copy_foreign(page.as_form_xobject())
    sheet = book.add_blank_page(page_size=paper)
    name = sheet.add_resource(form, Name.XObject)
    inside = Rectangle(MARGIN, FOOT, paper[0] - MARGIN, paper[1] - MARGIN)
    drawn = sheet.calc_form_xobject_placement(form, name, inside, allow_shrink=True, allow_expand=False)
    sheet.obj.Contents = Array([book.make_stream(drawn)])


def _photograph(content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=PICTURES) as picture:
                picture.draft("RGB", PRINTED)
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail(PRINTED)
                painted = Image.new("RGB", upright.size, "white")
                shape = upright.convert("RGBA")
                painted.paste(shape, mask=shape.getchannel("A"))
    except UnidentifiedImageError:
        raise NoPages("it is no picture that can be read here") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPages(UNREADABLE) from None
    out = io.BytesIO()
    painted.save(out, "PDF", resolution=150, quality=85)
    return out.getvalue()


if __name__ == "__main__":
    main()
