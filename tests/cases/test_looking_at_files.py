"""Files of strangers, looked at: a picture, a PDF, a text, each in a page that may do nothing else; the rest is only
downloaded."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import intake
from cases.models import Attachment
from tests.cases.desk import page, shown
from tests.conftest import MONDAY
from tests.letters.paper import picture
from tests.letters.pdfs import pdf

PNG = picture("PNG")

pytestmark = pytest.mark.usefixtures("on_tuesday")


def look(file):
    return reverse("admin:cases_case_look", args=[file.case_id, file.pk])


def content(file):
    return reverse("admin:cases_case_bytes", args=[file.case_id, file.pk])


def policy(answer) -> dict:
    rules = (rule.strip().partition(" ") for rule in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in rules}


@pytest.fixture
def kept(complaint):
    """Keeps one file with a complaint."""

    def keep(name, data):
        file = SimpleUploadedFile(name, data)
        return intake.receive(replace(complaint, attachments=(file,)), on=MONDAY).attachments.get()

    return keep


@pytest.mark.parametrize(("name", "data"), [("dent.png", PNG), ("invoice.pdf", pdf())])
def test_a_picture_and_a_pdf_are_shown_in_a_page_without_scripts(desk, kept, name, data):
    file = kept(name, data)
    answer = desk.get(look(file))
    assert content(file) in shown(answer)
    assert "<script" not in shown(answer)
    assert policy(answer)["default-src"] == "'none'"
    assert "script-src" not in policy(answer)
    assert policy(answer)["frame-ancestors"] == "'none'"
    assert "no-store" in answer["Cache-Control"]


def test_the_bytes_of_a_picture_are_what_they_are_said_to_be_and_can_do_nothing(desk, kept):
    answer = desk.get(content(kept("dent.png", PNG)))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert policy(answer) == {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}
    assert b"".join(answer) == PNG


def test_the_bytes_of_a_pdf_are_shown_in_our_own_page_alone_and_load_nothing(desk, kept):
    answer = desk.get(content(kept("invoice.pdf", pdf())))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("inline")
    assert policy(answer)["default-src"] == "'none'"
    assert policy(answer)["frame-ancestors"] == "'self'"


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "note.txt"), ("cp1252", "note.txt")])
def test_a_text_is_shown_as_text_in_either_code(desk, kept, encoding, name):
    file = kept(name, "<script>alert(1)</script> Süße Grüße".encode(encoding))
    told = shown(desk.get(look(file)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Süße Grüße" in told
    assert desk.get(content(file)).status_code == 404


def test_a_long_text_is_cut_and_says_so(desk, kept):
    told = shown(desk.get(look(kept("long.txt", b"word " * 60_000))))
    assert "The rest is in the download." in told
    assert len(told) < 250_000


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/zip", "image/heic"])
def test_nothing_else_is_opened_whatever_it_is_called(desk, kept, content_type):
    file = kept("dent.png", PNG)
    row = {"case": file.case, "name": file.name, "size": file.size, "sha256": file.sha256}
    odd = Attachment.objects.create(file=file.file.name, content_type=content_type, **row)
    assert desk.get(content(odd)).status_code == 404
    answer = desk.get(look(odd))
    assert "is not opened here" in shown(answer)
    assert "<img" not in shown(answer)


def test_a_file_is_looked_at_only_through_its_own_case(desk, kept, case):
    file = kept("dent.png", PNG)
    assert desk.get(reverse("admin:cases_case_look", args=[case.pk, file.pk])).status_code == 404
    assert desk.get(reverse("admin:cases_case_bytes", args=[case.pk, file.pk])).status_code == 404


def test_a_file_that_the_disk_has_lost_is_not_there(desk, kept):
    file = kept("dent.png", PNG)
    file.file.storage.delete(file.file.name)
    assert desk.get(content(file)).status_code == 404


def test_the_page_of_the_case_leads_to_the_look_and_to_the_download(desk, kept):
    file = kept("dent.png", PNG)
    told = shown(desk.get(page(file.case)))
    assert look(file) in told
    assert reverse("cases:attachment", args=[file.pk]) in told
