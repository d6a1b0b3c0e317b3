"""What goes with a letter is looked at when it is added, named in a person's words, and kept as it came."""

import hashlib
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest
from django.db import Error, transaction
from pikepdf import Dictionary, Name

from letters import decisions, dispatch, enclosable, enclosing, inspector, writing
from letters.enclosable import NotEnclosable
from letters.models import Delivery, Enclosure, Kind, Letter
from tests.conftest import TUESDAY
from tests.letters.pdfs import A4, acting, carrying, pdf, scanned, written_in, xfa

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
GREY = bytes(range(0, 256, 4))
HELVETICA = {"Subtype": Name.Type1, "BaseFont": Name.Helvetica}


def faults(content):
    with pytest.raises(NotEnclosable) as no:
        enclosable.pages(content)
    return " ".join(no.value.faults)


# --- is it a PDF that anybody can open, print and keep? ---------------------------------------------------------------


def test_a_pdf_has_its_pages_counted():
    assert enclosable.pages(pdf(pages=3)) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a document", b"<html>%PDF-1.7</html>"])
def test_anything_but_a_pdf_is_refused(content):
    assert faults(content) == "It is not a PDF. Save it as one, or print it into one."


@pytest.mark.parametrize("content", [b"%PDF-1.7 record", pdf()[:-80], pdf().replace(b"endstream", b"endstraem")])
def test_a_damaged_pdf_is_refused(content):
    assert faults(content) == enclosable.DAMAGED


def test_a_pdf_with_a_password_is_refused():
    assert "asks for a password" in faults(pdf(encryption=pikepdf.Encryption(owner="o", user="u")))


def test_a_pdf_that_forbids_printing_is_refused():
    assert "Save it without protection" in faults(pdf(encryption=pikepdf.Encryption(owner="o", user="")))


def test_so_many_pages_and_no_more(monkeypatch):
    assert enclosable.pages(pdf(pages=enclosable.PAGES_LIMIT)) == enclosable.PAGES_LIMIT
    assert "has 51 pages, more than 50" in faults(pdf(pages=51))


def test_a_pdf_that_is_too_large_is_told_its_size_in_megabytes():
    assert "It has 7.0 MB, and enclosures may have 6 MB" in faults(pdf() + b" " * 7 * enclosable.MB)


# --- what acts, and what is not seen ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        acting(S=Name.JavaScript, JS="app.alert(1)"),
        acting(S=Name.Launch, F="calc.exe"),
        acting(S=Name.SubmitForm, F="http://example.com"),
        acting(S=Name.GoTo, Next=Dictionary(S=Name.Launch, F="calc.exe")),
    ],
)
def test_a_pdf_that_does_something_is_refused(content):
    assert "There is a program or a film in it" in faults(content)


def test_a_program_is_found_wherever_it_lies():
    def change(made):
        inner = made.make_indirect(Dictionary(S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)")))
        made.pages[0].obj.AA = Dictionary(O=inner)

    for mode in pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate:
        assert "There is a program" in faults(pdf(change=change, object_stream_mode=mode))


def test_a_link_does_no_harm():
    assert enclosable.pages(acting(S=Name.URI, URI="https://example.com")) == 1


def test_files_inside_are_refused():
    assert "other files inside it" in faults(carrying())


def test_an_xfa_form_is_refused():
    assert "XFA form" in faults(xfa())


# --- can it be read? --------------------------------------------------------------------------------------------------


def test_a_font_that_is_not_in_the_file_is_named():
    assert "The font Helvetica is not in it" in faults(written_in(HELVETICA))


def test_a_font_that_is_in_the_file_or_drawn_in_it_is_welcome():
    described = Dictionary(Type=Name.FontDescriptor, FontName=Name.Abc, FontFile2=Dictionary())
    assert enclosable.pages(written_in(HELVETICA | {"FontDescriptor": described})) == 1
    assert enclosable.pages(written_in({"Subtype": Name.Type3})) == 1


def test_the_words_that_a_scanner_laid_over_its_picture_need_no_font():
    assert enclosable.pages(scanned(GREY, words=True)) == 1


def test_a_font_is_missed_in_a_drawing_within_the_page_too():
    def change(made):
        font = made.make_indirect(Dictionary(Type=Name.Font, **HELVETICA))
        form = made.make_stream(b"BT /F1 12 Tf (Read me) Tj ET")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, 500, 500]
        form.Resources = Dictionary(Font=Dictionary(F1=font))
        made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fm1=form))
        made.pages[0].obj.Contents = made.make_stream(b"/Fm1 Do")

    assert "The font Helvetica" in faults(pdf(change=change))


@pytest.mark.parametrize("content", [pdf(content=b""), pdf(content=b"1 g 0 0 595 842 re f"), scanned(b"\xfe" * 64)])
def test_empty_pages_are_refused(content):
    assert "Its pages are empty" in faults(content)


def test_a_scanned_picture_is_something_to_see():
    assert enclosable.pages(scanned(GREY)) == 1


@pytest.mark.parametrize(("size", "fits"), [(A4, True), ((9_000, 9_000), False), ((40, 800), False)])
def test_a_page_measures_what_paper_may_measure(size, fits):
    content = pdf(size=size)
    if fits:
        assert enclosable.pages(content) == 1
    else:
        assert "Page 1 measures" in faults(content)


def test_everything_wrong_with_a_file_is_told_at_once():
    def change(made):
        made.Root.OpenAction = Dictionary(S=Name.Launch, F="calc.exe")
        made.attachments["data.xml"] = b"<data/>"

    told = faults(pdf(content=b"", change=change))
    assert "a program" in told
    assert "other files" in told
    assert "empty" in told


# --- it is looked at by a process of its own --------------------------------------------------------------------------


