"""Who may open a case: teams, restricted cases, whom a complaint is about. Amara's team is “North”."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import intake
from cases.models import Case, Part, Role, User
from cases.models.seeing import Sight
from tests.conftest import MONDAY, staff

ROLES = (*Role.values, "superuser", "no role", "left")
TEAMS = ("none", "north", "south", "both")


@pytest.fixture
def everybody(north, south):
    """Somebody of each role in each team, by (role, team)."""
    found = {}
    for role in ROLES:
        for team in TEAMS:
            user = staff(f"{role}.{team}".replace(" ", ""), role, team, role if role in Role.values else "")
            user.is_superuser, user.is_active = role == "superuser", role != "left"
            user.role = Role.LEAD if role == "left" else user.role
            user.save()
            user.teams.set({"none": [], "north": [north], "south": [south], "both": [north, south]}[team])
            found[role, team] = user
    return found


@pytest.fixture
def make(complaint):
    """A new case, with these fields."""

    def make(**fields):
        case = intake.receive(replace(complaint, email=""), on=MONDAY)
        Case.objects.filter(pk=case.pk).update(**fields)
        case.refresh_from_db()
        return case

    return make


RESTRICTED = {"restricted_on": MONDAY, "restricted_reason": "A claim in court"}
SIGN_IN = {role for role in ROLES if role not in ("no role", "left")}


def seen_by(case, everybody):
    return {who for who, user in everybody.items() if Case.objects.visible_to(user).filter(pk=case.pk).exists()}


def test_a_case_of_no_team_is_everybodys_who_signs_in(make, everybody):
    assert seen_by(make(), everybody) == {(role, team) for role in SIGN_IN for team in TEAMS}


def test_a_case_of_a_team_is_seen_by_its_people_by_whoever_is_in_no_team_and_by_auditors(make, everybody, north):
    people = {(role, team) for role in SIGN_IN for team in ("none", "north", "both")}
    assert seen_by(make(team=north), everybody) == people | {("auditor", "south"), ("superuser", "south")}


def test_whoever_handles_a_case_of_another_team_sees_it(make, everybody, north):
    case = make(team=north, handler=everybody["handler", "south"])
    assert ("handler", "south") in seen_by(case, everybody)
    assert ("lead", "south") not in seen_by(case, everybody)


def test_a_restricted_case_is_seen_by_leads_its_handler_and_auditors(make, everybody, north):
    case = make(handler=everybody["handler", "none"], **RESTRICTED)
    above = {(role, team) for role in ("lead", "auditor", "superuser") for team in TEAMS}
    assert seen_by(case, everybody) == above | {("handler", "none")}


def test_of_a_restricted_case_of_a_team_only_its_leads_are_told(make, everybody, north):
    leads = {("lead", team) for team in ("none", "north", "both")}
    above = {(role, team) for role in ("auditor", "superuser") for team in TEAMS}
    assert seen_by(make(team=north, **RESTRICTED), everybody) == leads | above


@pytest.mark.parametrize("role", ["lead", "handler", "auditor", "superuser"])
def test_whom_a_complaint_is_about_never_sees_it(make, everybody, role):
    user = everybody[role, "none"]
    case = make(handler=user)
    case.involvements.create(user=user, name=str(user), part=Part.CONCERNED, why="Hung up")
    assert (role, "none") not in seen_by(case, everybody)
    assert (role, "north") in seen_by(case, everybody) or role == "handler"


def test_both_ways_of_asking_answer_alike_for_every_case_and_person(make, everybody, north, south):
    cases = [
        make(team=team, handler=handler, **restricted)
        for team in (None, north, south)
        for handler in (None, everybody["handler", "south"], everybody["no role", "north"])
        for restricted in ({}, RESTRICTED)
    ]
    for user in (everybody["lead", "north"], everybody["auditor", "none"], everybody["handler", "south"]):
        cases[0].involvements.create(user=user, name=str(user), part=Part.CONCERNED, why="Hung up")
    sight = Sight(cases)
    for case in cases:
        seen = seen_by(case, everybody)
        assert {who for who, user in everybody.items() if sight.may_open(user, case)} == seen
        assert set(case.who_may_open()) == {everybody[who] for who in seen}


def test_a_house_without_teams_is_asked_nothing_about_them(case, handler):
    handler = User.objects.get(pk=handler.pk)
    list(Case.objects.visible_to(handler))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(Case.objects.visible_to(handler))
    assert len(asked) == 1
    assert "team_id" not in asked[0]["sql"].partition("WHERE")[2]


def test_who_joins_a_team_sees_by_it_at_once(make, handler, north, south):
    case = make(team=north)
    assert Case.objects.visible_to(handler).filter(pk=case.pk).exists()
    handler.teams.add(south)
    assert not Case.objects.visible_to(handler).filter(pk=case.pk).exists()
