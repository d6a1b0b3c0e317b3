"""The file of a case: one PDF with everything, for an ombudsman. Nothing that a stranger sent keeps it from being made,
and what was issued is in it as it was issued."""

import hashlib
import io
import re
import subprocess

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from cases.models import Attachment, Event, Part
from casetracker import clock
from letters import dispatch, enclosing
from letters.casefile import leaves, packing, telling
from letters.press import HEADER, PDF
from tests.conftest import MONDAY, TUESDAY
from tests.letters.pdfs import A4, pdf

pytestmark = pytest.mark.django_db


def made(case, *, by=None):
    file = io.BytesIO()
    packing.write(case, file, on=TUESDAY, at=clock.now(), by=by)
    return file.getvalue()


def words(content, *, first=None, last=None, order="-layout") -> str:
    """What a reader sees, in one line; in the order "-raw" one cell of a table after the other."""
    pages = [*(("-f", str(first)) if first else ()), *(("-l", str(last)) if last else ())]
    done = subprocess.run(["pdftotext", order, *pages, "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def outline(content) -> list[tuple[str, int]]:
    """Each bookmark with the number of its page, in their order."""
    with pikepdf.open(io.BytesIO(content)) as book, book.open_outline() as contents:
        found, waiting = [], list(contents.root)
        while waiting:
            item = waiting.pop(0)
            [page] = [n for n, one in enumerate(book.pages, 1) if one.obj.objgen == item.destination[0].objgen]
            found.append((item.title, page))
            waiting = [*item.children, *waiting]
    return found


def bookmarks(content) -> dict[str, int]:
    """The page of each bookmark; of several that are called the same, the last."""
    return dict(outline(content))


def photo(**saving) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "darkred").save(out, **{"format": "JPEG"} | saving)
    return out.getvalue()


def attach(case, name, content, content_type, *, sha256=""):
    return Attachment.objects.create(
        case=case,
        file=ContentFile(content, name),
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=sha256 or hashlib.sha256(content).hexdigest(),
    )


def test_everything_that_happened_is_told_in_order(issued, driver, lead):
    issued.case.involve(user=lead, part=Part.WITNESS, why="Heard the call", on=TUESDAY, by=lead)
    said = words(made(issued.case))
    for told in (
        "The fridge came two days late and dented.",
        "The dent was there at the handover.",
        "Upheld: A new fridge",
        "Product fault",
        "Heard the call",
        "She was calm.",
        "A new fridge is delivered.",
        "Deliver it",
        "Day zero",
        "Moved to “Investigate”.",
        "Kofi Mensah",
    ):
        assert told in said, told


def test_each_chapter_letter_and_file_has_its_bookmark_and_its_line_in_the_index(issued):
    attach(issued.case, "dent.jpg", photo(), "image/jpeg")
    content = made(issued.case)
    found = bookmarks(content)
    for title in ("What the customer told us", "History", "Letters as sent", "Files", "File 1: dent.jpg"):
        assert title in words(content, first=found[title], last=found[title]) or title.startswith("File 1"), title
    last = found["What the customer told us"] - 1
    for title, page in outline(content)[1:]:
        assert re.search(rf"{re.escape(title)} {page}\b", words(content, first=1, last=last)), title


def test_a_line_of_the_index_leads_to_its_page(issued):
    content = made(issued.case)
    found = bookmarks(content)
    with pikepdf.open(io.BytesIO(content)) as book:
        numbers = {page.obj.objgen: n for n, page in enumerate(book.pages, 1)}
        cover = range(found["What the customer told us"] - 1)
        leads = [numbers[link.Dest[0].objgen] for n in cover for link in book.pages[n].obj.get("/Annots", ())]
    assert leads == [page for _, page in outline(content)[1:]]


def test_every_page_has_its_number_in_the_whole(issued):
    content = made(issued.case)
    with pikepdf.open(io.BytesIO(content)) as book:
        count = len(book.pages)
    for number in range(1, count + 1):
        assert f"page {number} of {count}" in words(content, first=number, last=number)


def test_letters_and_files_lie_inside_byte_for_byte(draft, handler):
    enclosing.enclose(draft, "Terms", pdf(mark="terms"), on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    attach(draft.case, "dent.jpg", photo(), "image/jpeg")
    content = made(draft.case)
    draft.refresh_from_db()
    with pikepdf.open(io.BytesIO(content)) as book:
        inside = {name: file.get_file().read_bytes() for name, file in book.attachments.items()}
    assert inside == {
        "letter-2026-1.pdf": bytes(draft.pdf),
        "letter-2026-1-enclosure-1.pdf": pdf(mark="terms"),
        "file-01-dent.jpg": photo(),
    }
    assert draft.sha256 in words(content).replace(" ", "")


def test_a_letters_pages_say_what_they_said(issued):
    content = made(issued.case)
    found = bookmarks(content)
    issued.refresh_from_db()
    with pikepdf.open(io.BytesIO(bytes(issued.pdf))) as letter:
        count = len(letter.pages)
    first = found["The letter"]
    alone = words(bytes(issued.pdf))
    there = words(content, first=first, last=first + count - 1)
    assert re.sub(r"Complaint [\d-]+ · Letter 2026/1 · page \d+ of \d+ ?", "", there).strip() == alone.strip()


def test_a_broken_file_is_named_and_keeps_nothing_back(case):
    attach(case, "broken.pdf", b"%PDF-1.7 nothing more", "application/pdf")
    attach(case, "locked.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "application/pdf")
    attach(case, "bomb.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png")
    attach(case, "talk.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    attach(case, "wide.pdf", pdf(size=A4[::-1]), "application/pdf")
    gone = attach(case, "gone.jpg", photo(), "image/jpeg")
    gone.file.storage.delete(gone.file.name)
    attach(case, "dent.jpg", photo(), "image/jpeg")
    content = made(case)
    said, found = words(content, order="-raw"), bookmarks(content)
    assert "no: its data are damaged" in said
    assert "no: it asks for a password" in said
    assert "no: a file of this kind has no pages" in said
    assert "missing in our archive" in said
    assert [title for title in found if title.startswith("File ")] == ["File 5: wide.pdf", "File 7: dent.jpg"]


def test_a_file_that_was_changed_is_said_to_be(case):
    attach(case, "dent.jpg", photo(), "image/jpeg", sha256="0" * 64)
    assert "NOT AS RECORDED" in words(made(case))


def test_a_file_that_ends_its_process_is_left_out_alone(monkeypatch):
    """The copyist dies on the second one: the third is looked at all the same."""
    copied = leaves._copied
    calls = []

    def dies(files):
        calls.append(len(files))
        return [copied(files[:1])[0], leaves.Leaves(why_not=leaves.ENDED)] if len(files) == 3 else copied(files)

    monkeypatch.setattr(leaves, "_copied", dies)
    found = leaves.of([("image/jpeg", photo())] * 3)
    assert [one.why_not for one in found] == ["", leaves.ENDED, ""]
    assert calls == [3, 1]


def test_half_an_answer_is_none():
    assert list(leaves._answers(HEADER.pack(PDF, 10) + b"%PDF")) == []


def test_words_that_no_font_prints_are_named(case, handler):
    case.log_conversation(said="Ça va \ue000 \u202eabc\u0007", on=MONDAY, by=handler)
    said = words(made(case))
    assert "Ça va [u+e000] abc" in said


def test_what_was_said_in_arabic_runs_from_the_right(case, handler):
    case.log_conversation(said="وصلت الثلاجة متأخرة يومين", on=MONDAY, by=handler)
    assert "وصلت" in re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", words(made(case)))


def test_a_long_history_is_set_in_parts(case, handler, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    for number in range(5):
        case.record("noted", f"Note {number}.", on=MONDAY, by=handler)
    parts = [chapter.title for chapter in telling.history(case)]
    assert parts[0] == "History"
    assert set(parts[1:]) == {"History, continued"}
    assert "Note 4." in words(made(case))


def test_exporting_it_is_part_of_the_history(client, issued, lead):
    client.force_login(lead)
    answer = client.post(reverse("admin:cases_case_file", args=[issued.case.pk]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    event = issued.case.events.last()
    assert (event.kind, event.by) == ("exported", lead)
    assert "The file of the case was exported" in event.text


@pytest.mark.parametrize(("who", "sees"), [("lead", True), ("handler", False)])
def test_leads_find_the_button_and_handlers_do_not(client, case, lead, handler, who, sees):
    client.force_login({"lead": lead, "handler": handler}[who])
    shown = client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert ("Export the file" in shown) is sees


def test_the_command_writes_it(case, tmp_path):
    call_command("casefile", case.reference, str(tmp_path / "out.pdf"))
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    assert Event.objects.filter(case=case, kind="exported").exists()


def test_the_same_case_gives_the_same_file(issued):
    at = clock.now()
    one, other = io.BytesIO(), io.BytesIO()
    for file in (one, other):
        packing.write(issued.case, file, on=TUESDAY, at=at, by=None)
    assert one.getvalue() == other.getvalue()
