"""The clockwork's heartbeat: each of its sweeps writes down when it began, when it ended and how it went.

Celery's tasks and `manage.py clockwork` both go through `kept`, so whoever looks at the rows sees either.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError

from cases.models import Sweep
from casetracker import clock
from casetracker.celery import app

SILENT_AFTER = timedelta(seconds=120)


@dataclass(frozen=True)
class Swept:
    """How a sweep went: rows dealt with, rows set aside, and what staff should know of it, without personal data (None:
    nothing was learned, so what they know still stands)."""

    done: int = 0
    failed: int = 0
    trouble: str | None = ""


def kept(name, carry_out) -> int:
    """`carry_out(at=now)` was called, and the row of this sweep says so. Answers how many rows it dealt with; what it
    raises is noted by its kind alone, since its words may be about a person, and raised on."""
    began_at = clock.now()
    _note(name, began_at=began_at, ended_at=None)
    try:
        swept = carry_out(at=began_at)
    except Exception as error:
        with suppress(DatabaseError):  # which is why it failed, as a rule
            _note(name, error=f"It failed ({type(error).__name__}). The log says more.")
        raise
    if not isinstance(swept, Swept):
        swept = Swept(done=swept or 0)
    learned = {} if swept.trouble is None else {"error": swept.trouble}
    _note(name, ended_at=clock.now(), done=swept.done, failed=swept.failed, **learned)
    return swept.done


def _note(name, **fields):
    if not Sweep.objects.filter(name=name).update(**fields):
        began_at = fields.pop("began_at", None) or clock.now()
        Sweep.objects.bulk_create([Sweep(name=name, began_at=began_at, **fields)], ignore_conflicts=True)


def names() -> list[str]:
    """The sweeps that there should be."""
    return [name_of(entry["task"]) for entry in app.conf.beat_schedule.values()]


def name_of(task) -> str:
    """What the row of a task called "...sweep_this_and_that" is called."""
    return task.rpartition("sweep_")[2].replace("_", " ")


def silent(sweeps, *, at) -> list[str]:
    """Those of all sweeps that gave no sign for longer than SILENT_AFTER, given the rows that there are."""
    heard = {sweep.name for sweep in sweeps if at - sweep.last_sign_at <= SILENT_AFTER}
    return [name for name in names() if name not in heard]
