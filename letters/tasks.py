from celery import shared_task

from cases import heartbeat
from letters import dispatch, prepared, receipts, undelivered


@shared_task
def sweep_deliveries():
    return heartbeat.kept("deliveries", dispatch.deliver_due)


@shared_task
def sweep_undelivered():
    return heartbeat.kept("undelivered", undelivered.look_after)


@shared_task
def sweep_prepared_letters():
    return heartbeat.kept("prepared letters", prepared.prepare)


@shared_task
def sweep_archive():
    return heartbeat.kept("archive", receipts.look_through)
