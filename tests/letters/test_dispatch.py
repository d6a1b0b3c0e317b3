"""The only way out: what is issued is frozen, and each envelope goes once."""

import email
import hashlib
import re
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest

from cases import followups
from cases.models import Refused
from cases.models.followup import opening
from casetracker import clock
from letters import dispatch, enclosing, post, writing
from letters.models import Delivery, Kind, Letterhead
from tests.conftest import FRIDAY, MONDAY, TUESDAY, still_missing
from tests.letters.paper import pages
from tests.letters.pdfs import pdf
from tests.letters.smtp_server import ScriptedServer, cut

HOLE = re.compile(r"\[\[[^\[\]]*\]\]")


def mails(settings):
    folder = Path(settings.MAIL_URL.removeprefix("folder:"))
    found = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    return sorted(found, key=lambda message: message["To"])


def only(things):
    (thing,) = things
    return thing


def problems(draft, handler):
    with pytest.raises(dispatch.NotIssued) as refused:
        dispatch.issue(draft, on=TUESDAY, by=handler)
    draft.refresh_from_db()
    assert draft.issued_on is None
    assert not Delivery.objects.exists()
    return refused.value.problems


# --- issue ---


def test_an_issued_letter_keeps_its_bytes_their_fingerprint_its_template_and_its_recipients(issued):
    assert bytes(issued.pdf).startswith(b"%PDF-")
    assert issued.sha256 == hashlib.sha256(issued.pdf).hexdigest()
    assert issued.template_version.number == 1
    assert issued.sheet["copies"] == ["Kofi Mensah, Delivery Driver", "Marta Kowalska, Delivery Planner"]
    assert [copy.email for copy in issued.copies.all()] == ["kofi@example.com", "marta@example.com"]


def test_letters_are_numbered_without_a_gap_through_the_year(issued, handler):
    assert issued.number == "2026/1"
    issued.case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    letter = writing.draft(issued.case, Kind.PROGRESS, on=TUESDAY, by=handler)
    with pytest.raises(dispatch.NotIssued):
        dispatch.issue(letter, on=TUESDAY, by=handler)  # it still holds a hole
    letter.body = HOLE.sub("There is nothing new yet.", letter.body)
    letter.save()
    dispatch.issue(letter, on=TUESDAY, by=handler)
    assert letter.number == "2026/2"
    a_year_on = TUESDAY.replace(year=2027)
    issued.case.promise_contact(until=a_year_on + timedelta(days=1), on=a_year_on, by=handler)
    later = writing.draft(issued.case, Kind.PROGRESS, on=a_year_on, by=handler)
    later.body = HOLE.sub("There is nothing new yet.", later.body)
    later.save()
    dispatch.issue(later, on=a_year_on, by=handler)
    assert later.number == "2027/1"


def test_everyone_gets_an_envelope_of_their_own(issued):
    assert [d.to_email for d in issued.deliveries.all()] == [
        "eleanor@example.org",
        "kofi@example.com",
        "marta@example.com",
    ]


def test_a_letter_is_issued_once(issued, handler):
    with pytest.raises(dispatch.NotIssued, match="Look at it again"):
        dispatch.issue(issued, on=TUESDAY, by=handler)
    assert Delivery.objects.count() == 3


def test_a_draft_that_somebody_edited_meanwhile_is_not_issued(draft, handler):
    writing.edit(
        draft.__class__.objects.get(pk=draft.pk), subject="New", salutation="Dear", body="x", close="y", by=handler
    )
    assert problems(draft, handler) == ["Somebody edited or issued this letter a moment ago. Look at it again."]


def test_a_letter_with_a_hole_is_not_issued_and_names_it(draft, handler):
    draft.body = f"{draft.body}\n\nWe will call you on [[day of the call]]."
    draft.save()
    assert problems(draft, handler) == [
        "[[day of the call]] is not filled in (body, paragraph 8). Write there what is meant, or take the sentence out."
    ]


def test_a_letter_with_a_missing_logo_is_not_issued(draft, handler):
    Path(Letterhead.objects.get().logo.path).unlink()
    assert problems(draft, handler) == ["The letterhead's logo file is missing. Upload it again under Letterheads."]


def test_a_letter_with_a_broken_logo_is_not_issued(draft, handler):
    Path(Letterhead.objects.get().logo.path).write_bytes(b"no picture")
    assert "logo" in problems(draft, handler)[0]


