"""Taking a customer's personal data out of words that colleagues learn from. Pure: text in, text out."""

import re

WITHHELD = "[withheld]"
THE_CUSTOMER = "the customer"
TITLES = r"(?:(?:Ms|Mrs|Mr|Mx|Dr|Prof|Professor)\.?\s+)?"
SHORTEST_NAME = 3  # letters of a part of a name that is looked for on its own
EMAIL = re.compile(r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+\.\w+")
NUMBER = re.compile(r"\+?\d[\d ()/-]{6,}\d")  # telephone, account and card numbers
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def redacted(text, *, name="", withheld=()) -> str:
    """`text` with the customer's name (whole, and each part of it) as "the customer", and with each of `withheld`,
    every e-mail address and every long number as "[withheld]". Days and short figures, such as amounts, stay."""
    for words in sorted(filter(None, withheld), key=len, reverse=True):
        text = _as_words(words).sub(WITHHELD, text)
    text = EMAIL.sub(WITHHELD, text)
    text = NUMBER.sub(lambda found: found[0] if DAY.fullmatch(found[0]) else WITHHELD, text)
    for part in _parts(name):
        text = re.sub(TITLES + _as_words(part).pattern, THE_CUSTOMER, text, flags=re.IGNORECASE)
    return text


def _parts(name):
    """The whole name, then each part that is long enough to be no ordinary word."""
    parts = [part.strip(".,") for part in name.split()]
    return [whole for whole in (" ".join(name.split()),) if whole] + [p for p in parts if len(p) >= SHORTEST_NAME]


def _as_words(words):
    """The pattern of `words` with any white space between them; never inside a longer word of the same script."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    if words.isascii() or any("\u00c0" <= char <= "\u052f" for char in words):
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.compile(pattern, re.IGNORECASE)
