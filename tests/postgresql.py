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

OPTIONS = ["fsync=off", "synchronous_commit=off", "max_connections=100", "listen_addresses=127.0.0.1"]


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
    """Yields the URL of a running PostgreSQL, postgres://user@127.0.0.1:port (without a database)."""
    folder = Path(tempfile.mkdtemp(prefix="casetracker-postgresql-"))
    # PostgreSQL refuses to run as root; then it runs as the user that its package made
    account = {"user": "postgres"} if os.geteuid() == 0 else {}
    if account:
        shutil.chown(folder, "postgres")
    try:
        data = _cluster(folder, account)
        port = free_port()
        with _running(folder, data, port, account):
            yield f"postgres://casetracker@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cluster(folder, account) -> Path:
    data = folder / "data"
    initdb = [program("initdb"), "-D", data, "-U", "casetracker", "-A", "trust", "-E", "UTF8", "--no-sync"]
    made = subprocess.run(initdb, cwd=folder, capture_output=True, text=True, **account)
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's cluster could not be made: {made.stderr}")
    return data


@contextmanager
def _running(folder, data, port, account):
    options = [f"-c{option}" for option in (*OPTIONS, f"port={port}", f"unix_socket_directories={folder}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program("postgres"), "-D", data, *options], cwd=folder, stdout=log, stderr=log, **account
        )
    try:
        _wait(process, port, folder / "log")
        yield
    finally:
        process.send_signal(signal.SIGINT)  # the fast shutdown: SIGTERM would wait for whoever is still connected
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process, port, log, *, seconds=60):
    """PostgreSQL answers. Raises RuntimeError, with its log, when it ends or stays silent."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=casetracker dbname=postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer on port {port} within {seconds} s:\n{log.read_text()}")


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