def test_a_letter_with_a_character_that_no_font_has_is_not_issued(draft, handler):
    draft.body += "\n\nAll good \U000f0000."
    draft.save()
    assert "U+F0000" in problems(draft, handler)[0]


def test_a_letter_that_reaches_nobody_is_not_issued(draft, handler):
    customer = draft.case.customer
    customer.email = customer.street = ""
    customer.save()
    assert "neither by e-mail nor by post" in problems(draft, handler)[0]


def test_a_customer_who_wants_post_gets_post_although_there_is_an_e_mail_address(draft, handler):
    customer = draft.case.customer
    customer.wants_post = True
    customer.save()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert draft.deliveries.to_post().get().to_name == "Eleanor Whitcombe"
    assert not draft.deliveries.filter(by_post=False, copy=None).exists()


def test_who_wants_post_and_has_no_address_gets_no_letter_yet(draft, handler):
    customer = draft.case.customer
    customer.wants_post, customer.street = True, ""
    customer.save()
    assert "wants letters by post, and no address is known" in problems(draft, handler)[0]


def test_a_copy_without_an_address_keeps_the_letter_back(draft, handler):
    draft.case.involvements.update(email="")
    assert problems(draft, handler)[0].startswith("Kofi Mensah gets a copy but has no e-mail address")


def test_a_resolution_letter_answers_every_point(draft, handler):
    draft.case.add_point("Nobody called back.", on=TUESDAY, by=handler)
    assert problems(draft, handler) == [
        "Point 2 has no finding or no outcome. Complete it in the case: the final letter answers every point."
    ]


def test_there_is_one_draft_of_a_kind_at_a_time(draft, handler):
    with pytest.raises(writing.CannotDraft, match="a draft of this letter already"):
        writing.draft(draft.case, Kind.RESOLUTION, on=TUESDAY, by=handler)
    writing.discard(draft, on=TUESDAY, by=handler)
    assert writing.draft(draft.case, Kind.RESOLUTION, on=TUESDAY, by=handler).pk != draft.pk


def test_a_second_resolution_letter_corrects_the_first(issued, handler):
    assert writing.draft(issued.case, Kind.RESOLUTION, on=TUESDAY, by=handler).corrects == issued


def test_a_discarded_correction_does_not_stand_in_the_way_of_the_next(issued, handler):
    writing.discard(writing.draft(issued.case, Kind.RESOLUTION, on=TUESDAY, by=handler), on=TUESDAY, by=handler)
    correction = writing.draft(issued.case, Kind.RESOLUTION, on=TUESDAY, by=handler)
    dispatch.issue(correction, on=TUESDAY, by=handler)
    assert correction.corrects == issued


def test_a_final_letter_is_issued_only_when_the_case_has_come_to_document(draft, handler):
    draft.case.go_back(reason="Something new came up.", on=TUESDAY, by=handler)
    assert problems(draft, handler) == [
        "The case is at “Agree”. Its final letter is issued when it has come to “Document”."
    ]


def test_a_letter_from_before_the_case_went_back_answers_nothing_any_more(issued, handler):
    case = issued.case
    case.go_back(reason="She wants it differently.", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    assert (case.answered_on, case.copied_on) == (None, None)
    dispatch.issue(writing.draft(case, Kind.RESOLUTION, on=TUESDAY, by=handler), on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    assert still_missing(case) == []


def test_no_letter_is_drafted_in_a_language_without_words_for_it(case, handler, letterhead):
    case.language = "sv"
    with pytest.raises(writing.CannotDraft, match="no letters in sv yet"):
        writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler)


def test_what_is_not_known_yet_stands_in_the_draft_as_a_hole(case, handler, letterhead):
    draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler)
    assert "[[who looks after the case]]" in draft.body
    assert "[[day of the next contact]]" in draft.body


def test_markdown_and_markup_of_the_customer_stay_text(case, handler, letterhead):
    case.assign(handler, on=MONDAY, by=handler)
    case.add_point("**Bold** <script>alert(1)</script> | [a](http://x.example) # 1. `code`", on=MONDAY, by=handler)
    case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler)
    assert "\\*\\*Bold\\*\\* \\<script\\>" in draft.body
    dispatch.issue(draft, on=MONDAY, by=handler)


# --- deliver ---


