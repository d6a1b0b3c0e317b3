from celery import shared_task

from cases import followups
from casetracker import clock


@shared_task
def sweep_followups():
    return followups.carry_out(at=clock.now())
