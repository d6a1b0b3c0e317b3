"""The clockwork gives signs of life, and whoever looks sees when it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from cases import health, heartbeat
from cases.models import Sweep
from casetracker import clock
from casetracker.celery import app

pytestmark = pytest.mark.django_db


def all_swept(*, at):
    for name in heartbeat.names():
        Sweep.objects.update_or_create(name=name, defaults={"began_at": at, "ended_at": at})


def test_every_sweep_writes_down_when_it_ran_and_what_it_did():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]]()
    assert {sweep.name for sweep in Sweep.objects.all()} == set(heartbeat.names())
    assert all(sweep.ended_at >= sweep.began_at for sweep in Sweep.objects.all())


def test_a_sweep_that_fails_says_so_without_anybodys_words():
    def fails(*, at):
        raise OperationalError("eleanor@example.org")

    with pytest.raises(OperationalError):
        heartbeat.kept("letters", fails)
    sweep = Sweep.objects.get()
    assert sweep.error == "It failed (OperationalError). The log says more."
    assert sweep.ended_at is None
    heartbeat.kept("letters", lambda *, at: 3)
    sweep.refresh_from_db()
    assert (sweep.done, sweep.error) == (3, "")


@pytest.mark.parametrize(("seconds", "status"), [(100, 200), (130, 503)])
def test_a_monitor_hears_when_the_clockwork_was_silent_for_two_minutes(client, seconds, status):
    all_swept(at=clock.now() - timedelta(seconds=seconds))
    answer = client.get("/healthz/clockwork")
    assert (answer.status_code, answer.json()["ok"]) == (status, status == 200)


def test_what_waits_and_since_when_is_told_to_the_monitor_without_a_name(client, case):
    late = clock.now() - timedelta(days=60)
    case.followups.filter(kind="acknowledgement").update(act_at=late)
    told = client.get("/healthz/clockwork")
    assert told.json()["followups"]["count"] >= 1
    assert "Eleanor" not in told.content.decode()
    assert health.look(at=clock.now()).followups.oldest_due_at == late


def test_every_page_of_the_admin_is_loud_about_a_clockwork_that_stands_still(client, lead):
    client.force_login(lead)
    loud = "The clockwork stands still"
    assert loud in client.get("/admin/cases/case/").content.decode()
    assert "The clockwork never ran here" in client.get("/admin/").content.decode()
    all_swept(at=clock.now())
    assert loud not in client.get("/admin/cases/case/").content.decode()
    assert "stands still" not in client.get("/admin/cases/case/").content.decode()
    assert "The clockwork ran last at" in client.get("/admin/").content.decode()


def test_the_alarm_says_which_part_stands_still_and_since_when(client, reader):
    client.force_login(reader)
    all_swept(at=clock.now())
    Sweep.objects.filter(name="deliveries").update(
        began_at=datetime(2026, 1, 9, 14, 3, tzinfo=UTC), ended_at=datetime(2026, 1, 9, 14, 4, tzinfo=UTC)
    )
    told = client.get("/admin/letters/letter/").content.decode()
    assert "Part of the clockwork stands still since 9 January, 14:04. It is about: deliveries." in told


def test_nobody_is_told_before_they_have_signed_in(client):
    assert "desk-alarm" not in client.get("/admin/login/").content.decode()
