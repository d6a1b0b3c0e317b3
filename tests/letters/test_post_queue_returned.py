"""What the post brings back has not reached the customer: the case says so, and the letter stands on a list until
somebody sends it again or leaves it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from cases import followups
from cases.models import FollowUp, Refused, Reminder
from cases.stages import Stage
from casetracker import clock
from letters import dispatch, postroom, writing
from letters.models import Delivery, Kind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY, still_missing

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
AGAIN = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def on_next_monday():
    """A week has passed: it is noon on the Monday after."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client


@pytest.fixture
def acknowledgement(case, handler, letterhead):
    """Posted to Eleanor on Tuesday, who has no e-mail address."""
    case.customer.email = ""
    case.customer.save()
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    return posted(draft, by=handler)


@pytest.fixture
def final(ready, handler):
    """The resolution letter, posted on Tuesday; its copies are out."""
    ready.customer.email = ""
    ready.customer.save()
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    return posted(draft, by=handler)


def posted(letter, *, by):
    delivery = letter.deliveries.get(by_post=True)
    dispatch.mark_posted(delivery, on=TUESDAY, by=by)
    return Delivery.objects.get(pk=delivery.pk)


def came_back(delivery, *, by):
    dispatch.mark_returned(delivery, reason="moved away", on=NEXT_MONDAY, by=by)
    return Delivery.objects.get(pk=delivery.pk)


def told(case):
    return [event.text for event in case.events.all()]


def case_of(delivery):
    return type(delivery.letter.case).objects.get(pk=delivery.letter.case_id)


# --- it came back -----------------------------------------------------------------------------------------------------


def test_the_delivery_and_the_history_say_when_and_why_it_came_back(final, handler):
    back = came_back(final, by=handler)
    assert back.outcome(at=NOON) == "came back on 16 November 2026 (moved away)"
    assert back.returned_by_name == "Inês Carvalho"
    event = case_of(final).events.filter(kind="delivery").last()
    assert event.text == "Resolution letter for Eleanor Whitcombe: Brought back by the post."
    assert event.reason == "moved away"
    assert list(Delivery.objects.returned()) == [back]
    assert back not in Delivery.objects.arrived()


def test_only_what_was_posted_comes_back_and_only_once(final, handler):
    came_back(final, by=handler)
    with pytest.raises(Refused, match="came back already"):
        came_back(final, by=handler)
    copy = final.letter.deliveries.filter(by_post=False).first()
    with pytest.raises(Refused, match="not marked as posted"):
        came_back(copy, by=handler)


# --- what the case thinks ---------------------------------------------------------------------------------------------


def test_a_final_letter_that_came_back_has_answered_nothing(final, handler):
    assert still_missing(case_of(final)) == []
    came_back(final, by=handler)
    case = case_of(final)
    assert case.answered_on is None
    assert case.missing() == ["Get the resolution letter to the customer: delivered by e-mail, or posted."]
    assert "Our answer has not reached the customer: the letter came back." in told(case)


def test_posted_again_it_answers_on_that_day(final, handler):
    again = dispatch.post_again(came_back(final, by=handler), reason="She told us the flat.", by=handler)
    dispatch.mark_posted(again, on=AGAIN, by=handler)
    assert case_of(final).answered_on == AGAIN
    assert still_missing(case_of(final)) == []


def test_a_closed_case_stays_closed_but_is_not_answered_until_the_letter_arrives(final, handler):
    final.letter.case.refresh_from_db()
    final.letter.case.move_on(on=FRIDAY, by=handler)
    back = came_back(Delivery.objects.get(pk=final.pk), by=handler)
    case = case_of(final)
    assert (case.stage, case.answered_on) == (Stage.CLOSED, None)
    assert list(Delivery.objects.returned()) == [back]
    dispatch.mark_posted(dispatch.post_again(back, reason="New address", by=handler), on=AGAIN, by=handler)
    assert case_of(final).answered_on == AGAIN


