"""What became of a letter: the receiving server has it, certainly does not have it, or nobody can say."""

import socket
import ssl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """What the receiving server answered to the final dot."""

    code: int
    text: str  # at most 1,000 characters, none of them a control character


class NotSent(Exception):
    """The server certainly does not have the letter. `code` is its answer, None when it gave none."""

    def __init__(self, text, code=None):
        super().__init__(text, code)
        self.text = text
        self.code = code

    def __str__(self):
        return self.text if self.code is None else f"{self.code} {self.text}"


class Deferred(NotSent):
    """Worth another try later: the server is away, busy, or does not accept us (no fault of the person's)."""


class Busy(Deferred):
    """What stands against it is our pace or the line, not this letter."""


class Away(Busy):
    """There is no line to the mail server, or it does not accept us: no other letter would fare better now."""


class Refused(NotSent):
    """The server will not take this letter for this person; the same try would end the same way."""


class Withdrawn(NotSent):
    """`handoff` said no: somebody else owns this delivery now."""


class Unknown(Exception):
    """The server had the whole letter and its answer was lost. `text` says how."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text


OK = range(200, 300)
NOT_THE_PERSONS_FAULT = {530, 534, 535, 538}  # we are to sign in, or to do it otherwise (RFC 4954)
TOO_MUCH = {421, 432}  # the service closes the line; Exchange: too many lines at once
POLICY = "4.7."  # RFC 3463: security or policy, which is also how servers say "slower", and "come back" to a new sender


def expect(code, text, wanted):
    """The server's answer is one of `wanted`; any other is raised as Refused or as a kind of Deferred, in its own
    words."""
    if code in wanted:
        return
    text = clean(text)
    if code in NOT_THE_PERSONS_FAULT:
        raise Away(text, code)
    if code >= 500:
        raise Refused(text, code)
    if code in TOO_MUCH or (code == 451 and text.startswith(POLICY)):
        raise Busy(text, code)
    raise Deferred(text, code)


@contextmanager
def before_the_dot(otherwise=Deferred) -> Iterator[None]:
    """Any fault of line or disk in here leaves the letter unsent, and worth another try: it is raised as
    `otherwise`."""
    try:
        yield
    except OSError as error:
        raise otherwise(in_words(error)) from error


def in_words(error):
    """What an OSError of the line or the disk means, in words that staff can read."""
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    if isinstance(error, socket.gaierror):
        return "The mail server's name was not found."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not trusted: {error.verify_message}."
    return clean(error.strerror or str(error) or type(error).__name__)


def clean(text):
    """At most 1,000 characters, none of them a control character."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    visible = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return visible.strip()[:1000]
