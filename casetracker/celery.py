"""The clockwork: all that happens because time passed, and nothing else.

Beat rings each sweep in production; `manage.py clockwork` walks the same list in one process without a broker. A sweep
asks the database what is due, so a tick may come never, once or twice: what is due stays due until it is done.
"""

import os
from datetime import timedelta

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")

app = Celery("casetracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds in UTC, never a wall-clock schedule: those have holes on the nights when the clocks change.
app.conf.beat_schedule = {
    task: {"task": task, "schedule": timedelta(seconds=seconds), "options": {"expires": 55}}
    for task, seconds in {
        "cases.tasks.sweep_followups": 10,
        "letters.tasks.sweep_deliveries": 5,
        "letters.tasks.sweep_undelivered": 10,
        "letters.tasks.sweep_prepared_letters": 10,
        "letters.tasks.sweep_archive": 30,
    }.items()
}