def test_each_mail_goes_to_one_person_with_the_letter_attached(issued, settings):
    dispatch.deliver_due(at=clock.now())
    sent = mails(settings)
    assert [message["To"].addresses[0].addr_spec for message in sent] == [
        "eleanor@example.org",
        "kofi@example.com",
        "marta@example.com",
    ]
    for message in sent:
        assert len(message["To"].addresses) == 1
        assert message["Cc"] is None
    letter, copy = (only(message.iter_attachments()) for message in sent[:2])  # the third gets a summary
    assert letter.get_filename() == copy.get_filename() == issued.file_name
    assert hashlib.sha256(letter.get_content()).hexdigest() == issued.sha256
    assert "Copy for Kofi Mensah, Delivery Driver" in pages(copy.get_content())[0]
    assert "Copy for" not in pages(letter.get_content())[0]


def test_a_delivered_letter_opens_the_gate_of_document(issued, handler):
    case = issued.case
    assert case.missing()
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    assert still_missing(case) == []
    assert case.events.filter(kind="delivery").first().text == (
        "Resolution letter for Eleanor Whitcombe: Delivered by e-mail to eleanor@example.org."
    )


def test_a_letter_on_its_way_is_not_sent_again(issued, settings):
    pk = issued.deliveries.first().pk
    now = clock.now()
    Delivery.objects.filter(pk=pk).update(handoff_at=now, lease_until=now + timedelta(minutes=5))
    dispatch.deliver(pk, at=now)
    dispatch.deliver(pk, at=now + timedelta(days=30))
    assert mails(settings) == []


def test_a_letter_that_was_sent_is_not_sent_again(issued, settings):
    for _sweep in range(3):
        dispatch.deliver_due(at=clock.now())
    assert len(mails(settings)) == 3


def test_work_claimed_by_a_worker_that_died_is_taken_up_again_when_its_lease_is_over(issued, settings):
    pk = issued.deliveries.first().pk
    now = clock.now()
    Delivery.objects.filter(pk=pk).update(claim_token="0" * 32, lease_until=now + timedelta(seconds=60), attempts=1)
    dispatch.deliver(pk, at=now)
    assert mails(settings) == []
    dispatch.deliver(pk, at=now + timedelta(seconds=61))
    assert len(mails(settings)) == 1


def test_a_worker_that_lost_its_lease_sends_nothing(issued, settings, monkeypatch):
    pk = issued.deliveries.first().pk
    really_send = post.send

    def frozen_for_an_hour(message, **kwargs):
        Delivery.objects.filter(pk=pk).update(claim_token="f" * 32)  # another worker took it over meanwhile
        return really_send(message, **kwargs)

    monkeypatch.setattr(post, "send", frozen_for_an_hour)
    dispatch.deliver(pk, at=clock.now())
    assert mails(settings) == []
    assert Delivery.objects.get(pk=pk).sent_at is None


def test_the_server_keeps_its_own_words(issued, settings):
    with ScriptedServer(DOT="250 2.0.0 Ok: queued as 4F2A") as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    delivery = issued.deliveries.first()
    assert (delivery.smtp_code, delivery.smtp_reply) == (250, "2.0.0 Ok: queued as 4F2A")


def test_a_refused_copy_is_seen_and_the_others_arrive(issued, settings):
    with ScriptedServer(RCPT=["250 ok", "550 5.1.1 no such user", "250 ok"]) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    customer, kofi, marta = issued.deliveries.all()
    assert customer.sent_at
    assert marta.sent_at
    assert (kofi.sent_at, kofi.smtp_code) == (None, 550)
    assert kofi.refused_at
    issued.case.refresh_from_db()
    assert still_missing(issued.case) == ["See every copy of the resolution letter sent."]
    assert "Refused by the mail server: 550" in issued.case.events.filter(kind="delivery")[1].text


def test_a_refused_copy_is_sent_again_to_a_corrected_address_once(issued, settings, handler):
    with ScriptedServer(RCPT=["250 ok", "550 5.1.1 no such user", "250 ok"]) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    kofi = issued.deliveries.all()[1]
    kwargs = {"reason": "Mistyped", "to_email": "kofi.mensah@example.com", "at": clock.now(), "by": handler}
    dispatch.send_again(kofi, **kwargs)
    with pytest.raises(Refused, match="only once"):
        dispatch.send_again(kofi, **kwargs)
    with ScriptedServer() as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
        assert len(server.kept) == 1
    issued.case.refresh_from_db()
    assert still_missing(issued.case) == []


