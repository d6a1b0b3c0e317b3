"""Letters that did not arrive, or perhaps did not: somebody is asked to settle each, on closed cases too.

The rows say which they are, whatever became of whoever should have said so: an envelope whose worker died after the
handoff is found like one that a server refused. Digests of reminders are no case's; the board shows them.
"""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.deadlines import NoCalendar, working_days_after
from cases.models import FollowUp, office
from cases.models import Kind as FollowUpKind
from letters.models import Delivery

log = logging.getLogger(__name__)

BATCH = 200


def look_after(*, at) -> int:
    """Whoever looks after the case is asked, once, to settle each letter that did not arrive. Returns how many they are
    asked about anew."""
    asked = 0
    for pk in Delivery.objects.undelivered(at=at).filter(followup=None).values_list("pk", flat=True)[:BATCH]:
        try:
            asked += _ask(pk, at=at)
        except (DatabaseError, NoCalendar):
            log.exception("Nobody could be asked about delivery %s; it is tried again.", pk)
    return asked


@transaction.atomic
def _ask(pk, *, at) -> bool:
    Delivery.objects.select_for_update().get(pk=pk)  # whoever settles it meanwhile waits for us, or we for them
    delivery = Delivery.objects.undelivered(at=at).filter(pk=pk, followup=None).first()
    if delivery is None:
        return False
    on, case = timezone.localdate(at), delivery.letter.case
    due_on = working_days_after(on, 1, calendar=office())
    delivery.followup = case.follow_up(FollowUpKind.DELIVERY, due_on=due_on, why=_what_became_of(delivery))
    delivery.save(update_fields=["followup"])
    case.record("followup planned", f"{delivery.followup}. {delivery.followup.why}.", on=on, by=None)
    return True


def settled(delivery, *, on):
    """Nobody is asked about `delivery` any more."""
    followup = Delivery.objects.select_for_update().values_list("followup", flat=True).get(pk=delivery.pk)
    if followup:
        FollowUp.objects.outstanding().filter(pk=followup).update(done_on=on)


def _what_became_of(delivery) -> str:
    letter = delivery.letter
    what = f"{'Copy of ' if delivery.copy_id else ''}{letter.get_kind_display()} {letter.number}"
    if delivery.returned_on:
        became = f"came back from the post: {delivery.returned_reason}"
    elif delivery.refused_at:
        became = f"was refused: {delivery.smtp_code or ''} {delivery.smtp_reply}".replace("  ", " ")
    else:
        became = "may have arrived or not: the server's answer was lost"
    return f"{what} to {delivery.to_name} {became}"
