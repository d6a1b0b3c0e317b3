"""What a day off or a new version of rules moves is shown first, then done, and never goes against what a letter said.

Eleanor complained on Monday, 9 November 2026: by the house's rules she is acknowledged by Tuesday the 10th, hears from
us by Monday the 16th and is answered by Monday, 7 December, twenty working days later.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import intake, retiming, rules
from cases.days_off import Change
from cases.models import CalendarDay, Case, Deadline, Organisation, Part, Refused, calendar_of
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 12)
NEXT_TUESDAY = date(2026, 11, 17)
SEVENTH, EIGHTH = date(2026, 12, 7), date(2026, 12, 8)  # of December, a Monday and a Tuesday

HARBOUR = """
name: Rules of the harbour
source: Nobody's
country: GB
versions:
  - valid_from: 2020-01-01
    steps:
      - {step: answer, label: Answer the harbour, anchor: received, ends: [answered], limit: 15, unit: working_day}
"""
SECOND_VERSION = """
  - valid_from: 2026-06-01
    steps:
      - {step: answer, label: Answer the harbour, anchor: received, ends: [answered], limit: 10, unit: working_day}
"""


@pytest.fixture
def packs(tmp_path, monkeypatch):
    """Writes the rules of the harbour beside the house's; every release may write them anew."""

    def release(text):
        (tmp_path / "harbour.yaml").write_text(text, encoding="utf-8")
        rules.names.cache_clear()
        rules.regimes.cache_clear()

    (tmp_path / "house.yaml").write_text((rules.HERE / "house.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(rules, "HERE", tmp_path)
    release(HARBOUR)
    yield release
    rules.names.cache_clear()
    rules.regimes.cache_clear()


@pytest.fixture
def northwind(db):
    return Organisation.objects.create(name="Northwind Energy")


def day_off(day, *, name="Office moves", **fields) -> Change:
    return Change(None, CalendarDay(day=day, name=name, **fields))


def gone(day) -> Change:
    return Change(day, None)


def due(case, step="resolve") -> date:
    return case.deadlines.running().get(step=step).due_on


def days(moves) -> dict:
    """By step, from which day to which."""
    return {move.deadline.step: (move.deadline.due_on, move.due_on) for move in moves}


def add(change, lead, **how):
    """The day stands in the calendar, and what it moves has moved. Answers what stayed."""
    return retiming.save(change, retiming.of_a_day(change, by=lead).moves, why="We move", on=TUESDAY, by=lead, **how)


def promised(case, day, step="resolve"):
    case.deadlines.filter(step=step).update(promised_on=day, promised_in="the acknowledgement of 10 November 2026")
    return case.deadlines.get(step=step)


# --- what would move --------------------------------------------------------------------------------------------------


def test_a_day_off_moves_what_it_lies_in_and_nothing_else(case, lead):
    assert days(retiming.of_a_day(day_off(THURSDAY), by=lead).moves) == {
        "update": (NEXT_MONDAY, NEXT_TUESDAY),
        "resolve": (SEVENTH, EIGHTH),
    }
    assert days(retiming.of_a_day(day_off(EIGHTH), by=lead).moves) == {}


def test_on_the_last_day_itself_it_moves_too(case, lead):
    assert days(retiming.of_a_day(day_off(SEVENTH), by=lead).moves) == {"resolve": (SEVENTH, EIGHTH)}


def test_a_working_saturday_brings_the_days_forward(case, lead):
    saturday = day_off(date(2026, 11, 14), works=True)
    moves = retiming.of_a_day(saturday, by=lead).moves
    assert days(moves) == {"update": (NEXT_MONDAY, FRIDAY + timedelta(days=1)), "resolve": (SEVENTH, date(2026, 12, 4))}
    assert all(move.is_earlier for move in moves)


def test_looking_changes_nothing(case, lead):
    before = list(chain(Deadline.objects.values(), case.followups.values(), case.events.values()))
    retiming.of_a_day(day_off(THURSDAY), by=lead)
    assert list(chain(Deadline.objects.values(), case.followups.values(), case.events.values())) == before
    assert not CalendarDay.objects.exists()


def test_a_day_off_never_makes_a_deadline_earlier(case, lead):
    """Not even one that stands later than it would be counted now, for whatever reason."""
    case.deadlines.filter(step="update").update(due_on=date(2026, 11, 27))
    for number in range(60):
        moves = retiming.of_a_day(day_off(MONDAY + timedelta(days=number)), by=lead).moves
        assert [move.deadline.step for move in moves if move.due_on <= move.deadline.due_on] == []


def test_a_day_that_works_after_all_never_makes_a_deadline_later(case, lead):
    own = CalendarDay.objects.create(day=THURSDAY, name="Office moves")
    assert days(retiming.of_a_day(gone(own), by=lead).moves) == {}  # they stand where they were without it
    case.deadlines.filter(step="resolve").update(due_on=EIGHTH)
    assert days(retiming.of_a_day(gone(own), by=lead).moves) == {"resolve": (EIGHTH, SEVENTH)}


def test_a_day_off_on_another_day_is_counted_as_both(case, lead):
    add(day_off(THURSDAY), lead)
    before = CalendarDay.objects.get()
    after = CalendarDay.objects.get()
    after.day = date(2026, 11, 25)
    change = Change(before, after)
    assert days(retiming.of_a_day(change, by=lead).moves) == {"update": (NEXT_TUESDAY, NEXT_MONDAY)}
    retiming.save(change, retiming.of_a_day(change, by=lead).moves, why="Later", on=TUESDAY, by=lead)
    assert CalendarDay.objects.get().day == date(2026, 11, 25)
    assert (due(case, "update"), due(case)) == (NEXT_MONDAY, EIGHTH)


def test_what_is_met_or_void_does_not_move(case, lead):
    case.acknowledge("letter", on=TUESDAY, by=lead)
    case.void_clocks("Withdrawn.", on=TUESDAY)
    assert retiming.of_a_day(day_off(TUESDAY), by=lead).moves == []


def test_a_case_about_a_lead_is_neither_shown_to_them_nor_moved_by_them(case, lead, concerned, complaint):
    other = intake.receive(complaint, on=MONDAY)
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    change = day_off(THURSDAY)
    moves = retiming.of_a_day(change, by=concerned).moves
    assert {move.deadline.case_id for move in moves} == {other.pk}
    assert {move.deadline.case_id for move in retiming.anew(by=concerned).moves} == set()
    add(change, concerned)
    assert (due(case), due(other)) == (SEVENTH, EIGHTH)
    assert {move.deadline.case_id for move in retiming.anew(by=lead).moves} == {case.pk}


# --- whose day it is --------------------------------------------------------------------------------------------------


def test_each_organisation_has_own_days(case, lead, complaint, northwind):
    southwind = Organisation.objects.create(name="Southwind Water")
    theirs = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    others = intake.receive(replace(complaint, organisation=southwind), on=MONDAY)
    add(day_off(THURSDAY, organisation=northwind), lead)
    add(day_off(FRIDAY, organisation=southwind), lead)
    add(day_off(NEXT_TUESDAY), lead)
    assert [due(one) for one in (case, theirs, others)] == [EIGHTH, date(2026, 12, 9), date(2026, 12, 9)]
    assert retiming.anew(by=lead).moves == []


def test_a_day_that_goes_from_one_organisation_to_another_moves_both(lead, complaint, northwind):
    southwind = Organisation.objects.create(name="Southwind Water")
    theirs = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    others = intake.receive(replace(complaint, organisation=southwind), on=MONDAY)
    add(day_off(THURSDAY, organisation=northwind), lead)
    after = CalendarDay.objects.get()
    after.organisation = southwind
    add(Change(CalendarDay.objects.get(), after), lead)
    assert (due(theirs), due(others)) == (SEVENTH, EIGHTH)


def test_an_organisations_own_word_about_a_day_goes_before_the_houses(northwind):
    CalendarDay.objects.create(organisation=northwind, day=THURSDAY, name="Northwind's feast")
    CalendarDay.objects.create(day=THURSDAY, name="Stocktaking", works=True)
    CalendarDay.objects.create(organisation=northwind, day=FRIDAY, name="Northwind works", works=True)
    CalendarDay.objects.create(day=FRIDAY, name="Office moves")
    assert calendar_of(northwind).day_off(THURSDAY) == "Northwind's feast"
    assert calendar_of(northwind).day_off(FRIDAY) is None
    assert calendar_of(None).day_off(FRIDAY) == "Office moves"


def test_a_regimes_clock_does_not_know_our_own_days(packs, lead, complaint, northwind):
    northwind.regime = "harbour"
    northwind.save()
    case = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    assert due(case, "answer") == date(2026, 11, 30)
    moves = days(retiming.of_a_day(day_off(THURSDAY), by=lead).moves)
    assert moves.keys() == {"update", "resolve"}
    add(day_off(THURSDAY), lead)
    assert retiming.anew(by=lead).moves == []


def test_what_rolls_back_from_a_day_off_comes_to_it_again_when_it_is_gone(packs, lead, complaint):
    """The one way in which a day off brings a day forward: rules that say so."""
    by_our_days = HARBOUR.replace("country: GB", "").replace("15, unit: working_day", "4, unit: week, roll: back")
    packs(by_our_days)
    case = intake.receive(complaint, on=MONDAY)
    case.go_by("harbour", on=MONDAY, by=lead)
    assert due(case, "answer") == SEVENTH
    add(day_off(SEVENTH), lead)
    assert due(case, "answer") == date(2026, 12, 4)
    add(gone(CalendarDay.objects.get()), lead)
    assert due(case, "answer") == SEVENTH


# --- moving it --------------------------------------------------------------------------------------------------------


def test_what_moves_keeps_its_history_and_takes_its_followup_along(case, lead):
    assert add(day_off(THURSDAY), lead) == []
    deadline = case.deadlines.get(step="resolve")
    followup = deadline.followups.outstanding().get()
    assert deadline.due_on == followup.due_on == EIGHTH
    assert followup.act_at.date() == date(2026, 12, 1)  # five working days before
    retimed = deadline.retimings.get()
    assert (retimed.old_due_on, retimed.new_due_on, retimed.why, retimed.by) == (SEVENTH, EIGHTH, "We move", lead)
    event = case.events.filter(kind="retimed").last()
    assert event.text == "Answer the complaint: 7 December 2026 → 8 December 2026."
    assert (event.reason, event.by, event.on) == ("We move", lead, TUESDAY)


def test_a_clock_that_stands_still_moves_without_waking_its_followup(case, lead):
    case.pause(reason="We wait for a photo", on=TUESDAY, by=lead)
    add(day_off(THURSDAY), lead)
    followup = case.deadlines.get(step="resolve").followups.outstanding().get()
    assert (followup.due_on, followup.act_at) == (EIGHTH, None)
    assert case.deadlines.get(step="update").followups.outstanding().get().act_at is not None


def test_a_promised_day_stays_and_is_named(case, lead):
    deadline = promised(case, SEVENTH)
    stayed = add(day_off(THURSDAY), lead)
    assert [(move.deadline, move.due_on) for move in stayed] == [(deadline, EIGHTH)]
    assert (due(case), due(case, "update")) == (SEVENTH, NEXT_TUESDAY)
    assert not deadline.retimings.exists()
    assert [move.deadline for move in retiming.anew(by=lead).promised] == [deadline]


def test_a_promised_day_moves_when_somebody_says_so(case, lead):
    deadline = promised(case, SEVENTH)
    assert add(day_off(THURSDAY), lead, promised={deadline.pk}) == []
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.promised_on) == (EIGHTH, SEVENTH)


def test_going_back_to_the_promised_day_breaks_no_promise(case, lead):
    deadline = promised(case, SEVENTH)
    add(day_off(THURSDAY), lead, promised={deadline.pk})
    assert retiming.of_a_day(gone(CalendarDay.objects.get()), by=lead).promised == []
    assert add(gone(CalendarDay.objects.get()), lead) == []
    assert due(case) == SEVENTH


def test_what_somebody_met_or_moved_meanwhile_stays_as_they_left_it(case, lead):
    change = day_off(THURSDAY)
    moves = retiming.of_a_day(change, by=lead).moves
    case.reach("contacted", on=TUESDAY)
    resolve = case.deadlines.get(step="resolve")
    case.extend(resolve, number=5, reason="The report is late", on=TUESDAY, by=lead)
    stayed = retiming.save(change, moves, why="We move", on=TUESDAY, by=lead)
    assert {move.deadline.step for move in stayed} == {"update", "resolve"}
    assert due(case) == date(2026, 12, 14)
    assert case.deadlines.get(step="update", occurrence=1).met_on == TUESDAY
    assert not case.events.filter(kind="retimed").exists()


def test_a_day_that_somebody_else_changed_meanwhile_is_refused_and_nothing_moves(case, lead):
    own = CalendarDay.objects.create(day=THURSDAY, name="Office moves")
    removal, moves = gone(own), retiming.anew(by=lead).moves
    CalendarDay.objects.update(day=FRIDAY)
    for change in (removal, day_off(FRIDAY)):
        with pytest.raises(Refused, match="Somebody else"):
            retiming.save(change, moves, why="x", on=TUESDAY, by=lead)
    assert due(case) == SEVENTH
    assert CalendarDay.objects.get().day == FRIDAY


def test_nobody_moves_the_deadlines_of_a_complaint_about_them(case, lead, concerned):
    change = day_off(THURSDAY)
    moves = retiming.of_a_day(change, by=lead).moves
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    with pytest.raises(PermissionDenied):
        retiming.save(change, moves, why="x", on=TUESDAY, by=concerned)
    assert due(case) == SEVENTH
    assert not CalendarDay.objects.exists()


def test_a_case_of_another_organisation_keeps_what_was_promised(case, lead, northwind):
    CalendarDay.objects.create(organisation=northwind, day=THURSDAY, name="Northwind's feast")
    promised(case, SEVENTH)
    case.belong_to(northwind, on=TUESDAY, by=lead)
    assert (due(case), due(case, "update")) == (SEVENTH, NEXT_TUESDAY)
    event = case.events.get(kind="not retimed")
    assert event.text == (
        "Answer the complaint stays on 7 December 2026, as a letter (the acknowledgement of 10 November 2026) told the "
        "customer."
    )


def test_what_runs_from_one_day_is_told_apart_by_all_that_matters(packs, lead, complaint):
    """Its hour where there is a cut-off, how long it stood still, its extension, whose calendar it is."""
    packs(HARBOUR.replace("unit: working_day}", 'unit: working_day, cutoff: "17:00"}'))
    cases = []
    for hour in (9, 18):
        with time_machine.travel(datetime(2026, 11, 9, hour, tzinfo=UTC), tick=False):
            cases.append(intake.receive(complaint, on=MONDAY))
            cases[-1].go_by("harbour", on=MONDAY, by=lead)
    assert [due(case, "answer") for case in cases] == [date(2026, 11, 30), date(2026, 12, 1)]
    extended, paused = intake.receive(complaint, on=MONDAY), intake.receive(complaint, on=MONDAY)
    extended.extend(extended.deadlines.get(step="resolve"), number=5, reason="A report is late", on=TUESDAY, by=lead)
    paused.pause(reason="We wait for a photo", on=TUESDAY, by=lead)
    paused.resume(on=THURSDAY, by=lead)
    assert [due(case) for case in (*cases, extended, paused)] == [
        SEVENTH,
        SEVENTH,
        date(2026, 12, 14),
        date(2026, 12, 9),
    ]
    assert retiming.anew(by=lead) == retiming.Outlook()


# --- counting anew ----------------------------------------------------------------------------------------------------


def test_counting_anew_moves_nothing_while_nothing_changed(case, lead):
    assert retiming.anew(by=lead) == retiming.Outlook()


def test_a_version_written_down_later_moves_the_cases_that_it_was_in_force_for(packs, lead, complaint):
    case = intake.receive(complaint, on=MONDAY)
    case.go_by("harbour", on=MONDAY, by=lead)
    earlier = intake.receive(replace(complaint, received_on=date(2026, 5, 29)), on=MONDAY)
    earlier.go_by("harbour", on=MONDAY, by=lead)
    packs(HARBOUR.replace("2020-01-01", "2020-01-01\n    valid_to: 2026-05-31") + SECOND_VERSION)
    moves = retiming.anew(by=lead).moves
    assert days(moves) == {"answer": (date(2026, 11, 30), date(2026, 11, 23))}
    retiming.apply(moves, why="The rules of June", on=TUESDAY, by=lead)
    deadline = case.deadlines.get(step="answer")
    assert (deadline.due_on, deadline.version) == (date(2026, 11, 23), "2026-06-01")
    assert earlier.deadlines.get(step="answer").version == "2020-01-01"
    assert retiming.anew(by=lead).moves == []


def test_a_day_off_moves_each_case_by_its_own_version(packs, lead, complaint):
    ours = HARBOUR.replace("country: GB", "")
    packs(ours)
    older, newer = intake.receive(complaint, on=MONDAY), intake.receive(complaint, on=MONDAY)
    older.go_by("harbour", on=MONDAY, by=lead)
    packs(ours.replace("2020-01-01", "2020-01-01\n    valid_to: 2026-05-31") + SECOND_VERSION)
    newer.go_by("harbour", on=MONDAY, by=lead)
    add(day_off(THURSDAY), lead)
    assert (due(older, "answer"), due(newer, "answer")) == (date(2026, 12, 1), date(2026, 11, 24))


def test_another_version_with_the_same_day_is_history_too(packs, lead, complaint):
    case = intake.receive(complaint, on=MONDAY)
    case.go_by("harbour", on=MONDAY, by=lead)
    packs(HARBOUR.replace("2020-01-01", "2020-01-01\n    valid_to: 2026-05-31") + SECOND_VERSION.replace("10", "15"))
    retiming.apply(retiming.anew(by=lead).moves, why="The rules of June", on=TUESDAY, by=lead)
    assert case.deadlines.get(step="answer").version == "2026-06-01"
    assert not case.deadlines.get(step="answer").retimings.exists()
    text = "Answer the harbour goes by the rules of 1 June 2026; its day stays 30 November 2026."
    assert case.events.get(kind="retimed").text == text


def test_what_cannot_be_counted_stays_and_is_named_with_its_reason(packs, lead, complaint, northwind):
    theirs = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    theirs.go_by("harbour", on=MONDAY, by=lead)
    northwind.country, northwind.region = "GB", "XYZ"
    northwind.save()
    packs(HARBOUR.replace("step: answer", "step: reply"))
    outlook = retiming.anew(by=lead)
    whys = {one.deadline.step: one.why for one in outlook.uncountable}
    assert outlook.moves == []
    assert "XYZ" in whys["resolve"]
    assert "no step “answer”" in whys["answer"]
    assert whys.keys() == {"acknowledge", "update", "resolve", "answer"}


def test_a_step_that_is_no_clock_any_more_stays_and_is_named(packs, lead, complaint):
    case = intake.receive(complaint, on=MONDAY)
    case.go_by("harbour", on=MONDAY, by=lead)
    packs(HARBOUR.replace("limit", "target"))
    assert ["no limit any more" in one.why for one in retiming.anew(by=lead).uncountable] == [True]


# --- many -------------------------------------------------------------------------------------------------------------


def many(case, number):
    """As many cases like this one, each with its clock to the answer."""
    start = case.deadlines.get(step="resolve")
    cases = Case.objects.bulk_create(
        Case(reference=f"X-{n:07}", customer=case.customer, channel="form", received_on=MONDAY, language="en")
        for n in range(number)
    )
    kept = {
        name: getattr(start, name) for name in ("regime", "version", "step", "anchored_on", "anchored_at", "due_on")
    }
    return Deadline.objects.bulk_create(Deadline(case=one, **kept) for one in cases)


def queries(what, *args, **kwargs):
    with CaptureQueriesContext(connection) as asked:
        what(*args, **kwargs)
    return len(asked)


def test_many_deadlines_are_looked_at_and_moved_without_a_query_for_each(case, lead):
    change = day_off(THURSDAY)
    retiming.of_a_day(change, by=lead)  # whose cases somebody may open is asked once
    few = queries(retiming.of_a_day, change, by=lead), queries(retiming.anew, by=lead), queries(add, change, lead)
    add(gone(CalendarDay.objects.get()), lead)
    many(case, 400)
    many_more = queries(retiming.of_a_day, change, by=lead), queries(retiming.anew, by=lead)
    assert many_more == few[:2]
    assert queries(add, day_off(THURSDAY), lead) < few[2] + 40  # a statement of an update takes a few hundred rows
    assert {row.due_on for row in Deadline.objects.filter(step="resolve")} == {EIGHTH}
