"""The whole of it: what `production` starts, and what a test asks of it and does to it."""

import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple

import psycopg
import trustme
from kombu import Connection

from casetracker.celery import app
from tests import postgresql, processes
from tests.postgresql import free_port

from .mail import MailServer
from .programs import Program

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent


class Answer(NamedTuple):
    """A page of the site, and where its redirects led."""

    url: str
    text: str


def image(folder) -> Path:
    """The files that the image would hold, and no others: what .dockerignore lets in."""
    place = Path(folder) / "image"
    place.mkdir()
    admitted = [line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")]
    for name in admitted:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(ROOT / name, place)
    return place


class Production:
    """The running whole. `url` is the site's, over TLS; `sql` asks its database."""

    def __init__(self, folder, cluster, mail, **environment):
        self.folder, self.postgresql, self.mail = Path(folder), cluster, mail
        self._environment = environment
        self.image = image(folder)
        self.web_port, self.redis_port = free_port(), free_port()
        self.url = f"https://127.0.0.1:{self.web_port}"
        self.database = f"{cluster.url}/casetracker"
        with psycopg.connect(f"{cluster.url}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE casetracker")
        self.authority = trustme.CA()
        certificate = self.authority.issue_cert("127.0.0.1")
        certificate.private_key_and_cert_chain_pem.write_to_path(self.folder / "tls.pem")

    @cached_property
    def environment(self):
        ours = {
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "DEBUG": "off",
            "ALLOWED_HOSTS": "complaints.example,127.0.0.1",
            "SITE_URL": self.url,
            "DATABASE_URL": self.database,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "MAIL_URL": self.mail.url,
            "MAIL_FROM": "Customer relations <complaints@example.com>",
            "MAIL_ARCHIVE": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "TIME_ZONE": "Europe/London",
            "COUNTRY": "GB",
        }
        return os.environ | ours | self._environment

    # --- its processes ---

    @cached_property
    def redis(self):
        command = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "no"]
        return self._program("redis", command, ready=lambda it: "Ready to accept connections" in it.said())

    @cached_property
    def web(self):
        pem = self.folder / "tls.pem"
        place = [f"--bind=127.0.0.1:{self.web_port}", f"--certfile={pem}", f"--keyfile={pem}"]
        return self._program("web", [*processes.WEB, *place], ready=lambda it: self.healthy())

    @cached_property
    def worker(self):
        return self._program("worker", processes.WORKER, ready=lambda it: " ready.\n" in it.said())

    def another_worker(self, name):
        command = [*processes.WORKER, f"--hostname={name.replace(' ', '-')}@%h"]
        return self._program(name, command, ready=lambda it: " ready.\n" in it.said())

    @cached_property
    def beat(self):
        return self.another_beat("beat")

    def another_beat(self, name):
        schedule = f"--schedule={self.folder / name}-schedule"
        return self._program(name, [*processes.BEAT, schedule], ready=lambda it: "beat: Starting..." in it.said())

    def _program(self, name, command, *, ready):
        if (BIN / command[0]).exists():
            command = [str(BIN / command[0]), *command[1:]]
        return Program(
            name,
            command,
            cwd=self.image,
            environment=self.environment,
            log=self.folder / f"{name}.log",
            ready=ready,
        )

    def programs(self):
        return [self.redis, self.web, self.worker, self.beat]

    def stop(self):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(Program.stop, self.programs()))

    # --- what tests do with it ---

    def ring(self, task):
        """The bell that beat rings, rung now."""
        with Connection(self.environment["REDIS_URL"]) as line:
            app.send_task(task, connection=line, ignore_result=True)

    def bells(self) -> int:
        """How many bells nobody has heard yet."""
        with self.redis_line() as redis:
            return sum(redis.llen(key) for key in redis.scan_iter(_type="list"))

    @contextmanager
    def redis_line(self):
        """A line to Redis itself."""
        with Connection(self.environment["REDIS_URL"]) as line:
            yield line.default_channel.client

    def sweeps(self, task) -> int:
        """How many sweeps the worker has finished since it was started."""
        return len(re.findall(rf"Task {re.escape(task)}\[.*succeeded", self.worker.said()))

    def inside(self, *arguments):
        """What tests/inside.py answers, run as one more process of this production."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "inside.py"), *(str(argument) for argument in arguments)],
            cwd=self.image,
            env=self.environment | {"PYTHONPATH": str(self.image)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def sql(self, query, *values):
        """The rows of `query`; of a query that changes rows, how many."""
        with psycopg.connect(self.database, autocommit=True, options="-c lock_timeout=60s") as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def manage(self, *arguments, **environment):
        """What `manage.py` ended with and said, with other settings where told."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.image,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def open(self, path, data=None, *, cookies=None, origin="", content_type="application/x-www-form-urlencoded"):
        """The answer to a GET or, with `data`, a POST from a page of `origin` (or of its own), redirects followed."""
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=self.trust),
            urllib.request.HTTPCookieProcessor(cookies if cookies is not None else CookieJar()),
        )
        headers = {"Origin": origin or self.url} | ({"Content-Type": content_type} if data else {})
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        # read and closed at once: gunicorn stands still for two seconds for a client that leaves its end open
        with opener.open(request, timeout=60) as answer:
            return Answer(answer.url, answer.read().decode())

    @cached_property
    def trust(self):
        """What a client needs to believe the site's certificate."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def healthy(self) -> bool:
        with suppress(OSError):
            return "true" in self.open("/healthz").text
        return False


@contextmanager
def production(folder, **environment):
    """Production runs, its database migrated and its static files made as the Dockerfile does; then all of it ends."""
    with ExitStack() as running:
        mail = running.enter_context(MailServer(folder))
        it = Production(folder, running.enter_context(postgresql.cluster()), mail, **environment)
        with ThreadPoolExecutor(2) as pool:
            for done in pool.map(it.manage, ["migrate", "collectstatic"], ["--noinput"] * 2, ["--verbosity=0"] * 2):
                assert done.returncode == 0, done.stderr
        running.callback(it.stop)
        for program in it.programs():
            program.start(wait=False)
        for program in it.programs():
            program.wait()
        yield it