def test_a_file_that_unfolds_into_gigabytes_stops_no_worker():
    bomb = zlib.compressobj(9)
    folded = b"".join(bomb.compress(b"\0" * 2**20) for _ in range(2_000)) + bomb.flush()

    def change(made):
        made.pages[0].obj.Contents = pikepdf.Stream(made, folded, Filter=Name.FlateDecode)

    content = pdf(change=change, compress_streams=False)
    assert len(content) < enclosable.SIZE_LIMIT
    with pytest.raises(NotEnclosable, match="too much"):
        enclosing.inspected(content)


def test_the_process_that_looks_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s")
    monkeypatch.setenv("DATABASE_URL", "d")
    told = "import os, json; print(json.dumps({'pages': sorted(os.environ)}))"
    monkeypatch.setattr(enclosing, "INSPECTOR", (enclosing.INSPECTOR[0], "-c", told))
    known = enclosing.inspected(b"")
    assert "PATH" in known
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(known)


def test_the_process_says_what_the_function_says():
    assert enclosing.inspected(pdf(pages=2)) == 2
    with pytest.raises(NotEnclosable, match="other files inside it"):
        enclosing.inspected(carrying())
    assert inspector.MEMORY > 500


# --- with the letter --------------------------------------------------------------------------------------------------


@pytest.fixture
def enclose(draft, handler):
    def enclose(name="Delivery record", content=None, **made):
        return enclosing.enclose(draft, name, content or pdf(**made), on=TUESDAY, by=handler)

    return enclose


def test_the_letter_names_its_enclosures_in_their_order_with_their_pages(draft, enclose):
    enclose("Your contract", pages=2)
    enclose("Delivery record")
    sheet = writing.sheet(draft, on=TUESDAY)
    assert sheet.enclosures == ("Your contract (2 pages)", "Delivery record (1 page)")


def test_the_bytes_stay_as_they_came(draft, enclose):
    content = pdf()
    kept = enclose(content=content)
    kept.refresh_from_db()
    assert (bytes(kept.content), kept.sha256) == (content, hashlib.sha256(content).hexdigest())


def test_the_database_refuses_other_bytes_in_their_place(enclose):
    enclosure = enclose()
    for changed in ({"content": b"%PDF-1.7 forged"}, {"sha256": "x"}, {"pages": 7}):
        with pytest.raises(Error, match="never changed"), transaction.atomic():
            Enclosure.objects.filter(pk=enclosure.pk).update(**changed)


def test_the_same_file_twice_is_refused_and_says_which(draft, enclose):
    enclose("Your contract")
    with pytest.raises(NotEnclosable, match="enclosed already, as “Your contract”"):
        enclose("Another name")
    assert draft.enclosures.count() == 1


def test_all_enclosures_together_fit_into_one_mail(draft, enclose, monkeypatch):
    monkeypatch.setattr(enclosing, "SIZE_LIMIT", len(pdf(mark="1")) + 100)
    enclose(mark="1")
    with pytest.raises(NotEnclosable, match="larger mails are turned back"):
        enclose(mark="2")


def test_a_letter_that_is_too_large_with_its_enclosures_is_not_issued(draft, enclose, handler, monkeypatch):
    enclose()
    monkeypatch.setattr(enclosing, "MAIL_LIMIT", 10_000)
    with pytest.raises(dispatch.NotIssued, match="Take an enclosure out"):
        dispatch.issue(draft, on=TUESDAY, by=handler)


def test_a_title_is_changed_as_long_as_the_letter_is_a_draft(draft, enclose, handler):
    enclosure = enclose("scan0001")
    enclosing.rename(enclosure, "Your contract", on=TUESDAY, by=handler)
    assert writing.sheet(draft, on=TUESDAY).enclosures == ("Your contract (1 page)",)
    assert "“scan0001” is called “Your contract” now" in draft.case.events.last().text
    draft.refresh_from_db()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    with pytest.raises(writing.CannotDraft, match="stays as it is"):
        enclosing.rename(draft.enclosures.get(), "Other", on=TUESDAY, by=handler)


@pytest.mark.parametrize("name", ["", "  ", "\x00\r\n"])
def test_an_enclosure_has_a_name(draft, enclose, name):
    with pytest.raises(NotEnclosable, match="Say what it is"):
        enclose(name)


def test_an_issued_letter_keeps_what_went_with_it(draft, enclose, handler):
    enclosure = enclose()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    for touch in (
        lambda: enclose("One more", mark="2"),
        lambda: enclosing.unenclose(enclosure, on=TUESDAY, by=handler),
    ):
        with pytest.raises(writing.CannotDraft, match="stays as it is"):
            touch()
    assert draft.enclosures.get() == enclosure


def test_what_was_enclosed_since_a_letter_was_read_keeps_it_from_being_issued(draft, enclose, handler):
    read = Letter.objects.get(pk=draft.pk)
    enclose()
    with pytest.raises(dispatch.NotIssued, match="Look at it again"):
        dispatch.issue(read, on=TUESDAY, by=handler)


def test_a_new_enclosure_needs_a_new_approval(draft, enclose, handler, lead, monkeypatch):
    monkeypatch.setattr(decisions, "needs_second_person", lambda letter: letter.kind == Kind.RESOLUTION)
    decisions.put_forward(draft, at=NOON, by=handler)
    decisions.approve(draft, at=NOON, by=lead)
    enclose()
    assert draft.approved_at is None
    draft.refresh_from_db()
    assert draft.approved_at is None


def test_it_is_attached_under_its_name(draft, enclose, handler, settings):
    enclose("Terms / your contract")
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert draft.enclosures.get().file_name == "Terms - your contract.pdf"
    assert Delivery.objects.filter(letter=draft, copy=None).count() == 1
