"""Pages of ours that are no letter: the file of a case, a report. Words and numbers only, so that they may be handed to
the process that sets them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Folio:
    """What the template `kind` of templates/letters/print shows, in its own stylesheet. Its headings are bookmarks."""

    kind: str
    title: str
    values: dict = field(default_factory=dict)  # text, numbers, and lists of them
