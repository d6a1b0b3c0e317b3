"""Letters that lie ready on the day on which the customer is to hear from us, because we promised it or a clock of the
rules wants it: drafted by the clockwork, one for each follow-up and never a second, for a person to read, change, issue
or discard.

One that cannot be drafted is told in the history of its case, and keeps nothing back: neither the others nor the
reminder of its own follow-up.
"""

import logging
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases import rules
from cases.models import Event, FollowUp
from cases.models import Kind as FollowUpKind
from letters import writing
from letters.models import SETTLES, Kind, Letter

log = logging.getLogger(__name__)

BATCH = 100
NOT_DRAFTED = "not drafted"


def prepare(*, at) -> int:
    """A draft lies ready for every follow-up that a letter settles and whose day has come. Returns how many were made;
    those that failed before come last."""
    made, on = 0, timezone.localdate(at)
    for kind in SETTLES:
        for followup in _without_a_letter(kind, on=on)[:BATCH]:
            try:
                made += _draft(followup, kind, on=on)
            except writing.DraftedAlready:  # a person began one at this moment
                continue
            except Exception as error:  # one that cannot be drafted never keeps back the others
                if _tell(followup, kind, error, on=on):
                    log.exception("No %s could be drafted for follow-up %s; it is tried again.", kind, followup.pk)
    return made


def _without_a_letter(kind, *, on):
    """The follow-ups that call for a letter of this kind, whose day has come, and that never had one."""
    theirs = Letter.objects.filter(case=OuterRef("case"), kind=kind)
    calling = Q(kind=SETTLES[kind]) & ~Exists(Letter.objects.filter(settles=OuterRef("pk")))
    if kind == Kind.PROGRESS:  # a clock of the rules calls for one as well
        calling |= _clocks_that_hearing_from_us_stops() & ~Exists(
            theirs.filter(drafted_at__date__gt=OuterRef("deadline__anchored_on"))
        )
    failed = Event.objects.filter(case=OuterRef("case"), kind=NOT_DRAFTED)
    return (
        FollowUp.objects.outstanding()
        .filter(calling, ~Exists(theirs.drafts()), due_on__lte=on)
        .annotate(failed=Exists(failed))
        .order_by("failed", "due_on", "pk")
        .select_related("case__customer", "case__handler")
    )


def _clocks_that_hearing_from_us_stops() -> Q:
    """“Tell the customer how far we are, every 5 working days.”"""
    steps = {
        (pack.regime, step.name)
        for packs in rules.regimes().values()
        for pack in packs
        for step in pack.steps
        if step.repeats and "contacted" in step.ends
    }
    of_rules = (Q(deadline__regime=regime, deadline__step=step) for regime, step in sorted(steps))
    return Q(kind=FollowUpKind.DEADLINE) & reduce(or_, of_rules, Q(pk=None))


@transaction.atomic
def _draft(followup, kind, *, on) -> bool:
    """It is drafted, unless the follow-up was settled or has had its letter meanwhile."""
    FollowUp.objects.select_for_update().get(pk=followup.pk)  # who drafts beside us waits for us
    if not _without_a_letter(kind, on=on).filter(pk=followup.pk).exists():
        return False
    settles = followup if followup.kind == SETTLES[kind] else None
    writing.draft(followup.case, kind, on=on, by=None, settles=settles)
    return True


def _tell(followup, kind, error, *, on) -> bool:
    """The history says why, once for each reason; whether it did not say so before."""
    why = str(error) if isinstance(error, writing.CannotDraft) else f"{type(error).__name__}, see the log"
    text = f"{kind.label} not drafted: {why}"
    if followup.case.events.filter(kind=NOT_DRAFTED, text=text).exists():
        return False
    followup.case.record(NOT_DRAFTED, text, on=on, by=None)
    return True
