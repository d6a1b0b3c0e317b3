"""Who is told of what is due: those whom a step concerns, but never whom the complaint is about."""

import pytest

from cases import followups
from cases.models import CalendarDay, Kind, Organisation, Part, Promise, Role, Step, Through
from cases.models.followup import opening
from casetracker import clock
from tests.cases.reminding import WEDNESDAY, at, plan, told
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY, staff


@pytest.fixture
def head(lead):
    """Whom Amara reports to."""
    lead.manager = staff("priya", "Priya", "Raghavan")
    lead.save()
    return lead.manager


@pytest.fixture
def second_lead(db):
    return staff("noor", "Noor", "Haddad", Role.LEAD)


@pytest.fixture
def her_case(case, lead, handler):
    """Eleanor's case, which Inês looks after and has acknowledged."""
    case.assign(handler, on=MONDAY, by=lead)
    case.acknowledge("letter", on=MONDAY, by=handler)
    return case


def tell(followup, *, on):
    """The clockwork looks when the office opens `on` that day; answers who was told, by step."""
    followups.carry_out(at=opening(on))
    return {step: told(step, followup) for step in Step if told(step, followup)}


def test_a_deadline_goes_from_the_handler_to_the_lead_to_the_head(her_case, lead, handler, head):
    followup = plan(her_case, Kind.DEADLINE, TUESDAY)
    assert tell(followup, on=TUESDAY) == {Step.DUE: [handler.email]}
    assert tell(followup, on=WEDNESDAY)[Step.OVERDUE] == [lead.email, handler.email]
    assert tell(followup, on=FRIDAY)[Step.ESCALATED] == [head.email]


def test_without_a_head_it_is_escalated_to_the_leads_again(her_case, lead):
    followup = plan(her_case, Kind.DEADLINE, TUESDAY)
    tell(followup, on=WEDNESDAY)
    assert tell(followup, on=FRIDAY)[Step.ESCALATED] == [lead.email]


def test_a_case_without_a_handler_reminds_every_lead(case, lead, second_lead):
    assert tell(case.followups.get(kind=Kind.ACKNOWLEDGEMENT), on=TUESDAY) == {
        Step.DUE: [lead.email, second_lead.email]
    }


def test_an_owner_goes_before_the_handler(her_case, lead):
    followup = plan(her_case, Kind.CALLBACK, TUESDAY, owner=lead)
    assert tell(followup, on=TUESDAY) == {Step.DUE: [lead.email]}


def test_a_letter_that_waits_for_nobody_in_particular_reminds_the_leads_to_approve_it(her_case, lead):
    assert tell(plan(her_case, Kind.APPROVAL, TUESDAY), on=TUESDAY) == {Step.DUE: [lead.email]}


def test_a_commitment_reminds_its_owner_and_when_late_the_handler_and_the_lead(her_case, lead, handler, driver, head):
    her_case.agree("A new fridge.", [Promise("Deliver it", driver, WEDNESDAY)], on=MONDAY, by=handler)
    followup = her_case.followups.get(kind=Kind.COMMITMENT)
    assert tell(followup, on=TUESDAY) == {Step.WARNING: [driver.email]}
    assert tell(followup, on=WEDNESDAY)[Step.DUE] == [driver.email]
    followups.carry_out(at=at(FRIDAY, 7, 59))
    assert told(Step.OVERDUE) == [lead.email, handler.email, driver.email]
    assert tell(followup, on=FRIDAY)[Step.ESCALATED] == [head.email]


def test_whether_a_promise_was_kept_is_asked_by_the_handler_not_by_who_kept_it(her_case, handler, driver):
    her_case.agree("A new fridge.", [Promise("Deliver it", driver, TUESDAY)], on=MONDAY, by=handler)
    followup = plan(her_case, Kind.CONFIRMATION, TUESDAY, commitment=her_case.commitments.get())
    assert tell(followup, on=TUESDAY) == {Step.DUE: [handler.email]}


def test_a_person_who_gives_no_account_is_chased_and_then_their_manager_hears_of_it(her_case, handler, driver, reader):
    driver.manager = reader
    driver.save()
    person = her_case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    followup = plan(her_case, Kind.ACCOUNT, TUESDAY, involvement=person)
    assert tell(followup, on=TUESDAY) == {Step.DUE: [driver.email]}
    assert tell(followup, on=FRIDAY)[Step.CHASED] == [driver.email]  # Thursday, seen on Friday
    assert tell(followup, on=NEXT_MONDAY)[Step.CHASED_AGAIN] == [driver.email]
    assert tell(followup, on=NEXT_MONDAY.replace(day=17))[Step.ESCALATED] == [reader.email]


