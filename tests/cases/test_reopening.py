"""A closed case can be taken up again: by us with a reason, and by the customer who says that it is not all right."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cases import intake
from cases.models import Case, Digest, Kind, Part, Promise, Reminder, WrongStage
from cases.stages import Exit, Stage
from casetracker import clock
from letters import dispatch, writing
from letters.models import Kind as LetterKind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def closed(issued, lead):
    """Eleanor's case, answered and closed on Friday."""
    dispatch.deliver_due(at=clock.now())
    case = Case.objects.get(pk=issued.case_id)
    case.move_on(on=FRIDAY, by=lead)
    return case


def test_a_reopened_case_is_looked_into_anew_and_has_to_be_answered_anew(closed, handler):
    closed.reopen(reason="The new fridge is dented too.", on=NEXT_MONDAY, by=handler)
    closed.refresh_from_db()
    assert (closed.stage, closed.reopened_on, closed.closed_on) == (Stage.INVESTIGATE, NEXT_MONDAY, None)
    assert (closed.answered_on, closed.copied_on) == (None, None)
    assert closed.acknowledged_on == MONDAY
    event = closed.events.get(kind="reopened")
    assert (event.reason, event.by) == ("The new fridge is dented too.", handler)
    for _stage in ("investigate", "talk", "agree"):
        closed.move_on(on=NEXT_MONDAY, by=handler)
    assert closed.missing() == ["Get the resolution letter to the customer: delivered by e-mail, or posted."]


def test_the_next_resolution_letter_corrects_the_first_and_closes_it_again(closed, handler):
    closed.reopen(reason="The new fridge is dented too.", on=NEXT_MONDAY, by=handler)
    for _stage in ("investigate", "talk", "agree"):
        closed.move_on(on=NEXT_MONDAY, by=handler)
    closed.agree("Her money back.", [Promise("Pay it back", handler, NEXT_MONDAY)], on=NEXT_MONDAY, by=handler)
    dispatch.issue(writing.draft(closed, LetterKind.RESOLUTION, on=NEXT_MONDAY, by=handler), on=NEXT_MONDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    closed.refresh_from_db()
    closed.move_on(on=NEXT_MONDAY, by=handler)
    assert closed.closed_on == NEXT_MONDAY
    assert closed.letters.get(corrects__isnull=False).corrects == closed.letters.first()


@pytest.mark.parametrize("exit", Exit)
def test_whatever_way_it_ended_it_can_be_reopened(case, complaint, lead, exit):
    other = {"duplicate_of": intake.receive(complaint, on=MONDAY)} if exit == Exit.DUPLICATE else {}
    case.end(exit, reason="So it seemed.", on=TUESDAY, by=lead, **other)
    case.reopen(reason="It was a mistake.", on=FRIDAY, by=lead)
    case.refresh_from_db()
    assert (case.exit, case.exit_reason, case.duplicate_of, case.closed_on) == ("", "", None, None)


def test_what_was_never_acknowledged_is_acknowledged_first(case, lead):
    case.end(Exit.SETTLED, reason="On the phone.", on=TUESDAY, by=lead)
    case.reopen(reason="It was not settled.", on=FRIDAY, by=lead)
    assert case.stage == Stage.ACKNOWLEDGE
    assert case.followups.outstanding().first().kind == Kind.ACKNOWLEDGEMENT


def test_the_customer_hears_from_us_the_next_working_day(closed, handler):
    closed.reopen(reason="The new fridge is dented too.", on=FRIDAY, by=handler)
    followup = closed.next_contact()
    assert (followup.due_on, followup.through) == (NEXT_MONDAY, "phone")
    assert followup.why == "The case was reopened: The new fridge is dented too."


def test_the_handler_and_the_leads_are_told_at_once(closed, handler, lead, concerned):
    lead_concerned = type(lead).objects.create(username="priya", role="lead", email="priya@example.com")
    closed.involve(user=lead_concerned, part=Part.CONCERNED, why="Hung up", on=FRIDAY, by=lead)
    closed.reopen(reason="Dented too.", on=NEXT_MONDAY, by=None)
    told = Reminder.objects.filter(followup=closed.next_contact())
    assert set(told.values_list("to_email", "urgent")) == {("ines@example.com", True), ("amara@example.com", True)}
    assert "Told at once: Amara Nwosu, Inês Carvalho." in closed.events.last().text


def test_an_open_case_is_not_reopened(ready, lead):
    with pytest.raises(WrongStage, match="is open"):
        ready.reopen(reason="Twice.", on=TUESDAY, by=lead)


def test_two_who_reopen_it_at_once_reopen_it_once(closed, lead):
    twin = Case.objects.get(pk=closed.pk)
    closed.reopen(reason="Dented too.", on=FRIDAY, by=lead)
    with pytest.raises(WrongStage, match="a moment ago"):
        twin.reopen(reason="Dented too.", on=FRIDAY, by=lead)
    assert closed.events.filter(kind="reopened").count() == 1


def test_nobody_reopens_a_case_that_is_about_them(closed, lead, concerned):
    closed.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=FRIDAY, by=lead)
    with pytest.raises(PermissionDenied):
        closed.reopen(reason="To mend it.", on=FRIDAY, by=concerned)
    closed.refresh_from_db()
    assert closed.stage == Stage.CLOSED


def test_a_closed_case_whose_letter_came_back_can_be_reopened(draft, handler):
    draft.case.customer.email = ""
    draft.case.customer.save()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    delivery = draft.deliveries.get(by_post=True)
    dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    case = Case.objects.get(pk=draft.case_id)
    case.move_on(on=FRIDAY, by=handler)
    delivery.refresh_from_db()
    dispatch.mark_returned(delivery, reason="moved away", on=NEXT_MONDAY, by=handler)
    case.refresh_from_db()
    case.reopen(reason="She never had our letter.", on=NEXT_MONDAY, by=handler)
    assert case.stage == Stage.INVESTIGATE


def test_a_letter_of_the_first_round_answers_nothing_after_the_reopening(issued, handler, lead):
    delivery = issued.deliveries.first()
    now = clock.now()
    issued.deliveries.filter(pk=delivery.pk).update(handoff_at=now, lease_until=now)
    case = issued.case
    case.move_on(on=FRIDAY, by=lead, overriding="She has it on paper.")
    case.reopen(reason="Dented too.", on=NEXT_MONDAY, by=lead)
    dispatch.settle_arrived(delivery, by=handler, at=now)
    case.refresh_from_db()
    assert case.answered_on is None


# --- at the desk ------------------------------------------------------------------------------------------------------


def test_the_desk_reopens_it_with_a_reason(client, closed, handler):
    client.force_login(handler)
    page = reverse("admin:cases_case_change", args=[closed.pk])
    way = reverse("admin:cases_case_verb", args=[closed.pk, "reopen"])
    assert way in client.get(page).content.decode()
    assert client.post(way, {"stage": "closed", "reason": ""}).context["form"].errors["reason"]
    assert client.post(way, {"stage": "closed", "reason": "Dented too."}).status_code == 302
    closed.refresh_from_db()
    assert closed.stage == Stage.INVESTIGATE
    assert way not in client.get(page).content.decode()
    assert not Digest.objects.exists()
