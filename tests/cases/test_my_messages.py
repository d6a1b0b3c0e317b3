"""From their own page customers write to us: it arrives once, whatever goes wrong nothing is lost, and the page speaks
their language."""

import html
import re
import string
import uuid
from datetime import UTC, datetime, time
from http import HTTPStatus as Code

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cases import intake
from cases.mine.views import MESSAGES_A_DAY
from cases.mine.words import Words
from cases.models import Case, Promise
from cases.stages import Exit, Stage
from letters import library
from tests.conftest import FRIDAY, MONDAY, TUESDAY

LANGUAGES = [code for code, _ in settings.LANGUAGES]
SORRY = "لم يصل أحد، وما زالت الثلاجة معطلة."
SCRIPT = "<script>alert('fridge')</script>"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


def mine(case):
    return reverse("cases:my_case", args=[case.page_key])


def text_of(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def send(client, case, words, **more):
    return client.post(mine(case), {"message-words": words, "message-key": f"{uuid.uuid4()}"} | more)


# --- they write -------------------------------------------------------------------------------------------------------


def test_a_message_arrives_and_stands_on_the_page(client, case):
    response = send(client, case, "The door squeaks, too.\r\n\r\n\r\n\r\nEvery time.")
    assert (response.status_code, response.url) == (Code.FOUND, f"{mine(case)}?sent#messages")
    message = case.conversations.from_the_customer().get()
    assert (message.said, message.medium, message.by) == ("The door squeaks, too.\n\nEvery time.", "page", None)
    page = text_of(client.get(response.url))
    assert "Your message is here" in page
    assert "What you wrote to us" in page
    assert "The door squeaks, too." in page
    assert "Your message is here" not in text_of(client.get(mine(case)))


def test_a_second_press_sends_nothing_twice_and_other_words_are_another_message(client, case):
    key = {"message-key": f"{uuid.uuid4()}"}
    for _ in range(2):
        assert send(client, case, "The door squeaks.", **key).status_code == Code.FOUND
    send(client, case, "The door squeaks. And it is dented.", **key)
    assert case.conversations.count() == 2


@pytest.mark.parametrize("key", ["", "not-a-key", "0"])
def test_a_key_that_is_none_costs_no_words(client, case, key):
    response = send(client, case, "The door squeaks.", **{"message-key": key})
    assert response.status_code == Code.FOUND or "The door squeaks." in text_of(response)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "Write something first."),
        (" \u200b\n", "Write something first."),
        ("x" * 40_001, "under 40,000 characters (you wrote 40,001)"),
    ],
)
def test_what_cannot_be_taken_says_why_and_keeps_what_was_typed(client, case, words, fault):
    page = text_of(send(client, case, words))
    assert "Please check your message" in page
    assert page.count(fault) == 2  # above, and at its field
    assert words.strip(" \u200b\n") in page
    assert not case.conversations.exists()


def test_somebody_who_does_not_stop_is_asked_to_go_on_tomorrow(client, case):
    for number in range(MESSAGES_A_DAY):
        send(client, case, f"Hello {number}")
    page = text_of(send(client, case, "One more."))
    assert "please write again tomorrow" in page
    assert "One more." in page
    assert case.conversations.count() == MESSAGES_A_DAY


def test_when_it_cannot_be_saved_nothing_is_lost(client, case, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Case, "hear", fail)
    response = send(client, case, SORRY)
    assert response.status_code == Code.SERVICE_UNAVAILABLE
    assert SORRY in text_of(response)
    assert "It cannot arrive twice" in text_of(response)


def test_without_the_cookie_of_the_form_the_words_are_shown_to_be_copied(case):
    response = Client(enforce_csrf_checks=True).post(mine(case), {"message-words": SORRY})
    assert response.status_code == Code.FORBIDDEN
    assert SORRY in text_of(response)
    assert not case.conversations.exists()


def test_script_in_a_message_is_shown_as_text(client, case):
    send(client, case, SCRIPT)
    response = client.get(mine(case))
    assert "<script" not in response.content.decode()
    assert SCRIPT in text_of(response)


def test_what_staff_noted_of_the_customers_words_is_shown_to_them_as_well_but_by_no_name(client, case, handler):
    case.hear("She rang: where is the van?", medium="phone", on=TUESDAY, by=handler)
    page = text_of(client.get(mine(case)))
    assert "where is the van?" in page
    assert "Carvalho" not in page


