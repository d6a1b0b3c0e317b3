"""ReportLab and Typst, in an environment of their own: the same letter, laid out as each does best.

    python bench/peers.py typst FILE      as bench/engines.py, with the letters as JSON

They get the letter in plain pieces, prove no glyph and read no Markdown; ReportLab joins no Arabic letters.
"""

import io
import json
import os
import resource
import sys
import time
from pathlib import Path

FONT = "NotoSans"


def reportlab():
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table

    files = {"": "Regular", "-Bold": "Bold", "-Italic": "Italic"}
    for suffix, name in files.items():
        pdfmetrics.registerFont(TTFont(FONT + suffix, _font(name)))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=f"{FONT}-Bold", italic=f"{FONT}-Italic")
    text = ParagraphStyle("text", fontName=FONT, fontSize=10.5, leading=14.2, spaceAfter=9.6)
    head = ParagraphStyle(
        "head", text, fontName=f"{FONT}-Bold", textColor=HexColor("#1f4e79"), spaceBefore=3, spaceAfter=4
    )
    small = ParagraphStyle("small", text, fontSize=9.5, leading=12, spaceAfter=0)

    def story(letter):
        yield Paragraph(letter["house"], ParagraphStyle("house", head, fontSize=17, leading=20))
        yield Paragraph("<br/>".join(letter["contact"]), small)
        yield Spacer(0, 5 * mm)
        yield Paragraph("<br/>".join([letter["date"], *letter["references"]]), small)
        yield Spacer(0, 20 * mm)
        yield Paragraph("<br/>".join(letter["address"]), small)
        yield Spacer(0, 18 * mm)
        yield Paragraph(letter["salutation"], text)
        yield Paragraph(f"<b>{letter['subject']}</b>", text)
        for kind, said in letter["blocks"]:
            if kind == "table":
                yield Table(
                    [[Paragraph(cell, small) for cell in row] for row in said], colWidths=[80 * mm, 40 * mm, 40 * mm]
                )
                yield Spacer(0, 4 * mm)
            else:
                yield Paragraph(said, head if kind == "heading" else text)
        yield Paragraph(letter["close"], text)
        yield Spacer(0, 15 * mm)
        yield Paragraph("<br/>".join([f"<b>{letter['signatory']}</b>", letter["job_title"]]), text)
        yield Paragraph("<br/>".join(["Copies to", *letter["copies"]]), small)

    def footer(canvas, document):
        canvas.setFont(FONT, 8)
        canvas.drawRightString(185 * mm, 12 * mm, f"Page {document.page}")

    def render(letter):
        out = io.BytesIO()
        document = BaseDocTemplate(out, pagesize=A4, title=letter["subject"], lang="en-GB")
        frame = Frame(25 * mm, 20 * mm, 160 * mm, 262 * mm, 0, 0, 0, 0)
        document.addPageTemplates([PageTemplate(frames=[frame], onPage=footer)])
        document.build(list(story(letter)))
        return out.getvalue()

    return render


def typst():
    from typst import Compiler

    compiler = Compiler(str(Path(__file__).parent / "letter.typ"))
    return lambda letter: compiler.compile(sys_inputs={"letter": json.dumps(letter)}, pdf_standards=["a-3a"])


def _font(name):
    places = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", os.path.expanduser("~/Library/Fonts"))
    return next(str(file) for place in places for file in Path(place).rglob(f"NotoSans-{name}.ttf"))


def main():
    name, file = sys.argv[1:]
    letters = json.loads(Path(file).read_text())
    work = {"reportlab": reportlab, "typst": typst}[name]()
    for line in sys.stdin:
        before = time.process_time()
        pdf = work(letters[int(line) % len(letters)])
        cpu = time.process_time() - before
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
        said = {"cpu": cpu, "memory": memory, "bytes": len(pdf), "sha256": ""}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
