"""django-helpdesk's pages that match ours, over as many tickets, in an environment of its own. Run by admin.py:

python bench/rival.py DATABASE_URL prepare | fill TICKETS | measure      answers JSON
"""

import json
import sys
from urllib.parse import urlsplit

import django
import stopwatch
import words
from django.conf import settings

STAFF, QUEUES, FOLLOWUPS = 50, 20, 5
TIMES = 15
HERE = {"HTTP_HOST": "localhost"}
OPEN, CLOSED = (1, 2), 4  # its statuses: open, reopened, resolved 3, closed

FILL = """
INSERT INTO helpdesk_ticket (id, title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold,
    description, priority, secret_key)
SELECT n, 'EH-' || 100000 + n || ' ' || (%(subjects)s::text[])[1 + n %% cardinality(%(subjects)s::text[])],
    queues[1 + n %% cardinality(queues)], now() - age * INTERVAL '1 day', now() - age * INTERVAL '1 day',
    'customer' || n || '@example.org', staff[1 + (hashint8(n) & 2147483647) %% cardinality(staff)],
    CASE WHEN age < 60 AND hashint8(n * 7) & 127 < 47 THEN 1 ELSE 4 END, false,
    s.list[1 + (hashint8(n * 11) & 31)] || ' ' || s.list[1 + (hashint8(n * 13) & 31)] || ' '
        || s.list[1 + (hashint8(n * 17) & 31)] || ' ' || s.list[1 + (hashint8(n * 19) & 31)], 3, ''
FROM generate_series(%(before)s + 1, %(last)s) n, (SELECT %(sentences)s::text[] AS list) s,
    (SELECT array_agg(id) AS queues FROM helpdesk_queue) q, (SELECT array_agg(id) AS staff FROM auth_user) u,
    LATERAL (SELECT (730 * (%(last)s - n) / (%(last)s - %(before)s)) AS age) a
"""
FOLLOW = """
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id)
SELECT t.id, t.created + number * INTERVAL '1 day', 'Comment', 'We rang the customer and told them how it stands.',
    true, t.assigned_to_id
FROM helpdesk_ticket t, generate_series(1, %(followups)s) number WHERE t.id > %(before)s
"""


def configure(url):
    settings.configure(
        SECRET_KEY="only-for-the-bench",
        USE_TZ=True,
        ROOT_URLCONF="__main__",
        ALLOWED_HOSTS=["localhost"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_FROM_EMAIL="desk@example.com",
        SITE_ID=1,
        STATIC_URL="static/",
        LOGIN_URL="/login/",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        INSTALLED_APPS=[
            *(f"django.contrib.{app}" for app in ("admin", "auth", "contenttypes", "humanize", "messages", "sessions")),
            *("django.contrib.sites", "django.contrib.staticfiles", "rest_framework", "helpdesk"),
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
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


def fill(tickets):
    """There are so many tickets, about three in a hundred of them open, with five follow-ups each."""
    from django.db import connection
    from helpdesk.models import Ticket

    newest = Ticket.objects.order_by("-pk").first()
    many = {
        "before": newest.pk if newest else 0,
        "last": int(tickets),
        "followups": FOLLOWUPS,
        "subjects": list(words.SUBJECTS),
        "sentences": list(words.SENTENCES),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, many)
        cursor.execute(FOLLOW, many)
        cursor.execute("SELECT setval(pg_get_serial_sequence('helpdesk_ticket', 'id'), %s)", [many["last"]])
        cursor.execute("VACUUM ANALYZE")
    return {"tickets": Ticket.objects.count()}


def prepare():
    """No tickets yet, but queues and who works there."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    for number in range(STAFF):
        name = f"adviser{number}"
        get_user_model().objects.create(username=name, email=f"{name}@example.com", is_staff=True)
    for number in range(QUEUES):
        Queue.objects.create(title=f"Queue {number}", slug=f"queue{number}", allow_public_submission=True)
    return {}


def measure():
    """By the name of our page that matches it: how long it takes, and how many queries it asks."""
    return {name: stopwatch.measured(ask, times=TIMES) for name, ask in [*_at_the_desk(), *_outside()]}


def _at_the_desk():
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse
    from helpdesk.models import Queue, Ticket
    from helpdesk.query import query_to_base64

    desk = Client()
    desk.force_login(get_user_model().objects.get(username="adviser7"))
    newest = Ticket.objects.order_by("-pk")[10]

    def listed(search="", **filtering):
        query = {"filtering": filtering, "filtering_null": {}, "sorting": "created", "sortreverse": False}
        path = reverse("helpdesk:datatables_ticket_list", args=[query_to_base64(query | {"search_string": search})])
        return lambda: desk.get(path, **HERE)

    queue = Queue.objects.order_by("pk").first()
    yield "board", lambda: desk.get(reverse("helpdesk:dashboard"), **HERE)
    yield "worklist, first page", listed(status__in=OPEN)
    yield "all cases, first page", listed()
    yield "combined filter", listed(queue__id__in=[queue.pk], status__in=[CLOSED])
    yield "search, common word", listed(words.COMMON)
    yield "search, rare reference", listed(newest.title.split()[0])
    yield "case page", lambda: desk.get(reverse("helpdesk:view", args=[newest.pk]), **HERE)


def _outside():
    from django.test import Client
    from django.urls import reverse
    from helpdesk.models import Queue

    nobody, form = Client(), reverse("helpdesk:submit")
    told = {
        "queue": Queue.objects.order_by("pk").first().pk,
        "title": "The fridge hums",
        "body": "The new fridge hums, and nobody rings back.",
        "priority": "3",
        "submitter_email": "ruth@example.org",
    }

    def send():
        answer = nobody.post(form, told, **HERE)
        assert answer.status_code == 302
        return answer

    yield "public form, sent", send


if __name__ == "__main__":
    configure(urlsplit(sys.argv[1]))
    from django.urls import include, path

    urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
    name, *rest = sys.argv[2:]
    print(json.dumps({"prepare": prepare, "fill": fill, "measure": measure}[name](*rest)))
