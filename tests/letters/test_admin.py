"""The letter desk, deliveries that wait for a person, and the letterhead."""

import html
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import intake
from casetracker import clock
from letters import dispatch, enclosing, writing
from letters.models import Delivery, Kind, Letter, Letterhead
from tests.conftest import MONDAY, TUESDAY
from tests.letters.pdfs import pdf

HOSTILE = "<script>alert('here')</script>"


@pytest.fixture(autouse=True)
def on_tuesday():
    """It is nine o'clock on Tuesday, the day after Eleanor complained."""
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def desk(client, handler):
    """Ines at her desk."""
    client.force_login(handler)
    return client


@pytest.fixture
def leads_desk(client, lead):
    client.force_login(lead)
    return client


def door(letter, name="change", *more):
    return reverse(f"admin:letters_letter_{name}", args=[letter.pk, *more])


def words(letter, **changes):
    now = {name: getattr(letter, name) for name in ("subject", "salutation", "body", "close")}
    return now | {"seen": letter.edited_at.isoformat()} | changes


def shown(answer) -> str:
    return answer.content.decode()


# --- a draft ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_edited_and_set_anew(desk, draft):
    before = desk.get(door(draft, "pdf")).content
    assert desk.post(door(draft), words(draft, body="Dear all, it is mended.")).status_code == 302
    draft.refresh_from_db()
    assert draft.body == "Dear all, it is mended."
    assert desk.get(door(draft, "pdf")).content != before


def test_an_empty_subject_is_refused_at_its_field_and_the_body_is_not_lost(desk, draft):
    answer = desk.post(door(draft), words(draft, subject="", body="Long and careful words."))
    assert "subject" in answer.context["form"].errors
    assert "Long and careful words." in shown(answer)


def test_whoever_saves_second_is_told_and_loses_nothing(desk, draft, lead):
    mine = words(draft, body="My words.")
    writing.edit(draft, subject="S", salutation="Dear E,", body="Amara's words.", close="Yours,", by=lead)
    answer = desk.post(door(draft), mine)
    told = shown(answer)
    assert "somebody else saved other words while you were writing" in told
    assert "<ins>My</ins>" in told
    assert "<del>Amara's</del>" in html.unescape(told)
    assert "My words.</textarea>" in told
    draft.refresh_from_db()
    assert draft.body == "Amara's words."


def test_looking_at_a_draft_and_its_pdf_changes_nothing(desk, draft):
    before = Letter.objects.values().get(pk=draft.pk)
    for name in ("change", "pdf", "issue", "discard"):
        assert desk.get(door(draft, name)).status_code == 200
    assert Letter.objects.values().get(pk=draft.pk) == before


