"""What an e-mail of reminders says: what is late, due today and soon; of whom, since when, why, and where to go for it.

Who may not open a case any more is told nothing of it. Who does not sign in reads neither the subject of a case nor its
address. Who is asked for their account reads nothing but what they are asked, in words that accuse nobody.
"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from cases import corrective
from cases.models import Kind, Step, Trend, User
from cases.models.followup import zone_of
from cases.models.seeing import Sight

TRENDED = "Complaints of a kind come often: please look"
MOST = 100  # entries a group; who has more has a worklist for it
NOTES = {
    Step.ESCALATED: "You are told because it is still not done.",
    Step.CHASED: "It was asked for once more.",
    Step.CHASED_AGAIN: "It was asked for twice more.",
}


@dataclass(frozen=True)
class Entry:
    """One thing to look at, in words."""

    followup: object
    what: str
    due: str
    who: str  # has to act, when that is somebody else
    notes: list[str]
    subject: str
    link: str


def values(digest) -> dict:
    """What the template of a digest shows."""
    shown = _Shown(digest)
    asked = [reminder for reminder in shown.reminders if shown.is_asked(reminder)]
    others = [reminder for reminder in shown.reminders if not shown.is_asked(reminder)]
    groups = [
        {"title": title, "entries": [shown.entry(one) for one in some[:MOST]], "more": max(0, len(some) - MOST)}
        for title, some in _grouped(others, shown)
        if some
    ]
    trended, actions = shown.trends(), shown.overdue_actions()
    return {
        "asked": [
            {"followup": one.followup, "by": _day(one.followup.due_on), "is_late": shown.is_late(one)} for one in asked
        ],
        "groups": groups,
        "subject": _subject(asked, others, shown) if shown.reminders or not trended else TRENDED,
        "only_asked": bool(asked) and not others,
        "trends": trended,
        "overdue_actions": actions,
        "nothing_left": not (shown.reminders or trended),
    }


def _grouped(reminders, shown):
    today = [one for one in reminders if not shown.is_late(one) and one.followup.due_on == shown.today]
    yield "Late", [one for one in reminders if shown.is_late(one)]
    yield "Due today", today
    yield "Soon", [one for one in reminders if not shown.is_late(one) and one not in today]


def _subject(asked, others, shown) -> str:
    if asked and not others:
        return f"Please tell us what you know: complaint {asked[0].followup.case.reference}"
    count = len(others) + len(asked)
    if count == 1 and shown.digest.urgent:
        [one] = others
        return f"{_name(one.followup)}: complaint {one.followup.case.reference}"
    late = sum(shown.is_late(one) for one in others)
    return f"{count} thing{'' if count == 1 else 's'} to look at{f', {late} late' if late else ''}"


class _Shown:
    """A digest before its reader: what they may see of it, on which day, at which hours."""

    def __init__(self, digest):
        self.digest = digest
        self.reader = User.objects.filter(email=digest.to_email, is_active=True).first()
        self.zone = ZoneInfo(zone_of(self.reader))
        self.today = digest.day or digest.made_at.astimezone(self.zone).date()
        waiting = [one for one in _of(digest) if one.followup.is_outstanding]
        self._sight = Sight([one.followup.case for one in waiting])
        self.reminders = [one for one in waiting if self.is_asked(one) or self._may_know_of(one.followup.case)]

    def trends(self) -> list[Trend]:
        """The complaints of a kind that this e-mail is about."""
        return list(Trend.objects.unanswered().filter(told_at=self.digest.made_at)) if self.digest.urgent else []

    def overdue_actions(self) -> list:
        """What is overdue of corrective actions stands in each day's digest until it is done."""
        return corrective.overdue_of(self.reader, on=self.today) if self.reader and self.digest.day else []

    def is_asked(self, reminder) -> bool:
        followup = reminder.followup
        return followup.kind == Kind.ACCOUNT and followup.involvement.email == reminder.to_email

    def _may_know_of(self, case) -> bool:
        return bool(self.reader and self._sight.may_know_of(self.reader, case))

    def is_late(self, reminder) -> bool:
        followup = reminder.followup
        return followup.due_on < self.today or bool(followup.due_at and followup.due_at <= reminder.made_at)

    def entry(self, reminder) -> Entry:
        followup, case = reminder.followup, reminder.followup.case
        visible = bool(self.reader and self._sight.may_open(self.reader, case))
        return Entry(
            followup=followup,
            what=_name(followup),
            due=self._due(reminder),
            who=self._who(followup),
            notes=list(self._notes(reminder)),
            subject=case.subject if visible else "",
            link=f"{settings.SITE_URL}/admin/cases/case/{case.pk}/" if visible else "",
        )

    def _due(self, reminder) -> str:
        followup = reminder.followup
        hour = f" at {followup.due_at.astimezone(self.zone):%H:%M}" if followup.due_at else ""
        verb = "was due" if self.is_late(reminder) else "due"
        days = (followup.due_on - self.today).days
        near = {-1: "yesterday, ", 0: "today, ", 1: "tomorrow, "}.get(days, "on ")
        since = f", {-days} days ago" if days < -1 else ""
        return f"{verb} {near}{_day(followup.due_on)}{hour}{since}"

    def _who(self, followup) -> str:
        if followup.kind == Kind.ACCOUNT:
            return followup.involvement.name
        actor = followup.actor
        if actor is None:
            return "nobody looks after this case yet" if followup.case.handler is None else ""
        return "" if actor.email == self.digest.to_email else str(actor)

    def _notes(self, reminder):
        followup = reminder.followup
        if reminder.step == Step.REPLIED and followup.wrote_at:
            wrote = f"{followup.wrote_at.astimezone(self.zone):%A %-d %B, %H:%M}"
            yield f"The customer wrote on {wrote}: does this stay as it is, move, or fall away?"
        if reminder.step in NOTES and self._who(followup):
            yield NOTES[reminder.step]
        if reminder.came_late:
            planned = f"{reminder.planned_at.astimezone(self.zone):%A %-d %B %Y, %H:%M}"
            yield f"This should have come on {planned}; the clockwork was not running then, or was stuck."


def _of(digest):
    related = ("case__handler", "case__organisation", "commitment__owner", "involvement__user", "owner", "deadline")
    rows = digest.reminders.select_related(*(f"followup__{name}" for name in related))
    return rows.defer("followup__case__story", "followup__case__wanted").order_by("followup__due_on", "pk")


def _name(followup) -> str:
    """What has to be done."""
    if followup.kind == Kind.COMMITMENT:
        return f"Commitment “{followup.commitment.what}”, promised by {followup.commitment.owner_name}"
    return followup.what


def _day(day: date) -> str:
    return f"{day:%A %-d %B %Y}"