def test_a_busy_server_is_asked_again_later(issued, settings):
    pk = issued.deliveries.first().pk
    with ScriptedServer(RCPT="451 4.7.1 try again later") as server:
        settings.MAIL_URL = server.url
        dispatch.deliver(pk, at=clock.now())
    delivery = Delivery.objects.get(pk=pk)
    assert (delivery.handoff_at, delivery.refused_at, delivery.smtp_code) == (None, None, 451)
    assert delivery.due_at > clock.now()
    with ScriptedServer() as server:
        settings.MAIL_URL = server.url
        dispatch.deliver(pk, at=delivery.due_at)
        assert len(server.kept) == 1


def test_a_lost_answer_leaves_it_unknown_until_a_person_decides(issued, settings, handler):
    pk = issued.deliveries.first().pk
    with ScriptedServer(DOT=cut) as server:
        settings.MAIL_URL = server.url
        dispatch.deliver(pk, at=clock.now())
        dispatch.deliver(pk, at=clock.now() + timedelta(days=1))
        assert len(server.kept) == 1
    unknown = Delivery.objects.unknown(at=clock.now()).get()
    assert unknown.outcome(at=clock.now()) == "unknown: the answer was lost"
    assert issued.case.answered_on is None
    dispatch.settle_arrived(unknown, by=handler, at=clock.now())
    issued.case.refresh_from_db()
    assert issued.case.answered_on
    with pytest.raises(Refused):
        dispatch.settle_arrived(unknown, by=handler, at=clock.now())


def test_an_acknowledgement_that_arrives_acknowledges_the_case(case, handler, letterhead):
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler)
    dispatch.issue(draft, on=MONDAY, by=handler)
    assert case.acknowledged_on is None
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    assert case.acknowledged_on == clock.today()
    assert still_missing(case) == []


# --- by post ---


@pytest.fixture
def posted_draft(draft):
    customer = draft.case.customer
    customer.email = ""
    customer.save()
    return draft


def test_a_customer_without_email_gets_the_letter_by_post(posted_draft, handler, settings):
    dispatch.issue(posted_draft, on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    assert len(mails(settings)) == 2  # the copies
    waiting = Delivery.objects.to_post().get()
    assert waiting.outcome(at=clock.now()) == "waits to be posted"
    dispatch.mark_posted(waiting, on=TUESDAY, by=handler)
    case = posted_draft.case
    case.refresh_from_db()
    assert (case.answered_on, case.missing()) == (TUESDAY, [])
    with pytest.raises(Refused, match="already marked as posted"):
        dispatch.mark_posted(waiting, on=TUESDAY, by=handler)


# --- reminders ---


def test_reminders_go_out_as_one_mail_a_person(case, lead, settings):
    followups.carry_out(at=opening(TUESDAY))
    dispatch.deliver_due(at=clock.now())
    dispatch.deliver_due(at=clock.now())
    (message,) = mails(settings)
    assert message["Subject"] == "1 thing to look at"
    assert "Acknowledge the complaint: due today, Tuesday 10 November 2026" in message.get_content()


def test_refused_reminders_stand_on_the_leads_list_and_are_sent_again(case, lead, handler, settings, client):
    followups.carry_out(at=opening(TUESDAY))
    with ScriptedServer(RCPT="550 5.1.1 no such user") as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
    refused = Delivery.objects.refused().get()
    page = "/admin/letters/delivery/?list=refused"
    client.force_login(handler)
    assert lead.email not in client.get(page).content.decode()
    client.force_login(lead)
    assert lead.email in client.get(page).context["cl"].result_list[0].to_email
    again = dispatch.send_again(refused, reason="Mistyped", to_email="a.nwosu@example.com", at=clock.now(), by=lead)
    assert again.digest == refused.digest
    with ScriptedServer() as server:
        settings.MAIL_URL = server.url
        dispatch.deliver_due(at=clock.now())
        dispatch.deliver_due(at=clock.now())
        assert len(server.kept) == 1


# --- enclosures ---


def test_an_enclosure_is_named_on_the_letter_goes_with_the_customers_mail_and_stays(draft, handler, settings):
    enclosing.enclose(draft, "Delivery record", pdf(), on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert draft.sheet["enclosures"] == ["Delivery record (1 page)"]
    with pytest.raises(writing.CannotDraft, match="stays as it is"):
        enclosing.unenclose(draft.enclosures.get(), on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    names = [part.get_filename() for part in mails(settings)[0].iter_attachments()]
    assert names == [draft.file_name, "Delivery record.pdf"]
