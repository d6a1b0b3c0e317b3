"""A real PostgreSQL for a test run: its own cluster in a temporary folder, on a free loopback port, stopped at the end.

As a pytest plugin it puts a whole run over one such server, also with `-n auto`:

    python -m pytest -n auto -p tests.postgresql tests/cases tests/letters
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

OPTIONS = ["fsync=off", "max_connections=100", "listen_addresses=127.0.0.1"]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def program(name) -> str:
    """The path of one of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    if not found:
        raise RuntimeError(f"PostgreSQL's {name} is not installed: run make test, which installs it.")
    return found


@contextmanager
def server():
    """Yields the URL of a running PostgreSQL, postgres://user@127.0.0.1:port (without a database). What was committed
    last may be lost with it, as nobody looks for it then."""
    with cluster("synchronous_commit=off") as running:
        yield running.url


@contextmanager
def cluster(*options):
    """Yields a running Cluster of its own, in a folder that goes when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="casetracker-postgresql-"))
    it = Cluster(folder, options)
    try:
        it.make()
        it.start()
        yield it
    finally:
        it.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Cluster:
    """One PostgreSQL: its data and its port stay when it is stopped or crashes."""

    def __init__(self, folder, options):
        self.folder, self.port = folder, free_port()
        self.url = f"postgres://casetracker@127.0.0.1:{self.port}"
        place = (f"port={self.port}", f"unix_socket_directories={folder}")
        self._options = [f"-c{option}" for option in (*OPTIONS, *options, *place)]
        # PostgreSQL refuses to run as root; then it runs as the user that its package made
        self._account = {"user": "postgres"} if os.geteuid() == 0 else {}
        self._process = None

    def make(self):
        if self._account:
            shutil.chown(self.folder, "postgres")
        initdb = [program("initdb"), "-D", self.folder / "data", "-U", "casetracker", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*initdb, "--no-sync"], cwd=self.folder, capture_output=True, text=True, check=False, **self._account
        )
        if made.returncode:
            raise RuntimeError(f"PostgreSQL's cluster could not be made: {made.stderr}")

    def start(self):
        """It runs and answers. Raises RuntimeError, with its log, when it does not."""
        command = [program("postgres"), "-D", self.folder / "data", *self._options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._account)
        self._wait(seconds=60)

    def stop(self):
        """It ended in good order, whoever was still connected."""
        self._end(signal.SIGINT)  # the fast shutdown: SIGTERM would wait for them

    def crash(self):
        """It ended at once; starting it recovers what was committed and nothing else."""
        self._end(signal.SIGQUIT)

    def _end(self, how):
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self, *, seconds):
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            try:
                psycopg.connect(f"{self.url}/postgres", connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        log = (self.folder / "log").read_text()
        raise RuntimeError(f"PostgreSQL did not answer on port {self.port} within {seconds} s:\n{log}")


# --- the plugin -------------------------------------------------------------------------------------------------------

SERVER = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """The server runs and the environment names it before the settings are read. The processes of xdist come later,
    find the environment as it is, and make a database each."""
    running = ExitStack()
    early_config.add_cleanup(running.close)
    url = running.enter_context(server())
    early_config.stash[SERVER] = url
    os.environ["DATABASE_URL"] = f"{url}/casetracker"
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def the_tests_are_over_postgresql(django_db_setup, django_db_blocker):
    """A run that says PostgreSQL and is over something else fails from its first test on."""
    from django.db import connection

    with django_db_blocker.unblock():
        assert connection.vendor == "postgresql"
        assert str(connection.settings_dict["PORT"]) in os.environ["DATABASE_URL"]


def pytest_terminal_summary(terminalreporter, config):
    if SERVER in config.stash:
        with psycopg.connect(f"{config.stash[SERVER]}/postgres") as connection:
            (version,) = connection.execute("SHOW server_version").fetchone()
        terminalreporter.write_line(f"These tests ran over PostgreSQL {version}.")
