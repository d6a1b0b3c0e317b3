"""Looking into the archive mailbox: on a real IMAP server, and in a Maildir."""

import mailbox
import os
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from email import policy

import pytest
from django.core.exceptions import ImproperlyConfigured

from casetracker import clock
from letters import post
from letters.post import imap
from tests import dovecot
from tests.letters.posted import letter

SEAL = "5e" * 24
OURS = "<letter.4711@example.com>"


def sought(seal=SEAL, message_id=OURS):
    return post.Sought(seal=seal, message_id=message_id, since=clock.today())


def mail(*, seal=SEAL, message_id=OURS):
    return letter(message_id=message_id, headers={post.SEAL: seal} if seal else {}).as_bytes(policy=policy.SMTP)


def found(url, *letters):
    return list(post.found(url, letters or [sought()]))


@pytest.fixture(scope="module")
def dovecot_server(certificate):
    with dovecot.server(*certificate) as running:
        yield running


class OfServer:
    """A folder of its own on the IMAP server."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.url = server.url(folder=name)
        server.make(name)

    def put(self, raw):
        self.server.put(raw, folder=self.name)


class OfFiles:
    def __init__(self, path):
        self.box = mailbox.Maildir(path)
        self.url = f"maildir:{path}"

    def put(self, raw):
        self.box.add(raw)


@pytest.fixture(params=["imap", "maildir"])
def box(request, tmp_path):
    """An empty archive mailbox, once on a server and once in files."""
    if request.param == "maildir":
        return OfFiles(tmp_path / "Maildir")
    return OfServer(request.getfixturevalue("dovecot_server"), f"box-{request.node.name[:40]}")


# --- what is proof ----------------------------------------------------------------------------------------------------


def test_a_copy_is_found_by_its_seal(box):
    assert found(box.url) == []
    box.put(mail(seal="0f" * 24, message_id="<letter.4712@example.com>"))
    assert found(box.url) == []
    box.put(mail())
    assert found(box.url) == [sought()]


def test_a_copy_whose_message_id_the_server_replaced_is_found_all_the_same(box):
    box.put(mail(message_id="<0102018c@eu-west-1.relay.example>"))
    assert found(box.url) == [sought()]


@pytest.mark.parametrize("seal", ["", "00" * 24, f"{SEAL}0", SEAL[:-1]])
def test_a_strangers_mail_with_our_message_id_proves_nothing(box, seal):
    box.put(mail(seal=seal))
    assert found(box.url) == []


def test_a_copy_behind_a_strangers_mail_is_found(box):
    for seal in ("", "00" * 24, SEAL, ""):
        box.put(mail(seal=seal))
    assert found(box.url) == [sought()]


def test_a_seal_in_the_text_of_a_mail_is_none(box):
    """A bounce carries the headers of what came back."""
    box.put(mail(seal="").replace(b"thank you", f"{post.SEAL}: {SEAL}".encode()))
    assert found(box.url) == []


def test_of_several_letters_those_that_are_there_are_found(box):
    there = [sought(f"{n}a" * 24, f"<letter.{n}@example.com>") for n in range(1, 4)]
    gone = [sought(f"{n}b" * 24, f"<letter.{n}b@example.com>") for n in range(1, 4)]
    for one in there:
        box.put(mail(seal=one.seal, message_id=one.message_id))
    assert set(found(box.url, *gone, *there)) == {*there}


def test_looking_changes_nothing_in_the_mailbox(dovecot_server):
    box = OfServer(dovecot_server, "untouched")
    box.put(mail())
    assert found(box.url) == [sought()]
    with dovecot_server.line() as line:
        assert line.status("untouched", "(MESSAGES UNSEEN)")[1] == [b"untouched (MESSAGES 1 UNSEEN 1)"]


def test_what_somebody_read_and_moved_to_cur_is_found(tmp_path):
    box = OfFiles(tmp_path / "Maildir")
    box.put(mail())
    [new] = (tmp_path / "Maildir/new").iterdir()
    new.rename(tmp_path / "Maildir/cur" / f"{new.name}:2,S")
    assert found(box.url) == [sought()]


def test_files_from_long_before_the_letter_are_not_opened(tmp_path):
    box = OfFiles(tmp_path / "Maildir")
    box.put(mail())
    [old] = (tmp_path / "Maildir/new").iterdir()
    before = (clock.now() - timedelta(days=9)).timestamp()
    os.utime(old, (before, before))
    assert found(box.url) == []


def test_a_file_of_another_kind_in_a_maildir_is_passed_over(tmp_path):
    box = OfFiles(tmp_path / "Maildir")
    (tmp_path / "Maildir/new/garbage").write_bytes(bytes(range(256)) * 4000)
    box.put(mail())
    assert found(box.url) == [sought()]


# --- how it is reached ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_it_is_read_in_tls(dovecot_server, scheme):
    OfServer(dovecot_server, "Kept in TLS").put(mail())
    assert found(dovecot_server.url(scheme, folder="Kept%20in%20TLS")) == [sought()]
    assert "TLS" in dovecot_server.said().rpartition("Login: user=")[2]


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_a_server_that_nobody_vouches_for_is_told_nothing(dovecot_server, scheme):
    before = dovecot_server.said().count("Login: user=")
    with pytest.raises(post.Unreadable, match="certificate is not trusted"):
        found(dovecot_server.url(scheme))
    assert dovecot_server.said().count("Login: user=") == before


def test_a_wrong_password_is_said_and_never_repeated(dovecot_server):
    with pytest.raises(post.Unreadable, match="does not let us in") as raised:
        found(dovecot_server.url(password="hunter2"))
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_folder_that_is_not_there_is_said(dovecot_server):
    with pytest.raises(post.Unreadable, match="no such folder"):
        found(dovecot_server.url(folder="Nowhere"))


def test_a_maildir_that_is_not_there_is_said(tmp_path):
    with pytest.raises(post.Unreadable, match="No such file or directory"):
        found(f"maildir:{tmp_path / 'gone'}")


@contextmanager
def talking(*, say):
    """The address of a server that answers everybody so."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            while True:
                sock, _ = listening.accept()
                with suppress(OSError), sock:
                    say(sock)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"imap://archive:secret@127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)


def drip(sock):
    while True:
        sock.sendall(b"*")
        threading.Event().wait(0.05)


def nonsense(sock):
    sock.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(("say", "words"), [(drip, "cannot be read"), (nonsense, "did not do as it was asked")])
def test_a_server_that_drips_or_speaks_another_language_does_not_hold_us(monkeypatch, say, words):
    monkeypatch.setattr(imap, "ALL", 0.5)
    with talking(say=say) as url, pytest.raises(post.Unreadable, match=words):
        found(url)


def test_nobody_there_is_said():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(post.Unreadable, match="Connection refused"):
        found(f"imap://archive:secret@127.0.0.1:{port}/")


# --- where it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "imap://archive:hunter2@mail.example/",
        "imaps://mail.example/Archive",
        "imaps://archive:hunter2@",
        "imaps://archive:hunter2@mail.example/Gr%C3%BC%C3%9Fe",
        "imaps://archive:hunter2@mail.example:port/",
        "maildir:Maildir",
        "pop3://archive:hunter2@mail.example/",
    ],
)
def test_an_address_that_cannot_be_is_refused_without_repeating_it(url):
    with pytest.raises(ImproperlyConfigured, match="MAIL_ARCHIVE_URL") as raised:
        found(url)
    assert "hunter2" not in str(raised.value)
