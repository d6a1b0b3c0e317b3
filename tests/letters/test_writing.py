"""From a case and a kind to words."""

import html

import pytest

from cases.models import Medium
from casetracker import clock
from letters import facts, mails, markdown, values, writing
from letters.about import About
from letters.models import Kind, TemplateVersion
from tests.conftest import FRIDAY, MONDAY, TUESDAY


@pytest.fixture
def acknowledged(case, handler, letterhead):
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    return case


def body(case, kind, handler):
    return writing.draft(case, kind, on=TUESDAY, by=handler).body


def test_an_acknowledgement_names_who_looks_after_it_and_when_the_customer_hears_again(acknowledged, handler):
    text = body(acknowledged, Kind.ACKNOWLEDGEMENT, handler)
    assert "We received your complaint on 9 November 2026" in text
    assert "Inês Carvalho is looking into it at once" in text
    assert "You will hear from us again by 13 November 2026" in text
    assert "[[" not in text


def test_an_acknowledgement_lists_the_points_only_when_there_are_some(acknowledged, handler):
    assert "as follows" not in body(acknowledged, Kind.ACKNOWLEDGEMENT, handler)
    writing.discard(acknowledged.letters.get(), on=TUESDAY, by=handler)
    acknowledged.add_point("The fridge was dented.", on=MONDAY, by=handler)
    assert "1. The fridge was dented." in body(acknowledged, Kind.ACKNOWLEDGEMENT, handler)


def test_a_resolution_letter_is_made_of_the_cases_own_facts(draft):
    for words in (
        "Thank you for your complaint of 9 November 2026",
        "We are sorry for it, and we take full responsibility.",
        "1. **The fridge was delivered with a dent.** The dent was there at the handover. *We uphold this point.* "
        "For this you receive: A new fridge.",
        "The fridge fell in the warehouse.",
        "We talked by phone on 9 November 2026 and 10 November 2026. A new fridge is delivered.",
        "| Deliver it | Inês Carvalho | 13 November 2026 |",
        "Every appliance is looked at before it is loaded.",
        "We apologise again",
        "Thank you for speaking up",
        "We hope that",
    ):
        assert words in draft.body


def test_headings_stand_only_over_something(ready, handler):
    ready.explain(root_cause="delay", responsibility="ours", on=TUESDAY, by=handler)
    text = body(ready, Kind.RESOLUTION, handler)
    assert "How it came about" not in text
    assert "does not happen again" not in text


def test_no_apology_is_made_for_what_was_not_our_fault(ready, handler):
    ready.explain(root_cause="false_claim", responsibility="not_ours", on=TUESDAY, by=handler)
    text = body(ready, Kind.RESOLUTION, handler)
    assert "sorry" not in text
    assert "apologise" not in text
    assert "Thank you for speaking up" in text


