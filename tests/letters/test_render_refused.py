import dataclasses
import logging
import re

import pytest

from letters.render import Letterhead, Signatory, render_pdf
from tests.letters.paper import ACKNOWLEDGEMENT, NORTHWIND, ROOT, drawing, headed, pages, picture, refusal, sheet


def test_whatever_weasyprint_warns_of_stops_the_letter_even_when_its_log_is_switched_off(tmp_path, settings):
    paper = (ROOT / "templates/letters/print/letter.html").read_text()
    (tmp_path / "letters/print").mkdir(parents=True)
    (tmp_path / "letters/print/letter.html").write_text(paper.replace("<h1>", "<h1 style='text-sparkle: 3'>"))
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    logger = logging.getLogger("weasyprint")
    before = logger.disabled, logger.level
    logger.disabled, logger.level = True, logging.CRITICAL
    try:
        assert "text-sparkle" in refusal(ACKNOWLEDGEMENT)
    finally:
        logger.disabled, logger.level = before


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("date", {"date_line": " "}),
        ("address", {"address_lines": ()}),
        ("salutation", {"salutation": ""}),
        ("subject", {"subject": ""}),
        ("body", {"body": "\n\n"}),
        ("close", {"close": ""}),
        ("signatory's name", {"signatory": Signatory("", "Lead")}),
        ("letterhead's name", {"letterhead": Letterhead(name="", address_lines=())}),
    ],
)
def test_an_empty_part_is_named(part, changes):
    assert refusal(sheet(**changes)) == f"The {part} is empty; write it."


def test_everything_that_is_wrong_is_said_at_once():
    text = refusal(sheet(subject="", close="[[close]]", salutation="Dear\x07"))
    assert text == (
        "The subject is empty; write it. U+0007 in the salutation cannot be printed; delete it. "
        "[[close]] is not filled in (close)."
    )


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x85", "\r", "\u202e", "\u2028", "\ue000", "\ud800"])
def test_a_character_that_cannot_be_printed_is_named_by_its_number_and_place(character):
    number = f"U+{ord(character):04X}"
    assert refusal(sheet(subject=f"a{character}b")) == f"{number} in the subject cannot be printed; delete it."
    assert f"{number} in the address, line 2" in refusal(sheet(address_lines=("Jane", character + "x")))


@pytest.mark.parametrize(
    "body", ["Until [[next contact date]].", "Until [[next *contact* date]]", r"\[\[next contact date]]"]
)
def test_a_placeholder_left_in_the_body_is_named(body):
    text = refusal(sheet(body=body))
    assert re.search(r"\[\[next \*?contact\*? date\]\] is not filled in \(body\)", text)


def test_a_placeholder_left_anywhere_else_is_named():
    assert refusal(sheet(copies=("Tom", "[[name]]"))) == "[[name]] is not filled in (copy 2)."
    assert "(reference “Our reference”)" in refusal(sheet(references=(("Our reference", "[[reference]]"),)))


def test_a_character_without_a_glyph_is_named_with_its_place():
    text = refusal(sheet(subject="About \u0378", body="\u0378 and 𒀀"))
    assert "U+0378 “\u0378” cannot be printed with our fonts (subject, body); replace it." in text
    assert "U+12000 “𒀀” " in text


def test_a_character_that_only_another_font_has_is_named_with_its_place():
    text = refusal(sheet(salutation="Dear שרה,"))
    assert re.search(r"U\+05E9 “ש” (would be printed in|cannot be printed) .*\(salutation\); replace it", text)


def test_lengths_beyond_reason_are_refused_before_anything_is_laid_out():
    assert "more than 30,000" in refusal(sheet(body="word " * 6_001))
    assert "more than 400; shorten" in refusal(sheet(body="word\n" * 401))
    assert "longer than 300 characters" in refusal(sheet(body="x" * 301))
    assert "The subject has 1,005 characters" in refusal(sheet(subject="word " * 201))
    assert "51 copies" in refusal(sheet(copies=("Tom",) * 51))
    assert "4 references" in refusal(sheet(references=(("a", "b"),) * 4))


