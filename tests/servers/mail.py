"""A mail server that many talk to at once, that keeps what it was given, and that goes wrong where it is told to.

Like a real one it has a letter once the final dot is in: the letter lies in a maildir, on the disk, before a word is
said about it, and stays there whether the answer arrives or not. What a test scripted is done otherwise, at one of
these steps:

    GREETING EHLO MAIL RCPT DATA    the answer to the command
    BODY                            the dot is in, the letter is not kept yet
    DOT                             the letter is kept, the answer is not given yet
    ANSWERED                        the answer is given
"""

import email
import email.policy
import mailbox
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.letters.smtp_server import USUAL, Cut
from tests.postgresql import free_port

ARCHIVE = "archive@example.com"
REFUSALS = ("4", "5")


@dataclass
class Kept:
    """A mail that the server has, and the envelope that it came in."""

    sender: str
    recipients: list[str]
    path: Path

    @property
    def message(self) -> email.message.EmailMessage:
        return email.message_from_bytes(self.path.read_bytes(), policy=email.policy.default)


@dataclass
class Hold:
    """A place at which the mail server stops answering until the test lets it go on; then it goes on as usual."""

    step: str
    reached: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _sock):
        self.reached.set()
        self.over.wait()
        return USUAL.get(self.step)

    def wait(self):
        assert self.reached.wait(timeout=60), f"Nobody came as far as {self.step}."

    def let_go(self):
        self.over.set()


class MailServer:
    """Serves until the `with` block ends. What is scripted is for one mail to `to`, or for whoever comes next."""

    def __init__(self, folder):
        self.mailbox = mailbox.Maildir(Path(folder) / "mailbox")
        self.archive = mailbox.Maildir(Path(folder) / "archive")
        self.kept: list[Kept] = []
        self.late: list[bytes] | None = None  # copies on their way to the archive, while it is slow
        self.port = free_port()
        self._script, self._holds, self._open = {}, [], set()
        self._lock = threading.Lock()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=200)
        self._thread = threading.Thread(target=self._serve, args=(self._listening,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        for hold in self._holds:
            hold.let_go()
        for sock in [self._listening, *self._open.copy()]:
            with suppress(OSError):  # wakes a thread that waits in accept or recv; close alone does not
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)
        self._listening.close()

    @contextmanager
    def away(self):
        """Nobody answers at its door."""
        self.__exit__()
        yield
        self.__enter__()

    # --- what tests tell it ---

    def script(self, step, *acts, to=""):
        """The next times that `step` comes, one act each: a text is the answer, a function gets the socket and answers
        what is still to be said."""
        with self._lock:
            self._script.setdefault((step, to), []).extend(acts)

    def hold(self, step, *, to="") -> Hold:
        hold = Hold(step)
        self._holds.append(hold)
        self.script(step, hold, to=to)
        return hold

    def delay_the_archive(self):
        """Copies come into the archive mailbox only with `bring_the_archive_up_to_date`."""
        self.late = []

    def bring_the_archive_up_to_date(self):
        with self._lock:
            for raw in self.late:
                self.archive.add(raw)
            self.late = None

    # --- what it has ---

    def mailbox_files(self) -> list[Path]:
        return list((Path(self.mailbox._path) / "new").iterdir())

    def is_quiet(self) -> bool:
        """Nobody is talking to it."""
        return not self._open

    def to(self, recipient) -> list:
        """The mails whose envelope names `recipient`."""
        return [kept.message for kept in list(self.kept) if recipient in kept.recipients]

    def keep(self, sender, recipients, raw):
        """The mail is on the disk, once for each of its recipients."""
        raw = raw.replace(b"\r\n", b"\n")
        with self._lock:
            paths = [self._put(address, self._headed(sender, address) + raw) for address in recipients]
            self.kept.append(Kept(sender, recipients, paths[0]))

    def _headed(self, sender, address):
        return f"Return-Path: <{sender}>\nDelivered-To: {address}\n".encode()

    def _put(self, address, raw) -> Path | None:
        if address == ARCHIVE and self.late is not None:
            self.late.append(raw)
            return None
        box = self.archive if address == ARCHIVE else self.mailbox
        return Path(box._path) / "new" / box.add(raw)

    # --- how it serves ---

    def act(self, step, to):
        """What is to be done at this step: as scripted for `to`, as scripted for anybody, as usual."""
        with self._lock:
            for key in ((step, to), (step, "")):
                if self._script.get(key):
                    return self._script[key].pop(0)
        return USUAL.get(step)

    def _serve(self, listening):
        with suppress(OSError):  # until the listening socket is shut
            while True:
                sock, _ = listening.accept()
                threading.Thread(target=self._hear, args=(sock,), daemon=True).start()

    def _hear(self, sock):
        self._open.add(sock)
        with sock, suppress(OSError, Cut):  # the client has gone, or the script cuts the line
            try:
                Conversation(self, sock).hold()
            finally:
                self._open.discard(sock)
                sock.shutdown(socket.SHUT_RDWR)


class Conversation:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.lines = sock.makefile("rb")
        self.sender, self.recipients = "", []

    def hold(self):
        self.answer("GREETING")
        while (line := self.read_line()) is not None:
            command = line.decode(errors="replace").strip()
            verb = command[:4].upper()
            if verb == "RCPT":
                self.take_recipient(_address(command))
            elif verb == "DATA":
                self.take_letter()
            elif verb in USUAL:
                if verb == "MAIL":
                    self.sender, self.recipients = _address(command), []
                self.answer(verb)
            else:
                self.say("502 unknown command")
            if verb == "QUIT":
                return

    def take_recipient(self, address):
        if (self.answer("RCPT", to=address) or "").startswith("2"):
            self.recipients.append(address)

    def take_letter(self):
        to = self.recipients[0]
        if not (self.answer("DATA", to=to) or "").startswith("3"):
            return
        raw = bytearray()
        while (line := self.read_line()) != b".\r\n":
            if line is None:
                raise Cut
            raw += line[1:] if line.startswith(b".") else line
        self.answer("BODY", to=to)
        verdict = self.server.act("DOT", to)
        if not (isinstance(verdict, str) and verdict.startswith(REFUSALS)):
            self.server.keep(self.sender, self.recipients, bytes(raw))
        self.perform(verdict)
        self.answer("ANSWERED", to=to)

    def answer(self, step, *, to=""):
        return self.perform(self.server.act(step, to))

    def perform(self, act):
        """The act is done; answers what was said, None when nothing was."""
        said = act(self.sock) if callable(act) else act
        if said:
            self.say(said)
        return said

    def say(self, text):
        self.sock.sendall(f"{text}\r\n".encode())

    def read_line(self):
        """The next line with its CRLF, None when the client has gone."""
        line = self.lines.readline()
        return line if line.endswith(b"\r\n") else None


def _address(command):
    return command.partition("<")[2].partition(">")[0]
