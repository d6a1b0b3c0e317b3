"""Lines that break, drip or never end: before the dot another try is safe, after it nobody knows."""

import socket
import time

import pytest

from letters import post
from tests.letters.posted import HASTY, QUICK, send
from tests.letters.smtp_server import cut, drip, flood, half, silence

pytestmark = pytest.mark.usefixtures("house")


def test_a_refused_connection_is_worth_another_try(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.MAIL_URL = f"smtp://127.0.0.1:{closed.getsockname()[1]}"

    with pytest.raises(post.Deferred, match="refused") as raised:
        send()

    assert raised.value.code is None


def test_a_name_that_is_not_found_is_worth_another_try(settings, monkeypatch):
    def not_found(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    settings.MAIL_URL = "smtp://mail.invalid"

    with pytest.raises(post.Deferred, match="name was not found"):
        send()


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [cut, silence, half("25"), "hello there", flood(b"220-and so on\r\n".decode())])
def test_any_broken_line_before_the_dot_is_worth_another_try(server, step, fault):
    mailbox = server(**{step: fault})
    started = time.monotonic()

    with pytest.raises(post.Deferred) as raised:
        send(deadlines=QUICK)

    assert raised.value.code is None
    assert mailbox.kept == []
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "fault",
    [
        cut,
        silence,
        half("250 kep"),
        half("550 n"),
        half("250-kept\r\n"),
        drip("250 kept as 4711", every=0.05),
        "hello there",
        "354 go on",
        "250-kept\r\n550 or not",
    ],
)
def test_a_lost_answer_to_the_dot_leaves_the_letter_unknown(server, fault):
    mailbox = server(DOT=fault)
    started = time.monotonic()

    with pytest.raises(post.Unknown, match="had the whole letter"):
        send(deadlines=HASTY)

    assert time.monotonic() - started < 15
    assert mailbox.clients == 1
    assert len(mailbox.kept) == 1


@pytest.mark.parametrize("every", [0, 0.02])
def test_a_greeting_without_end_ends_with_the_deadline(server, every):
    server(GREETING=flood("220-wait\r\n", every=every))
    started = time.monotonic()

    with pytest.raises(post.Deferred):
        send(deadlines=QUICK)

    assert time.monotonic() - started < QUICK.envelope + 10


def test_a_dripping_greeting_ends_with_the_deadline(server):
    server(GREETING=drip("220 " + "mail " * 50, every=0.02))
    started = time.monotonic()

    with pytest.raises(post.Deferred, match="in time"):
        send(deadlines=QUICK)

    assert QUICK.envelope <= time.monotonic() - started < QUICK.envelope + 10


def test_a_slow_answer_within_the_deadline_counts(server):
    server(DOT=drip("250 kept", every=0.02))

    assert send().text == "kept"


def test_an_answer_of_too_many_lines_is_none(server):
    server(DOT="250-kept\r\n" * 150 + "250 kept")

    with pytest.raises(post.Unknown, match="does not end"):
        send()


def test_a_line_without_end_is_not_read_for_ever(server):
    server(DOT=flood("2" * 65536))

    with pytest.raises(post.Unknown, match="does not end"):
        send()
