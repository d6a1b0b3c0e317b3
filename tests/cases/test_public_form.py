"""The customers' form: it takes what people write, says at each field what is wrong, and loses nothing."""

import html
import re
from datetime import UTC, datetime
from http import HTTPStatus as Answer
from uuid import UUID

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from cases import forms, intake
from cases.models import Case
from cases.stages import Stage
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
FORM = "/complain/"
KEY = "0b6ad0f5-9d0e-4a52-8a0f-4a4f6bd0c001"
SCRIPT = "<script>alert('fridge')</script>"


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(datetime(2026, 11, 9, 10, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def told():
    """What Eleanor types, and only what she must."""
    return {
        "submission_key": KEY,
        "name": "Eleanor Whitcombe",
        "email": "eleanor@example.org",
        "language": "en",
        "story": "The fridge came two days late and dented.",
    }


def pdf(name="bill.pdf", content=b"%PDF-1.7\n1 0 obj"):
    return SimpleUploadedFile(name, content)


def text_of(response):
    return html.unescape(response.content.decode())


def faults(response):
    """The sentences at each field of the form that came back; nothing was kept."""
    assert response.status_code == Answer.OK
    assert not Case.objects.exists()
    return dict(response.context["form"].errors)


def mine(case):
    return reverse("cases:my_case", args=[case.page_key])


# --- the form as it is shown ---


def test_the_front_door_leads_to_the_form(client):
    assert client.get("/")["Location"] == FORM


def test_the_form_asks_for_all_that_we_need(client):
    page = text_of(client.get(FORM))
    for heading in ("You", "How can we reach you?", "What happened?", "Files"):
        assert f"<h2>{heading}</h2>" in page
    for field in (*forms.TEXTS, "attachments", "submission_key"):
        assert f'name="{field}"' in page
    for language in ("English", "latviešu", "suomi", "العربيّة", "简体中文"):
        assert language in page


def test_each_form_that_is_shown_has_a_key_of_its_own(client):
    keys = {re.search(r'name="submission_key" value="([^"]+)"', text_of(client.get(FORM)))[1] for _ in range(3)}
    assert len({UUID(key) for key in keys}) == 3


@pytest.mark.parametrize("address", [FORM, "/nothing/here/", "/my/nobody/"])
def test_customers_pages_run_no_script_and_stand_in_no_frame(client, address):
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", response.content.decode())


def test_the_admin_keeps_the_policy_that_its_theme_needs(client):
    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" in client.get("/admin/")["Content-Security-Policy"]


# --- sent ---


def test_a_complaint_that_is_sent_ends_on_the_customers_own_page(client, told):
    response = client.post(FORM, told, follow=True)
    case = Case.objects.get()
    assert response.redirect_chain == [(mine(case), Answer.FOUND)]
    assert response.status_code == Answer.OK
    assert case.reference in text_of(response)
    assert (case.channel, case.received_on, case.logged_by) == ("form", MONDAY, None)


def test_all_that_was_typed_is_kept(client, told):
    more = {
        "title": "Ms",
        "phone": "0117 496 0148",
        "street": "Flat 2, 41 Larkfield Row",
        "city": "Bristol",
        "region": "Avon",
        "postcode": "BS6 7QZ",
        "country": "GB",
        "language": "fi",
        "wanted": "A fridge without a dent.",
        "order_reference": "EH-204418",
    }
    client.post(FORM, told | more)
    case = Case.objects.get()
    kept = {field: str(getattr(case.customer, field)) for field in intake.PERSON}
    kept |= {field: getattr(case, field) for field in ("story", "wanted", "order_reference", "language")}
    unsaid = {"large_print": "False", "no_phone": "False", "adjustments": "", "vulnerability": ""}
    typed = {key: told[key] for key in ("name", "email", "story")} | more | {"phone": "+441174960148"}
    assert kept == typed | unsaid


def test_a_country_alone_is_no_address(client, told):
    client.post(FORM, told | {"country": "GB"})
    assert not Case.objects.get().customer.country


def test_files_are_kept_with_the_complaint(client, told):
    client.post(FORM, told | {"attachments": [pdf("a.pdf"), pdf("b.pdf")]})
    assert [file.name for file in Case.objects.get().attachments.all()] == ["a.pdf", "b.pdf"]


def test_fields_that_the_form_does_not_have_change_nothing(client, told):
    client.post(
        FORM, told | {"stage": "closed", "handler": 1, "id": 5, "channel": "phone", "received_on": "1999-01-01"}
    )
    case = Case.objects.get()
    assert (case.stage, case.handler, case.channel, case.received_on) == (Stage.ACKNOWLEDGE, None, "form", MONDAY)


@pytest.mark.parametrize(
    "way",
    [
        {"email": "eleanor@example.org"},
        {"phone": "0117 496 0148"},
        {"street": "41 Larkfield Row", "city": "Bristol", "country": "GB"},
    ],
)
def test_one_way_to_reach_them_is_enough(client, told, way):
    assert client.post(FORM, told | {"email": ""} | way).status_code == Answer.FOUND


# --- sent twice ---


def test_a_form_sent_twice_is_one_case_and_the_same_page(client, told):
    one = client.post(FORM, told | {"phone": "0117 496 0148", "attachments": [pdf()]})
    with time_machine.travel(datetime(2026, 11, 10, 10, tzinfo=UTC)):
        two = client.post(FORM, told | {"phone": "01174960148", "attachments": [pdf()]}, follow=True)
    assert two.redirect_chain == [(one["Location"], Answer.FOUND)]
    assert two.status_code == Answer.OK
    assert Case.objects.count() == 1


@pytest.mark.parametrize("other", [{"story": "The oven is cold."}, {"name": "Mallory"}, {"attachments": [pdf()]}])
def test_other_words_under_the_same_key_are_refused_without_showing_the_first(client, told, other):
    client.post(FORM, told)
    case = Case.objects.get()
    response = client.post(FORM, told | other)
    assert response.status_code == Answer.CONFLICT
    page = text_of(response)
    assert case.reference in page
    assert case.page_key not in page
    assert other.get("story", told["story"]) in page
    assert "story" not in other or told["story"] not in page
    assert Case.objects.count() == 1


def test_the_key_of_another_customers_form_shows_nothing_of_it(client, told, complaint):
    case = intake.receive(intake.replace(complaint, submission_key=UUID(KEY)), on=MONDAY)
    response = client.post(FORM, told)
    assert response.status_code == Answer.CONFLICT
    for word in (case.story, case.page_key, case.customer.street):
        assert word not in text_of(response)


@pytest.mark.parametrize("key", ["", "not a key", "\x00", SCRIPT, "0b6ad0f5"])
def test_a_key_that_is_none_is_replaced(client, told, key):
    client.post(FORM, told | {"submission_key": key})
    assert Case.objects.get().submission_key


# --- not taken: a sentence at the field, and nothing lost ---


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": ""}, "name", "Tell us your name."),
        ({"name": " \u200b "}, "name", "Tell us your name."),
        ({"name": "Elea\x00nor"}, "name", "Null characters are not allowed."),
        ({"email": ""}, "email", forms.UNREACHABLE),
        ({"email": "", "street": "41 Larkfield Row", "country": "GB"}, "email", forms.UNREACHABLE),
        ({"email": "", "phone": "\u200b"}, "email", forms.UNREACHABLE),
        ({"email": "x@example.org\nBcc: y@example.org"}, "email", "Enter one e-mail address, like name@example.com."),
        ({"story": ""}, "story", "Tell us what happened."),
        ({"story": "x" * 40_001}, "story", "Please keep this under 40,000 characters (you wrote 40,001)."),
        ({"story": "a\x00b"}, "story", "Null characters are not allowed."),
        ({"language": "tlh"}, "language", "Select a valid choice. tlh is not one of the available choices."),
        ({"language": ""}, "language", "Choose a language."),
        ({"title": "Lord"}, "title", "Select a valid choice. Lord is not one of the available choices."),
        ({"country": "ZZ"}, "country", "Select a valid choice. ZZ is not one of the available choices."),
        ({"order_reference": "x" * 61}, "order_reference", "Please keep this under 60 characters (you wrote 61)."),
    ],
)
def test_a_fault_is_told_once_and_at_its_field(client, told, wrong, field, sentence):
    response = client.post(FORM, told | wrong)
    assert faults(response) == {field: [sentence]}
    assert f'id="id_{field}_error"' in text_of(response)


