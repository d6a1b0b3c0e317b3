"""django-helpdesk's own loop over open tickets, in an environment of its own.

python bench/escalating.py DATABASE_URL TICKETS      answers {"rate": tickets a second} as JSON
"""

import json
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit

import django
from django.conf import settings

url, tickets = urlsplit(sys.argv[1]), int(sys.argv[2])
settings.configure(
    SECRET_KEY="only-for-the-bench",
    USE_TZ=True,
    ROOT_URLCONF="__main__",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DEFAULT_FROM_EMAIL="desk@example.com",
    SITE_ID=1,
    HELPDESK_TEAMS_MODE_ENABLED=False,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.sites",
        "rest_framework",
        "helpdesk",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": url.hostname,
            "PORT": url.port,
            "USER": url.username,
            "NAME": url.path[1:],
        }
    },
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 (models exist only after the set-up)
from django.core.management import call_command  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
call_command("migrate", verbosity=0)
handler = get_user_model().objects.create(username="ines", email="ines@example.com")
queue = Queue.objects.create(title="Complaints", slug="complaints", escalate_days=1, email_address="desk@example.com")
long_ago = timezone.now() - timedelta(days=30)  # noqa: TID251 (no clock of ours in this environment)
Ticket.objects.bulk_create(
    Ticket(
        title=f"Guest {number}",
        queue=queue,
        submitter_email=f"guest{number}@example.org",
        assigned_to=handler,
        status=Ticket.OPEN_STATUS,
        description="It broke.",
        priority=3,
    )
    for number in range(tickets)
)
Ticket.objects.update(created=long_ago)
began = time.perf_counter()
call_command("escalate_tickets")
seconds = time.perf_counter() - began
escalated = Ticket.objects.exclude(last_escalation=None).count()
print(json.dumps({"rate": escalated / seconds, "escalated": escalated}))
