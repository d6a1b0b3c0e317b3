"""One engine in a process of its own: it sets the letters that it is told to and says what each took.

    python -m bench.engines ours FILE      then a number a line: which letter of FILE; answers are JSON, a line each

CPU is that of the process and of all processes under it, memory the most that they ever held together.
"""

import base64
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from bench.spent import spent

HERE = Path(__file__).parent
COPIES = (
    "Declan Foyle, Contact Centre Adviser",
    "Kofi Asante-Reed, Delivery Driver",
    "Marta Ozoliņa, Delivery Planner",
    "Yusuf Demirci, Contact Centre Manager",
)


def ours():
    """As the product sets a letter: checked, every glyph proven, tagged, PDF/A and PDF/UA."""
    from letters import render

    return render.render_pdf


def copies():
    """The letter as `ours`, and four copies of it, each marked with its reader's name."""
    from letters import render, stamp

    def letter_and_copies(sheet):
        pdf = render.render_pdf(sheet)
        return pdf + b"".join(stamp.marked(pdf, who, language=sheet.language) for who in COPIES)

    return letter_and_copies


def naive():
    """`HTML(string=html).write_pdf()` of a letter that looks the same, in the markup that comes to mind first."""
    from weasyprint import HTML

    html = ordinary()
    return lambda sheet: HTML(string=html(sheet)).write_pdf()


def naive_on_ours():
    """The same plain call on our own markup and stylesheet."""
    from weasyprint import CSS, HTML

    from letters import render, typesetting

    def set_plainly(sheet):
        words, assets = render._words(sheet.language), render._assets(sheet)
        html = render.render_to_string("letters/print/letter.html", render._context(sheet, words, assets))
        css = CSS(string=render._css(sheet, words))
        return HTML(string=html, url_fetcher=typesetting._Assets(assets)).write_pdf(stylesheets=[css])

    return set_plainly


def process():
    """WeasyPrint's own command, once for each letter."""
    html = ordinary()

    def run(sheet):
        command = [sys.executable, "-m", "weasyprint", "-", "-"]
        return subprocess.run(command, input=html(sheet).encode(), capture_output=True, check=True).stdout

    return run


def chromium():
    """A headless Chromium that stays open, its own print-to-PDF."""
    from playwright.sync_api import sync_playwright

    html = ordinary()
    browser = sync_playwright().start().chromium.launch(executable_path=os.environ["BENCH_CHROMIUM"])
    page = browser.new_page()

    def print_page(sheet):
        page.set_content(html(sheet))
        return page.pdf(prefer_css_page_size=True, print_background=True)

    return print_page


def libreoffice():
    """LibreOffice's own conversion, once for each letter."""
    html = ordinary()

    def convert(sheet):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "letter.html")
            source.write_text(html(sheet))
            command = [os.environ["BENCH_LIBREOFFICE"], "--headless", "--convert-to", "pdf:writer_web_pdf_Export"]
            subprocess.run([*command, "--outdir", folder, source], capture_output=True, check=True)
            return Path(folder, "letter.pdf").read_bytes()

    return convert


def ordinary():
    """A function that makes the ordinary HTML of a sheet: tables, <br>, running elements, everything in one file."""
    from django.template import engines

    from letters import markdown

    template = engines["django"].from_string((HERE / "ordinary.html").read_text())

    def html(sheet):
        head = sheet.letterhead
        logo = head.logo and f"data:image/svg+xml;base64,{base64.b64encode(head.logo).decode()}"
        line = " · ".join([head.name, *head.address_lines])
        return template.render({"sheet": sheet, "logo": logo, "body": markdown.html(sheet.body), "return_line": line})

    return html


ENGINES = {
    function.__name__: function for function in (ours, copies, naive, naive_on_ours, process, chromium, libreoffice)
}


def _set_up():
    """As much of Django as the process has that sets our letters (letters/setter.py): templates, and nothing else."""
    import django
    from django.conf import settings

    backend = "django.template.backends.django.DjangoTemplates"
    settings.configure(TEMPLATES=[{"BACKEND": backend, "DIRS": [HERE.parent / "templates"]}], LOGGING_CONFIG=None)
    django.setup()


def main():
    name, file = sys.argv[1:]
    _set_up()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sheets = pickle.loads(Path(file).read_bytes())
    work = ENGINES[name]()
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            before, _ = spent()
            pdf = work(sheets[int(line) % len(sheets)])
            after, memory = spent()
            said = {"cpu": after - before, "memory": memory, "bytes": len(pdf), "sha256": sha256(pdf).hexdigest()}
            print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
