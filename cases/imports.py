"""Complaints out of a CSV file, row by row, into intake. What its columns mean stands in cases/mappings.py."""

import csv
import hashlib
import json
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError

from cases import intake
from cases.deadlines import NoCalendar
from cases.intake import AlreadyReceived, Complaint
from cases.mappings import Mapping
from cases.models import Case

FIELD_LIMIT = 1024 * 1024  # characters in one cell
LINE_LIMIT = 16 * FIELD_LIMIT  # bytes; whatever is longer is no row of complaints, and must not fill the memory
REJECT_COLUMNS = ["line", "reason"]


# --- reading ----------------------------------------------------------------------------------------------------------


class Unreadable(Exception):
    """The file cannot be read, or not any further; the text says where, why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row, as it stands in the file from `line` on. `fault` says why it cannot be read, if so."""

    line: int
    cells: list[str]
    fault: str = ""


class Lines:
    """The lines of a UTF-8 file, one at a time. `number` is the one read last, `taken` the bytes so far. Raises
    Unreadable where the text ends to be text, csv.Error for a line that is too long (and goes on after it)."""

    def __init__(self, file):
        self.number = self.taken = 0
        self._file = file
        self._row = []
        self._given_back = deque()

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else self._fresh()
        self.number += 1
        self._row.append(line)
        if line is None:
            raise csv.Error(f"a line longer than {LINE_LIMIT:,} bytes")
        return line

    def begin_row(self) -> int:
        """The next line begins a row; this is its number."""
        self._row.clear()
        return self.number + 1

    def give_back(self) -> str:
        """All lines of this row but its first are to be read again. Returns the first."""
        first, *rest = self._row
        self._given_back.extendleft(reversed(rest))
        self.number -= len(rest)
        return first or ""

    def _fresh(self) -> str | None:
        raw = self._file.readline(LINE_LIMIT)
        if not raw:
            raise StopIteration
        before, self.taken = self.taken, self.taken + len(raw)
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            return self._skip_to_line_end()
        if b"\0" in raw:
            raise Unreadable(f"Line {self._next_number:,} holds NUL bytes, so this is not a text file.")
        try:
            return raw.decode("utf-8-sig" if before == 0 else "utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"Line {self._next_number:,} is not UTF-8 (byte {before + error.start + 1:,} of the file). If it was "
                "saved by Windows, convert it: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv"
            ) from None

    @property
    def _next_number(self):
        return self.number + 1

    def _skip_to_line_end(self):
        while (raw := self._file.readline(LINE_LIMIT)) and not raw.endswith(b"\n"):
            self.taken += len(raw)
        self.taken += len(raw)


class Table:
    """A CSV file (an open, buffered, binary one) with its header read. Raises Unreadable where there is none."""

    def __init__(self, file):
        _check_head(file.peek(4096))
        self.lines = Lines(file)
        header = next(_rows(self.lines), None)
        if header is None:
            raise Unreadable("The file is empty.")
        if header.fault:
            raise Unreadable(f"Line {header.line:,} should name the columns. {header.fault}")
        self.header = [name.strip() for name in header.cells]

    def rows(self) -> Iterator[Row]:
        """Each row that says anything, read when it is asked for."""
        width = len(self.header)
        for row in _rows(self.lines):
            if row.fault or len(row.cells) == width:
                yield row
            else:
                said = f"This row has {len(row.cells)} cells, but the header names {width} columns."
                yield Row(row.line, row.cells, fault=said)

    def check_columns(self, mapping: Mapping):
        """Raises Unreadable unless the header names what the mapping needs, once."""
        missing = [name for name in mapping.required if name not in self.header]
        if len(missing) == len(mapping.required):
            raise Unreadable(
                f"The first line does not name the columns of the mapping “{mapping.name}”. It must be a header, "
                f"separated by commas, with: {', '.join(mapping.required)}."
            )
        if missing:
            raise Unreadable(f"The mapping “{mapping.name}” needs these columns too: {', '.join(missing)}.")
        counts = Counter(self.header)
        twice = [name for name in _columns_of(mapping) if counts[name] > 1]
        if twice:
            raise Unreadable(f"The header names more than once: {', '.join(twice)}.")

    def not_used(self, mapping: Mapping) -> list[str]:
        """The columns that the mapping leaves aside."""
        return [name for name in self.header if name not in (*_columns_of(mapping), *REJECT_COLUMNS)]


def _columns_of(mapping):
    return dict.fromkeys(column for columns in mapping.columns.values() for column in columns)


def _rows(lines) -> Iterator[Row]:
    """Rows without the empty ones. After a row whose quotation marks do not fit, reading goes on at its second line, so
    that a mark that was never closed takes no other row with it."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(lines, strict=True)
    while True:
        start = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(start, _cells(lines.give_back()), fault=f"Look at its quotation marks ({error}).")
            continue
        if any(cell.strip() for cell in cells):
            yield Row(start, cells)


def _cells(line: str) -> list[str]:
    """The cells of a line that is not quite CSV, as well as can be; none when it is too long."""
    try:
        return next(csv.reader([line.rstrip("\r\n").replace("\r", " ")]), [])
    except csv.Error:
        return []


SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet (.xlsx, .ods) or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls)",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
}


def _check_head(head: bytes):
    """Raises Unreadable for what is often taken for a CSV file and is none."""
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            raise Unreadable(f"This is {kind}, not a CSV file. Open it and save it as “CSV UTF-8” first.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_other_is_nul(head):
        raise Unreadable("This file is UTF-16. Convert it: iconv -f UTF-16 -t UTF-8 old.csv > new.csv")
    if b"\r" in head and b"\n" not in head:
        raise Unreadable("The lines end with CR alone. Convert them: tr '\\r' '\\n' < old.csv > new.csv")


def _every_other_is_nul(head):
    return len(head) > 3 and 0 in (max(head[0:100:2]), max(head[1:100:2]))


# --- taking in --------------------------------------------------------------------------------------------------------


class NotTaken(Exception):
    """The row is refused; the text says why, with the columns' names in the file."""


