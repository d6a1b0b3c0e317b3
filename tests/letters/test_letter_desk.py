"""The letter desk: the paper beside the words while they are typed, and the way from a finding to its words."""

import base64
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from letters import decisions, dispatch, review, writing
from letters.admin.pointing import pointer
from letters.models import Letter
from letters.review.finding import hole
from tests.conftest import TUESDAY

BODY = "## Head\n\nOne  **bold** word.\n\n1. Two.\n2. Three [[day]].\n\n| A | B |\n|---|---|\n| c | d |\n\nFour\nlines."


@pytest.fixture(autouse=True)
def on_tuesday():
    """It is nine o'clock on Tuesday, the day after Eleanor complained."""
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client


def door(letter, name="change"):
    return reverse(f"admin:letters_letter_{name}", args=[letter.pk])


def words(letter, **changes):
    now = {name: getattr(letter, name) for name in ("subject", "salutation", "body", "close")}
    return now | {"seen": letter.edited_at.isoformat()} | changes


def preview(desk, letter, **changes):
    return desk.post(door(letter, "preview"), words(letter, **changes))


# --- what is typed, as it would be issued -----------------------------------------------------------------------------


def test_the_paper_is_to_the_byte_what_saving_would_make_of_it(desk, draft):
    typed = preview(desk, draft, body=f"{draft.body}\r\n\r\nWe shall call you, too.").json()
    writing.edit(draft, **words_only(draft, body=f"{draft.body}\n\nWe shall call you, too."), by=draft.signatory)
    assert base64.b64decode(typed["pdf"]) == dispatch.preview(draft, on=TUESDAY)
    assert (typed["pages"], round(typed["ratio"], 2)) == (2, 1.41)
    assert "problems" not in typed


def words_only(letter, **changes):
    now = words(letter, **changes)
    del now["seen"]
    return now


def test_nothing_of_a_preview_is_kept(desk, draft):
    before = Letter.objects.values().get(pk=draft.pk)
    answer = preview(desk, draft, subject="Another subject", body="Another body.")
    assert "no-store" in answer["Cache-Control"]
    assert Letter.objects.values().get(pk=draft.pk) == before


def test_a_letter_with_holes_is_shown_and_each_hole_is_found(desk, draft):
    answer = preview(desk, draft, body="We call you on [[day of the call]].").json()
    assert base64.b64decode(answer["pdf"]).startswith(b"%PDF-")
    assert 'data-field="body" data-start="15" data-end="34"' in answer["findings"]
    assert answer["found"] > 1


def test_what_cannot_be_set_says_why_and_the_review_goes_on(desk, draft):
    answer = preview(desk, draft, body="# Too large\n\n[[hole]]").json()
    assert "pdf" not in answer
    assert "“Too large” in the body begins with #" in answer["problems"][0]
    assert "[[hole]]" in answer["findings"]


def test_hostile_words_come_back_as_words(desk, draft):
    answer = preview(desk, draft, body="[[<script>alert(1)</script>]]").json()
    assert "<script>" not in answer["findings"]
    assert "&lt;script&gt;" in answer["findings"]


def test_what_a_lead_let_stand_is_not_found_again_while_others_type(desk, draft, lead):
    body = f"{draft.body}\n\nWe apologise for any inconvenience this may have caused."
    writing.edit(draft, **words_only(draft, body=body), by=lead)
    (found,) = review.blocking(draft, on=TUESDAY)
    decisions.override(draft, found.key, reason="Her own words.", at=datetime(2026, 11, 10, 9, tzinfo=UTC), by=lead)
    answer = preview(desk, draft, body=f"{body} Thank you.").json()
    assert answer["found"] == 0
    assert "Amara Nwosu let stand" in answer["findings"]


def test_a_letter_that_was_issued_meanwhile_is_no_draft(desk, draft, issued):
    answer = preview(desk, issued, body="Too late.")
    assert answer.status_code == 422
    assert "no draft any more" in answer.json()["problems"][0]


def test_the_desk_has_the_paper_with_and_without_a_script(desk, draft):
    page = desk.get(door(draft)).content.decode()
    assert f'data-preview="{door(draft, "preview")}"' in page
    assert f'src="{door(draft, "pdf")}' in page[page.index("<noscript>") :]


