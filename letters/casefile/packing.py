"""The file of a case: everything that is known of it as one PDF, in the order in which it happened, for an ombudsman,
a court, or whoever takes the case over."""

from django.db import transaction

from letters import press
from letters.casefile import leaves, proofs, telling
from letters.casefile.binding import Part, bind
from letters.casefile.telling import Chapter, Section, day, facts, hour
from letters.folio import Folio
from letters.models import Letterhead


def export(case, file, *, on, at, by) -> int:
    """`file` holds the file of the case, and the history says who took it. Answers how many pages it has. Raises
    CannotRender; PermissionDenied for somebody whom the complaint is about."""
    pages = write(case, file, on=on, at=at, by=by)
    with transaction.atomic():
        case.record("exported", f"The file of the case was exported, {pages} pages.", on=on, by=by)
    return pages


def write(case, file, *, on, at, by) -> int:
    """`file` holds the file of the case, as it is at `at`. Answers how many pages it has. Raises CannotRender."""
    issued = [_Issued(letter, at=at) for letter in _letters(case)]
    files = proofs.of_attachments(case)
    originals = [*(one for letter in issued for one in letter.originals), *files]
    proofs.choose_inside(originals)
    parts = [*_chapters(case, on=on, at=at), *_letter_parts(issued), *_file_parts(files)]
    return bind(
        parts,
        file,
        cover=lambda entries, pages: _cover(case, entries, pages, originals, at=at, by=by),
        title=f"File of complaint {case.reference}",
        foot=f"Complaint {case.reference}",
        originals=[(one.name, one.content, one.what) for one in originals if one.inside],
    )


def _letters(case):
    return case.letters.issued().order_by("issued_at", "pk").select_related("involvement", "corrects")


def _set(title, chapters) -> bytes:
    return press.render_folio(Folio("casefile", title, {"chapters": [one.plain() for one in chapters]}))


def _chapters(case, *, on, at):
    for chapter in telling.chapters(case, on=on, at=at):
        yield Part(chapter.title, _set(chapter.title, [chapter]), headed=True)


# --- letters as they were sent ---


class _Issued:
    """A letter with its own bytes, and what became of it."""

    def __init__(self, letter, *, at):
        self.letter, self.at = letter, at
        self.originals = proofs.of_letter(letter)
        self.whole, *self.enclosed = self.originals
        self.title = f"{day(letter.issued_on)}: {letter.get_kind_display().lower()}, no. {letter.number}"

    def chapter(self) -> Chapter:
        it = self.letter
        about = facts(
            ("To", it.recipient),
            ("Subject", it.subject),
            ("Language", it.get_language_display()),
            ("Issued", f"{hour(it.issued_at)}, by {it.issued_by_name}"),
            ("Approved", it.approved_at and f"{hour(it.approved_at)}, by {it.approved_by_name}"),
            ("Corrects", it.corrects and f"letter {it.corrects.number}"),
            ("Enclosed", "\n".join(one.name for one in it.enclosures.all())),
            ("Copies", "\n".join(f"{one} ({one.get_copy_as_display().lower()})" for one in it.copies.all())),
            ("SHA-256", f"{self.whole.recorded} ({self.whole.stands})"),
        )
        sent = Section(
            "How it reached whom",
            heads=("To", "How", "What became of it"),
            rows=[self._delivery(one) for one in it.deliveries.select_related("copy")],
        )
        overridden = [(f"{hour(one.at)}, {one.by_name}", f"{one.finding}\n{one.reason}") for one in it.overrides.all()]
        warned = Section("Warnings that a lead let stand", said=overridden)
        return Chapter(self.title, [Section(facts=about), *(one for one in (sent, warned) if one.rows or one.said)])

    def line(self):
        it = self.letter
        return it.number, hour(it.issued_at), f"{it.get_kind_display()}: {it.subject}", it.recipient

    def _delivery(self, it):
        how = "by post" if it.by_post else f"by e-mail to {it.to_email}"
        when = hour(it.sent_at or it.refused_at or it.handoff_at)
        return (
            f"{it.to_name}{' (copy)' if it.copy_id else ''}",
            f"{how}{f' (again: {it.resend_reason})' if it.resend_reason else ''}",
            f"{f'{when}: ' if when else ''}{it.outcome(at=self.at)}",
        )


