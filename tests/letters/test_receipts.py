"""A copy in the archive mailbox proves that a letter left; nothing else settles an unknown one but a person."""

import mailbox
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cases.models import Kind as FollowUpKind
from cases.models import Refused
from casetracker import clock
from letters import dispatch, post, receipts, undelivered, writing
from letters.models import Delivery, Kind
from tests.conftest import MONDAY, TUESDAY
from tests.letters.smtp_server import ScriptedServer, cut

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
ARCHIVE = "archive@example.com"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def archive(settings, tmp_path):
    """The archive mailbox, empty, and where we look for it."""
    box = mailbox.Maildir(tmp_path / "archive")
    settings.MAIL_ARCHIVE = ARCHIVE
    settings.MAIL_ARCHIVE_URL = f"maildir:{tmp_path / 'archive'}"
    return box


def sent(settings, **script):
    """What a server that answers so had of all that waits, its copies for the archive not there yet."""
    with ScriptedServer(**script) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    return server.kept


@pytest.fixture
def lost(issued, archive, settings):
    """The answer to Eleanor's letter was lost; the copies arrived. Answers the mail as the server had it."""
    return sent(settings, DOT=[cut, "250 ok"])[0]


def eleanors(letter):
    return letter.deliveries.get(copy=None, resend_of=None)


def look(at=None):
    return receipts.look_through(at=at or clock.now()).done


# --- found ------------------------------------------------------------------------------------------------------------


def test_an_unknown_letter_whose_copy_is_found_was_sent_when_it_was_handed_off(issued, archive, lost, on_tuesday):
    assert lost.recipients == ["eleanor@example.org", ARCHIVE]
    assert look() == 0
    archive.add(lost.raw)
    on_tuesday.move_to(NOON + timedelta(days=2))
    assert look() == 1
    it = eleanors(issued)
    assert (it.sent_at, it.archived_at) == (it.handoff_at, NOON + timedelta(days=2))
    assert it.settled_by_name == "the archive mailbox"
    assert it.outcome(at=clock.now()) == "sent: its copy was found in the archive mailbox"
    assert not Delivery.objects.unknown(at=clock.now()).exists()


def test_the_case_is_answered_on_the_day_of_the_letter_and_its_history_says_how_we_know(
    issued, archive, lost, on_tuesday
):
    archive.add(lost.raw)
    on_tuesday.move_to(NOON + timedelta(days=2))
    look()
    issued.case.refresh_from_db()
    assert issued.case.answered_on == TUESDAY
    assert issued.case.missing() == []
    told = [event.text for event in issued.case.events.filter(kind="delivery")]
    assert told[-1] == (
        "Resolution letter for Eleanor Whitcombe: Delivered by e-mail to eleanor@example.org; its copy was found in "
        "the archive mailbox."
    )


def test_nobody_is_asked_any_more_about_what_was_found(issued, archive, lost):
    undelivered.look_after(at=clock.now())
    asked = issued.case.followups.outstanding().filter(kind=FollowUpKind.DELIVERY)
    assert asked.count() == 1
    archive.add(lost.raw)
    look()
    assert asked.count() == 0


def test_an_acknowledgement_that_is_found_acknowledges_the_case(case, handler, letterhead, archive, settings):
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    dispatch.issue(writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler), on=MONDAY, by=handler)
    [kept] = sent(settings, DOT=cut)
    archive.add(kept.raw)
    look()
    case.refresh_from_db()
    assert case.acknowledged_on == TUESDAY


def test_it_is_settled_once(issued, archive, lost, handler):
    archive.add(lost.raw)
    assert [look(), look()] == [1, 0]
    with pytest.raises(Refused):
        dispatch.settle_arrived(eleanors(issued), at=clock.now(), by=handler)
    with pytest.raises(Refused):
        dispatch.send_again(eleanors(issued), reason="To be sure", at=clock.now() + HALF_AN_HOUR, by=handler)
    assert issued.case.events.filter(kind="delivery", text__contains="archive mailbox").count() == 1


def test_what_was_found_before_the_mailbox_broke_off_is_settled(issued, archive, settings, monkeypatch):
    both = sent(settings, DOT=[cut, cut, "250 ok"])[:2]
    [archive.add(one.raw) for one in both]
    really_found = post.found

    def broken_off(url, sought):
        yield next(really_found(url, sought))
        raise post.Unreadable("The archive mailbox cannot be read: it went away.")

    monkeypatch.setattr(post, "found", broken_off)
    swept = receipts.look_through(at=clock.now())
    assert (swept.done, swept.trouble) == (1, "The archive mailbox cannot be read: it went away.")
    assert Delivery.objects.unknown(at=clock.now()).count() == 1


