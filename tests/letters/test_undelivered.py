"""Somebody is asked to settle each letter that did not arrive, until it is settled; a closed case is no excuse."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.models import Digest, FollowUp, Kind
from cases.stages import Stage
from casetracker import clock
from casetracker.celery import app
from letters import dispatch, tasks, undelivered
from letters.models import Delivery
from tests.conftest import FRIDAY, NEXT_MONDAY, TUESDAY
from tests.letters.smtp_server import ScriptedServer, cut

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOON):
        yield


def sent(settings, **script):
    """All that waits is tried against a server that answers so; then the clockwork looks."""
    with ScriptedServer(**script) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    return undelivered.look_after(at=clock.now())


def asked(case):
    return case.followups.filter(kind=Kind.DELIVERY)


@pytest.fixture
def refused(issued, settings):
    """Eleanor's own letter, which her server did not take; the copies arrived."""
    sent(settings, RCPT=["550 5.1.1 no such user", "250 ok"])
    return issued.deliveries.first()


@pytest.fixture
def posted(draft, handler):
    """Eleanor's letter, which went by post."""
    draft.case.customer.email = ""
    draft.case.customer.save()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    delivery = draft.deliveries.get(by_post=True)
    dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    return delivery


def test_whoever_looks_after_the_case_is_asked_about_a_refused_letter_the_next_working_day(refused):
    followup = refused.followup
    assert followup == asked(refused.letter.case).get()
    assert (followup.due_on, followup.owner) == (WEDNESDAY, None)
    assert followup.why == "Resolution letter 2026/1 to Eleanor Whitcombe was refused: 550 5.1.1 no such user"
    event = refused.letter.case.events.get(kind="followup planned")
    assert event.text == f"Letter that did not arrive (due 11 November 2026). {followup.why}."


def test_nobody_is_asked_about_what_arrived(issued, settings):
    assert sent(settings) == 0
    assert not FollowUp.objects.filter(kind=Kind.DELIVERY).exists()


def test_a_copy_that_was_refused_is_asked_about_too(issued, settings):
    sent(settings, RCPT=["250 ok", "550 5.1.1 no such user", "250 ok"])
    assert asked(issued.case).get().why.startswith("Copy of Resolution letter 2026/1 to Kofi Mensah was refused: 550")


def test_a_letter_whose_answer_was_lost_is_asked_about(issued, settings):
    sent(settings, DOT=[cut, "250 ok"])
    assert asked(issued.case).get().why.endswith("may have arrived or not: the server's answer was lost")


def test_a_letter_whose_worker_died_after_the_handoff_is_found_once_its_lease_is_over(issued):
    now = clock.now()
    lease = {"claim_token": "0" * 32, "handoff_at": now, "lease_until": now + timedelta(minutes=11)}
    issued.deliveries.filter(copy=None).update(**lease)
    assert undelivered.look_after(at=now) == 0
    assert undelivered.look_after(at=now + timedelta(minutes=12)) == 1


def test_a_letter_that_the_post_brought_back_is_asked_about(posted, handler):
    dispatch.mark_returned(posted, reason="moved away", on=NEXT_MONDAY, by=handler)
    undelivered.look_after(at=clock.now())
    assert asked(posted.letter.case).get().why.endswith("came back from the post: moved away")


def test_they_are_asked_once_however_often_the_clockwork_looks(refused):
    for _sweep in range(3):
        assert undelivered.look_after(at=clock.now()) == 0
    assert asked(refused.letter.case).count() == 1


def test_a_refused_digest_is_nobodys_follow_up(lead, settings):
    Digest.objects.create(to_name="Amara Nwosu", to_email="amara@example.com", urgent=True)
    sent(settings, RCPT="550 5.1.1 no such user")
    assert Delivery.objects.get().refused_at
    assert not FollowUp.objects.exists()


