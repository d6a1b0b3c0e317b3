"""What the values of a letter are taken from: the case as it is now, and the rules that it goes by."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases import rules
from cases.deadlines import working_days_after
from cases.models import office
from letters.models.kind import PROMISES_CONTACT

MIXED = "mixed"  # the outcomes of the points differ
FIRST, SECOND = "first", "second"  # the stages of rules that know two


@dataclass(frozen=True)
class Rules:
    """The rules of a regime as a letter speaks of them; no `pack` where the case goes by the house's own alone."""

    pack: rules.Pack | None
    escalated: bool = False

    @property
    def regime(self) -> str:
        return self.pack.regime if self.pack else rules.HOUSE

    @property
    def ombudsman(self):
        return self.pack and self.pack.ombudsman

    @property
    def answer_within(self):
        return self.pack and self.pack.answer_within

    @property
    def answer_at_most(self):
        return self.pack and self.pack.answer_at_most

    @property
    def stage(self):
        """At which stage the complaint is; None where the rules know one only."""
        if not (self.pack and self.pack.has_second_stage):
            return None
        return SECOND if self.escalated else FIRST


@dataclass(frozen=True)
class About:
    """What the values are taken from: a case, the kind and language of the letter, the day on which it is written and,
    for a letter to a colleague, their part in the case. One that nobody asked for says that there is nothing new."""

    case: object
    kind: str
    language: str
    on: date
    person: object = None
    nothing_new: bool = False

    @cached_property
    def rules(self):
        packs = self.case.packs()
        return Rules(packs[1] if len(packs) > 1 else None, escalated=bool(self.case.escalated_on))

    @cached_property
    def settled(self):
        return self.case.agreement()

    @cached_property
    def promised(self):
        return list(self.case.promises())

    @property
    def next_contact_on(self):
        """The day by which the customer hears from us after this letter: one that brings them up to date promises the
        next itself, by our own rule."""
        if self.kind in PROMISES_CONTACT:
            every = rules.house(self.case.received_on).step("update").repeat_every  # working days
            return working_days_after(self.on, every, calendar=office())
        return getattr(self.case.next_contact(), "due_on", None)

    @property
    def outcome(self):
        """The outcome of all points together; nothing while one of them is open."""
        outcomes = {point.outcome for point in self.case.points.all()}
        if not outcomes or "" in outcomes:
            return None
        return outcomes.pop() if len(outcomes) == 1 else MIXED

    @property
    def talks(self):
        """Our talks with the customer: days by medium."""
        days = {}
        for talk in self.case.conversations.with_the_customer():
            days.setdefault(talk.medium, set()).add(talk.held_on)
        return {medium: sorted(held) for medium, held in days.items()}