def test_a_final_letter_that_was_corrected_since_takes_nothing_back(final, handler):
    correction = writing.draft(case_of(final), Kind.RESOLUTION, on=TUESDAY, by=handler)
    dispatch.issue(correction, on=TUESDAY, by=handler)
    posted(correction, by=handler)
    came_back(final, by=handler)
    assert case_of(final).answered_on == TUESDAY


def test_an_acknowledgement_that_came_back_acknowledged_nothing_and_is_due_anew(acknowledgement, handler):
    assert case_of(acknowledgement).acknowledged_on == TUESDAY
    came_back(acknowledgement, by=handler)
    case = case_of(acknowledgement)
    assert case.acknowledged_on is None
    assert "Send the acknowledgement letter, or log a call with the customer." in case.missing()
    [due] = case.followups.outstanding().filter(kind="acknowledgement")
    assert due.due_on == NEXT_MONDAY


def test_the_clockwork_reminds_of_it_anew(acknowledgement, handler):
    followups.carry_out(at=NOON)
    came_back(acknowledgement, by=handler)
    before = Reminder.objects.count()
    followups.carry_out(at=NOON)
    assert Reminder.objects.count() == before + 1
    followups.carry_out(at=NOON)
    assert Reminder.objects.count() == before + 1


def test_a_talk_with_the_customer_acknowledges_all_the_same(acknowledgement, handler):
    acknowledgement.letter.case.log_conversation(said="She called.", on=FRIDAY, by=handler)
    came_back(acknowledgement, by=handler)
    case = case_of(acknowledgement)
    assert case.acknowledged_on == FRIDAY
    assert not case.followups.outstanding().filter(kind="acknowledgement").exists()
    assert "Acknowledged on 13 November 2026 all the same." in told(case)


def test_a_case_that_was_acknowledged_by_phone_does_not_mind_its_letter(acknowledgement, handler):
    acknowledgement.letter.case.log_conversation(said="She called.", on=TUESDAY, by=handler)
    came_back(acknowledgement, by=handler)
    assert case_of(acknowledgement).acknowledged_on == TUESDAY
    assert not case_of(acknowledgement).events.filter(kind="unacknowledged").exists()


def test_in_a_closed_case_nobody_is_asked_to_acknowledge(acknowledgement, handler):
    acknowledgement.letter.case.end("withdrawn", reason="She wants nothing more.", on=FRIDAY, by=handler)
    came_back(Delivery.objects.get(pk=acknowledgement.pk), by=handler)
    assert case_of(acknowledgement).acknowledged_on is None
    assert not FollowUp.objects.outstanding().exists()


# --- what becomes of it -----------------------------------------------------------------------------------------------


def test_it_goes_out_by_email_once_there_is_an_address(final, handler, settings):
    back = came_back(final, by=handler)
    kwargs = {"reason": "She gave us one.", "to_email": "eleanor@example.org", "at": NOON, "by": handler}
    again = dispatch.send_again(back, **kwargs)
    assert (again.resend_of, again.by_post) == (back, False)
    assert list(Delivery.objects.returned()) == []
    dispatch.deliver_due(at=clock.now())
    assert case_of(final).answered_on == NEXT_MONDAY
    with pytest.raises(Refused, match="only once"):
        dispatch.send_again(back, **kwargs)


def test_posted_again_it_waits_with_the_days_post_and_names_the_one_that_came_back(final, handler):
    back = came_back(final, by=handler)
    customer = back.letter.case.customer
    customer.street, customer.city, customer.postcode = "7 Abbey Row", "Leeds", "LS1 4AB"
    customer.save()
    again = dispatch.post_again(back, reason="She moved.", by=handler)
    [envelope] = postroom.waiting(Delivery.objects.to_post())
    assert (envelope.delivery, envelope.is_forwarded) == (again, True)
    assert again.resend_of == back
    assert any("Posted again, to" in text and "7 Abbey Row, Leeds" in text for text in told(case_of(final)))
    with pytest.raises(Refused, match="Nobody has to decide"):
        dispatch.post_again(back, reason="Once more", by=handler)


