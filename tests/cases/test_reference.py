"""The number of a case is read aloud, misheard and typed again."""

import itertools

import pytest

from cases import reference

NUMBERS = [reference.new(year=2026) for _ in range(40)]


def in_digits_from(nought, number):
    return "".join(chr(ord(nought) + int(char)) if char.isdigit() else char for char in number)


def digits(number):
    return number.replace("-", "")


def test_a_number_is_a_year_and_eight_digits_in_groups_of_four():
    number = reference.new(year=2026)
    assert number.startswith("2026-")
    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert digits(number).isascii()
    assert digits(number).isdigit()


def test_numbers_do_not_follow_each_other():
    assert len(set(NUMBERS)) == len(NUMBERS)
    assert sorted(NUMBERS) != NUMBERS


def test_a_number_is_understood_as_it_was_given():
    assert [reference.heard(number) for number in NUMBERS] == NUMBERS


def test_one_wrong_digit_is_always_noticed():
    for number, place, other in itertools.product(NUMBERS, range(12), "0123456789"):
        right = digits(number)
        wrong = right[:place] + other + right[place + 1 :]
        assert wrong == right or reference.heard(wrong) is None


def test_two_swapped_neighbours_are_noticed_except_nought_and_nine():
    swaps = noticed = 0
    for number, place in itertools.product(NUMBERS, range(11)):
        right = digits(number)
        pair = right[place : place + 2]
        if pair[0] == pair[1] or set(pair) == {"0", "9"}:
            continue
        swaps += 1
        noticed += reference.heard(right[:place] + pair[::-1] + right[place + 2 :]) is None
    assert swaps > 100
    assert noticed == swaps


def test_nought_and_nine_swapped_are_the_one_slip_that_goes_through():
    body = "20260900000"
    number = body + reference._check_digit(body)
    assert reference.heard(number) != reference.heard(number.replace("09", "90", 1))
    assert reference.heard(number.replace("09", "90", 1)) is not None


@pytest.mark.parametrize(
    "said",
    [
        "2026 0000 0006",
        " 2026.0000.0006 ",
        "#202600000006",
        "2026–0000–0006",
        in_digits_from("\N{ARABIC-INDIC DIGIT ZERO}", "2026 0000 0006"),
        in_digits_from("\N{EXTENDED ARABIC-INDIC DIGIT ZERO}", "2026-0000-0006"),
        in_digits_from("\N{FULLWIDTH DIGIT ZERO}", "202600000006"),
        "\u200e2026-0000-0006\u200f",
    ],
)
def test_a_number_is_understood_however_it_is_written(said):
    assert reference.heard(said) == "2026-0000-0006"


@pytest.mark.parametrize("said", ["", "2026", "2026-0000-00000", "2026-0000-OOOO", "my fridge", "2026-0000-0001; drop"])
def test_what_cannot_be_a_number_is_none(said):
    assert reference.heard(said) is None
