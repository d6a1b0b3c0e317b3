"""The clockwork: all that happens because time passed, and nothing else.

Beat rings each sweep in production; `manage.py clockwork` walks the same list (settings.SWEEPS) in one process without
a broker. A sweep asks the database what is due, so a tick may come never, once or twice: what is due stays due until it
is done.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")

app = Celery("casetracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
