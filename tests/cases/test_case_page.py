"""The page of a case: what is missing leads to what settles it, one thing comes first, words say what colours show."""

import re

import pytest
from django.urls import reverse

from cases import followups
from cases.models import Limits, Outcome, Part
from cases.models.followup import opening
from letters import dispatch
from tests.cases.desk import address, page, shown
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def first(desk, case):
    """The one thing to do; exactly one button of the page stands out."""
    answer = desk.get(page(case))
    assert shown(answer).count("is-first") == 1
    return answer.context["primary"]


def settles(desk, case) -> dict:
    """By sentence, where it leads."""
    return {f"{it.sentence}": it.button and it.button.href for it in desk.get(page(case)).context["missing"]}


def test_each_thing_that_is_missing_leads_to_what_settles_it(desk, case, handler, driver):
    assert settles(desk, case) == {
        "Send the acknowledgement letter, or log a call with the customer.": address(case, "draft-acknowledgement"),
        "Promise the customer a date for the next contact.": address(case, "contact"),
    }
    case.log_conversation(said="All.", next_contact_on=FRIDAY, on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    point = case.add_point("A dent.", on=TUESDAY, by=handler)
    asked = case.involve(user=driver, part=Part.WITNESS, why="Drove", on=TUESDAY, by=handler)
    assert settles(desk, case) == {
        "Write the finding on point 1.": address(case, "finding", point),
        "Get the account of Kofi Mensah, or waive it with a reason.": address(case, "ask-account", asked),
        "Name the root cause.": address(case, "cause"),
        "Say whose responsibility it is: ours, partly ours, or not ours.": address(case, "cause"),
    }
    case.ask_account(asked, until=FRIDAY, on=TUESDAY, by=handler)
    assert address(case, "account", asked) in settles(desk, case).values()


def test_one_thing_comes_first_and_in_the_end_it_is_to_move_on(desk, case, handler):
    assert first(desk, case).label == "Draft the acknowledgement"
    case.log_conversation(said="All.", on=TUESDAY, by=handler)
    assert first(desk, case).label == "Promise the next contact"
    case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    assert first(desk, case).label == "Move on to Investigate"
    case.move_on(on=TUESDAY, by=handler)
    point = case.add_point("A dent.", on=TUESDAY, by=handler)
    assert first(desk, case).label == "Finding: point 1"
    case.find(point, "It fell.", on=TUESDAY, by=handler)
    assert first(desk, case).label == "Name the cause"


def test_a_draft_that_settles_it_comes_first_and_a_letter_on_its_way_is_not_drafted_again(desk, draft, handler):
    case = draft.case
    primary = first(desk, case)
    assert primary.label == "Finish the draft: resolution letter"
    assert primary.href == reverse("admin:letters_letter_change", args=[draft.pk])
    dispatch.issue(draft, on=TUESDAY, by=handler)
    answer = desk.get(page(case))
    assert answer.context["primary"] is None
    assert 'href="#letters"' in shown(answer)


def test_where_we_do_not_agree_the_final_position_answers(desk, ready, handler):
    assert first(desk, ready).label == "Draft the resolution letter"
    ready.take_final_position("No more.", reason="It was used.", on=TUESDAY, by=handler)
    assert first(desk, ready).label == "Draft the final position"


def test_the_stepper_says_how_much_is_missing(desk, case):
    assert "2 missing" in shown(desk.get(page(case)))


def test_whoever_only_reads_sees_what_is_missing_and_no_button(client, reader, case):
    client.force_login(reader)
    answer = client.get(page(case))
    assert "Promise the customer a date for the next contact." in shown(answer)
    assert answer.context["primary"] is None
    assert not re.search(r'href="[^"]*/contact/"', shown(answer))


def test_the_state_of_each_account_is_said_in_a_word(desk, case, handler, driver, reader, lead):
    case.assign(handler, on=MONDAY, by=handler)
    people = {
        name: case.involve(part=Part.WITNESS, why="Saw it", name=name, email="w@example.com", on=MONDAY, by=handler)
        for name in ("Asked", "Late", "Given", "Waived", "Not")
    }
    case.involve(part=Part.INFORMED, why="To learn", name="Informed", email="i@example.com", on=MONDAY, by=handler)
    case.ask_account(people["Asked"], until=FRIDAY, on=MONDAY, by=handler)
    case.ask_account(people["Late"], until=MONDAY, on=MONDAY, by=handler)
    followups.carry_out(at=opening(MONDAY))
    case.take_account(people["Given"], "I saw it.", on=MONDAY, by=handler)
    case.waive_account(people["Waived"], reason="On leave.", on=MONDAY, by=handler)
    rows = {row.it.name: row for row in desk.get(page(case)).context["people"]}
    assert {name: row.note for name, row in rows.items()} == {
        "Asked": "Asked",
        "Late": "Account overdue",
        "Given": "Account given",
        "Waived": "Account waived",
        "Not": "Not asked yet",
        "Informed": "Owes no account",
    }
    assert rows["Late"].words.endswith("overdue by 1 working day, reminded 1 time")


def test_every_clock_says_in_a_word_how_it_stands(desk, case, handler):
    states = {clock.label: clock.state for clock in desk.get(page(case)).context["clocks"]}
    assert states["Acknowledge the complaint"] == "Due today"
    case.acknowledge("call", on=TUESDAY, by=handler)
    shown_now = desk.get(page(case))
    states = {clock.label: clock.state for clock in shown_now.context["clocks"]}
    assert states["Acknowledge the complaint"] == "Done"
    assert states["Answer the complaint"] == "In time"
    assert ">In time<" in shown(shown_now)


def test_what_the_customer_needs_stands_above_everything_that_can_be_done(desk, case):
    needs = {"no_phone": True, "large_print": True, "adjustments": "Short sentences", "vulnerability": "Hears badly"}
    assert "What this customer needs" not in shown(desk.get(page(case)))
    type(case.customer).objects.filter(pk=case.customer_id).update(**needs)
    told = shown(desk.get(page(case)))
    asked = told.index("they asked not to be rung up")
    assert asked < told.index("What is missing before the next stage")
    assert "Short sentences" in told
    assert "Hears badly" in told
    assert "<s>+44 117 496 0148</s>" in told
    assert "tel:" not in told


def test_the_history_is_told_whole_or_by_what_one_asks_for(desk, case, handler):
    point = case.add_point("A dent.", on=TUESDAY, by=handler)
    case.decide(point, Outcome.UPHELD, on=TUESDAY, by=handler)
    case.log_conversation(said="All.", on=TUESDAY, by=handler, limits=Limits(("warned",), "Names."))
    case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    case.move(case.next_contact(), to=NEXT_MONDAY, reason="She asked.", on=TUESDAY, by=handler)

    def told(name):
        days = desk.get(page(case), {"told": name}).context["days"]
        return {event.kind for _, events in days for event in events}

    assert told("investigation") == {"point added", "outcome"}
    assert told("days") == {"followup moved"}
    assert told("letters") == set()
    assert {"received", "conversation", "contact promised", "conduct warned"} <= told("customer")
    assert told("") == told("nonsense") == told("investigation") | told("days") | told("customer")
