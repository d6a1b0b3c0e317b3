"""Amounts of money that a text names. Pure: no letter, no case."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from letters import library
from letters.review.wording import wording_of

NUMBER = r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
DECIMALS = re.compile(r"[.,](\d{1,2})$")


@dataclass(frozen=True)
class Amount:
    currency: str  # ISO 4217
    value: Decimal


def named(folded: str) -> list[tuple[int, int, Amount]]:
    """(start, end, amount) of each amount of money in a folded text, whatever language its currency is named in."""
    found = []
    for match in _pattern().finditer(folded):
        token = match["before"] or match["after"]
        found.append((match.start(), match.end(), Amount(_currency(token), _value(match["number"] or match["figure"]))))
    return found


def all_amounts(folded: str) -> set[Amount]:
    return {amount for _start, _end, amount in named(folded)}


def currencies() -> set[str]:
    """Those in which a letter's amounts are read."""
    return {code for _, code in _tokens()}


def _value(number: str) -> Decimal:
    """1,180.50 and 1 180,50 and 1.180,50 are one number: only a last mark before one or two digits tells decimals."""
    decimals = DECIMALS.search(number)
    whole = re.sub(r"\D", "", number[: decimals.start()] if decimals else number)
    return Decimal(f"{whole}.{decimals[1] if decimals else '0'}").normalize()


@cache
def _tokens() -> tuple[tuple[str, str], ...]:
    """(pattern, currency) of every way in which one of our languages writes a currency."""
    languages = map(wording_of, library.languages())
    return tuple((one, code) for words in languages for code, said in words.currencies.items() for one in said)


@cache
def _pattern():
    before = "|".join(token for token, _ in _tokens())
    after = "|".join(token if _is_a_sign(token) else rf"(?:{token})(?!\w)" for token, _ in _tokens())
    return re.compile(
        rf"(?<![a-z])(?P<before>{before}) ?(?P<number>{NUMBER})(?![\d])"
        rf"|(?<![a-z\d.,])(?P<figure>{NUMBER}) ?(?P<after>{after})"
    )


def _is_a_sign(token) -> bool:
    """It may stand right before other words, as 元 and € do."""
    return not re.search(r"[a-z\u0600-\u06ff]", token)


@cache
def _currency(written) -> str:
    return next(code for token, code in _tokens() if re.fullmatch(token, written))
