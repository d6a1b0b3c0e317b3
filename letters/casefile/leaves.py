"""Files as they came become pages that may be laid into the file of a case; one that cannot says why, and keeps none of
the others back. The bytes are opened by letters/copyist.py alone, a process that is shut in."""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from letters.press import HEADER, KNOWN, PDF

COPYIST = (sys.executable, "-m", "letters.copyist")
PATIENCE = 90  # seconds that one process may take for all files that it is given
SHOWN = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp")
ENDED = "it takes too long or too much memory to open"
OTHER_KIND = "a file of this kind has no pages"


@dataclass(frozen=True)
class Leaves:
    """The pages of one file as a PDF; where there are none, `why_not`."""

    pdf: bytes | None = None
    why_not: str = ""


def of(files: Iterable[tuple[str, bytes]]) -> list[Leaves]:
    """The pages of each of `files`, (content type, bytes), in their order."""
    files = list(files)
    found = [Leaves(why_not="" if kind in SHOWN else OTHER_KIND) for kind, _ in files]
    waiting = [at for at, (kind, _) in enumerate(files) if kind in SHOWN]
    while waiting:
        answers = _copied([files[at] for at in waiting])
        for at, leaves in zip(waiting, answers, strict=False):
            found[at] = leaves
        waiting = waiting[len(answers) :]
    return found


def _copied(files) -> list[Leaves]:
    """What the process answered before it ended; it gave up on the last one, if there are fewer than files."""
    given = b"".join(pickle.dumps(file) for file in files)
    known = {name: value for name, value in os.environ.items() if name.startswith(KNOWN)}
    try:
        done = subprocess.run(
            COPYIST, input=given, capture_output=True, cwd=settings.BASE_DIR, env=known, timeout=PATIENCE
        )
        said = done.stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    answers = list(_answers(said))
    return answers if len(answers) == len(files) else [*answers, Leaves(why_not=ENDED)]


def _answers(said) -> Iterator[Leaves]:
    """The whole answers in what was said."""
    stream = io.BytesIO(said)
    while len(head := stream.read(HEADER.size)) == HEADER.size:
        kind, length = HEADER.unpack(head)
        answer = stream.read(length)
        if len(answer) < length:
            return
        yield Leaves(pdf=answer) if kind == PDF else Leaves(why_not=answer.decode())
