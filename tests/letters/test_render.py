import dataclasses
import io
import os
import pickle
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest

from letters import render, typesetting
from letters.render import Signatory, check_fonts, render_pdf
from tests.letters.paper import (
    ACKNOWLEDGEMENT,
    RESOLUTION,
    ROOT,
    boxes,
    drawing,
    headed,
    pages,
    picture,
    sheet,
    structure,
)

# What the letter looks like


def test_the_parts_of_the_letter_are_read_in_the_order_of_a_formal_letter():
    text = structure(render_pdf(ACKNOWLEDGEMENT))
    parts = [
        "Northwind Home Ltd",
        "+44 117 496 0182",
        "3 November 2026",
        "Our reference",
        "2026-4827-1936",
        "ORD-77",
        "Ms Jane Ashworth",
        "CF10 5AL",
        "Dear Ms Ashworth,",
        "Your complaint about the delivery",
        "Thank you for writing to us.",
        "Yours sincerely,",
        "Helen Marsh",
        "Head of Customer Care",
        "Enclosures",
        "Delivery note",
        "Copies to",
        "Priya Nair, Delivery Manager",
        "Tom Bell, Accounts",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_everything_but_the_contact_column_and_the_page_number_begins_at_the_left_margin():
    lines = {}
    for text, left, top, *_ in boxes(render_pdf(ACKNOWLEDGEMENT)):
        if text not in ("Page", "1", "of"):
            lines.setdefault(round(top), []).append(left)
    starts = {min(line) for line in lines.values()}
    assert {round(start) for start in starts} == {25, 137}


@pytest.mark.parametrize("count", [1, 4, 6])
def test_the_address_shows_in_the_window_and_nothing_else_does(count):
    address = tuple(f"ADDRESS{line} Tägg" for line in range(count))
    words = boxes(render_pdf(sheet(address_lines=address)))
    inside = [box for box in words if box[0].startswith(("ADDRESS", "Tägg"))]
    assert len(inside) == 2 * count
    # Four lines show in every envelope, American ones too; six in German and British ones.
    window_top, window_end = (63.5, 80.5) if count <= 4 else (57, 81)
    # The box of a word is that of its font: a capital begins 1.1 mm below its top.
    for _, left, top, right, end in inside:
        assert left >= 20
        assert right <= 91
        assert top + 1.1 >= window_top
        assert end <= window_end
    return_line_top = min(y for _, _, y, _, _ in inside) - 5
    others = [box for box in words if box not in inside and box[1] < 110]
    assert not [text for text, _, y, _, end in others if end > 45 and y < return_line_top]
    assert not [text for text, _, y, _, _ in others if 81 < y < 99]


def test_a_resolution_of_350_words_with_three_commitments_takes_two_pages_at_most():
    assert 340 <= len(RESOLUTION.body.split()) <= 420
    first, second = pages(render_pdf(RESOLUTION))
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert second.startswith("Ms Jane Ashworth · 3 November 2026 · 2026-4827-1936")
    assert "Ms Jane Ashworth ·" not in first
    assert "no. 04418827" in first
    assert "no. 04418827" not in second


def test_a_short_letter_takes_one_page():
    assert len(pages(render_pdf(ACKNOWLEDGEMENT))) == 1


@pytest.mark.parametrize("lines", range(7, 21))
def test_the_close_never_stands_on_a_page_without_two_lines_of_the_letter(lines):
    body = "\n\n".join(["LINE of the letter."] * lines)
    page = next(page for page in pages(render_pdf(sheet(body=body))) if "Yours sincerely" in page)
    assert page.count("LINE") >= 2
    assert "Helen Marsh" in page
    assert "Tom Bell, Accounts" in page


def test_a_row_of_a_table_never_breaks_across_pages():
    entry = " ".join(["entry"] * 28)
    rows = "\n".join(f"| begin{row} {entry} end{row} | Tom | 3 November |" for row in range(30))
    found = pages(render_pdf(sheet(body=f"| What | Who | By when |\n|---|---|---|\n{rows}")))
    assert len(found) > 1
    assert all("By when" in page for page in found)  # the head is repeated
    for row in range(30):
        assert [f"begin{row} " in page for page in found] == [f"end{row} " in page for page in found]


def test_a_table_of_three_commitments_stays_together():
    for lines in range(5, 17):
        body = "\n\n".join(["LINE"] * lines) + "\n\n" + RESOLUTION.body.split("## What we agreed")[1]
        with_table = [page for page in pages(render_pdf(sheet(body=body))) if "By when" in page]
        assert len(with_table) == 1
        assert "13 November 2026" in with_table[0]


def test_the_body_prints_what_markdown_means_and_nothing_more():
    body = "**strong** *kind*\n\n- one\n\n## Head\n\n[link](http://example.com) `code` <b>bold</b> ![i](x.png) &amp;"
    text = pages(render_pdf(sheet(body=body)))[0]
    assert "strong kind" in text
    assert "• one" in text
    assert "[link](http://example.com) `code` <b>bold</b> ![i](x.png) &amp;" in text


def test_markup_in_any_part_is_printed_as_it_was_typed():
    mark = "<b>&amp;{{ 7*7 }}{% x %}"
    changes = ("date_line", "salutation", "subject", "close")
    pdf = render_pdf(
        sheet(
            **dict.fromkeys(changes, mark),
            address_lines=(mark,),
            enclosures=(mark,),
            copies=(mark,),
            references=((mark, mark),),
            signatory=Signatory(mark, mark),
        )
    )
    assert structure(pdf).count(mark) == 11


def test_arabic_and_chinese_names_stand_in_an_english_letter():
    body = "محمد عبد الرحمن wrote to 王芳 about Rīga, Łódź and Αθήνα: → ✓ €"
    pdf = render_pdf(sheet(body=body, address_lines=("王芳女士", "和平路1号", "London")))
    text = re.sub(r"[\u2000-\u200f\u202a-\u202e\u2066-\u2069]", "", pages(pdf)[0])
    assert "王芳女士" in text
    assert "محمد" in text
    assert "Rīga, Łódź and Αθήνα: → ✓ €" in text


# What the file is


def test_pictures_have_a_description():
    signed = dataclasses.replace(headed(logo=picture("PNG")), signatory=Signatory("Helen", "Lead", picture("JPEG")))
    with pikepdf.open(io.BytesIO(render_pdf(signed))) as pdf:
        described = {
            str(thing.Alt) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        }
    assert described == {"Northwind", "Signature of Helen"}


def test_the_same_sheet_gives_the_same_bytes_in_every_thread_and_process():
    here = render_pdf(RESOLUTION)
    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(render_pdf, [RESOLUTION] * 6)) == {here}
    elsewhere = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, pickle, django; django.setup(); from letters.render import render_pdf;"
            "sys.stdout.buffer.write(render_pdf(pickle.load(sys.stdin.buffer)))",
        ],
        input=pickle.dumps(RESOLUTION),
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert elsewhere.stdout == here


