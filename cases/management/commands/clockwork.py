import time

from django.core.management.base import BaseCommand

from casetracker.celery import app


class Command(BaseCommand):
    help = "Carry out all that is due, again and again, in this one process and without a broker, until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Sweep once and end.")
        parser.add_argument("--every", type=float, default=5, metavar="SECONDS", help="Pause between sweeps (5).")

    def handle(self, *, once, every, **options):
        app.loader.import_default_modules()
        self.sweep()
        try:
            while not once:
                time.sleep(every)
                self.sweep()
        except KeyboardInterrupt:
            self.stdout.write("The clockwork has stopped.")

    def sweep(self):
        """Each sweep of the beat schedule, once, in its order."""
        for entry in app.conf.beat_schedule.values():
            done = app.tasks[entry["task"]]()
            if done:
                self.stdout.write(f"{entry['task'].rpartition('.')[2].replace('_', ' ')}: {done}")
