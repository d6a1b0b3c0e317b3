"""The caller's mark: asked for once, when all but the final dot is written."""

import socket
import threading
import time
from email import policy

import pytest

from letters import post
from tests.letters.posted import letter, no, read, send
from tests.letters.smtp_server import cut

pytestmark = pytest.mark.usefixtures("house")


def test_the_handoff_is_asked_once_after_the_whole_text_and_before_the_dot(server):
    mailbox = server()
    lines = letter().as_bytes(policy=policy.SMTP).count(b"\r\n")
    seen = []

    def handoff(archived):
        mailbox.wait_for(lambda: mailbox.lines_so_far == lines)
        time.sleep(0.05)  # a dot already sent would have arrived by now
        seen.append((mailbox.commands[-1], mailbox.lines_so_far, len(mailbox.kept)))
        return True

    send(handoff=handoff)

    assert seen == [("DATA", lines, 0)]
    assert len(mailbox.kept) == 1


@pytest.mark.parametrize("start", ["server", "real_server"])
def test_a_letter_that_is_no_longer_ours_is_withdrawn_and_no_server_keeps_it(request, start):
    mailbox = request.getfixturevalue(start)()

    with pytest.raises(post.Withdrawn):
        send(handoff=no)

    # served one after the other: when the next letter is in, the line before it is over for the server too
    send(letter(message_id="<letter-2.1@example.com>"))
    kept = [read(getattr(one, "raw", None) or one.content) for one in getattr(mailbox, "kept", None) or mailbox.letters]
    assert [one["Message-ID"] for one in kept] == ["<letter-2.1@example.com>"]


@pytest.mark.parametrize("fault", [RuntimeError("database gone"), OSError("disk gone")])
def test_a_handoff_that_fails_passes_its_error_on_and_nothing_is_sent(server, fault):
    mailbox = server()

    def handoff(archived):
        raise fault

    with pytest.raises(type(fault)) as raised:
        send(handoff=handoff)

    assert raised.value is fault
    send(letter(message_id="<letter-2.1@example.com>"))
    assert [read(one.raw)["Message-ID"] for one in mailbox.kept] == ["<letter-2.1@example.com>"]


def test_a_server_that_hangs_up_during_the_handoff_defers_instead_of_leaving_it_unknown(server):
    asked, gone = threading.Event(), threading.Event()

    def go_on_then_leave(sock):
        sock.sendall(b"354 go on\r\n")
        asked.wait(timeout=2)
        sock.recv(65536)
        sock.shutdown(socket.SHUT_RDWR)
        gone.set()
        cut(sock)

    server(DATA=go_on_then_leave)

    def handoff(archived):
        asked.set()
        assert gone.wait(timeout=2)
        time.sleep(0.05)  # until its goodbye has reached us
        return True

    with pytest.raises(post.Deferred, match="closed the line"):
        send(handoff=handoff)


def test_an_answer_before_the_dot_is_not_taken_for_the_answer_to_the_dot(server):
    mailbox = server(DATA="354 go on\r\n250 kept already")
    asked = []

    with pytest.raises(post.Deferred, match="before the end of the letter"):
        send(handoff=lambda archived: asked.append(True) or True)

    assert asked == []
    assert mailbox.kept == []
