"""How the review reads: what looks the same is the same, and each place and word can be found again."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.review import Reading, amounts, dates
from letters.review.folding import fold, folded_with_origins, shown
from letters.review.reading import split_sentences
from tests.conftest import FRIDAY, TUESDAY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t", "don't"),
        ("in\u00adcon\u00advenience", "inconvenience"),
        ("calm\u00a0down\u202f!", "calm down !"),
        ("STRAẞE", "strasse"),
        ("cafe\u0301", "café"),
        ("“so”", '"so"'),
        ("2026–2027", "2026-2027"),
        ("line\nend", "line end"),
        ("مجـــــدّدًا", "مجددا"),
        ("أُنجز إلى", "انجز الي"),
        ("٢٠٢٦", "2026"),
        ("\uff30\uff41\uff59！", "pay!"),
        ("送\n货", "送货"),
        ("\u2066Inês\u2069", "inês"),
    ],
)
def test_what_looks_the_same_is_the_same(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_each_folded_character_comes_from_where_it_says(text):
    folded, origins = folded_with_origins(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    for character, origin in zip(folded, origins, strict=True):
        assert character in folded_with_origins(shown(text)[origin])[0]


def test_places_are_those_that_an_eye_counts(draft):
    draft.body = "## Head\n\nOne.\n\n1. Two.\n2. Three.\n\n| A | B |\n|---|---|\n| c | d |\n\nFour."
    places = [(passage.place, passage.shown) for passage in Reading(draft, on=TUESDAY).passages[2:-1]]
    assert places == [
        ("body, heading 1", "Head"),
        ("body, paragraph 1", "One."),
        ("body, paragraph 2", "1. Two."),
        ("body, paragraph 3", "2. Three."),
        ("body, table, head 1", "A | B"),
        ("body, table, row 1", "c | d"),
        ("body, paragraph 4", "Four."),
    ]


def test_words_are_quoted_as_they_stand_in_the_letter(draft):
    draft.body += "\n\nIt is **CALM** Do\u00adwn that we ask of Inês."
    said = Reading(draft, on=TUESDAY)
    (spot,) = said.find(said.wording.avoid)
    assert (spot.place, spot.said) == ("body, paragraph 8", "CALM Do\u00adwn")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? “Four.” Five", 5),
        ("Saimme sen 3. marraskuuta 2026. Kiitos.", 2),
        ("Saņēmām 2026. gada 3. novembrī. Paldies.", 2),
        ("It is No. 5 of 6.", 1),
        ("您好！感谢您。再见。", 3),
        ("هل وصل؟ نعم.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text, count):
    assert len(split_sentences(text)) == count


# --- days and amounts in a text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "13 November 2026"),
        ("en", "13 Nov 2026"),
        ("en", "13th of November, 2026"),
        ("en", "November 13, 2026"),
        ("en", "13/11/2026"),
        ("en", "11/13/2026"),
        ("en", "13.11.26"),
        ("lv", "2026. gada 13. novembris"),
        ("lv", "2026. gada 13. novembrī"),
        ("lv", "13.11.2026."),
        ("lv", "13.11.26"),
        ("fi", "13. marraskuuta 2026"),
        ("fi", "13. marraskuussa 2026"),
        ("fi", "13.11.2026"),
        ("fi", "13. 11. 2026"),
        ("ar", "13 نوفمبر 2026"),
        ("ar", "١٣ نوفمبر ٢٠٢٦"),
        ("ar", "13\u200f/11\u200f/2026"),
        ("zh-hans", "2026年11月13日"),
        ("zh-hans", "于2026 年 11 月 13 日前"),
        ("zh-hans", "2026/11/13"),
        ("lv", "2026-11-13"),
    ],
)
def test_a_day_is_read_in_each_way_of_writing_it(language, written):
    assert dates.all_days(fold(f"Inês, {written}"), {language}, year=2026) == {FRIDAY}


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "13 November"),
        ("lv", "13. novembrī"),
        ("fi", "13. marraskuuta"),
        ("ar", "13 نوفمبر"),
        ("zh-hans", "11月13日"),
    ],
)
def test_a_day_without_a_year_means_any_year(language, written):
    (named,) = dates.named(fold(written), {language})
    assert named.means(FRIDAY)
    assert named.means(date(2025, 11, 13))
    assert not named.means(TUESDAY)
    assert named.day() is None


@pytest.mark.parametrize(
    "written",
    ["2026-4827-1936", "+371 21 12 34 56", "99 November 2026", "EH-204418", "31/02/2026", "12.5", "v. 1.2.3.4"],
)
def test_what_is_no_day_is_not_read_as_one(written):
    assert dates.named(fold(written), {"en", "lv"}) == []


def test_a_day_that_can_be_read_in_two_ways_means_both():
    (named,) = dates.named("3/11/2026", {"en"})
    assert named.means(date(2026, 11, 3))
    assert named.means(date(2026, 3, 11))
    assert named.day() is None


@pytest.mark.parametrize(
    ("written", "currency", "value"),
    [
        ("£1,180.50", "GBP", "1180.5"),
        ("1 180,50 €", "EUR", "1180.5"),
        ("1.180,50 eiro", "EUR", "1180.5"),
        ("29 euroa", "EUR", "29"),
        ("EUR 29.00", "EUR", "29"),
        ("450 درهماً", "AED", "450"),
        ("\u0661\u066c\u0661\u0668\u0660\u066b\u0665\u0660 يورو", "EUR", "1180.5"),
        ("退还4299元", "CNY", "4299"),
        ("¥1,180", "CNY", "1180"),
        ("29英镑", "GBP", "29"),
        ("US$20", "USD", "20"),
        ("و45.00 درهمًا", "AED", "45"),
    ],
)
def test_an_amount_is_read_in_each_way_of_writing_it(written, currency, value):
    assert amounts.all_amounts(fold(written)) == {amounts.Amount(currency, Decimal(value))}


@pytest.mark.parametrize("written", ["39 hours", "2026", "5 Euroville", "EH-204418", "point 3", "eurooppa 5"])
def test_what_is_no_amount_is_not_read_as_one(written):
    assert amounts.all_amounts(fold(written)) == set()
