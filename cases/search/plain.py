"""Words as they are compared: without capitals, accents, signs and vowel marks; each Chinese character is one.

The database makes its words in the same way (`cases_plain` in the migration about search); both are made of the tables
below.
"""

import re
import unicodedata

SPACES = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”„‘’‚«»‹›–—―…·•¿¡€£§°،؛؟٪，。：；！？（）、《》「」『』【】\u00a0"  # noqa: RUF001
SAME = dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹أإآٱىة", "01234567890123456789اااايه", strict=True))  # noqa: RUF001
DROPPED = "ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u200c\u200d\u200e\u200f"
WITHOUT_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and Chinese characters
ARTICLE = "ال"  # Arabic writes it onto its noun

_TABLE = str.maketrans(dict.fromkeys(SPACES, " ") | SAME | dict.fromkeys(DROPPED))
_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i"}  # noqa: RUF001
)
_APART = re.compile(f"([{WITHOUT_SPACES}])")
_RAW = re.compile(rf"[{WITHOUT_SPACES}]|[^\s{re.escape(SPACES)}{WITHOUT_SPACES}]+")


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_TABLE))
    kept = "".join(char for char in text if not unicodedata.combining(char))
    return _APART.sub(r" \1 ", unicodedata.normalize("NFC", kept).translate(_LATIN).lower())


def words(text: str) -> list[str]:
    return plain(text).split()


def placed(text: str):
    """Each word of `text` with its place in it: (word, start, end)."""
    for found in _RAW.finditer(text):
        for word in words(found[0]):
            yield word, found.start(), found.end()


def squashed(text: str) -> str:
    """A number as it is compared: letters and digits alone, EH-204418 and “eh 204 418” alike."""
    return "".join(words(text))
