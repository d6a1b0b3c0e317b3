"""The board: every number opens a list of as many, narrowed as the board is; what is due next; and its figures, kept
for all who see the same cases and worked out anew by the clockwork."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import board, intake
from cases.admin import charts, tiles
from cases.board import Asked
from cases.models import Case, CorrectiveAction, Figures, Part, Role, Team, Trend
from casetracker import clock
from tests.conftest import MONDAY, TUESDAY, staff

BOARD = reverse("admin:index")
REFRESH = reverse("admin:cases_board_refresh")

pytestmark = pytest.mark.usefixtures("on_tuesday")


def shown(desk, **query):
    return desk.get(BOARD, query).context


def counts(context) -> dict:
    return {tile["label"]: tile["count"] for tile in context["tiles"]}


@pytest.fixture
def receive(db, complaint):
    """Take in a complaint like Eleanor's."""
    return lambda **changes: intake.receive(replace(complaint, **changes), on=MONDAY)


@pytest.fixture
def team(db):
    return Team.objects.create(name="North")


# --- its numbers ------------------------------------------------------------------------------------------------------


def test_each_number_opens_a_list_of_as_many_whatever_is_chosen(leads_desk, issued, receive, team, handler):
    receive(channel="phone", language="fi")
    Case.objects.filter(pk=receive().pk).update(team=team)
    old = receive(received_on=MONDAY - timedelta(days=30))
    old.acknowledge("By phone", on=MONDAY, by=handler)
    old.involve(user=handler, part=Part.WITNESS, why="Took the call", on=MONDAY, by=handler)
    old.ask_account(old.involvements.get(), until=TUESDAY, on=MONDAY, by=handler)
    for query in ({}, {"team": team.pk}, {"team": "none"}, {"channel": "form", "language": "en", "silent": 3}):
        for tile in shown(leads_desk, **query)["tiles"]:
            found = leads_desk.get(tile["href"])
            assert found.status_code == 200, tile
            listed = found.context["cl"].result_count if "cl" in found.context else of_causes(found.context, tile)
            assert listed == tile["count"], tile


def of_causes(context, tile) -> int:
    """How many the page of trends and corrective actions shows of what the tile counts."""
    if tile["label"] == "Trends to answer":
        return len(context["trends"])
    return len(dict(context["groups"])["Overdue" if "overdue" in tile["label"] else "To be checked: did it help?"])


def test_a_trend_and_an_action_that_is_late_stand_on_the_board(leads_desk, lead):
    Trend.objects.create(of="product", value="Fridge", number=5, since=MONDAY, noticed_on=TUESDAY)
    CorrectiveAction.objects.create(
        cause="delay",
        what="Ring before each delivery",
        owner=lead,
        owner_name=str(lead),
        opened_on=MONDAY - timedelta(days=30),
        opened_by_name=str(lead),
        due_on=MONDAY - timedelta(days=7),
        check_on=MONDAY + timedelta(days=60),
    )
    found = counts(shown(leads_desk))
    assert (found["Trends to answer"], found["Corrective actions overdue"]) == (1, 1)
    for tile in shown(leads_desk)["tiles"]:
        if tile["label"] in ("Trends to answer", "Corrective actions overdue"):
            assert of_causes(leads_desk.get(tile["href"]).context, tile) == 1


def test_the_numbers_are_those_of_the_chosen_cases(leads_desk, receive, team):
    receive()
    receive(channel="phone")
    Case.objects.filter(pk=receive(language="fi").pk).update(team=team)
    assert counts(shown(leads_desk))["No owner"] == 3
    assert counts(shown(leads_desk, channel="phone"))["No owner"] == 1
    assert counts(shown(leads_desk, language="fi"))["No owner"] == 1
    assert counts(shown(leads_desk, team=team.pk))["No owner"] == 1
    assert counts(shown(leads_desk, team="none"))["No owner"] == 2


def test_what_cannot_be_chosen_is_left_out(leads_desk, case):
    context = shown(leads_desk, team="99", channel="pigeon", weeks="7", silent="'", language="tlh")
    assert {choice.name: choice.chosen for choice in context["choices"]} == {
        "team": "",
        "channel": "",
        "language": "",
        "weeks": "13",
        "silent": "5",
    }
    assert counts(context)["No owner"] == 1


def test_days_without_contact_can_be_chosen(leads_desk, receive):
    receive(received_on=MONDAY - timedelta(days=10))
    assert counts(shown(leads_desk, silent=5))["No contact for 5 working days"] == 1
    assert counts(shown(leads_desk, silent=10))["No contact for 10 working days"] == 0


