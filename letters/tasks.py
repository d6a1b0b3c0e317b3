from celery import shared_task

from casetracker import clock
from letters import dispatch


@shared_task
def sweep_deliveries():
    return dispatch.deliver_due(at=clock.now())
