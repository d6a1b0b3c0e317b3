import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from casetracker.celery import app

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Carry out all that is due, again and again, in this one process and without a broker, until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Sweep once and end.")
        parser.add_argument("--every", type=float, default=5, metavar="SECONDS", help="Pause between sweeps (5).")

    def handle(self, *, once, every, **options):
        app.loader.import_default_modules()
        if once:
            return self.sweep()
        try:
            for stop in (signal.SIGINT, signal.SIGTERM):  # also where a shell or a supervisor started us without Ctrl-C
                signal.signal(stop, signal.default_int_handler)
            self.stdout.write(f"The clockwork runs, every {every:g} seconds.")
            self.stdout.flush()
            while True:
                self.sweep()
                time.sleep(every)
        except KeyboardInterrupt:
            self.stdout.write("The clockwork has stopped.")

    def sweep(self):
        """Each sweep of the beat schedule was made, in its order. One that fails is made again next time."""
        for entry in app.conf.beat_schedule.values():
            name = entry["task"].rpartition(".")[2].replace("_", " ")
            close_old_connections()
            try:
                done = app.tasks[entry["task"]]()
            except Exception:  # the database away, the archive mailbox unreadable: the others go on
                log.exception("The clockwork could not %s. It goes on.", name)
                continue
            if done:
                self.stdout.write(f"{name}: {done}")
