"""manage.py import_complaints FILE --mapping cfpb|default [--source NAME] [--rejects FILE]"""

import os
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFailed

from cases import imports, mappings
from cases.intake import LINE_LIMITS
from casetracker import clock

PROGRESS_EVERY = 1_000  # rows; a line each
PROGRESS_ON_SCREEN_EVERY = 25  # rows; one line, written over


class Command(BaseCommand):
    help = (
        "Take complaints from a CSV file (UTF-8, with a header). What is already here is left alone; what is refused "
        "goes into a file of its own, with its line and the reason. docs/import.md names the columns."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", choices=sorted(mappings.MAPPINGS), default="default", help="what the columns mean"
        )
        parser.add_argument("--source", default="", help="the system it comes from, if not the mapping's own")
        parser.add_argument(
            "--rejects", type=Path, help="refused rows go here; default: var/rejects/<name of the file>-rejects.csv"
        )

    def handle(self, *args, file, mapping, source, rejects, **options):
        self._quiet = options["verbosity"] == 0
        mapping = _mapping(mapping, source)
        rejects = _place_of_rejects(rejects, file)
        with _opened(file) as stream:
            tally = self._work_through(stream, file, mapping, rejects)
        self._conclude(tally, file, rejects)

    def _work_through(self, stream, file, mapping, place):
        tally = imports.Tally()
        try:
            table = imports.Table(stream)
            table.check_columns(mapping)
            self._name_what_is_left_aside(table, mapping)
            with imports.Rejects(place, table.header) as rejects:
                for _ in imports.bring_in(table, mapping, tally=tally, rejects=rejects, on=clock.today()):
                    self._show_progress(tally, _part_read(table, stream))
        except imports.Unreadable as error:
            raise _stopped(f"{file}: {error}", tally, place) from None
        except DatabaseFailed as error:
            raise _stopped(f"The database failed after line {tally.line:,}: {error}.", tally, place) from error
        except KeyboardInterrupt:
            raise _stopped("Stopped.", tally, place) from None
        return tally

    def _name_what_is_left_aside(self, table, mapping):
        left_aside = table.not_used(mapping)
        if left_aside and not self._quiet:
            self.stdout.write(f"Columns that the mapping “{mapping.name}” leaves aside: {', '.join(left_aside)}.")

    def _show_progress(self, tally, part):
        if self._quiet:
            return
        if self.stdout.isatty():
            if tally.read % PROGRESS_ON_SCREEN_EVERY == 0:
                self.stdout.write(f"\r{part}{tally}\x1b[K", ending="")
                self.stdout.flush()
        elif tally.read % PROGRESS_EVERY == 0:
            self.stdout.write(f"{part}{tally}")

    def _conclude(self, tally, file, place):
        if self.stdout.isatty() and not self._quiet:
            self.stdout.write("\r\x1b[K", ending="")
        self.stdout.write(self.style.SUCCESS(f"{file.name}: {tally}."))
        if tally.refused:
            self.stdout.write(
                f"The refused rows are in {place}, each with its line and the reason. "
                "Mend them there and import that file with the same mapping and source."
            )


def _mapping(name, source):
    limit = LINE_LIMITS["source"]
    if len(source) > limit:
        raise CommandError(f"--source is longer than {limit} characters: {source}")
    mapping = mappings.MAPPINGS[name]
    return replace(mapping, source=source) if source else mapping


def _place_of_rejects(place, file):
    """Where refused rows go: never over the file that is read, nor, unless told, over rows that somebody is mending."""
    if place is None:
        folder = settings.VAR / "rejects"
        names = (f"{file.stem}-rejects{f'-{n}' if n > 1 else ''}.csv" for n in count(1))
        return next(folder / name for name in names if not (folder / name).exists())
    if place.is_dir():
        raise CommandError(f"{place} is a folder: name a file for --rejects.")
    if place.exists() and file.exists() and place.samefile(file):
        raise CommandError("Refused rows cannot go into the file that is read: name another one for --rejects.")
    return place


@contextmanager
def _opened(file):
    """The file, open for reading bytes. Raises CommandError where there is none."""
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        raise CommandError(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise CommandError(f"{file} is a folder: name the CSV file in it.") from None
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    with stream:
        yield stream


def _part_read(table, stream):
    size = os.fstat(stream.fileno()).st_size
    return f"{100 * table.lines.taken // size}%: " if size else ""


def _stopped(why, tally, place):
    """The error that ends the command, with what was done until then."""
    if not tally.read:
        return CommandError(why)
    done = f"The rows up to line {tally.line:,} were worked through and stay ({tally})."
    refused = f" Refused rows are in {place}." if tally.refused else ""
    return CommandError(f"{why} {done}{refused} Import the file again when it is mended: nothing comes in twice.")
