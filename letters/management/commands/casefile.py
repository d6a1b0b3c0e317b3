import io
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cases import reference
from cases.models import Case
from casetracker import clock
from letters.casefile import packing
from letters.sheet import CannotRender

from .letter import write


class Command(BaseCommand):
    help = "Write everything that is known of a case into one PDF: history, letters as sent, deadlines, files."

    def add_arguments(self, parser):
        parser.add_argument("case", metavar="REFERENCE", help="With or without spaces.")
        parser.add_argument("out", metavar="FILE", help="Where to write it.")

    def handle(self, *, case, out, **options):
        found = Case.objects.filter(reference=reference.heard(case)).first()
        if found is None:
            raise CommandError(f"There is no case {case}.")
        file = io.BytesIO()
        try:
            pages = packing.export(found, file, on=clock.today(), at=clock.now(), by=None)
        except CannotRender as error:
            raise CommandError("\n".join(error.problems)) from None
        write(Path(out), file.getvalue())
        self.stdout.write(f"{out}: {pages} pages, {file.tell():,} bytes")