def test_it_is_not_posted_again_to_an_address_that_no_post_reaches(final, handler):
    back = came_back(final, by=handler)
    customer = back.letter.case.customer
    customer.street = customer.postcode = ""
    customer.save()
    with pytest.raises(Refused, match="lacks its street"):
        dispatch.post_again(back, reason="x", by=handler)
    assert list(Delivery.objects.returned()) == [back]


def test_somebody_leaves_it_and_the_history_keeps_why(final, handler):
    back = came_back(final, by=handler)
    dispatch.leave_returned(back, reason="She has died.", at=NOON, by=handler)
    assert list(Delivery.objects.returned()) == []
    back.refresh_from_db()
    assert "Inês Carvalho left it at that" in back.outcome(at=NOON)
    assert case_of(final).events.last().reason == "She has died."
    assert case_of(final).answered_on is None
    with pytest.raises(Refused, match="Nobody has to decide"):
        dispatch.leave_returned(back, reason="Again", at=NOON, by=handler)


def test_a_refused_email_goes_by_post_instead(ready, handler):
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    Delivery.objects.filter(letter=draft, copy=None).update(refused_at=NOON, smtp_code=550, smtp_reply="No such user")
    refused = Delivery.objects.get(letter=draft, copy=None)
    dispatch.mark_posted(dispatch.post_again(refused, reason="No such user", by=handler), on=AGAIN, by=handler)
    assert case_of(refused).answered_on == AGAIN
    assert list(Delivery.objects.refused()) == []


# --- at the desk ------------------------------------------------------------------------------------------------------


def decide(desk, delivery, name, **fields):
    return desk.post(reverse("admin:letters_delivery_decision", args=[delivery.pk, name]), fields)


def listed(desk, name):
    answer = desk.get(reverse("admin:letters_delivery_changelist"), {"list": name})
    return list(answer.context["cl"].result_list), answer.content.decode()


def test_the_desk_marks_it_as_returned_and_offers_what_can_become_of_it(desk, final):
    rows, page = listed(desk, "posted")
    assert rows == [final]
    assert "It came back" in page
    fields = {"returned_on": "2026-11-16", "reason": "moved away", "more": "new tenant"}
    assert decide(desk, final, "returned", **fields).status_code == 302
    rows, page = listed(desk, "returned")
    assert rows == [final]
    assert rows[0].returned_reason == "moved away: new tenant"
    for label in ("Post again", "Send by e-mail", "Leave it"):
        assert label in page
    assert listed(desk, "posted")[0] == []
    board = desk.get(reverse("admin:index")).context["tiles"]
    assert {tile["label"]: tile["count"] for tile in board}["Post that came back"] == 1


@pytest.mark.parametrize("day", ["2026-11-09", "2026-11-17", ""])
def test_it_comes_back_between_the_day_it_was_posted_and_today(desk, final, day):
    answer = decide(desk, final, "returned", returned_on=day, reason="moved away")
    assert "returned_on" in answer.context["form"].errors
    assert not Delivery.objects.returned().exists()


def test_the_page_shows_where_it_would_go_now_and_why_a_page_goes_on_top(desk, final, handler):
    back = came_back(final, by=handler)
    address = reverse("admin:letters_delivery_decision", args=[back.pk, "post-again"])
    assert "41 Larkfield Row" in desk.get(address).content.decode()
    customer = back.letter.case.customer
    customer.street = "7 Abbey Row"
    customer.save()
    page = desk.get(address).content.decode()
    assert "7 Abbey Row" in page
    assert "What was issued is never set anew" in page
    assert decide(desk, back, "post-again", reason="She moved.").status_code == 302
    assert listed(desk, "returned")[0] == []
    assert len(listed(desk, "to_post")[0]) == 1


def test_a_letter_that_came_back_waits_on_the_page_of_its_case(desk, final, handler):
    came_back(final, by=handler)
    page = desk.get(reverse("admin:cases_case_change", args=[final.letter.case_id])).content.decode()
    assert "came back on 16 November 2026 (moved away)" in page
    assert "list=returned" in page