def test_a_number_stops_where_it_is_no_news_any_more(leads_desk, receive, monkeypatch):
    monkeypatch.setattr(tiles, "MOST", 2)
    for _ in range(3):
        receive()
    found = {tile["label"]: tile for tile in shown(leads_desk)["tiles"]}["No owner"]
    assert (found["count"], found["words"]) == (3, "2+")


def test_a_zero_raises_no_alarm(leads_desk):
    context = shown(leads_desk)
    assert set(counts(context).values()) == {0}
    assert not any(tile["alarm"] for tile in context["tiles"])


def test_the_page_takes_as_many_queries_for_many_cases_as_for_one(leads_desk, receive):
    receive()
    leads_desk.get(BOARD)  # the figures are kept from here on
    first = queries(leads_desk)
    for _ in range(15):
        receive()
    assert queries(leads_desk) == first


def queries(desk) -> int:
    with CaptureQueriesContext(connection) as caught:
        desk.get(BOARD)
    return len(caught)


# --- whose figures ----------------------------------------------------------------------------------------------------


def received_by(user, **asked) -> int:
    kept = board.shown_to(user, Asked(**asked), at=clock.now())
    return sum(came for _, came, _ in kept.numbers["weeks"])


def test_two_of_a_role_and_of_the_same_teams_share_their_figures(case, handler, team):
    other = staff("olu", "Olu", "Ade", Role.HANDLER)
    assert received_by(handler) == received_by(other) == 1
    assert Figures.objects.count() == 1
    other.teams.add(team)
    assert received_by(other) == 1
    assert Figures.objects.count() == 2


def test_whom_a_complaint_is_about_finds_it_in_no_figure(case, handler, concerned, receive):
    receive()
    assert received_by(handler) == received_by(concerned) == 2
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=handler)
    assert received_by(concerned) == 1
    assert received_by(handler) == 2


def test_another_teams_cases_are_in_the_figures_of_whoever_looks_after_them_alone(receive, team, handler):
    south = Team.objects.create(name="South")
    other = staff("olu", "Olu", "Ade", Role.HANDLER)
    for person in (handler, other):
        person.teams.add(south)
    case = receive()
    Case.objects.filter(pk=case.pk).update(team=team, handler=handler)
    assert received_by(handler) == 1
    assert received_by(other) == 0


def test_two_who_share_their_figures_see_the_same_cases(case, receive, team, handler, lead, reader, concerned):
    """Whatever the rule of who sees what becomes: of everybody, those of one name are compared."""
    Case.objects.filter(pk=receive().pk).update(team=team)
    Case.objects.filter(pk=receive().pk).update(restricted_on=MONDAY, restricted_reason="A colleague's health")
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=handler)
    people = [handler, lead, reader, concerned]
    for number, role in enumerate(Role):
        people += [staff(f"one{number}", "One", role, role), staff(f"two{number}", "Two", role, role)]
        people[-1].teams.add(team)
    seen = {}
    for person in people:
        cases = set(Case.objects.visible_to(person).values_list("pk", flat=True))
        assert seen.setdefault(board._name(person, Asked()), cases) == cases, person


# --- when they were worked out ----------------------------------------------------------------------------------------


@pytest.fixture
def travel():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def later(traveller, **much):
    traveller.move_to(clock.now() + timedelta(**much))
    return clock.now()


def test_figures_stay_as_they_were_until_the_clockwork_works_them_out_anew(travel, lead, receive):
    receive()
    assert received_by(lead) == 1
    receive()
    board.refresh(at=later(travel, minutes=4))
    assert received_by(lead) == 1
    swept = board.refresh(at=later(travel, minutes=1))
    assert (swept.done, swept.failed) == (1, 0)
    assert received_by(lead) == 2


def test_what_nobody_looked_at_for_an_hour_is_left_until_somebody_looks(travel, lead, receive):
    received_by(lead)
    receive()
    assert board.refresh(at=later(travel, minutes=61)).done == 0
    assert received_by(lead) == 1


def test_a_look_keeps_them_fresh_for_another_hour(travel, lead, receive):
    received_by(lead)
    later(travel, minutes=50)
    received_by(lead)
    receive()
    assert board.refresh(at=later(travel, minutes=50)).done == 1


