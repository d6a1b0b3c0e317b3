"""Setting a letter reads nothing but our paper, whatever stands in the letter, in a picture or on the paper itself.

Each way to make WeasyPrint fetch something is tried against a server that listens and a file that is there; plain
WeasyPrint falls for it in the same test, so that these tests can fail.
"""

import dataclasses
import io
import json
import socketserver
import sys
import threading
from types import SimpleNamespace

import pikepdf
import pytest

from letters import press, render, typesetting
from letters.render import Signatory
from letters.sheet import CannotRender
from tests.letters.paper import ACKNOWLEDGEMENT, NORTHWIND, ROOT, drawing, headed, pages, refusal, sheet

SECRET = "SECRETWORD"
DRAWN = (
    f"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'><text y='9' font-size='9'>{SECRET}</text></svg>"
)
# What plain WeasyPrint fetches: {file} is a drawing on the disk, {web} the same one on a server.
VECTORS = {
    "picture": "<img src='{file}'><img src='{web}'>",
    "picture by redirect": "<img src='{web}/to-file'><img src='{web}/to-web'>",
    "picture beside the base": "<base href='{file}'><img src='secret.svg'>",
    "picture in a style": "<p style='background: url({file})'>x</p><p style='background: url({web})'>x</p>",
    "picture on the page": "<style>@page {{ background: url({file}), url({web}) }}</style>",
    "picture as content": "<style>p::before {{ content: url({file}) url({web}) }}</style><p>x</p>",
    "picture as a bullet": "<ul><li style='list-style: url({file})'>x<li style='list-style: url({web})'>x</ul>",
    "picture as a border": "<p style='border: 9px solid; border-image: url({file}) 1'>x</p><p style="
    "'border: 9px solid; border-image: url({web}) 1'>x</p>",
    "object": "<object data='{file}'></object><object data='{web}'></object>",
    "embed": "<embed src='{file}'><embed src='{web}'>",
    "stylesheet": "<link rel=stylesheet href='{file}'><link rel=stylesheet href='{web}'>",
    "import": "<style>@import url({file}); @import '{web}';</style>",
    "font": "<style>@font-face {{ font-family: x; src: url({file}), url({web}) }}</style>x",
    "attachment of the page": "<link rel=attachment href='{file}'><link rel=attachment href='{web}'>",
    "attachment of a link": "<a rel=attachment href='{file}'>x</a><a rel=attachment href='{web}'>x</a>",
    "picture in a drawing": "<svg width='90' height='90'><image href='{file}' width='90' height='20'/>"
    "<image href='{web}' width='90' height='20'/></svg>",
    "font in a drawing": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><style>"
    '@font-face {{ font-family: x; src: url({file}), url({web}) }}</style></svg>">',
    "drawing in an address": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='90'"
    " height='90'><image href='{file}' width='90' height='20'/><image href='{web}' width='90' height='20'/></svg>\">",
}


@pytest.fixture
def outside(tmp_path):
    """A file and a server that no letter may ever ask: their addresses, and whom the server saw."""
    asked = []

    class Server(socketserver.StreamRequestHandler):
        def handle(self):
            asked.append(self.client_address)
            path = self.rfile.readline().split()[1].decode()
            while self.rfile.readline().strip():
                pass
            elsewhere = {"/to-file": it.file, "/to-web": f"{it.web}/there"}.get(path)
            said = f"302 Found\r\nLocation: {elsewhere}" if elsewhere else "200 OK\r\nContent-Type: image/svg+xml"
            self.wfile.write(f"HTTP/1.0 {said}\r\nContent-Length: {len(DRAWN)}\r\n\r\n{DRAWN}".encode())

    secret = tmp_path / "secret.svg"
    secret.write_text(DRAWN)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server) as server:
        it = SimpleNamespace(file=secret.as_uri(), web=f"http://127.0.0.1:{server.server_address[1]}", asked=asked)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield it
        server.shutdown()


