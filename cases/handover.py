"""All open work of one person goes to another in one action: what that is, and doing it case by case, so that one case
that cannot be handed over keeps back no other."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Commitment, FollowUp, Refused
from cases.models.seeing import Sight

log = logging.getLogger(__name__)


@dataclass
class Work:
    """What somebody has to do about one case, and why it stays with them, where it does."""

    case: Case
    looks_after: bool = False
    followups: list[FollowUp] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    stays: str = ""


def open_work(giver, *, seen_by) -> list[Work]:
    """All that `giver` has to do, as far as `seen_by` may see it: the cases that they look after while anything about
    them is to be done, the follow-ups and the commitments that they own."""
    followups, commitments = _by_case(FollowUp, giver, "involvement"), _by_case(Commitment, giver)
    to_do = Q(closed_on=None) | Exists(FollowUp.objects.outstanding().filter(case=OuterRef("pk")))
    theirs = Q(handler=giver) & to_do | Q(pk__in=[*followups, *commitments])
    cases = Case.objects.visible_to(seen_by).filter(theirs).with_promises()
    cases = cases.select_related("customer", "handler", "team")
    return [
        Work(case, case.handler_id == giver.pk, followups[case.pk], commitments[case.pk])
        for case in cases.defer("story", "wanted").order_by("received_on", "pk")
    ]


def for_taker(work, taker) -> list[Work]:
    """The same; where a complaint is about `taker`, or of another team, it says that it stays."""
    sight = Sight([it.case for it in work])
    for it in work:
        if sight.is_about(taker, it.case):
            it.stays = f"The complaint is about {taker}."
        elif not (sight.may_handle if it.looks_after else sight.may_know_of)(taker, it.case):
            it.stays = f"{taker} may not open it: it is restricted, or of another team."
    return work


def hand_over(giver, taker, *, reason, on, by, keep_back=()) -> list[Work]:
    """Everything of `giver` that `by` may see is `taker`'s, but for the follow-ups in `keep_back`. Returns all that was
    to be handed over; what stayed says why."""
    work = for_taker(open_work(giver, seen_by=by), taker)
    for it in work:
        it.stays = it.stays or _hand_over(it.case, giver, taker, reason=reason, on=on, by=by, keep_back=keep_back)
    return work


def _hand_over(case, giver, taker, **how) -> str:
    """Why `case` stays; empty when it was handed over."""
    try:
        case.hand_over(giver, taker, **how)
    except (Refused, PermissionDenied) as error:
        return str(error)
    except DatabaseError:
        log.exception("Case %s could not be handed over; the others go on.", case.pk)
        return "It could not be saved just now: try again."
    return ""


def _by_case(model, giver, *related) -> dict[int, list]:
    found = defaultdict(list)
    for row in model.objects.outstanding().filter(owner=giver).select_related("case", *related):
        found[row.case_id].append(row)
    return found
