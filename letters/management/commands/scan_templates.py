from django.core.management.base import BaseCommand

from letters import library, scan


class Command(BaseCommand):
    help = "Name every template, and every phrase around a letter, that holds a phrase, in whatever language."

    def add_arguments(self, parser):
        parser.add_argument("phrase", metavar="PHRASE")
        parser.add_argument("--drafts", action="store_true", help="Also older versions that drafts are made of.")

    def handle(self, *, phrase, drafts, **options):
        library.load()
        hits = scan.hits(phrase, in_drafts=drafts)
        for hit in hits:
            where = f"{hit.version}, {hit.where}" if hit.version else hit.file
            self.stdout.write(f"{where}, line {hit.line}: {hit.before}{self.style.WARNING(hit.found)}{hit.after}")
        self.stdout.write(f"{len(hits)} place{'' if len(hits) == 1 else 's'} with “{phrase}”.")
