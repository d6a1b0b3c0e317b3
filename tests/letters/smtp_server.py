"""A mail server on loopback that answers as the test tells it, however badly.

    with ScriptedServer(RCPT="450 4.2.0 greylisted", DOT=cut) as server:
        settings.MAIL_URL = server.url

Each step (GREETING, EHLO, HELO, AUTH, MAIL, RCPT, DATA, DOT, QUIT) is told what to do: a text is the reply,
a function gets the socket and does what it likes with it (`cut`, `silence`, `drip`, `flood`, `half`), a list
is taken in turn with its last entry repeated. Like a real server it keeps a letter once the dot is in and
before it answers, unless the answer is a 4xx or 5xx.
"""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

USUAL = {
    "GREETING": "220 mail.example ready",
    "EHLO": "250-mail.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 20000000",
    "HELO": "250 mail.example",
    "AUTH": "235 welcome",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 go on",
    "DOT": "250 kept as 4711",
    "QUIT": "221 bye",
}


class Cut(Exception):
    """The script closes the line here."""


def cut(_sock):
    raise Cut


def silence(sock):
    """Say nothing until the client goes."""
    while sock.recv(4096):
        pass
    raise Cut


def half(text):
    """Send the text without its line end, then close the line."""

    def act(sock):
        sock.sendall(text.encode())
        raise Cut

    return act


def drip(text, *, every):
    """Send the reply one byte at a time, `every` seconds apart."""

    def act(sock):
        for byte in f"{text}\r\n".encode():
            sock.sendall(bytes([byte]))
            time.sleep(every)

    return act


def flood(text, *, every=0):
    """Send the same again without end, `every` seconds apart."""

    def act(sock):
        while True:
            sock.sendall(text.encode())
            time.sleep(every)

    return act


@dataclass
class Kept:
    sender: str
    recipients: list
    raw: bytes  # as it was before dot-stuffing


class ScriptedServer:
    """Serves one client after the other until the `with` block ends."""

    def __init__(self, **script):
        unknown = script.keys() - USUAL.keys()
        if unknown:
            raise ValueError(f"no such step: {', '.join(sorted(unknown))}")
        self.script = {step: list(act) if isinstance(act, list) else [act] for step, act in (USUAL | script).items()}
        self.commands = []  # every command line of every client
        self.kept = []  # the letters this server has
        self.lines_so_far = 0  # of the letter that is being, or was last, written to us
        self.clients = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self):
        return self._listening.getsockname()[1]

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        # shutdown wakes a thread that waits in accept or recv; close alone does not
        for sock in [self._listening, *self._open]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._thread.join(timeout=5)

    def wait_for(self, condition):
        """Wait, two seconds at most, until condition() is true; answers whether it became so."""
        until = time.monotonic() + 2
        while not condition() and time.monotonic() < until:
            time.sleep(0.005)
        return condition()

    def _serve(self):
        while True:
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            self.clients += 1
            self._open.append(sock)
            with suppress(OSError, Cut):  # ends one conversation, not the server
                _Conversation(self, sock).hold()
            with suppress(OSError):  # close alone would wait for the file object that still reads
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


class _Conversation:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.lines = sock.makefile("rb")
        self.sender, self.recipients = "", []

    def hold(self):
        self.act("GREETING")
        while (line := self.read_line()) is not None:
            text = line.decode(errors="replace").rstrip("\r\n")
            self.server.commands.append(text)
            verb = text[:4].upper()
            if verb == "MAIL":
                self.sender, self.recipients = _address(text), []
            if verb not in USUAL:
                self.sock.sendall(b"502 unknown command\r\n")
                continue
            reply = self.act(verb)
            if verb == "RCPT" and reply.startswith("2"):
                self.recipients.append(_address(text))
            if verb == "DATA" and reply.startswith("354"):
                self.take_letter()
            if verb == "QUIT":
                return

    def take_letter(self):
        lines = []
        while (line := self.read_line()) != b".\r\n":
            if line is None:
                raise Cut
            lines.append(line[1:] if line.startswith(b".") else line)
            self.server.lines_so_far = len(lines)
        if not str(self.server.script["DOT"][0]).startswith(("4", "5")):
            self.server.kept.append(Kept(self.sender, self.recipients, b"".join(lines)))
        self.act("DOT")

    def act(self, step):
        """Do what the script says; answers the reply text ('' when a function acted)."""
        acts = self.server.script[step]
        act = acts.pop(0) if len(acts) > 1 else acts[0]
        if callable(act):
            act(self.sock)
            return ""
        self.sock.sendall(f"{act}\r\n".encode())
        return act

    def read_line(self):
        """The next line with its CRLF, None when the client has gone."""
        line = self.lines.readline()
        return line if line.endswith(b"\r\n") else None


def _address(command):
    return command.partition("<")[2].partition(">")[0]
