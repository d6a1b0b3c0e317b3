"""What is promised in a talk holds from that moment, before any agreement, and beside the one that follows."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from cases.models import Event, FollowUp, Kind, Promise, PromisedCall, PromisedContact, Refused, Through
from casetracker import clock
from letters import dispatch, mails, writing
from letters.about import About
from letters.models import Kind as LetterKind
from letters.review.known import Known
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def promised(case, handler):
    """Ines promised Eleanor on the phone that somebody looks at the dent."""
    case.assign(handler, on=MONDAY, by=handler)
    promises = [Promise("Look at the dent", handler, FRIDAY)]
    case.log_conversation(said="She told it all.", promises=promises, on=TUESDAY, by=handler)
    return case.commitments.get()


def test_a_promise_of_a_talk_is_a_commitment_of_a_named_owner_by_a_day_and_is_followed_up(case, handler, promised):
    assert (promised.owner_name, promised.due_on) == (str(handler), FRIDAY)
    assert (promised.agreement, promised.conversation) == (None, case.conversations.get())
    assert case.followups.outstanding().get(kind=Kind.COMMITMENT).commitment == promised
    told = Event.objects.get(kind="promised").text
    assert told == "Promised to the customer: Look at the dent, by 13 November 2026 (Inês Carvalho)."


def test_a_call_and_a_day_are_promised_in_the_same_talk(case, handler):
    case.assign(handler, on=MONDAY, by=handler)
    promises = [PromisedCall(FRIDAY, time(15, 30), "The price"), PromisedContact(NEXT_MONDAY)]
    case.log_conversation(said="All.", promises=promises, on=TUESDAY, by=handler)
    call, contact = case.followups.outstanding().filter(kind__in=(Kind.CALLBACK, Kind.CONTACT))
    assert (call.kind, call.day_and_hour(), call.why) == (Kind.CALLBACK, "13 November 2026, 15:30", "The price")
    assert (contact.kind, contact.due_on) == (Kind.CONTACT, NEXT_MONDAY)


def test_one_promise_that_cannot_be_kept_keeps_the_whole_talk_back_and_says_which(case, handler):
    promises = [Promise("Look at it", handler, FRIDAY), Promise("Bring flowers", handler, SATURDAY)]
    before = Event.objects.count()
    with pytest.raises(ValidationError) as refused:
        case.log_conversation(said="All.", promises=promises, on=TUESDAY, by=handler)
    assert (refused.value.index, list(refused.value.message_dict)) == (1, ["due_on"])
    assert not case.conversations.exists()
    assert not case.commitments.exists()
    assert Event.objects.count() == before


def test_what_is_said_to_a_colleague_is_no_promise(case, handler, driver):
    person = case.involve(user=driver, part="witness", why="Drove", on=MONDAY, by=handler)
    with pytest.raises(Refused, match="Only what the customer was told"):
        case.log_conversation(
            said="x", person=person, promises=[Promise("Pay", handler, FRIDAY)], on=TUESDAY, by=handler
        )


def test_an_agreement_leaves_what_was_promised_before_it_standing(case, handler, promised):
    case.agree("A new fridge.", [Promise("Deliver it", handler, NEXT_MONDAY)], on=TUESDAY, by=handler)
    assert [it.what for it in case.promises()] == ["Look at the dent", "Deliver it"]


def test_a_second_agreement_takes_the_place_of_the_first_but_of_no_talk(case, handler, promised):
    case.agree("A new fridge.", [Promise("Deliver it", handler, NEXT_MONDAY)], on=TUESDAY, by=handler)
    case.agree("Money back.", [Promise("Pay it", handler, NEXT_MONDAY)], on=TUESDAY, by=handler)
    assert [it.what for it in case.promises()] == ["Look at the dent", "Pay it"]


def test_an_agreement_may_stand_for_a_promise_of_a_talk(case, handler, promised):
    new = Promise("Deliver a new one", handler, NEXT_MONDAY)
    case.agree("A new fridge.", [new], replaces=[promised], on=TUESDAY, by=handler)
    promised.refresh_from_db()
    assert promised.dropped_reason == "A newer agreement took its place."
    assert [it.what for it in case.promises()] == ["Deliver a new one"]
    assert not FollowUp.objects.outstanding().filter(commitment=promised).exists()


def test_what_was_promised_already_is_enough_for_an_agreement(case, handler, promised):
    case.agree("We look at it, and that is all she wants.", [], on=TUESDAY, by=handler)
    assert [it.what for it in case.promises()] == ["Look at the dent"]
    with pytest.raises(Refused, match="needs at least one commitment"):
        case.agree("Nothing at all.", [], replaces=[promised], on=TUESDAY, by=handler)


def test_letter_review_summary_and_customers_page_mean_the_same_by_promised(ready, handler, client):
    promises = [Promise("Look at the dent", handler, NEXT_MONDAY)]
    ready.log_conversation(said="She rang.", promises=promises, on=TUESDAY, by=handler)
    said = ["Deliver it", "Look at the dent"]
    about = About(ready, LetterKind.RESOLUTION, "en", TUESDAY)
    assert [it.what for it in about.promised] == said
    assert [it.what for it in Known(ready, on=TUESDAY, languages=("en",)).promised] == said
    letter = writing.draft(ready, LetterKind.RESOLUTION, on=TUESDAY, by=handler)
    assert "Look at the dent" in letter.body
    dispatch.issue(letter, on=TUESDAY, by=handler)
    summary = mails.message(letter.deliveries.get(to_name="Marta Kowalska"), at=clock.now()).get_body().get_content()
    assert "* Look at the dent, by 16 November 2026 (Inês Carvalho)" in summary
    page = client.get(f"/my/{ready.page_key}/").content.decode()
    assert page.index("Deliver it") < page.index("Look at the dent")


def test_the_customers_page_shows_a_promise_before_there_is_an_agreement(client, case, handler, promised):
    page = client.get(f"/my/{case.page_key}/").content.decode()
    assert "What we have promised you" in page
    assert "Look at the dent" in page
    case.drop(promised, reason="She wants a new one.", on=TUESDAY, by=handler)
    assert "Look at the dent" not in client.get(f"/my/{case.page_key}/").content.decode()


def test_nobody_is_promised_a_call_who_asked_not_to_be_rung(case, handler):
    case.customer.no_phone = True
    case.customer.save()
    with pytest.raises(ValidationError, match="asked us not to ring") as refused:
        case.promise_call(until=FRIDAY, hour=time(15), on=TUESDAY, by=handler)
    assert list(refused.value.message_dict) == ["until"]


def test_whoever_asked_not_to_be_rung_is_written_to_when_something_is_wrong(case, handler, promised):
    case.customer.no_phone = True
    case.customer.save()
    case.keep(promised, how="Looked.", on=TUESDAY, by=handler)
    case.take_answer(case.questions().get(), is_yes=False, words="Nobody came.", on=TUESDAY)
    call = case.followups.outstanding().get(kind=Kind.CALLBACK)
    assert call.through == Through.EMAIL
    assert call.why.startswith("They asked us not to ring: write to them.")
