"""How the clockwork is: what ran when, and what waits. Read by monitors, by the board, and for the alarm on every page.

Each figure is one range of an index, counted up to MOST.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cases import heartbeat
from cases.models import FollowUp, Sweep
from letters.models import Delivery

MOST = 1000  # beyond that the exact number is no news


@dataclass(frozen=True)
class Waiting:
    count: int  # MOST + 1: more than MOST
    oldest_due_at: datetime | None

    @property
    def words(self) -> str:
        return f"More than {MOST:,}" if self.count > MOST else f"{self.count:,}"


@dataclass(frozen=True)
class Health:
    sweeps: list[Sweep]
    silent: list[str]
    letters: Waiting
    followups: Waiting
    stuck: int
    unknown: int
    refused: int
    troubles: list[str] = field(default_factory=list)

    @property
    def last_run_at(self):
        return max((sweep.last_sign_at for sweep in self.sweeps), default=None)

    @property
    def is_well(self) -> bool:
        return not self.silent


def look(*, at) -> Health:
    sweeps = list(Sweep.objects.all())
    return Health(
        sweeps=sweeps,
        silent=heartbeat.silent(sweeps, at=at),
        letters=_waiting(Delivery.objects.to_send(at=at), "due_at"),
        followups=_waiting(FollowUp.objects.to_act_on(at=at), "act_at"),
        stuck=_count(FollowUp.objects.outstanding().filter(stuck_at__isnull=False)),
        unknown=_count(Delivery.objects.unknown(at=at)),
        refused=_count(Delivery.objects.refused()),
        troubles=[f"{sweep.name}: {sweep.error}" for sweep in sweeps if sweep.error],
    )


def _waiting(due, instant):
    return Waiting(_count(due), due.values_list(instant, flat=True).first())


def _count(rows) -> int:
    return rows.order_by()[: MOST + 1].count()


def in_json(health) -> dict:
    """For a monitor: figures and instants, nobody's name or words."""
    return {
        "ok": health.is_well,
        "silent": health.silent,
        "sweeps": {
            sweep.name: {
                "began_at": sweep.began_at,
                "ended_at": sweep.ended_at,
                "done": sweep.done,
                "failed": sweep.failed,
                "trouble": bool(sweep.error),
            }
            for sweep in health.sweeps
        },
        "letters": vars(health.letters),
        "followups": vars(health.followups),
        "stuck": health.stuck,
        "unknown": health.unknown,
        "refused": health.refused,
    }