def test_a_final_position_is_told_with_its_reason_and_without_a_table(ready, handler):
    ready.take_final_position("We cannot refund the fridge.", reason="It was used.", on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    assert "what we decided" in draft.subject
    assert "could not reach an agreement. We cannot refund the fridge. It was used." in draft.body
    assert "By when" not in draft.body


def test_talks_are_told_by_medium_and_day(ready, handler):
    ready.log_conversation(said="x", medium=Medium.MEETING, on=FRIDAY, by=handler)
    assert "by phone on 9 November 2026 and 10 November 2026 and in person on 13 November 2026" in body(
        ready, Kind.RESOLUTION, handler
    )


@pytest.mark.parametrize(
    ("title", "name", "salutation", "close"),
    [
        ("Ms", "Eleanor Whitcombe", "Dear Ms Whitcombe,", "Yours sincerely,"),
        ("", "Eleanor Whitcombe", "Dear Eleanor Whitcombe,", "Yours sincerely,"),
        ("", "", "Dear customer,", "Yours faithfully,"),
    ],
)
def test_the_salutation_goes_by_title_else_by_the_whole_name(acknowledged, handler, title, name, salutation, close):
    customer = acknowledged.customer
    customer.title, customer.name = title, name
    customer.save()
    draft = writing.draft(acknowledged, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    assert (draft.salutation, draft.close) == (salutation, close)


@pytest.mark.parametrize(
    "words",
    [
        "**bold** _it_",
        "# heading",
        "1. list",
        "12) list",
        "123. list",
        "+ plus",
        "- dash",
        "a | b",
        "<b>x</b>",
        "[a](b)",
        "`code`",
        "a\\b",
        "=== x",
        "~~x~~",
    ],
)
def test_what_people_wrote_means_nothing_to_markdown(words):
    shown = markdown.html(values.as_text(words)).strip()
    assert html.unescape(shown.removeprefix("<p>").removesuffix("</p>")) == words
    assert values.plain(values.as_text(words)) == words


def test_a_template_with_an_unknown_placeholder_drafts_nothing_and_names_it(acknowledged, handler):
    draft = writing.draft(acknowledged, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    writing.discard(draft, on=TUESDAY, by=handler)
    TemplateVersion.objects.create(
        template=draft.template_version.template, number=2, subject="x", body="{{ customer_nmae }}", made_by_name="x"
    )
    with pytest.raises(writing.CannotDraft, match="customer_nmae"):
        writing.draft(acknowledged, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)


@pytest.mark.parametrize("body", ["{{ case.handler.password }}", "{% include 'x' %}", "{{ points.__class__ }}"])
def test_no_template_reaches_beyond_the_list_of_placeholders(acknowledged, handler, body):
    draft = writing.draft(acknowledged, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    version = TemplateVersion(template=draft.template_version.template, number=2, subject="x", body=body)
    with pytest.raises(writing.CannotDraft):
        writing.filled(version, facts.of(About(acknowledged, Kind.ACKNOWLEDGEMENT, "en", MONDAY)))


def test_the_words_of_a_case_keep_the_version_they_were_drafted_with(acknowledged, handler):
    draft = writing.draft(acknowledged, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    first = draft.template_version
    TemplateVersion.objects.create(template=first.template, number=2, subject="x", body="y", made_by_name="x")
    draft.refresh_from_db()
    assert draft.template_version == first


def test_a_draft_keeps_what_its_placeholders_stood_for(ready, handler):
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    draft.refresh_from_db()
    assert draft.facts["handler"] == "Inês Carvalho"
    assert draft.facts["commitments"][0]["by"] == "13 November 2026"
    assert draft.facts["received_on"] in draft.body


def test_english_words_keep_their_order_in_an_arabic_letter(ready, handler):
    ready.find(ready.points.get(), "Food worth £86.40 had to be thrown away.", on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.RESOLUTION, language="ar", on=TUESDAY, by=handler)
    assert "\u2066Food worth £86.40 had to be thrown away.\u2069" in draft.body
    assert "\u2066" not in values.quoted("تلف الطعام", "ar")
    assert values.quoted("Food worth £86.40", "fi") == "Food worth £86.40"


# --- the letter's words in an e-mail ---


def test_a_body_can_be_read_without_its_marks():
    body = "## Found\n\nTwo *lines*\nhere.\n\n1. **First.** It was\\* so.\n2. Second\n   - inner\n\n"
    body += "| A | B |\n|---|---|\n| 1 | 2 |\n"
    plain = ["Found", "Two lines\nhere.", "1. First. It was* so.", "2. Second", "- inner", "A | B\n1 | 2"]
    assert markdown.text(body).split("\n\n") == plain


def test_the_customers_mail_says_all_that_the_letter_says(issued):
    sent = mails.message(issued.deliveries.first(), at=clock.now()).get_body().get_content()
    assert sent.startswith("Dear Ms Whitcombe,\n")
    assert "1. The fridge was delivered with a dent. The dent was there at the handover. We uphold this point." in sent
    assert "Deliver it | Inês Carvalho | 13 November 2026" in sent
    assert f"/my/{issued.case.page_key}/" in sent


def test_a_copy_says_why_it_comes_and_what_was_learned(issued):
    sent = mails.message(issued.deliveries.get(to_name="Kofi Mensah"), at=clock.now()).get_body().get_content()
    assert "(Drove the van)" in sent
    assert "Every appliance is looked at before it is loaded." in sent
    assert "/my/" not in sent


def test_nothing_is_reported_as_done_before_it_is(ready, handler):
    with pytest.raises(writing.CannotDraft, match="nothing to report as done"):
        writing.draft(ready, Kind.COMMITMENT_DONE, on=TUESDAY, by=handler)
