"""Letters that lie ready on the day on which the customer is to hear from us: drafted by the clockwork, one for each
follow-up and never a second, for a person to read, change, issue or discard.

One that cannot be drafted is told in the history of its case, and keeps nothing back: neither the others nor the
reminder of its own follow-up.
"""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.models import Event, FollowUp
from letters import writing
from letters.models import SETTLES, Letter

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
    due = FollowUp.objects.outstanding().filter(kind=SETTLES[kind], due_on__lte=on)
    begun = Letter.objects.drafts().filter(case=OuterRef("case"), kind=kind)
    failed = Event.objects.filter(case=OuterRef("case"), kind=NOT_DRAFTED)
    return (
        due.filter(~Exists(Letter.objects.filter(settles=OuterRef("pk"))), ~Exists(begun))
        .annotate(failed=Exists(failed))
        .order_by("failed", "due_on", "pk")
        .select_related("case__customer", "case__handler")
    )


@transaction.atomic
def _draft(followup, kind, *, on) -> bool:
    """It is drafted, unless the follow-up was settled or has had its letter meanwhile."""
    waits = FollowUp.objects.outstanding().select_for_update().filter(pk=followup.pk)
    if not waits.exists() or Letter.objects.filter(settles=followup).exists():
        return False
    writing.draft(followup.case, kind, on=on, by=None, settles=followup)
    return True


def _tell(followup, kind, error, *, on) -> bool:
    """The history says why, once for each reason; whether it did not say so before."""
    why = str(error) if isinstance(error, writing.CannotDraft) else f"{type(error).__name__}, see the log"
    text = f"{kind.label} not drafted: {why}"
    if followup.case.events.filter(kind=NOT_DRAFTED, text=text).exists():
        return False
    followup.case.record(NOT_DRAFTED, text, on=on, by=None)
    return True
