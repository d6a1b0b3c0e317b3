"""The day's post: printed in the order of the envelopes, marked as posted exactly as it was printed."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
import time_machine
from django.urls import reverse

from cases import intake
from letters import binder, dispatch, enclosing, postroom, writing
from letters.models import Delivery, Kind, Letterhead
from tests.conftest import MONDAY, TUESDAY
from tests.letters.pdfs import pdf

THE_POST = reverse("admin:letters_delivery_post")
PRINT = reverse("admin:letters_delivery_print")


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client


@pytest.fixture
def issue(complaint, handler, letterhead):
    """Issue an acknowledgement to somebody without e-mail; answers the envelope."""

    def issue(*enclosures, **told):
        case = intake.receive(replace(complaint, **{"email": "", **told}), on=MONDAY)
        case.assign(handler, on=MONDAY, by=handler)
        case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
        draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
        for number, content in enumerate(enclosures):
            enclosing.enclose(draft, f"Enclosure {number}", content, on=TUESDAY, by=handler)
        dispatch.issue(draft, on=TUESDAY, by=handler)
        return draft.deliveries.get()

    return issue


def move(delivery, **address):
    customer = delivery.letter.case.customer
    for name, value in address.items():
        setattr(customer, name, value)
    customer.save()


def waiting():
    return postroom.waiting(Delivery.objects.to_post())


def printed(answer):
    return pikepdf.open(io.BytesIO(b"".join(answer.streaming_content)))


def titles(book):
    with book.open_outline() as contents:
        return [entry.title for entry in contents.root]


def form(answer, n=0):
    """What the browser sends back of the pile number `n`."""
    made = answer.context["piles"][n]["form"]
    return {"letters": made.initial["letters"], "posted_on": f"{made.initial['posted_on']}"}


# --- the order --------------------------------------------------------------------------------------------------------


def test_alike_envelopes_lie_together_at_home_before_abroad_by_postcode(issue):
    thick = issue(pdf(pages=20), postcode="AB1 1AA")
    abroad = issue(country="LV", city="Rīga", postcode="LV-1010")
    south = issue(postcode="SW1A 1AA")
    north = issue(postcode="BS6 7QZ")
    assert [envelope.delivery for envelope in waiting()] == [north, south, abroad, thick]


def test_the_sheets_of_each_envelope_are_counted(issue):
    issue(pdf(pages=3), pdf(pages=2, mark="two"))
    [envelope] = waiting()
    assert envelope.pages[1:] == (3, 2)
    assert envelope.sheets == binder.sheets(envelope.pages[0]) + 2 + 1
    assert not envelope.is_large


def test_more_sheets_than_fold_need_a_large_envelope(issue):
    issue(pdf(pages=2 * postroom.FOLDED))
    assert waiting()[0].is_large


def test_asking_for_the_post_takes_as_many_questions_for_five_letters_as_for_one(issue, django_assert_num_queries):
    issue(pdf())
    with django_assert_num_queries(3):
        waiting()
    for number in range(4):
        issue(pdf(mark=f"{number}"))
    with django_assert_num_queries(3):
        envelopes = waiting()
    assert len(envelopes) == 5
    with django_assert_num_queries(2):
        postroom.write(envelopes, io.BytesIO(), paper="a4", title="Post", on=TUESDAY)


# --- the print --------------------------------------------------------------------------------------------------------


def test_the_days_post_is_one_pdf_of_what_was_issued(desk, issue):
    first, second = issue(pdf(pages=2), postcode="AB1 1AA"), issue(postcode="BS6 7QZ")
    page = desk.get(THE_POST)
    with printed(desk.post(PRINT, form(page))) as book:
        names = [f"{one.letter.number} Eleanor Whitcombe ({one.letter.case.reference})" for one in (second, first)]
        assert titles(book) == names
        with pikepdf.open(io.BytesIO(second.letter.pdf)) as letter:
            assert book.pages[0].Contents.read_bytes() == letter.pages[0].Contents.read_bytes()
        assert len(book.pages) % 2 == 0
    assert Delivery.objects.to_post().count() == 2


def test_each_paper_is_a_pdf_of_its_own(desk, issue):
    issue()
    Letterhead.objects.update(paper="us_letter")
    issue()
    page = desk.get(THE_POST)
    assert [(pile["paper"], pile["count"]) for pile in page.context["piles"]] == [("A4", 1), ("US Letter", 1)]
    sizes = []
    for n in (0, 1):
        with printed(desk.post(PRINT, form(page, n))) as book:
            sizes.append(round(float(book.pages[0].mediabox[3])))
    assert sizes == [842, 792]


def test_a_single_letter_is_printed_again_after_it_was_posted(desk, issue, handler):
    delivery = issue(pdf())
    dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    with printed(desk.get(reverse("admin:letters_delivery_reprint", args=[delivery.pk]))) as book:
        assert len(titles(book)) == 1


def test_nothing_to_print_is_said(desk):
    assert "Nothing waits for the post" in desk.get(THE_POST).content.decode()
    assert "None of these letters" in desk.post(PRINT, {"letters": "1,2,x"}, follow=True).content.decode()


# --- marking ----------------------------------------------------------------------------------------------------------


def test_exactly_what_was_printed_is_marked_as_posted(desk, issue):
    printed_ones = [issue(), issue()]
    seen = form(desk.get(THE_POST))
    later = issue()
    told = desk.post(THE_POST, seen, follow=True).content.decode()
    assert "Marked as posted on 10 November 2026: 2 letters." in told
    assert list(Delivery.objects.to_post()) == [later]
    for delivery in printed_ones:
        delivery.refresh_from_db()
        assert (delivery.posted_on, delivery.posted_by_name) == (TUESDAY, "Inês Carvalho")
        assert delivery.letter.case.acknowledged_on == TUESDAY


def test_what_somebody_else_marked_meanwhile_is_told_and_not_marked_twice(desk, issue, lead):
    first, _second = issue(), issue()
    seen = form(desk.get(THE_POST))
    dispatch.mark_posted(first, on=TUESDAY, by=lead)
    told = desk.post(THE_POST, seen, follow=True).content.decode()
    assert "2026: 1 letter." in told
    assert "Marked already by somebody else: 1 letter." in told
    first.refresh_from_db()
    assert first.posted_by_name == "Amara Nwosu"


@pytest.mark.parametrize("day", ["2026-11-09", "2026-11-11", "", "soon"])
def test_no_post_goes_before_it_was_issued_or_in_the_future(desk, issue, day):
    issue()
    answer = desk.post(THE_POST, form(desk.get(THE_POST)) | {"posted_on": day})
    assert "posted_on" in answer.context["piles"][0]["form"].errors
    assert Delivery.objects.to_post().count() == 1


# --- an address that has changed --------------------------------------------------------------------------------------


def test_a_page_with_the_new_address_goes_on_top_of_what_was_issued(desk, issue):
    delivery = issue()
    move(delivery, street="7 Abbey Row", city="Leeds", postcode="LS1 4AB")
    page = desk.get(THE_POST)
    told = page.content.decode()
    assert "new address on top" in told
    assert "7 Abbey Row" in told
    [envelope] = waiting()
    assert envelope.sheets == 1 + sum(map(binder.sheets, envelope.pages))
    with printed(desk.post(PRINT, form(page))) as book, pikepdf.open(io.BytesIO(delivery.letter.pdf)) as letter:
        assert len(book.pages) == 2 * envelope.sheets
        assert book.pages[2].Contents.read_bytes() == letter.pages[0].Contents.read_bytes()


def test_a_new_address_that_no_post_reaches_keeps_that_letter_back(desk, issue):
    stuck, ready = issue(), issue()
    move(stuck, street="", city="Leeds", postcode="LS1 4AB")
    page = desk.get(THE_POST)
    assert [pile["count"] for pile in page.context["piles"]] == [1]
    assert "lacks its street" in page.content.decode()
    desk.post(THE_POST, form(page))
    assert list(Delivery.objects.to_post()) == [stuck]
    ready.refresh_from_db()
    assert ready.posted_on == TUESDAY


def test_the_history_says_where_a_letter_was_forwarded_to(issue, handler):
    here, moved = issue(), issue()
    move(moved, street="7 Abbey Row", city="Leeds", postcode="LS1 4AB")
    for delivery in (here, moved):
        dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    said = [d.letter.case.events.filter(kind="delivery").get().text for d in (here, moved)]
    assert said[0].endswith("Delivered by post.")
    assert said[1].endswith("Delivered by post, forwarded to Ms Eleanor Whitcombe, 7 Abbey Row, Leeds, LS1 4AB.")


def test_the_list_shows_where_a_posted_letter_went(desk, issue, handler):
    delivery = issue()
    dispatch.mark_posted(delivery, on=TUESDAY, by=handler)
    move(delivery, street="7 Abbey Row")
    page = desk.get(reverse("admin:letters_delivery_changelist"), {"list": "posted"}).content.decode()
    assert "41 Larkfield Row" in page
    assert "7 Abbey Row" not in page


@pytest.mark.parametrize("language", ["en", "lv", "fi", "ar", "zh-hans"])
def test_the_page_on_top_speaks_the_language_of_the_letter(issue, language):
    delivery = issue(language=language)
    move(delivery, street="7 Abbey Row", city="Leeds", postcode="LS1 4AB")
    out = io.BytesIO()
    postroom.write(waiting(), out, paper="a4", title="Post", on=TUESDAY)
    sheet = postroom.top_sheet(delivery.letter, on=TUESDAY)
    assert sheet.language == language
    assert "7 Abbey Row" in sheet.address_lines
    assert "2026" in sheet.body
    assert "{" not in sheet.subject + sheet.body


def test_the_list_of_letters_to_post_leads_whoever_may_print_to_the_days_post(desk, reader, client, issue):
    issue()
    to_post = reverse("admin:letters_delivery_changelist", query={"list": "to_post"})
    assert f'href="{THE_POST}"' in desk.get(to_post).content.decode()
    client.force_login(reader)
    assert f'href="{THE_POST}"' not in client.get(to_post).content.decode()
