"""The worklist: what its columns say, how its filters combine, in which order it stands and how far it counts."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import intake
from cases.models import Customer, Tag
from tests.cases.desk import WORKLIST, shown
from tests.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def in_list(desk, **query):
    answer = desk.get(WORKLIST, query)
    assert answer.status_code == 200
    return [case.reference for case in answer.context["cl"].result_list]


@pytest.fixture
def other(db, complaint):
    """A second complaint, of the week before."""
    told = replace(complaint, name="Ruth Okafor", channel="phone", language="fi", received_on=date(2026, 11, 2))
    return intake.receive(told, on=MONDAY)


def test_a_row_says_on_whom_the_case_waits_and_its_tags(desk, case, handler, lead):
    case.tags.add(Tag.objects.create(name="cold chain"))
    assert "Somebody to look after it" in shown(desk.get(WORKLIST))
    case.assign(handler, on=MONDAY, by=lead)
    case.pause(reason="We wait for a photo.", on=MONDAY, by=lead)
    row = shown(desk.get(WORKLIST))
    assert "The customer" in row
    assert "cold chain" in row


@pytest.mark.parametrize(
    "query",
    [
        {"waiting": "nobody"},
        {"tag": "cold chain"},
        {"vulnerable": "yes"},
        {"language__exact": "fi"},
        {"root_cause__exact": "delay"},
        {"received_on_to": "2026-11-05"},
        {"q": "okafor"},
    ],
)
def test_each_filter_finds_its_cases_and_combines_with_the_others(desk, case, other, handler, query):
    case.assign(handler, on=MONDAY, by=handler)
    tag = Tag.objects.create(name="cold chain")
    other.tags.add(tag, Tag.objects.create(name="other"))
    Customer.objects.filter(pk=other.customer_id).update(vulnerability="Recently bereaved")
    other.explain(root_cause="delay", responsibility="ours", on=MONDAY, by=handler)
    query = {name: str(tag.pk) if value == tag.name else value for name, value in query.items()}
    assert in_list(desk, **query) == [other.reference]
    assert in_list(desk, **query, channel__exact="phone") == [other.reference]
    assert in_list(desk, **query, channel__exact="form") == []


def test_a_list_may_be_looked_at_in_another_order(desk, case, other, handler):
    for it in (case, other):
        it.log_conversation(said="Hello.", on=MONDAY, by=handler)
    case.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    other.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    assert in_list(desk) == in_list(desk, order="old") == [other.reference, case.reference]
    assert in_list(desk, order="new") == in_list(desk, order="due") == [case.reference, other.reference]


def test_a_case_with_much_that_is_due_stands_once_in_the_list_by_its_first_day(desk, case, other, handler):
    for it in (case, other):
        it.log_conversation(said="Hello.", on=MONDAY, by=handler)
        it.follow_up("callback", due_on=MONDAY, why="She asked for it")
        it.follow_up("callback", due_on=TUESDAY, why="She asked for it again")
    case.follow_up("callback", due_on=date(2026, 11, 6), why="She asked for it long ago")
    assert in_list(desk, list="overdue") == in_list(desk, list="today") == [case.reference, other.reference]
    case.followups.filter(due_on__lt=TUESDAY).update(done_on=TUESDAY)
    assert in_list(desk, list="overdue") == [other.reference]
    assert in_list(desk, list="today") == [other.reference, case.reference]


def test_pages_follow_one_another_without_a_gap(desk, complaint, monkeypatch):
    references = [intake.receive(complaint, on=MONDAY).reference for _ in range(7)]
    monkeypatch.setattr("cases.admin.case.CaseAdmin.list_per_page", 3)
    for order, expected in (("old", references), ("new", references[::-1]), ("due", references)):
        assert [it for page in (1, 2, 3) for it in in_list(desk, p=page, order=order)] == expected


def test_a_long_list_is_counted_up_to_a_number_and_no_further(desk, complaint, monkeypatch):
    for _ in range(4):
        intake.receive(complaint, on=MONDAY)
    monkeypatch.setattr("cases.admin.worklist.MOST", 3)
    monkeypatch.setattr("cases.admin.worklist.MOST_FOUND", 3)
    for query in ({}, {"order": "due"}, {"list": "today"}, {"q": "fridge"}):
        answer = desk.get(WORKLIST, query)
        pages = answer.context["cl"].paginator
        assert (pages.count, pages.has_more, len(pages.page(1).object_list)) == (3, True, 3)


@pytest.mark.parametrize("query", [{}, {"q": "fridge"}, {"list": "overdue"}, {"order": "due", "waiting": "nobody"}])
def test_a_page_asks_as_many_questions_for_two_cases_as_for_twelve(desk, complaint, handler, query):
    def asked():
        with CaptureQueriesContext(connection) as questions:
            assert desk.get(WORKLIST, query).status_code == 200
        return len(questions)

    def receive(number):
        for _ in range(number):
            case = intake.receive(replace(complaint, received_on=date(2026, 11, 2)), on=MONDAY)
            case.add_point("It was late.", on=MONDAY, by=handler)

    receive(2)
    few = asked()
    receive(10)
    assert asked() == few


def test_a_search_shows_where_it_found_the_words_and_lets_no_markup_through(desk, complaint):
    intake.receive(replace(complaint, story="<script>alert(1)</script> and a heron & more"), on=MONDAY)
    page = shown(desk.get(WORKLIST, {"q": "heron"}))
    assert "and a <mark>heron</mark> &amp; more" in page
    assert "<script>alert(1)" not in page
