"""An archive mailbox that is a folder of this machine: Maildir, a file a mail."""

import os
from contextlib import suppress
from datetime import UTC, datetime, time

from .mailbox import SLACK, Unreadable, seals_of

HEAD = 256 * 1024  # bytes of a mail in which its headers end


def found(path, sought):
    missing = {one.seal: one for one in sought}
    try:
        for head in _heads(path, since=min((one.since for one in missing.values()), default=None)):
            for seal in seals_of(head) & missing.keys():
                yield missing.pop(seal)
            if not missing:
                return
    except OSError as error:
        raise Unreadable(f"The archive mailbox cannot be read: {error.strerror}.") from error


def _heads(path, *, since):
    """The beginning of each mail that came on the day `since` or later."""
    earliest = datetime.combine(since - SLACK, time(), tzinfo=UTC).timestamp()
    for folder in ("new", "cur"):
        with os.scandir(path / folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # somebody reads or moves it at this moment
                    if entry.stat().st_mtime >= earliest:
                        yield _head(entry)


def _head(entry):
    with open(entry, "rb") as mail:
        return mail.read(HEAD)
