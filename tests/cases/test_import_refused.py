"""manage.py import_complaints: whatever is wrong with a row or a file, the rest comes in and a sentence says why."""

import csv
import io
import socket
from pathlib import Path

import pytest
from django.db import OperationalError

from cases import imports, intake
from cases.models import Case
from tests.cases.importing import (
    CFPB_SHAPE,
    SOME_REFUSED,
    import_file,
    plain_file,
    refusal,
    rejects_of,
    written_rows,
)


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR = tmp_path / "var"


# --- what is refused ---


@pytest.mark.django_db
def test_a_refused_row_stops_no_other_and_is_written_with_its_line_and_its_reason(settings):
    said = import_file(SOME_REFUSED)

    rejects = rejects_of(settings, SOME_REFUSED)
    assert "6 rows read: 3 new, 0 already here, 3 refused" in said
    assert str(rejects) in said
    future, channel, number = written_rows(rejects)
    assert (future["line"], channel["line"], number["line"]) == ("6", "9", "11")
    assert future["reason"].startswith("Date received: Enter a day between 1 January 1990 and ")
    assert channel["reason"].startswith("Submitted via: Write one of: web, email, phone, ")
    assert number["reason"].startswith("Complaint ID: ")


@pytest.mark.django_db
def test_a_refused_row_keeps_its_own_cells_as_they_were(settings):
    import_file(SOME_REFUSED)

    with SOME_REFUSED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with rejects_of(settings, SOME_REFUSED).open(encoding="utf-8", newline="") as file:
        kept = [cells[2:] for cells in csv.reader(file)]
    assert kept == [rows[0], rows[2], rows[3], rows[5]]


@pytest.mark.django_db
def test_mended_rejects_come_in_with_the_same_mapping_and_only_they_are_new(settings, tmp_path):
    import_file(SOME_REFUSED)
    mended = tmp_path / "mended.csv"
    text = rejects_of(settings, SOME_REFUSED).read_text(encoding="utf-8")
    mended.write_text(text.replace("2999-", "2023-").replace("Carrier pigeon", "Web"), encoding="utf-8")

    said = import_file(mended)

    assert "3 rows read: 2 new, 0 already here, 1 refused" in said
    assert Case.objects.get(external_id="9100011").story == "The letter is dated\nlong after\ntoday."
    (still,) = written_rows(rejects_of(settings, mended))
    assert list(still)[:3] == ["line", "reason", "Date received"]
    assert (still["line"], still["Date received"]) == ("6", "2023-08-01")
    assert still["reason"].startswith("Complaint ID: ")


@pytest.mark.django_db
def test_rejects_that_somebody_is_mending_are_not_written_over(settings):
    import_file(SOME_REFUSED)
    mended = rejects_of(settings, SOME_REFUSED)
    mended.write_text("somebody's work", encoding="utf-8")

    said = import_file(SOME_REFUSED)

    assert mended.read_text(encoding="utf-8") == "somebody's work"
    second = mended.with_name("cfpb_some_refused-rejects-2.csv")
    assert str(second) in said
    assert len(written_rows(second)) == 3


@pytest.mark.django_db
def test_a_file_without_refused_rows_leaves_no_rejects(settings):
    import_file(CFPB_SHAPE)

    assert not (settings.VAR / "rejects").exists()


def test_a_refused_row_is_on_the_disk_before_the_next_is_read(tmp_path):
    with imports.Rejects(tmp_path / "rejects.csv", ["story"]) as rejects:
        rejects.add(imports.Row(2, ["Cold tea"]), "Too cold.")

        assert written_rows(rejects.path) == [{"line": "2", "reason": "Too cold.", "story": "Cold tea"}]


@pytest.mark.django_db
def test_the_place_of_the_rejects_can_be_named(tmp_path):
    place = tmp_path / "to mend" / "ours.csv"

    said = import_file(SOME_REFUSED, rejects=place)

    assert str(place) in said
    assert len(written_rows(place)) == 3