def test_of_somebody_without_a_manager_the_leads_hear(her_case, lead, handler):
    person = her_case.involve(
        name="Jo Pym", email="jo@example.net", part=Part.WITNESS, why="Saw it", on=MONDAY, by=handler
    )
    followup = plan(her_case, Kind.ACCOUNT, MONDAY, involvement=person)
    assert tell(followup, on=NEXT_MONDAY)[Step.ESCALATED] == [lead.email, "jo@example.net"]


def test_who_is_asked_by_e_mail_for_an_account_is_asked_at_once(her_case, handler, driver, time_machine):
    time_machine.move_to(at(MONDAY, 15))
    person = her_case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    her_case.ask_account(person, until=FRIDAY, on=MONDAY, by=handler)
    followups.carry_out(at=clock.now())
    assert told(Step.ASKED) == [driver.email]
    followups.carry_out(at=opening(FRIDAY))
    assert told(Step.DUE, person.followups.get()) == [driver.email]


def test_who_was_asked_by_letter_is_only_reminded(her_case, handler, driver):
    person = her_case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    her_case.ask_account_by_letter(person, until=FRIDAY, on=MONDAY, by=handler)
    followup = person.followups.get()
    assert (followup.through, followup.act_at) == (Through.LETTER, opening(FRIDAY))
    assert tell(followup, on=FRIDAY) == {Step.DUE: [driver.email]}


# --- whom the complaint is about, who left, who is away ---------------------------------------------------------------


def test_whom_the_complaint_is_about_is_told_nothing_whatever_their_role(her_case, lead, second_lead, head, handler):
    her_case.involve(user=lead, part=Part.CONCERNED, why="Shouted at her", on=MONDAY, by=handler)
    her_case.involve(user=head, part=Part.CONCERNED, why="Laughed", on=MONDAY, by=handler)
    followup = plan(her_case, Kind.DEADLINE, TUESDAY, owner=lead)
    assert tell(followup, on=FRIDAY) == {Step.ESCALATED: [second_lead.email]}


def test_when_nobody_may_be_told_the_history_says_so(case, lead, handler):
    case.involve(user=lead, part=Part.CONCERNED, why="Shouted at her", on=MONDAY, by=handler)
    followups.carry_out(at=opening(TUESDAY))
    assert not told(Step.DUE)
    assert "Told: nobody" in case.events.last().text


def test_whom_the_complaint_is_about_can_be_asked_for_their_account_all_the_same(her_case, concerned, handler):
    person = her_case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=handler)
    followup = plan(her_case, Kind.ACCOUNT, TUESDAY, involvement=person)
    assert tell(followup, on=TUESDAY) == {Step.DUE: [concerned.email]}


@pytest.mark.parametrize("gone", [{"is_active": False}, {"email": ""}])
def test_the_leads_are_told_in_the_place_of_who_left_or_has_no_address(her_case, lead, handler, gone):
    for field, value in gone.items():
        setattr(handler, field, value)
    handler.save()
    assert tell(plan(her_case, Kind.CONTACT, TUESDAY), on=TUESDAY) == {Step.DUE: [lead.email]}


def test_the_leads_are_told_as_well_while_somebody_is_away(her_case, lead, handler):
    handler.away_from, handler.away_until = TUESDAY, FRIDAY
    handler.save()
    assert tell(plan(her_case, Kind.CONTACT, TUESDAY), on=TUESDAY) == {Step.DUE: [lead.email, handler.email]}
    assert tell(plan(her_case, Kind.LETTER, NEXT_MONDAY), on=NEXT_MONDAY) == {Step.DUE: [handler.email]}


# --- by whose days and hours ------------------------------------------------------------------------------------------


def test_somebody_in_riga_is_reminded_when_riga_opens(her_case, handler):
    handler.time_zone = "Europe/Riga"
    handler.save()
    followup = plan(her_case, Kind.CONTACT, TUESDAY)
    assert followup.act_at == at(TUESDAY, 6)
    followups.carry_out(at=at(TUESDAY, 5, 59))
    assert not told(Step.DUE)
    followups.carry_out(at=at(TUESDAY, 6))
    assert told(Step.DUE) == [handler.email]


def test_somebodys_own_days_off_count_for_them(her_case, handler):
    handler.country = "SA"  # where the weekend is Friday and Saturday
    handler.save()
    followup = plan(her_case, Kind.CONTACT, FRIDAY)
    assert followup.act_at == opening(FRIDAY.replace(day=12))
    followups.carry_out(at=opening(FRIDAY))
    assert followup.reminders.get().planned_at == opening(FRIDAY.replace(day=12))


def test_a_case_of_an_office_elsewhere_goes_by_the_days_of_that_office(her_case, handler):
    office = Organisation.objects.create(name="Leeds")
    CalendarDay.objects.create(organisation=office, day=FRIDAY, name="The office moves")
    her_case.belong_to(office, on=MONDAY, by=handler)
    assert plan(her_case, Kind.CONTACT, FRIDAY).act_at == opening(FRIDAY.replace(day=12))
