"""Temporary answers: what stands against one e-mail, against our pace, and against every e-mail."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cases import heartbeat
from cases.models import Kind as FollowUpKind
from cases.models import Sweep
from casetracker import clock
from letters import dispatch, mails, patience, post, tasks, undelivered
from letters.models import Delivery
from tests.letters.posted import send
from tests.letters.smtp_server import ScriptedServer, cut, silence

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BUSY = "421 4.3.2 too many of you"
LATER = "450 4.2.0 greylisted"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """Every pause is as short as it may be."""
    monkeypatch.setattr(patience.chance, "random", lambda: 0.0)


@pytest.fixture
def one(issued):
    """Eleanor's e-mail, and no other waits."""
    issued.deliveries.exclude(copy=None).update(due_at=NOON + timedelta(days=30))
    return issued.deliveries.get(copy=None)


def tried(settings, **script):
    """What a sweep said of itself, with a server that answers so; and how often the server was called."""
    with ScriptedServer(**script) as server:
        settings.MAIL_URL = server.url
        swept = dispatch.deliver_due(at=clock.now())
    return swept, server.clients


def again(noon, one, settings, **script):
    """The e-mail's hour has come and it is tried; answers the pause that follows."""
    one.refresh_from_db()
    noon.move_to(one.due_at)
    tried(settings, **script)
    one.refresh_from_db()
    return one.due_at - clock.now()


# --- what an answer speaks of -----------------------------------------------------------------------------------------

OF_THIS_LETTER = (
    ("RCPT", LATER),
    ("RCPT", "451 4.3.0 lookup failed"),
    ("MAIL", "452 4.3.1 full"),
    ("DATA", "451 4.3.0 not now"),
    ("DOT", "451 4.3.0 not now"),
)
OF_OUR_PACE = (
    ("RCPT", BUSY),
    ("RCPT", "432 4.3.2 concurrent"),
    ("MAIL", "451 4.7.0 slower"),
    ("DOT", "421 4.7.0 slower"),
)
OF_ALL = (
    ("GREETING", "421 4.3.2 shutting down"),
    ("GREETING", "554 5.7.1 your address is on a list"),
    ("GREETING", cut),
    ("EHLO", "421 4.7.0 no"),
    ("MAIL", "530 5.7.0 sign in first"),
)
KINDS = {post.Deferred: OF_THIS_LETTER, post.Busy: OF_OUR_PACE, post.Away: OF_ALL}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("kind", "step", "answer"),
    [(kind, *one) for kind, answers in KINDS.items() for one in answers],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_an_answer_speaks_of_the_letter_of_our_pace_or_of_all_letters(server, kind, step, answer):
    server(**{step: answer})
    with pytest.raises(post.Deferred) as raised:
        send()
    assert type(raised.value) is kind


@pytest.mark.usefixtures("house")
def test_a_server_that_is_not_there_or_does_not_let_us_in_speaks_of_all_letters(server, settings):
    at = server(EHLO="250-mail.example\r\n250 AUTH PLAIN", AUTH="535 5.7.8 no").url
    settings.MAIL_URL = at.replace("//", "//user:hunter2@")
    with pytest.raises(post.Away):
        send()
    settings.MAIL_URL = at.replace("smtp:", "smtp+tls:")
    with pytest.raises(post.Away):
        send()
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    with pytest.raises(post.Away):
        send()


# --- how long it waits ------------------------------------------------------------------------------------------------


def test_pauses_grow_with_the_attempts_and_the_last_one_repeats():
    minutes = [patience.after_attempt(number) / MINUTE for number in range(1, 10)]
    assert minutes == [1, 5, 15, 30, 60, 120, 240, 240, 240]


def test_chance_stretches_a_pause_by_up_to_a_quarter(monkeypatch):
    monkeypatch.setattr(patience, "chance", random.Random(7))
    pauses = [patience.after_attempt(7) / HOUR for _ in range(200)]
    assert 4 <= min(pauses) < 4.1
    assert 4.9 < max(pauses) <= 5
    monkeypatch.setattr(patience, "chance", random.Random(7))
    assert [patience.after_attempt(7) / HOUR for _ in range(200)] == pauses


def test_an_answer_about_our_pace_lets_it_wait_a_quarter_of_what_it_has_waited():
    waits = {0: 1, 4: 1, 40: 10, 120: 30, 1000: 30}
    assert {m: patience.when_busy(m * MINUTE) / MINUTE for m in waits} == waits


def test_an_attempt_that_the_server_put_off_counts_and_the_next_pause_is_longer(noon, one, settings):
    assert [again(noon, one, settings, RCPT=LATER) / MINUTE for _ in range(4)] == [1, 5, 15, 30]
    assert (one.attempts, one.deferred_at) == (4, NOON)
    assert one.outcome(at=clock.now()) == "waits to be sent again (4.2.0 greylisted)"


def test_an_answer_about_our_pace_is_no_attempt_of_the_e_mails(noon, one, settings):
    again(noon, one, settings, RCPT=LATER)
    for _ in range(5):
        again(noon, one, settings, RCPT=BUSY)
    assert (one.attempts, one.smtp_code, one.handoff_at) == (1, 421, None)
    again(noon, one, settings)
    assert one.sent_at


