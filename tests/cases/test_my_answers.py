"""On their own page customers say whether a promise was kept and whether everything is all right now: once, in their
own words, and whatever goes wrong, nothing that they wrote is lost."""

import html
import re
from datetime import UTC, datetime
from http import HTTPStatus as Code

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cases import intake
from cases.models import Answer, Case, Event, Kind
from cases.stages import Stage
from casetracker import clock
from letters import dispatch
from tests.conftest import FRIDAY, NEXT_MONDAY

SCRIPT = "<script>alert('fridge')</script>"
SORRY = "لم يصل أحد، وما زالت الثلاجة معطلة."


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def closed(issued, handler, lead):
    """Eleanor has our letter; on Friday the promise was kept and the case closed. It is Monday now."""
    dispatch.deliver_due(at=clock.now())
    case = Case.objects.get(pk=issued.case_id)
    case.keep(case.commitments.get(), how="Taken there by Kofi.", on=FRIDAY, by=handler)
    case.move_on(on=FRIDAY, by=lead)
    with time_machine.travel(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        yield case


def mine(case):
    return reverse("cases:my_case", args=[case.page_key])


def question(case, kind):
    return case.followups.get(kind=kind)


def answered(question, is_yes="", words=""):
    """What the form sends."""
    prefix = f"answer-{question.pk}"
    return {"question": f"{question.pk}", f"{prefix}-is_yes": is_yes, f"{prefix}-words": words}


def text_of(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def send(client, case, kind, **answer):
    return client.post(mine(case), answered(question(case, kind), **answer))


# --- the questions ----------------------------------------------------------------------------------------------------


def test_the_page_asks_about_each_kept_promise_and_whether_all_is_well(client, closed):
    page = text_of(client.get(mine(closed)))
    assert "Was this done?" in page
    assert "Deliver it" in page
    assert "Noted here as done on 13 November 2026" in page
    assert "Is everything all right now? Is there anything else?" in page
    assert page.count("Send my answer") == 2
    assert "Kofi" not in page


def test_before_anything_was_kept_or_closed_it_asks_nothing(client, case):
    assert "Send my answer" not in text_of(client.get(mine(case)))


def test_looking_at_the_questions_changes_nothing(client, closed):
    before = Event.objects.count(), list(closed.followups.values())
    client.get(mine(closed))
    client.head(mine(closed))
    assert (Event.objects.count(), list(closed.followups.values())) == before


# --- the answers ------------------------------------------------------------------------------------------------------


def test_a_yes_is_kept_and_shown_and_not_asked_again(client, closed):
    response = send(client, closed, Kind.CONFIRMATION, is_yes="yes", words="Thank you, Kofi was kind.")
    assert (response.status_code, response.url) == (Code.FOUND, mine(closed))
    page = text_of(client.get(mine(closed)))
    assert "What you answered" in page
    assert "Yes on 16 November 2026" in re.sub(r"<[^>]+>", "", page)
    assert "Thank you, Kofi was kind." in page
    assert page.count("Send my answer") == 1


def test_after_a_no_about_a_promise_the_page_says_when_they_hear_from_us(client, closed):
    send(client, closed, Kind.CONFIRMATION, is_yes="no", words="Nobody came.")
    assert question(closed, Kind.CALLBACK).due_on.isoformat() == "2026-11-17"
    page = text_of(client.get(mine(closed)))
    assert "You hear from us by Tuesday 17 November 2026" in page
    assert "Nobody came." in page
    assert "Your complaint is closed" in page


def test_a_no_to_all_is_well_opens_the_complaint_again(client, closed):
    send(client, closed, Kind.AFTERCARE, is_yes="no", words="It is dented too.")
    closed.refresh_from_db()
    assert (closed.stage, closed.reopened_on) == (Stage.INVESTIGATE, NEXT_MONDAY)
    page = text_of(client.get(mine(closed)))
    assert "We are finding out what happened" in page
    assert "You hear from us by Tuesday 17 November 2026" in page
    assert "It is dented too." in page


def test_it_may_be_written_in_any_script_and_shows_as_text(client, closed):
    send(client, closed, Kind.CONFIRMATION, is_yes="no", words=SORRY)
    send(client, closed, Kind.AFTERCARE, is_yes="yes", words=SCRIPT)
    response = client.get(mine(closed))
    assert SORRY in text_of(response)
    assert "<script" not in response.content.decode()


def test_a_press_too_many_changes_nothing(client, closed):
    for _press in range(2):
        response = send(client, closed, Kind.AFTERCARE, is_yes="no", words="It is dented too.")
        assert (response.status_code, response.url) == (Code.FOUND, mine(closed))
    assert Answer.objects.count() == 1
    assert closed.events.filter(kind="reopened").count() == 1


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"words": SORRY}, "Choose yes or no."),
        ({"is_yes": "perhaps", "words": SORRY}, "Choose yes or no."),
        ({"is_yes": "no"}, "Tell us in a few words what is not right"),
        ({"is_yes": "no", "words": " \u200b "}, "Tell us in a few words what is not right"),
        ({"is_yes": "yes", "words": "x" * 5001}, "under 5,000 characters (you wrote 5,001)"),
    ],
)
def test_a_fault_is_said_at_its_question_and_what_was_typed_stays(client, closed, answer, fault):
    response = send(client, closed, Kind.CONFIRMATION, **answer)
    page = text_of(response)
    assert response.status_code == Code.OK
    assert "It has not been sent yet." in page
    assert page.count(fault) == 2  # above, and at its field
    assert not Answer.objects.exists()
    form = next(form for form in response.context["forms"] if form.question.kind == Kind.CONFIRMATION)
    assert form.data[form.add_prefix("words")] == answer.get("words", "")
    other = next(form for form in response.context["forms"] if form.question.kind == Kind.AFTERCARE)
    assert not other.is_bound