# --- from a finding to its place --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "said", "shown"),
    [
        ("subject", "", "Sub"),
        ("salutation", "", "Dear E,"),
        ("close", "", "Yours,"),
        ("body, heading 1", "", "## Head"),
        ("body, paragraph 1", "one word", "One  **bold** word."),
        ("body, paragraph 1", "WORD", "word"),
        ("body, paragraph 2", "", "1. Two."),
        ("body, paragraph 3", "[[day]]", "[[day]]"),
        ("body, table, row 1", "", "| c | d |"),
        ("body, paragraph 4", "four lines", "Four\nlines"),
        ("body", "Three", "Three"),
        ("body", "thanks", ""),
        ("body, paragraph 99", "", BODY),
    ],
)
def test_a_finding_leads_to_its_words(draft, place, said, shown):
    draft.subject, draft.salutation, draft.body, draft.close = "Sub", "Dear E,", BODY, "Yours,"
    to = pointer(hole("rule", place, said, "Why.", "What to do."), draft)
    assert to.href == f"#id_{to.field}"
    assert getattr(draft, to.field)[to.start : to.end] == shown


def test_a_long_hole_is_selected_to_its_end(draft):
    draft.body = f"Before. [[{'what is meant here ' * 9}]] After."
    found = next(one for one in review.findings(draft, on=TUESDAY) if one.rule == "unfilled-placeholder")
    to = pointer(found, draft)
    assert draft.body[to.start : to.end] == draft.body.removeprefix("Before. ").removesuffix(" After.")


def test_what_a_letter_has_to_say_and_does_not_is_added_at_its_end(draft):
    draft.body = BODY
    to = pointer(hole("missing-statement", "body", "thanks", "Why.", "Add it."), draft)
    assert (to.start, to.end) == (len(BODY), len(BODY))


@pytest.mark.parametrize(
    ("place", "page"),
    [("address", "admin:cases_customer_change"), ("copies", "admin:cases_case_change"), ("the case, point 2", "")],
)
def test_what_is_not_in_the_words_is_put_right_on_its_page(draft, place, page):
    to = pointer(hole("rule", place, "", "Why.", "What to do."), draft)
    pk = draft.case.customer_id if "customer" in page else draft.case_id
    assert to.href.startswith(reverse(page or "admin:cases_case_change", args=[pk]))
    assert not to.field


# --- saving -----------------------------------------------------------------------------------------------------------


def test_words_that_somebody_saved_at_this_very_moment_are_not_overwritten(draft, handler, lead):
    as_seen = Letter.objects.get(pk=draft.pk)
    writing.edit(draft, **words_only(draft, body="Amara's words."), by=lead)
    with pytest.raises(writing.EditedMeanwhile):
        writing.edit(as_seen, **words_only(as_seen, body="Inês's words."), by=handler)
    assert Letter.objects.get(pk=draft.pk).body == "Amara's words."


def test_whoever_was_overtaken_saves_again_and_puts_theirs_in_its_place(desk, draft, lead):
    mine = words(draft, body="My words.")
    writing.edit(draft, **words_only(draft, body="Amara's words."), by=lead)
    form = desk.post(door(draft), mine).context["form"]
    again = desk.post(door(draft), mine | {"seen": form["seen"].value()})
    assert again.status_code == 302
    assert Letter.objects.get(pk=draft.pk).body == "My words."


def test_words_that_are_no_different_are_no_conflict_of_words(desk, draft, lead):
    writing.edit(draft, **words_only(draft), by=lead)
    told = desk.post(door(draft), words(draft, seen="before")).content.decode()
    assert "They say the same." in told


# --- the second person's view ----------------------------------------------------------------------------------------


def test_whoever_decides_has_both_decisions_beside_the_paper(client, draft, handler, lead):
    draft.case.customer.vulnerability = "Recently bereaved"
    draft.case.customer.save()
    decisions.put_forward(draft, at=datetime(2026, 11, 10, 9, tzinfo=UTC), by=handler)
    client.force_login(lead)
    page = client.get(door(draft)).content.decode()
    assert "Inês Carvalho put this letter forward" in page
    for name in ("approve", "send_back", "pdf"):
        assert door(draft, name) in page
    client.force_login(handler)
    page = client.get(door(draft)).content.decode()
    assert door(draft, "approve") not in page
    assert "It waits for approval; Inês Carvalho put it forward." in page
    client.force_login(lead)
    fields = {"words": "Name the day.", "seen": draft.edited_at.isoformat()}
    assert client.post(door(draft, "send_back"), fields).status_code == 302
    draft.refresh_from_db()
    assert draft.sent_back_comment == "Name the day."
