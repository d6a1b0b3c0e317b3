import dataclasses
import io
import itertools
import subprocess

import pytest
from PIL import Image

from letters import address
from letters.render import render_pdf
from letters.sheet import PAPERS, STYLES
from tests.letters.paper import (
    ARABIC,
    RESOLUTION,
    RESOLVED,
    ROOT,
    boxes,
    headed,
    pages,
    picture,
    refusal,
    sheet,
)

MIDDLE = {"a4": 105, "us_letter": 107.95}
MARGIN = {"a4": 25, "us_letter": 25.4}
# All that a window may ever show, wherever the sheet slides: right, top, bottom (x from the edge of the sheet, in mm).
SHOWN = {"a4": (110, 45, 99), "us_letter": (136.5, 51.9, 92.1)}
VARIANTS = list(itertools.product(STYLES, PAPERS))
EM = 25.4 / 72 * 1.362  # mm per point: Noto Sans stands 1.069 em above its line and 0.293 em below it


def at(words, text):
    """Left, top, right and bottom of the first word that reads so."""
    return next(tuple(place) for word, *place in words if word == text)


def height(words, text):
    _, top, _, bottom = at(words, text)
    return bottom - top


def all_boxes(pdf):
    return [box for page in range(1, len(pages(pdf)) + 1) for box in boxes(pdf, page=page)]


def variant(style, paper, *, like=None, **changes):
    return dataclasses.replace(like or sheet(), style=style, paper=paper, **changes)


