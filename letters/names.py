"""Which words of a name follow a title, and whether a title stands beside it at all; pure.

A name is one line, as its bearer wrote it. Where it does not say which of its words is the family's, the whole name is
used: that is never wrong, while half a family name, or a first name after "Ms", is.
"""

import re
import unicodedata

# Between a first name and the family name that they belong to.
PARTICLE = re.compile(
    r"af|al|av|da|dal|dalla|das|de|degli|dei|del|dela|della|delle|den|der|des|di|do|dos|du|el|het|la|las|le|li|lo|los|mac|mc"
    r"|ná|nic|ní|o|ó|'t|tot|ter|ten|ua|uí|van|vom|von|zu|zum|zur",
    re.IGNORECASE,
)
# After the name, said of its bearer: they follow neither a title nor a salutation.
SUFFIX = re.compile(
    r"(?:Jn?r|Sn?r|Esq|III?|IV|Ph\.? ?D|D\.?Phil|M\.?D|M\.?B\.?A|[BM]\.?(?:A|Sc|Eng|Ed)|LL\.?[BMD]|D\.?Sc|C\.?Eng"
    r"|R\.?N|J\.?D|[KQ]\.?C|J\.?P|M\.?P|[MO]BE|[CKD]BE|FRCS|FRCP|MRCP|F?ACA|ACCA|CPA|Dipl\.-Ing)\.?"
)
COURTESY = re.compile(r"(?:ms|mrs|miss|mr|mx|dr|prof|professor)\.?", re.IGNORECASE)
INITIAL = re.compile(r"(?:\w\.-?){1,4}|\w")
# Where the family name comes first, or a name has none, or people are called by their first: on paper in another
# language one cannot tell which it is.
OTHER_CUSTOM = re.compile(
    "CN|HK|MO|TW|KR|KP|JP|VN|KH|LA|MM|MN|SG|MY|ID|HU|IS|ET|ER|BT|TL"
    "|AE|BH|DJ|DZ|EG|IQ|JO|KM|KW|LB|LY|MA|MR|OM|PS|QA|SA|SD|SO|SY|TN|YE|AF|PK|BD"
)
OTHER_LANGUAGES = frozenset({"ar", "zh", "ja", "ko", "vi", "hu", "is"})


def after_title(name, *, language="", country="") -> str:
    """What of `name` stands after "Dear Ms": the family name if it can be told, else the whole name.

    `language` and `country` are its bearer's own.
    """
    words = plain(name)
    if OTHER_CUSTOM.fullmatch(country) or language.partition("-")[0] in OTHER_LANGUAGES or _script(name) != "LATIN":
        return " ".join(words)
    first = 1
    while first < len(words) - 1 and INITIAL.fullmatch(words[first]):
        first += 1
    family = words[first:]
    if len(family) == 1 or (family and all(map(PARTICLE.fullmatch, family[:-1]))):
        return " ".join(family)
    return " ".join(words)


def plain(name) -> list[str]:
    """The words of a name without what was written before and after it (Ms, Dr, Ph.D., Jr), the first name first."""
    words = name.split()
    while len(words) > 1 and COURTESY.fullmatch(words[0]):
        del words[0]
    while len(words) > 2 and SUFFIX.fullmatch(words[-1].strip(",")):  # of two words the last may be a name: Ma, MA
        del words[-1]
        words[-1] = words[-1].rstrip(",")
    family, comma, given = " ".join(words).partition(", ")
    return f"{given} {family}".split() if comma else words


def titled(pattern, name) -> str:
    """`name` in the pattern of its title, "Ms {name}"; alone where the two are written in different scripts, as a
    Chinese name on an English envelope is."""
    title = pattern.replace("{name}", "")
    bare = " ".join(plain(name)) if title else name
    return pattern.format(name=bare) if _script(title or name) == _script(name) else name


def _script(text) -> str:
    """The script of most of its letters, as Unicode calls it: LATIN, CJK, ARABIC; "" without a letter."""
    kinds = [unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()]
    return max(kinds, key=kinds.count, default="")
