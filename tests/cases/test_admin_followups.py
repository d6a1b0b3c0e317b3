"""The list of all that is due: whose it is, what the customer wrote about, what is stuck."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.models import FollowUp, Involvement, Kind, Medium, Part, Promise, User
from casetracker import clock
from tests.cases.desk import page, shown
from tests.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

LIST = reverse("admin:cases_followup_changelist")


def listed(desk, **query):
    answer = desk.get(LIST, query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.fixture
def many(case, complaint, handler, lead, driver, reader):
    """Follow-ups of every kind and in every hand: of a case of Ines, of one of Amara, of one that is nobody's."""
    for owner in (handler, lead, None):
        one = intake.receive(complaint, on=MONDAY)
        if owner:
            one.assign(owner, on=MONDAY, by=lead)
        for kind in Kind:
            about = {}
            if kind == Kind.ACCOUNT:
                person = Involvement.objects.create(
                    case=one, user=handler, part=Part.WITNESS, why="Saw it", name="Ines"
                )
                about = {"involvement": person}
            if kind == Kind.COMMITMENT:
                one.agree("A fridge.", [Promise("Deliver it", reader, FRIDAY)], on=MONDAY, by=lead)
                continue
            if kind == Kind.ACKNOWLEDGEMENT:
                continue
            one.follow_up(kind, due_on=TUESDAY, why="x", **about)
            if kind != Kind.CONTACT:
                one.follow_up(kind, due_on=TUESDAY, why="Somebody's own", owner=reader, **about)
    FollowUp.objects.filter(kind=Kind.COMMITMENT, case__handler=None).update(owner=lead)
    return FollowUp.objects.outstanding()


@pytest.mark.parametrize("name", ["ines", "amara", "marta", "kofi"])
def test_mine_are_those_on_which_i_have_to_act(many, name):
    me = User.objects.get(username=name)
    assert set(many.for_whom_to_act(me)) == {it for it in many if it.actor == me}


def test_each_list_holds_what_its_name_says(desk, case, handler, lead):
    case.assign(handler, on=MONDAY, by=lead)
    case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    case.promise_call(until=FRIDAY, hour=time(14, 30), on=TUESDAY, by=handler)
    overdue = case.follow_up(Kind.LETTER, due_on=MONDAY, why="Owed")
    contact, call = (case.followups.get(kind=kind) for kind in (Kind.CONTACT, Kind.CALLBACK))
    case.hear("Thank you!", medium=Medium.EMAIL, on=TUESDAY)
    FollowUp.objects.filter(pk=call.pk).update(stuck_at=clock.now(), error="NoCalendar: 2031", wrote_at=None)
    everything = list(case.followups.outstanding())
    acknowledgement = case.followups.get(kind=Kind.ACKNOWLEDGEMENT)
    assert listed(desk) == listed(desk, list="mine") == listed(desk, list="all") == everything
    assert listed(desk, list="today") == [acknowledgement]
    assert listed(desk, list="overdue") == [overdue]
    assert listed(desk, list="wrote") == [contact]
    assert listed(desk, list="stuck") == [call]
    stuck = shown(desk.get(LIST, {"list": "stuck"}))
    assert "13 November 2026, 14:30" in stuck
    assert "NoCalendar: 2031" in stuck
    assert f"{page(case)}#due" in stuck


def test_what_is_done_or_cancelled_is_on_no_list(desk, case, handler):
    case.acknowledge("letter", on=TUESDAY, by=handler)
    case.end("withdrawn", reason="She wrote so.", on=TUESDAY, by=handler)
    assert listed(desk, list="all") == []


def test_the_board_counts_what_the_customer_wrote_about_and_what_is_stuck(desk, case, handler):
    case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    case.hear("Thank you!", medium=Medium.EMAIL, on=TUESDAY)
    FollowUp.objects.filter(kind=Kind.ACKNOWLEDGEMENT).update(stuck_at=clock.now(), error="x")
    tiles = {tile["label"]: tile for tile in desk.get(reverse("admin:index")).context["tiles"]}
    for label in ("Customer wrote", "Stuck follow-ups"):
        assert tiles[label]["count"] == 1
        assert desk.get(tiles[label]["href"]).context["cl"].result_count == 1


def test_a_follow_up_is_found_by_reference_customer_and_promise(desk, case, complaint, handler):
    case.agree("A fridge.", [Promise("Deliver the white one", handler, FRIDAY)], on=TUESDAY, by=handler)
    intake.receive(intake.replace(complaint, name="Curtis"), on=MONDAY)
    for term in (case.reference, case.reference.replace("-", " "), "Whitcombe"):
        assert {it.case for it in listed(desk, q=term)} == {case}
    assert [it.kind for it in listed(desk, q="white one")] == [Kind.COMMITMENT]


def test_nobody_sees_what_is_due_about_a_case_that_is_about_them(client, case, concerned, lead):
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    client.force_login(concerned)
    assert listed(client, list="all") == []


def test_the_list_asks_as_many_questions_for_two_rows_as_for_forty(desk, many):
    def count(**query):
        with CaptureQueriesContext(connection) as asked:
            listed(desk, **query)
        return len(asked)

    rows = FollowUp.objects.outstanding()
    all_of_them = count(list="all")
    rows.exclude(pk__in=list(rows.values_list("pk", flat=True)[:2])).update(done_on=TUESDAY)
    assert count(list="all") == all_of_them
    assert all_of_them <= 10


def test_there_is_no_page_that_changes_one(desk, case):
    followup = case.followups.first()
    assert desk.get(f"{LIST}{followup.pk}/change/").status_code == 404
    assert desk.get(f"{LIST}add/").status_code == 404
