"""What is kept from letter to letter changes no letter."""

import dataclasses
import gc
import itertools
import multiprocessing
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings as as_they_are
from django.test import override_settings

from letters import archive, kept, render, typesetting
from letters.sheet import PAPERS, STYLES, CannotRender
from tests.letters.paper import ACKNOWLEDGEMENT, NORTHWIND, RESOLUTION, RESOLVED, ROOT, drawing, picture, sheet

RICH = (
    """A paragraph with **bold**, *italic*, ***both*** and a very long word: """
    + "abcdefghij" * 20
    + """

- one
- two
  - under two, and so long that it needs a second line and perhaps even a third one to say what it has to say
  - again

1. first
2. second

   another paragraph of the second

## A heading
### A smaller heading

| a | b | c | d |
|---|---|---|---|
| **1** | 2\u00a0000 | *3* | +44 117 496 0182 |

Hard\\
break, marks above and below: e\u0323\u0302 x\u0301\u0323.

A soft\u00adhyphen, ligatures fi ffl, عربي and 中文 in one line."""
)
PICTURED = dataclasses.replace(
    sheet(body=RICH),
    letterhead=dataclasses.replace(NORTHWIND, logo=drawing("<circle r='5' fill='#123456'/>"), logo_alt="Northwind"),
    signatory=render.Signatory("Helen Marsh", "Lead", picture("PNG")),
)
LETTERS = [
    *(
        dataclasses.replace(letter, style=style, paper=paper, large_print=large, address_lines=letter.address_lines[:4])
        for letter, style, paper, large in itertools.product(RESOLVED.values(), STYLES, PAPERS, (False, True))
    ),
    PICTURED,
]


@pytest.fixture
def plainly(monkeypatch):
    """A function that sets a sheet with WeasyPrint as it is, nothing kept."""
    weasyprint, fonts = typesetting.weasyprint, typesetting.FontConfiguration()

    def lay_out(html, css, assets):
        fetcher = typesetting._Assets(assets)
        return weasyprint.HTML(string=html, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[weasyprint.CSS(string=css)], pdf_variant=archive.VARIANT
        )

    def render_plainly(sheet):
        with monkeypatch.context() as patch:
            patch.setattr(render, "lay_out", lay_out)
            for owner, name, original in kept.ORIGINAL:
                patch.setattr(owner, name, original)
            return render.render_pdf(sheet)

    return render_plainly


def test_every_letter_is_byte_for_byte_what_it_would_be_with_nothing_kept(plainly):
    once = [render.render_pdf(letter) for letter in LETTERS]
    again = [render.render_pdf(letter) for letter in reversed(LETTERS)]
    assert once == again[::-1]
    for letter, pdf in zip(LETTERS, once, strict=True):
        assert pdf == plainly(letter), (letter.language, letter.style, letter.paper, letter.large_print)


def test_a_changed_letterhead_is_printed_as_it_is_now(plainly):
    for changes in (
        {"colour": "#aa1122"},
        {"colour": "#1f4e79"},
        {"name": "Southwind Home Ltd"},
        {"registration_line": "Nothing to register."},
        {"logo": drawing("<path d='M0 0h9'/>"), "logo_alt": "One"},
        {"logo": drawing("<path d='M0 9h9'/>"), "logo_alt": "One"},
        {"logo": picture("PNG"), "logo_alt": "One"},
        {"logo": picture("PNG", (60, 30)), "logo_alt": "One"},
    ):
        changed = sheet(letterhead=dataclasses.replace(NORTHWIND, **changes))
        assert render.render_pdf(changed) == plainly(changed), changes


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("letter.css", "font-size: 10.5pt;", "font-size: 11pt;"),
        ("letter.css", ".salutation { margin-bottom: 3.4mm; }", ".salutation { margin-bottom: 9mm; }"),
        ("letter.html", '<p class="salutation">', '<p class="salutation label">'),
        ("labels/en.yaml", "Copies to", "Told as well"),
    ],
)
def test_changed_paper_is_used_from_the_next_letter_on(plainly, tmp_path, file, old, new):
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    paper = tmp_path / "templates/letters/print" / file
    engine = {**as_they_are.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}
    before = render.render_pdf(ACKNOWLEDGEMENT)
    assert old in paper.read_text()
    paper.write_text(paper.read_text().replace(old, new))
    with override_settings(TEMPLATES=[engine]):
        after = render.render_pdf(ACKNOWLEDGEMENT)
        assert after == plainly(ACKNOWLEDGEMENT)
    assert after != before
    assert render.render_pdf(ACKNOWLEDGEMENT) == before


