"""The same done to many cases: first what will be done to which of them and which are left out and why, then case by
case through their verbs, so that one that fails keeps back no other."""

import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from cases.models import Case, Involvement, Part, Refused
from cases.stages import Stage

log = logging.getLogger(__name__)
MOST = 500  # cases at once


@dataclass
class Planned:
    """A case, and why it is left out, where it is."""

    case: Case
    stays: str = ""


class Deed:
    """What is done. One of its kind knows what it was told (`told`), and whom of the cases that concerns."""

    def __init__(self, cases, told):
        self.cases, self.told = cases, told
        self.about = self._about(told.get("person"))

    def _about(self, person) -> set[int]:
        """The cases whose complaint is about `person`."""
        if person is None:
            return set()
        about = Involvement.objects.filter(user=person, part=Part.CONCERNED, case__in=self.cases)
        return set(about.values_list("case", flat=True))

    def why_not(self, case) -> str:
        raise NotImplementedError

    def do(self, case, *, on, by):
        raise NotImplementedError


class Assign(Deed):
    def why_not(self, case):
        person = self.told["person"]
        if case.stage == Stage.CLOSED:
            return "It is closed."
        if case.handler_id == person.pk:
            return f"{person} looks after it already."
        return f"The complaint is about {person}." if case.pk in self.about else ""

    def do(self, case, *, on, by):
        case.assign(self.told["person"], on=on, by=by)


class HandOver(Deed):
    """All that whoever looks after the case has to do about it."""

    def why_not(self, case):
        if case.handler is None:
            return "Nobody looks after it: assign it instead."
        return Assign.why_not(self, case)

    def do(self, case, *, on, by):
        case.hand_over(case.handler, self.told["person"], reason=self.told["reason"], on=on, by=by)


class Tag(Deed):
    def why_not(self, case):
        return "It has this tag already." if self._has(case) else ""

    def do(self, case, *, on, by):
        case.tag(self.told["tag"], on=on, by=by)

    def _has(self, case):
        return self.told["tag"].casefold() in {tag.name.casefold() for tag in case.tags.all()}


class Untag(Tag):
    def why_not(self, case):
        return "" if self._has(case) else "It has no such tag."

    def do(self, case, *, on, by):
        case.untag(self.told["tag"], on=on, by=by)


def plan(deed) -> list[Planned]:
    cases = deed.cases.select_related("customer", "handler").prefetch_related("tags")
    return [Planned(case, deed.why_not(case)) for case in cases.order_by("received_on", "pk")]


def carry_out(deed, *, on, by) -> list[Planned]:
    """What was planned is done; what was left out, or failed, says why."""
    planned = plan(deed)
    for it in planned:
        it.stays = it.stays or _done(deed, it.case, on=on, by=by)
    return planned


def _done(deed, case, **how) -> str:
    """Why it was not done; empty when it was."""
    try:
        deed.do(case, **how)
    except (Refused, PermissionDenied) as error:
        return str(error)
    except DatabaseError:
        log.exception("Case %s could not be changed together with others; they go on.", case.pk)
        return "It could not be saved just now: try again."
    return ""
