"""Files from strangers: what is taken, what is refused with which words, and under which name it is shown."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import attachments, intake
from cases.models import Attachment, Part
from tests.conftest import MONDAY

MB = 1024 * 1024


def archive(**parts):
    """A zip archive; the names of its parts are written with __ for a slash and _dot_ for a full stop."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in parts.items():
            zipped.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return content.getvalue()


def office(main, *, declared="<Types/>", **parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in {"[Content_Types].xml": declared, main: "<w/>", **parts}.items():
            zipped.writestr(name, text)
    return content.getvalue()


PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
GIF = b"GIF89a\x01\x00\x01\x00"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="<o/>")
EML = b"Received: from a\r\n\tby b\r\nFrom: Eleanor <eleanor@example.org>\r\nSubject: Fridge\r\n\r\nIt is dented."
TXT = "The door is dented. ثلاجة 冰箱".encode()
GOOD = {
    "bill.pdf": PDF,
    "door.png": PNG,
    "door.jpg": JPG,
    "door.jpeg": JPG,
    "door.gif": GIF,
    "door.webp": WEBP,
    "door.heic": HEIC,
    "letter.docx": DOCX,
    "letter.odt": ODT,
    "list.xlsx": XLSX,
    "mail.eml": EML,
    "notes.txt": TXT,
}


def file(name, content):
    named = ContentFile(content)
    named.name = name
    return named


def said_about(*files):
    with pytest.raises(ValidationError) as refused:
        attachments.checked(files)
    assert list(refused.value.message_dict) == ["attachments"]
    return refused.value.message_dict["attachments"]


def shown(name, content=PDF):
    [row] = attachments.checked([file(name, content)])
    return row["name"]


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_we_name_is_taken(name):
    [row] = attachments.checked([file(name, GOOD[name])])
    assert row["name"] == name
    assert row["content_type"] == attachments.CONTENT_TYPES[name.rpartition(".")[2]]
    assert row["size"] == len(GOOD[name])
    assert row["sha256"] == hashlib.sha256(GOOD[name]).hexdigest()
    assert row["file"].read() == GOOD[name]


def test_no_kind_is_promised_that_is_not_tested():
    assert {name.rpartition(".")[2] for name in GOOD} == set(attachments.CONTENT_TYPES)


def test_the_extension_may_be_in_capitals():
    assert shown("IMG_2041.JPG", JPG) == "IMG_2041.jpg"


def test_no_files_are_no_fault():
    assert attachments.checked([]) == []


@pytest.mark.parametrize(
    "text", ["Tür verbeult, 40 €".encode("cp1252"), "冰箱".encode("gb18030"), b"\xef\xbb\xbfplain"]
)
def test_a_text_may_be_in_an_old_code_page(text):
    assert shown("notes.txt", text) == "notes.txt"


# --- refused, with the file's name in the sentence ---


