"""Bringing to mind what is due. The clockwork asks `carry_out(at=now)` every few seconds; the rows say what is due.

A batch of rows is claimed, told of and put on to its next look in one short transaction: a worker that dies has done
nothing, and two at once do it once. One bad case never blocks the rest: it is set aside with its error, shown as stuck,
and tried again after a pause that grows. To look once too often does no harm, since nobody is told twice of a step.
"""

import logging
import time
from collections import defaultdict
from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases import digests, ladders
from cases.models import FollowUp, Kind, Reminder, Step, record_for_each
from cases.receivers import Receivers

log = logging.getLogger(__name__)

BATCH = 500
SECONDS = 4  # that one sweep works at most; the next one goes on, so that deliveries have their turn
PAUSES = [timedelta(minutes=m) for m in (1, 5, 30, 120, 720)]  # before a stuck one is tried again; the last repeats
NOBODY = "nobody, since no lead has an e-mail address"


def carry_out(*, at) -> int:
    """Every follow-up whose hour has come by `at` has been brought to mind, once a step, or is set aside as stuck; and
    what each person is told lies gathered for the post. Returns how many were brought to mind. After SECONDS the rest
    waits for the next sweep."""
    until, told, claimed = time.monotonic() + SECONDS, 0, True
    while claimed:
        claimed, brought = _work_off(at=at)
        told += brought
        if time.monotonic() > until:
            break
    digests.gather(at=at)
    return told


@transaction.atomic
def _work_off(*, at) -> tuple[int, int]:
    """The next batch is done with. Returns how many rows it had, and how many were brought to mind."""
    batch = claim(at=at)
    return len(batch), _bring_or_set_aside(batch, at=at)


def claim(*, at) -> list[int]:
    """The next follow-ups that are due, ours until the transaction ends. (SQLite has one writer at a time anyway.)"""
    due = FollowUp.objects.to_act_on(at=at).select_for_update(skip_locked=True)
    return list(due.values_list("pk", flat=True)[:BATCH])


def _bring_or_set_aside(batch, *, at) -> int:
    """All of `batch` at once; when that fails by halves, down to the bad ones, which are set aside."""
    if not batch:
        return 0
    try:
        with transaction.atomic():
            return _bring_to_mind(batch, at=at)
    except Exception as error:  # whatever it is, it must not keep back the others
        if transaction.get_rollback() or not connection.is_usable():
            raise
        if len(batch) == 1:
            _set_aside(batch[0], error, at=at)
            return 0
    middle = len(batch) // 2
    return _bring_or_set_aside(batch[:middle], at=at) + _bring_or_set_aside(batch[middle:], at=at)


def _set_aside(pk, error, *, at):
    log.error("Follow-up %s is stuck; the others go on.", pk, exc_info=error)
    row = FollowUp.objects.filter(pk=pk)
    tries = row.values_list("tries", flat=True).get()
    row.update(
        tries=F("tries") + 1,
        error=f"{type(error).__name__}: {error}"[:1000],
        stuck_at=Coalesce("stuck_at", Value(at, output_field=models.DateTimeField())),
        act_at=at + PAUSES[min(tries, len(PAUSES) - 1)],
    )


# --- one batch --------------------------------------------------------------------------------------------------------


def _bring_to_mind(batch, *, at) -> int:
    """Whoever is concerned has a reminder of each step whose hour has come, the histories say so, and every row of
    `batch` is put on to its next look. Returns how many there was something to tell of."""
    followups = _loaded(batch)
    receivers, told, on = Receivers(followups), _told(batch), timezone.localdate(at)
    looks, news = {}, []
    for followup in followups:
        calendar, zone = receivers.days_and_hours(followup)
        rungs = followup.rungs(calendar=calendar, zone=zone)
        looks[followup.pk] = ladders.next_look(rungs, after=at)
        for rung in ladders.to_tell(rungs, told=set(told[followup.pk]), at=at):
            people = receivers.told(followup, rung.who, on=on)
            heard = told[followup.pk].get((rung.step, rung.at), set())
            if not heard or not heard.issuperset(people):
                news.append((followup, rung, _reminders(followup, rung, people, heard, at=at)))
    Reminder.objects.bulk_create((one for *_, reminders in news for one in reminders), ignore_conflicts=True)
    said = [(followup.case_id, f"followup {rung.step}", _in_words(followup, rung, new)) for followup, rung, new in news]
    record_for_each(said, on=on, by=None)
    _put_on(looks)
    return len({followup.pk for followup, *_ in news})


def _loaded(batch):
    related = ("case__handler", "case__organisation", "commitment__owner", "involvement__user__manager")
    rows = FollowUp.objects.filter(pk__in=batch).order_by("pk")
    return list(rows.select_related(*related, "owner", "deadline").defer("case__story", "case__wanted"))


def _told(batch) -> dict[int, dict[tuple, set[str]]]:
    """For each follow-up, by (step, instant): the addresses that were told."""
    told = defaultdict(lambda: defaultdict(set))
    rows = Reminder.objects.filter(followup__in=batch).values_list("followup", "step", "planned_at", "to_email")
    for pk, step, planned_at, email in rows:
        told[pk][step, planned_at].add(email)
    return told


def _reminders(followup, rung, people, heard, *, at) -> list[Reminder]:
    """The reminders of `rung` for those of `people` who have none yet."""
    return [
        Reminder(
            followup=followup,
            step=rung.step,
            urgent=rung.urgent,
            planned_at=rung.at,
            made_at=at,
            to_name=name[:200],
            to_email=email,
        )
        for email, name in people.items()
        if email not in heard
    ]


def _in_words(followup, rung, reminders) -> str:
    names = ", ".join(reminder.to_name for reminder in reminders) or NOBODY
    what = f"{followup}, {followup.why}" if followup.kind == Kind.DEADLINE else str(followup)
    text = f"{what}: {Step(rung.step).label}. Told: {names}."
    if any(reminder.came_late for reminder in reminders):
        text += f" It should have come on {timezone.localtime(rung.at):%A %-d %B %Y, %H:%M}."
    return text


def _put_on(looks):
    """Each row is looked at again at its instant, and none of them is stuck any more."""
    by_instant = defaultdict(list)
    for pk, instant in looks.items():
        by_instant[instant].append(pk)
    FollowUp.objects.filter(pk__in=looks).update(
        act_at=models.Case(
            *(When(pk__in=pks, then=Value(instant)) for instant, pks in by_instant.items() if instant),
            default=None,
            output_field=models.DateTimeField(),
        ),
        tries=0,
        error="",
        stuck_at=None,
    )
