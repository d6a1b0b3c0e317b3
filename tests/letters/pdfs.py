"""PDFs as people bring them, to be enclosed."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

A4, US_LETTER = (595.276, 841.89), (612, 792)
STROKES = b" ".join(b"%d 100 m %d 700 l S" % (x, x) for x in range(100, 300, 10))


def pdf(*, pages=1, size=A4, content=STROKES, rotate=0, mark="", change=None, **saving) -> bytes:
    """A PDF of so many pages with some drawing on them. `change` does to it what is to be tried; `mark` makes it a file
    of its own."""
    made = pikepdf.new()
    for _ in range(pages):
        page = made.add_blank_page(page_size=size)
        page.obj.Contents = made.make_stream(content)
        page.obj.Resources = Dictionary()
        if rotate:
            page.obj.Rotate = rotate
    if mark:
        made.docinfo[Name.Title] = mark
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, deterministic_id="encryption" not in saving, **saving)
    return out.getvalue()


def written_in(font, *, mode=0):
    """A page with words in `font`, a dictionary."""

    def change(made):
        page = made.pages[0]
        page.obj.Resources = Dictionary(Font=Dictionary(F1=made.make_indirect(Dictionary(Type=Name.Font, **font))))
        page.obj.Contents = made.make_stream(b"BT /F1 12 Tf %d Tr 72 700 Td (Read me) Tj ET" % mode)

    return pdf(change=change)


def scanned(grey, *, words=False):
    """A page that is one picture, of the bytes `grey`, 8 by 8 pixels; with `words`, those that a scanner recognised."""

    def change(made):
        picture = made.make_stream(grey)
        shape = {"Width": 8, "Height": 8, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image, **shape}.items():
            picture[f"/{key}"] = value
        page = made.pages[0]
        page.obj.Resources = Dictionary(XObject=Dictionary(Im1=picture))
        said = b""
        if words:
            helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.obj.Resources.Font = Dictionary(F1=made.make_indirect(helvetica))
            said = b" BT /F1 12 Tf 3 Tr 72 700 Td (Read me) Tj ET"
        page.obj.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /Im1 Do Q" + said)

    return pdf(change=change)


def acting(**action):
    """It does something when it is opened."""

    def change(made):
        made.Root.OpenAction = Dictionary(**action)

    return pdf(change=change)


def carrying(name="data.xml"):
    """Another file lies inside it."""

    def change(made):
        made.attachments[name] = b"<data/>"

    return pdf(change=change)


def xfa():
    def change(made):
        made.Root.AcroForm = Dictionary(Fields=Array(), XFA=made.make_stream(b"<xdp/>"))

    return pdf(change=change)