def test_a_phone_number_that_cannot_be_called_is_not_also_called_missing(client, told):
    assert list(faults(client.post(FORM, told | {"email": "", "phone": "12"}))) == ["phone"]


def test_nothing_that_was_typed_is_lost(client, told):
    typed = told | {
        "email": f"{SCRIPT}@",
        "story": f"  {SCRIPT} ثلاجة 冰箱 ",
        "wanted": "A “new” one & soon",
        "street": "41 <Larkfield> Row",
        "language": "ar",
        "country": "FI",
        "title": "Dr",
    }
    response = client.post(FORM, typed)
    assert {field: response.context["form"][field].value() for field in typed} == typed
    assert SCRIPT not in response.content.decode()
    assert SCRIPT in text_of(response)
    assert KEY in text_of(response)


def test_a_megabyte_of_story_comes_back_with_a_sentence(client, told):
    story = "x" * MB
    response = client.post(FORM, told | {"story": story})
    assert faults(response) == {"story": ["Please keep this under 40,000 characters (you wrote 1,048,576)."]}
    assert story in text_of(response)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([pdf("a.svg")], "“a.svg” is of a kind that can't be attached."),
        ([pdf("a.png")], "“a.png” is not what its name says. Save it again in one of the kinds we take."),
        ([pdf("a.pdf", b"")], "“a.pdf” is empty."),
        ([pdf(content=b"%PDF-1".ljust(11 * MB))], "“bill.pdf” is too large: files can be up to 10 MB each."),
        ([pdf()] * 11, "Choose at most 10 files (you chose 11)."),
    ],
)
def test_a_file_that_we_cannot_take_is_told_at_the_files(client, told, files, sentence):
    for upload in files:
        upload.seek(0)
    said = faults(client.post(FORM, told | {"attachments": files}))
    assert said == {"attachments": [sentence, forms.FILES_AGAIN]}


