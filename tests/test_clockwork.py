"""All that happens because time passed: one list, walked by beat in production and by one command without a broker."""

import signal
import subprocess
import sys

import pytest
from celery.exceptions import QueueNotFound
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from cases import followups
from cases.models.followup import opening
from casetracker import clock
from casetracker.celery import app
from letters.models import Delivery
from tests.conftest import TUESDAY


def test_every_entry_of_the_beat_schedule_is_a_task_that_exists():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["schedule"].total_seconds() <= 30


def test_every_bell_goes_to_one_queue_and_a_worker_serves_them_all():
    """Where a queue is not spelled out, Celery lends it the exchange and the key of the first one."""
    for task in app.conf.beat_schedule:
        queue = app.amqp.router.route({}, task)["queue"]
        assert (queue.name, queue.exchange.name, queue.routing_key) == (settings.SWEEPS[task][1],) * 3
    assert set(app.amqp.queues.consume_from) == {queue for _, queue in settings.SWEEPS.values()}


def test_a_bell_for_a_queue_that_nobody_serves_is_an_error():
    with pytest.raises(QueueNotFound):
        app.amqp.router.route({"queue": "sweep"}, "letters.tasks.sweep_deliveries")


def test_the_command_makes_the_same_sweeps_without_a_broker(case, lead, time_machine, capsys):
    time_machine.move_to(opening(TUESDAY))
    call_command("clockwork", once=True)
    assert Delivery.objects.get().sent_at
    assert capsys.readouterr().out == "sweep followups: 1\nsweep deliveries: 1\n"
    call_command("clockwork", once=True)
    assert Delivery.objects.count() == 1


def test_a_database_that_is_away_for_one_sweep_does_not_end_the_clockwork(issued, monkeypatch):
    def away(**kwargs):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(followups, "carry_out", away)
    call_command("clockwork", once=True)
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_a_sweep_that_fails_keeps_back_no_other(issued, settings):
    settings.MAIL_ARCHIVE_URL = "maildir:/nowhere/at/all"
    Delivery.objects.filter(copy=None).update(handoff_at=clock.now(), lease_until=clock.now())
    call_command("clockwork", once=True)
    assert Delivery.objects.filter(sent_at__isnull=False, letter=issued).count() == 2


def test_a_supervisor_may_end_the_clockwork_politely(tmp_path):
    command = [sys.executable, "manage.py", "clockwork", "--every", "0.1"]
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}", "MAIL_URL": f"folder:{tmp_path}", "PATH": ""}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, check=True)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "The clockwork runs, every 0.1 seconds.\n"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out == "The clockwork has stopped.\n"
