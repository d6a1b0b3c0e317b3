"""The verbs of a case at the desk: each by its own page, with its faults at their fields."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cases import intake
from cases.admin.verbs import VERBS
from cases.models import Case, Event, Part
from casetracker import clock
from letters import dispatch
from letters.models import Letter
from tests.cases.desk import address, do, page, promise, record, shown
from tests.conftest import FRIDAY, MONDAY, SATURDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def test_a_handler_takes_a_complaint_all_the_way_at_the_desk(desk, handler, driver, reader, letterhead, settings):
    record(desk)
    case = Case.objects.get()
    do(desk, case, "take")
    do(desk, case, "situation", situation="our_mistake")
    do(desk, case, "contact", until="2026-11-13")
    letter_page = do(desk, case, "draft-acknowledgement")
    issue(desk, letter_page)
    do(desk, case, "move-on")

    do(desk, case, "point", text="The fridge hums.")
    do(desk, case, "finding", case.points.get(), finding="A loose pipe.")
    do(desk, case, "involve", user=driver.pk, part="witness", why="Delivered it")
    do(desk, case, "involve", user=reader.pk, part="witness", why="Planned it")
    do(desk, case, "involve", name="Sam Fitter", email="sam@example.com", part="informed", why="Fits pipes")
    asked, waived, _ = case.involvements.all()
    do(desk, case, "ask-account", asked, until="2026-11-12")
    do(desk, case, "account", asked, account="It was quiet when I left.")
    do(desk, case, "waive-account", waived, reason="Was on leave.")
    do(desk, case, "cause", root_cause="product_fault", responsibility="ours", prevention="Pipes are checked.")
    do(desk, case, "move-on")

    do(desk, case, "conversation", medium="phone", held_on="2026-11-10", said="It hums.", proposed="A fitter comes.")
    do(desk, case, "go-back", reason="She named another fault.")
    do(desk, case, "move-on")
    do(desk, case, "move-on")

    do(desk, case, "outcome", case.points.get(), outcome="upheld", redress="A repair")
    do(desk, case, "agreement", summary="A fitter comes.", rows="3", **promise(0, "Send a fitter", handler, FRIDAY))
    do(desk, case, "move-on")

    issue(desk, do(desk, case, "draft-resolution"))
    do(desk, case, "move-on")
    do(desk, case, "keep", case.commitments.get(), how="He came.")

    case.refresh_from_db()
    assert case.stage == "closed"
    assert case.commitments.get().kept_on == TUESDAY
    assert [letter.pdf[:5] for letter in case.letters.all()] == [b"%PDF-", b"%PDF-"]


def issue(desk, letter_page):
    """Issue the letter from its own confirmation page, and let the clockwork send it."""
    pk = letter_page.split("/")[-3]
    confirm = desk.get(reverse("admin:letters_letter_issue", args=[pk]))
    answer = desk.post(confirm.request["PATH_INFO"], {"seen": confirm.context["seen"]})
    assert answer.status_code == 302, answer.context["problems"]
    dispatch.deliver_due(at=clock.now())


def test_a_promise_that_cannot_be_kept_says_so_in_its_own_row(desk, ready, handler):
    fields = promise(0, "Call her", handler, FRIDAY) | promise(2, "Bring flowers", handler, SATURDAY)
    before = ready.agreements.count()
    answer = desk.post(address(ready, "agreement"), {"summary": "All is well.", "rows": "3", **fields})
    rows = answer.context["form"].rows
    assert [bool(row.errors) for row in rows] == [False, False, True]
    assert "Saturday" in str(rows[2].errors["due_on"])
    assert "Bring flowers" in shown(answer)
    assert ready.agreements.count() == before


@pytest.mark.parametrize(
    ("what", "owned", "due_on", "field"),
    [("", True, FRIDAY, "what"), ("Call", False, FRIDAY, "owner"), ("Call", True, None, "due_on")],
)
def test_a_commitment_needs_what_who_and_by_when(desk, ready, handler, what, owned, due_on, field):
    fields = promise(0, what, handler if owned else None, due_on)
    answer = desk.post(address(ready, "agreement"), {"summary": "All is well.", "rows": "3", **fields})
    assert field in answer.context["form"].rows[0].errors


def test_an_agreement_without_commitments_is_refused_in_words(desk, ready):
    answer = desk.post(address(ready, "agreement"), {"summary": "All is well.", "rows": "3"})
    assert "An agreement needs at least one commitment" in shown(answer)
    assert "All is well." in shown(answer)


def test_more_rows_are_added_without_saving_and_without_losing_words(desk, ready, handler):
    fields = promise(0, "Call her", handler, FRIDAY) | {"summary": "All is well.", "rows": "3", "more": "yes"}
    before = ready.agreements.count()
    answer = desk.post(address(ready, "agreement"), fields)
    assert len(answer.context["form"].rows) == 5
    assert "Call her" in shown(answer)
    assert ready.agreements.count() == before


@pytest.mark.parametrize(
    ("verb", "fields", "field"),
    [
        ("contact", {"until": "2026-11-14"}, "until"),
        ("contact", {"until": "2026-11-09"}, "until"),
        ("conversation", {"held_on": "2026-11-11", "said": "x", "medium": "phone"}, "held_on"),
        ("conversation", {"held_on": "2026-11-08", "said": "x", "medium": "phone"}, "held_on"),
        ("conversation", {"held_on": "1889-01-01", "said": "x", "medium": "phone"}, "held_on"),
        ("conversation", {"held_on": "2026-11-10", "said": "", "medium": "phone"}, "said"),
        (
            "conversation",
            {"held_on": "2026-11-10", "said": "x", "medium": "phone", "next_contact_on": "2026-11-15"},
            "next_contact_on",
        ),
        ("end", {"exit": "duplicate", "other": "2026-0000-0000", "reason": "x"}, "other"),
        ("involve", {"part": "witness", "why": "x"}, "user"),
        ("involve", {"part": "witness", "why": "x", "name": "Sam"}, "email"),
    ],
)
def test_a_fault_stands_at_its_field_and_changes_nothing(desk, case, verb, fields, field):
    before = Event.objects.count()
    answer = desk.post(address(case, verb), {"stage": case.stage, **fields})
    assert field in answer.context["form"].errors
    assert Event.objects.count() == before


def test_whoever_is_too_late_reads_a_clear_sentence(desk, case, handler):
    case.log_conversation(said="All.", on=MONDAY, by=handler, next_contact_on=FRIDAY)
    case.move_on(on=MONDAY, by=handler)
    answer = desk.post(address(case, "move-on"), {"stage": "acknowledge"})
    assert answer.status_code == 200
    assert "Somebody moved this case to “Investigate”" in shown(answer)
    assert Case.objects.get(pk=case.pk).stage == "investigate"


def test_the_button_pressed_twice_moves_the_case_once(desk, case, handler):
    case.log_conversation(said="All.", on=MONDAY, by=handler, next_contact_on=FRIDAY)
    for _ in range(2):
        desk.post(address(case, "move-on"), {"stage": "acknowledge"})
    assert Case.objects.get(pk=case.pk).stage == "investigate"


def test_a_closed_gate_names_what_is_missing(desk, case):
    answer = desk.post(address(case, "move-on"), {"stage": "acknowledge"})
    assert "Still missing: Send the acknowledgement letter" in shown(answer)


def test_a_lead_overrides_a_gate_with_a_reason_that_is_shown(leads_desk, case):
    assert "reason" in leads_desk.post(address(case, "override"), {"stage": case.stage}).context["form"].errors
    do(leads_desk, case, "override", reason="She insists.")
    case.refresh_from_db()
    assert case.stage == "investigate"
    assert "She insists." in shown(leads_desk.get(page(case)))


def test_a_handler_overrides_nothing_and_assigns_nobody_else(desk, case, lead):
    for verb in ("override", "assign"):
        fields = {"stage": case.stage, "reason": "x", "handler": lead.pk}
        assert desk.post(address(case, verb), fields).status_code == 403
        assert address(case, verb) not in shown(desk.get(page(case)))
    assert Case.objects.get(pk=case.pk).handler is None


def test_nobody_is_offered_as_handler_whom_the_complaint_is_about(leads_desk, lead, case, concerned, reader, driver):
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    offered = leads_desk.get(address(case, "assign")).context["form"].fields["handler"].queryset
    assert list(offered) == [lead]
    answer = leads_desk.post(address(case, "assign"), {"handler": concerned.pk})
    assert "handler" in answer.context["form"].errors


def test_a_duplicate_names_the_other_case_however_its_number_is_typed(desk, case, complaint):
    other = intake.receive(complaint, on=MONDAY)
    do(desk, case, "end", exit="duplicate", other=other.reference.replace("-", " "), reason="Sent twice.")
    case.refresh_from_db()
    assert (case.stage, case.duplicate_of) == ("closed", other)


def test_looking_at_a_verb_changes_nothing(leads_desk, ready, lead):
    person = ready.involvements.first()
    about = {"points": ready.points.get(), "involvements": person, "commitments": ready.commitments.get()}
    about["deadlines"] = ready.deadlines.first()
    about["followups"] = ready.followups.outstanding().first()
    before = picture(ready)
    for verb in VERBS.values():
        if verb.about == "look_alikes":
            continue
        row = about[verb.about] if verb.about else None
        answer = leads_desk.get(address(ready, verb.name, row))
        assert answer.status_code in (200, 302), verb.name
    assert picture(ready) == before


def picture(case):
    """Everything about the case that a verb could change."""
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        *(list(getattr(case, rows).values()) for rows in ("events", "points", "involvements", "followups", "letters")),
    )


def test_a_verb_that_fits_no_more_says_so_and_keeps_what_was_typed(desk, ready, handler):
    commitment = ready.commitments.get()
    ready.keep(commitment, how="Done.", on=TUESDAY, by=handler)
    answer = desk.post(address(ready, "drop", commitment), {"reason": "She changed her mind."})
    assert "not possible any more" in shown(answer)
    assert "She changed her mind." in shown(answer)


def test_a_row_of_another_case_is_not_there(desk, ready, case, complaint, handler):
    other = intake.receive(complaint, on=MONDAY)
    point = other.add_point("Another matter.", on=MONDAY, by=handler)
    assert desk.get(address(ready, "finding", point)).status_code == 404


def test_a_letter_in_a_language_without_words_is_drafted_in_another_by_choice(desk, complaint, letterhead, handler):
    case = intake.receive(replace(complaint, language="lv"), on=MONDAY)
    case.assign(handler, on=MONDAY, by=handler)
    letters = address(case, "draft-acknowledgement")
    first = desk.post(letters, {})
    if first.status_code == 200:
        assert "Latvian" in shown(first)
        assert desk.post(letters, {"language": "en"}).status_code == 302
    assert Letter.objects.count() == 1
