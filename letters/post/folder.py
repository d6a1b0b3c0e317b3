"""Into a folder: each letter is one file, whole or not there."""

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .mail import WIRE, written
from .outcome import Refused, Reply, Unknown, Withdrawn, before_the_dot


@dataclass(frozen=True)
class Folder:
    path: Path


def keep(message, to, *, folder, handoff):
    """The letter is a file in `folder`, under its Message-ID; what is raised is as in send()."""
    how = WIRE if to.isascii() else WIRE.clone(utf8=True)
    raw, name = written(message, how), _file_name(message)
    part = None
    try:
        with before_the_dot():
            part = _write_part(raw, folder)
        if not handoff(None):
            raise Withdrawn("Somebody else owns this delivery now.")
        with before_the_dot():
            os.rename(part, folder / name)
    finally:
        if part:
            with suppress(OSError):  # gone after the rename, as it should be
                part.unlink()
    try:
        _sync(folder)
    except OSError as error:
        raise Unknown(f"The mail is in its folder, but the disk did not confirm it: {error}") from error
    return Reply(250, f"kept as {name}")


def _file_name(message):
    """The same for the same Message-ID, and never the same for two."""
    message_id = str(message["Message-ID"] or "").strip()
    local = message_id.strip("<>").rpartition("@")[0]
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", local).lstrip(".")[:150]
    if not local:
        raise Refused("The letter has no Message-ID to be kept under.")
    return f"{safe}.eml" if safe == local else f"{safe or 'letter'}-{sha256(message_id.encode()).hexdigest()[:12]}.eml"


def _write_part(raw, folder):
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as part:
            part.write(raw)
            part.flush()
            os.fsync(part.fileno())
    except OSError:
        os.unlink(path)
        raise
    return Path(path)


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