def test_what_nobody_looked_at_for_a_month_is_forgotten(travel, lead):
    received_by(lead)
    board.refresh(at=later(travel, days=30))
    assert Figures.objects.exists()
    board.refresh(at=later(travel, days=2))
    assert not Figures.objects.exists()


def test_figures_go_when_whoever_asked_for_them_sees_other_cases_now(travel, case, handler, concerned):
    received_by(concerned)
    shared = Figures.objects.get()
    case.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=handler)
    board.refresh(at=later(travel, minutes=6))
    assert not Figures.objects.filter(pk=shared.pk).exists()


def test_a_lead_works_them_out_anew_and_nobody_else_does(client, lead, handler, receive):
    for person, answer in ((handler, 403), (lead, 302)):
        client.force_login(person)
        assert client.get(BOARD).context["may_refresh"] is (person == lead)
        receive()
        assert client.post(f"{REFRESH}?weeks=13").status_code == answer
    assert received_by(lead) == 2
    assert received_by(handler) == 0


def test_the_page_says_as_of_when_its_figures_are(travel, leads_desk, case):
    at = shown(leads_desk)["figures"].at
    later(travel, minutes=7)
    answer = leads_desk.get(BOARD)
    assert answer.context["figures"].at == at
    assert "as of <time" in answer.content.decode()


# --- drawn, and as tables ---------------------------------------------------------------------------------------------


class Seen:
    def listed(self, page, **query):
        return str(query)


def test_a_scale_ends_at_or_above_what_it_has_to_show_in_even_steps():
    assert charts.scaled(0) == [4, 3, 2, 1, 0]
    assert charts.scaled(4) == [4, 3, 2, 1, 0]
    assert charts.scaled(5) == [8, 6, 4, 2, 0]
    assert charts.scaled(17) == [20, 15, 10, 5, 0]
    assert charts.scaled(41) == [80, 60, 40, 20, 0]
    assert charts.scaled(401)[0] == 800


def test_bars_reach_as_far_as_their_numbers():
    drawn = charts.weeks([["2026-11-02", 8, 0], ["2026-11-09", 4, 2]])
    assert [(row["height"], row["top"], row["line"]) for row in drawn["rows"]] == [(100, 0, 100), (50, 50, 75)]
    assert (drawn["received"], drawn["closed"]) == (12, 2)


def test_the_last_week_is_labelled_and_a_year_has_few_labels():
    drawn = charts.weeks([["2026-11-09", 1, 1]] * 52)
    labelled = [row["labelled"] for row in drawn["rows"]]
    assert labelled[-1]
    assert sum(labelled) <= charts.LABELS


def test_a_pareto_adds_up_to_all_whose_cause_is_named():
    drawn = charts.causes([["delay", 6], ["billing", 3], ["outage", 1], ["", 5]], Seen(), since="2026-08-31")
    assert [(row["number"], row["width"], row["so_far"]) for row in drawn["rows"]] == [
        (6, 60, 60),
        (3, 30, 90),
        (1, 10, 100),
    ]
    assert (drawn["number"], drawn["unnamed"]) == (10, 5)


def test_a_step_says_whose_rules_it_is_only_where_there_are_several():
    house = {"regime": "house", "step": "acknowledge", "label": "Acknowledge", "in_time": 3, "late": 1}
    assert [(row["width"], row["whose"]) for row in charts.on_time([house])["rows"]] == [(75, "")]
    theirs = house | {"regime": "uk-fca-disp"}
    assert all(row["whose"] for row in charts.on_time([house, theirs])["rows"])


class Tables(HTMLParser):
    """How many tables a page has, and what each SVG is called or that it is hidden."""

    def __init__(self):
        super().__init__()
        self.tables, self.pictures = 0, []

    def handle_starttag(self, tag, attrs):
        self.tables += tag == "table"
        if tag == "svg":
            self.pictures.append(dict(attrs))


def test_every_chart_reads_as_a_table(leads_desk, ready):
    page = Tables()
    page.feed(leads_desk.get(BOARD).content.decode())
    assert page.tables == 5
    assert page.pictures
    for picture in page.pictures:
        assert picture.get("aria-hidden") == "true" or (picture.get("role") == "img" and picture["aria-labelledby"])


def test_the_lists_behind_the_charts_hold_as_many_as_the_charts_say(leads_desk, ready, receive):
    receive()
    drawn = shown(leads_desk)["charts"]
    for row in [*drawn["stages"]["rows"], *drawn["causes"]["rows"]]:
        assert leads_desk.get(row["href"]).context["cl"].result_count == row["number"], row
