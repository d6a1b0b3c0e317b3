"""The processes of production, as docker-compose.yml starts them: tests run the very same ones.

What depends on the place (the address to bind, where beat keeps its schedule) is appended by the caller.
"""

WEB = [
    "gunicorn",
    "casetracker.wsgi",
    "--workers=2",
    "--threads=4",
    "--timeout=60",
    "--access-logfile=-",
    # no path and no referer: the address of a customer's page is a secret
    "--access-logformat=%(t)s %(m)s %(s)s %(B)s %(M)sms",
    "--no-control-socket",
]
WORKER = [
    "celery",
    "--app=casetracker",
    "worker",
    "--loglevel=INFO",
    "--concurrency=2",
    "--without-gossip",
    "--without-mingle",
]
BEAT = ["celery", "--app=casetracker", "beat", "--loglevel=INFO"]

# Major versions of the servers that the tests meet on Debian 12 and that production runs.
POSTGRESQL = 15
REDIS = 7
