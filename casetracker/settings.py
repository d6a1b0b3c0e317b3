"""One file of settings; what differs between places comes from the environment (see .env.example).

The defaults run with nothing installed: SQLite, no broker, mail into a folder, loopback only. Naming any other host in
ALLOWED_HOSTS makes it production, and production refuses to start with the default SECRET_KEY, with DEBUG, or with mail
that goes nowhere.
"""

from datetime import timedelta
from pathlib import Path

import environ
from babel import Locale
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from kombu import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
VAR.mkdir(exist_ok=True)

env = environ.Env()

# --- who may call us, and what that demands ---------------------------------------------------------------------------

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
DEFAULT_SECRET_KEY = "only-for-this-machine-and-refused-for-any-other-host-0123456789"

SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = LOOPBACK + [h for h in env.list("ALLOWED_HOSTS", default=[]) if h not in LOOPBACK]
IN_PRODUCTION = ALLOWED_HOSTS != LOOPBACK
MAIL_URL = env("MAIL_URL", default=f"folder:{VAR / 'mail'}")

if IN_PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on while ALLOWED_HOSTS names other machines: set DEBUG=off.")
    if SECRET_KEY == DEFAULT_SECRET_KEY or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS names other machines, but SECRET_KEY is the default or shorter than 50 characters: "
            "set SECRET_KEY to a long random text."
        )
    if not env("MAIL_URL", default=""):
        raise ImproperlyConfigured("In production MAIL_URL must say which mail server sends the letters.")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("In production SITE_URL must start with https:// (it goes into e-mails).")

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IN_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IN_PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^healthz(/clockwork)?$"]
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IN_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the letter desk shows our own PDF in a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IN_PRODUCTION else []
CSRF_FAILURE_VIEW = "cases.views.form_not_trusted"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {  # see casetracker/csp.py
    "default-src": [SELF],
    # the admin theme carries Alpine.js, which evaluates its attributes
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    # the paper beside a letter that is being written is a PDF that the page made of an answer
    "frame-src": [SELF, "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# --- the house --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "phonenumber_field",
    "cases",
    "letters",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casetracker.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cases.admin.unsaved.tell_what_was_saved",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "casetracker.urls"
WSGI_APPLICATION = "casetracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["unfold_crispy"]
CRISPY_TEMPLATE_PACK = "unfold_crispy"  # the admin and the customers' pages wear the same clothes

# --- rows and files ---------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'casetracker.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write says so at its start; otherwise one in ten fails as "locked" under load
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            # the last: how alike a name has to be to be found (cases/search/alike.py)
            "options": "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
            "-c pg_trgm.word_similarity_threshold=0.5",
        },
    }

MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR / "media")))
MEDIA_URL = ""  # never served by address: attachments go through a view that asks who wants them
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise looks for it at start
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # a complaint of a megabyte must reach its form and be answered there
FILE_UPLOAD_PERMISSIONS = 0o640

# --- who works here ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "cases.rights.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

# --- language, time, place --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# each folder of the starter library is a language that customers may choose; that of the house comes first
LANGUAGES = sorted(
    (
        (folder.parent.name, Locale.parse(folder.parent.name, sep="-").get_display_name("en"))
        for folder in BASE_DIR.glob("letters/library/*/phrases.yaml")
    ),
    key=lambda language: (not LANGUAGE_CODE.startswith(language[0]), language[1]),
)
TIME_ZONE = env("TIME_ZONE", default="Europe/London")
USE_TZ = True
COUNTRY = env("COUNTRY", default="GB")  # home: its working days, and no country line on letters that stay in it
# a part of it with holidays of its own, such as SCT; the whole United Kingdom shares few of them
REGION = env("REGION", default="" if env("COUNTRY", default="") else "ENG")
PHONENUMBER_DEFAULT_REGION = COUNTRY
TRENDS = {
    "number": env.int("TREND_NUMBER", default=5),
    "days": env.int("TREND_DAYS", default=30),
}

# --- mail -------------------------------------------------------------------------------------------------------------

MAIL_FROM = env("MAIL_FROM", default="Customer relations <complaints@example.com>")
MAIL_ARCHIVE = env("MAIL_ARCHIVE", default="")  # a mailbox that gets every letter too, as proof that it left
MAIL_ARCHIVE_URL = env("MAIL_ARCHIVE_URL", default="")  # where that mailbox is read

# --- the clockwork ----------------------------------------------------------------------------------------------------

# The database is the queue; Redis only rings the bell. With no REDIS_URL there is no bell: manage.py clockwork sweeps.
CELERY_BROKER_URL = env("REDIS_URL", default="") or None

# All that happens because time passed: each sweep, every how many seconds, and which queue its bells wait in. A worker
# serves all three queues unless it is told otherwise (-Q). They are apart so that a mail server that takes minutes, or
# a hundred letters to be set, can be given workers of their own and never hold up the reminders.
SWEEPS = {
    "cases.tasks.sweep_followups": (10, "sweeps"),
    "cases.tasks.sweep_figures": (30, "sweeps"),
    "cases.tasks.sweep_trends": (30, "sweeps"),
    "letters.tasks.sweep_deliveries": (5, "mail"),
    "letters.tasks.sweep_undelivered": (10, "sweeps"),
    "letters.tasks.sweep_prepared_letters": (10, "letters"),
    "letters.tasks.sweep_archive": (30, "mail"),
}
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("sweeps", "mail", "letters")]
CELERY_TASK_DEFAULT_QUEUE = "sweeps"
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a queue that nobody serves is a slip of the pen, and an error
CELERY_TASK_ROUTES = {task: {"queue": queue} for task, (_, queue) in SWEEPS.items()}
CELERY_BEAT_SCHEDULE = {
    task: {
        "task": task,
        "schedule": timedelta(seconds=seconds),  # never a wall-clock schedule: those have holes when the clocks change
        "options": {"expires": 55},  # a worker that was away throws old bells away instead of hearing all of them
    }
    for task, (seconds, _) in SWEEPS.items()
}
CELERY_TIMEZONE = "UTC"