def test_the_pdf_is_shown_in_the_page_and_nothing_of_it_is_kept_by_the_way(desk, draft):
    answer = desk.get(door(draft, "pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert f'src="{door(draft, "pdf")}' in shown(desk.get(door(draft)))


def test_a_letter_with_a_hole_says_so_and_cannot_be_issued(desk, draft):
    desk.post(door(draft), words(draft, body="We call you on [[day of the call]]."))
    assert "day of the call" in str(desk.get(door(draft)).context["findings"])
    assert desk.get(door(draft, "pdf")).status_code == 422
    draft.refresh_from_db()
    answer = desk.post(door(draft, "issue"), {"seen": draft.edited_at.isoformat()})
    assert "The letter stays a draft" in shown(answer)
    assert not Letter.objects.issued().exists()


def test_hostile_words_are_shown_as_words(desk, draft):
    desk.post(door(draft), words(draft, subject=HOSTILE, salutation=HOSTILE, body=HOSTILE, close=HOSTILE))
    for name in ("change", "issue"):
        assert "<script>alert" not in shown(desk.get(door(draft, name)))
    assert "&lt;script&gt;alert" in shown(desk.get(door(draft)))


def test_a_draft_is_discarded_and_stays_with_its_case(desk, draft):
    assert desk.post(door(draft, "discard")).status_code == 302
    draft.refresh_from_db()
    assert draft.discarded_on == TUESDAY
    assert draft.case.events.last().kind == "letter discarded"
    assert desk.post(door(draft), words(draft, body="Too late.")).status_code == 200


# --- issuing ----------------------------------------------------------------------------------------------------------


def test_the_page_before_issuing_names_everybody_who_gets_the_letter(desk, draft):
    told = shown(desk.get(door(draft, "issue")))
    for address in ("eleanor@example.org", "kofi@example.com", "marta@example.com"):
        assert address in told


def test_a_letter_by_post_names_its_address_before_it_is_issued(desk, draft):
    draft.case.customer.email = ""
    draft.case.customer.save()
    told = shown(desk.get(door(draft, "issue")))
    assert "by post" in told
    assert "41 Larkfield Row" in told


def test_an_issued_letter_is_only_read(desk, draft):
    answer = desk.post(door(draft, "issue"), {"seen": draft.edited_at.isoformat()})
    assert answer.url == reverse("admin:cases_case_change", args=[draft.case_id])
    letter = Letter.objects.get()
    assert letter.issued_by_name == "Inês Carvalho"
    told = shown(desk.get(door(letter)))
    assert letter.sha256 in told
    assert "waits to be sent" in told
    assert "<textarea" not in told
    assert desk.get(door(letter, "pdf")).content == bytes(letter.pdf)
    assert desk.post(door(letter), words(letter, body="Other words.")).status_code == 200
    assert Letter.objects.get().body == draft.body


def test_a_letter_is_not_issued_other_than_it_was_read(desk, draft, lead):
    seen = draft.edited_at.isoformat()
    writing.edit(draft, subject="S", salutation="Dear E,", body="Other words.", close="Yours,", by=lead)
    answer = desk.post(door(draft, "issue"), {"seen": seen})
    assert "Somebody changed this letter" in shown(answer)
    assert not Letter.objects.issued().exists()


def test_the_button_pressed_twice_issues_one_letter(desk, draft):
    for _ in range(2):
        desk.post(door(draft, "issue"), {"seen": draft.edited_at.isoformat()})
    assert Delivery.objects.filter(copy=None).count() == 1


# --- enclosures -------------------------------------------------------------------------------------------------------


def test_a_pdf_is_enclosed_shown_renamed_and_removed(desk, draft):
    file = SimpleUploadedFile("scan0001.pdf", pdf(pages=2), content_type="application/pdf")
    assert desk.post(door(draft, "enclose"), {"file": file, "title": "Our terms"}).status_code == 302
    enclosure = draft.enclosures.get()
    assert (enclosure.name, enclosure.pages) == ("Our terms", 2)
    assert desk.get(door(draft, "enclosure", enclosure.pk)).content == pdf(pages=2)
    assert desk.post(door(draft, "rename", enclosure.pk), {"title": "Your terms"}).status_code == 302
    told = shown(desk.get(door(draft)))
    assert "Your terms" in told
    assert "2 pages" in told
    assert desk.post(door(draft, "remove", enclosure.pk)).status_code == 302
    assert not draft.enclosures.exists()


@pytest.mark.parametrize(("name", "content"), [("terms.pdf", b"MZ no PDF"), ("note.txt", b"a note"), ("a.pdf", b"")])
def test_anything_but_a_pdf_is_refused_at_the_field(desk, draft, name, content):
    answer = desk.post(door(draft, "enclose"), {"file": SimpleUploadedFile(name, content), "title": "Terms"})
    assert answer.context["enclosure_form"].errors["file"]
    assert not draft.enclosures.exists()


def test_an_enclosure_without_a_title_is_refused_at_that_field(desk, draft):
    answer = desk.post(door(draft, "enclose"), {"file": SimpleUploadedFile("a.pdf", pdf())})
    assert "title" in answer.context["enclosure_form"].errors
    desk.post(door(draft, "enclose"), {"file": SimpleUploadedFile("a.pdf", pdf()), "title": "Terms"})
    answer = desk.post(door(draft, "rename", draft.enclosures.get().pk), {"title": " "}, follow=True)
    assert "Say what it is" in shown(answer)
    assert draft.enclosures.get().name == "Terms"


def test_an_enclosures_name_means_nothing_to_a_header(desk, draft):
    enclosure = enclosing.enclose(draft, 'a"; x=\r\nSet-Cookie: b.pdf', pdf(), on=TUESDAY, by=draft.signatory)
    answer = desk.get(door(draft, "enclosure", enclosure.pk))
    assert answer["Content-Disposition"] == 'inline; filename="a- x- Set-Cookie- b.pdf"'


# --- deliveries -------------------------------------------------------------------------------------------------------


@pytest.fixture
def to_post(ready, handler):
    """The resolution letter to a customer without e-mail, waiting to be posted."""
    ready.customer.email = ""
    ready.customer.save()
    dispatch.issue(writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler), on=TUESDAY, by=handler)
    return Delivery.objects.get(by_post=True)


@pytest.fixture
def unknown(issued):
    """The customer's e-mail: the server had it, and its answer was lost."""
    lost = Delivery.objects.filter(copy=None)
    lost.update(handoff_at=clock.now() - timedelta(hours=1), lease_until=clock.now() - timedelta(minutes=1))
    return lost.get()


@pytest.fixture
def refused(issued):
    said_no = Delivery.objects.filter(copy=None)
    said_no.update(refused_at=clock.now(), smtp_code=550, smtp_reply="No such mailbox")
    return said_no.get()


def listed(desk, name):
    answer = desk.get(reverse("admin:letters_delivery_changelist"), {"list": name})
    return list(answer.context["cl"].result_list), shown(answer)


def decide(desk, delivery, name, **fields):
    return desk.post(reverse("admin:letters_delivery_decision", args=[delivery.pk, name]), fields)


def test_a_letter_to_post_shows_its_address_and_its_pdf(desk, to_post):
    rows, told = listed(desk, "to_post")
    assert rows == [to_post]
    assert "41 Larkfield Row" in told
    assert door(to_post.letter, "pdf") in told


def test_a_letter_is_marked_as_posted_once(desk, to_post):
    assert decide(desk, to_post, "posted", posted_on="2026-11-10").status_code == 302
    to_post.refresh_from_db()
    assert (to_post.posted_on, to_post.posted_by_name) == (TUESDAY, "Inês Carvalho")
    assert to_post.letter.case.answered_on == TUESDAY
    assert listed(desk, "to_post")[0] == []
    assert "already marked as posted" in shown(decide(desk, to_post, "posted", posted_on="2026-11-10"))


@pytest.mark.parametrize("day", ["2026-11-11", "2026-11-09", ""])
def test_no_letter_is_posted_in_the_future_or_before_it_was_issued(desk, to_post, day):
    assert "posted_on" in decide(desk, to_post, "posted", posted_on=day).context["form"].errors
    to_post.refresh_from_db()
    assert to_post.posted_on is None


def test_a_person_decides_that_an_unknown_letter_arrived(desk, unknown):
    rows, told = listed(desk, "unknown")
    assert rows == [unknown]
    assert "It arrived" in told
    assert decide(desk, unknown, "arrived").status_code == 302
    unknown.refresh_from_db()
    assert unknown.settled_by_name == "Inês Carvalho"
    assert listed(desk, "unknown")[0] == []


def test_sending_an_unknown_letter_again_is_offered_when_nobody_can_finish_the_first_one(desk, unknown):
    Delivery.objects.filter(pk=unknown.pk).update(handoff_at=clock.now() - timedelta(minutes=20))
    told = listed(desk, "unknown")[1]
    assert "It arrived" in told
    assert "Send again</a>" not in told
    assert "Can be sent again from 09:10" in told
    fields = {"to_email": "eleanor@example.org", "reason": "She has not got it."}
    assert "It can be sent again from 09:10." in shown(decide(desk, unknown, "again", **fields))
    Delivery.objects.filter(pk=unknown.pk).update(handoff_at=clock.now() - timedelta(minutes=30))
    assert "Send again</a>" in listed(desk, "unknown")[1]


@pytest.mark.parametrize(
    ("copied", "words"),
    [
        (False, "The archive mailbox refused its copy, so its silence says nothing."),
        (True, "which has not been found there so far"),
        (None, "No copy of it went to an archive mailbox"),
    ],
)
def test_whoever_decides_about_an_unknown_letter_reads_what_the_archive_can_tell(desk, unknown, copied, words):
    Delivery.objects.filter(pk=unknown.pk).update(copied_to_archive=copied)
    for name in ("arrived", "again"):
        assert words in shown(desk.get(reverse("admin:letters_delivery_decision", args=[unknown.pk, name])))


def test_an_unknown_letter_is_sent_again_with_a_reason(desk, unknown):
    assert "reason" in decide(desk, unknown, "again", to_email="eleanor@example.org").context["form"].errors
    fields = {"to_email": "eleanor@example.org", "reason": "She has not got it."}
    assert decide(desk, unknown, "again", **fields).status_code == 302
    assert Delivery.objects.get(resend_of=unknown).resend_reason == "She has not got it."


def test_a_refused_letter_goes_to_the_corrected_address(desk, refused):
    assert listed(desk, "refused")[0] == [refused]
    decide(desk, refused, "again", to_email="e.whitcombe@example.org", reason="A slip in the address.")
    assert Delivery.objects.get(resend_of=refused).to_email == "e.whitcombe@example.org"
    assert listed(desk, "refused")[0] == []


@pytest.mark.parametrize("address", ["eleanor@", "a@b.example\r\nBcc: c@d.example", ""])
def test_a_wrong_address_is_refused_at_its_field(desk, refused, address):
    answer = decide(desk, refused, "again", to_email=address, reason="x")
    assert "to_email" in answer.context["form"].errors
    assert not Delivery.objects.filter(resend_of=refused).exists()


def test_a_delivery_that_waits_for_nobody_is_not_decided_about(desk, issued):
    waiting = Delivery.objects.filter(copy=None).get()
    for name in ("arrived", "again"):
        answer = decide(desk, waiting, name, to_email="a@example.org", reason="x")
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert "desk-button" not in listed(desk, "all")[1].split('id="result_list"')[-1]
    assert Delivery.objects.count() == 3


def test_the_list_of_deliveries_asks_a_fixed_number_of_questions(
    desk, to_post, complaint, handler, django_assert_max_num_queries
):
    for _ in range(4):
        case = intake.receive(replace(complaint, email=""), on=MONDAY)
        case.assign(handler, on=MONDAY, by=handler)
        case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
        dispatch.issue(writing.draft(case, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler), on=TUESDAY, by=handler)
    with django_assert_max_num_queries(10):
        assert len(listed(desk, "to_post")[0]) == 5


# --- the letterhead --------------------------------------------------------------------------------------------------


def test_a_lead_sets_up_the_letterhead_with_its_logo(leads_desk):
    logo = SimpleUploadedFile("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    fields = {"name": "Ellerfold", "street": "4 Kiln Yard", "city": "Sheffield", "country": "GB", "colour": "#1f4e79"}
    fields |= {"style": "semi_block", "paper": "us_letter"}
    answer = leads_desk.post(reverse("admin:letters_letterhead_add"), fields | {"logo": logo})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    paper = Letterhead.objects.get()
    assert paper.logo.read().startswith(b"<svg")
    assert leads_desk.get(reverse("admin:letters_letterhead_change", args=[paper.pk])).status_code == 200


def test_a_colour_that_is_none_is_refused(leads_desk):
    fields = {"name": "E", "street": "4", "city": "S", "country": "GB", "colour": "red; background: url(x)"}
    answer = leads_desk.post(reverse("admin:letters_letterhead_add"), fields)
    assert "colour" in answer.context["adminform"].form.errors
