"""Whose case it is, who is kept away from it, and what follows for what they had to do. Amara leads, Inês handles;
“North” is their team, Noor approves for “South”."""

import pytest
from django.core.exceptions import PermissionDenied

from cases import followups, handover
from cases.models import Case, Kind, Part, Promise, Reading, Refused, Role, Step, Team, note_readings
from cases.models.followup import opening
from casetracker import clock
from tests.cases.reminding import at, plan, told
from tests.conftest import FRIDAY, MONDAY, TUESDAY, staff


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


# --- teams ---


def test_a_case_is_given_to_another_team_with_somebody_who_looks_after_it(her_case, lead, handler, noor, south):
    her_case.give_to_team(south, handler=noor, reason="Heat pumps", on=TUESDAY, by=lead)
    assert (her_case.team, her_case.handler) == (south, noor)
    assert not sees(handler, her_case)
    assert her_case.events.filter(kind="team", reason="Heat pumps", by=lead).exists()


def test_whoever_looks_after_it_may_stay_although_of_another_team(her_case, lead, handler, south):
    her_case.give_to_team(south, handler=handler, reason="Heat pumps", on=TUESDAY, by=lead)
    assert her_case.handler == handler
    assert sees(handler, her_case)


def test_without_a_handler_the_leads_of_the_new_team_are_asked_at_once(her_case, lead, handler, noor, north, south):
    lead.teams.add(north)
    theirs = staff("ada", "Ada", "Obi", Role.LEAD)
    theirs.teams.add(south)
    her_case.give_to_team(south, handler=None, reason="Heat pumps", on=TUESDAY, by=lead)
    followups.carry_out(at=opening(TUESDAY))
    asked = her_case.followups.outstanding().get(kind=Kind.HANDLER)
    assert told(Step.DUE, asked) == [theirs.email]
    assert asked.reminders.get().urgent
    her_case.assign(noor, on=TUESDAY, by=theirs)
    asked.refresh_from_db()
    assert asked.done_on == TUESDAY


def test_nobody_of_another_team_is_given_a_case(her_case, lead, handler, noor, north, south):
    her_case.give_to_team(north, handler=handler, reason="Fridges", on=TUESDAY, by=lead)
    with pytest.raises(Refused, match="does not work on cases of North"):
        her_case.assign(noor, on=TUESDAY, by=lead)
    with pytest.raises(Refused, match="choose somebody else"):
        her_case.hand_over(handler, noor, reason="Leave", on=TUESDAY, by=lead)
    [work] = handover.hand_over(handler, noor, reason="Leave", on=TUESDAY, by=lead)
    assert "of another team" in work.stays
    assert her_case.handler == handler


def test_what_a_colleague_of_the_old_team_had_to_do_goes_back_to_whoever_looks_after_it(
    her_case, lead, handler, noor, north, south
):
    mate = staff("tom", "Tom", "Weir", Role.HANDLER)
    mate.teams.add(north)
    her_case.log_conversation(said="She was calm.", proposed="A fridge.", on=MONDAY, by=handler)
    her_case.agree("A new fridge.", [Promise("Deliver it", mate, FRIDAY)], on=MONDAY, by=handler)
    theirs = plan(her_case, Kind.CALLBACK, FRIDAY, owner=mate)
    her_case.give_to_team(south, handler=noor, reason="Heat pumps", on=TUESDAY, by=lead)
    theirs.refresh_from_db()
    promised = her_case.followups.get(kind=Kind.COMMITMENT)
    assert theirs.actor == promised.actor == noor
    assert "Tom Weir may not open the case any more" in her_case.events.filter(kind="taken off").get().text


# --- whom it is about ---


def test_whom_a_complaint_is_about_is_given_nothing_to_do(her_case, lead, handler, concerned):
    her_case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=handler)
    for give in (
        lambda: her_case.assign(concerned, on=TUESDAY, by=lead),
        lambda: her_case.hand_over(handler, concerned, reason="Leave", on=TUESDAY, by=lead),
        lambda: her_case.give_to_team(
            Team.objects.get(name="South"), handler=concerned, reason="x", on=TUESDAY, by=lead
        ),
        lambda: her_case.agree("A fridge.", [Promise("Deliver it", concerned, FRIDAY)], on=TUESDAY, by=lead),
    ):
        with pytest.raises(Refused, match="The complaint is about Declan Byrne"):
            give()
    assert concerned not in her_case.who_may_handle()
    assert concerned not in her_case.who_may_keep_a_promise()
    assert concerned not in her_case.who_may_open()


