"""Tables that leave the house, as CSV or as a workbook. Pure: rows come in, bytes go out, a few at a time.

What customers typed stands in them, so no cell may be taken for a formula by whatever opens the file. In a workbook
every text is typed as text. CSV knows no types: a text that begins like a formula gets an apostrophe before it.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

BOM = "\ufeff"  # by which spreadsheets know UTF-8
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")  # the last four are their wide twins
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in a workbook, which is XML
LONGEST = 32_000  # characters of a cell; a workbook takes no more than 32,767
AT_ONCE = 500  # lines of CSV that go out together
SHARE, DAY = "0.0%", "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """A column: its head, what it means, how a row becomes its value, and how wide it is shown."""

    name: str
    means: str
    value: Callable[[object], object]
    width: int = 14


@dataclass(frozen=True)
class Share:
    """So many of so many; a table shows it in per cent."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        return self.part / self.of if self.of else None

    def __str__(self):
        return "–" if self.value is None else f"{self.value:.1%}"


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: heads, rows, and how wide each column is shown."""

    title: str
    heads: tuple[str, ...]
    rows: Iterable[tuple]
    widths: tuple[int, ...] = ()


def sheet_of(title, columns, things) -> Sheet:
    """The table that `columns` make of `things`, one row each."""
    rows = (tuple(column.value(thing) for column in columns) for thing in things)
    return Sheet(title, tuple(column.name for column in columns), rows, tuple(column.width for column in columns))


def explained(columns) -> Sheet:
    """What each column means."""
    return Sheet("Columns", ("Column", "What it says"), [(one.name, one.means) for one in columns], (24, 90))


# --- CSV ---


def csv_lines(sheets: list[Sheet]) -> Iterator[bytes]:
    """The file, some lines at a time. Of several tables each has its title above and an empty line below."""
    yield BOM.encode()
    lines = _lines(sheets[0]) if len(sheets) == 1 else _titled(sheets)
    while some := list(islice(lines, AT_ONCE)):
        written = io.StringIO()
        csv.writer(written).writerows(some)
        yield written.getvalue().encode()


def _lines(sheet):
    yield sheet.heads
    for row in sheet.rows:
        yield [_plain(value) for value in row]


def _titled(sheets):
    for sheet in sheets:
        yield [sheet.title]
        yield from _lines(sheet)
        yield []


def _plain(value) -> str:
    """Numbers and days as every program reads them, text as nothing but text."""
    if value is None:
        return ""
    if isinstance(value, Share):
        return "" if value.value is None else f"{value.value:.4f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value)[:LONGEST]
    return f"'{text}" if FORMULA.match(text) else text


# --- workbooks ---


def write_workbook(file, sheets: Iterable[Sheet]):
    """`file` holds a workbook of the sheets; a row is forgotten as soon as it is written."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    book.save(file)


def _write(page, sheet):
    page.freeze_panes = "A2"
    for number, width in enumerate(sheet.widths):
        page.column_dimensions[chr(65 + number) if number < 26 else f"A{chr(39 + number)}"].width = width
    page.append([_head(page, name) for name in sheet.heads])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])


def _head(page, name):
    cell = WriteOnlyCell(page, name)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page, value):
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, Share):
        return _formatted(page, value.value, SHARE)
    if isinstance(value, datetime.date):
        return _formatted(page, value, DAY)
    text = ILLEGAL.sub("", str(value))[:LONGEST]
    if text[:1] not in ("=", "#"):
        return text
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # whatever it begins with, it is text
    return cell


def _formatted(page, value, how):
    cell = WriteOnlyCell(page, value)
    cell.number_format = how
    return cell
