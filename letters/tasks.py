from celery import shared_task

from casetracker import clock
from letters import dispatch, prepared, receipts, undelivered


@shared_task
def sweep_deliveries():
    return dispatch.deliver_due(at=clock.now())


@shared_task
def sweep_undelivered():
    return undelivered.look_after(at=clock.now())


@shared_task
def sweep_prepared_letters():
    return prepared.prepare(at=clock.now())


@shared_task
def sweep_archive():
    return receipts.look_through(at=clock.now())