REFUSED = {
    "a day that is none": ("2025-02-30,form,Cold tea", "received_on: Write the day like 2026-05-31."),
    "no day": (",form,Cold tea", "received_on: Write the day like"),
    "a day before 1990": ("1989-12-31,form,Cold tea", "received_on: Enter a day between 1 January 1990"),
    "an unknown channel": ("2025-03-04,pigeon,Cold tea", "channel: Write one of: form, email, phone"),
    "nothing told": ("2025-03-04,form,", "story: Tell us what happened."),
    "a long story": (f"2025-03-04,form,{'x' * 40_001}", "story: Please keep this under 40,000 characters"),
    "a megabyte": (f"2025-03-04,form,{'x' * 1_000_000}", "story: Please keep this under 40,000 characters"),
    "more than a megabyte": (f"2025-03-04,form,{'x' * 2_000_000}", "Look at its quotation marks (field larger"),
    "more than any row": (f"2025-03-04,form,{'x' * 20_000_000}", "(a line longer than 16,777,216 bytes)"),
    "too few cells": ("2025-03-04,form", "This row has 2 cells, but the header names 3 columns."),
    "too many cells": ("2025-03-04,form,Cold tea, again", "This row has 4 cells, but the header names 3 columns."),
    "words after a closing mark": ('2025-03-04,form,"Cold" tea', "Look at its quotation marks ("),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_row_is_refused_with_a_reason_that_names_the_column(settings, tmp_path, row, reason):
    file = plain_file(tmp_path, "2025-03-01,form,First", row, "2025-03-05,form,Last")

    said = import_file(file, mapping="default")

    assert "3 rows read: 2 new, 0 already here, 1 refused" in said
    (refused,) = written_rows(rejects_of(settings, file))
    assert refused["line"] == "3"
    assert reason in refused["reason"]


@pytest.mark.django_db
def test_every_fault_of_a_row_is_named_at_once(settings, tmp_path):
    file = plain_file(tmp_path, "yesterday,pigeon,,not an address", header="received_on,channel,story,email")

    import_file(file, mapping="default")

    (refused,) = written_rows(rejects_of(settings, file))
    for column in ("received_on: ", "channel: ", "story: ", "email: "):
        assert column in refused["reason"]


@pytest.mark.django_db
def test_a_quotation_mark_never_closed_takes_no_other_row_with_it(settings, tmp_path):
    rows = ("2025-03-01,form,First", '2025-03-02,form,"Never closed', "2025-03-03,form,Third", '2025-03-04,form,"Last"')
    file = plain_file(tmp_path, *rows)

    said = import_file(file, mapping="default")

    assert "4 rows read: 3 new, 0 already here, 1 refused" in said
    (refused,) = written_rows(rejects_of(settings, file))
    assert (refused["line"], refused["story"]) == ("3", "Never closed")
    assert sorted(Case.objects.values_list("story", flat=True)) == ["First", "Last", "Third"]


@pytest.mark.django_db
def test_lines_are_counted_right_after_a_row_that_could_not_be_read(settings, tmp_path):
    rows = ('2025-03-02,form,"Never closed', '2025-03-03,form,"Two\nlines"', "2025-03-04,pigeon,Fifth line")
    file = plain_file(tmp_path, *rows)

    import_file(file, mapping="default")

    assert [row["line"] for row in written_rows(rejects_of(settings, file))] == ["2", "5"]


@pytest.mark.django_db
def test_a_number_taken_from_a_formula_stays_as_it_was_among_the_rejects(settings, tmp_path):
    file = plain_file(tmp_path, "2025-03-04,pigeon,=1+1")

    import_file(file, mapping="default")

    (refused,) = written_rows(rejects_of(settings, file))
    assert refused["story"] == "=1+1"


# --- files that are none ---


def bytes_file(folder, content) -> Path:
    file = folder / "given.csv"
    file.write_bytes(content)
    return file


HEADER = b"received_on,channel,story\n"
UNREADABLE = {
    "empty": (b"", "The file is empty."),
    "only blank lines": (b"\n\n", "The file is empty."),
    "UTF-16 with a mark": ("\ufeffreceived_on\n".encode("utf-16-le"), "UTF-16. Convert it: iconv -f UTF-16"),
    "UTF-16 without a mark": ("received_on,channel\n".encode("utf-16-le"), "UTF-16. Convert it: iconv -f UTF-16"),
    "big-endian UTF-16": ("received_on,channel\n".encode("utf-16-be"), "UTF-16. Convert it: iconv -f UTF-16"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00", "a spreadsheet (.xlsx, .ods) or a ZIP archive"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet (.xls)"),
    "NUL bytes": (HEADER + b"2025-03-04,form,a\0b\n", "Line 2 holds NUL bytes"),
    "not UTF-8": (HEADER + "2025-03-04,form,café\n".encode("cp1252"), "Line 2 is not UTF-8 (byte 46 of the file)"),
    "lines ending with CR alone": (b"received_on,channel\r2025-03-04,form\r", "The lines end with CR alone."),
    "a missing column": (b"received_on,channel\n2025-03-04,form\n", "“default” needs these columns too: story."),
    "no header": (b"2025-03-04,form,Cold tea\n", "does not name the columns of the mapping “default”"),
    "separated by semicolons": (HEADER.replace(b",", b";"), "separated by commas, with: received_on, channel, story."),
    "a column twice": (b"received_on,channel,story,story\n", "The header names more than once: story."),
    "a broken header": (b'received_on,channel,"story\n2025-03-04,form,Cold\n', "Line 1 should name the columns."),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_table_is_one_clear_sentence(tmp_path, content, sentence):
    file = bytes_file(tmp_path, content)

    said = refusal(file, mapping="default")

    assert said.startswith(f"{file}: ")
    assert sentence in said
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_a_missing_column_of_the_bureau_is_named_with_the_mapping(tmp_path):
    text = CFPB_SHAPE.read_text(encoding="utf-8")
    file = bytes_file(tmp_path, text.replace("Complaint ID", "No.").replace("Submitted via", "Via").encode())

    assert "The mapping “cfpb” needs these columns too: Submitted via, Complaint ID." in refusal(file)


def test_a_file_that_is_not_there_a_folder_and_an_unreadable_one_are_named(tmp_path):
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "door.csv"))

        assert refusal(tmp_path / "gone.csv") == f"There is no file {tmp_path / 'gone.csv'}."
        assert refusal(tmp_path) == f"{tmp_path} is a folder: name the CSV file in it."
        assert refusal(tmp_path / "door.csv").startswith(f"{tmp_path / 'door.csv'} cannot be read: ")


