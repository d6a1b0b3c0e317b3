"""What people do with follow-ups: a customer's words end none, moving and cancelling has a reason, and what a rule or a
customer set is nobody's to move."""

import uuid
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases import followups
from cases.models import FollowUp, Kind, Medium, Promise, Refused, Reminder
from casetracker import clock
from letters import writing
from letters.models import Kind as LetterKind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

AFTER_LUNCH = time(14, 30)


@pytest.fixture
def talked(case, handler):
    """Ines looks after Eleanor's case, and Eleanor hears from her on Friday."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    return case


@pytest.fixture
def waiting(talked, handler):
    """Eleanor waits for a call, for a contact and for a new fridge."""
    talked.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=TUESDAY, by=handler)
    talked.promise_call(until=FRIDAY, hour=AFTER_LUNCH, on=TUESDAY, by=handler)
    return talked


def one(case, kind):
    return case.followups.outstanding().get(kind=kind)


# --- the customer writes ----------------------------------------------------------------------------------------------


def test_what_the_customer_writes_ends_nothing_and_asks_about_all_that_they_wait_for(waiting):
    before = set(waiting.followups.outstanding().values_list("pk", "due_on"))
    waiting.hear("Thank you!", medium=Medium.EMAIL, on=TUESDAY)
    assert set(waiting.followups.outstanding().values_list("pk", "due_on")) == before
    asked = waiting.followups.filter(wrote_at__isnull=False)
    assert {it.kind for it in asked} == {Kind.CONTACT, Kind.CALLBACK, Kind.COMMITMENT}
    assert not [it for it in asked if it.act_at > clock.now()]


def test_what_the_customer_writes_is_kept_in_their_words_and_is_no_talk_with_them(case, handler):
    case.hear("I forgot to say: the door squeaks.", medium=Medium.PAGE, on=TUESDAY)
    case.hear("She rang: the door squeaks.", medium=Medium.PHONE, on=TUESDAY, by=handler)
    theirs, noted = case.conversations.from_the_customer()
    assert (theirs.by_name, theirs.said) == ("Eleanor Whitcombe", "I forgot to say: the door squeaks.")
    assert noted.by_name == "Inês Carvalho"
    assert not case.conversations.with_the_customer().exists()
    assert case.acknowledged_on is None
    assert case.events.filter(kind="customer wrote").count() == 2


def test_the_same_words_out_of_the_same_form_are_kept_once(case):
    key = uuid.uuid4()
    for _ in range(2):
        case.hear("Thank you!", medium=Medium.PAGE, on=TUESDAY, submission_key=key)
    case.hear("Thank you! One more thing.", medium=Medium.PAGE, on=TUESDAY, submission_key=key)
    assert case.conversations.count() == 2
    assert case.events.filter(kind="customer wrote").count() == 2


def test_when_nobody_was_to_be_in_touch_somebody_is_to_answer_by_the_next_working_day(talked, handler, lead):
    talked.cancel(one(talked, Kind.CONTACT), reason="She is on holiday.", on=TUESDAY, by=handler)
    talked.hear("I am back.", medium=Medium.PAGE, on=TUESDAY)
    answer = one(talked, Kind.CONTACT)
    assert (answer.due_on, answer.why) == (date(2026, 11, 11), "The customer wrote")
    assert {it.to_email for it in Reminder.objects.filter(followup=answer)} == {handler.email, lead.email}
    assert all(it.urgent for it in Reminder.objects.filter(followup=answer))


def test_about_a_closed_case_somebody_is_to_answer_as_well(talked, handler, lead):
    talked.end("withdrawn", reason="She wrote so.", on=TUESDAY, by=handler)
    talked.hear("I have changed my mind.", medium=Medium.PAGE, on=TUESDAY)
    assert one(talked, Kind.CONTACT).due_on == date(2026, 11, 11)


def test_before_the_acknowledgement_those_who_owe_it_are_told_and_its_day_stays(case, lead):
    due_on = one(case, Kind.ACKNOWLEDGEMENT).due_on
    case.hear("The door squeaks, too.", medium=Medium.PAGE, on=TUESDAY)
    followup = one(case, Kind.ACKNOWLEDGEMENT)
    assert (followup.due_on, followup.wrote_at) == (due_on, None)
    assert not case.followups.filter(kind=Kind.CONTACT).exists()
    assert Reminder.objects.get(followup=followup).to_email == lead.email


def test_the_owner_is_told_at_once_of_each_time_that_the_customer_writes(talked, handler):
    for hour in (9, 15):
        with time_machine.travel(datetime(2026, 11, 10, hour, tzinfo=UTC)):
            talked.hear(f"It is {hour} o'clock.", medium=Medium.PAGE, on=TUESDAY)
            followups.carry_out(at=clock.now())
            talked.hold_to(one(talked, Kind.CONTACT), on=TUESDAY, by=handler)
    told = Reminder.objects.filter(followup=one(talked, Kind.CONTACT))
    assert [(it.step, it.to_email, it.urgent) for it in told] == [("replied", handler.email, True)] * 2


def test_holding_to_it_answers_the_question_and_is_history(waiting, handler):
    waiting.hear("Thank you!", medium=Medium.EMAIL, on=TUESDAY)
    contact = one(waiting, Kind.CONTACT)
    waiting.hold_to(contact, on=TUESDAY, by=handler)
    contact.refresh_from_db()
    assert (contact.wrote_at, contact.due_on, contact.done_on) == (None, FRIDAY, None)
    assert "stays as it is" in waiting.events.get(kind="followup stays").text
    with pytest.raises(Refused):
        waiting.hold_to(contact, on=TUESDAY, by=handler)


def test_a_case_is_not_closed_while_nobody_has_said_what_becomes_of_what_the_customer_wrote_about(issued, handler):
    case = issued.case
    case.hear("Thank you!", medium=Medium.EMAIL, on=TUESDAY)
    assert "The customer wrote. Say whether this stays: Commitment to the customer." in case.missing()
    case.hold_to(one(case, Kind.COMMITMENT), on=TUESDAY, by=handler)
    assert not any(Kind.COMMITMENT.label in sentence for sentence in case.missing())


# --- moving and cancelling --------------------------------------------------------------------------------------------


def test_moving_keeps_the_old_row_with_its_reason_and_plans_the_new_day(talked, handler, lead):
    old = one(talked, Kind.CONTACT)
    FollowUp.objects.filter(pk=old.pk).update(owner=lead, wrote_at=clock.now())
    old.refresh_from_db()
    moved = talked.move(old, to=NEXT_MONDAY, reason="She is away until then.", on=TUESDAY, by=handler)
    old.refresh_from_db()
    assert (old.cancelled_on, old.cancelled_reason) == (TUESDAY, "Moved to 16 November 2026: She is away until then.")
    assert (moved.moved_from, moved.due_on, moved.why, moved.owner) == (old, NEXT_MONDAY, old.why, lead)
    assert moved.wrote_at is None
    assert timezone.localtime(moved.act_at).date() == NEXT_MONDAY
    event = talked.events.get(kind="followup moved")
    assert event.reason == "She is away until then."
    assert "moved to 16 November 2026" in event.text


@pytest.mark.parametrize(
    ("day", "said"), [(MONDAY, "is past"), (SATURDAY, "Nobody works on"), (date(2026, 12, 25), "Christmas")]
)
def test_nothing_moves_to_a_day_that_cannot_be_kept(talked, handler, day, said):
    contact = one(talked, Kind.CONTACT)
    with pytest.raises(ValidationError) as refused:
        talked.move(contact, to=day, reason="She wants it so.", on=TUESDAY, by=handler)
    assert said in refused.value.message_dict["to"][0]
    assert one(talked, Kind.CONTACT) == contact


def test_nothing_moves_to_a_day_on_which_its_owner_is_away(talked, handler, lead):
    handler.away_from, handler.away_until = NEXT_MONDAY, date(2026, 11, 20)
    handler.save()
    with pytest.raises(ValidationError) as refused:
        talked.move(one(talked, Kind.CONTACT), to=NEXT_MONDAY, reason="x", on=TUESDAY, by=lead)
    assert "away until 20 November 2026" in refused.value.message_dict["to"][0]


def test_what_was_moved_moves_again_and_what_is_over_does_not(talked, handler):
    old = one(talked, Kind.CONTACT)
    moved = talked.move(old, to=NEXT_MONDAY, reason="Away.", on=TUESDAY, by=handler)
    for act in (
        lambda: talked.move(old, to=NEXT_MONDAY, reason="Away.", on=TUESDAY, by=handler),
        lambda: talked.cancel(old, reason="Away.", on=TUESDAY, by=handler),
    ):
        with pytest.raises(Refused, match="already"):
            act()
    again = talked.move(moved, to=FRIDAY, reason="Back earlier.", on=TUESDAY, by=handler)
    assert one(talked, Kind.CONTACT) == again


def test_a_letter_that_settles_it_settles_the_new_day(talked, handler, letterhead):
    old = one(talked, Kind.CONTACT)
    letter = writing.draft(talked, LetterKind.PROGRESS, on=TUESDAY, by=handler, settles=old)
    moved = talked.move(old, to=NEXT_MONDAY, reason="Away.", on=TUESDAY, by=handler)
    letter.refresh_from_db()
    assert letter.settles == moved


def test_an_account_that_is_moved_is_wanted_by_the_new_day(talked, handler, driver):
    kofi = talked.involve(user=driver, part="witness", why="Drove the van", on=TUESDAY, by=handler)
    talked.ask_account(kofi, until=FRIDAY, on=TUESDAY, by=handler)
    moved = talked.move(one(talked, Kind.ACCOUNT), to=NEXT_MONDAY, reason="He is on tour.", on=TUESDAY, by=handler)
    kofi.refresh_from_db()
    assert (kofi.account_due_on, moved.involvement) == (NEXT_MONDAY, kofi)
    with pytest.raises(Refused, match="Waive"):
        talked.cancel(moved, reason="No need.", on=TUESDAY, by=handler)


def test_cancelling_needs_no_more_than_a_reason_and_is_history(talked, handler):
    contact = one(talked, Kind.CONTACT)
    talked.cancel(contact, reason="She rang off for good.", on=TUESDAY, by=handler)
    contact.refresh_from_db()
    assert (contact.cancelled_on, contact.cancelled_reason) == (TUESDAY, "She rang off for good.")
    assert talked.events.get(kind="followup cancelled").reason == "She rang off for good."


def test_what_a_rule_set_is_moved_and_cancelled_by_nobody(case, lead):
    assert {Kind.ACKNOWLEDGEMENT, Kind.DEADLINE} == {it.kind for it in case.followups.all()}
    for followup in case.followups.all():
        with pytest.raises(Refused, match="only an extension or a pause"):
            case.move(followup, to=FRIDAY, reason="Busy.", on=TUESDAY, by=lead)
        with pytest.raises(Refused, match="only an extension or a pause"):
            case.cancel(followup, reason="Busy.", on=TUESDAY, by=lead)
    assert case.followups.outstanding().count() == case.followups.count()


def test_a_commitment_keeps_its_day_and_ends_only_kept_or_dropped(waiting, handler):
    followup = one(waiting, Kind.COMMITMENT)
    with pytest.raises(Refused, match="agreed to this day"):
        waiting.move(followup, to=NEXT_MONDAY, reason="No van.", on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="drop the commitment"):
        waiting.cancel(followup, reason="No van.", on=TUESDAY, by=handler)
    waiting.drop(followup.commitment, reason="She bought one.", on=TUESDAY, by=handler)
    followup.refresh_from_db()
    assert followup.cancelled_reason == "She bought one."


# --- a call at an agreed hour -----------------------------------------------------------------------------------------


def test_a_call_is_promised_for_an_hour_of_the_office(talked, handler):
    talked.promise_call(until=FRIDAY, hour=AFTER_LUNCH, on=TUESDAY, by=handler)
    call = one(talked, Kind.CALLBACK)
    assert (call.due_on, call.due_at) == (FRIDAY, datetime(2026, 11, 13, 14, 30, tzinfo=UTC))
    assert call.get_through_display() == "Phone"
    assert "13 November 2026, 14:30" in talked.events.get(kind="call promised").text


def test_in_summer_the_clock_of_the_office_is_ahead(talked, handler):
    with time_machine.travel(datetime(2027, 6, 1, 9, tzinfo=UTC)):
        talked.promise_call(until=date(2027, 6, 2), hour=AFTER_LUNCH, on=date(2027, 6, 1), by=handler)
    assert one(talked, Kind.CALLBACK).due_at == datetime(2027, 6, 2, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "hour", "field", "said"),
    [
        (TUESDAY, time(8, 59), "hour", "is past"),
        (MONDAY, AFTER_LUNCH, "until", "is past"),
        (SATURDAY, AFTER_LUNCH, "until", "Nobody works on"),
        (date(2027, 3, 28), time(1, 30), "hour", "There is no 01:30"),  # a Sunday: the clocks are put forward
    ],
)
def test_no_call_is_promised_that_cannot_be_made(talked, handler, until, hour, field, said):
    with pytest.raises(ValidationError) as refused:
        talked.promise_call(until=until, hour=hour, on=TUESDAY, by=handler)
    assert said in refused.value.message_dict[field][0]
    assert not talked.followups.filter(kind=Kind.CALLBACK).exists()


def test_an_hour_is_promised_once(talked, handler):
    talked.promise_call(until=FRIDAY, hour=AFTER_LUNCH, on=TUESDAY, by=handler)
    with pytest.raises(ValidationError, match="already"):
        talked.promise_call(until=FRIDAY, hour=AFTER_LUNCH, on=TUESDAY, by=handler)
    talked.promise_call(until=FRIDAY, hour=time(16), on=TUESDAY, by=handler)
    assert talked.followups.outstanding().filter(kind=Kind.CALLBACK).count() == 2


def test_a_call_that_is_moved_keeps_its_hour_or_gets_a_new_one(waiting, handler):
    moved = waiting.move(one(waiting, Kind.CALLBACK), to=NEXT_MONDAY, reason="Away.", on=TUESDAY, by=handler)
    assert moved.due_at == datetime(2026, 11, 16, 14, 30, tzinfo=UTC)
    moved = waiting.move(moved, to=FRIDAY, hour=time(10), reason="Back.", on=TUESDAY, by=handler)
    assert moved.due_at == datetime(2026, 11, 13, 10, tzinfo=UTC)
    assert moved.get_through_display() == "Phone"


def test_only_a_talk_on_the_phone_with_the_customer_settles_the_call(waiting, handler, driver):
    kofi = waiting.involve(user=driver, part="witness", why="Drove the van", on=TUESDAY, by=handler)
    waiting.log_conversation(said="By e-mail.", medium=Medium.EMAIL, on=TUESDAY, by=handler)
    waiting.log_conversation(said="With Kofi.", medium=Medium.PHONE, person=kofi, on=TUESDAY, by=handler)
    call = one(waiting, Kind.CALLBACK)
    waiting.log_conversation(said="With her.", medium=Medium.PHONE, on=TUESDAY, by=handler)
    call.refresh_from_db()
    assert call.done_on == TUESDAY
