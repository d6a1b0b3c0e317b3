"""The follow-ups of a case at the desk: what the customer wrote is answered there, days move and calls are promised."""

from datetime import UTC, datetime

import pytest

from cases.models import Kind, Promise
from tests.cases.desk import address, do, page, shown
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

QUESTION = "The customer wrote (10 November 2026, 09:00). Does this stay as it is?"


@pytest.fixture
def waiting(case, handler):
    """Eleanor waits for a contact and for a new fridge on Friday."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=TUESDAY, by=handler)
    return case


def one(case, kind):
    return case.followups.outstanding().get(kind=kind)


def test_what_the_customer_wrote_stands_among_the_conversations_and_asks_beside_each_follow_up(desk, waiting):
    goto = do(desk, waiting, "heard", medium="email", held_on="2026-11-10", said="Thank you, all is well!")
    assert goto == f"{page(waiting)}#due"
    said = shown(desk.get(page(waiting)))
    assert said.count(QUESTION) == 2
    assert "Thank you, all is well!" in said
    assert "kept by Inês Carvalho" in said
    contact, commitment = one(waiting, Kind.CONTACT), one(waiting, Kind.COMMITMENT)
    for verb in ("stays", "move", "cancel"):
        assert address(waiting, verb, contact) in said
    assert address(waiting, "stays", commitment) in said
    assert address(waiting, "drop", commitment.commitment) in said
    for verb in ("move", "cancel"):
        assert address(waiting, verb, commitment) not in said
    assert "The customer agreed to this day" in said


def test_each_question_is_answered_by_one_press(desk, waiting):
    do(desk, waiting, "heard", medium="email", held_on="2026-11-10", said="Thank you!")
    do(desk, waiting, "stays", one(waiting, Kind.CONTACT))
    do(desk, waiting, "stays", one(waiting, Kind.COMMITMENT))
    assert QUESTION not in shown(desk.get(page(waiting)))


def test_moving_asks_for_a_day_that_can_be_kept_and_a_reason(desk, waiting):
    contact = one(waiting, Kind.CONTACT)
    answer = desk.post(address(waiting, "move", contact), {"to": "2026-11-14", "reason": ""})
    assert set(answer.context["form"].errors) == {"reason"}
    answer = desk.post(address(waiting, "move", contact), {"to": "2026-11-14", "reason": "She is away."})
    assert "Nobody works on 14 November 2026" in answer.context["form"].errors["to"][0]
    do(desk, waiting, "move", contact, to="2026-11-16", reason="She is away.")
    assert one(waiting, Kind.CONTACT).due_on == NEXT_MONDAY
    assert "moved to 16 November 2026" in shown(desk.get(page(waiting)))


def test_cancelling_asks_for_a_reason(desk, waiting):
    contact = one(waiting, Kind.CONTACT)
    assert "reason" in desk.post(address(waiting, "cancel", contact)).context["form"].errors
    do(desk, waiting, "cancel", contact, reason="She will ring us.")
    assert not waiting.followups.outstanding().filter(kind=Kind.CONTACT).exists()


def test_a_rules_day_is_not_offered_to_be_moved_and_is_not_moved_through_the_back_door(desk, case):
    owed = one(case, Kind.ACKNOWLEDGEMENT)
    said = shown(desk.get(page(case)))
    for verb in ("move", "cancel"):
        assert address(case, verb, owed) not in said
        desk.post(address(case, verb, owed), {"to": "2026-11-16", "reason": "Busy."})
    assert one(case, Kind.ACKNOWLEDGEMENT) == owed


def test_a_call_is_promised_by_day_and_hour_and_settled_by_ringing(desk, waiting):
    assert "+44 117 496 0148" in shown(desk.get(address(waiting, "call")))
    answer = desk.post(address(waiting, "call"), {"until": "2026-11-10", "hour": "08:00"})
    assert "08:00 is past" in answer.context["form"].errors["hour"][0]
    do(desk, waiting, "call", until="2026-11-13", hour="14:30", why="The colour of the door")
    assert "Friday, 13 November 2026, 14:30" in shown(desk.get(page(waiting)))
    call = one(waiting, Kind.CALLBACK)
    assert (call.due_at, call.why) == (datetime(2026, 11, 13, 14, 30, tzinfo=UTC), "The colour of the door")
    do(desk, waiting, "move", call, to="2026-11-13", hour="16:00", reason="She has a visitor.")
    assert one(waiting, Kind.CALLBACK).due_at == datetime(2026, 11, 13, 16, tzinfo=UTC)
    do(desk, waiting, "conversation", medium="phone", held_on="2026-11-10", said="White.")
    assert not waiting.followups.outstanding().filter(kind=Kind.CALLBACK).exists()


def test_what_the_customer_writes_about_a_closed_case_is_kept_and_answered_there(desk, waiting, handler):
    waiting.end("withdrawn", reason="She wrote so.", on=TUESDAY, by=handler)
    said = shown(desk.get(page(waiting)))
    for verb in ("heard", "conversation"):
        assert address(waiting, verb) in said
    do(desk, waiting, "heard", medium="phone", held_on="2026-11-10", said="Where is my fridge?")
    assert QUESTION in shown(desk.get(page(waiting)))
    do(desk, waiting, "conversation", medium="phone", held_on="2026-11-10", said="It comes on Friday.")
    assert not waiting.followups.outstanding().filter(kind=Kind.CONTACT).exists()
