"""The line to a mail server, with an end to every step and to every answer."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from time import monotonic  # a stopwatch, not a clock: it knows no date

from .outcome import expect

MOST_BYTES, MOST_LINES = 64 * 1024, 100  # of one answer
REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


class Line(smtplib.SMTP):
    """An SMTP line on which each step ends by its deadline and no answer is endless; its faults are OSErrors.

    smtplib's own timeout begins anew with every byte that arrives, and it takes half a line for an answer.
    """

    def __init__(self, sock, host):
        super().__init__(local_hostname=_our_name(sock))
        self._host = host
        self.in_letter = False  # the server takes what we write for the letter's text
        self.change_to(sock)

    def change_to(self, sock):
        """Go on over `sock`; what was said before counts no more (RFC 3207)."""
        self.sock = sock
        self._unread = bytearray()
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def arm(self, seconds):
        """All that follows, up to the next call, takes this many seconds at most."""
        self._until = monotonic() + seconds

    def ready_socket(self):
        """The socket with the rest of the time as its timeout."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock

    def send(self, s):
        data = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        for start in range(0, len(data), 65536):
            self.ready_socket().sendall(data[start : start + 65536])

    def getreply(self):
        """(code, text) of one whole answer. OSError when it is cut, late, endless or not SMTP."""
        code, texts, room = None, [], MOST_BYTES
        while len(texts) < MOST_LINES:
            line = self._read_line(room)
            room -= len(line)
            found = REPLY_LINE.fullmatch(line.rstrip(b"\r\n"))
            if not found or code not in (None, found[1]):
                raise ConnectionError("The mail server gave an answer that is not SMTP.")
            code = found[1]
            texts.append(found[3] or b"")
            if found[2] != b"-":
                return int(code), b"\n".join(texts)
        raise ConnectionError("The mail server's answer does not end.")

    def _read_line(self, room):
        while b"\n" not in self._unread:
            if len(self._unread) >= room:
                raise ConnectionError("The mail server's answer does not end.")
            self._hear(self.ready_socket())
        end = self._unread.index(b"\n") + 1
        line = bytes(self._unread[:end])
        del self._unread[:end]
        return line

    def _hear(self, sock):
        heard = sock.recv(4096)
        if not heard:
            raise ConnectionResetError("The mail server closed the line.")
        self._unread += heard

    def expect_silence(self):
        """The server has said nothing more: what it says before the dot cannot be its answer to the dot."""
        self.sock.settimeout(0)
        with suppress(BlockingIOError, ssl.SSLWantReadError):
            self._hear(self.sock)
        if self._unread:
            code, text = self.getreply()
            expect(code, b"before the end of the letter: " + text, ())

    def hang_up(self):
        """QUIT, where that would not become part of the letter, without waiting for the goodbye."""
        if not self.in_letter:
            with suppress(OSError):
                self.putcmd("QUIT")
        self.close()


def _our_name(sock):
    """Our name in EHLO: the machine's full name or, without one, its address; no name server is asked."""
    name = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
        return name
    address = sock.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
