"""The number of a case as people say it on the phone: a year, seven random digits and a check digit, 2026-4827-1936.

Digits alone, since every customer can read them aloud in any language; random, so that a number tells nothing about the
next one; the last digit (Luhn, ISO/IEC 7812-1 annex B) finds a misheard digit or two swapped ones.
"""

import secrets
import unicodedata


def new(*, year: int) -> str:
    """A fresh random reference; the database refuses the rare one that is taken."""
    body = f"{year:04d}{secrets.randbelow(10_000_000):07d}"
    return _grouped(body + _check_digit(body))


def heard(text: str) -> str | None:
    """The reference that somebody typed or dictated, whatever its spaces, dashes or digits (٢٠٢٦ as well as 2026);
    None when it cannot be one."""
    digits = "".join(str(unicodedata.digit(char)) for char in text if unicodedata.digit(char, None) is not None)
    others = [
        char for char in text if unicodedata.digit(char, None) is None and char not in " -–—./#\u00a0\u200e\u200f"
    ]
    if others or len(digits) != 12 or _check_digit(digits[:-1]) != digits[-1]:
        return None
    return _grouped(digits)


def _grouped(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def _check_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