def test_each_thread_makes_its_own_fonts_once_and_keeps_them(monkeypatch):
    made, make = [], typesetting.FontConfiguration

    def noted():
        made.append(threading.get_ident())
        return make()

    monkeypatch.setattr(typesetting, "FontConfiguration", noted)
    both_there = threading.Barrier(2)

    def two_letters(_):
        both_there.wait()
        return render_pdf(ACKNOWLEDGEMENT), render_pdf(RESOLUTION)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(two_letters, range(2)))
    assert len(made) == len(set(made)) == 2


def test_line_ends_and_tabs_are_no_control_characters():
    assert "one two" in pages(render_pdf(sheet(body="one\r\ntwo\n\n\tthree")))[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photograph_is_painted_anew_and_printed(kind):
    with pikepdf.open(io.BytesIO(render_pdf(headed(logo=picture(kind))))) as pdf:
        assert [image.Width for image in pdf.pages[0].get_images().values()] == [60]


def test_a_drawing_with_gradients_and_repeated_parts_is_printed():
    inside = (
        "<defs><linearGradient id='g'><stop offset='0' stop-color='red'/></linearGradient><path id='p' d='M0 0L9 9'/>"
        "</defs><rect fill='url(#g)' width='5' height='5'/><use href='#p'/><use xlink:href='#p'/>"
    )
    assert "Northwind Home Ltd" in pages(render_pdf(headed(logo=drawing(inside))))[0]


# The machine


def test_this_machine_has_what_letters_need():
    assert check_fonts() == []


def test_a_font_family_that_is_not_installed_is_named(tmp_path, monkeypatch):
    listing = tmp_path / "fc-list"
    listing.write_text("#!/bin/sh\necho 'Noto Sans'\necho 'Noto Sans CJK JP,Noto Sans CJK SC'\n")
    listing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert check_fonts() == ["The font family Noto Sans Arabic is not installed; letters need it."]


def test_without_fontconfig_every_family_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(check_fonts()) == 3


def test_a_missing_subsetting_library_is_named(monkeypatch):
    monkeypatch.setattr(render, "harfbuzz_subset", None)
    assert "libharfbuzz-subset is not installed" in check_fonts()[0]
