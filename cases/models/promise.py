"""What is promised to the customer, before it is made to hold."""

from dataclasses import dataclass
from datetime import date, time

from .user import User


@dataclass(frozen=True)
class Promise:
    """That something is done: what, who keeps it, by when. It becomes a commitment."""

    what: str
    owner: User
    due_on: date


@dataclass(frozen=True)
class PromisedCall:
    """That we ring on the day `until` at `hour`, by the clock of the office."""

    until: date
    hour: time
    why: str = ""

    def reason(self) -> dict:
        return {"why": self.why} if self.why else {}


@dataclass(frozen=True)
class PromisedContact:
    """That the customer hears from us by the day `until`."""

    until: date
    why: str = ""

    def reason(self) -> dict:
        return {"why": self.why} if self.why else {}
