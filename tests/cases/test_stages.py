"""Each gate, each way, each exit."""

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import Case, GateClosed, Kind, Part, Promise, Refused, WrongStage
from cases.stages import BACK, EXITS, ONWARD, Exit, Stage
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY


def acknowledged(case, handler):
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    case.move_on(on=MONDAY, by=handler)
    return case


def investigated(case, handler):
    acknowledged(case, handler)
    point = case.add_point("The fridge was dented.", on=TUESDAY, by=handler)
    case.find(point, "It was dented before the handover.", on=TUESDAY, by=handler)
    case.explain(root_cause="product_fault", responsibility="ours", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    return case


def talked(case, handler):
    investigated(case, handler)
    case.log_conversation(said="She was calm.", proposed="A new fridge.", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    return case


def agreed(case, handler):
    talked(case, handler)
    case.decide(case.points.get(), "upheld", redress="A new fridge", on=TUESDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    return case


def test_a_new_case_waits_to_be_acknowledged_and_says_what_is_missing(case):
    assert case.stage == Stage.ACKNOWLEDGE
    assert case.missing() == [
        "Send the acknowledgement letter, or log a call with the customer.",
        "Promise the customer a date for the next contact.",
    ]


def test_acknowledge_is_left_by_a_call_and_a_dated_next_contact(case, handler):
    case.log_conversation(said="Heard her out.", on=MONDAY, by=handler)
    assert case.missing() == ["Promise the customer a date for the next contact."]
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    case.move_on(on=MONDAY, by=handler)
    assert case.stage == Stage.INVESTIGATE


def test_a_talk_with_a_colleague_acknowledges_nothing(case, handler, driver):
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    case.log_conversation(said="He saw the dent.", person=person, on=MONDAY, by=handler)
    assert case.acknowledged_on is None


def test_investigate_asks_for_points_findings_accounts_cause_and_responsibility(case, handler, driver):
    acknowledged(case, handler)
    assert case.missing()[0] == "Split the complaint into numbered points."
    point = case.add_point("The fridge was dented.", on=TUESDAY, by=handler)
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=TUESDAY, by=handler)
    assert case.missing() == [
        "Write the finding on point 1.",
        "Get the account of Kofi Mensah, or waive it with a reason.",
        "Name the root cause.",
        "Say whose responsibility it is: ours, partly ours, or not ours.",
    ]
    case.find(point, "It was dented.", on=TUESDAY, by=handler)
    case.take_account(person, "I saw the dent.", on=TUESDAY, by=handler)
    case.explain(root_cause="product_fault", responsibility="ours", on=TUESDAY, by=handler)
    assert case.missing() == []


def test_an_account_may_be_waived_with_a_reason_and_who_is_only_informed_owes_none(case, handler, driver, reader):
    acknowledged(case, handler)
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=TUESDAY, by=handler)
    case.involve(user=reader, part=Part.INFORMED, why="Plans the routes", on=TUESDAY, by=handler)
    case.waive_account(person, reason="The record says it all.", on=TUESDAY, by=handler)
    assert not [sentence for sentence in case.missing() if "account" in sentence]


def test_talk_asks_for_a_conversation_with_a_proposal(case, handler):
    investigated(case, handler)
    case.log_conversation(said="She was angry.", on=TUESDAY, by=handler)
    assert case.missing() == ["Log a conversation with the customer, with what was proposed."]
    case.log_conversation(said="She was calm.", proposed="A new fridge.", on=TUESDAY, by=handler)
    assert case.missing() == []


def test_agree_asks_for_outcomes_and_an_agreement(case, handler):
    talked(case, handler)
    assert case.missing() == [
        "Decide the outcome of point 1.",
        "Record the agreement with its commitments, or the final position with its reason.",
    ]


def test_a_final_position_with_its_reason_serves_where_no_agreement_is_reached(case, handler):
    talked(case, handler)
    case.decide(case.points.get(), "not_upheld", on=TUESDAY, by=handler)
    case.take_final_position("No refund.", reason="The dent came later.", on=TUESDAY, by=handler)
    assert case.missing() == []


def test_document_asks_for_the_letter_and_then_for_the_copies(case, handler):
    agreed(case, handler)
    assert case.missing() == ["Get the resolution letter to the customer: delivered by e-mail, or posted."]
    case.answer("by post", on=TUESDAY, by=handler)
    assert case.missing() == ["See every copy of the resolution letter sent."]
    case.copy_to_everyone(on=TUESDAY, by=None)
    case.move_on(on=TUESDAY, by=handler)
    assert (case.stage, case.closed_on) == (Stage.CLOSED, TUESDAY)


def test_the_gate_stays_closed_while_something_is_missing(case, handler):
    with pytest.raises(GateClosed) as refused:
        case.move_on(on=MONDAY, by=handler)
    assert refused.value.missing == case.missing()
    case.refresh_from_db()
    assert case.stage == Stage.ACKNOWLEDGE


def test_a_lead_may_override_a_gate_with_a_reason_that_the_history_keeps(case, lead):
    case.move_on(overriding="The customer is in hospital.", on=MONDAY, by=lead)
    assert case.stage == Stage.INVESTIGATE
    event = case.events.get(kind="overridden")
    assert event.reason == "The customer is in hospital."
    assert "Send the acknowledgement letter" in event.text
    assert event.by == lead


def test_a_handler_may_not_override_a_gate(case, handler):
    with pytest.raises(PermissionDenied):
        case.move_on(overriding="I am in a hurry.", on=MONDAY, by=handler)
    case.refresh_from_db()
    assert case.stage == Stage.ACKNOWLEDGE


def test_of_two_people_who_move_a_case_at_once_one_wins_and_the_other_reads_why(case, handler, lead):
    acknowledged_by = {"on": MONDAY, "by": lead}
    case.log_conversation(said="Heard her out.", next_contact_on=FRIDAY, **acknowledged_by)
    seen_by_lead, seen_by_handler = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    seen_by_lead.move_on(**acknowledged_by)
    with pytest.raises(WrongStage, match="Somebody else moved this case a moment ago"):
        seen_by_handler.move_on(on=MONDAY, by=handler)
    assert case.events.filter(kind=Stage.INVESTIGATE).count() == 1


@pytest.mark.parametrize("stage", BACK)
def test_the_ways_back_need_a_reason_and_lead_one_stage_back(case, handler, stage):
    {Stage.TALK: investigated, Stage.AGREE: talked, Stage.DOCUMENT: agreed}[stage](case, handler)
    case.go_back(reason="Something new came up.", on=TUESDAY, by=handler)
    assert case.stage == BACK[stage]
    assert case.events.last().reason == "Something new came up."


@pytest.mark.parametrize("stage", [Stage.ACKNOWLEDGE, Stage.INVESTIGATE])
def test_no_way_leads_back_from_the_first_two_stages(case, handler, stage):
    if stage == Stage.INVESTIGATE:
        acknowledged(case, handler)
    with pytest.raises(WrongStage, match="no way leads back"):
        case.go_back(reason="Please.", on=TUESDAY, by=handler)


def test_after_the_way_back_from_document_the_letter_has_to_reach_the_customer_anew(case, handler):
    agreed(case, handler)
    case.answer("by post", on=TUESDAY, by=handler)
    case.go_back(reason="She wants it differently.", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    assert case.missing() == ["Get the resolution letter to the customer: delivered by e-mail, or posted."]


@pytest.mark.parametrize("exit", [Exit.WITHDRAWN, Exit.OUT_OF_SCOPE, Exit.SETTLED])
def test_an_honest_exit_closes_the_case_with_its_reason_and_asks_nothing_more(case, handler, exit):
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    case.end(exit, reason="She said so.", on=MONDAY, by=handler)
    case.refresh_from_db()
    assert (case.stage, case.exit, case.exit_reason, case.closed_on) == ("closed", exit, "She said so.", MONDAY)
    asked = [followup.kind for followup in case.followups.outstanding()]
    assert asked == ([Kind.AFTERCARE] if exit == Exit.SETTLED else [])  # of the customer, not of us


def test_a_duplicate_names_the_other_case(case, handler, complaint):
    from cases import intake

    other = intake.receive(complaint, on=MONDAY)
    with pytest.raises(Refused, match="Name the other case"):
        case.end(Exit.DUPLICATE, reason="Same thing.", on=MONDAY, by=handler)
    with pytest.raises(Refused, match="Name the other case"):
        case.end(Exit.DUPLICATE, reason="Same thing.", duplicate_of=case, on=MONDAY, by=handler)
    case.end(Exit.DUPLICATE, reason="Same thing.", duplicate_of=other, on=MONDAY, by=handler)
    assert list(other.duplicates.all()) == [case]


def test_only_a_first_contact_settles_a_case(case, handler):
    acknowledged(case, handler)
    with pytest.raises(WrongStage):
        case.end(Exit.SETTLED, reason="Done.", on=TUESDAY, by=handler)


def test_a_closed_case_goes_nowhere_unless_it_is_reopened(case, handler):
    case.end(Exit.WITHDRAWN, reason="She said so.", on=MONDAY, by=handler)
    with pytest.raises(WrongStage):
        case.move_on(on=MONDAY, by=handler)
    with pytest.raises(WrongStage):
        case.end(Exit.OUT_OF_SCOPE, reason="No.", on=MONDAY, by=handler)


def test_what_was_promised_outlives_the_closed_case(case, handler):
    agreed(case, handler)
    case.answer("by post", on=TUESDAY, by=handler)
    case.copy_to_everyone(on=TUESDAY, by=None)
    case.move_on(on=TUESDAY, by=handler)
    assert [followup.kind for followup in case.followups.outstanding()] == ["commitment", "aftercare"]
    assert case.commitments.overdue(on=NEXT_MONDAY).exists()


def test_nobody_whom_the_complaint_is_about_decides_on_it(case, handler, concerned):
    case.assign(concerned, on=MONDAY, by=handler)
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up on her", on=MONDAY, by=handler)
    case.refresh_from_db()
    assert case.handler is None
    with pytest.raises(PermissionDenied):
        case.log_conversation(said="I was polite.", on=MONDAY, by=concerned)
    assert not case.conversations.exists()
    with pytest.raises(Refused, match="choose somebody else"):
        case.assign(concerned, on=MONDAY, by=handler)
    assert not Case.objects.visible_to(concerned).filter(pk=case.pk).exists()


def test_every_stage_has_a_way_onward_or_is_the_end():
    assert set(ONWARD) | {Stage.CLOSED} == set(Stage)
    assert set(EXITS) == set(Stage)
