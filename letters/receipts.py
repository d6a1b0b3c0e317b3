"""Proof that a letter left: its copy in the archive mailbox.

The archive is a second recipient of the same transaction, so the server that took the copy took the letter. Only what
is found is proof; a copy that is not there changes nothing, however long ago it should have come.
"""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from cases.heartbeat import Swept
from letters import post
from letters.arrivals import arrived
from letters.models import ARCHIVE, Delivery

log = logging.getLogger(__name__)

AT_ONCE = 200


def look_through(*, at) -> Swept:
    """Each unknown delivery whose copy lies in the archive mailbox is sent, and its case knows."""
    settled, trouble = 0, ""
    try:
        for delivery in _found(at=at):
            settled += _settle(delivery, at=at)
    except (post.Unreadable, ImproperlyConfigured) as error:
        log.warning("%s", error)
        trouble = str(error)
    return Swept(done=settled, trouble=trouble)


def _found(*, at):
    """The unknown deliveries whose copy lies there. Raises post.Unreadable when the mailbox cannot be looked into."""
    if not settings.MAIL_ARCHIVE_URL:
        return
    # in no order, so that none waits for good behind others that are never found
    unknown = Delivery.objects.unknown(at=at).order_by("?")[:AT_ONCE]
    sought = {_sought(delivery): delivery for delivery in unknown.select_related("letter__case", "copy")}
    if sought:
        yield from (sought[one] for one in post.found(settings.MAIL_ARCHIVE_URL, sought))


def _sought(delivery):
    since = timezone.localdate(delivery.handoff_at)
    return post.Sought(seal=delivery.seal, message_id=delivery.message_id, since=since)


@transaction.atomic
def _settle(delivery, *, at) -> bool:
    """It was sent when it was handed off, unless somebody settled it meanwhile."""
    sent = {"sent_at": delivery.handoff_at, "archived_at": at, "settled_at": at, "settled_by_name": ARCHIVE}
    if not Delivery.objects.unknown(at=at).filter(pk=delivery.pk).update(**sent):
        return False
    how = f"by e-mail to {delivery.to_email}; its copy was found in the archive mailbox"
    arrived(delivery, how, on=timezone.localdate(delivery.handoff_at), by=None)
    return True
