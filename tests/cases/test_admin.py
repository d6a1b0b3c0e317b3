"""The desk where cases are worked: the board, the worklist, the page of a case."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.models import Case, Part
from casetracker import clock
from letters import dispatch
from letters.models import Letter
from tests.cases.desk import WORKLIST, address, do, page, record, shown
from tests.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

HOSTILE = "<script>alert('here')</script> كلمات 很长的投诉"


def in_list(desk, **query):
    """The references that the worklist shows, in order."""
    answer = desk.get(WORKLIST, query)
    assert answer.status_code == 200
    return [case.reference for case in answer.context["cl"].result_list]


# --- the board and the worklist ---------------------------------------------------------------------------------------


def test_the_board_counts_what_waits(leads_desk, lead, complaint, handler):
    own = intake.receive(complaint, on=MONDAY)
    own.assign(lead, on=MONDAY, by=lead)
    intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)
    tiles = {tile["label"]: tile for tile in leads_desk.get(reverse("admin:index")).context["tiles"]}
    counts = {label: tile["count"] for label, tile in tiles.items()}
    assert counts | {"My open cases": 1, "Due today": 1, "Overdue": 1, "No owner": 1, "Letters to post": 0} == counts


def test_the_board_shows_a_handler_what_is_due_with_them_and_a_lead_everything(client, lead, handler, case):
    client.force_login(handler)
    assert case.reference not in shown(client.get(reverse("admin:index")))
    client.force_login(lead)
    assert case.reference in shown(client.get(reverse("admin:index")))


def test_the_worklist_opens_on_open_cases_the_oldest_first(desk, complaint, handler):
    newer = intake.receive(complaint, on=MONDAY)
    older = intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)
    ended = intake.receive(complaint, on=MONDAY)
    ended.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert in_list(desk) == [older.reference, newer.reference]
    assert in_list(desk, list="closed") == [ended.reference]
    assert len(in_list(desk, list="all")) == 3


def test_what_is_due_next_stands_first_among_my_cases(desk, complaint, handler):
    due_later, due_sooner = intake.receive(complaint, on=MONDAY), intake.receive(complaint, on=MONDAY)
    for case in (due_later, due_sooner):
        case.assign(handler, on=MONDAY, by=handler)
        case.log_conversation(said="Hello.", on=MONDAY, by=handler)
    due_later.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    due_sooner.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    assert in_list(desk, list="mine") == [due_sooner.reference, due_later.reference]


def test_a_late_case_says_by_how_many_working_days(desk, complaint):
    intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)  # due on the 3rd
    assert "overdue by 5 working days" in shown(desk.get(WORKLIST))


@pytest.mark.parametrize(
    "typed",
    [
        "{reference}",
        "{spaced}",
        "{arabic}",
        "Whitcombe",
        "ELEANOR@example.org",
        "0117 496 0148",
        "+44 117 496 0148",
        "EH-204418",
        "The fridge came",
    ],
)
def test_a_case_is_found_by_what_people_say_on_the_phone(desk, case, complaint, typed):
    other = replace(complaint, name="Curtis", email="", phone="", order_reference="", story="Something else")
    intake.receive(other, on=MONDAY)
    spaced = case.reference.replace("-", " ")
    arabic = spaced.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert in_list(desk, q=typed.format(reference=case.reference, spaced=spaced, arabic=arabic)) == [case.reference]


def test_a_search_finds_closed_cases_too(desk, case, handler):
    case.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert in_list(desk, q=case.reference) == [case.reference]


def test_the_worklist_asks_as_many_questions_for_two_cases_as_for_twelve(desk, complaint, handler):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(WORKLIST).status_code == 200
        return len(asked)

    def receive(number):
        for _ in range(number):
            intake.receive(complaint, on=MONDAY).assign(handler, on=MONDAY, by=handler)

    receive(2)
    few = count()
    receive(10)
    assert count() == few
    assert few <= 12


def test_filters_narrow_the_worklist_together(desk, complaint):
    intake.receive(complaint, on=MONDAY)
    phoned = intake.receive(replace(complaint, channel="phone"), on=MONDAY)
    assert in_list(desk, list="nobody", channel__exact="phone", stage__exact="acknowledge") == [phoned.reference]


# --- the page of a case -----------------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_offers_to_move_on_only_when_nothing_is(desk, case):
    answer = desk.get(page(case))
    assert "Promise the customer a date for the next contact." in shown(answer)
    assert "Move on to Investigate" not in shown(answer)
    do(
        desk,
        case,
        "conversation",
        medium="phone",
        held_on="2026-11-10",
        said="All of it.",
        next_contact_on="2026-11-13",
    )
    assert "Move on to Investigate" in shown(desk.get(page(case)))


def test_the_page_of_a_full_case_asks_a_fixed_number_of_questions(desk, ready, handler, complaint):
    def count():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(page(ready)).status_code == 200
        return len(asked)

    few = count()
    for number in range(5):
        ready.add_point(f"Another one, {number}.", on=TUESDAY, by=handler)
        ready.log_conversation(said="More of it.", on=TUESDAY, by=handler)
        witness = ready.involve(
            part=Part.WITNESS, why="Saw it", name=f"W{number}", email="w@example.com", on=TUESDAY, by=handler
        )
        ready.log_conversation(said="I saw it.", person=witness, on=TUESDAY, by=handler)
    intake.receive(complaint, on=MONDAY)
    assert count() == few


def test_hostile_text_in_every_field_is_shown_as_text(desk, handler, letterhead):
    typed = dict.fromkeys(
        ("story", "wanted", "subject", "order_reference", "product", "name", "street", "city"), HOSTILE
    )
    record(desk, **typed | {"order_reference": HOSTILE[:60], "channel": "letter"})
    case = Case.objects.get()
    point = case.add_point(HOSTILE, on=TUESDAY, by=handler)
    case.find(point, HOSTILE, on=TUESDAY, by=handler)
    case.log_conversation(said=HOSTILE, proposed=HOSTILE, on=TUESDAY, by=handler)
    person = case.involve(part=Part.WITNESS, why=HOSTILE, name=HOSTILE, email="w@example.com", on=TUESDAY, by=handler)
    case.take_account(person, HOSTILE, on=TUESDAY, by=handler)
    case.explain(
        root_cause="delay", responsibility="ours", cause_explained=HOSTILE, prevention=HOSTILE, on=TUESDAY, by=handler
    )
    case.take_final_position(HOSTILE, reason=HOSTILE, on=TUESDAY, by=handler)
    do(desk, case, "draft-resolution")
    case.assign(handler, on=TUESDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    pages = [
        page(case),
        WORKLIST,
        reverse("admin:index"),
        reverse("admin:cases_customer_changelist"),
        reverse("admin:cases_customer_change", args=[case.customer_id]),
        reverse("admin:letters_letter_changelist"),
        reverse("admin:letters_letter_change", args=[Letter.objects.get().pk]),
        reverse("admin:letters_letter_issue", args=[Letter.objects.get().pk]),
        address(case, "finding", point),
        address(case, "point"),
        address(case, "ask-account", case.involve(part=Part.WITNESS, why="x", name=HOSTILE, on=TUESDAY, by=handler)),
    ]
    for each in pages:
        answer = desk.get(each)
        assert answer.status_code == 200, each
        assert "&lt;script&gt;alert" in shown(answer), each
        assert "<script>alert" not in shown(answer), each


def test_a_story_of_20_kilobytes_is_shown_whole(desk, complaint):
    story = "很长的投诉。" * 3_400 + "The end."
    case = intake.receive(replace(complaint, story=story), on=MONDAY)
    assert story in shown(desk.get(page(case)))


def test_the_history_is_told_newest_first_with_its_reasons(desk, case, handler):
    case.log_conversation(said="All.", proposed="A fridge.", on=MONDAY, by=handler, next_contact_on=FRIDAY)
    case.move_on(on=MONDAY, by=handler)
    case.explain(root_cause="delay", responsibility="ours", cause_explained="A van broke down.", on=MONDAY, by=handler)
    told = shown(desk.get(page(case)))
    history = told[told.index('id="history"') :]
    assert history.index("A van broke down.") < history.index("Complaint received")


def test_the_page_leads_to_the_draft_that_waits_and_to_the_delivery_that_somebody_decides_about(desk, draft, handler):
    letter_page = reverse("admin:letters_letter_change", args=[draft.pk])
    assert "Finish the draft: resolution letter" in shown(desk.get(page(draft.case)))
    assert letter_page in shown(desk.get(page(draft.case)))
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert ">Decide<" not in shown(desk.get(page(draft.case)))
    draft.deliveries.filter(copy=None).update(refused_at=clock.now(), smtp_code=550, smtp_reply="No such mailbox")
    told = desk.get(page(draft.case))
    assert ">Decide<" in shown(told)
    (decide,) = [d["decide"] for d in told.context["letters"][0]["deliveries"] if d["decide"]]
    assert desk.get(decide).context["cl"].result_count == 1


def test_a_letter_issued_already_is_drafted_anew_only_from_under_more(desk, issued):
    context = desk.get(page(issued.case)).context
    assert "Draft the resolution letter" not in [button.label for button in context["at_hand"]]
    assert "Draft the resolution letter" in [button.label for button in context["more"]]