# --- not found, or not proof ------------------------------------------------------------------------------------------


def test_a_copy_that_does_not_come_changes_nothing_ever(issued, archive, lost):
    before = Delivery.objects.filter(pk=eleanors(issued).pk).values().get()
    for days in (0, 1, 30, 365):
        assert look(at=clock.now() + timedelta(days=days)) == 0
    assert Delivery.objects.filter(pk=eleanors(issued).pk).values().get() == before


def test_a_strangers_mail_with_our_message_id_proves_nothing(issued, archive, lost):
    seal = eleanors(issued).seal
    archive.add(lost.raw.replace(seal.encode(), b"00" * 24))
    assert look() == 0


def test_the_seal_is_made_with_the_houses_key(issued, settings):
    before = eleanors(issued).seal
    settings.SECRET_KEY = "another house's key"
    assert eleanors(issued).seal != before


def test_every_letter_has_a_seal_of_its_own(issued, settings):
    kept = sent(settings)
    seals = {line for one in kept for line in one.raw.splitlines() if line.startswith(post.SEAL.encode())}
    assert len(seals) == len(kept) == 3


def test_a_letter_on_its_way_is_left_alone(issued, archive, lost):
    Delivery.objects.filter(copy=None).update(lease_until=clock.now() + timedelta(minutes=1))
    archive.add(lost.raw)
    assert look() == 0


def test_nobody_looks_without_an_address_or_a_letter(issued, archive, settings):
    settings.MAIL_ARCHIVE_URL = "maildir:/nowhere/at/all"
    assert look() == 0  # nothing is unknown
    settings.MAIL_ARCHIVE_URL = ""
    sent(settings, DOT=[cut, "250 ok"])
    assert look() == 0


def test_the_archive_that_refused_its_copy_is_known_before_the_dot(issued, archive, settings):
    sent(settings, RCPT=["250 ok", "550 full", "250 ok"], DOT=[cut, "250 ok"])
    it = eleanors(issued)
    assert it.copied_to_archive is False
    assert it.archive_says == "The archive mailbox refused its copy, so its silence says nothing."
    assert list(issued.deliveries.exclude(copy=None).values_list("copied_to_archive", flat=True)) == [True, True]


# --- what a person may decide, and when -------------------------------------------------------------------------------


def test_an_unknown_letter_is_sent_again_after_half_an_hour_at_the_earliest(issued, lost, handler, on_tuesday):
    it = eleanors(issued)
    with pytest.raises(Refused, match=r"again from 12:30\. Until then a process that only stood still may finish"):
        dispatch.send_again(it, reason="It is urgent", at=clock.now() + HALF_AN_HOUR - timedelta(seconds=1), by=handler)
    again = dispatch.send_again(it, reason="It is urgent", at=it.handoff_at + HALF_AN_HOUR, by=handler)
    assert again.resend_of == it


def test_that_it_arrived_is_taken_at_once(issued, lost, handler):
    dispatch.settle_arrived(eleanors(issued), at=clock.now(), by=handler)
    assert eleanors(issued).sent_at


@pytest.mark.parametrize("answer", ["421 4.4.2 timeout", "250 2.0.0 kept", "554 5.7.1 no"])
def test_a_worker_that_stood_still_for_an_hour_changes_nothing_that_was_decided_meanwhile(
    issued, archive, settings, handler, monkeypatch, answer
):
    """It was frozen after the mark. When it goes on, somebody has decided to send the letter again."""
    really_send, pk = post.send, eleanors(issued).pk

    def frozen_after_the_mark(message, *, to, handoff):
        def mark(archived):
            ours = handoff(archived)
            Delivery.objects.filter(pk=pk).update(lease_until=NOON)
            dispatch.send_again(eleanors(issued), reason="Lost", at=NOON + timedelta(hours=1), by=handler)
            return ours

        return really_send(message, to=to, handoff=mark)

    monkeypatch.setattr(post, "send", frozen_after_the_mark)
    with ScriptedServer(DOT=answer) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver(pk, at=clock.now())
    first, again = issued.deliveries.filter(copy=None).order_by("pk")
    assert (first.sent_at, first.refused_at, first.smtp_code) == (None, None, None)
    assert first.handoff_at  # so nothing sends it by itself
    assert first.settled_by_name == "Inês Carvalho"
    assert again.attempts == 0
