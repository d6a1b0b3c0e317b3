import dataclasses
import re
import unicodedata
from collections import Counter

import pikepdf
import pytest

from letters.render import render_pdf
from tests.letters.paper import ARABIC, CHINESE, LATVIAN, RESOLVED, boxes, drawn, fonts, pages, sheet, structure

LANGUAGES = list(RESOLVED)
LATIN = {"Noto-Sans", "Noto-Sans-Bold"}
FONTS = {
    "en": LATIN,
    "lv": LATIN,
    "fi": LATIN,
    "ar": LATIN | {"Noto-Sans-Arabic", "Noto-Sans-Arabic-Bold"},
    "zh-hans": {"Noto-Sans", "Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"},
}
LONG = {language: dataclasses.replace(one, body="\n\n".join([one.body] * 3)) for language, one in RESOLVED.items()}
PAGE_TWO = {
    "en": "Page 2 of",
    "lv": "2. lapa no",
    "fi": "Sivu 2 (",
    "ar": "صفحة 2 من",
    "zh-hans": "第 2 页，共",
}


def plain(text):
    """The text composed, without the marks of direction."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")


def solid(text):
    return "".join(plain(text).split())


def words_of(text):
    """How often each word occurs, punctuation left aside."""
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain(text))
    return Counter(letters.split())


def said(letter):
    """All that a letter says, each part once, as somebody would read it."""
    for place, text in letter.parts():
        if place not in ("body", "name on later pages"):
            yield text
    body = re.sub(r"^\|[-|]+\|$|^#+ |^\d\. |\*\*", "\n\n", letter.body, flags=re.MULTILINE)
    yield from (cell for line in re.split(r"\n\n+|\n(?=\|)", body) for cell in line.split("|"))


@pytest.mark.parametrize("language", ["en", "lv", "fi", "zh-hans"])
def test_all_that_a_letter_says_can_be_read_back(language):
    letter = RESOLVED[language]
    pdf = render_pdf(letter)
    text = solid(structure(pdf)) + solid(pages(pdf)[0])  # the registration line is no part of the text's order
    for part in said(letter):
        assert solid(part) in text


def test_all_that_an_arabic_letter_says_can_be_read_back():
    # Some readers turn the two letters of a ligature round; we look at what the file itself says of its glyphs.
    lines = []
    for glyphs in drawn(render_pdf(ARABIC)):
        if any(unicodedata.bidirectional(c) == "AL" for glyph in glyphs for c in glyph):
            backwards = "".join(reversed(glyphs))
            lines.append(re.sub(r"\d+", lambda number: number[0][::-1], backwards))
        else:
            lines.append("".join(glyphs))
    found = words_of(" ".join(lines))
    found -= words_of("صفحة 1 من 1 المرفقات نسخة إلى Northwind Home Ltd 12 Quay Street Bristol BS1 4DJ")
    assert found == words_of(" ".join(said(ARABIC)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_fonts_of_the_language_are_used(language):
    assert fonts(render_pdf(RESOLVED[language])) <= FONTS[language]
    assert any("Noto-Sans" in name for name in fonts(render_pdf(RESOLVED[language])))


@pytest.mark.parametrize("language", LANGUAGES)
def test_later_pages_name_addressee_date_and_reference_and_count_in_the_language(language):
    letter = LONG[language]
    second = plain(pages(render_pdf(letter))[1])
    assert solid(PAGE_TWO[language]) in solid(second)
    for part in (letter.addressee or letter.address_lines[0], letter.date_line, letter.references[0][1]):
        for word in part.split():
            assert word in second


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en-GB"), ("lv", "lv-LV"), ("fi", "fi-FI"), ("ar", "ar"), ("zh-hans", "zh-CN")]
)
def test_the_file_says_its_language(language, tag, tmp_path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(render_pdf(RESOLVED[language]))
    with pikepdf.open(file) as pdf:
        assert pdf.Root.Lang == tag


@pytest.mark.parametrize("language", ["lv", "fi"])
def test_no_word_is_hyphenated(language):
    long_words = "sähköasennustarkastuspöytäkirja neparedzētiem apkalpošanas " * 20
    letter = dataclasses.replace(RESOLVED[language], body=long_words)
    printed = " ".join(pages(render_pdf(letter)))
    assert printed.count("sähköasennustarkastuspöytäkirja") == 20
    assert printed.count("neparedzētiem") == 20
    assert "\u2010" not in printed


def lines_of(pdf):
    return ["".join(glyphs).replace("\u00a0", " ").strip() for glyphs in drawn(pdf)]


@pytest.mark.parametrize(
    ("language", "held"),
    [
        ("en", "4 December"),
        ("lv", "30. novembrī"),
        ("fi", "4. joulukuuta"),
        ("en", "12 days"),
        ("fi", "29,00 €"),
    ],
)
def test_a_number_is_never_parted_from_what_it_counts(language, held):
    words = iter("abcdefghijklmnopqrstuvw")
    body = "\n\n".join(f"{'wordy ' * 14}{next(words) * length} {held} more." for length in range(1, 20))
    lines = lines_of(render_pdf(dataclasses.replace(RESOLVED[language], body=body)))
    number, _, counted = held.rpartition(" ")
    assert sum(held in line for line in lines) == 19
    assert not any(line.endswith(number) or (line.startswith(counted) and number not in line) for line in lines)


@pytest.mark.parametrize("whole", ["+44 117 496 0199", "https://www.example.com/my/Es5FOs-AtJE_2-DTmE_UMg/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_number_and_the_address_of_a_page_are_not_broken(language, whole):
    filler = "كلمة " if language == "ar" else "wordy "
    body = "\n\n".join(f"{filler * 12}{filler[0] * length} {whole} {filler}." for length in range(1, 20, 2))
    lines = lines_of(render_pdf(dataclasses.replace(RESOLVED[language], body=body)))
    assert sum(whole in line for line in lines) == 10


def test_a_very_long_address_of_a_page_is_broken_rather_than_run_off_the_sheet():
    address = f"https://www.example.com/{'a' * 200}"
    for language in LANGUAGES:
        words = boxes(render_pdf(dataclasses.replace(RESOLVED[language], body=f"Look at {address} please.")))
        assert max(right for _, _, _, right, _ in words) < 195


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_column_of_a_table_holds_a_whole_day(language):
    days = {"en": "30 September 2026", "lv": "2026. gada 30. novembris", "fi": "30. marraskuuta 2026"}
    day = days.get(language, "2026")
    table = f"| A | B | C |\n|---|---|---|\n| One | Two | {day} |"
    for paper in ("a4", "us_letter"):
        letter = dataclasses.replace(
            RESOLVED[language], body=table, paper=paper, address_lines=("A", "B", "C"), copies=()
        )
        assert any(line.endswith(day) for line in lines_of(render_pdf(letter)))


# From right to left


def spots(letter, *, page=1):
    """The words of a page and their places; Arabic words come from left to right, and are turned round here."""
    found = [(plain(text), *place) for text, *place in boxes(render_pdf(letter), page=page)]
    return [(text[::-1] if unicodedata.bidirectional(text[0]) == "AL" else text, *place) for text, *place in found]


def test_an_arabic_letter_is_mirrored_but_for_its_address():
    words = spots(ARABIC)
    right = {"السيد": [], "نوفمبر": [], "المسؤول": [], "الموعد": []}
    for text, left, top, end, _ in words:
        if text in right:
            right[text].append((top, left, end))
    assert [end for top, _, end in right["السيد"] if top > 95] == [pytest.approx(185, abs=0.7)]  # the salutation
    assert min(left for top, left, _ in right["السيد"] if top < 81) > 25  # the address stays in the window
    assert max(end for top, _, end in right["السيد"] if top < 81) < 91
    assert right["المسؤول"][0][1] > right["الموعد"][0][1]  # the table's columns run from the right
    assert at_left(words, "www.northwind.example") < 75  # the letterhead's column
    assert at_left(words, "صفحة") < 45  # the page number
    assert at_left(words, "04418827.") > 150  # the registration line


@pytest.mark.parametrize("large_print", [False, True])
def test_a_registration_line_of_another_direction_keeps_its_order_on_its_second_line(large_print):
    english = (
        "Ellerfold Home Limited. Registered in England and Wales, company number 99990137. Registered office above."
    )
    arabic = "مؤسسة البيت للأجهزة المنزلية، مسجلة في السجل التجاري لإمارة دبي تحت الرقم 4418827، ومقرها الرئيس في ديرة."
    for letter, line, drawn_so in ((ARABIC, english, r"above\.$"), (RESOLVED["en"], arabic, r"^\.ةريد")):
        head = dataclasses.replace(letter.letterhead, registration_line=line)
        pdf = render_pdf(dataclasses.replace(letter, letterhead=head, large_print=large_print))
        lines = ["".join(glyphs).strip() for glyphs in drawn(pdf)]
        assert line not in lines  # it takes two
        assert any(re.search(drawn_so, line) for line in lines)


def at_left(words, text):
    return next(left for word, left, *_ in words if word == text)


def test_an_arabic_letter_in_modified_block_begins_date_and_close_at_the_middle_from_the_right():
    for style in ("modified_block", "semi_block"):
        words = spots(dataclasses.replace(ARABIC, style=style))
        ends = {text: right for text, _, top, right, _ in words if top > 35}
        assert ends["Marsh"] == pytest.approx(105, abs=0.7)
        assert ends["وتفضلوا"] == pytest.approx(105, abs=0.7)
        dated = [right for text, _, top, right, _ in words if top < 46 and text == "3"]
        assert dated == [pytest.approx(105, abs=0.7)]
        assert ends["كنتم"] == pytest.approx(175 if style == "semi_block" else 185, abs=0.7)


def test_references_phones_amounts_and_latin_names_keep_their_order_in_arabic_text():
    together = ["+44 117 496 0182", "EH-203951", "Northwind Home Ltd", "complaints@northwind.example", "£39.00"]
    lines = lines_of(render_pdf(ARABIC))
    assert set(together) <= set(lines)
    assert "2026-4827-1936" in lines
    assert "2026-11-003" in lines
    body = " ".join(["كلمة"] * 6) + " +44 117 496 0182 " + " ".join(["كلمة"] * 9)
    for width in range(8, 17):  # wherever the line ends, the number stays on one
        words = spots(dataclasses.replace(ARABIC, body="كلمة " * width + body))
        line = [(left, top) for text, left, top, *_ in words if text in ("+44", "117", "496", "0182") and top > 95]
        assert len(line) == 4
        assert len({round(top) for _, top in line}) == 1
        assert line == sorted(line)


def test_an_arabic_running_head_keeps_a_reference_in_order():
    lines = ["".join(glyphs).strip() for glyphs in drawn(render_pdf(LONG["ar"]))]
    head = next(line for line in lines if "2026-4827-1936" in line and "·" in line)
    assert "2026 ربمفون 3" in head


def test_the_address_of_a_page_keeps_its_end_in_an_arabic_letter():
    address = "https://www.example.com/my/L_FbFIsTuFnnCioeyCEBMQ/"
    lines = lines_of(render_pdf(dataclasses.replace(ARABIC, body=f"صفحتكم: {address}")))
    assert any(address in line for line in lines)


def test_markup_in_an_arabic_letter_is_printed_as_it_was_typed():
    mark = "نص &amp; و <b>bold</b> و {{ 7*7 }} و &lt;x"
    pdf = render_pdf(dataclasses.replace(ARABIC, subject=mark, body=mark, copies=(mark,)))
    glyphs = Counter("".join("".join(line) for line in drawn(pdf)))
    plainly = Counter("".join("".join(line) for line in drawn(render_pdf(dataclasses.replace(ARABIC, body="و")))))
    # Nothing of it was taken for a tag or an entity: its signs are all there, three times.
    for sign in "&<>{}*;":
        assert glyphs[sign] - plainly[sign] == 3 * mark.count(sign)
    assert "<bdi" not in structure(pdf)


# Chinese


def test_emphasis_between_chinese_signs_is_emphasis():
    body = "**注意：**请看*第一步。*我们**（重要）**再说“**好的**”。\n\n1. **甲。**乙"
    pdf = render_pdf(dataclasses.replace(CHINESE, body=body))
    assert "*" not in structure(pdf)
    assert "注意：请看第一步。我们（重要）再说“好的”。" in structure(pdf).replace(" ", "")


def test_no_line_of_a_chinese_letter_begins_with_punctuation():
    sentence = "我们已经核对了当时的记录，并逐条答复如下。请您放心：“费用由我们承担”，不会再有类似的情况！"
    for start in range(1, 12):
        body = "好" * start + sentence * 8
        text = render_pdf(dataclasses.replace(CHINESE, body=body))
        for word, left, *_ in boxes(text):
            assert left > 26 or word[0] not in "，。：；！？、”）》"


def test_the_end_of_a_typed_line_is_no_space_between_chinese_characters():
    text = structure(render_pdf(dataclasses.replace(CHINESE, body="谨向您\n致以歉意，\n并感谢 Tom\nBell 先生。")))
    assert "谨向您致以歉意，并感谢" in text
    assert "Tom Bell" in text


def test_the_apostrophe_of_a_foreign_name_is_not_as_wide_as_a_chinese_character():
    assert any("O’Brien" in "".join(glyphs) for glyphs in drawn(render_pdf(CHINESE)))
    words = boxes(render_pdf(dataclasses.replace(CHINESE, body="O’Brien")))
    (left, right) = next((left, right) for text, left, _, right, _ in words if text == "O’Brien")
    assert right - left < 15


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_chinese_names_are_set_in_the_chinese_forms_of_the_characters(language):
    letter = dataclasses.replace(sheet(language=language), copies=("直子 骨 角 次",))
    used = fonts(render_pdf(letter))
    assert {name for name in used if "CJK" in name} <= {"Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"}
    assert "Noto-Sans-CJK-SC" in used


def test_a_latvian_table_keeps_its_columns():
    words = boxes(render_pdf(LATVIAN))
    ordered = [next(left for text, left, *_ in words if text == head) for head in ("Ko", "Kas", "Līdz")]
    assert ordered == sorted(ordered)


def test_a_mark_of_direction_before_a_reference_changes_no_line():
    words = "وإن وجدتم في هذه الرسالة ما لا يوافق توقعاتكم، فنرجو أن تكتبوا إلينا مع ذكر المرجع "
    with_mark, without = (
        render_pdf(dataclasses.replace(ARABIC, body=f"{words}{mark}2026-5895-6794.")) for mark in ("\u200e", "")
    )
    assert with_mark == without


def test_english_words_set_apart_keep_their_order_in_an_arabic_letter():
    quoted = "\u2066Pay £86.40 to the card used for order EH-204418.\u2069"
    words = [
        word for word, *_ in sorted(boxes(render_pdf(dataclasses.replace(ARABIC, body=quoted))), key=lambda b: b[1])
    ]
    said = [word for word in words if word in ("Pay", "£86.40", "order", "EH-204418.")]
    assert said == ["Pay", "£86.40", "order", "EH-204418."]
