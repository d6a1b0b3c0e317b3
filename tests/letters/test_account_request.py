"""Asking a colleague for their account in a letter: neutral, to them alone, and nothing of it reaches the customer."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from cases.models import Kind as Due
from cases.models import Part, Reminder
from casetracker import clock
from letters import dispatch, mails, review, writing
from letters.models import Kind
from tests.conftest import FRIDAY, MONDAY, TUESDAY
from tests.letters.paper import pages

NEUTRAL = ("fault", "blame", "guilty", "accus", "why did you")


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def declan(case, handler, concerned, letterhead):
    """Declan, who hung up on Eleanor, in her case that Ines looks after."""
    case.assign(handler, on=MONDAY, by=handler)
    case.add_point("The man on the phone hung up.", on=MONDAY, by=handler)
    return case.involve(user=concerned, part=Part.CONCERNED, why="Took the call", on=MONDAY, by=handler)


@pytest.fixture
def request_to_declan(case, declan, handler):
    case.ask_account_by_letter(declan, until=FRIDAY, on=TUESDAY, by=handler)
    return writing.draft(case, Kind.ACCOUNT_REQUEST, person=declan, on=TUESDAY, by=handler)


def test_the_request_is_neutral_and_says_who_when_and_what_for(request_to_declan):
    draft = request_to_declan
    assert review.findings(draft, on=TUESDAY) == []
    assert draft.salutation == "Dear Declan Byrne,"
    for words in ("13 November 2026", "Took the call", "1. The man on the phone hung up.", "Inês Carvalho"):
        assert words in draft.body
    assert not any(word in draft.body.lower() for word in NEUTRAL)


def test_the_request_carries_no_address_or_number_of_the_customer(request_to_declan):
    said = " ".join(pages(dispatch.preview(request_to_declan, on=TUESDAY)))
    assert "Declan Byrne Contact Centre Adviser Ellerfold Home" in said
    for secret in ("Whitcombe", "Larkfield", "EH-204418", "/my/"):
        assert secret not in said


def test_it_goes_to_the_colleague_by_e_mail_without_the_customers_page(request_to_declan, handler):
    dispatch.issue(request_to_declan, on=TUESDAY, by=handler)
    (delivery,) = request_to_declan.deliveries.all()
    assert (delivery.to_email, delivery.by_post, delivery.is_for_customer) == ("declan@example.com", False, False)
    message = mails.message(delivery, at=clock.now())
    assert [part.get_filename() for part in message.iter_attachments()] == [request_to_declan.file_name]
    assert "/my/" not in message.get_body().get_content()
    dispatch.deliver_due(at=clock.now())
    case = request_to_declan.case
    case.refresh_from_db()
    assert case.acknowledged_on is None
    assert (
        case.events.last().text == "Request for an account for Declan Byrne: Delivered by e-mail to declan@example.com."
    )


def test_the_clockwork_does_not_ask_beside_the_letter_but_reminds(case, request_to_declan):
    followup = case.followups.outstanding().get(kind=Due.ACCOUNT)
    assert followup.act_at == datetime(2026, 11, 13, 8, tzinfo=UTC)
    assert not Reminder.objects.exists()


def test_a_request_without_a_day_is_kept_back(case, declan, handler):
    draft = writing.draft(case, Kind.ACCOUNT_REQUEST, person=declan, on=TUESDAY, by=handler)
    assert "[[day by which the account is asked for]]" in draft.body
    with pytest.raises(dispatch.NotIssued, match="not filled in"):
        dispatch.issue(draft, on=TUESDAY, by=handler)


def test_two_colleagues_are_asked_in_two_letters_and_one_in_one(case, declan, request_to_declan, reader, handler):
    marta = case.involve(user=reader, part=Part.WITNESS, why="Heard it", on=TUESDAY, by=handler)
    writing.draft(case, Kind.ACCOUNT_REQUEST, person=marta, on=TUESDAY, by=handler)
    with pytest.raises(writing.CannotDraft, match="a draft of this letter already"):
        writing.draft(case, Kind.ACCOUNT_REQUEST, person=declan, on=TUESDAY, by=handler)


def test_a_request_without_a_colleague_and_another_letter_with_one_are_refused(case, declan, handler):
    with pytest.raises(writing.CannotDraft, match="somebody involved"):
        writing.draft(case, Kind.ACCOUNT_REQUEST, on=TUESDAY, by=handler)
    with pytest.raises(writing.CannotDraft, match="every other letter to the customer"):
        writing.draft(case, Kind.PROGRESS, person=declan, on=TUESDAY, by=handler)


def test_a_handler_asks_by_letter_at_the_desk(client, case, declan, handler):
    client.force_login(handler)
    door = reverse("admin:cases_case_verb_about", args=[case.pk, "ask-account", declan.pk])
    answer = client.post(door, {"until": "2026-11-13", "by_letter": "on", "language": ""})
    letter = case.letters.get()
    assert answer.url == reverse("admin:letters_letter_change", args=[letter.pk])
    page = client.get(answer.url).content.decode()
    assert "for Declan Byrne" in page
    assert "Nothing keeps it from being issued" in page
    declan.refresh_from_db()
    assert declan.account_due_on == FRIDAY
