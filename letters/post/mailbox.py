"""The archive mailbox, read: which of the letters that we look for lie in it.

Only what is found says anything: a copy that is not there may be late, in another folder, or deleted. A letter is known
by its seal, which nobody can make up who has not got that very mail; its Message-ID only helps to find it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from email import policy
from email.parser import BytesHeaderParser

SEAL = "X-Case-Letter"
SLACK = timedelta(days=2)  # clocks and time zones of two machines differ by less


class Unreadable(Exception):
    """The archive mailbox could not be looked into; the words say why, for staff."""


@dataclass(frozen=True)
class Sought:
    """A letter that may lie in the archive mailbox: what it is known by, and the day from which it may lie there."""

    seal: str
    message_id: str
    since: date


def seals_of(head: bytes) -> set[str]:
    """What a mail that begins with `head` says that it is; of another's making unless we know the seal."""
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    return {str(seal).strip() for seal in headers.get_all(SEAL, ())}
