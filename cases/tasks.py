from celery import shared_task

from cases import board, followups, heartbeat, trends


@shared_task
def sweep_followups():
    return heartbeat.kept("followups", followups.carry_out)


@shared_task
def sweep_figures():
    return heartbeat.kept("figures", board.refresh)


@shared_task
def sweep_trends():
    return heartbeat.kept("trends", trends.notice)