@pytest.mark.parametrize(
    "name",
    ["page.html", "logo.svg", "data.xml", "run.js", "run.exe", "bill.pdf.exe", "macro.docm", ".htaccess", "CON", "bill",
     "\u200b.htaccess", ".ht\u200baccess", ".user.ini", "bill.pdf\u200b.php", "bill\uff0epdf", "bill.p\u200bhp"],
)  # fmt: skip
def test_a_kind_that_we_do_not_take_is_refused(name):
    [sentence] = said_about(file(name, PDF))
    assert sentence.endswith("is of a kind that can't be attached.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bill.pdf", b"<html><script>alert(1)</script> %PDF-1.7"),
        ("bill.pdf", b"MZ\x90\x00"),
        ("bill.pdf", PNG),
        ("door.png", JPG),
        ("door.jpg", b"<svg onload=alert(1)>"),
        ("door.gif", b"GIF90a"),
        ("letter.docx", archive(readme_dot_txt="hello")),
        ("letter.docx", XLSX),
        ("letter.docx", b"PK\x03\x04 and then nothing that is an archive"),
        ("letter.odt", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("letter.odt", DOCX),
        ("letter.odt", archive(MIMETYPE="application/vnd.oasis.opendocument.text")),
        ("letter.docx", archive(word__document_dot_xml="<w/>")),
        ("notes.txt", b"a\x00b"),
        ("notes.txt", PDF),
        ("notes.txt", "wide".encode("utf-16")),
        ("mail.eml", b"Dear all,\n\nthis is no e-mail."),
        ("mail.eml", b"X-Something: else\n\nno sender, no date"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content):
    [sentence] = said_about(file(name, content))
    assert sentence.startswith(f"“{name}” is not what its name says.")


@pytest.mark.parametrize(
    "content",
    [
        office("word/document.xml", **{"word/vbaProject.bin": "macro"}),
        office("word/document.xml", **{"word/VBAPROJECT.BIN": "macro"}),
        office("word/document.xml", declared="<Override ContentType='application/vnd.ms-office.vbaProject'/>"),
        office("word/document.xml", declared="application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)
def test_a_document_with_macros_is_refused_under_any_name(content):
    assert said_about(file("letter.docx", content))


def test_an_open_document_with_macros_is_refused():
    content = archive(mimetype="application/vnd.oasis.opendocument.text", Basic__Standard__script_dot_xml="macro")
    assert said_about(file("letter.odt", content))


def test_a_bomb_in_an_archive_is_refused_and_not_unpacked(monkeypatch):
    bomb = office("word/document.xml", declared="x" * 50 * MB)
    read = []
    start_of = attachments._start_of
    monkeypatch.setattr(attachments, "_start_of", lambda *args: read.append(start_of(*args)) or read[-1])
    assert said_about(file("letter.docx", bomb))
    assert [len(part) for part in read] == [MB]


def test_an_empty_file_is_refused():
    assert said_about(file("bill.pdf", b"")) == ["“bill.pdf” is empty."]


def test_a_file_of_ten_megabytes_is_taken_and_one_byte_more_is_not():
    assert attachments.checked([file("bill.pdf", PDF.ljust(10 * MB))])
    [sentence] = said_about(file("bill.pdf", PDF.ljust(10 * MB + 1)))
    assert sentence == "“bill.pdf” is too large: files can be up to 10 MB each."


def test_files_of_more_than_25_megabytes_together_are_refused():
    [sentence] = said_about(*(file(f"{n}.pdf", PDF.ljust(9 * MB)) for n in range(3)))
    assert sentence == "Files can be up to 25 MB together. Yours have 27.0 MB; leave some out."


def test_ten_files_are_taken_and_eleven_are_not():
    assert len(attachments.checked([file("bill.pdf", PDF)] * 10)) == 10
    assert said_about(*[file("bill.pdf", PDF)] * 11) == ["Choose at most 10 files (you chose 11)."]


def test_every_faulty_file_gets_its_own_sentence():
    sentences = said_about(file("a.svg", b"<svg/>"), file("good.pdf", PDF), file("b.pdf", b""))
    assert [sentence.split("”")[0] for sentence in sentences] == ["“a.svg", "“b.pdf"]


# --- the name that is shown ---


@pytest.mark.parametrize(
    ("sent_as", "name"),
    [
        ("../../etc/bill.pdf", "bill.pdf"),
        ("C:\\Users\\Eleanor\\bill.pdf", "bill.pdf"),
        ("..\\../bill.pdf", "bill.pdf"),
        ("bi\x00ll.pdf", "bill.pdf"),
        ("bi\r\nll\t.pdf", "bill.pdf"),
        ("fdp\u202egnp.pdf", "fdpgnp.pdf"),
        ("\u200bbill\u2066.pdf\u200f", "bill.pdf"),
        ("my   bill .pdf", "my bill.pdf"),
        ("bill.pdf. .", "bill.pdf"),
        ("<b>bill</b>.pdf", "b>.pdf"),
        ("فاتورة.pdf", "فاتورة.pdf"),
        ("发票.PDF", "发票.pdf"),
        (".pdf", "attachment-1.pdf"),
        ("...pdf", "attachment-1.pdf"),
    ],
)
def test_the_name_shown_has_no_path_and_nothing_hidden(sent_as, name):
    assert shown(sent_as) == name


def test_a_long_name_keeps_its_extension():
    name = shown("b" * 300 + ".pdf")
    assert len(name) == 120
    assert name.endswith("bbb.pdf")


@pytest.mark.parametrize("nothing", ["", "..", ".", "../", "\u200b", " "])
@pytest.mark.parametrize(
    ("content", "name"), [(PDF, "attachment-2.pdf"), (PNG, "attachment-2.png"), (EML, "attachment-2.eml")]
)
def test_a_file_without_a_name_is_called_by_its_place_and_content(nothing, content, name):
    rows = attachments.checked([file("first.pdf", PDF), file(nothing, content)])
    assert rows[1]["name"] == name


# --- kept, and handed out ---


@pytest.fixture
def kept(db, complaint):
    """Eleanor's bill, at her case."""
    upload = SimpleUploadedFile("../фактура <1>.pdf", PDF)
    case = intake.receive(intake.replace(complaint, attachments=(upload,)), on=MONDAY)
    return case.attachments.get()


def address(kept):
    return reverse("cases:attachment", args=[kept.pk])


def test_a_file_is_kept_under_a_name_that_tells_nothing(kept):
    assert kept.name == "фактура <1>.pdf"
    assert "pdf" not in kept.file.name
    assert kept.file.read() == PDF


def test_a_refused_file_keeps_the_whole_complaint_out(complaint, db):
    with pytest.raises(ValidationError):
        intake.receive(intake.replace(complaint, attachments=(file("a.svg", b"<svg/>"),)), on=MONDAY)
    assert not Attachment.objects.exists()


def test_a_file_comes_as_a_download_that_runs_nothing(client, kept, handler):
    client.force_login(handler, backend="cases.rights.RoleBackend")
    response = client.get(address(kept))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


def test_nobody_gets_a_file_without_signing_in(client, kept):
    response = client.get(address(kept))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_whom_the_complaint_is_about_does_not_get_its_files(client, kept, concerned, lead):
    kept.case.involve(part=Part.CONCERNED, why="Answered the call.", user=concerned, on=MONDAY, by=lead)
    client.force_login(concerned, backend="cases.rights.RoleBackend")
    assert client.get(address(kept)).status_code == 404


def test_staff_without_a_role_get_no_files(client, kept, driver):
    client.force_login(driver, backend="cases.rights.RoleBackend")
    assert client.get(address(kept)).status_code == 302


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
def test_a_file_that_is_not_there_is_not_found(client, lead, number):
    client.force_login(lead, backend="cases.rights.RoleBackend")
    assert client.get(reverse("cases:attachment", args=[number])).status_code == 404


def test_a_file_lost_from_the_disk_is_not_found_and_leaves_a_line_in_the_log(client, kept, lead, caplog):
    kept.file.storage.delete(kept.file.name)
    client.force_login(lead, backend="cases.rights.RoleBackend")
    assert client.get(address(kept)).status_code == 404
    assert f"attachment {kept.pk} has lost its file" in caplog.text
