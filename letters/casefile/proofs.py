"""Letters and files of a case as they lie in the archive, each with its SHA-256 counted anew: whoever gets the file of
the case can prove that nothing was changed."""

import hashlib
from dataclasses import dataclass

from letters.enclosing import MB

INSIDE_LIMIT = 60 * MB  # all that lies inside the file together; what is more is named with its hash alone


@dataclass
class Original:
    """The bytes of a letter or a file: `content` is None where they cannot be read."""

    key: str
    what: str
    name: str
    content_type: str
    content: bytes | None
    recorded: str
    size: int
    why_not: str = ""  # it is not shown on pages here
    inside: bool = True

    @property
    def stands(self) -> str:
        if self.content is None:
            return "cannot be read: missing in our archive"
        return "unchanged" if hashlib.sha256(self.content).hexdigest() == self.recorded else "NOT AS RECORDED"


def of_letter(letter) -> list[Original]:
    """The letter as it was issued, then what was enclosed."""
    number = letter.number.replace("/", "-")
    whole = Original(
        key=f"letter-{letter.pk}",
        what=f"Letter {letter.number}: {letter.get_kind_display().lower()}",
        name=f"letter-{number}.pdf",
        content_type="application/pdf",
        content=bytes(letter.pdf),
        recorded=letter.sha256,
        size=len(letter.pdf),
    )
    enclosed = [
        Original(
            key=f"enclosure-{it.pk}",
            what=f"Enclosed with letter {letter.number}: {it.name}",
            name=f"letter-{number}-enclosure-{place}.pdf",
            content_type="application/pdf",
            content=bytes(it.content),
            recorded=it.sha256,
            size=len(it.content),
        )
        for place, it in enumerate(letter.enclosures.all(), start=1)
    ]
    return [whole, *enclosed]


def of_attachments(case) -> list[Original]:
    """What the customer sent, and what proves that promises were kept."""
    return [
        Original(
            key=f"file-{place}",
            what=f"File {place}: {it.name}",
            name=f"file-{place:02}-{it.name}",
            content_type=it.content_type,
            content=_read(it),
            recorded=it.sha256,
            size=it.size,
        )
        for place, it in enumerate(case.attachments.order_by("pk"), start=1)
    ]


def _read(attachment) -> bytes | None:
    try:
        with attachment.file.open("rb") as file:
            return file.read()
    except OSError:
        return None


def choose_inside(originals):
    """As many of them as fit lie inside the file, the letters first."""
    room = INSIDE_LIMIT
    for one in originals:
        one.inside = one.content is not None and one.size <= room
        if one.inside:
            room -= one.size
