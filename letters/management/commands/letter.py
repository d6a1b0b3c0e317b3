from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casetracker import clock
from letters import dispatch, walk
from letters.models import Kind
from letters.sheet import CannotRender


class Command(BaseCommand):
    help = "Write a sample letter of a kind as a PDF. The database stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=Kind.values)
        parser.add_argument("--out", metavar="FILE", help="Where to write it (var/<kind>.pdf).")

    def handle(self, *, kind, out, **options):
        path = Path(out or f"var/{kind}.pdf")
        today = clock.today()
        with transaction.atomic():
            try:
                pdf = dispatch.preview(walk.sample_letter(kind, today=today), on=today)
            except CannotRender as error:
                raise CommandError("\n".join(error.problems)) from None
            transaction.set_rollback(True)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"The letter cannot be written: {error}.") from None
        self.stdout.write(f"{path}: {len(pdf):,} bytes")
