"""Which letter a case calls for, and why."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.models import ConductStep, Responsibility, RootCause
from cases.stages import Stage
from letters import dispatch, suggesting, writing
from letters.models import APOLOGIES, Kind, Letter
from tests.conftest import FRIDAY, MONDAY, TUESDAY


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False):
        yield


def called_for(case, *, on=TUESDAY):
    return {one.kind: one.reason for one in suggesting.suggestions(case, on=on)}


def test_what_came_in_is_acknowledged_first(case):
    assert next(iter(called_for(case))) == Kind.ACKNOWLEDGEMENT


def test_what_lies_there_as_a_draft_is_not_suggested_again(case, handler, letterhead):
    case.assign(handler, on=MONDAY, by=handler)
    writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler)
    assert Kind.ACKNOWLEDGEMENT not in called_for(case)


@pytest.mark.parametrize(
    ("responsibility", "kind"),
    [
        (Responsibility.OURS, Kind.RESOLUTION),
        (Responsibility.PARTLY, Kind.RESOLUTION),
        (Responsibility.NOT_OURS, Kind.CLARIFICATION),
    ],
)
def test_the_answer_depends_on_whose_responsibility_it_was(ready, responsibility, kind):
    ready.responsibility = responsibility
    assert next(iter(called_for(ready))) == kind


def test_where_the_talks_ended_without_an_agreement_the_answer_is_a_final_position(ready, handler):
    ready.responsibility = Responsibility.NOT_OURS
    ready.take_final_position("No new fridge.", reason="It was not dented.", on=TUESDAY, by=handler)
    assert next(iter(called_for(ready))) == Kind.NO_AGREEMENT
    assert Kind.CLARIFICATION not in called_for(ready)


def test_what_was_answered_is_not_answered_again(ready, handler):
    ready.answered_on = TUESDAY
    assert not set(called_for(ready)) & {Kind.RESOLUTION, Kind.CLARIFICATION, Kind.NO_AGREEMENT}


def test_an_update_is_suggested_a_few_days_before_it_is_promised(ready, handler):
    ready.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    assert FRIDAY == TUESDAY + suggesting.SOON
    assert called_for(ready)[Kind.PROGRESS] == "The customer was promised to hear from us by 13 November 2026."
    assert Kind.PROGRESS not in called_for(ready, on=TUESDAY - timedelta(days=1))


@pytest.mark.parametrize("cause", RootCause)
def test_each_cause_of_ours_calls_for_its_apology_and_none_of_theirs_does(ready, cause):
    ready.stage, ready.root_cause = Stage.TALK, cause
    found = set(called_for(ready)) & set(APOLOGIES)
    assert found == ({suggesting.APOLOGY_FOR[cause]} if cause in suggesting.APOLOGY_FOR else set())
    ready.responsibility = Responsibility.NOT_OURS
    assert not set(called_for(ready)) & set(APOLOGIES)


def test_a_late_answer_calls_for_an_apology_whoever_was_responsible(ready):
    ready.responsibility = Responsibility.NOT_OURS
    assert "Our answer was due on 7 December 2026" in called_for(ready, on=date(2026, 12, 8))[Kind.APOLOGY_DELAY]


def test_a_letter_that_is_on_its_way_is_not_called_for_again(ready, handler):
    ready.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    letter = writing.draft(ready, Kind.PROGRESS, on=TUESDAY, by=None)
    dispatch.issue(letter, on=TUESDAY, by=handler)
    assert Kind.PROGRESS not in called_for(ready)
    letter.deliveries.update(refused_at=datetime(2026, 11, 10, 9, tzinfo=UTC), smtp_code=550)
    assert Kind.PROGRESS in called_for(ready)


def test_an_extension_that_is_owed_is_told(ready, handler):
    resolve = ready.deadlines.get(regime="house", step="resolve")
    ready.extend(resolve, number=5, reason="The report is not there.", on=TUESDAY, by=handler)
    assert "It is owed by 11 November 2026" in called_for(ready)[Kind.EXTENSION]


def test_a_call_is_proposed_to_whoever_can_be_rung_up_and_was_not(case, handler):
    case.stage = Stage.INVESTIGATE
    assert Kind.CALLBACK in called_for(case)
    case.customer.no_phone = True
    assert Kind.CALLBACK not in called_for(case)
    case.customer.no_phone = False
    case.log_conversation(said="She told it all.", on=MONDAY, by=handler)
    assert Kind.CALLBACK not in called_for(case)


def test_a_limit_that_was_set_is_put_in_writing_once(ready, handler, lead):
    ready.conduct.create(step=ConductStep.WARNED, words="Insults.", on=TUESDAY, by=handler, by_name=str(handler))
    assert "On 10 November 2026" in called_for(ready)[Kind.BOUNDARY]


def test_what_was_issued_is_not_called_for_any_more(draft, handler):
    dispatch.issue(draft, on=TUESDAY, by=handler)
    draft.case.answered_on = TUESDAY
    assert Kind.RESOLUTION not in called_for(draft.case)


def test_the_page_says_why_and_drafts_by_one_press(client, ready, handler):
    client.force_login(handler)
    way = reverse("admin:cases_case_verb", args=[ready.pk, "draft-letter"])
    page = client.get(way).content.decode()
    assert "What was found and agreed is there" in page
    assert "in English, the customer's language" in page
    assert client.post(way, {"kind": "resolution"}).status_code == 302
    assert Letter.objects.get().kind == Kind.RESOLUTION
    assert "A draft is there" in client.get(way).content.decode()
    assert client.post(way, {"kind": "boundary", "language": "fi"}).status_code == 302  # the others remain
