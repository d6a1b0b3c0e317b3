"""Amounts of money in what a point's redress says, as our own people write it. Pure.

A text without an amount is no money: a new fridge, an apology. (What a letter says in five languages is read by
letters/review/amounts.py, which cases do not know.)
"""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY", "元": "CNY"}
CODES = (
    "GBP",
    "EUR",
    "USD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "CAD",
    "AUD",
    "NZD",
    "JPY",
    "CNY",
    "INR",
    "AED",
    "SAR",
)
NUMBER = r"\d{1,3}(?:[  ,.']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
CURRENCY = "|".join([*map(re.escape, SIGNS), *(rf"\b{code}\b" for code in CODES)])
AMOUNT = re.compile(
    rf"(?P<before>{CURRENCY}) ?(?P<one>{NUMBER})(?!\d)|(?<![\d.,])(?P<two>{NUMBER}) ?(?P<after>{CURRENCY})"
)
DECIMALS = re.compile(r"[.,](\d{1,2})$")


def named(text) -> list[tuple[str, Decimal]]:
    """(currency, amount) of each amount that the text names."""
    return [
        (_currency(found["before"] or found["after"]), _value(found["one"] or found["two"]))
        for found in AMOUNT.finditer(text)
    ]


def summed(texts: Iterable[str]) -> dict[str, Decimal]:
    """The sum of all amounts by currency, the largest first; what is no money is not among them."""
    sums = Counter()
    for text in texts:
        for currency, value in named(text):
            sums[currency] += value
    return dict(sums.most_common())


def _currency(written) -> str:
    return SIGNS.get(written, written)


def _value(number) -> Decimal:
    """1,180.50 and 1 180,50 are one number: only a last mark before one or two digits tells decimals."""
    decimals = DECIMALS.search(number)
    whole = re.sub(r"\D", "", number[: decimals.start()] if decimals else number)
    return Decimal(f"{whole}.{decimals[1] if decimals else '00'}")