def test_files_are_asked_for_again_when_something_else_was_wrong(client, told):
    said = faults(client.post(FORM, told | {"story": "", "attachments": [pdf()]}))
    assert said["attachments"] == [forms.FILES_AGAIN]
    assert "attachments" not in faults(client.post(FORM, told | {"story": ""}))


def test_an_empty_form_is_answered_field_by_field(client):
    assert list(faults(client.post(FORM, {}))) == ["language", "story", "name", "email"]


# --- not even a form ---

HALF_A_LETTER = b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\n+2AA-\r\n--x--'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"story=" + b"x" * 4 * MB, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(1200)), "application/x-www-form-urlencoded"),
        (b"story=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"story=x", "multipart/form-data"),
        (HALF_A_LETTER, "multipart/form-data; boundary=x; charset=utf-7"),
    ],
)  # fmt: skip
def test_what_is_no_form_gets_a_page_of_ours(client, body, content_type):
    response = client.post(FORM, body, content_type=content_type)
    assert response.status_code == Answer.BAD_REQUEST
    assert "Nothing was sent." in text_of(response)
    assert 'class="public"' in text_of(response)


def test_too_much_at_once_is_called_so(client):
    response = client.post(FORM, b"story=" + b"x" * 4 * MB, content_type="application/x-www-form-urlencoded")
    assert "That was more than we can take at once" in text_of(response)


def test_broken_letters_are_taken_with_marks_in_their_place(client, told):
    body = (
        b"&".join(f"{key}={value}".encode() for key, value in told.items() if key != "story")
        + b"&story=The%ff%fefridge"
    )
    assert client.post(FORM, body, content_type="application/x-www-form-urlencoded").status_code == Answer.FOUND
    assert Case.objects.get().story == "The\ufffd\ufffdfridge"


@pytest.mark.parametrize("address", [FORM, "/my/x/", "/files/1/", "/healthz"])
def test_other_methods_are_refused(client, address):
    assert client.delete(address).status_code == Answer.METHOD_NOT_ALLOWED


# --- when it cannot be trusted or kept ---


def test_a_form_without_its_token_shows_what_was_typed(told):
    response = Client(enforce_csrf_checks=True).post(FORM, told | {"story": SCRIPT})
    assert response.status_code == Answer.FORBIDDEN
    assert SCRIPT in text_of(response)
    assert told["email"] in text_of(response)
    assert SCRIPT not in response.content.decode()
    assert not Case.objects.exists()


def test_a_password_is_never_shown_back():
    response = Client(enforce_csrf_checks=True).post(
        "/admin/login/", {"username": "amara", "story": "x7", "password": "s3cret"}
    )
    assert response.status_code == Answer.FORBIDDEN
    assert "s3cret" not in text_of(response)
    assert "x7" not in text_of(response)


def test_a_form_from_another_site_is_refused(told):
    browser = Client(enforce_csrf_checks=True)
    browser.get(FORM)
    token = browser.cookies["csrftoken"].value
    sent = told | {"csrfmiddlewaretoken": token}
    assert browser.post(FORM, sent, headers={"origin": "https://evil.example"}).status_code == Answer.FORBIDDEN
    assert browser.post(FORM, sent).status_code == Answer.FOUND


def test_a_database_that_is_away_loses_nothing(client, told, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("no connection")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        response = client.post(FORM, told | {"attachments": [pdf()]})
    assert response.status_code == Answer.SERVICE_UNAVAILABLE
    page = text_of(response)
    for word in (told["story"], told["name"], KEY, forms.FILES_AGAIN, "could not be saved just now"):
        assert word in page
    assert client.post(FORM, told).status_code == Answer.FOUND


def test_a_fault_of_ours_is_admitted_in_our_style(told, monkeypatch):
    monkeypatch.setattr(intake, "receive", lambda *args, **kwargs: 1 / 0)
    response = Client(raise_request_exception=False).post(FORM, told)
    assert response.status_code == Answer.INTERNAL_SERVER_ERROR
    assert "Something broke on our side" in text_of(response)


def test_health_is_told(client, monkeypatch):
    response = client.get("/healthz")
    assert response.json() == {"ok": True}
    assert "no-store" in response["Cache-Control"]

    def away(*args, **kwargs):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        sick = client.get("/healthz")
    assert (sick.status_code, sick.json()) == (Answer.SERVICE_UNAVAILABLE, {"ok": False})