@dataclass
class Tally:
    """What has become of the rows so far; `line` is where the last one that was done begins."""

    new: int = 0
    known: int = 0
    refused: int = 0
    line: int = 1

    @property
    def read(self) -> int:
        return self.new + self.known + self.refused

    def __str__(self):
        rows = "row" if self.read == 1 else "rows"
        return f"{self.read:,} {rows} read: {self.new:,} new, {self.known:,} already here, {self.refused:,} refused"


def bring_in(table: Table, mapping: Mapping, *, tally: Tally, rejects: "Rejects", on: date) -> Iterator[Tally]:
    """Work through the file, yielding `tally` after each row, which is a case, or here already, or in `rejects` before
    the next one is read. Raises Unreadable; what came before stays."""
    for row in table.rows():
        try:
            take_in(row, table.header, mapping, on=on)
            tally.new += 1
        except AlreadyReceived:
            tally.known += 1
        except NotTaken as reason:
            rejects.add(row, str(reason))
            tally.refused += 1
        tally.line = row.line
        yield tally


def take_in(row: Row, header: list[str], mapping: Mapping, *, on: date) -> Case:
    """The row is a case. Raises NotTaken with every fault, or AlreadyReceived."""
    if row.fault:
        raise NotTaken(row.fault)
    told, faults = read(dict(zip(header, row.cells, strict=True)), mapping)
    try:
        if faults:
            raise ValidationError(_all_faults(told, faults, on=on))
        return intake.receive(Complaint(**told), on=on)
    except ValidationError as error:
        raise NotTaken(_sentences(error, mapping)) from None
    except NoCalendar as error:
        raise NotTaken(str(error)) from None
    except (DataError, IntegrityError) as error:
        raise NotTaken(f"The database does not take it: {str(error).splitlines()[0]}.") from None


def read(cells: dict[str, str], mapping: Mapping) -> tuple[dict, dict]:
    """What the row tells, as fields of a Complaint, and the faults that only the mapping can see, by field."""
    told = {name: _joined(cells, columns) for name, columns in mapping.columns.items()}
    told = {name: text for name, text in told.items() if text}
    faults = {}
    if "external_id" not in told:
        if mapping.numbered:
            faults["external_id"] = "Each row needs its number, or it could come in twice."
        told["external_id"] = _made_number(told)
    told["channel"] = mapping.channels.get(told.get("channel", "").casefold(), "")
    if not told["channel"]:
        faults["channel"] = f"Write one of: {', '.join(mapping.channels)}."
    day = _day(told.get("received_on", ""), mapping.days)
    if day is None:
        faults["received_on"] = (
            f"Write the day like {' or '.join(date(2026, 5, 31).strftime(d) for d in mapping.days)}."
        )
    return told | mapping.constants | {"received_on": day, "source": mapping.source}, faults


def _joined(cells, columns):
    return ": ".join(text for column in columns if (text := cells.get(column, "").strip()))


def _made_number(told) -> str:
    """The same for the same words, whatever the order of the columns."""
    words = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    return f"row-{hashlib.sha256(words).hexdigest()[:32]}"


def _day(text, formats) -> date | None:
    for form in formats:
        try:
            return date(*time.strptime(text, form)[:3])
        except ValueError:
            continue
    return None


def _all_faults(told, faults, *, on):
    """The faults the mapping saw and those that intake would find next, so that a row is mended once."""
    readable = told | {"received_on": told["received_on"] or on}
    try:
        intake.cleaned(Complaint(**readable), on=on)
    except ValidationError as error:
        return error.message_dict | faults
    return faults


def _sentences(error, mapping):
    return " ".join(
        f"{mapping.column(name)}: {said}" for name, messages in error.message_dict.items() for said in messages
    )


# --- what was refused -------------------------------------------------------------------------------------------------


class Rejects:
    """The refused rows as a CSV file: line and reason first, then the row exactly as it was, so that it can be mended
    and imported again. Without a refused row there is no file."""

    def __init__(self, path: Path, header: list[str]):
        self.path = path
        self._header = header
        self._file = self._writer = None
        self._skip = len(REJECT_COLUMNS) if header[: len(REJECT_COLUMNS)] == REJECT_COLUMNS else 0

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self._file:
            self._file.close()

    def add(self, row: Row, reason: str):
        """Raises Unreadable when the file cannot be written."""
        try:
            if self._file is None:
                self._open()
            self._writer.writerow([row.line, reason, *row.cells[self._skip :]])
        except OSError as error:
            raise Unreadable(f"Refused rows cannot be written to {self.path}: {error.strerror}.") from None

    def _open(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # each row at once, so that what was refused is on the disk whatever happens next
        self._file = self.path.open("w", encoding="utf-8", newline="", buffering=1)
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow([*REJECT_COLUMNS, *self._header[self._skip :]])
