"""Warnings that a lead lets stand, and letters that a second person approves."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.models import Kind as FollowUpKind
from cases.models import Refused, Role
from casetracker import clock
from letters import decisions, dispatch, enclosing, review, writing
from letters.models import Kind, Letter
from tests.conftest import TUESDAY, staff
from tests.letters.pdfs import pdf

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def hasty(draft, handler):
    """The resolution letter with a phrase that nobody should write."""
    return say(draft, f"{draft.body}\n\nWe apologise for any inconvenience this may have caused.", by=handler)


@pytest.fixture
def boundary(ready, handler):
    """A letter about the limit of conduct, finished: a kind that a second person approves."""
    ready.promise_contact(until=TUESDAY, on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.BOUNDARY, on=TUESDAY, by=handler)
    body = draft.body
    for hole, words in (
        ("[[day]]", "10 November 2026"),
        ("[[said or wrote what, neutrally, without quoting insults]]", "used insulting words on the phone"),
        ("[[name of the lead]]", "Amara Nwosu"),
    ):
        body = body.replace(hole, words)
    return say(draft, body, by=handler)


def say(draft, body, *, by):
    words = {name: getattr(draft, name) for name in ("subject", "salutation", "close")}
    writing.edit(draft, **words, body=body, by=by)
    return draft


def warning(letter):
    (found,) = [one for one in review.findings(letter, on=TUESDAY) if not one.blocking]
    return found


def door(letter, name, *more):
    return reverse(f"admin:letters_letter_{name}", args=[letter.pk, *more])


def seen(letter):
    letter.refresh_from_db()
    return {"seen": letter.edited_at.isoformat()}


# --- warnings ---------------------------------------------------------------------------------------------------------


def test_a_warning_keeps_a_letter_back_until_a_lead_lets_it_stand(hasty, handler, lead):
    with pytest.raises(dispatch.NotIssued):
        dispatch.issue(hasty, on=TUESDAY, by=handler)
    decisions.override(hasty, warning(hasty).key, reason="Her own words.", at=NOON, by=lead)
    dispatch.issue(hasty, on=TUESDAY, by=handler)
    kept = hasty.overrides.get()
    assert (kept.by_name, kept.reason) == ("Amara Nwosu", "Her own words.")
    event = hasty.case.events.get(kind="warning overridden")
    assert "inconvenience" in event.text
    assert event.reason == "Her own words."


def test_a_handler_lets_no_warning_stand(hasty, handler):
    with pytest.raises(PermissionDenied):
        decisions.override(hasty, warning(hasty).key, reason="I like it.", at=NOON, by=handler)


def test_no_warning_is_let_stand_once_the_letter_is_issued(hasty, handler, lead):
    key = warning(hasty).key
    decisions.override(hasty, key, reason="Her own words.", at=NOON, by=lead)
    dispatch.issue(hasty, on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="no draft any more"):
        decisions.override(hasty, key, reason="Afterwards.", at=NOON, by=lead)


def test_nobody_lets_a_hole_stand(draft, handler, lead):
    say(draft, f"{draft.body}\n\nOn [[day]].", by=handler)
    hole = next(one for one in review.findings(draft, on=TUESDAY) if one.rule == "unfilled-placeholder")
    with pytest.raises(Refused, match="a hole, and nobody"):
        decisions.override(draft, hole.key, reason="Never mind.", at=NOON, by=lead)


def test_an_override_does_not_cover_other_words(hasty, handler, lead):
    decisions.override(hasty, warning(hasty).key, reason="Her own words.", at=NOON, by=lead)
    say(hasty, f"{hasty.body}\n\nPlease calm down.", by=handler)
    assert [one.said for one in review.blocking(hasty, on=TUESDAY)] == [
        one.said for one in review.findings(hasty, on=TUESDAY) if "calm" in one.said.lower()
    ]
    key = next(one.key for one in review.findings(hasty, on=TUESDAY) if "inconvenience" in one.said)
    with pytest.raises(Refused, match="already"):
        decisions.override(hasty, key, reason="Again.", at=NOON, by=lead)


def test_a_lead_lets_a_warning_stand_at_the_desk(client, hasty, lead):
    client.force_login(lead)
    way = door(hasty, "override", warning(hasty).key)
    assert way in client.get(door(hasty, "change")).content.decode()
    assert client.post(way, {"words": ""}).context["form"].errors["words"]
    assert client.post(way, {"words": "Her own words."}).status_code == 302
    page = client.get(door(hasty, "change")).content.decode()
    assert "Amara Nwosu let stand" in page
    assert "Nothing keeps it from being issued" in page


# --- a second person --------------------------------------------------------------------------------------------------


def test_a_letter_that_needs_a_second_person_is_issued_after_approval(boundary, handler, lead):
    with pytest.raises(dispatch.NotIssued, match="approved by a second person"):
        dispatch.issue(boundary, on=TUESDAY, by=handler)
    decisions.put_forward(boundary, at=NOON, by=handler)
    with pytest.raises(dispatch.NotIssued, match="waits for approval; Inês Carvalho"):
        dispatch.issue(boundary, on=TUESDAY, by=handler)
    decisions.approve(boundary, at=NOON, by=lead)
    dispatch.issue(boundary, on=TUESDAY, by=handler)
    assert boundary.approved_by_name == "Amara Nwosu"
    assert [event.kind for event in boundary.case.events.all()][-3:] == ["approval asked", "approved", "letter issued"]


def test_nobody_approves_what_they_put_forward_themselves(boundary, lead):
    decisions.put_forward(boundary, at=NOON, by=lead)
    with pytest.raises(PermissionDenied):
        decisions.approve(boundary, at=NOON, by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=boundary.pk).update(approved_at=NOON, approved_by=lead, approved_by_name="Amara")


def test_one_of_the_two_is_a_lead(boundary, handler, lead):
    other = staff("olu", "Olu", "Ade", Role.HANDLER)
    decisions.put_forward(boundary, at=NOON, by=handler)
    assert not decisions.may_decide(boundary, other)
    assert decisions.may_decide(boundary, lead)
    decisions.send_back(boundary, comment="Softer, please.", at=NOON, by=lead)
    decisions.put_forward(boundary, at=NOON, by=lead)
    assert decisions.may_decide(boundary, other)


def test_a_letter_that_was_edited_after_its_approval_needs_it_again(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    decisions.approve(boundary, at=NOON, by=lead)
    say(boundary, boundary.body + " Thank you.", by=handler)
    with pytest.raises(dispatch.NotIssued, match="put it forward"):
        dispatch.issue(boundary, on=TUESDAY, by=handler)


def test_what_is_approved_is_what_was_seen(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    as_seen = Letter.objects.get(pk=boundary.pk)
    with time_machine.travel(NOON):
        say(boundary, boundary.body + " Thank you.", by=handler)
        decisions.put_forward(boundary, at=clock.now(), by=handler)
    with pytest.raises(Refused, match="a moment ago"):
        decisions.approve(as_seen, at=NOON, by=lead)


def test_a_letter_with_a_hole_is_not_put_forward(ready, handler):
    draft = writing.draft(ready, Kind.BOUNDARY, on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="Finish it first"):
        decisions.put_forward(draft, at=NOON, by=handler)


def test_a_letter_of_another_kind_needs_nobody_else(draft):
    assert decisions.missing(draft) == []
    with pytest.raises(Refused, match="needs no approval"):
        decisions.put_forward(draft, at=NOON, by=draft.signatory)


def test_a_letter_goes_to_and_fro_at_the_desk(client, boundary, handler, lead):
    client.force_login(handler)
    assert "Put forward for approval" in client.get(door(boundary, "change")).content.decode()
    client.post(door(boundary, "put_forward"), seen(boundary))
    assert client.post(door(boundary, "approve"), seen(boundary)).status_code == 403
    client.force_login(lead)
    listed = client.get(reverse("admin:letters_letter_changelist"), {"list": "to_approve"})
    assert listed.context["cl"].result_count == 1
    assert client.post(door(boundary, "send_back"), {"words": "Name the day."}).status_code == 302
    client.force_login(handler)
    assert "Name the day." in client.get(door(boundary, "change")).content.decode()
    client.post(door(boundary, "put_forward"), seen(boundary))
    client.force_login(lead)
    client.post(door(boundary, "approve"), {"seen": "before somebody changed it"})
    boundary.refresh_from_db()
    assert not boundary.approved_at
    client.post(door(boundary, "approve"), seen(boundary))
    boundary.refresh_from_db()
    assert boundary.approved_by == lead
    assert "Approved by Amara Nwosu" in client.get(door(boundary, "change")).content.decode()


# --- it waits for somebody --------------------------------------------------------------------------------------------


def waiting(letter):
    return letter.case.followups.filter(kind=FollowUpKind.APPROVAL)


def test_a_letter_put_forward_is_followed_up_by_the_next_working_day(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    followup = waiting(boundary).get()
    assert followup == Letter.objects.get(pk=boundary.pk).followup
    assert (f"{followup.due_on}", followup.owner, followup.why) == (
        "2026-11-11",
        None,
        "Limit of conduct, put forward by Inês Carvalho",
    )
    event = boundary.case.events.get(kind="approval asked")
    assert event.text.endswith("put forward for approval, to be decided by a lead by 11 November 2026.")


def test_whoever_is_named_has_to_decide(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler, to=lead)
    assert waiting(boundary).get().owner == lead
    assert "decided by Amara Nwosu by" in boundary.case.events.get(kind="approval asked").text


def test_nobody_is_named_who_may_not_decide(boundary, handler, lead, reader, concerned):
    boundary.case.involve(user=concerned, part="concerned", why="Hung up", on=TUESDAY, by=lead)
    for by, to in (
        (handler, handler),
        (handler, reader),
        (lead, concerned),
        (handler, staff("olu", "Olu", "A", "handler")),
    ):
        with pytest.raises(Refused, match="may not approve this letter"):
            decisions.put_forward(boundary, at=NOON, by=by, to=to)
    assert not waiting(boundary).exists()
    decisions.put_forward(boundary, at=NOON, by=lead, to=handler)


@pytest.mark.parametrize("decide", ["approve", "send_back"])
def test_it_is_done_once_somebody_decided(boundary, handler, lead, decide):
    decisions.put_forward(boundary, at=NOON, by=handler)
    comment = {"comment": "Softer, please."} if decide == "send_back" else {}
    getattr(decisions, decide)(boundary, at=NOON, by=lead, **comment)
    assert waiting(boundary).get().done_on == TUESDAY


def test_an_edit_calls_it_off_and_the_next_round_is_another(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    say(boundary, boundary.body + " Thank you.", by=handler)
    first = waiting(boundary).get()
    assert (first.cancelled_on, first.cancelled_reason) == (TUESDAY, "The draft was edited.")
    decisions.put_forward(boundary, at=NOON, by=handler)
    assert waiting(boundary).outstanding().get() == Letter.objects.get(pk=boundary.pk).followup != first


def test_what_is_enclosed_calls_it_off_too(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    enclosing.enclose(boundary, "Terms", pdf(), on=TUESDAY, by=handler)
    assert waiting(boundary).get().cancelled_reason == "The draft was edited."


def test_an_edit_after_the_approval_leaves_it_done(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    decisions.approve(boundary, at=NOON, by=lead)
    say(boundary, boundary.body + " Thank you.", by=handler)
    assert waiting(boundary).get().done_on == TUESDAY


def test_a_discarded_draft_waits_for_nobody(boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    writing.discard(boundary, on=TUESDAY, by=handler)
    assert waiting(boundary).get().cancelled_reason == "The draft was discarded."


def test_two_who_put_it_forward_at_once_ask_once(boundary, handler, lead):
    twin = Letter.objects.get(pk=boundary.pk)
    decisions.put_forward(boundary, at=NOON, by=handler)
    with pytest.raises(Refused, match="a moment ago"):
        decisions.put_forward(twin, at=NOON, by=handler)
    assert waiting(boundary).count() == 1


def test_the_desk_offers_whom_to_ask(client, boundary, handler, lead):
    client.force_login(handler)
    page = client.get(door(boundary, "change")).content.decode()
    assert f'<option value="{lead.pk}">Amara Nwosu</option>' in page
    assert f'<option value="{handler.pk}">' not in page
    client.post(door(boundary, "put_forward"), seen(boundary) | {"to": f"{handler.pk}"})
    assert not waiting(boundary).exists()
    client.post(door(boundary, "put_forward"), seen(boundary) | {"to": f"{lead.pk}"})
    assert waiting(boundary).get().owner == lead


def test_the_case_says_who_has_to_decide_and_leads_to_the_letter(client, boundary, handler, lead):
    decisions.put_forward(boundary, at=NOON, by=handler)
    client.force_login(lead)
    page = client.get(reverse("admin:cases_case_change", args=[boundary.case_id])).content.decode()
    card = page[page.index('id="due"') : page.index("</section>", page.index('id="due"'))]
    assert "<bdi>The leads</bdi>" in card
    assert door(boundary, "change") in card