def _letter_parts(issued):
    """Each letter behind a page that says what became of it, then its own pages and those of its enclosures."""
    if not issued:
        return
    listed = Section(heads=("No.", "Issued", "Letter", "To"), rows=[one.line() for one in issued], kind="letters")
    heading = Chapter("Letters as sent", [listed], "The oldest first, each as it left the house.")
    yield Part(heading.title, _set(heading.title, [heading]))
    pages = iter(leaves.of((one.content_type, one.content) for letter in issued for one in letter.enclosed))
    for letter in issued:
        yield Part(letter.title, _set(letter.title, [letter.chapter()]), level=2)
        number = letter.letter.number
        yield Part("The letter", letter.whole.content, level=3, foot=f"Letter {number}", key=letter.whole.key)
        for one in letter.enclosed:
            yield from _shown(one, next(pages), title=one.what, level=3, foot=f"Enclosed with letter {number}")


def _shown(original, found, *, title, level, foot):
    """The pages of a file; one that has none remembers why."""
    if found.pdf is None:
        original.why_not = found.why_not
        return
    yield Part(title, found.pdf, level=level, foot=foot, key=original.key)


# --- files as they came ---


def _file_parts(files):
    if not files:
        return
    there = [one for one in files if one.content is not None]
    found = leaves.of((one.content_type, one.content) for one in there)
    parts = [
        part
        for one, pages in zip(there, found, strict=True)
        for part in _shown(one, pages, title=one.what, level=2, foot=one.key.replace("file-", "File "))
    ]
    heading = Chapter("Files", [Section(heads=("What", "Kind", "Bytes", "On pages here"), rows=list(_listed(files)))])
    yield Part(heading.title, _set(heading.title, [heading]))
    yield from parts


def _listed(files):
    for one in files:
        stands = "" if one.stands == "unchanged" else one.stands
        shown = stands or (f"no: {one.why_not}" if one.why_not else "yes")
        yield one.what, one.content_type, f"{one.size:,}", shown


# --- the cover ---


def _cover(case, entries, pages, originals, *, at, by) -> bytes:
    at_page = {entry.key: entry.page for entry in entries if entry.key}
    values = {
        "house": house.name if (house := Letterhead.objects.in_use(case.organisation)) else "",
        "reference": case.reference,
        "subject": case.subject,
        "facts": _facts(case),
        "made": f"Made on {hour(at)} by {by or 'the house'}. {pages} pages.",
        "index": [{"title": one.title, "page": one.page, "level": one.level} for one in entries],
        "proofs": [_proof(one, at_page.get(one.key)) for one in originals],
        "proven": (
            "The bytes of each letter as it was issued and of each file as it came. They lie inside this file as "
            "attachments where it says so; their SHA-256 was counted anew when this file was made."
        ),
    }
    return press.render_folio(Folio("casefile", f"File of complaint {case.reference}", {"cover": values}))


def _facts(case):
    return facts(
        ("Customer", case.customer),
        ("Received", day(case.received_on)),
        ("Acknowledged", day(case.acknowledged_on)),
        ("Second stage asked for", day(case.escalated_on)),
        ("Opened again", day(case.reopened_on)),
        ("Answered", day(case.answered_on)),
        ("Closed", day(case.closed_on)),
        ("Stands", f"{case.stage_in_words()}{f': {case.exit_reason}' if case.exit else ''}"),
        ("Handler", case.handler),
        ("Rules", ", ".join(pack.name for pack in case.packs())),
        ("Restricted", case.restricted_on and f"since {day(case.restricted_on)}: {case.restricted_reason}"),
    )


def _proof(one, page) -> dict:
    where = f"page {page}" if page else "no pages"
    inside = "attached" if one.inside else "too large to attach" if one.content is not None else ""
    return {
        "what": one.what,
        "size": f"{one.size:,}",
        "sha256": one.recorded,
        "here": ", ".join(filter(None, (where, inside, one.stands))),
    }
