"""Somebody's own copy: the letter as it was issued, with a line that says whose copy it is."""

import dataclasses
import io

import pikepdf
import pytest

from letters.render import CannotRender, render_pdf
from letters.stamp import marked
from tests.letters.paper import ACKNOWLEDGEMENT, RESOLUTION, RESOLVED, boxes, drawn, pages, poppler, structure

PRIYA = "Priya Nair, Delivery Manager"
# Whose copy in which language, and the words of the line as they are read from the page.
COPIES = {
    "en": (PRIYA, "Copy for Priya Nair, Delivery Manager"),
    "lv": ("Ģirts Ķēniņš, noliktavas vadītājs", "Kopija: Ģirts Ķēniņš, noliktavas vadītājs"),
    "fi": ("Äijä Öhman, toimituspäällikkö", "Kopio: Äijä Öhman, toimituspäällikkö"),
    "ar": ("سالم الكتبي", "نسخة خاصة بـ: سالم الكتبي"),
    "zh-hans": ("王芳，配送经理", "副本：王芳，配送经理"),
}


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def tree(pdf):
    """The whole structure of the file, as text: tags, their order, the languages, the alternative texts."""
    with opened(pdf) as letter:
        return list(_tags(letter.Root.StructTreeRoot.K)), structure(pdf)


def _tags(kids):
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield str(kid.get("/S")), str(kid.get("/Alt")), str(kid.get("/Lang"))
            yield from _tags(kid.get("/K", pikepdf.Array()))
        else:
            yield int(kid)


@pytest.mark.parametrize("language", RESOLVED)
def test_every_page_says_whose_copy_it_is_in_the_letters_language(language):
    who, line = COPIES[language]
    letter = render_pdf(RESOLVED[language])
    copy = marked(letter, who, language=language)
    assert len(pages(copy)) == len(pages(letter))
    said = {character for character in line if not character.isspace()}
    for number, page in enumerate(pages(copy), start=1):
        top = "".join(text for text, _, y, _, end in boxes(copy, page=number) if end < 11.5)
        assert said <= set(top), page


def test_the_mark_stands_above_the_letterhead_and_within_the_margins_on_every_paper():
    for sheet in (
        RESOLUTION,
        dataclasses.replace(RESOLUTION, paper="us_letter", style="semi_block"),
        dataclasses.replace(RESOLUTION, large_print=True),
        RESOLVED["ar"],
    ):
        letter = render_pdf(sheet)
        copy = marked(letter, PRIYA, language=sheet.language)
        mark = [box for box in boxes(copy) if box not in boxes(letter)]
        assert {"Priya", "Nair,", "Manager"} <= {text for text, *_ in mark}
        assert all(left > 24.9 and top > 4.5 and right < 191 and end < 11.5 for _, left, top, right, end in mark)
        assert min(top for _, _, top, *_ in boxes(letter)) > max(end for *_, end in mark)


def test_a_mark_of_250_characters_fits_between_the_margins():
    copy = marked(render_pdf(ACKNOWLEDGEMENT), "Priya Nair, " * 21, language="en")
    assert all(left > 24.9 and right < 185.5 for text, left, _, right, _ in boxes(copy) if text == "Priya")


def test_the_rest_of_the_copy_is_the_letter_word_for_word():
    letter = render_pdf(RESOLUTION)
    copy = marked(letter, PRIYA, language="en")
    whole, mark = poppler("pdftotext", copy, "-raw"), "Copy for Priya Nair, Delivery Manager"
    assert whole.count(mark) == 2
    assert sorted(whole.replace(mark, "").split()) == sorted(poppler("pdftotext", letter, "-raw").split())
    assert [box for box in boxes(copy) if box in boxes(letter)] == boxes(letter)


def test_a_screen_reader_passes_the_mark_by():
    letter = render_pdf(RESOLUTION)
    assert tree(marked(letter, PRIYA, language="en")) == tree(letter)


def test_the_copy_still_claims_archive_and_accessibility_and_embeds_every_font():
    with opened(marked(render_pdf(RESOLUTION), PRIYA, language="en")) as copy:
        assert copy.check_pdf_syntax() == []
        said = copy.open_metadata()
        assert said.pdfa_status == "3A"
        assert said["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert str(copy.Root.Lang) == "en-GB"
        assert copy.Root.MarkInfo.Marked
        assert copy.Root.OutputIntents[0].S == "/GTS_PDFA1"
        files = [thing for thing in copy.objects if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing]
        names = [str(descriptor.FontName) for descriptor in files]
        assert len(names) == len(set(names)) == 3
        assert {name.partition("+")[2] for name in names} == {"Noto-Sans", "Noto-Sans-Bold"}


def test_the_mark_is_an_artifact_and_is_not_turned_over_by_what_stands_before_it():
    with opened(marked(render_pdf(RESOLUTION), PRIYA, language="en")) as copy:
        for page in copy.pages:
            told = [
                (str(operator), [str(o) for o in operands]) for operands, operator in pikepdf.parse_content_stream(page)
            ]
            assert told[0][0] == "q"
            assert [operator for operator, _ in told[-7:]] == ["Q", "BDC", "q", "cm", "Do", "Q", "EMC"]
            assert told[-6][1][0] == "/Artifact"
            opened_states = sum({"q": 1, "Q": -1}.get(operator, 0) for operator, _ in told)
            assert opened_states == 0
            across, _, _, up, *_ = (float(value) for value in told[-4][1])
            assert across == up == 1


def test_the_same_letter_for_the_same_person_gives_the_same_bytes_and_for_another_one_others():
    letter = render_pdf(RESOLUTION)
    assert marked(letter, PRIYA, language="en") == marked(letter, PRIYA, language="en")
    assert marked(letter, PRIYA, language="en") != marked(letter, "Tom Bell, Accounts", language="en")


def test_a_latin_name_in_an_arabic_mark_keeps_the_order_of_its_words():
    copy = marked(render_pdf(RESOLVED["ar"]), "Tom Bell (EH 24)", language="ar")
    top = [(left, text) for text, left, _, _, end in boxes(copy) if end < 11.5]
    latin = [text for _, text in sorted(top) if text.isascii() and any(map(str.isalpha, text))]
    assert [word.strip("()") for word in latin] == ["Tom", "Bell", "EH"]


def test_an_apostrophe_of_a_latin_name_in_a_chinese_mark_is_as_narrow_as_a_latin_one():
    copy = marked(render_pdf(RESOLVED["zh-hans"]), "O’Neill", language="zh-hans")
    [box] = [box for box in boxes(copy) if "Neill" in box[0]]
    assert box[3] - box[1] < 22


def test_a_name_without_glyphs_is_named_and_not_printed_as_boxes():
    letter = render_pdf(ACKNOWLEDGEMENT)
    with pytest.raises(CannotRender, match=r"U\+.* \(mark on the copy\); replace it\."):
        marked(letter, "\U00013000 Nair", language="en")
    with pytest.raises(CannotRender, match="mark on the copy cannot be printed; delete it"):
        marked(letter, "Priya\u202eriaN", language="en")


def test_markup_in_a_name_is_printed_as_it_was_typed():
    assert (
        "Copy for <b>Priya</b> & co"
        in pages(marked(render_pdf(ACKNOWLEDGEMENT), "<b>Priya</b> & co", language="en"))[0]
    )


def test_the_letters_own_bytes_are_left_alone():
    letter = render_pdf(ACKNOWLEDGEMENT)
    before = bytes(letter)
    marked(letter, PRIYA, language="en")
    assert letter == before
    assert drawn(letter) == drawn(before)
