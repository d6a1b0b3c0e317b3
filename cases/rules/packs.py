"""What a rule pack is, once it was read. Nothing here changes: the files do, with a release."""

from dataclasses import dataclass, field, replace
from datetime import date

from cases.deadlines import Limit, Unit

MILESTONES = {  # a clock runs from one of these and is stopped by some; each in words behind “within 5 days of”
    "received": "receipt",
    "acknowledged": "the acknowledgement",
    "contacted": "the last contact",
    "answered": "our answer",
    "escalated": "the request for the second stage",
    "escalation_acknowledged": "the acknowledgement of the second stage",
    "escalation_answered": "our answer at the second stage",
    "reopened": "the reopening",
    "closed": "the closing",
}


@dataclass(frozen=True)
class Extension:
    """By how much a step may be extended, and what the customer has to be told then."""

    unit: Unit
    times: int = 1
    most: int | None = None  # each time; None: the rules name no number
    letter: str = ""  # the kind of letter that tells the customer
    statements: tuple[str, ...] = ()  # what that letter must say


@dataclass(frozen=True)
class Step:
    """Something that the rules ask for by a day. With a `limit` it is a clock; a `target` is only aimed at and is never
    late; with neither, the rules name no number."""

    name: str
    label: str
    anchor: str
    ends: tuple[str, ...]
    limit: Limit | None = None
    target: Limit | None = None
    pausable: bool = False
    extension: Extension | None = None
    repeat_every: int | None = None  # in the unit of the limit, counted anew from what ended it
    warn: tuple[int, ...] = ()  # working days before it is due
    different_handler: bool = False  # than the stage before had
    source: str = ""

    @property
    def repeats(self) -> bool:
        return self.repeat_every is not None

    @property
    def in_words(self) -> str:
        """“within 8 weeks of receipt”, “every 5 working days”."""
        limit = self.limit or self.target
        if limit is None:
            return "promptly"
        much = counted_out(limit.number, limit.unit)
        if self.repeats:
            return f"every {much}"
        return f"{'within' if self.limit else 'if possible within'} {much} of {MILESTONES[self.anchor]}"


@dataclass(frozen=True)
class Ombudsman:
    """Who looks at the complaint when the customer is not satisfied with us."""

    name: str
    address: str = ""
    website: str = ""
    within: Limit | None = None  # how long the customer has, from the date of our answer

    @property
    def reached_at(self) -> str:
        return ", ".join(filter(None, (self.address, self.website)))


@dataclass(frozen=True)
class Pack:
    """The rules of a regime, as they are in force from the day `version` on."""

    regime: str
    name: str
    version: date
    valid_to: date | None
    source: str
    ours: bool  # promises of the house, with no text of others behind them
    country: str
    region: str
    checked_by: str
    checked_on: date | None
    note: str
    ombudsman: Ombudsman | None
    steps: tuple[Step, ...]
    statements: dict[str, tuple[str, ...]] = field(hash=False)  # by kind of letter: what it must say
    second_stage: dict[str, tuple[str, ...]] = field(hash=False)  # in their place, once a second stage was asked for
    second_person: tuple[str, ...] = ()  # kinds of letter that a second person approves
    second_person_above: dict[str, int] = field(default_factory=dict, hash=False)  # by currency: and above that redress
    second_person_for_vulnerable: bool = False  # and where dealing with us is harder for the customer
    confirm_after: int | None = None  # working days from a kept promise until the customer is asked whether it was done
    aftercare_after: int | None = None  # working days from the closing until they are asked whether all is well
    fingerprint: str = ""  # of what the file says, but for who checked it: another text has another one

    def __str__(self):
        return self.name

    @property
    def checked(self) -> bool:
        """Somebody answers for it: the house for its own promises, and who compared it with their text for others."""
        return self.ours or bool(self.checked_by)

    @property
    def standing(self) -> str:
        """Who answers for it, as it is shown to people."""
        if self.ours:
            return "Our own promises"
        if self.checked_by:
            return f"Checked by {self.checked_by} on {self.checked_on:%-d %B %Y}"
        return "Unchecked: nobody of yours has compared it with its source yet"

    def step(self, name) -> Step:
        """The step of this name. Raises KeyError, naming pack and step."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"The rules “{self.name}” of {self.version} have no step “{name}”.")

    @property
    def answer(self) -> Step | None:
        """The step by which our answer is due, where its time runs from receipt."""
        for step in self.steps:
            if step.limit and step.anchor == "received" and "answered" in step.ends and not step.repeats:
                return step
        return None

    @property
    def answer_within(self) -> Limit | None:
        return self.answer and self.answer.limit

    @property
    def answer_at_most(self) -> Limit | None:
        """With all that an extension may add; None where nothing may be added, or the rules name no most."""
        extension = self.answer and self.answer.extension
        if not extension or extension.most is None or extension.unit != self.answer_within.unit:
            return None
        return replace(self.answer_within, number=self.answer_within.number + extension.most * extension.times)

    @property
    def has_second_stage(self) -> bool:
        return any(step.anchor == "escalated" for step in self.steps)

    def required(self, kind, *, escalated=False) -> list[str]:
        """The names of the statements that a letter of this kind must make, each once."""
        asked = self.statements.get(kind, ())
        if escalated:
            asked = self.second_stage.get(kind, asked)
        told = (step.extension for step in self.steps if step.extension and step.extension.letter == kind)
        return list(dict.fromkeys((*asked, *(name for extension in told for name in extension.statements))))

    @property
    def letters(self) -> set[str]:
        """Every kind of letter that it speaks of."""
        extended = {step.extension.letter for step in self.steps if step.extension and step.extension.letter}
        return {*self.statements, *self.second_stage, *self.second_person, *extended}


def counted_out(number, unit) -> str:
    """“1 working day”, “8 weeks”."""
    return f"{number} {unit.replace('_', ' ')}{'' if number == 1 else 's'}"