def test_words_of_300_characters_and_long_chinese_paragraphs_are_printed():
    text = " ".join(pages(render_pdf(sheet(body="x" * 300 + "\n\n" + "送货两次都没有来" * 60))))
    assert text.count("x") >= 300
    assert text.replace(" ", "").count("送货") >= 50


def test_tables_beyond_reason_are_refused():
    head = "| a | b |\n|---|---|\n"
    assert "201 rows, more than 200" in refusal(sheet(body=head + "| c | d |\n" * 201))
    assert "9 columns, more than 8" in refusal(sheet(body="|a" * 9 + "|\n" + "|-" * 9 + "|\n"))


@pytest.mark.parametrize("body", ["- " * 12 + "deep", "*a " * 21 + "deep" + " b*" * 21])
def test_nesting_beyond_reason_is_refused(body):
    assert "deeper than 20 levels" in refusal(sheet(body=body))


def test_lists_nested_ten_deep_are_printed():
    assert "deep" in pages(render_pdf(sheet(body="- " * 9 + "deep")))[0]


@pytest.mark.parametrize("heading", ["# One", "#### Four"])
def test_a_heading_that_is_no_part_of_a_letter_is_refused(heading):
    mark, word = heading.split()
    assert f"The heading “{word}” in the body begins with {mark}; begin it with ##" in refusal(sheet(body=heading))


def test_a_letter_of_more_than_ten_pages_is_refused():
    assert "pages, more than 10; shorten it" in refusal(sheet(body="\n\n".join(["- " * 8 + "word " * 200] * 29)))


def test_an_address_that_does_not_fit_the_window_is_refused():
    assert "Line 2 of the address is too wide" in refusal(sheet(address_lines=("Jane", "M" * 35)))
    assert "The address has 7 lines" in refusal(sheet(address_lines=("Jane",) * 7))


def test_references_that_would_show_in_the_window_are_refused():
    assert "above the address window" in refusal(sheet(references=(("Our reference", "2026 " * 60),)))


def test_a_letterhead_taller_than_the_top_of_the_page_is_refused():
    assert "letterhead's address and contact lines" in refusal(headed(address_lines=("12 Quay Street",) * 30))


@pytest.mark.parametrize("colour", ["red", "#12345", "#1f4e79; background: url(file:///etc/passwd)"])
def test_a_colour_is_six_hexadecimal_digits(colour):
    assert "must look like #1f4e79" in refusal(headed(colour=colour))


@pytest.mark.parametrize("language", ["xx", "../../x", "", "EN"])
def test_a_language_that_our_paper_does_not_speak_is_named(language):
    assert f"Our paper does not speak “{language}”" in refusal(sheet(language=language))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither PNG, JPEG nor SVG"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "neither PNG, JPEG nor SVG"),
        (b"<html></html>", "neither PNG, JPEG nor SVG"),
        (b"<svg", "neither PNG, JPEG nor SVG"),
        (drawing("x").decode().encode("utf-16"), "neither PNG, JPEG nor SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawing("&a;"), "it defines entities"),
        (drawing("<g>" * 60 + "</g>" * 60), "nested deeper than 50"),
        (drawing("<use href='#a'/>" * 21), "repeats or masks its own parts too often"),
        (picture("PNG")[:60], "its data are damaged"),
        (picture("PNG", (4_001, 1)), "wider or higher than 4,000 pixels"),
        (b"\x89PNG" + bytes(5_000_000), "larger than 5 MB"),
    ],
)
def test_a_picture_that_cannot_be_read_stops_the_letter(data, why):
    assert refusal(headed(logo=data)).startswith("The letterhead's logo cannot be read: ")
    assert why in refusal(headed(logo=data))
    signed = sheet(signatory=Signatory("Helen", "Lead", data))
    assert "The picture of the signature cannot be read" in refusal(signed)


def test_a_logo_needs_a_description():
    bare = sheet(letterhead=dataclasses.replace(NORTHWIND, logo=picture("PNG")))
    assert refusal(bare) == "The description of the letterhead's logo is empty; write it."
