"""What the review has to know of a language: `review.yaml` and `avoid.yaml` beside the language's letters. Adding a
language means adding these files; what is wrong with one is said by name when it is first read."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

import yaml

from letters import library
from letters.review.folding import folded_pattern

WORDS_OF = {  # the keys of review.yaml, and what each holds
    "whole_words": bool,
    "attached": str,
    "dates": list,
    "claims": dict,
    "currencies": dict,
    "apology": list,
    "statements": dict,
    "limits": dict,
}
LIMITS = {"counted": str, "letter": int, "sentence": int, "average": int}
CLAIMS = {"received_on", "next_contact_on"}
GROUPS = {"dead-end", "minimising", "blaming", "excuse", "absolute"}


class BadWording(ValueError):
    """A file of a language's words cannot be used; the text names the file and the entry."""


@dataclass(frozen=True)
class Avoided:
    """A way of putting it that letters do without, and a better one in the same language."""

    patterns: tuple[str, ...]
    group: str
    better: str
    written: tuple[str, ...] = ()  # the patterns as the file has them


@dataclass(frozen=True)
class Wording:
    """The words of one language, as patterns for folded text."""

    language: str
    whole_words: bool
    attached: str  # letters that a language writes onto the word that follows
    dates: tuple[str, ...]
    claims: dict
    currencies: dict
    apology: tuple[str, ...]
    statements: dict
    limits: dict
    avoided: tuple[Avoided, ...]

    @cached_property
    def avoid(self) -> re.Pattern:
        """Every phrase to avoid; the name of the group that matched, p12, is its place in `avoided`."""
        kinds = (f"(?P<p{place}>{'|'.join(one.patterns)})" for place, one in enumerate(self.avoided))
        return self._compiled("|".join(kinds))

    @cached_property
    def says_sorry(self) -> re.Pattern:
        return self._compiled("|".join(self.apology))

    def says(self, statement) -> re.Pattern:
        """How this language makes a statement that is made in words."""
        return self.says_sorry if statement == "regret" else self._compiled("|".join(self.statements[statement]))

    def _compiled(self, pattern) -> re.Pattern:
        if not self.whole_words:
            return re.compile(pattern)
        before = rf"(?<!\w)[{self.attached}]?" if self.attached else r"(?<!\w)"
        return re.compile(rf"{before}(?:{pattern})(?!\w)")


@cache
def wording_of(language) -> Wording:
    """The words of `language`. Raises BadWording, and FileNotFoundError for a language without these files."""
    words, avoided = _read(language, "review.yaml"), _read(language, "avoid.yaml")
    where = f"letters/library/{language}/review.yaml"
    _check_keys(where, words, WORDS_OF)
    _check_keys(f"{where}, limits", words["limits"], LIMITS)
    unknown = set(words["claims"]) ^ CLAIMS
    if unknown:
        raise BadWording(f"{where}, claims: {', '.join(sorted(unknown))} is missing or unknown.")
    return Wording(
        language=language,
        whole_words=words["whole_words"],
        attached=words["attached"],
        dates=tuple(map(folded_pattern, words["dates"])),
        claims={fact: tuple(map(folded_pattern, said)) for fact, said in words["claims"].items()},
        currencies={code: _patterns(where, said) for code, said in words["currencies"].items()},
        apology=_patterns(where, words["apology"]),
        statements={name: _patterns(where, said) for name, said in words["statements"].items()},
        limits=words["limits"],
        avoided=tuple(_avoided(f"letters/library/{language}/avoid.yaml", one) for one in avoided),
    )


def _avoided(where, one) -> Avoided:
    _check_keys(where, one, {"group": str, "say": list, "better": str})
    if one["group"] not in GROUPS:
        raise BadWording(f"{where}: there is no group “{one['group']}”; choose one of {', '.join(sorted(GROUPS))}.")
    return Avoided(_patterns(where, one["say"]), one["group"], one["better"], tuple(one["say"]))


def _patterns(where, said) -> tuple[str, ...]:
    """Each of them alone is a pattern; none of them captures anything, so that they can be joined."""
    for pattern in said:
        try:
            groups = re.compile(pattern).groups
        except (re.error, TypeError) as error:
            raise BadWording(f"{where}: “{pattern}” is no pattern: {error}") from None
        if groups or not pattern:
            raise BadWording(f"{where}: “{pattern}” is empty or captures; write (?:…) for a group.")
    return tuple(map(folded_pattern, said))


def _check_keys(where, found, wanted):
    if not isinstance(found, dict):
        raise BadWording(f"{where}: “{found}” should name {', '.join(wanted)}.")
    for key in found.keys() ^ wanted.keys():
        raise BadWording(f"{where}: “{key}” is {'missing' if key in wanted else 'unknown'}.")
    for key, kind in wanted.items():
        if not isinstance(found[key], kind):
            raise BadWording(f"{where}: “{key}” is not what it should be ({kind.__name__}).")


def _read(language, name):
    return yaml.safe_load((library.HERE / language / name).read_text(encoding="utf-8"))
