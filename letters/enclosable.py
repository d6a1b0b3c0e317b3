"""Whether a PDF that somebody brings can go with a letter: to be opened by anybody, printed behind the letter and kept
for as long. Reads only; the bytes stay as they came."""

import io

import pikepdf
from pikepdf import Name

from letters import ink

MB = 1024 * 1024
SIZE_LIMIT = 6 * MB  # all enclosures of a letter together; see letters/enclosing.py
PAGES_LIMIT = 50
SMALLEST, LARGEST = 30, 1_200  # mm of a side: a receipt, a plan; anything else is a slip of whoever made the file
MM = 72 / 25.4  # points
DAMAGED = "It is damaged, or too much to open. Open it in the program that made it and save it as a PDF again."

ACTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
ACTIVE = {"/JS", "/JavaScript"}  # keys whose mere presence is a program
PLAYED = {"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"}  # kinds of annotation
CARRIED = {"/EF", "/EmbeddedFiles"}


class NotEnclosable(Exception):
    """It cannot go with a letter; `faults` says why and what to do, a sentence each."""

    def __init__(self, *faults):
        self.faults = list(faults)
        super().__init__(" ".join(faults))


def pages(content: bytes) -> int:
    """The number of its pages. Raises NotEnclosable, with all that is wrong with it."""
    if not content.startswith(b"%PDF-"):
        raise NotEnclosable("It is not a PDF. Save it as one, or print it into one.")
    if len(content) > SIZE_LIMIT:
        raise NotEnclosable(
            f"It has {len(content) / MB:.1f} MB, and enclosures may have {SIZE_LIMIT // MB} MB: larger mails are "
            "turned back. Scan it in grey at 200 dpi, or leave pages out."
        )
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            if faults := list(dict.fromkeys(_faults(pdf))):
                raise NotEnclosable(*faults)
            return len(pdf.pages)
    except pikepdf.PasswordError:
        raise NotEnclosable("It asks for a password. Save it without one.") from None
    except pikepdf.PdfError:
        raise NotEnclosable(DAMAGED) from None


def _faults(pdf):
    if pdf.is_encrypted:
        yield "It is protected against copying or printing. Save it without protection."
    if not pdf.pages:
        yield "It has no pages."
    if len(pdf.pages) > PAGES_LIMIT:
        yield f"It has {len(pdf.pages)} pages, more than {PAGES_LIMIT}. Send an extract, or a parcel."
        return  # the rest would take its time, and nobody needs it
    yield from _hidden(pdf)
    yield from _misshapen(pdf)
    yield from _unreadable(pdf)


def _hidden(pdf):
    """What acts, or what is not seen on any page."""
    acts = carries = False
    for thing in pdf.objects:
        for part in _dictionaries(thing):
            keys = set(part.keys())
            acts |= bool(keys & ACTIVE) or str(part.get(Name.S)) in ACTS or str(part.get(Name.Subtype)) in PLAYED
            carries |= bool(keys & CARRIED) or str(part.get(Name.Subtype)) == "/FileAttachment"
    if acts:
        yield "There is a program or a film in it, which a letter must not bring. Print it into a new PDF."
    if carries:
        yield "There are other files inside it. Save it without attachments, and enclose those one by one."
    if Name.XFA in pdf.Root.get(Name.AcroForm, {}):
        yield "It is an XFA form, which most programs cannot show. Print it into a new PDF."


def _dictionaries(thing):
    """Every dictionary within one object, without following references to others."""
    waiting = [thing]
    while waiting:
        it = waiting.pop()
        if isinstance(it, pikepdf.Stream):
            it = it.stream_dict
        if isinstance(it, pikepdf.Dictionary):
            yield it
            inner = [value for _, value in it.items()]
        elif isinstance(it, pikepdf.Array):
            inner = list(it)
        else:
            continue
        waiting += [value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _misshapen(pdf):
    for number, page in enumerate(pdf.pages, start=1):
        width, height = (side / MM for side in size(page))
        if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
            yield f"Page {number} measures {width:,.0f} × {height:,.0f} mm. Print it onto a sheet of paper's size."


def size(page):
    """Width and height of what `page` shows, in points, as it is turned."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    unit = float(page.get(Name.UserUnit, 1))
    sides = abs(right - left) * unit, abs(top - bottom) * unit
    return sides[::-1] if page.rotation % 180 else sides


def _unreadable(pdf):
    if [said for said in pdf.check_pdf_syntax() if "lineariz" not in said]:
        yield DAMAGED
        return
    found = ink.on(pdf.pages)
    for font in sorted(found.missing_fonts):
        yield f"The font {font} is not in it, so others may see other letters. Save it with its fonts, as PDF/A."
    if found.is_blank:
        yield "Its pages are empty. Was it scanned the wrong way round?"
