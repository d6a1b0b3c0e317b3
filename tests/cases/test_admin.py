"""The desk where cases are worked: the board, the worklist, recording a complaint, the page of a case, its verbs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.admin.verbs import VERBS
from cases.models import Case, Customer, Event, Involvement, Part, Refused, User
from casetracker import clock
from letters import dispatch
from letters.models import Letter
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY

HOSTILE = "<script>alert('here')</script> كلمات 很长的投诉"
WORKLIST = reverse("admin:cases_case_changelist")


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


def page(case):
    return reverse("admin:cases_case_change", args=[case.pk])


def address(case, verb, about=None):
    if about is None:
        return reverse("admin:cases_case_verb", args=[case.pk, verb])
    return reverse("admin:cases_case_verb_about", args=[case.pk, verb, about.pk])


def do(desk, case, verb, about=None, **fields):
    """Carry out a verb; it must have gone through. Returns the page that it leads to."""
    fields.setdefault("stage", Case.objects.get(pk=case.pk).stage)
    answer = desk.post(address(case, verb, about), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def shown(answer) -> str:
    return answer.content.decode()


def in_list(desk, **query):
    """The references that the worklist shows, in order."""
    answer = desk.get(WORKLIST, query)
    assert answer.status_code == 200
    return [case.reference for case in answer.context["cl"].result_list]


# --- the board and the worklist ---------------------------------------------------------------------------------------


def test_each_number_of_the_board_opens_a_list_of_as_many(leads_desk, lead, complaint, handler):
    own = intake.receive(complaint, on=MONDAY)
    own.assign(lead, on=MONDAY, by=lead)
    intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)
    tiles = {tile["label"]: tile for tile in leads_desk.get(reverse("admin:index")).context["tiles"]}
    counts = {label: tile["count"] for label, tile in tiles.items()}
    assert counts | {"My open cases": 1, "Due today": 1, "Overdue": 1, "No owner": 1, "Letters to post": 0} == counts
    for tile in tiles.values():
        assert leads_desk.get(tile["href"]).context["cl"].result_count == tile["count"], tile["label"]


def test_the_board_shows_a_handler_what_is_due_with_them_and_a_lead_everything(client, lead, handler, case):
    client.force_login(handler)
    assert case.reference not in shown(client.get(reverse("admin:index")))
    client.force_login(lead)
    assert case.reference in shown(client.get(reverse("admin:index")))


def test_the_worklist_opens_on_open_cases_the_oldest_first(desk, complaint, handler):
    newer = intake.receive(complaint, on=MONDAY)
    older = intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)
    ended = intake.receive(complaint, on=MONDAY)
    ended.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert in_list(desk) == [older.reference, newer.reference]
    assert in_list(desk, list="closed") == [ended.reference]
    assert len(in_list(desk, list="all")) == 3


def test_what_is_due_next_stands_first_among_my_cases(desk, complaint, handler):
    due_later, due_sooner = intake.receive(complaint, on=MONDAY), intake.receive(complaint, on=MONDAY)
    for case in (due_later, due_sooner):
        case.assign(handler, on=MONDAY, by=handler)
        case.log_conversation(said="Hello.", on=MONDAY, by=handler)
    due_later.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    due_sooner.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    assert in_list(desk, list="mine") == [due_sooner.reference, due_later.reference]


def test_a_late_case_says_by_how_many_working_days(desk, complaint):
    intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)  # due on the 3rd
    assert "overdue by 5 working days" in shown(desk.get(WORKLIST))


@pytest.mark.parametrize(
    "typed",
    [
        "{reference}",
        "{spaced}",
        "{arabic}",
        "Whitcombe",
        "ELEANOR@example.org",
        "0117 496 0148",
        "+44 117 496 0148",
        "EH-204418",
        "The fridge came",
    ],
)
def test_a_case_is_found_by_what_people_say_on_the_phone(desk, case, complaint, typed):
    other = replace(complaint, name="Curtis", email="", phone="", order_reference="", story="Something else")
    intake.receive(other, on=MONDAY)
    spaced = case.reference.replace("-", " ")
    arabic = spaced.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert in_list(desk, q=typed.format(reference=case.reference, spaced=spaced, arabic=arabic)) == [case.reference]


def test_a_search_finds_closed_cases_too(desk, case, handler):
    case.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert in_list(desk, q=case.reference) == [case.reference]


def test_the_worklist_asks_as_many_questions_for_two_cases_as_for_twelve(desk, complaint, handler):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(WORKLIST).status_code == 200
        return len(asked)

    def receive(number):
        for _ in range(number):
            intake.receive(complaint, on=MONDAY).assign(handler, on=MONDAY, by=handler)

    receive(2)
    few = count()
    receive(10)
    assert count() == few
    assert few <= 12


def test_filters_narrow_the_worklist_together(desk, complaint):
    intake.receive(complaint, on=MONDAY)
    phoned = intake.receive(replace(complaint, channel="phone"), on=MONDAY)
    assert in_list(desk, list="nobody", channel__exact="phone", stage__exact="acknowledge") == [phoned.reference]


# --- recording a complaint --------------------------------------------------------------------------------------------


def recording(**changes):
    typed = {
        "channel": "phone",
        "received_on": "2026-11-09",
        "language": "en",
        "story": "The new fridge hums.",
        "wanted": "Quiet.",
        "name": "Ruth Okafor",
        "email": "ruth@example.org",
        "submission_key": "0b9f1c5e-7d0a-4f7e-8b8e-0a8f6f0d2b11",
    }
    return typed | changes


def record(desk, **changes):
    return desk.post(reverse("admin:cases_case_add"), recording(**changes))


def test_a_call_is_recorded_with_the_day_it_came_in_and_who_typed_it(desk, handler):
    answer = record(desk, order_reference="EH-1", product="Fridge")
    case = Case.objects.get()
    assert answer.url == page(case)
    assert (case.channel, case.received_on, case.logged_by) == ("phone", MONDAY, handler)
    assert case.typed_late
    assert case.followups.get().due_on == TUESDAY  # the clock runs from Monday
    assert "typed in on 10 November 2026" in shown(desk.get(answer.url))


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(desk):
    answer = record(desk, story="", received_on="2026-11-11", email="ruth@", phone="12", wanted="Peace & quiet")
    form = answer.context["form"]
    assert set(form.errors) == {"story", "received_on", "email", "phone"}
    assert "Peace &amp; quiet" in shown(answer)
    assert "ruth@" in shown(answer)
    assert not Case.objects.exists()


def test_a_file_that_is_not_allowed_is_refused_at_its_field(desk):
    answer = record(desk, attachments=[SimpleUploadedFile("run.exe", b"MZ\x90\x00")])
    assert "attachments" in answer.context["form"].errors
    assert not Case.objects.exists()


def test_several_files_come_with_a_complaint(desk):
    files = [SimpleUploadedFile(name, b"a note") for name in ("one.txt", "two.txt")]
    record(desk, attachments=files)
    assert [file.name for file in Case.objects.get().attachments.all()] == ["one.txt", "two.txt"]


def test_a_form_sent_twice_is_one_case(desk):
    first, second = record(desk), record(desk)
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert "sent before" in str(list(get_messages(second.wsgi_request))[-1])


def test_a_known_customer_is_chosen_rather_than_typed_again(desk, case):
    record(desk, customer=case.customer.pk, name="", email="")
    assert Customer.objects.count() == 1
    assert case.customer.cases.count() == 2


def test_a_known_customer_and_a_new_person_at_once_is_a_fault(desk, case):
    answer = record(desk, customer=case.customer.pk)
    assert "customer" in answer.context["form"].errors


def test_the_search_box_tells_customers_of_one_name_apart(desk, case, complaint):
    intake.receive(replace(complaint, email="other@example.org", phone="", city="Leeds"), on=MONDAY)
    found = desk.get(reverse("admin:cases_customer_pick"), {"term": "whitcombe"}).json()["results"]
    assert len({choice["text"] for choice in found}) == 2
    assert all("Eleanor Whitcombe" in choice["text"] for choice in found)


# --- the same customer ------------------------------------------------------------------------------------------------


def test_the_same_customer_is_shown_and_never_merged_by_itself(desk, case):
    record(desk, email="Eleanor@Example.org")
    again = Case.objects.latest("pk")
    told = shown(desk.get(page(again)))
    assert "Perhaps the same customer" in told
    assert case.reference in told
    assert not again.earlier_cases().exists()


def test_a_person_says_that_it_is_the_same_customer(desk, case):
    record(desk, email="Eleanor@Example.org")
    again = Case.objects.latest("pk")
    do(desk, again, "recognise", case.customer)
    again.refresh_from_db()
    assert list(again.earlier_cases()) == [case]
    assert "Perhaps the same customer" not in shown(desk.get(page(again)))
    assert again.events.last().kind == "customer recognised"


def test_only_somebody_alike_can_be_recognised(desk, case, complaint):
    stranger = intake.receive(replace(complaint, name="Curtis", email="c@example.org", phone=""), on=MONDAY)
    assert desk.post(address(case, "recognise", stranger.customer)).status_code == 404


def test_whoever_was_recognised_before_comes_along(case, complaint, handler):
    cases = [case, *(intake.receive(complaint, on=MONDAY) for _ in range(3))]
    first, second, third, fourth = cases
    fourth.recognise(third.customer, on=TUESDAY, by=handler)
    second.recognise(first.customer, on=TUESDAY, by=handler)
    second = Case.objects.get(pk=second.pk)
    second.recognise(Customer.objects.get(pk=fourth.customer_id), on=TUESDAY, by=handler)
    assert set(Case.objects.get(pk=third.pk).earlier_cases()) == {first, second, fourth}
    assert set(Customer.objects.values_list("same_as", flat=True)) == {None, first.customer_id}


def test_nobody_is_recognised_twice(case, complaint, handler):
    again = intake.receive(complaint, on=MONDAY)
    again.recognise(case.customer, on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="known"):
        again.recognise(case.customer, on=TUESDAY, by=handler)


# --- the page of a case -----------------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_offers_to_move_on_only_when_nothing_is(desk, case):
    answer = desk.get(page(case))
    assert "Promise the customer a date for the next contact." in shown(answer)
    assert "Move on to Investigate" not in shown(answer)
    do(
        desk,
        case,
        "conversation",
        medium="phone",
        held_on="2026-11-10",
        said="All of it.",
        next_contact_on="2026-11-13",
    )
    assert "Move on to Investigate" in shown(desk.get(page(case)))


def test_the_page_of_a_full_case_asks_a_fixed_number_of_questions(desk, ready, handler, complaint):
    def count():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(page(ready)).status_code == 200
        return len(asked)

    few = count()
    for number in range(5):
        ready.add_point(f"Another one, {number}.", on=TUESDAY, by=handler)
        ready.log_conversation(said="More of it.", on=TUESDAY, by=handler)
        ready.involve(part=Part.WITNESS, why="Saw it", name=f"W{number}", email="w@example.com", on=TUESDAY, by=handler)
    intake.receive(complaint, on=MONDAY)
    assert count() <= few


def test_hostile_text_in_every_field_is_shown_as_text(desk, handler, letterhead):
    typed = dict.fromkeys(
        ("story", "wanted", "subject", "order_reference", "product", "name", "street", "city"), HOSTILE
    )
    record(desk, **typed | {"order_reference": HOSTILE[:60], "channel": "letter"})
    case = Case.objects.get()
    point = case.add_point(HOSTILE, on=TUESDAY, by=handler)
    case.find(point, HOSTILE, on=TUESDAY, by=handler)
    case.log_conversation(said=HOSTILE, proposed=HOSTILE, on=TUESDAY, by=handler)
    person = case.involve(part=Part.WITNESS, why=HOSTILE, name=HOSTILE, email="w@example.com", on=TUESDAY, by=handler)
    case.take_account(person, HOSTILE, on=TUESDAY, by=handler)
    case.explain(
        root_cause="delay", responsibility="ours", cause_explained=HOSTILE, prevention=HOSTILE, on=TUESDAY, by=handler
    )
    case.take_final_position(HOSTILE, reason=HOSTILE, on=TUESDAY, by=handler)
    do(desk, case, "draft-resolution")
    case.assign(handler, on=TUESDAY, by=handler)
    pages = [
        page(case),
        WORKLIST,
        reverse("admin:index"),
        reverse("admin:cases_customer_changelist"),
        reverse("admin:cases_customer_change", args=[case.customer_id]),
        reverse("admin:letters_letter_changelist"),
        reverse("admin:letters_letter_change", args=[Letter.objects.get().pk]),
        reverse("admin:letters_letter_issue", args=[Letter.objects.get().pk]),
        address(case, "finding", point),
        address(case, "point"),
        address(case, "ask-account", case.involve(part=Part.WITNESS, why="x", name=HOSTILE, on=TUESDAY, by=handler)),
    ]
    for each in pages:
        answer = desk.get(each)
        assert answer.status_code == 200, each
        assert "&lt;script&gt;alert" in shown(answer), each
        assert "<script>alert" not in shown(answer), each


def test_a_story_of_20_kilobytes_is_shown_whole(desk, complaint):
    story = "很长的投诉。" * 3_400 + "The end."
    case = intake.receive(replace(complaint, story=story), on=MONDAY)
    assert story in shown(desk.get(page(case)))


def test_the_history_is_told_newest_first_with_its_reasons(desk, case, handler):
    case.log_conversation(said="All.", proposed="A fridge.", on=MONDAY, by=handler, next_contact_on=FRIDAY)
    case.move_on(on=MONDAY, by=handler)
    case.explain(root_cause="delay", responsibility="ours", cause_explained="A van broke down.", on=MONDAY, by=handler)
    told = shown(desk.get(page(case)))
    history = told[told.index('id="history"') :]
    assert history.index("A van broke down.") < history.index("Complaint received")


# --- verbs ------------------------------------------------------------------------------------------------------------


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


def promise(row, what, owner, due_on):
    fields = {"what": what, "owner": owner.pk if owner else "", "due_on": f"{due_on}" if due_on else ""}
    return {f"promise-{row}-{name}": value for name, value in fields.items()}


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


# --- customers --------------------------------------------------------------------------------------------------------


def correcting(customer, **changes):
    fields = ("title", "name", "email", "street", "city", "region", "postcode", "language", "notes")
    now = {name: getattr(customer, name) for name in fields}
    return now | {"phone": str(customer.phone), "country": customer.country.code} | changes


def correct(desk, customer, **changes):
    return desk.post(reverse("admin:cases_customer_change", args=[customer.pk]), correcting(customer, **changes))


def test_a_correction_is_told_in_the_history_of_each_open_case(desk, case, complaint, handler):
    over = intake.receive(replace(complaint, customer=case.customer), on=MONDAY)
    over.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert correct(desk, case.customer, email="new@example.org", notes="Call after six.").status_code == 302
    event = case.events.last()
    assert (event.kind, event.by) == ("customer corrected", handler)
    assert "eleanor@example.org" in event.text
    assert over.events.last().kind != "customer corrected"
    assert Customer.objects.get().email == "new@example.org"


def test_saving_a_customer_unchanged_writes_no_history(desk, case):
    before = case.events.count()
    assert correct(desk, case.customer).status_code == 302
    assert case.events.count() == before


def test_our_own_address_is_no_customers(desk, case):
    assert "email" in correct(desk, case.customer, email="complaints@example.com").context["adminform"].form.errors


def test_a_customer_with_a_case_about_somebody_is_corrected_by_a_colleague(client, case, complaint, concerned, lead):
    other = intake.receive(replace(complaint, customer=case.customer), on=MONDAY)
    other.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    client.force_login(concerned)
    answer = correct(client, case.customer, city="Bath")
    assert "ask a colleague" in shown(answer)
    assert Customer.objects.get().city == "Bristol"


# --- staff ------------------------------------------------------------------------------------------------------------


def test_a_lead_gives_somebody_a_role_and_a_way_in(leads_desk):
    fields = {
        "username": "sam",
        "first_name": "Sam",
        "last_name": "Fitter",
        "email": "sam@example.com",
        "job_title": "Adviser",
        "role": "handler",
        "usable_password": "true",
        "password1": "a-good-long-secret",
        "password2": "a-good-long-secret",
    }
    answer = leads_desk.post(reverse("admin:cases_user_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sam = User.objects.get(username="sam")
    assert (sam.is_staff, sam.role, sam.email) == (True, "handler", "sam@example.com")
    assert sam.check_password("a-good-long-secret")


def test_whoever_leaves_is_set_inactive_and_their_cases_stay(leads_desk, handler, case, lead):
    case.assign(handler, on=MONDAY, by=lead)
    fields = {"username": "ines", "first_name": "Inês", "last_name": "C", "email": "", "job_title": "", "role": ""}
    leads_desk.post(reverse("admin:cases_user_change", args=[handler.pk]), fields)
    handler.refresh_from_db()
    assert (handler.is_active, handler.is_staff) == (False, False)
    assert Case.objects.get().handler == handler


def test_nobody_takes_their_own_role_away(leads_desk, lead):
    fields = {"username": "amara", "first_name": "Amara", "last_name": "N", "role": "reader"}
    leads_desk.post(reverse("admin:cases_user_change", args=[lead.pk]), fields)
    lead.refresh_from_db()
    assert (lead.role, lead.is_active) == ("lead", True)


def test_no_page_offers_to_delete_anything(leads_desk, case, handler, lead):
    pages = [
        WORKLIST,
        page(case),
        reverse("admin:cases_customer_change", args=[case.customer_id]),
        reverse("admin:cases_user_change", args=[handler.pk]),
        reverse("admin:cases_user_changelist"),
    ]
    for each in pages:
        told = shown(leads_desk.get(each))
        assert "/delete/" not in told, each
        assert "delete_selected" not in told, each
        assert "/history/" not in told, each
    for door in ("delete", "history"):
        assert leads_desk.post(f"/admin/cases/user/{handler.pk}/{door}/", {"post": "yes"}).status_code in (302, 404)
    assert User.objects.filter(pk=handler.pk).exists()
    assert Involvement.objects.count() == 0
