"""What the playbook speaks about, on one screen: its groups, and the entries of each. What they say stands in the files
beside this one."""

from dataclasses import dataclass

from cases.models import ConductStep, RootCause, Situation
from cases.stages import Stage

PHASES = (
    ("venting", "Venting"),
    ("turning", "Turning"),
    ("connected", "Connected and calm"),
)
TECHNIQUES = (
    ("no_hold", "No putting on hold"),
    ("apologise", "Apologise"),
    ("listen", "Listen actively"),
    ("empathy", "Show empathy"),
    ("calm", "Keep your own calm"),
    ("not_personal", "Do not take it personally"),
    ("order", "Break it into ordered parts"),
    ("root_cause", "Find the root cause before offering"),
    ("solution", "Offer a solution or a compensation"),
    ("further", "Ask for further concerns"),
)
CHANNELS = (
    ("phone", "On the phone"),
    ("chat", "In a chat"),
    ("in_person", "In person"),
)
MOMENTS = (
    ("no_solution", "No solution at once"),
    ("supervisor", "Bringing in a supervisor"),
)


@dataclass(frozen=True)
class Group:
    """Entries of a kind. `title` is read above them, `one` is what a single one is."""

    name: str
    title: str
    one: str
    entries: tuple[tuple[str, str], ...]
    speaks: bool = True  # they have words for the customer, and not only advice


@dataclass(frozen=True)
class Entry:
    group: Group
    name: str
    label: str

    @property
    def key(self) -> str:
        """As it stands in rows: “stage:talk”."""
        return f"{self.group.name}:{self.name}"

    def __str__(self):
        return f"{self.group.one}: {self.label}"


GROUPS = {
    group.name: group
    for group in (
        Group("stage", "The five stages", "Stage", tuple((one, one.label) for one in Stage if one != Stage.CLOSED)),
        Group("situation", "Seven situations", "Situation", tuple(Situation.choices)),
        Group("phase", "Three phases of a talk", "Phase of a talk", PHASES),
        Group("technique", "Ten techniques", "Technique", TECHNIQUES),
        Group("channel", "By channel", "Channel", CHANNELS),
        Group("moment", "When it gets hard", "When it gets hard", MOMENTS),
        Group("boundary", "Limits of conduct", "Limits of conduct", tuple(ConductStep.choices)),
        Group("cause", "Why customers escalate", "Cause", tuple(RootCause.choices), speaks=False),
    )
}
ENTRIES = {
    entry.key: entry
    for group in GROUPS.values()
    for entry in (Entry(group, str(name), label) for name, label in group.entries)
}


def in_group(name) -> list[Entry]:
    return [entry for entry in ENTRIES.values() if entry.group.name == name]
