"""What goes with a letter: PDFs that are looked at before they are taken, named on the letter in a person's words, and
kept to the byte as they came."""

import hashlib
import json
import os
import subprocess
import sys

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from letters.enclosable import MB, SIZE_LIMIT, NotEnclosable
from letters.models import Enclosure, Letter
from letters.models.letter import NOT_APPROVED
from letters.press import KNOWN
from letters.writing import CannotDraft

INSPECTOR = (sys.executable, "-m", "letters.inspector")
PATIENCE = 45  # seconds
MOST = 20  # enclosures of a letter
# A mail carries everything in text that is a third longer. Many servers take 10 MB and no more, so letter and
# enclosures may have 7 together; enclosures 6 of them, which is told when they are added.
MAIL_LIMIT = 7 * MB
EXHAUSTING = NotEnclosable(
    "It takes too long or too much memory to open. Print it into a new PDF, or scan it in grey at 200 dpi."
)


def enclose(letter, name, content: bytes, *, on, by) -> Enclosure:
    """The PDF goes with the letter, which calls it `name`. Raises NotEnclosable for a PDF that cannot, and CannotDraft
    when the letter is no draft any more."""
    pages = inspected(content)
    return _kept(letter, _title(name), content, pages, on=on, by=by)


def inspected(content) -> int:
    """The number of pages, as a process of its own found it. Raises NotEnclosable."""
    known = {name: value for name, value in os.environ.items() if name.startswith(KNOWN)}
    try:
        done = subprocess.run(
            INSPECTOR, input=content, capture_output=True, cwd=settings.BASE_DIR, env=known, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise EXHAUSTING from None
    if done.returncode:  # ended by a limit, or by a fault of the library that reads it
        raise EXHAUSTING
    answer = json.loads(done.stdout)
    if "faults" in answer:
        raise NotEnclosable(*answer["faults"])
    return answer["pages"]


@transaction.atomic
def _kept(letter, name, content, pages, *, on, by):
    _touch(letter)
    sha256 = hashlib.sha256(content).hexdigest()
    _check_room(letter, content, sha256)
    letter.case.record("enclosed", f"Enclosed with the {letter.get_kind_display().lower()}: {name}.", on=on, by=by)
    return Enclosure.objects.create(letter=letter, name=name, content=content, pages=pages, sha256=sha256)


def _check_room(letter, content, sha256):
    if double := letter.enclosures.filter(sha256=sha256).first():
        raise NotEnclosable(f"The same file is enclosed already, as “{double}”.")
    there = letter.enclosures.count()
    if there >= MOST:
        raise NotEnclosable(f"There are {MOST} enclosures already. Put several into one PDF.")
    together = len(content) + (letter.enclosures.aggregate(size=Sum(Length("content")))["size"] or 0)
    if together > SIZE_LIMIT:
        raise NotEnclosable(
            f"With it the enclosures have {together / MB:.1f} MB together, and may have {SIZE_LIMIT // MB} MB: larger "
            "mails are turned back. Scan it in grey at 200 dpi, or leave pages out."
        )


@transaction.atomic
def rename(enclosure, name, *, on, by):
    """The letter calls it `name`. Raises NotEnclosable without a name, CannotDraft once the letter is no draft."""
    before, name = enclosure.name, _title(name)
    if name == before:
        return
    _touch(enclosure.letter)
    enclosure.name = name
    enclosure.save(update_fields=["name"])
    enclosure.letter.case.record("enclosed", f"The enclosure “{before}” is called “{name}” now.", on=on, by=by)


@transaction.atomic
def unenclose(enclosure, *, on, by):
    """The draft goes without it. Raises CannotDraft once the letter is no draft."""
    _touch(enclosure.letter)
    enclosure.letter.case.record("taken out", f"Not enclosed any more: {enclosure.name}.", on=on, by=by)
    enclosure.delete()


def too_large(letter, pdf) -> str:
    """Why the letter `pdf` and its enclosures do not go into one e-mail; empty when they do."""
    enclosed = letter.enclosures.aggregate(size=Sum(Length("content")))["size"] or 0
    together = len(pdf) + enclosed
    if together <= MAIL_LIMIT:
        return ""
    return (
        f"Letter and enclosures have {together / MB:.1f} MB together, and mail servers turn back more than "
        f"{MAIL_LIMIT // MB} MB. Take an enclosure out, or use smaller pictures in the letterhead."
    )


def _touch(letter):
    """The letter is a draft, and whoever read it before this moment will not issue or approve it unread."""
    if not Letter.objects.filter(pk=letter.pk).rewrite():
        raise CannotDraft("This letter is no draft any more; what goes with it stays as it is.")
    letter.refresh_from_db(fields=["edited_at", *NOT_APPROVED])


def _title(name) -> str:
    """One printable line."""
    title = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:120].strip()
    if not title:
        raise NotEnclosable("Say what it is, in the words of the letter.")
    return title