def test_what_they_wait_for_stays_and_an_answer_is_promised_where_nobody_was_to_be_in_touch(client, case, handler):
    case.acknowledge("letter", on=TUESDAY, by=handler)
    assert "You hear from us by" not in text_of(client.get(mine(case)))
    send(client, case, "Hello?")
    assert "You hear from us by Wednesday 11 November 2026" in text_of(client.get(mine(case)))
    case.end(Exit.WITHDRAWN, reason="She wrote so.", on=TUESDAY, by=handler)
    assert "You hear from us by" not in text_of(client.get(mine(case)))
    send(client, case, "I have changed my mind.")
    assert "You hear from us by Wednesday 11 November 2026" in text_of(client.get(mine(case)))


def test_a_promised_call_is_named_with_its_hour(client, case, handler):
    case.promise_call(until=FRIDAY, hour=time(14, 30), on=TUESDAY, by=handler)
    assert "We ring you on Friday 13 November 2026 at 14:30" in text_of(client.get(mine(case)))


def test_a_closed_complaint_with_an_open_promise_says_both(client, case, handler, lead):
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=TUESDAY, by=handler)
    case.end(Exit.WITHDRAWN, reason="She wrote so.", on=TUESDAY, by=lead)
    page = text_of(client.get(mine(case)))
    assert "Your complaint is closed; a promise of ours is still open" in page
    assert "By 13 November 2026" in page
    case.keep(case.commitments.get(), how="He came.", on=TUESDAY, by=handler)
    assert "still open" not in text_of(client.get(mine(case)))


# --- in their language ------------------------------------------------------------------------------------------------


def sentences(said, path=()):
    """Each sentence of a language with its place."""
    for name, it in said.items():
        if isinstance(it, dict):
            yield from sentences(it, (*path, name))
        else:
            yield (*path, name), it


def values_in(sentence) -> set:
    days = {"on": "day", "until": "day", "of": "day", "weekday": None}
    found = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return {days.get(name, name) for name in found} - {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_that_english_says_with_the_same_values(language):
    english, theirs = dict(sentences(library.page("en"))), dict(sentences(library.page(language)))
    assert theirs.keys() == english.keys()
    assert {place: values_in(it) for place, it in theirs.items()} == {
        place: values_in(it) for place, it in english.items()
    }
    if language != "en":
        alike = {place for place in theirs if theirs[place] == english[place]}
        assert alike <= {("direction",)}


@pytest.fixture
def in_their_language(complaint, handler, lead):
    """Of a language, a case with all that its page can show: an agreement with a kept, a late and an open promise, a
    question, an answer and a message."""

    def made(language):
        case = intake.receive(intake.replace(complaint, language=language, wanted="…", story="…"), on=MONDAY)
        case.log_conversation(said="…", next_contact_on=FRIDAY, on=MONDAY, by=handler)
        promises = [Promise("…", handler, day) for day in (TUESDAY, FRIDAY, MONDAY)]
        case.agree("…", promises, on=MONDAY, by=lead)
        case.keep(case.commitments.first(), how="…", on=MONDAY, by=handler)
        case.hear("…", medium="page", on=TUESDAY)
        case.customer.name = "…"
        return case

    return made


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("stage", [Stage.TALK, Stage.CLOSED])
def test_the_whole_page_speaks_the_language_of_the_case(client, in_their_language, language, stage):
    case = in_their_language(language)
    Case.objects.filter(pk=case.pk).update(stage=stage, closed_on=TUESDAY if stage == Stage.CLOSED else None)
    response = client.get(mine(case))
    page = text_of(response)
    assert f'lang="{language}" dir="{library.page(language)["direction"]}"' in page
    english = {it for _, it in sentences(library.page("en")) if len(it) > 9 and "{" not in it}
    assert [it for it in english if it in page] == []
    for word in ("November", "Tuesday", "Friday"):
        assert word not in page
    assert library.page(language)["message"]["heading"] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_are_told_in_the_language_of_the_case(client, in_their_language, language):
    says = library.page(language)
    page = text_of(send(client, in_their_language(language), ""))
    assert says["message"]["check"] in page
    assert says["message"]["empty"] in page


def test_a_language_that_nobody_has_translated_the_page_into_shows_it_in_english():
    words = Words("sv")
    assert (words.language, words.all["direction"]) == ("en", "ltr")
    assert words.say("hear", "by", day=FRIDAY) == "You hear from us by Friday 13 November 2026"