# A lost bell is harmless, since the next one comes: so it counts as heard when it is taken (late acks only add repeats,
# and for those the visibility timeout would have to be longer than any task; Celery's hour is). No results are kept.
CELERY_TASK_ACKS_LATE = False
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True

# A worker's process takes one bell beforehand, so that those of a slow one are left to others. It is replaced now and
# then, for whatever its libraries leak. A sweep of the mail takes no further letter after 45 s, and the longest
# conversation with a mail server is 790 s: only what hangs meets the soft limit, which is an error, or the hard one,
# which is a kill.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_TASK_SOFT_TIME_LIMIT = 850
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Redis may be away for as long as it likes. A worker asks for it after 2, 4, 6 ... and then every 30 seconds (these are
# fixed in Celery), so its first bell may come half a minute after Redis does; by default it would end after 100 tries.
# The time-outs are for a Redis that is there and says nothing. Only beat publishes, and it may wait; whoever lets the
# web ring a bell gives it an app of its own with time-outs of a second, or a form hangs where Redis does.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 25,
}

# --- what the log says: never a complaint, an address or a token ------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in ("cases", "letters", "casetracker")},
}

# --- the admin's clothes (see cases/admin/ for what is in it) ---------------------------------------------------------


def _entry(title, icon, page, **more):
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{page}", query=more.pop("query", None)), **more}


UNFOLD = {
    "SITE_TITLE": "Complaints",
    "SITE_HEADER": "Complaints",
    "SITE_SYMBOL": "forum",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "GLOBAL_CALLBACK": "cases.admin.alarm.on_every_page",
    "DASHBOARD_CALLBACK": "cases.admin.board.board",
    "TABS": "cases.admin.tabs.tabs",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("cases/icon.svg")}],
    "STYLES": [lambda _, css=css: static(f"cases/{css}.css") for css in ("desk", "case", "playbook", "reports")],
    "SCRIPTS": [lambda request: static("cases/named.js"), lambda request: static("cases/unsaved.js")],
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.2% .012 236)",
            "100": "oklch(94% .028 236)",
            "200": "oklch(88.5% .055 236)",
            "300": "oklch(80.5% .09 236)",
            "400": "oklch(70% .115 237)",
            "500": "oklch(58.5% .115 239)",
            "600": "oklch(48% .1 241)",
            "700": "oklch(41.5% .088 242)",
            "800": "oklch(35.5% .072 243)",
            "900": "oklch(30% .058 244)",
            "950": "oklch(23% .045 245)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    _entry("Board", "dashboard", "index"),
                    _entry("Worklist", "inbox", "cases_case_changelist"),
                    _entry("Follow-ups", "event_upcoming", "cases_followup_changelist"),
                    _entry("Customers", "person", "cases_customer_changelist"),
                    _entry("Corrective actions", "build", "cases_actions"),
                    _entry("Report", "monitoring", "cases_report", permission="cases.admin.tabs.for_reports"),
                ],
            },
            {
                "title": "Letters",
                "separator": True,
                "items": [
                    _entry("All letters", "mail", "letters_letter_changelist"),
                    _entry(
                        "To post",
                        "print",
                        "letters_delivery_changelist",
                        query={"list": "to_post"},
                        active="cases.admin.tabs.posting",
                    ),
                    _entry(
                        "Deliveries",
                        "local_shipping",
                        "letters_delivery_changelist",
                        query={"list": "unknown"},
                        active="cases.admin.tabs.settling",
                    ),
                ],
            },
            {
                "title": "Set up",
                "separator": True,
                "items": [
                    _entry("Letter templates", "article", "letters_lettertemplate_changelist"),
                    _entry("Letterheads", "badge", "letters_letterhead_changelist"),
                    _entry("Signatures", "signature", "letters_signature_changelist"),
                    _entry("Organisations", "domain", "cases_organisation_changelist"),
                    _entry("Playbook", "menu_book", "cases_playbookversion_changelist"),
                    _entry("Rules", "rule", "cases_rules"),
                    _entry(
                        "Days off",
                        "event_busy",
                        "cases_calendarday_changelist",
                        permission="cases.admin.tabs.for_leads",
                    ),
                    _entry("Staff", "group", "cases_user_changelist"),
                    _entry("Teams", "groups", "cases_team_changelist"),
                    _entry(
                        "Who read what",
                        "visibility",
                        "cases_reading_changelist",
                        permission="cases.admin.tabs.for_the_read_log",
                    ),
                    _entry(
                        "Self-check", "checklist", "letters_selfcheck", permission="cases.admin.tabs.for_the_set_up"
                    ),
                ],
            },
        ],
    },
}
