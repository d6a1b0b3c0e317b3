"""What the tests of follow-ups share: the hours at which the clockwork looks, and who was told."""

from datetime import UTC, datetime, timedelta

from cases.models import FollowUp, Kind, Reminder
from cases.models.followup import opening
from tests.conftest import MONDAY, TUESDAY

WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def told(step, followup=None):
    rows = Reminder.objects.filter(step=step)
    return sorted((rows.filter(followup=followup) if followup else rows).values_list("to_email", flat=True))


def plan(case, kind, due_on, *, why="As agreed", **about):
    """A follow-up that was there long before the tests' days."""
    return case.follow_up(kind, due_on=due_on, why=why, set_at=at(MONDAY - timedelta(days=60), 9), **about)


def plan_many(case, count, *, due_on):
    """`count` letters that did not arrive; nothing else of the case is due."""
    case.followups.outstanding().update(done_on=MONDAY)
    rows = [
        FollowUp(case=case, kind=Kind.DELIVERY, due_on=due_on, why=f"Number {number}", act_at=opening(due_on))
        for number in range(count)
    ]
    return FollowUp.objects.bulk_create(rows)
