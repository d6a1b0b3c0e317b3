"""The clocks of a case: what starts and stops them, and what the rules allow to be done to them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cases import intake
from cases.deadlines import NoCalendar, working_days_after
from cases.models import CalendarDay, Case, FollowUp, Kind, Organisation, Pause, Refused, office
from cases.models import calendar as calendars
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

THURSDAY = date(2026, 11, 12)
WEDNESDAY = date(2026, 11, 11)


def clock(case, step, regime="house"):
    return case.deadlines.filter(regime=regime, step=step).last()


def test_the_house_promises_to_acknowledge_to_tell_how_far_we_are_and_to_answer(case):
    assert {one.step: one.due_on for one in case.deadlines.running()} == {
        "acknowledge": TUESDAY,
        "update": date(2026, 11, 16),  # Monday, the fifth working day
        "resolve": date(2026, 12, 7),  # Monday, the twentieth
    }


def test_what_is_due_because_of_a_rule_is_called_as_the_rules_call_it(case):
    assert str(clock(case, "resolve").followups.get()) == "Answer the complaint (due 7 December 2026)"


def test_what_happens_stops_a_clock_and_its_follow_up(case, handler):
    case.acknowledge("letter", on=TUESDAY, by=handler)
    met = clock(case, "acknowledge")
    assert (met.met_on, met.followups.get().done_on) == (TUESDAY, TUESDAY)


def test_a_clock_that_repeats_starts_anew_from_what_met_it_until_the_answer_is_there(case, handler):
    case.log_conversation(said="She was calm.", on=WEDNESDAY, by=handler)
    again = clock(case, "update")
    assert (again.occurrence, again.anchored_on, again.due_on) == (2, WEDNESDAY, date(2026, 11, 18))
    case.answer("by e-mail", on=FRIDAY, by=handler)
    assert not case.deadlines.running().exists()


def test_an_answer_that_came_back_lets_its_clock_run_again(case, handler):
    case.answer("by post", on=FRIDAY, by=handler)
    case.unanswer(on=NEXT_MONDAY, by=handler)
    running = clock(case, "resolve")
    assert running.met_on is None
    assert running.followups.outstanding().count() == 1


def test_a_case_that_the_customer_withdrew_neither_kept_nor_missed_anything(case, handler):
    case.end("withdrawn", reason="She changed her mind.", on=TUESDAY, by=handler)
    assert {one.void_reason for one in case.deadlines.all()} == {"The case was closed: withdrawn by the customer."}
    assert not FollowUp.objects.outstanding().filter(deadline__isnull=False).exists()


def test_a_case_of_an_organisation_goes_by_its_regime_as_well(db, complaint):
    homes = Organisation.objects.create(name="Larkfield Homes", country="GB", regime="uk-housing-ombudsman")
    case = intake.receive(replace(complaint, organisation=homes), on=MONDAY)
    assert [pack.regime for pack in case.packs()] == ["house", "uk-housing-ombudsman"]
    assert clock(case, "acknowledge", "uk-housing-ombudsman").due_on == NEXT_MONDAY  # 5 working days
    assert clock(case, "acknowledge").due_on == TUESDAY


def test_rules_that_were_not_in_force_on_the_day_of_receipt_are_refused(complaint, lead):
    day = date(2020, 3, 2)
    case = intake.receive(replace(complaint, received_on=day), on=MONDAY)
    with pytest.raises(ValidationError, match="2 March 2020") as refused:
        case.go_by("uk-housing-ombudsman", on=MONDAY, by=lead)
    assert "regime" in refused.value.error_dict


def test_rules_that_are_set_later_count_from_what_happened_before(case, handler, lead):
    case.acknowledge("letter", on=TUESDAY, by=handler)
    case.go_by("uk-housing-ombudsman", on=FRIDAY, by=lead)
    assert clock(case, "acknowledge", "uk-housing-ombudsman").met_on == TUESDAY
    assert clock(case, "stage1", "uk-housing-ombudsman").due_on == date(2026, 11, 24)  # Tuesday, the tenth
    case.go_by("", on=FRIDAY, by=lead)
    assert clock(case, "stage1", "uk-housing-ombudsman").void_reason == "The case goes by other rules."


def test_an_extension_moves_the_day_keeps_the_old_one_and_owes_a_letter(case, handler):
    resolve = clock(case, "resolve")
    extension = case.extend(resolve, number=5, reason="The fitter is ill.", on=FRIDAY, by=handler)
    assert (extension.old_due_on, extension.new_due_on) == (date(2026, 12, 7), date(2026, 12, 14))
    assert clock(case, "resolve").due_on == date(2026, 12, 14)
    assert case.counted(clock(case, "resolve")).days[-1].why == "Extended: The fitter is ill."
    assert resolve.followups.get().due_on == date(2026, 12, 14)
    owed = case.followups.get(kind=Kind.LETTER)
    assert (owed.due_on, owed.through) == (NEXT_MONDAY, "letter")
    assert "7 December 2026 to 14 December 2026" in case.events.filter(kind="extended").get().text


@pytest.mark.parametrize(
    ("step", "number", "on", "says"),
    [
        ("acknowledge", 1, MONDAY, "allow no extension"),
        ("resolve", 21, MONDAY, "1 to 20"),
        ("resolve", 5, date(2026, 12, 8), "was due on 7 December 2026"),
    ],
)
def test_an_extension_that_the_rules_do_not_allow_is_refused(case, handler, step, number, on, says):
    with pytest.raises(ValidationError, match=says):
        case.extend(clock(case, step), number=number, reason="We are busy.", on=on, by=handler)
    assert not case.followups.filter(kind=Kind.LETTER).exists()


def test_no_deadline_is_extended_more_often_than_its_rules_say(case, handler):
    case.extend(clock(case, "resolve"), number=5, reason="The fitter is ill.", on=FRIDAY, by=handler)
    with pytest.raises(ValidationError, match="once only"):
        case.extend(clock(case, "resolve"), number=5, reason="Still ill.", on=FRIDAY, by=handler)


def test_only_clocks_that_may_be_stopped_stand_still_and_days_of_the_pause_do_not_count(case, handler):
    case.pause(reason="We wait for her photographs.", on=WEDNESDAY, by=handler)
    assert clock(case, "resolve").followups.get().act_at is None
    assert clock(case, "update").followups.get().act_at is not None
    case.resume(on=FRIDAY, by=handler)
    assert clock(case, "resolve").due_on == date(2026, 12, 9)  # two working days later: Wednesday and Thursday stood
    assert clock(case, "update").due_on == date(2026, 11, 16)
    assert clock(case, "resolve").followups.get().act_at is not None


def test_an_extension_does_not_wake_what_stands_still(case, handler):
    case.pause(reason="We wait for her photographs.", on=WEDNESDAY, by=handler)
    case.extend(clock(case, "resolve"), number=5, reason="The fitter is ill.", on=FRIDAY, by=handler)
    assert clock(case, "resolve").followups.get().act_at is None


def test_a_pause_ends_with_the_case(case, handler):
    case.pause(reason="We wait for her photographs.", on=TUESDAY, by=handler)
    case.end("withdrawn", reason="She changed her mind.", on=FRIDAY, by=handler)
    assert case.paused() is None
    assert case.pauses.get().resumed_on == FRIDAY


def test_what_no_calendar_knows_is_said_to_whoever_extends_or_goes_on(case, handler, monkeypatch):
    case.pause(reason="We wait for her photographs.", on=WEDNESDAY, by=handler)
    monkeypatch.setattr("cases.models.counting.calendar_of", lambda organisation: calendars.Calendar("XX"))
    with pytest.raises(ValidationError, match="“XX”") as refused:
        case.extend(clock(case, "resolve"), number=5, reason="The fitter is ill.", on=FRIDAY, by=handler)
    assert "number" in refused.value.error_dict
    with pytest.raises(Refused, match="“XX”"):
        case.resume(on=FRIDAY, by=handler)
    assert case.paused()


def test_a_case_none_of_whose_clocks_may_be_stopped_is_not_paused(case, handler):
    case.answer("by e-mail", on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="None of its clocks"):
        case.pause(reason="Holidays.", on=TUESDAY, by=handler)
    assert not Pause.objects.exists()


def test_a_step_that_was_late_asks_why_before_the_case_is_closed(case, handler):
    case.acknowledge("letter", on=FRIDAY, by=handler)
    late = clock(case, "acknowledge")
    assert list(case.deadlines.unexplained()) == [late]
    case.explain_lateness(late, "It lay in the wrong tray.", on=FRIDAY, by=handler)
    assert not case.deadlines.unexplained()
    with pytest.raises(Refused, match="not late"):
        case.explain_lateness(clock(case, "resolve"), "No reason.", on=FRIDAY, by=handler)


def test_the_second_stage_needs_an_answer_and_somebody_else(complaint, lead, handler):
    homes = Organisation.objects.create(name="Larkfield Homes", country="GB", regime="uk-housing-ombudsman")
    case = intake.receive(replace(complaint, organisation=homes), on=MONDAY)
    case.assign(handler, on=MONDAY, by=lead)
    with pytest.raises(Refused, match="after our answer"):
        case.escalate(lead, reason="She is not satisfied.", on=FRIDAY, by=lead)
    case.answer("by e-mail", on=FRIDAY, by=handler)
    with pytest.raises(ValidationError, match="somebody else"):
        case.escalate(handler, reason="She is not satisfied.", on=FRIDAY, by=lead)
    case.escalate(lead, reason="She is not satisfied.", on=FRIDAY, by=lead)
    assert clock(case, "stage2_ack", "uk-housing-ombudsman").due_on == date(2026, 11, 20)  # Friday
    case.log_conversation(said="We will look at it afresh.", on=NEXT_MONDAY, by=lead)
    assert clock(case, "stage2_ack", "uk-housing-ombudsman").met_on == NEXT_MONDAY
    assert clock(case, "stage2", "uk-housing-ombudsman").due_on == date(2026, 12, 14)  # Monday, 20 working days on


def test_a_case_that_is_opened_again_is_answered_within_ten_working_days(case, handler):
    case.end("settled", reason="On the phone.", on=TUESDAY, by=handler)
    case.reopen(reason="It broke again.", on=FRIDAY, by=handler)
    assert clock(case, "answer_again").due_on == date(2026, 11, 27)


def test_an_own_day_off_counts_for_the_house_and_not_for_a_regime(db, complaint):
    CalendarDay.objects.create(day=TUESDAY, name="Office moves")
    homes = Organisation.objects.create(name="Larkfield Homes", country="GB", regime="uk-housing-ombudsman")
    case = intake.receive(replace(complaint, organisation=homes), on=MONDAY)
    assert clock(case, "acknowledge").due_on == WEDNESDAY
    assert [day.why for day in case.counted(clock(case, "acknowledge")).days][1] == "Office moves"
    assert clock(case, "acknowledge", "uk-housing-ombudsman").due_on == NEXT_MONDAY


def test_no_complaint_is_turned_away_because_a_calendar_is_missing(complaint, settings, lead, monkeypatch):
    def unknown(organisation, **_):
        return calendars.Calendar("XX")

    monkeypatch.setattr("cases.models.counting.calendar_of", unknown)
    case = intake.receive(complaint, on=MONDAY)
    assert not case.deadlines.exists()
    assert "No holiday calendar is known for “XX”" in case.events.filter(kind="no calendar").first().text
    assert case.followups.outstanding().count() == 3


def test_the_command_says_day_by_day_why(case, capsys):
    call_command("deadlines", case.reference.replace("-", " "))
    said = capsys.readouterr().out
    assert "Acknowledge the complaint: Tuesday, 10 November 2026" in said
    assert "Sat 14    –  Saturday" in said


def test_open_cases_from_before_there_were_clocks_get_theirs(complaint, handler, capsys, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(Case, "start_clocks", lambda case: None)
        case = intake.receive(complaint, on=MONDAY)
    case.acknowledge("letter", on=TUESDAY, by=handler)
    call_command("deadlines", "--start")
    assert "Clocks started for 1 case." in capsys.readouterr().out
    assert {one.step: one.met_on for one in case.deadlines.all()} == {
        "acknowledge": TUESDAY,
        "update": None,
        "resolve": None,
    }
    call_command("deadlines", "--start")
    assert case.deadlines.count() == 3


def test_a_year_without_a_calendar_is_an_error_that_names_it():
    with pytest.raises(NoCalendar, match="“GB” does not cover the year 2101"):
        working_days_after(date(2100, 12, 31), 1, calendar=calendars.Calendar("GB"))
    with pytest.raises(NoCalendar, match="region “XYZ”"):
        working_days_after(MONDAY, 1, calendar=calendars.Calendar("GB", "XYZ"))


@pytest.mark.django_db
def test_a_day_off_counts_at_once():
    before = working_days_after(MONDAY, 1, calendar=office())
    CalendarDay.objects.create(day=TUESDAY, name="Office moves")
    assert working_days_after(MONDAY, 1, calendar=office()) == before + timedelta(days=1)
