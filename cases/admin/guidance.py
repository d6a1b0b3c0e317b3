"""What the playbook says where it is needed: on the page of a case, and beside the forms of its verbs."""

from dataclasses import dataclass

from cases import playbook
from cases.models import Situation
from cases.playbook import ENTRIES, Entry, in_group

from .verbs import VERBS


@dataclass(frozen=True)
class Phrase:
    """What one might say to the customer, and what it means in the language of the house, where that is another."""

    said: str
    means: str = ""


@dataclass(frozen=True)
class Advice:
    """An entry of the playbook for one customer."""

    entry: Entry
    do: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    meanings: tuple[str, ...] = ()  # all of them at once, where they do not stand line for line with what is said

    @property
    def shows(self) -> str:
        """How a cause shows; of it the first line speaks, and the others of what helps."""
        return self.do[0] if self.do else ""

    @property
    def helps(self) -> tuple[str, ...]:
        return self.do[1:]


def advised(entries, language) -> dict[str, Advice]:
    """What the playbook says of each of `entries` to a customer who speaks `language`, by its key."""
    ours = playbook.current(entries, playbook.house_language())
    said = ours if language == playbook.house_language() else playbook.current(entries, language)
    return {entry.key: _advice(entry, ours[entry.key], said[entry.key]) for entry in entries}


def _advice(entry, ours, said) -> Advice:
    if said is ours:
        return Advice(entry, ours.do, tuple(map(Phrase, ours.say)))
    if not said.say:  # nobody has written it in this language yet
        return Advice(entry, ours.do, (), ours.say)
    if len(said.say) != len(ours.say):
        return Advice(entry, ours.do, tuple(map(Phrase, said.say)), ours.say)
    return Advice(entry, ours.do, tuple(map(Phrase, said.say, ours.say)))


def panel(case, *, may_choose) -> dict:
    """The guidance on the page of a case: of its stage and its situation, and what else a talk may need."""
    now = [key for key in (f"stage:{case.stage}", f"situation:{case.situation}") if key in ENTRIES]
    more = [*in_group("channel"), *in_group("moment"), *in_group("boundary")]
    found = advised([*(ENTRIES[key] for key in now), *more], case.language)
    chooses = may_choose and VERBS["situation"].offered(case)
    return {
        "now": [found[key] for key in now],
        "more": _by_group(found[entry.key] for entry in more),
        "situations": Situation.choices if chooses else (),
    }


def beside(verb, case) -> dict | None:
    """What stands beside the form of `verb`: a template, and what the playbook says there."""
    if verb.name not in BESIDE:
        return None
    template, *groups = BESIDE[verb.name]
    entries = [entry for name in groups for entry in in_group(name)]
    found = advised(entries, case.language)
    return {"template": f"admin/cases/case/{template}.html", "groups": _by_group(found.values())}


# By verb: the template, and the groups of the playbook that it shows.
BESIDE = {
    "conversation": ("techniques", "phase", "technique", "channel", "moment", "boundary"),
    "situation": ("situations", "situation"),
    "cause": ("causes", "cause"),
}


def _by_group(found) -> list:
    """(title, advice) for each group, in their order."""
    groups = {}
    for advice in found:
        groups.setdefault(advice.entry.group.title, []).append(advice)
    return list(groups.items())
