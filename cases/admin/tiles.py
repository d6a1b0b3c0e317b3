"""The numbers of the board: how much of each kind waits, for whom, each leading to its list with the same filters."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from cases.models import Case, CorrectiveAction, FollowUp, Trend
from letters.models import Delivery, Letter

from . import followup
from .capped import MOST, capped, in_words
from .filters import silent
from .worklist import narrowed

NOW, WAITING, LETTERS, HOUSE = "Now", "Waiting", "Letters", "The house"
PAGES = {  # where rows are listed, and how their lists reach the case
    "case": ("admin:cases_case_changelist", ""),
    "followup": ("admin:cases_followup_changelist", "case__"),
    "letter": ("admin:letters_letter_changelist", "case__"),
    "delivery": ("admin:letters_delivery_changelist", "letter__case__"),
    "actions": ("admin:cases_actions", ""),
}


@dataclass(frozen=True)
class Seen:
    """For whom the board is, of which cases it tells, and when."""

    user: object
    asked: object  # a cases.board.Asked
    days: int  # without contact, from which on a case is silent
    on: object
    at: object

    @property
    def cases(self):
        return self.asked.narrowed(Case.objects.visible_to(self.user))

    def tile(self, group, label, rows, page, alarm="", **query) -> dict:
        """How many `rows` there are, and the page that lists them."""
        count = capped(rows, most=MOST)
        href = self.listed(page, **query)
        return {
            "group": group,
            "label": label,
            "count": count,
            "words": in_words(count, most=MOST),
            "href": href,
            "alarm": alarm if count else "",
        }

    def listed(self, page, **query) -> str:
        """The address of a list, narrowed as the board is."""
        name, to_case = PAGES[page]
        chosen = {"team": self.asked.team}
        for field in ("channel", "language"):
            chosen[f"{to_case}{field}__exact"] = getattr(self.asked, field)
        return reverse(name, query=query | {key: value for key, value in chosen.items() if value})


def tiles(seen) -> Iterator[dict]:
    """Each is one query, whatever it finds."""
    yield from _now(seen)
    yield from _waiting(seen)
    yield from _letters(seen)
    yield from _house(seen)


def _now(seen):
    followups = FollowUp.objects.filter(case__in=seen.cases)
    yield _of_cases(seen, NOW, "mine", "My open cases")
    yield _of_cases(seen, NOW, "overdue", "Overdue", "is-late")
    yield _of_cases(seen, NOW, "today", "Due today", "is-today")
    due = followup.narrowed(followups, "promises", user=seen.user, on=seen.on)
    yield seen.tile(NOW, "Promises due", due, "followup", "is-today", list="promises")
    wrote = followup.narrowed(followups, "wrote", user=seen.user, on=seen.on)
    yield seen.tile(NOW, "Customer wrote", wrote, "followup", "is-late", list="wrote")
    yield _of_cases(seen, NOW, "nobody", "No owner", "is-today")


def _waiting(seen):
    yield _of_cases(seen, WAITING, "customer", "For the customer")
    yield _of_cases(seen, WAITING, "colleague", "For a colleague’s account")
    yield _of_cases(seen, WAITING, "approval", "For the approval of a letter")
    quiet = silent(seen.cases, days=seen.days, on=seen.on)
    label = f"No contact for {seen.days} working days"
    yield seen.tile(WAITING, label, quiet, "case", "is-late", list="open", silent=seen.days)
    yield _of_cases(seen, WAITING, "promises", "Closed, promise open", "is-today")


def _letters(seen):
    letters, deliveries = (
        Letter.objects.filter(case__in=seen.cases),
        Delivery.objects.filter(letter__case__in=seen.cases),
    )
    yield seen.tile(LETTERS, "Letters to approve", letters.to_approve(), "letter", "is-today", list="to_approve")
    yield seen.tile(LETTERS, "Letter drafts", letters.drafts(), "letter", list="drafts")
    for name, label, rows, alarm in (
        ("to_post", "Letters to post", deliveries.to_post(), "is-today"),
        ("returned", "Post that came back", deliveries.returned(), "is-late"),
        ("unknown", "Unknown deliveries", deliveries.unknown(at=seen.at), "is-late"),
        ("refused", "Refused deliveries", deliveries.refused(), "is-late"),
    ):
        yield seen.tile(LETTERS, label, rows, "delivery", alarm, list=name)


def _house(seen):
    followups = FollowUp.objects.filter(case__in=seen.cases)
    stuck = followup.narrowed(followups, "stuck", user=seen.user, on=seen.on)
    yield seen.tile(HOUSE, "Stuck follow-ups", stuck, "followup", "is-late", list="stuck")
    actions = CorrectiveAction.objects
    yield seen.tile(HOUSE, "Trends to answer", Trend.objects.unanswered(), "actions", "is-today")
    yield seen.tile(HOUSE, "Corrective actions overdue", actions.overdue(on=seen.on), "actions", "is-late")
    yield seen.tile(HOUSE, "Corrective actions to check", actions.to_check(on=seen.on), "actions", "is-today")


def _of_cases(seen, group, name, label, alarm=""):
    cases = narrowed(seen.cases, name, user=seen.user, on=seen.on)
    return seen.tile(group, label, cases, "case", alarm, list=name)
