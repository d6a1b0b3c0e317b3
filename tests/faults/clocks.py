"""Clocks that go wrong: libfaketime stands between a process and the machine's clock."""

from datetime import UTC
from pathlib import Path


def library() -> Path:
    found = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if not found:
        raise RuntimeError("libfaketime is not installed: run make test, which installs it.")
    return found


def fast(times) -> dict:
    """The environment of a process whose clocks run so many times as fast: its minutes of patience are seconds."""
    return {"LD_PRELOAD": str(library()), "FAKETIME": f"+0 x{times}"}


def at_the_instant(instant) -> dict:
    """The environment of a process that takes it to be `instant`, a moment with its zone, when it starts."""
    return {"LD_PRELOAD": str(library()), "FAKETIME": f"@{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "TZ": "UTC"}