def test_another_answer_to_the_same_question_is_shown_back_and_changes_nothing(client, closed):
    send(client, closed, Kind.CONFIRMATION, is_yes="yes")
    response = send(client, closed, Kind.CONFIRMATION, is_yes="no", words=SORRY)
    assert response.status_code == Code.CONFLICT
    assert "You have answered this before" in text_of(response)
    assert SORRY in text_of(response)
    assert Answer.objects.get().is_yes


def test_what_is_not_asked_any_more_is_shown_back(client, closed, lead):
    closed.reopen(reason="She called.", on=NEXT_MONDAY, by=lead)
    response = send(client, closed, Kind.AFTERCARE, is_yes="no", words=SORRY)
    assert response.status_code == Code.CONFLICT
    assert "This is not asked any more" in text_of(response)
    assert SORRY in text_of(response)


def test_when_the_database_is_away_the_words_are_shown_back(client, closed, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(Case, "take_answer", away)
    response = send(client, closed, Kind.AFTERCARE, is_yes="no", words=SORRY)
    assert response.status_code == Code.SERVICE_UNAVAILABLE
    assert "could not be saved just now" in text_of(response)
    assert SORRY in text_of(response)


def test_without_cookies_the_words_are_shown_back_with_the_way_to_the_page(closed):
    response = Client(enforce_csrf_checks=True).post(
        mine(closed), answered(question(closed, Kind.AFTERCARE), is_yes="no", words=SORRY)
    )
    assert response.status_code == Code.FORBIDDEN
    assert SORRY in text_of(response)
    assert f'href="{mine(closed)}"' in response.content.decode()
    assert not Answer.objects.exists()


def test_with_cookies_the_form_is_trusted(closed):
    browser = Client(enforce_csrf_checks=True)
    browser.get(mine(closed))
    sent = answered(question(closed, Kind.AFTERCARE), is_yes="yes")
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    origin = {"HTTP_ORIGIN": "http://testserver"}  # as a browser says it for a page with our Referrer-Policy
    assert browser.post(mine(closed), sent | token, **origin).status_code == Code.FOUND
    assert Answer.objects.get().is_yes


@pytest.mark.parametrize("asked", ["", "x", "0", "999999999999999999999", "٣", "-1"])
def test_a_question_that_there_is_not_is_answered_by_nobody(client, closed, asked):
    assert client.post(mine(closed), {"question": asked}).status_code == Code.NOT_FOUND


def test_nobody_answers_what_another_customer_is_asked(client, closed, complaint):
    other = intake.receive(complaint, on=NEXT_MONDAY)
    response = client.post(mine(other), answered(question(closed, Kind.AFTERCARE), is_yes="no", words="Mine."))
    assert response.status_code == Code.NOT_FOUND
    assert not Answer.objects.exists()


@pytest.mark.parametrize("answer", [{"is_yes": "no"}, {"is_yes": "no", "words": "Dented."}])
def test_no_page_of_an_answer_is_for_anybody_else(client, closed, answer):
    response = send(client, closed, Kind.CONFIRMATION, **answer)
    if response.status_code == Code.FOUND:
        response = send(client, closed, Kind.CONFIRMATION, is_yes="yes")
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
