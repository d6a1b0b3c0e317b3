"""Lists of cases as files: what the list shows is in them and nothing else, and no cell is ever a formula."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases import exports, intake
from cases.models import Case, Role
from cases.tables import Column, Share, Sheet, csv_lines, explained, sheet_of, write_workbook
from tests.conftest import MONDAY, TUESDAY, staff

EVIL = [
    "=1+1",
    "+44 117 496 0148",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\uff1d1+1",
    "#REF!",
    '=HYPERLINK("http://example.org","click")',
]


def read_csv(chunks):
    return list(csv.reader(io.StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


def workbook(*sheets):
    file = io.BytesIO()
    write_workbook(file, sheets)
    return load_workbook(io.BytesIO(file.getvalue()))


def address(kind, **query):
    return reverse("admin:cases_case_export", args=[kind], query=query)


# --- tables ---


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula_in_a_workbook(text):
    cell = workbook(Sheet("Cases", ("Subject",), [(text,)]))["Cases"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text


@pytest.mark.parametrize("text", [evil for evil in EVIL if evil != "#REF!"])
def test_no_text_begins_like_a_formula_in_csv(text):
    [_, [cell]] = read_csv(csv_lines([Sheet("", ("Subject",), [(text,)])]))
    assert cell == f"'{text}"


def test_numbers_stay_numbers_days_days_and_text_text():
    row = (-3, Decimal("12.50"), MONDAY, Share(1, 4), "0042", None, "Zoë 汉")
    sheet = Sheet("Cases", tuple("ABCDEFG"), [row])
    [_, cells] = workbook(sheet)["Cases"].iter_rows()
    assert [cell.value for cell in cells[:2]] == [-3, 12.5]
    assert cells[2].value.date() == MONDAY
    assert (cells[3].value, cells[3].number_format) == (0.25, "0.0%")
    assert [cell.value for cell in cells[4:]] == ["0042", None, "Zoë 汉"]
    [_, plain] = read_csv(csv_lines([sheet]))
    assert plain == ["-3", "12.50", "2026-11-09", "0.2500", "0042", "", "Zoë 汉"]


def test_csv_says_that_it_is_utf_8():
    assert b"".join(csv_lines([Sheet("", ("A",), [])])).startswith(b"\xef\xbb\xbfA")


def test_what_no_workbook_holds_is_left_out():
    assert workbook(Sheet("Cases", ("A",), [("a\x00b\ufffe" + "c" * 40_000,)]))["Cases"]["A2"].value.startswith("abc")


def test_rows_are_asked_for_as_the_file_goes_out():
    """Memory never holds the whole table."""
    asked = []
    rows = ((asked.append(number) or number,) for number in range(10_000))
    lines = csv_lines([Sheet("", ("N",), rows)])
    next(lines), next(lines)
    assert 0 < len(asked) < 1_000


# --- the list of cases ---


def test_each_column_is_explained(case):
    chosen = exports.columns(on=TUESDAY)
    heads = {column.name for column in chosen}
    assert len(heads) == len(chosen)
    assert all(column.means.endswith(".") for column in chosen)
    assert [row[0] for row in explained(chosen).rows] == [column.name for column in chosen]


def test_the_documentation_names_each_column(case):
    said = Path("docs/export.md").read_text(encoding="utf-8")
    for column in exports.columns(on=TUESDAY):
        assert f"| {column.name} | {column.means} |" in said


def test_a_case_becomes_a_row(issued):
    case = Case.objects.get(pk=issued.case_id)
    chosen = exports.columns(on=TUESDAY)
    [heads, row] = read_csv(csv_lines([exports.sheets(Case.objects.all(), on=TUESDAY)[0]]))
    told = dict(zip(heads, row, strict=True))
    assert heads == [column.name for column in chosen]
    assert told["Reference"] == case.reference
    assert told["Received"] == "2026-11-09"
    assert told["Customer"] == "Eleanor Whitcombe"
    assert told["Handler"] == "Inês Carvalho"
    assert told["Stage"] == "Document"
    assert (told["Points"], told["Upheld"], told["Redress"]) == ("1", "1", "A new fridge")
    assert told["Root cause"] == "Product fault"
    assert told["Days"] == ""


def test_the_number_of_questions_does_not_grow_with_the_cases(case, complaint, django_assert_num_queries):
    for number in range(5):
        intake.receive(replace(complaint, name=f"Customer {number}"), on=MONDAY)
    with django_assert_num_queries(4):
        list(exports.each(Case.objects.all()))


@pytest.mark.usefixtures("on_tuesday")
def test_the_file_holds_what_the_list_shows(leads_desk, case, complaint, handler):
    other = intake.receive(replace(complaint, name="Ruth Okafor", story="The oven is cold."), on=MONDAY)
    other.assign(handler, on=MONDAY, by=handler)
    nobodys = read_csv(leads_desk.get(address("csv", list="nobody")).streaming_content)
    assert [row[0] for row in nobodys[1:]] == [case.reference]
    found = read_csv(leads_desk.get(address("csv", q="Okafor")).streaming_content)
    assert [row[0] for row in found[1:]] == [other.reference]


def test_a_workbook_has_the_cases_and_what_the_columns_mean(leads_desk, case):
    answer = leads_desk.get(address("xlsx"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Cases", "Columns"]
    assert book["Cases"]["A2"].value == case.reference
    assert book["Cases"]["B2"].value.date() == date(2026, 11, 9)
    assert book["Columns"]["A2"].value == "Reference"


def test_a_workbook_that_would_be_too_long_says_so(leads_desk, case, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_WORKBOOK", 0)
    answer = leads_desk.get(address("xlsx", list="open"), follow=True)
    assert "Narrow the list, or export it as CSV" in answer.content.decode()


def test_a_handler_may_not_take_the_list(desk, case):
    assert desk.get(address("csv")).status_code == 403
    assert "Export this list" not in desk.get(reverse("admin:cases_case_changelist")).content.decode()


def test_whom_a_complaint_is_about_finds_no_row_of_it(client, on_tuesday, case, lead):
    about = staff("priya", "Priya", "Raghavan", Role.LEAD)
    case.involve(user=about, part="concerned", why="Hung up", on=MONDAY, by=lead)
    client.force_login(about)
    assert len(read_csv(client.get(address("csv", list="all")).streaming_content)) == 1


def test_a_kind_of_file_that_there_is_not_is_not_found(leads_desk, case):
    assert leads_desk.get(address("pdf")).status_code == 404


def test_a_column_is_what_its_function_says():
    sheet = sheet_of("Cases", (Column("Double", "Twice as much.", lambda it: it * 2),), [1, 2])
    assert list(sheet.rows) == [(2,), (4,)]