# Windows


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize(("style", "paper"), VARIANTS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_four_lines_of_address_show_in_every_envelope_and_nothing_else_does(language, style, paper, large_print):
    lines = tuple(f"ADDRESS{line} Tägg" for line in range(4))
    like = RESOLVED[language]
    words = boxes(render_pdf(variant(style, paper, like=like, large_print=large_print, address_lines=lines)))
    inside = [box for box in words if box[0].startswith(("ADDRESS", "Tägg"))]
    assert len(inside) == 8
    for _, left, top, right, bottom in inside:
        # The box of a word is that of its font: a capital begins 1.1 mm below its top.
        assert left >= 22.2
        assert right <= 91
        assert top + 1.1 >= 63.5
        assert bottom <= 80.5
    shown_right, shown_top, shown_bottom = SHOWN[paper]
    stray = [box for box in words if box not in inside and box[1] < shown_right]
    # Half a line above and below its middle: the font's own box is taller, the Arabic one by far.
    lines = [(text, (top + bottom) / 2 - 2.1, (top + bottom) / 2 + 2.1) for text, _, top, _, bottom in stray]
    assert not [text for text, top, bottom in lines if bottom > shown_top and top < 57]
    assert not [text for text, top, _ in lines if 65 < top < shown_bottom - 0.1]


def test_an_arabic_address_begins_where_the_window_does_however_wide_its_lines_are():
    narrow, wide = ("السيد سالم", "دبي"), ("السيد سالم راشد الكتبي بناية الياسمين", "دبي")
    for lines in (narrow, wide):
        words = boxes(render_pdf(variant("block", "a4", like=ARABIC, address_lines=lines)))
        block = [box for box in words if 68 < box[2] < 81 and box[3] < 110]
        assert min(left for _, left, *_ in block) == pytest.approx(25, abs=0.7)
        ends = {round(max(right for _, _, top, right, _ in block if round(top) == line)) for line in tops(block)}
        assert len(ends) == 1  # both lines begin, as Arabic does, at the same right edge


def tops(words):
    return {round(top) for _, _, top, *_ in words}


def test_a_fifth_line_is_too_much_for_an_american_window_and_a_seventh_for_a_european_one():
    five, seven = ("Jane",) * 5, ("Jane",) * 7
    render_pdf(sheet(address_lines=five))
    assert "The address has 5 lines, more than the 4" in refusal(sheet(address_lines=five, paper="us_letter"))
    assert "The address has 7 lines, more than the 6" in refusal(sheet(address_lines=seven))
    (found,) = address.problems(("Jane", "1 Road", "Town", "Region", "USA"), paper="us_letter")
    assert found.startswith("The address has 5 lines; the window shows 4 at most.")


def test_the_sender_shows_in_the_upper_window_of_an_american_envelope_instead_of_a_return_line():
    words = boxes(render_pdf(sheet(paper="us_letter")))
    for text in ("Northwind", "Quay", "Bristol"):
        (left, top, right, bottom) = at(words, text)
        assert 25 <= left < right <= 98
        assert 15 <= top < bottom <= 32
    assert [word for word, *_ in words].count("Quay") == 1


def test_a_long_return_line_takes_a_second_line_and_is_never_cut():
    name = "Northwind Home Appliances and Energy Services (Great Britain) Limited"
    (text,) = pages(render_pdf(headed(name=name)))
    assert f"{name} · 12 Quay Street · Bristol BS1 4DJ" in text.replace("\u00a0", " ")
    address = ("Unit 7, Northern Gateway Business Park", "12 Quay Street", "Bristol BS1 4DJ")
    (text,) = pages(render_pdf(headed(name=name, address_lines=address)))
    assert " · ".join(address) in text.replace("\u00a0", " ")
    words = boxes(render_pdf(headed(name=name, address_lines=address)))
    assert min(top for text, left, top, *_ in words if text == "Gateway" and left < 100) > 45


def test_a_table_over_a_page_break_draws_no_line_below_an_empty_space():
    rows = "\n".join(f"| {'Deliver and install the machine in its place ' * 2}{row} | Tom |" for row in range(28))
    pdf = render_pdf(sheet(body=f"| What | Who |\n|---|---|\n{rows}"))
    assert len(pages(pdf)) >= 2
    for page in range(1, len(pages(pdf)) + 1):
        end = max(bottom for text, _, _, _, bottom in boxes(pdf, page=page) if text == "machine")
        shot = subprocess.run(
            ["pdftoppm", "-r", "127", "-gray", "-f", str(page), "-l", str(page)],
            input=pdf,
            capture_output=True,
            check=True,
        )
        drawn = Image.open(io.BytesIO(shot.stdout)).crop((125, int((end + 8) * 5), 925, 275 * 5))
        assert page == len(pages(pdf)) or drawn.getextrema()[0] > 200


def test_folds_are_marked_in_thirds_on_american_paper_and_as_din_5008_does_on_a4():
    assert drawn_at_the_edge(render_pdf(sheet())) == pytest.approx([105, 148.5, 210], abs=0.3)
    american = sheet(paper="us_letter")
    assert drawn_at_the_edge(render_pdf(american)) == pytest.approx([93.1, 186.3], abs=0.3)
    mirrored = dataclasses.replace(ARABIC, style="semi_block")
    assert drawn_at_the_edge(render_pdf(mirrored)) == pytest.approx([105, 148.5, 210], abs=0.3)


def drawn_at_the_edge(pdf):
    """The heights, in mm from the top, at which something is drawn within 12 mm of the left edge."""
    shot = subprocess.run(["pdftoppm", "-r", "254", "-gray", "-l", "1"], input=pdf, capture_output=True, check=True)
    page = Image.open(io.BytesIO(shot.stdout))
    dark = [y for y in range(page.height) if page.crop((0, y, 120, y + 1)).getextrema()[0] < 240]
    return [y / 10 for y in dark if y - 1 not in dark]


# Styles


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("paper", PAPERS)
def test_in_block_everything_that_is_said_begins_at_the_margin(paper, large_print):
    words = all_boxes(render_pdf(sheet(paper=paper, large_print=large_print)))
    for text in ("3", "Our", "Dear", "Thank", "Yours", "Helen", "Enclosures"):
        assert at(words, text)[0] == pytest.approx(MARGIN[paper], abs=1)


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("style", ["modified_block", "semi_block"])
def test_date_close_and_signature_begin_at_the_middle_of_the_sheet(style, paper, large_print):
    words = all_boxes(render_pdf(variant(style, paper, large_print=large_print)))
    for text in ("3", "Yours", "Helen", "Head"):
        assert at(words, text)[0] == pytest.approx(MIDDLE[paper], abs=1)
    for text in ("Our", "Dear", "Your", "Enclosures", "Copies"):
        assert at(words, text)[0] == pytest.approx(MARGIN[paper], abs=1)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("paper", PAPERS)
def test_only_in_semi_block_the_first_line_of_a_paragraph_is_indented(language, paper):
    like = dataclasses.replace(sheet(language=language), body="FIRST " + "word " * 40 + "\n\n- LISTED\n\nSECOND one.")
    indent = 10 if language == "en" else 2 * 10.5 * 25.4 / 72
    for style in STYLES:
        words = boxes(render_pdf(variant(style, paper, like=like)))
        expected = MARGIN[paper] + (indent if style == "semi_block" else 0)
        for text in ("FIRST", "SECOND"):
            assert at(words, text)[0] == pytest.approx(expected, abs=0.6)
        assert min(left for text, left, *_ in words if text == "word") == pytest.approx(MARGIN[paper], abs=0.6)
        assert at(words, "LISTED")[0] == pytest.approx(MARGIN[paper] + 6, abs=1)


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize(("style", "paper"), VARIANTS)
def test_the_close_is_never_alone_on_a_page_in_any_style(style, paper, large_print):
    for lines in (3, 5, 7, 11, 13) if large_print else (8, 10, 12, 14):
        body = "\n\n".join(["LINE of the letter."] * lines)
        printed = pages(render_pdf(variant(style, paper, large_print=large_print, body=body)))
        last = next(page for page in printed if "Yours sincerely" in page)
        assert last.count("LINE") >= 2
        assert "Helen Marsh" in last


@pytest.mark.parametrize("paper", PAPERS)
def test_a_long_last_paragraph_goes_on_to_the_next_page_with_the_close_alone(paper):
    last = "LAST " + "word " * 40
    broken = []
    for lines in range(8, 20):
        body = "\n\n".join([*["LINE of the letter."] * lines, last])
        printed = pages(render_pdf(sheet(body=body, paper=paper)))
        page = next(page for page in printed if "Yours sincerely" in page)
        assert "LAST" in page
        broken.append(len(printed) > 1 and "LINE" not in page)
    assert any(broken)


@pytest.mark.parametrize(("part", "changes"), [("style", {"style": "fancy"}), ("paper", {"paper": "a5"})])
def test_a_style_or_paper_that_we_do_not_have_is_named(part, changes):
    text = refusal(sheet(**changes))
    assert f"{part} “{changes[part]}”; choose one of " in text


def test_a_date_that_has_no_room_beside_the_letterhead_is_refused():
    lines = ("12 Quay Street",) * 7
    crowded = dataclasses.replace(headed(address_lines=lines), style="modified_block", date_line="3 November " * 4)
    assert "no room for the letterhead's contact lines beside the date" in refusal(crowded)


def test_a_house_name_that_runs_into_the_references_is_refused():
    assert "no room for the letterhead's name beside the date" in refusal(headed(name="Northwind Home " * 12))


# Large print


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("style", STYLES)
def test_large_print_says_everything_in_16_points_or_more(style, paper):
    printed = render_pdf(variant(style, paper, like=RESOLUTION, large_print=True))
    words = all_boxes(printed)
    # What belongs to the envelope or the stationery keeps its size: it stands above y 100, or is the company's number.
    first = boxes(printed)
    said = [box for box in first if 94 < box[2] < 250] + words[len(first) :]
    assert len(said) > 300
    assert min(bottom - top for _, _, top, _, bottom in said) >= 16 * EM - 0.05
    assert all(height(words, label) >= 16 * EM - 0.05 for label in ("Page", "3", "Our"))


def test_ordinary_print_is_smaller_than_large_print():
    assert height(boxes(render_pdf(RESOLUTION)), "Dear") == pytest.approx(10.5 * EM, abs=0.05)


def test_large_print_may_take_more_pages_but_not_any_number():
    body = "\n\n".join(["word " * 100] * 32)
    assert 10 < len(pages(render_pdf(sheet(body=body, large_print=True)))) <= 20
    assert "pages, more than 20; shorten it" in refusal(
        sheet(body="\n\n".join(["- " * 8 + "word " * 200] * 29), large_print=True)
    )


# What is kept


def test_every_variant_is_its_own_and_the_same_bytes_each_time():
    chosen = [
        variant(style, paper, large_print=large, like=like)
        for style, paper in VARIANTS
        for large in (False, True)
        for like in (RESOLUTION, dataclasses.replace(ARABIC, address_lines=ARABIC.address_lines[:4]))
    ]
    once = [render_pdf(one) for one in chosen]
    again = [render_pdf(one) for one in reversed(chosen)]
    assert once == again[::-1]
    assert len(set(once)) == len(chosen) == 24


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("letter.css", "font-size: 10.5pt;", "font-size: 10pt;"),
        ("semi_block.css", "text-indent: 10mm", "text-indent: 20mm"),
        ("labels/en.yaml", "Copies to", "Also sent to"),
        ("letter.html", '<p class="salutation">', '<p class="salutation">To: '),
    ],
)
def test_changed_paper_is_used_at_once(file, before, after, tmp_path, settings):
    letter = sheet(style="semi_block")
    old = render_pdf(letter)
    paper = (ROOT / "templates/letters/print" / file).read_text()
    assert before in paper
    changed = tmp_path / "letters/print" / file
    changed.parent.mkdir(parents=True)
    changed.write_text(paper.replace(before, after))
    as_it_was = settings.TEMPLATES
    settings.TEMPLATES = [{**as_it_was[0], "DIRS": [tmp_path, *as_it_was[0]["DIRS"]]}]
    assert render_pdf(letter) != old
    settings.TEMPLATES = as_it_was
    assert render_pdf(letter) == old


def test_a_changed_letterhead_is_printed_at_once():
    render_pdf(headed(logo=picture("PNG")))
    assert "Southwind Home Ltd" in pages(render_pdf(headed(name="Southwind Home Ltd")))[0]
