"""The sample company's site, served as `make run` serves it: its own database, its own process, a free port."""

import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql import free_port
from tests.servers.programs import Program

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = f"browser-{secrets.token_hex(8)}"


class House:
    """A site that runs, and whoever sets something up behind its pages."""

    def __init__(self, folder, url, environment):
        self.folder, self.url, self.environment = folder, url, environment

    def inside(self, job, *arguments) -> str:
        """What `job` of tests/browser/inside.py printed, run as the site itself would."""
        return _python(["-m", "tests.browser.inside", job, *arguments], self.environment).strip()


@contextmanager
def served(folder):
    """Yields a House with a dozen complaints, its staff (all of them with PASSWORD) and a walked case."""
    folder, port = Path(folder), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'house.sqlite3'}",
        "MEDIA_ROOT": f"{folder / 'media'}",
        "MAIL_URL": f"folder:{folder / 'mail'}",
        "SITE_URL": url,
        "DJANGO_SETTINGS_MODULE": "casetracker.settings",
        "BROWSER_PASSWORD": PASSWORD,
    }
    house = House(folder, url, environment)
    house.inside("settle_in")
    server = Program(
        "the site",
        [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"],
        cwd=ROOT,
        environment=environment,
        log=folder / "site.log",
        ready=lambda it: _answers(f"{url}/healthz"),
    )
    server.start()
    try:
        yield house
    finally:
        server.stop()


def _python(arguments, environment) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _answers(address) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
