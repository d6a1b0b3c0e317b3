"""django-helpdesk in an environment of its own, installed from the package index."""

import subprocess
import sys

PEER = "django-helpdesk"


def python(place):
    """The interpreter of that environment, in the folder `place`; None where it cannot be had."""
    found = place / "helpdesk/bin/python"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", place / "helpdesk"], check=True)
    install = [found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER, "psycopg[binary]"]
    return None if subprocess.run(install, capture_output=True).returncode else found
