"""An archive mailbox on an IMAP server: looked at, never changed."""

import imaplib
import threading
from contextlib import suppress
from ipaddress import ip_address
from socket import SHUT_RDWR

from django.core.exceptions import ImproperlyConfigured

from .mailbox import SEAL, SLACK, Unreadable, seals_of
from .outcome import in_words
from .place import context_for, dial, server_of

SCHEMES = {"imap": ("never", 143), "imap+tls": ("demanded", 143), "imaps": ("implicit", 993)}
CONNECT, ALL = 10, 45  # seconds: for a line, and for all that is asked on it, however slowly the server drips
MOST = 50  # mails looked at for one letter
MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]  # RFC 3501


class Line(imaplib.IMAP4):
    """An IMAP line that ends after ALL seconds, in the middle of a word if need be."""

    def __init__(self, server):
        self.sock = dial(server, CONNECT)
        self.sock.settimeout(ALL)
        self._alarm = threading.Timer(ALL, self._cut)
        self._alarm.daemon = True
        self._alarm.start()
        try:
            super().__init__(server.host, server.port)
        except BaseException:
            self._alarm.cancel()
            raise

    def _create_socket(self, timeout):
        return self.sock

    def _cut(self):
        with suppress(OSError):  # it ended at this moment
            self.sock.shutdown(SHUT_RDWR)

    def hang_up(self):
        self._alarm.cancel()
        with suppress(OSError):
            self.shutdown()


def found(url, sought):
    server, folder = server_of(url, SCHEMES, setting="MAIL_ARCHIVE_URL")
    if server.tls == "never" and not _is_here(server.host):
        raise ImproperlyConfigured("MAIL_ARCHIVE_URL: imap:// sends the password in the clear; write imaps://.")
    if not server.user or not folder.isascii():
        raise ImproperlyConfigured("MAIL_ARCHIVE_URL needs user and password, and a folder named in ASCII.")
    try:
        line = Line(server)
        try:
            _open(line, server, folder or "INBOX")
            yield from (one for one in sought if one.seal in _seals(line, one))
        finally:
            line.hang_up()
    except OSError as error:
        raise Unreadable(f"The archive mailbox cannot be read: {in_words(error)}") from error
    except imaplib.IMAP4.error as error:  # its words may hold the password, or be a stranger's
        raise Unreadable("The archive mailbox cannot be read: its server did not do as it was asked.") from error


def _is_here(host):
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _open(line, server, folder):
    """We are signed in, and look at the folder without changing it."""
    if server.tls == "demanded":
        line.starttls(context_for(server))
    try:
        _sign_in(line, server)
    except line.abort:
        raise
    except line.error:
        raise Unreadable("The archive mailbox does not let us in: check MAIL_ARCHIVE_URL.") from None
    if line.select(_quoted(folder), readonly=True)[0] != "OK":
        raise Unreadable("The archive mailbox has no such folder: check MAIL_ARCHIVE_URL.")


def _sign_in(line, server):
    if "AUTH=PLAIN" in line.capabilities:
        line.authenticate("PLAIN", lambda _: f"\0{server.user}\0{server.password}".encode())
    else:
        line.login(_quoted(server.user), server.password)


def _seals(line, one):
    """The seals of the mails that may be this letter: servers differ in what they find by a header, and strangers may
    have written some of them."""
    day = one.since - SLACK
    since = f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
    either = ("OR", "HEADER", "Message-ID", _quoted(one.message_id), "HEADER", SEAL, _quoted(one.seal))
    numbers = _told(line.uid("SEARCH", "SINCE", since, *either))[0].split()
    if not numbers:
        return set()
    heads = _told(line.uid("FETCH", b",".join(numbers[-MOST:]).decode(), f"(BODY.PEEK[HEADER.FIELDS ({SEAL})])"))
    return {seal for part in heads if isinstance(part, tuple) for seal in seals_of(part[1])}


def _told(answer):
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
