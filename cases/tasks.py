from celery import shared_task

from cases import followups, heartbeat


@shared_task
def sweep_followups():
    return heartbeat.kept("followups", followups.carry_out)