def test_one_that_cannot_be_asked_about_does_not_keep_back_the_others(issued, settings, monkeypatch):
    with ScriptedServer(RCPT="550 5.1.1 no such user") as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    first = issued.deliveries.first()
    really = undelivered._what_became_of

    def of(delivery):
        if delivery == first:
            raise undelivered.NoCalendar("no holidays are known")
        return really(delivery)

    monkeypatch.setattr(undelivered, "_what_became_of", of)
    assert undelivered.look_after(at=clock.now()) == 2
    monkeypatch.undo()
    assert undelivered.look_after(at=clock.now()) == 1


# --- settled ----------------------------------------------------------------------------------------------------------


def test_sent_again_it_is_done(refused, handler):
    dispatch.send_again(refused, reason="Mistyped", to_email="eleanor.w@example.org", at=clock.now(), by=handler)
    refused.followup.refresh_from_db()
    assert refused.followup.done_on == TUESDAY
    assert undelivered.look_after(at=clock.now()) == 0


def test_posted_again_it_is_done(refused, handler):
    dispatch.post_again(refused, reason="No e-mail address any more", by=handler)
    refused.followup.refresh_from_db()
    assert refused.followup.done_on == TUESDAY


def test_found_to_have_arrived_it_is_done(issued, settings, handler):
    sent(settings, DOT=[cut, "250 ok"])
    dispatch.settle_arrived(issued.deliveries.first(), by=handler, at=clock.now())
    assert asked(issued.case).get().done_on == TUESDAY


def test_left_as_it_is_it_is_done(posted, handler):
    dispatch.mark_returned(posted, reason="moved away", on=TUESDAY, by=handler)
    undelivered.look_after(at=clock.now())
    dispatch.leave_returned(posted, reason="She called.", at=clock.now(), by=handler)
    assert asked(posted.letter.case).get().done_on == TUESDAY


def test_settled_before_the_clockwork_looked_nobody_is_asked(posted, handler):
    dispatch.mark_returned(posted, reason="moved away", on=TUESDAY, by=handler)
    dispatch.leave_returned(posted, reason="She called.", at=clock.now(), by=handler)
    assert undelivered.look_after(at=clock.now()) == 0


def test_each_envelope_that_fails_is_asked_about_anew(refused, handler, settings):
    again = dispatch.send_again(refused, reason="Once more", at=clock.now(), by=handler)
    sent(settings, RCPT="550 5.1.1 no such user")
    assert Delivery.objects.get(pk=again.pk).followup == asked(refused.letter.case).outstanding().get()


# --- closed cases -----------------------------------------------------------------------------------------------------


def test_on_a_closed_case_it_is_asked_all_the_same(posted, handler):
    case = posted.letter.case
    case.refresh_from_db()
    case.move_on(on=FRIDAY, by=handler)
    dispatch.mark_returned(posted, reason="moved away", on=NEXT_MONDAY, by=handler)
    assert undelivered.look_after(at=clock.now()) == 1
    assert asked(case).outstanding().exists()


def test_closing_the_case_does_not_cancel_it(refused, handler, lead):
    case = refused.letter.case
    case.move_on(on=FRIDAY, by=lead, overriding="She has it on paper.")
    assert case.stage == Stage.CLOSED
    assert asked(case).outstanding().exists()


def test_the_clockwork_looks_by_itself(issued, settings):
    with ScriptedServer(RCPT=["550 5.1.1 no such user", "250 ok"]) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    assert "letters.tasks.sweep_undelivered" in app.conf.beat_schedule
    assert tasks.sweep_undelivered() == 1
    assert asked(issued.case).outstanding().exists()


# --- at the desk ------------------------------------------------------------------------------------------------------


def test_the_case_says_who_has_to_settle_it_and_leads_there(client, refused, handler):
    client.force_login(handler)
    page = client.get(reverse("admin:cases_case_change", args=[refused.letter.case_id])).content.decode()
    card = page[page.index('id="due"') : page.index("</section>", page.index('id="due"'))]
    assert refused.followup.why in card
    assert "<bdi>Inês Carvalho</bdi>" in card
    assert f"{reverse('admin:letters_delivery_changelist')}?q={refused.letter.case.reference}&amp;list=refused" in card