def test_who_turns_out_to_be_concerned_has_nothing_to_do_for_it_any_more_and_a_lead_is_asked(
    case, lead, handler, concerned
):
    case.assign(concerned, on=MONDAY, by=lead)
    case.agree("A new fridge.", [Promise("Deliver it", concerned, FRIDAY)], on=MONDAY, by=lead)
    theirs = plan(case, Kind.CALLBACK, FRIDAY, owner=concerned)
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=TUESDAY, by=handler)
    case.refresh_from_db()
    assert case.handler is None
    outstanding = case.followups.outstanding()
    assert {followup.actor for followup in outstanding} == {None}
    assert theirs in outstanding
    followups.carry_out(at=at(TUESDAY, 12))
    asked = outstanding.get(kind=Kind.HANDLER)
    assert told(Step.DUE, asked) == [lead.email]
    assert not asked.reminders.filter(to_email=concerned.email).exists()
    kinds = list(case.events.values_list("kind", flat=True))
    assert "handler left" in kinds
    assert "taken off" in kinds


# --- restricted ---


def test_a_lead_restricts_a_case_and_lifts_it_again_with_a_reason_each(her_case, lead, handler, reader):
    her_case.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    assert not sees(reader, her_case)
    assert sees(handler, her_case)
    with pytest.raises(Refused, match="restricted already"):
        her_case.restrict(reason="Again", on=TUESDAY, by=lead)
    her_case.lift_restriction(reason="Settled", on=TUESDAY, by=lead)
    assert sees(reader, her_case)
    with pytest.raises(Refused, match="not restricted"):
        her_case.lift_restriction(reason="Again", on=TUESDAY, by=lead)
    assert her_case.events.filter(kind="restricted", reason="A claim in court").exists()
    assert her_case.events.filter(kind="restriction lifted", reason="Settled").exists()


def test_only_a_lead_restricts_a_case_or_lifts_it(her_case, lead, handler):
    with pytest.raises(PermissionDenied):
        her_case.restrict(reason="Mine", on=TUESDAY, by=handler)
    her_case.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    with pytest.raises(PermissionDenied):
        her_case.lift_restriction(reason="Mine", on=TUESDAY, by=handler)


def test_a_restricted_case_may_be_given_to_a_handler_who_opens_it_then(her_case, lead, noor, south):
    her_case.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    assert not sees(noor, her_case)
    assert noor in her_case.who_may_handle()
    her_case.assign(noor, on=TUESDAY, by=lead)
    assert sees(noor, her_case)


def test_of_a_restricted_case_nobody_is_told_who_may_not_open_it(her_case, lead, handler, noor, driver):
    for owner in (noor, driver):
        plan(her_case, Kind.CALLBACK, TUESDAY, owner=owner)
    her_case.restrict(reason="A claim in court", on=MONDAY, by=lead)
    followups.carry_out(at=opening(TUESDAY))
    assert set(told(Step.DUE)) == {handler.email}


def test_each_reading_of_a_restricted_case_is_written_down_once_in_five_minutes(her_case, lead, handler, time_machine):
    time_machine.move_to(at(TUESDAY, 9))
    her_case.read("its page", at=clock.now(), by=handler)
    assert not Reading.objects.exists()
    her_case.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    for user, what in ((handler, "its page"), (handler, "its page"), (handler, "note.txt"), (lead, "its page")):
        her_case.read(what, at=clock.now(), by=user)
    assert Reading.objects.count() == 3
    time_machine.move_to(at(TUESDAY, 9, 6))
    note_readings([her_case], "its page", at=clock.now(), by=handler)
    assert her_case.readings.filter(by=handler, what="its page").count() == 2
