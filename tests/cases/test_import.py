"""manage.py import_complaints: another system's complaints come in, once, and it says how it goes."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cases import imports, intake
from cases.mappings import CFPB, DEFAULT, MAPPINGS
from cases.models import Case, Customer, Event, FollowUp
from tests.cases.importing import CFPB_SHAPE, PLAIN, import_file, plain_file
from tests.conftest import MONDAY


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR = tmp_path / "var"


# --- what comes in ---


@pytest.mark.django_db
def test_a_row_of_the_bureau_becomes_a_case_with_its_real_day_channel_words_and_number():
    import_file(CFPB_SHAPE)

    case = Case.objects.get(source="cfpb", external_id="9100001")
    assert case.received_on == date(2023, 8, 25)
    assert case.channel == "form"
    assert case.product == "Checking or savings account"
    assert case.subject == "Managing an account"
    assert case.topic == "Managing an account: Deposits and withdrawals"
    assert case.story.startswith("I paid in 240 dollars in cash on Monday.\nThe machine kept")
    assert case.story.endswith('could tell me "when" it will be counted.')
    assert (case.customer.region, case.customer.postcode, case.customer.country) == ("OR", "97401", "US")
    assert case.logged_by is None


@pytest.mark.django_db
def test_each_way_in_that_the_bureau_names_is_one_of_our_channels():
    import_file(CFPB_SHAPE)

    channels = dict(Case.objects.values_list("external_id", "channel"))
    assert channels == {"9100001": "form", "9100002": "phone", "9100003": "letter", "9100004": "referral"}


@pytest.mark.django_db
def test_a_row_without_narrative_or_second_topic_comes_in_by_its_topic():
    import_file(CFPB_SHAPE)

    case = Case.objects.get(external_id="9100002")
    assert case.story == ""
    assert case.topic == "Trouble during payment process"


@pytest.mark.django_db
def test_an_imported_case_has_its_history_and_its_first_deadline():
    import_file(CFPB_SHAPE)

    assert Event.objects.filter(kind="received").count() == 4
    assert FollowUp.objects.filter(kind="acknowledgement").count() == 4


@pytest.mark.django_db
def test_our_own_columns_fill_every_field_of_the_same_name():
    import_file(PLAIN, mapping="default")

    case = Case.objects.get(source="import", external_id="A-17")
    told = (case.subject, case.wanted, case.order_reference, case.product, case.topic, case.language)
    assert told == ("Leaking kettle", "A new kettle.", "2025/811", "Kettle", "Fault", "en")
    who = case.customer
    assert (who.name, who.email, str(who.phone)) == ("Ingrid Halvorsen", "ingrid@example.com", "+442079460123")
    assert (who.street, who.city, who.region, who.postcode) == ("3 Mill Lane", "Ludlow", "Shropshire", "SY8 1AA")
    assert Case.objects.get(external_id="A-18").language == "lv"


@pytest.mark.django_db
def test_the_source_can_be_named():
    import_file(CFPB_SHAPE, source="bureau-2023")

    assert set(Case.objects.values_list("source", flat=True)) == {"bureau-2023"}


@pytest.mark.django_db
def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path):
    file = tmp_path / "windows.csv"
    file.write_bytes("\ufeffreceived_on,channel,story\r\n2025-03-04,form,Ĝis\r\n".encode())

    import_file(file, mapping="default")

    assert Case.objects.get().story == "Ĝis"


@pytest.mark.django_db
def test_the_bureaus_older_files_write_the_day_with_strokes(tmp_path):
    file = tmp_path / "old.csv"
    file.write_text(CFPB_SHAPE.read_text(encoding="utf-8").replace("2023-08-24", "08/24/2023"), encoding="utf-8")

    import_file(file)

    assert Case.objects.get(external_id="9100002").received_on == date(2023, 8, 24)


@pytest.mark.django_db
def test_empty_rows_are_no_complaints(tmp_path):
    said = import_file(plain_file(tmp_path, "", "2025-03-04,form,Cold tea", ",,", ""), mapping="default")

    assert "1 row read: 1 new, 0 already here, 0 refused" in said


# --- twice ---


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "mapping", "size"), [(CFPB_SHAPE, "cfpb", 4), (PLAIN, "default", 3)])
def test_a_file_imported_twice_doubles_nothing(file, mapping, size):
    first = import_file(file, mapping=mapping)
    again = import_file(file, mapping=mapping)

    assert f"{size} rows read: {size} new, 0 already here, 0 refused" in first
    assert f"{size} rows read: 0 new, {size} already here, 0 refused" in again
    assert Case.objects.count() == Customer.objects.count() == size


@pytest.mark.django_db
def test_a_row_without_a_number_is_known_again_when_columns_have_moved(tmp_path):
    import_file(plain_file(tmp_path, "2025-03-04,form,Cold tea"), mapping="default")
    moved = plain_file(tmp_path, "Cold tea,,2025-03-04,form", header="story,name,received_on,channel")

    assert "0 new, 1 already here" in import_file(moved, mapping="default")


@pytest.mark.django_db
def test_rows_without_a_number_that_say_different_things_are_different_complaints(tmp_path):
    file = plain_file(tmp_path, "2025-03-04,form,Cold tea", "2025-03-04,form,Cold soup", "2025-03-05,form,Cold tea")

    assert "3 new" in import_file(file, mapping="default")


def test_a_made_number_does_not_hang_on_the_order_of_the_mapping():
    cells = {"received_on": "2025-03-04", "channel": "form", "story": "Cold tea"}
    turned = replace(DEFAULT, columns=dict(reversed(DEFAULT.columns.items())))

    assert imports.read(cells, DEFAULT)[0]["external_id"] == imports.read(cells, turned)[0]["external_id"]


@pytest.mark.django_db
def test_the_same_number_from_two_sources_is_two_complaints():
    import_file(CFPB_SHAPE)

    assert "4 new, 0 already here" in import_file(CFPB_SHAPE, source="elsewhere")


# --- progress ---


class Screen(io.StringIO):
    def isatty(self):
        return True


def many(folder, count) -> Path:
    return plain_file(folder, *(f"2025-03-04,form,Cold tea no. {n}" for n in range(count)))


@pytest.mark.django_db
def test_progress_is_a_line_every_so_often(monkeypatch, tmp_path):
    monkeypatch.setattr("cases.management.commands.import_complaints.PROGRESS_EVERY", 10)

    said = import_file(many(tmp_path, 25), mapping="default").splitlines()

    assert said[0].endswith("%: 10 rows read: 10 new, 0 already here, 0 refused")
    assert said[1].endswith("%: 20 rows read: 20 new, 0 already here, 0 refused")
    assert said[2] == "plain.csv: 25 rows read: 25 new, 0 already here, 0 refused."


@pytest.mark.django_db
def test_on_a_screen_progress_is_one_line_written_over(tmp_path):
    said = import_file(many(tmp_path, 50), mapping="default", stdout=Screen())

    assert said.count("\n") == 1
    assert said.count("\r") == 3  # at 25, at 50, and to clear it
    assert "\r100%: 50 rows read: 50 new, 0 already here, 0 refused" in said


@pytest.mark.django_db
def test_with_no_verbosity_only_the_counts_are_said(tmp_path):
    said = import_file(CFPB_SHAPE, verbosity=0)

    assert said == "cfpb_shape.csv: 4 rows read: 4 new, 0 already here, 0 refused.\n"


@pytest.mark.django_db
def test_columns_that_the_mapping_leaves_aside_are_named(tmp_path):
    file = plain_file(tmp_path, "2025-03-04,form,Cold tea,x@example.com", header="received_on,channel,story,e-mail")

    said = import_file(file, mapping="default")

    assert "Columns that the mapping “default” leaves aside: e-mail." in said


# --- the mappings themselves ---


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_a_mapping_fills_only_fields_that_a_complaint_has(mapping):
    assert {*mapping.columns, *mapping.constants} <= set(intake.Complaint.__dataclass_fields__)
    assert {column for columns in mapping.columns.values() for column in columns} >= set(mapping.required)
    assert all(words == words.casefold() for words in mapping.channels)


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_every_column_of_a_mapping_is_documented(mapping):
    page = (Path(imports.__file__).parent.parent / "docs" / "import.md").read_text(encoding="utf-8")

    for columns in mapping.columns.values():
        for column in columns:
            assert f"`{column}`" in page
    for word in mapping.channels:
        assert f"`{word}`" in page


@pytest.mark.django_db
def test_a_row_can_be_taken_in_without_a_file():
    row = imports.Row(2, next(csv.reader(["2023-08-25,Mortgage,Closing,,,Web,77"])))
    header = ["Date received", "Product", "Issue", "Sub-issue", "Consumer complaint narrative", "Submitted via"]

    case = imports.take_in(row, [*header, "Complaint ID"], CFPB, on=MONDAY)

    assert (case.external_id, case.story, case.topic) == ("77", "", "Closing")
