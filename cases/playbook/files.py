"""The starter's words: one file for each language, checked when it is first read. A new language is a new file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

from .entries import ENTRIES, GROUPS

HERE = Path(__file__).parent
LONGEST = 400  # characters of a line: a sentence or two, to be taken in during a talk


class BadPlaybook(ValueError):
    """A file of the playbook cannot be used; the text names the file and the entry, and says what to write."""


@dataclass(frozen=True)
class Words:
    """What to do, for us, and what one might say, to the customer; a line each."""

    do: tuple[str, ...] = ()
    say: tuple[str, ...] = ()


def house_language() -> str:
    """The language that staff read: it has what to do, too, and the other files follow it line for line."""
    return settings.LANGUAGE_CODE.partition("-")[0]


@cache
def starter(language) -> dict[str, Words]:
    """The starter's words by the key of their entry; none for a language without a file. Raises BadPlaybook."""
    path = HERE / f"{language}.yaml"
    if not path.exists():
        return {}
    found = read(path.read_text(encoding="utf-8"), name=path.name, has_advice=language == house_language())
    if language != house_language():
        _check_lines(path.name, found, starter(house_language()))
    return found


def read(text, *, name, has_advice) -> dict[str, Words]:
    """The words of a file. Only that of the house's language has what to do."""
    groups = yaml.safe_load(text)
    spoken = {group.name for group in GROUPS.values() if has_advice or group.speaks}
    _check_names(name, groups, spoken)
    found = {}
    for group in spoken:
        _check_names(f"{name}, {group}", groups[group], {str(entry) for entry, _ in GROUPS[group].entries})
        for entry, said in groups[group].items():
            where = f"{name}, {group}, {entry}"
            found[f"{group}:{entry}"] = _advised(where, said, GROUPS[group]) if has_advice else _spoken(where, said)
    return {key: found[key] for key in ENTRIES if key in found}


def _advised(where, said, group) -> Words:
    _check_names(where, said, {"do", "say"} if group.speaks else {"do"})
    return Words(_lines(f"{where}, do", said["do"]), _lines(f"{where}, say", said["say"]) if group.speaks else ())


def _spoken(where, said) -> Words:
    return Words(say=_lines(where, said))


def _lines(where, found) -> tuple[str, ...]:
    if not isinstance(found, list) or not found:
        raise BadPlaybook(f"{where}: write a list of sentences, one after each dash.")
    for line in found:
        if not isinstance(line, str) or not line.strip() or "\n" in line or len(line) > LONGEST:
            raise BadPlaybook(f"{where}: “{line}” should be one line of at most {LONGEST} characters; quote a colon.")
    return tuple(found)


def _check_names(where, found, wanted):
    if not isinstance(found, dict):
        raise BadPlaybook(f"{where}: name {', '.join(sorted(wanted))} here.")
    for name in sorted(found.keys() ^ wanted, key=str):
        raise BadPlaybook(f"{where}: “{name}” is {'missing' if name in wanted else 'unknown'}.")


def _check_lines(name, found, house):
    """What is said stands line beside line with what it means."""
    for key, words in found.items():
        wanted = len(house[key].say)
        if len(words.say) != wanted:
            raise BadPlaybook(f"{name}, {key}: {len(words.say)} lines, but {wanted} in the language of the house.")
