"""Leads keep our own days off. Each change shows first what it would move; only the second step saves and moves."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.models import CalendarDay, Case, Deadline, Organisation, Part, calendar_of
from tests.cases.desk import shown
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY

LIST = reverse("admin:cases_calendarday_changelist")
ADD = reverse("admin:cases_calendarday_add")
ANEW = reverse("admin:cases_calendarday_anew")
THURSDAY = date(2026, 11, 12)
SEVENTH, EIGHTH = date(2026, 12, 7), date(2026, 12, 8)  # of December, a Monday and a Tuesday


@pytest.fixture
def northwind(db):
    return Organisation.objects.create(name="Northwind Energy")


def change(day):
    return reverse("admin:cases_calendarday_change", args=[day.pk])


def remove(day):
    return reverse("admin:cases_calendarday_remove", args=[day.pk])


def a_day(day=THURSDAY, **fields):
    return {"day": f"{day}", "works": "False", "name": "Office moves", **fields}


def press(desk, address, typed=None, *, promised=(), reason="We move", first=None):
    """The second step, after the first was looked at (`first`, or now). Returns what is said on the next page."""
    first = first or (desk.post(address, typed) if typed else desk.get(address))
    pressed = {"move": "1", "seen": first.context["seen"], "reason": reason, "promised": list(promised)}
    answer = desk.post(address, (typed or {}) | pressed)
    assert answer.status_code == 302, answer.context["form"].errors
    return [str(it) for it in desk.get(answer.url).context["messages"]]


def due(case, step="resolve"):
    return case.deadlines.running().get(step=step).due_on


def told_by_letter(case):
    case.deadlines.filter(step="resolve").update(promised_on=SEVENTH, promised_in="the acknowledgement of 10 November")
    return case.deadlines.get(step="resolve")


def rows(answer):
    return [(row.label, row.stands, row.would_be, row.how, row.cases) for row in answer.context["free"]]


# --- adding, changing, removing ---------------------------------------------------------------------------------------


def test_the_first_step_shows_what_would_move_and_saves_nothing(leads_desk, case):
    answer = leads_desk.post(ADD, a_day())
    assert rows(answer) == [
        ("Tell the customer how far we are", NEXT_MONDAY, date(2026, 11, 17), "later", [case]),
        ("Answer the complaint", SEVENTH, EIGHTH, "later", [case]),
    ]
    page = shown(answer)
    for words in ("Thursday, 12 November 2026 is a day off: Office moves", "Mon, 7 Dec 2026", "Tue, 8 Dec 2026"):
        assert words in page
    assert case.reference in page
    assert not CalendarDay.objects.exists()
    assert due(case) == SEVENTH


def test_the_second_step_saves_the_day_and_moves_what_was_shown(leads_desk, lead, case):
    assert press(leads_desk, ADD, a_day()) == ["2 deadlines moved."]
    day = CalendarDay.objects.get()
    assert (day.day, day.works, day.name, day.organisation) == (THURSDAY, False, "Office moves", None)
    assert (due(case), due(case, "update")) == (EIGHTH, date(2026, 11, 17))
    event = case.events.filter(kind="retimed").last()
    assert (event.reason, event.by) == ("We move", lead)


def test_without_a_reason_nothing_is_saved(leads_desk, case):
    seen = leads_desk.post(ADD, a_day()).context["seen"]
    answer = leads_desk.post(ADD, a_day() | {"move": "1", "seen": seen, "reason": " "})
    assert answer.context["form"].errors["reason"]
    assert not CalendarDay.objects.exists()


def test_a_day_that_moves_nothing_is_saved_in_two_steps_too(leads_desk, case):
    answer = leads_desk.post(ADD, a_day(date(2027, 3, 1)))
    assert "No open deadline would move" in shown(answer)
    assert "reason" not in answer.context["form"].fields
    assert press(leads_desk, ADD, a_day(date(2027, 3, 1))) == ["No deadline moved."]
    assert CalendarDay.objects.count() == 1


def test_what_was_typed_can_be_changed_before_anything_is_saved(leads_desk, case):
    answer = leads_desk.post(ADD, a_day() | {"again": "1"})
    assert answer.context["form"]["name"].value() == "Office moves"
    assert "free" not in answer.context
    assert not CalendarDay.objects.exists()


def test_a_day_is_changed_in_two_steps(leads_desk, case):
    press(leads_desk, ADD, a_day())
    day = CalendarDay.objects.get()
    typed = a_day(date(2026, 12, 9), name="Office moves later")
    assert rows(leads_desk.post(change(day), typed)) == [
        ("Tell the customer how far we are", date(2026, 11, 17), NEXT_MONDAY, "earlier", [case]),
        ("Answer the complaint", EIGHTH, SEVENTH, "earlier", [case]),
    ]
    assert CalendarDay.objects.get().day == THURSDAY
    press(leads_desk, change(day), typed)
    day = CalendarDay.objects.get()
    assert (day.day, day.name) == (date(2026, 12, 9), "Office moves later")
    assert due(case) == SEVENTH


def test_a_day_is_removed_in_two_steps(leads_desk, case):
    press(leads_desk, ADD, a_day())
    day = CalendarDay.objects.get()
    assert "is no day off of ours any more (Office moves)" in shown(leads_desk.get(remove(day)))
    leads_desk.post(remove(day))
    assert CalendarDay.objects.exists()
    assert press(leads_desk, remove(day)) == ["2 deadlines moved."]
    assert not CalendarDay.objects.exists()
    assert due(case) == SEVENTH


def test_a_past_day_stays_as_dates_were_counted_by_it(leads_desk, case):
    day = CalendarDay.objects.create(day=date(2026, 11, 5), name="Office moved")
    answer = leads_desk.post(remove(day), {"move": "1", "seen": ""}, follow=True)
    assert "Thursday, 5 November 2026 is past." in shown(answer)
    assert leads_desk.post(change(day), a_day()).context["form"].errors["day"]
    assert change(day) not in shown(leads_desk.get(LIST))
    assert CalendarDay.objects.get().day == date(2026, 11, 5)


def test_a_day_belongs_to_an_organisation(leads_desk, case, complaint, northwind):
    theirs = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    press(leads_desk, ADD, a_day(organisation=northwind.pk))
    assert (due(case), due(theirs)) == (SEVENTH, EIGHTH)
    assert "Northwind Energy" in shown(leads_desk.get(LIST))


# --- what a day cannot be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (a_day(MONDAY), "Monday, 9 November 2026 is past."),
        (a_day(SATURDAY), "Saturday, 14 November 2026 is off anyway: Saturday."),
        (a_day(date(2026, 12, 25)), "Friday, 25 December 2026 is off anyway: Christmas Day."),
        (a_day(THURSDAY, works="True"), "Thursday, 12 November 2026 is a working day anyway."),
        (a_day(FRIDAY), "Friday, 13 November 2026 stands in this calendar already: Stocktaking."),
        (a_day(date(2101, 3, 1)), "“GB”, region “ENG”, does not cover the year 2101"),
    ],
)
def test_what_a_day_cannot_be_is_said_at_its_field(leads_desk, typed, said):
    CalendarDay.objects.create(day=FRIDAY, name="Stocktaking")
    answer = leads_desk.post(ADD, typed)
    assert said in answer.context["form"].errors["day"][0]
    assert CalendarDay.objects.count() == 1


def test_a_day_may_be_off_for_the_house_that_only_an_organisation_works_on(leads_desk, northwind):
    CalendarDay.objects.create(organisation=northwind, day=SATURDAY, name="Their Saturday", works=True)
    assert "free" in leads_desk.post(ADD, a_day(SATURDAY)).context
    assert "free" in leads_desk.post(ADD, a_day(FRIDAY, organisation=northwind.pk)).context


def test_a_year_that_waits_for_its_exchanged_days_takes_them_one_by_one(leads_desk, northwind):
    northwind.country = "CN"  # which decrees its working weekend days year by year
    northwind.save()
    typed = a_day(date(2045, 2, 11), works="True", organisation=northwind.pk)
    press(leads_desk, ADD, typed)
    press(leads_desk, ADD, a_day(date(2045, 2, 13), organisation=northwind.pk))
    assert calendar_of(northwind).day_off(date(2045, 2, 11)) is None


# --- promises, and what happens meanwhile -----------------------------------------------------------------------------


def test_a_promised_day_is_shown_apart_stays_and_is_named(leads_desk, case):
    told_by_letter(case)
    answer = leads_desk.post(ADD, a_day())
    assert [row[0] for row in rows(answer)] == ["Tell the customer how far we are"]
    assert "7 December 2026 was told in" in shown(answer)
    assert "the acknowledgement of 10 November" in shown(answer)
    said = press(leads_desk, ADD, a_day())
    assert said[0] == "1 deadline moved."
    assert said[1] == (
        f"Stayed, since a letter told the customer the day: {case.reference} (Answer the complaint, 7 December 2026)."
    )
    assert due(case) == SEVENTH


def test_a_promised_day_moves_when_it_is_ticked(leads_desk, case):
    deadline = told_by_letter(case)
    assert press(leads_desk, ADD, a_day(), promised=[deadline.pk]) == ["2 deadlines moved."]
    assert due(case) == EIGHTH


def test_what_somebody_met_meanwhile_stays_and_is_named(leads_desk, case):
    first = leads_desk.post(ADD, a_day())
    case.deadlines.filter(step="update").update(met_on=TUESDAY)
    assert press(leads_desk, ADD, a_day(), first=first) == [
        "1 deadline moved.",
        "Stayed, since somebody met or moved it meanwhile: "
        f"{case.reference} (Tell the customer how far we are, 16 November 2026).",
    ]
    assert case.deadlines.get(step="update").due_on == NEXT_MONDAY


def test_what_somebody_moved_meanwhile_is_shown_anew(leads_desk, lead, case):
    first = leads_desk.post(ADD, a_day())
    case.extend(case.deadlines.get(step="resolve"), number=5, reason="A report is late", on=TUESDAY, by=lead)
    case.deadlines.filter(step="update").update(met_on=TUESDAY)
    pressed = {"move": "1", "seen": first.context["seen"], "reason": "We move"}
    page = shown(leads_desk.post(ADD, a_day() | pressed))
    assert "One deadline moves that you have not seen yet" in page
    assert f"met or moved meanwhile: {case.reference} (Tell the customer how far we are, 16 November 2026)" in page
    assert "Mon, 14 Dec 2026" in page
    assert not CalendarDay.objects.exists()


def test_what_nobody_has_seen_is_shown_before_it_moves(leads_desk, case, complaint):
    first = leads_desk.post(ADD, a_day())
    later = intake.receive(complaint, on=TUESDAY)
    pressed = {"move": "1", "seen": first.context["seen"], "reason": "We move"}
    answer = leads_desk.post(ADD, a_day() | pressed)
    assert "2 deadlines move that you have not seen yet" in shown(answer)
    assert later.reference in shown(answer)
    assert not CalendarDay.objects.exists()
    leads_desk.post(ADD, a_day() | pressed | {"seen": answer.context["seen"]})
    assert (due(case), due(later)) == (EIGHTH, EIGHTH)


@pytest.mark.parametrize("seen", ["1", "x", "1.2.3", "9" * 30 + ".1"])
def test_what_was_never_shown_cannot_be_pressed(leads_desk, case, seen):
    answer = leads_desk.post(ADD, a_day() | {"move": "1", "seen": seen, "reason": "x"})
    assert answer.status_code == 200
    assert not CalendarDay.objects.exists()


def test_a_case_about_the_lead_is_no_hint_on_any_of_these_pages(client, on_tuesday, case, lead, concerned):
    concerned.role = lead.role
    concerned.save()
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    client.force_login(concerned)
    answer = client.post(ADD, a_day())
    assert (rows(answer), case.reference in shown(answer)) == ([], False)
    hidden = case.deadlines.get(step="resolve")
    typed = a_day() | {"move": "1", "seen": f"{hidden.pk}.{EIGHTH.toordinal()}"}
    said = client.post(ADD, typed, follow=True)
    assert case.reference not in shown(said)
    assert due(case) == SEVENTH
    assert case.reference not in shown(client.get(ANEW))


# --- counting anew ----------------------------------------------------------------------------------------------------


def test_counting_anew_shows_first_and_moves_second(leads_desk, case):
    CalendarDay.objects.create(day=THURSDAY, name="Office moves")
    assert [row[1:4] for row in rows(leads_desk.get(ANEW))] == [
        (NEXT_MONDAY, date(2026, 11, 17), "later"),
        (SEVENTH, EIGHTH, "later"),
    ]
    assert due(case) == SEVENTH
    assert press(leads_desk, ANEW, reason="Written down too late") == ["2 deadlines moved."]
    assert due(case) == EIGHTH
    assert case.events.filter(kind="retimed").last().reason == "Written down too late"


def test_counting_anew_offers_no_button_while_nothing_would_move(leads_desk, case):
    page = shown(leads_desk.get(ANEW))
    assert "No open deadline would move" in page
    assert 'name="move"' not in page


def test_what_cannot_be_counted_is_named_with_its_reason(leads_desk, complaint, northwind):
    theirs = intake.receive(replace(complaint, organisation=northwind), on=MONDAY)
    Organisation.objects.update(country="GB", region="XYZ")
    answer = leads_desk.get(ANEW)
    assert "3 deadlines cannot be counted, and stay" in shown(answer)
    assert "The holiday calendar of “GB” has no region “XYZ”." in shown(answer)
    assert theirs.reference in shown(answer)


# --- the list, and many -----------------------------------------------------------------------------------------------


def test_the_list_tells_the_days_that_nobody_has_to_add(leads_desk, northwind):
    northwind.country, northwind.region = "GB", "SCT"
    northwind.save()
    page = shown(leads_desk.get(LIST))
    assert "United Kingdom, ENG, 2026" in page
    assert "United Kingdom, SCT, 2027" in page
    assert "Christmas Day" in page
    assert "Saint Andrew" in page  # in Scotland alone


def test_a_page_of_many_moves_asks_the_database_no_more_often(leads_desk, case):
    with CaptureQueriesContext(connection) as few:
        leads_desk.post(ADD, a_day())
    start = case.deadlines.get(step="resolve")
    cases = Case.objects.bulk_create(
        Case(reference=f"X-{n:07}", customer=case.customer, channel="form", received_on=MONDAY, language="en")
        for n in range(200)
    )
    same = {name: getattr(start, name) for name in ("regime", "version", "step", "anchored_on", "due_on")}
    told = {"promised_on": SEVENTH, "promised_in": "a letter"}
    Deadline.objects.bulk_create(Deadline(case=it, **same, **(told if it.pk % 2 else {})) for it in cases)
    with CaptureQueriesContext(connection) as many:
        answer = leads_desk.post(ADD, a_day())
    assert len(answer.context["promised"]) == 100
    assert "88 more" in shown(answer) or "89 more" in shown(answer)
    assert len(many) == len(few)
