from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from casetracker import clock
from letters import book, library
from letters.models import Kind, Paper, Style

from .letter import write


class Command(BaseCommand):
    help = "Write the specimen book: every kind of letter in every language and format, as one PDF with its contents."

    def add_arguments(self, parser):
        parser.add_argument("--out", metavar="FILE", default="var/specimens.pdf")
        parser.add_argument("--lang", choices=library.languages(), nargs="*", default=library.languages())

    def handle(self, *, out, lang, **options):
        pages = len(lang) * len(Kind) * len(Style) * len(Paper)
        self.stdout.write(f"Setting {pages} letters (about {max(1, pages // 8)} seconds)…")
        with transaction.atomic():
            pdf = book.made(lang, today=clock.today(), told=self.tell)
            transaction.set_rollback(True)
        write(Path(out), pdf)
        self.stdout.write(f"{out}: {len(pdf):,} bytes")

    def tell(self, language, count):
        self.stdout.write(f"  {language}: {count} letters")
        self.stdout.flush()
