"""What was promised outlives the case: until it is kept, with proof, or dropped, every list says that it is open."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.models import Attachment, Case, Part, Promise, Refused
from tests.cases.desk import WORKLIST, address, do, page, shown
from tests.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

SAID = "Closed, promise open"


def note(name="delivery note.pdf", content=b"%PDF-1.7\n1 0 obj"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def closed(ready, lead):
    """Eleanor's case, closed by a lead although the new fridge is still to come."""
    ready.move_on(on=TUESDAY, by=lead, overriding="The letter went by courier.")
    return ready


def listed(desk, **query):
    return [case.reference for case in desk.get(WORKLIST, query).context["cl"].result_list]


# --- where it shows ---------------------------------------------------------------------------------------------------


def test_every_place_that_names_a_stage_says_that_a_promise_is_open(desk, closed, complaint, lead):
    other = intake.receive(complaint, on=MONDAY)
    other.recognise(closed.customer, on=TUESDAY, by=lead)
    assert SAID in shown(desk.get(WORKLIST, {"list": "closed"}))
    case_page = desk.get(page(closed))
    assert case_page.context["stepper"][-1]["label"] == SAID
    assert shown(case_page).count("romise open") == 3  # at the reference, in the stepper, above the buttons
    assert SAID in shown(desk.get(page(other)))
    assert SAID in shown(desk.get(reverse("admin:cases_customer_change", args=[other.customer_id])))


def test_it_has_a_list_and_a_number_on_the_board(desk, closed, complaint, handler):
    ended = intake.receive(complaint, on=MONDAY)
    ended.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert listed(desk, list="promises") == [closed.reference]
    tiles = {tile["label"]: tile for tile in desk.get(reverse("admin:index")).context["tiles"]}
    assert tiles[SAID]["count"] == 1
    assert "list=promises" in tiles[SAID]["href"]


def test_a_case_that_ended_early_says_how_and_that_a_promise_is_open(desk, ready, handler):
    ready.end("withdrawn", reason="She wrote so.", on=TUESDAY, by=handler)
    label = desk.get(page(ready)).context["stepper"][-1]["label"]
    assert label == "Withdrawn by the customer, promise open"


def test_once_it_is_kept_or_dropped_the_case_is_just_closed(closed, handler):
    closed.keep(closed.commitments.get(), how="He came.", on=TUESDAY, by=handler)
    assert closed.stage_in_words() == "Closed"
    assert not Case.objects.closed_with_a_promise().exists()


def test_an_open_case_says_its_stage_whatever_was_promised(ready):
    assert ready.stage_in_words() == "Document"
    assert not Case.objects.closed_with_a_promise().exists()


def test_the_list_asks_as_many_questions_for_one_case_as_for_six(desk, closed, complaint, lead, handler):
    def count():
        with CaptureQueriesContext(connection) as asked:
            assert SAID in shown(desk.get(WORKLIST, {"list": "promises"}))
        return len(asked)

    one = count()
    for _ in range(5):
        case = intake.receive(complaint, on=MONDAY)
        case.agree("A fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
        case.end("withdrawn", reason="She wrote so.", on=MONDAY, by=lead)
    assert count() == one


# --- keeping it -------------------------------------------------------------------------------------------------------


def test_a_promise_is_kept_on_a_closed_case_with_proof_that_can_be_downloaded(desk, closed, handler):
    commitment = closed.commitments.get()
    for verb in ("keep", "drop"):
        assert address(closed, verb, commitment) in shown(desk.get(page(closed)))
    do(desk, closed, "keep", commitment, how="Kofi brought it.", proof=[note(), note("door.png", b"\x89PNG\r\n\x1a\n")])
    commitment.refresh_from_db()
    assert commitment.kept_on == TUESDAY
    assert [proof.name for proof in commitment.proofs.all()] == ["delivery note.pdf", "door.png"]
    assert closed.events.get(kind="commitment kept").text == "Kept: Deliver it. Proof: delivery note.pdf, door.png."
    link = reverse("cases:attachment", args=[commitment.proofs.first().pk])
    assert link in shown(desk.get(page(closed)))
    assert b"".join(desk.get(link).streaming_content) == b"%PDF-1.7\n1 0 obj"


def test_a_file_that_cannot_be_taken_says_so_and_nothing_is_kept(desk, closed):
    commitment = closed.commitments.get()
    answer = desk.post(address(closed, "keep", commitment), {"how": "He came.", "proof": [note("run.exe", b"MZ")]})
    assert "of a kind that" in answer.context["form"].errors["proof"][0]
    assert "He came." in shown(answer)
    commitment.refresh_from_db()
    assert commitment.kept_on is None
    assert not Attachment.objects.exists()


def test_a_fault_in_keeping_it_leaves_no_proof_behind(closed, handler):
    commitment = closed.commitments.get()
    closed.drop(commitment, reason="She bought one.", on=TUESDAY, by=handler)
    with pytest.raises(Refused):
        closed.keep(commitment, how="He came.", proof=[note()], on=TUESDAY, by=handler)
    with pytest.raises(ValidationError):
        closed.keep(commitment, how="He came.", proof=[note(content=b"")], on=TUESDAY, by=handler)
    assert not Attachment.objects.exists()


def test_proof_is_no_part_of_what_the_customer_sent(desk, closed, client, handler):
    closed.keep(closed.commitments.get(), how="He came.", proof=[note()], on=TUESDAY, by=handler)
    assert desk.get(page(closed)).context["attachments"] == []
    client.logout()
    assert "delivery note" not in shown(client.get(reverse("cases:my_case", args=[closed.page_key])))


def test_whom_the_complaint_is_about_opens_no_proof(client, closed, handler, concerned, lead):
    closed.keep(closed.commitments.get(), how="He came.", proof=[note()], on=TUESDAY, by=handler)
    closed.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=TUESDAY, by=lead)
    client.force_login(concerned)
    assert client.get(reverse("cases:attachment", args=[Attachment.objects.get().pk])).status_code == 404