def test_what_is_kept_is_bounded_and_its_loss_changes_nothing(monkeypatch):
    monkeypatch.setattr(typesetting, "_composing", typesetting._Composing())
    monkeypatch.setattr(kept, "_pictures", kept._Pictures())
    letters = [PICTURED, *LETTERS[:24:4]]
    once = [render.render_pdf(letter) for letter in letters]
    monkeypatch.setattr(kept, "STYLES_LIMIT", 30)
    monkeypatch.setattr(typesetting, "PAPER_LIMIT", 2)
    monkeypatch.setattr(kept, "LINES_LIMIT", 3)
    monkeypatch.setattr(kept, "PICTURES_LIMIT", 1)
    assert [render.render_pdf(letter) for letter in letters] == once
    assert [render.render_pdf(letter) for letter in letters * 2] == once * 2
    assert len(typesetting._composing.paper) == 2
    assert len(kept._pictures.kept) == 1
    for _, styles in typesetting._composing.paper.values():
        assert len(styles.of) < 150


def test_a_picture_too_large_to_be_kept_is_printed_all_the_same(monkeypatch, plainly):
    monkeypatch.setattr(kept, "PICTURE_LIMIT", 50)
    monkeypatch.setattr(render, "SMALL", 50)
    before = list(kept._pictures.kept)
    large = dataclasses.replace(PICTURED, signatory=render.Signatory("Helen", "Lead", picture("PNG", (61, 20))))
    assert render.render_pdf(large) == plainly(large)
    assert list(kept._pictures.kept) == before


LOGOS = {
    "lines": "<path d='M3 3h40v10z' fill='none' stroke='#c0392b'/><circle cx='30' cy='9' r='5' opacity='0.5'/>",
    "faint": "<rect width='30' height='9' fill='#123456' fill-opacity='0.3' stroke='red' stroke-opacity='0.6'/>",
    "gradient": "<defs><linearGradient id='g'><stop offset='0' stop-color='red'/><stop offset='1'/></linearGradient>"
    "</defs><rect fill='url(#g)' width='50' height='15'/>",
    "words": "<text x='2' y='12' font-size='9'>Northwind</text>",
    "mask": "<mask id='m'><circle r='9' fill='white'/></mask><rect mask='url(#m)' width='40' height='18'/>",
    "nothing": "",
}


@pytest.mark.parametrize("logo", LOGOS)
def test_a_drawn_logo_is_the_same_on_every_letter_and_of_every_colour_and_size(plainly, logo):
    for colour, style in (("#aa1122", "block"), ("#112233", "semi_block"), ("#aa1122", "modified_block")):
        head = dataclasses.replace(NORTHWIND, logo=drawing(LOGOS[logo]), logo_alt="One", colour=colour)
        for paper in ("a4", "us_letter", "a4"):
            letter = sheet(letterhead=head, style=style, paper=paper)
            assert render.render_pdf(letter) == plainly(letter)


def test_a_logo_that_cannot_be_drawn_fails_every_letter_and_not_only_the_first(monkeypatch):
    def fails(*args):
        raise ValueError("no")

    head = dataclasses.replace(NORTHWIND, logo=drawing("<circle r='7'/>"), logo_alt="One")
    monkeypatch.setattr(kept.images.SVG, "draw_node", fails)
    for _ in range(2):
        with pytest.raises(CannotRender, match="Failed to render SVG image"):
            render.render_pdf(sheet(letterhead=head))


def test_letters_that_differ_only_in_their_words_need_no_new_style():
    render.render_pdf(RESOLUTION)
    styles = {css: len(styles.of) for css, (_, styles) in typesetting._composing.paper.items()}
    for number in range(5):
        render.render_pdf(dataclasses.replace(RESOLUTION, body=RESOLUTION.body.replace("van", f"lorry {number}")))
    assert {css: len(styles.of) for css, (_, styles) in typesetting._composing.paper.items()} == styles


def test_a_letter_that_fails_leaves_nothing_behind_for_the_next_one(monkeypatch, plainly):
    def fails(*args):
        raise CannotRender("no")

    with monkeypatch.context() as patch:
        patch.setattr(kept.LayoutContext, "create_block_formatting_context", fails)
        for letter in (PICTURED, RESOLVED["ar"]):
            with pytest.raises(CannotRender):
                render.render_pdf(letter)
    for letter in (PICTURED, RESOLVED["ar"]):
        assert render.render_pdf(letter) == plainly(letter)


def test_processes_forked_after_the_first_letter_set_the_same_letters():
    here = [render.render_pdf(letter) for letter in (RESOLUTION, PICTURED)]
    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        there = pool.map(render.render_pdf, [RESOLUTION, PICTURED] * 3, chunksize=1)
    assert there == here * 3


def test_python_collects_its_garbage_again_after_every_letter():
    render.render_pdf(ACKNOWLEDGEMENT)
    assert gc.isenabled()
    with pytest.raises(CannotRender):
        render.render_pdf(sheet(body="\U00013000"))
    assert gc.isenabled()
    gc.disable()
    try:
        render.render_pdf(ACKNOWLEDGEMENT)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_weasyprints_private_parts_are_those_that_this_was_written_for():
    assert typesetting.weasyprint.__version__.startswith("70.")
    needs = Path(ROOT, "pyproject.toml").read_text()
    assert re.search(r'"weasyprint>=70,<71"', needs)
    assert kept.ffi.sizeof("PangoGlyphInfo") == kept.glyphs.GLYPHS.size
