import hashlib

from django.core.management.base import BaseCommand, CommandError

from letters.models import Enclosure, Letter


class Command(BaseCommand):
    help = "Prove that every issued letter, and what was enclosed with it, is still the same to the last byte."

    def handle(self, **options):
        changed, count = [], 0
        for letter in Letter.objects.issued().order_by("pk").iterator(chunk_size=50):
            count += 1
            if _differs(letter.pdf, letter.sha256):
                changed.append(f"Letter {letter.number} ({letter}) is not what was issued.")
            if letter.enclosures.count() != len(letter.sheet["enclosures"]):
                changed.append(f"Letter {letter.number} ({letter}) does not have the enclosures that it names.")
        for enclosure in Enclosure.objects.filter(letter__issued_on__isnull=False).iterator(chunk_size=50):
            if _differs(enclosure.content, enclosure.sha256):
                changed.append(f"“{enclosure}”, enclosed with letter {enclosure.letter.number}, was changed.")
        changed += _gaps()
        if changed:
            raise CommandError("\n".join(changed))
        self.stdout.write(f"Letters checked: {count}. Each is as it was issued.")


def _differs(content, sha256) -> bool:
    return hashlib.sha256(content).hexdigest() != sha256


def _gaps():
    """A sentence for each year whose numbers do not run from 1 without a gap."""
    register = {}
    for year, number in Letter.objects.issued().values_list("register_year", "register_number"):
        register.setdefault(year, set()).add(number)
    for year, numbers in sorted(register.items()):
        missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
        if missing:
            yield f"The register of {year} lacks number {', '.join(map(str, missing))}."
