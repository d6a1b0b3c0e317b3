from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casetracker import clock
from letters import library, render, specimens
from letters.models import Kind, Paper, Style
from letters.sheet import CannotRender


class Command(BaseCommand):
    help = "Write a sample letter of a kind as a PDF. The database stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=Kind.values)
        parser.add_argument("--lang", choices=library.languages(), default="en")
        parser.add_argument("--format", choices=[style.replace("_", "-") for style in Style.values], default="block")
        parser.add_argument("--paper", choices=[paper.replace("_", "-") for paper in Paper.values], default="a4")
        parser.add_argument("--large-print", action="store_true")
        parser.add_argument("--out", metavar="FILE", help="Where to write it (var/<kind>.pdf).")

    def handle(self, *, kind, lang, format, paper, large_print, out, **options):
        path = Path(out or f"var/{kind}.pdf")
        with transaction.atomic():
            sheet = specimens.sheet(kind, lang, today=clock.today())
            transaction.set_rollback(True)
        sheet = replace(sheet, style=format.replace("-", "_"), paper=paper.replace("-", "_"), large_print=large_print)
        try:
            pdf = render.render_pdf(sheet)
        except CannotRender as error:
            raise CommandError("\n".join(error.problems)) from None
        write(path, pdf)
        self.stdout.write(f"{path}: {len(pdf):,} bytes")


def write(path, pdf):
    """The file holds the PDF, its folder made where it was missing. Raises CommandError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as error:
        raise CommandError(f"The letter cannot be written: {error}.") from None