def test_an_unknown_mapping_is_refused_with_the_known_ones():
    assert "choose from 'cfpb', 'default'" in refusal(CFPB_SHAPE, mapping="other")


def test_a_source_too_long_for_its_column_is_refused_before_anything_is_read():
    assert "--source is longer than 30 characters" in refusal(CFPB_SHAPE, source="x" * 31)


def test_refused_rows_never_go_over_the_file_that_is_read(tmp_path):
    file = bytes_file(tmp_path, SOME_REFUSED.read_bytes())

    assert "cannot go into the file that is read" in refusal(file, rejects=file)
    assert file.read_bytes() == SOME_REFUSED.read_bytes()


@pytest.mark.django_db
def test_a_place_where_no_rejects_can_be_written_is_named(tmp_path):
    (tmp_path / "a file").write_text("in the way")
    place = tmp_path / "a file" / "rejects.csv"

    assert f"Refused rows cannot be written to {place}" in refusal(SOME_REFUSED, rejects=place)


@pytest.mark.django_db
def test_good_rows_before_a_wrong_byte_stay_and_the_sentence_says_how_far_it_got(settings, tmp_path):
    good = b"".join(b"2025-03-04,form,Cold tea no. %d\n" % n for n in range(1, 301))
    file = bytes_file(tmp_path, HEADER + b"2025-03-04,pigeon,x\n" + good + b"2025-03-04,form,caf\xe9\n")

    said = refusal(file, mapping="default")

    assert "Line 303 is not UTF-8" in said
    assert "The rows up to line 302 were worked through and stay" in said
    assert "301 rows read: 300 new, 0 already here, 1 refused" in said
    assert str(rejects_of(settings, file)) in said
    assert Case.objects.count() == 300


@pytest.mark.django_db
def test_a_database_that_fails_ends_the_import_in_a_sentence_and_keeps_what_was_done(monkeypatch):
    receive = intake.receive

    def failing(complaint, *, on):
        if complaint.external_id == "9100003":
            raise OperationalError("disk is full")
        return receive(complaint, on=on)

    monkeypatch.setattr(intake, "receive", failing)
    said = refusal(CFPB_SHAPE)

    assert "The database failed" in said
    assert "disk is full" in said
    assert "2 rows read: 2 new" in said
    assert Case.objects.count() == 2


# --- large files ---


class Endless(io.RawIOBase):
    """A file that never ends; it counts the bytes that were asked for."""

    def __init__(self):
        self.given = 0
        self._row = b"2025-03-04,form,Cold tea\n"
        self._ahead = HEADER

    def readable(self):
        return True

    def readinto(self, buffer):
        while len(self._ahead) < len(buffer):
            self._ahead += self._row * 100
        buffer[:] = self._ahead[: len(buffer)]
        self._ahead = self._ahead[len(buffer) :]
        self.given += len(buffer)
        return len(buffer)


def test_a_row_is_read_when_it_is_asked_for_and_not_before():
    endless = Endless()
    rows = imports.Table(io.BufferedReader(endless, 8192)).rows()

    first = next(rows)
    assert (first.line, first.cells[2]) == (2, "Cold tea")
    assert endless.given <= 2 * 8192

    for _ in range(10_000):
        row = next(rows)
    assert row.line == 10_002
    assert endless.given <= row.line * 26 + 2 * 8192


def test_lines_that_were_read_are_let_go():
    table = imports.Table(io.BufferedReader(Endless(), 8192))
    rows = table.rows()
    for _ in range(1_000):
        next(rows)

    assert len(table.lines._row) == 1
    assert not table.lines._given_back