# --- given up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [LATER, BUSY])
def test_after_three_days_of_temporary_answers_it_is_refused_and_somebody_is_asked(noon, one, settings, answer):
    while one.refused_at is None:
        again(noon, one, settings, RCPT=answer)
        assert clock.now() - NOON < timedelta(hours=77)
    assert clock.now() - NOON >= timedelta(hours=72)
    last = one.letter.case.events.filter(kind="delivery").last()
    assert "Refused by the mail server: given up after three days of temporary answers, the last: 4." in last.text
    undelivered.look_after(at=clock.now())
    assert one.letter.case.followups.filter(kind=FollowUpKind.DELIVERY).count() == 1


def test_days_on_which_nobody_tried_do_not_count(noon, one, settings):
    again(noon, one, settings, RCPT=LATER)
    noon.move_to(NOON + timedelta(days=4))
    tried(settings, RCPT=LATER)
    one.refresh_from_db()
    assert (one.refused_at, one.deferred_at) == (None, NOON + timedelta(days=4))


def test_a_server_that_is_away_for_a_week_costs_no_letter(noon, one, settings):
    again(noon, one, settings, RCPT=LATER)
    for _ in range(7):
        again(noon, one, settings, GREETING=BUSY)
        noon.move_to(clock.now() + timedelta(days=1))
        Delivery.objects.filter(pk=one.pk).update(due_at=clock.now())
    again(noon, one, settings, RCPT=LATER)
    assert (one.refused_at, one.attempts) == (None, 2)
    again(noon, one, settings)
    assert one.sent_at


# --- a server that is away --------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(post.server, "DEADLINES", post.Deadlines(connect=5, envelope=0.4, body=5, verdict=5))
    really_send = post.send
    monkeypatch.setattr(post, "send", lambda *a, **k: really_send(*a, **k, deadlines=post.server.DEADLINES))


@pytest.mark.usefixtures("impatient")
def test_one_e_mail_finds_out_for_all_that_the_server_is_away(noon, issued, settings):
    swept, calls = tried(settings, GREETING=silence)
    assert calls == 1
    assert swept == heartbeat.Swept(
        done=1,
        trouble="No line to the mail server on 10 November, 12:00: The mail server did not answer in time. "
        "3 e-mails wait.",
    )
    assert {*issued.deliveries.values_list("attempts", "due_at")} == {(0, NOON + MINUTE)}
    assert tried(settings)[1] == 0  # a minute later at the earliest
    noon.move_to(NOON + MINUTE)
    assert tried(settings) == (heartbeat.Swept(done=3), 3)


def test_what_staff_know_of_the_mail_server_stands_until_it_is_tried_again(noon, issued, settings):
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    tasks.sweep_deliveries()
    tasks.sweep_deliveries()
    assert "Connection refused 3 e-mails wait." in Sweep.objects.get().error
    noon.move_to(NOON + MINUTE)
    with ScriptedServer() as server:
        settings.MAIL_URL = server.url
        tasks.sweep_deliveries()
    assert Sweep.objects.get().error == ""


def test_a_refused_password_costs_no_letter_an_attempt(noon, issued, settings):
    with ScriptedServer(EHLO="250-mail.example\r\n250 AUTH PLAIN", AUTH="535 5.7.8 no") as server:
        settings.MAIL_URL = server.url.replace("//", "//user:hunter2@")
        swept = dispatch.deliver_due(at=clock.now())
    assert "535 5.7.8 no" in swept.trouble
    assert {*issued.deliveries.values_list("attempts", flat=True)} == {0}


def test_settings_that_cannot_be_are_told_once_and_cost_no_letter_an_attempt(noon, issued, settings):
    settings.MAIL_URL = "smtp://user@mail.example"
    swept = dispatch.deliver_due(at=clock.now())
    assert "MAIL_URL needs both user and password" in swept.trouble
    assert {*issued.deliveries.values_list("attempts", flat=True)} == {0}


def test_what_another_worker_holds_is_not_put_off(noon, issued, settings):
    held = issued.deliveries.last()
    Delivery.objects.filter(pk=held.pk).update(lease_until=NOON + HOUR, due_at=NOON - HOUR)
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    dispatch.deliver_due(at=clock.now())
    held.refresh_from_db()
    assert held.due_at == NOON - HOUR


# --- one bad e-mail ---------------------------------------------------------------------------------------------------


def test_an_e_mail_that_cannot_be_written_is_refused_at_once_and_keeps_back_no_other(issued, settings, monkeypatch):
    really_write = mails.message

    def broken(delivery, *, at):
        if delivery.copy_id is None:
            raise UnicodeError("eleanor@example.org")
        return really_write(delivery, at=at)

    monkeypatch.setattr(mails, "message", broken)
    dispatch.deliver_due(at=clock.now())
    customers, *others = issued.deliveries.all()
    assert customers.refused_at
    assert all(other.sent_at for other in others)
    text = issued.case.events.filter(kind="delivery").first().text
    assert text.endswith("Refused by the mail server: it cannot be written as an e-mail (UnicodeError).")


def test_a_sweep_takes_no_further_e_mail_after_its_time(issued, settings, monkeypatch):
    monkeypatch.setattr(dispatch, "SECONDS", -1)
    assert dispatch.deliver_due(at=clock.now()).done == 0
    assert Delivery.objects.to_send(at=clock.now()).count() == 3