def told(pdf):
    """Whether the secret stands anywhere in the file: on a page, or in any of its streams."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        kept = [thing.read_bytes() for thing in opened.objects if isinstance(thing, pikepdf.Stream)]
    return SECRET in " ".join(pages(pdf)) or any(SECRET.encode() in stream for stream in kept)


def filled(vector, outside):
    return VECTORS[vector].format(file=outside.file, web=outside.web)


def outcome(set_letter):
    """Why the letter was not set; of one that was, that it tells nothing."""
    try:
        pdf = set_letter()
    except CannotRender as no:
        return str(no)
    return "It tells the secret!" if told(pdf) else "It tells nothing."


# The paper


@pytest.fixture
def changed_paper(tmp_path, settings):
    """Set a letter on our paper with this markup at its end."""

    def set_on(markup):
        paper = (ROOT / "templates/letters/print/letter.html").read_text()
        changed = tmp_path / "letters/print/letter.html"
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(paper.replace("</main>", markup + "</main>"))
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
        return render.render_pdf(ACKNOWLEDGEMENT)

    return set_on


@pytest.mark.parametrize("vector", VECTORS)
def test_not_even_our_own_paper_may_fetch(vector, outside, changed_paper):
    said = outcome(lambda: changed_paper(filled(vector, outside)))
    assert outside.file in said or outside.web in said or "which is not read" in said or "Error" in said, said
    assert outside.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "{file}",
        "{web}",
        "{web}/to-file",
        "FILE:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "php://filter/resource=/etc/passwd",
        "phar://x.phar",
        "jar:file:///etc/x.jar!/",
        "data:image/svg+xml,<svg/>",
        "//127.0.0.1/x",
        "/etc/passwd",
        "secret.svg",
        "",
        "letter-asset:",
        "letter-asset:signature",
        "letter-asset:../logo",
        "letter-asset:logo?x",
        "letter-asset:LOGO",
        "letter-asset:{file}",
    ],
)
def test_the_fetcher_hands_out_the_letters_own_pictures_and_nothing_else(address, outside):
    fetcher = typesetting._Assets({"logo": (b"picture", "image/png")})
    assert fetcher("letter-asset:logo").read() == b"picture"
    for ask in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(typesetting.FatalURLFetchingError):
            ask(address.format(file=outside.file, web=outside.web))
    assert outside.asked == []


# The letter


@pytest.mark.parametrize("vector", VECTORS)
def test_text_in_any_part_fetches_nothing(vector, outside):
    text = filled(vector, outside)
    everywhere = sheet(
        body=text, subject=text, copies=(text,), enclosures=(text,), addressee=text, signatory=Signatory(text, text)
    )
    pdf = press.render_pdf(everywhere)
    assert not told(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/Names" not in opened.Root or "/EmbeddedFiles" not in opened.Root.Names
        assert not [page for page in opened.pages if "/Annots" in page]
    assert outside.asked == []


HEAD = ("name", "phone", "email", "website", "registration_line")


@pytest.mark.parametrize("vector", ["picture", "stylesheet", "object"])
def test_text_that_is_too_long_for_its_place_fetches_nothing(vector, outside):
    text = filled(vector, outside)
    letters = [
        *(sheet(**{part: text}) for part in ("salutation", "close", "date_line")),
        *(headed(**{part: text}) for part in HEAD),
        sheet(letterhead=dataclasses.replace(NORTHWIND, logo=drawing(""), logo_alt=text)),
        sheet(address_lines=("Jane", text)),
        sheet(references=((text, text),)),
        headed(address_lines=(text,)),
    ]
    for letter in letters:
        said = outcome(lambda letter=letter: press.render_pdf(letter))
        assert said == "It tells nothing." or "shorten" in said, said
    assert outside.asked == []


@pytest.mark.parametrize("markdown", ["![x]({file})", "[x]({web})", "[x]: {file}\n\n![x]", "<{web}>", "{web}"])
def test_no_markdown_fetches_or_links(markdown, outside):
    pdf = press.render_pdf(sheet(body=markdown.format(file=outside.file, web=outside.web)))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not [page for page in opened.pages if "/Annots" in page]
    assert not told(pdf)
    assert outside.asked == []


@pytest.mark.parametrize(
    "inside",
    [
        "<image href='{}'/>",
        "<image xlink:href='{}'/>",
        "<use href='{}#a'/>",
        "<style>@import '{}';</style>",
        "<style>rect {{ fill: url( '{}') }}</style>",
        "<rect fill='url({})'/>",
        "<rect style='fill: u\\72l({})'/>",
        "<script href='{}'/>",
        "<foreignObject><img src='{}'/></foreignObject>",
        "<a href='{}'><rect/></a>",
    ],
)
def test_a_drawing_that_refers_to_something_outside_itself_is_refused(inside, outside):
    for target in (outside.file, outside.web):
        drawn = drawing(inside.format(target))
        assert "The letterhead's logo cannot be read: it" in refusal(headed(logo=drawn))
        signed = sheet(signatory=Signatory("Helen", "Lead", drawn))
        assert "The picture of the signature cannot be read: it" in refusal(signed)
    assert outside.asked == []


# The process that sets it, should the paper and its fetcher ever fail


PLAIN = """
from letters import render, setter, typesetting

def plainly(sheet):
    if sheet.subject == "program":
        try:
            exec(sheet.body)
        except PermissionError as no:
            return str(no).encode()
        return b"done"
    return typesetting.weasyprint.HTML(string=sheet.body).write_pdf()

render.render_pdf = plainly
setter.main()
"""


@pytest.fixture(scope="module")
def setter():
    """A setter as it always is, in which plain WeasyPrint sets the body of a sheet, and a program is run."""
    own = press.Press(command=(sys.executable, "-c", PLAIN))
    yield own
    own.close()


@pytest.mark.parametrize("vector", VECTORS)
def test_what_plain_weasyprint_fetches_it_does_not_get_where_letters_are_set(vector, outside, setter):
    page = filled(vector, outside)
    here = typesetting.weasyprint.HTML(string=page).write_pdf()
    assert told(here) or outside.asked
    outside.asked.clear()
    assert outcome(lambda: setter.set(sheet(body=page))) != "It tells the secret!"
    assert outside.asked == []


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1/')",
        "open('/etc/passwd')",
        "open(b'/etc/passwd')",
        "from pathlib import Path; Path('README.md').read_text()",
        "from pathlib import Path; Path('letters/../README.md').read_text()",
        "import os; os.open('casetracker/settings.py', os.O_RDONLY)",
        "open('letters/sheet.py', 'a')",
        "import os; os.open('letters/sheet.py', os.O_RDWR)",
        "import os; os.open('{folder}/new', os.O_CREAT | os.O_WRONLY)",
        "import os; os.remove('{folder}/old')",
        "import os; os.rename('{folder}/old', '{folder}/new')",
        "import os; os.symlink('/etc/passwd', '{folder}/new')",
        "import os; os.mkdir('{folder}/new')",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_where_letters_are_set_no_program_reaches_out(program, setter, tmp_path):
    (tmp_path / "old").touch()
    program = program.replace("{folder}", str(tmp_path))
    assert setter.set(sheet(subject="program", body=program)).startswith(b"Whoever sets letters ")


def test_where_letters_are_set_the_paper_and_the_program_can_be_read(setter):
    for file in ("templates/letters/print/letter.css", "letters/sheet.py", json.__file__, pikepdf.__file__):
        assert setter.set(sheet(subject="program", body=f"open({str(ROOT / file)!r})")) == b"done"
