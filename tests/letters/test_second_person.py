"""Which letters go before a second person, why, and who that may be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cases import rules
from cases.models import Part, Role, Team
from casetracker import clock
from letters import checks, decisions, dispatch, second_person, writing
from letters.models import OFFERING, Kind
from tests.conftest import FRIDAY, TUESDAY, staff


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def approver(db):
    return staff("noor", "Noor", "Aziz", Role.APPROVER)


def redress(letter, words):
    letter.case.points.update(redress=words)


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("A new fridge", ""),
        ("£500", ""),
        ("£500.01", "GBP 500.01"),
        ("£1,200 and a new fridge", "GBP 1,200.00"),
        ("640 euros", "EUR 640.00"),
        ("900 yuan", ""),  # the rules name no limit in it
    ],
)
def test_above_the_redress_that_the_rules_name_a_second_person_approves(draft, words, more):
    redress(draft, words)
    found = second_person.reasons(draft)
    assert bool(found) == bool(more)
    assert not more or f"{more} was decided on; above {more[:3]} 500 “House rules”" in found[0]


def test_what_all_points_come_to_together_counts(draft, handler):
    redress(draft, "£300")
    assert second_person.reasons(draft) == []
    other = draft.case.add_point("It came late.", on=TUESDAY, by=handler)
    draft.case.points.filter(pk=other.pk).update(redress="£250")
    assert "GBP 550.00" in second_person.reasons(draft)[0]


def test_what_a_vulnerable_customer_is_answered_is_approved_and_nothing_is_said_of_why_they_are(draft):
    draft.case.customer.vulnerability = "Recently bereaved"
    (reason,) = second_person.reasons(draft)
    assert "dealing with us is harder for this customer" in reason
    assert "bereaved" not in reason


def test_only_a_letter_that_answers_or_apologises_depends_on_money_and_on_the_customer(draft):
    redress(draft, "£5,000")
    draft.case.customer.vulnerability = "Ill"
    for kind in Kind:
        draft.kind = kind
        always = kind in rules.house().second_person
        assert len(second_person.reasons(draft)) == always + 2 * (kind in OFFERING), kind


def test_the_rules_of_a_regime_ask_as_well(draft, monkeypatch):
    draft.case.regime = "uk-payments"
    versions = rules.regimes()["uk-payments"]
    found = rules.regimes()
    strict = tuple(replace(one, second_person_above={"GBP": 50}) for one in versions)
    monkeypatch.setattr(rules, "regimes", lambda: {**found, "uk-payments": strict})
    redress(draft, "£60")
    (reason,) = second_person.reasons(draft)
    assert f"above GBP 50 “{versions[-1].name}”" in reason


def test_a_limit_that_no_amount_could_reach_stops_the_start(monkeypatch):
    assert checks.every_rule_pack_speaks_of_letters_that_there_are(None) == []
    (house,) = rules.regimes()["house"]
    found = {"house": (replace(house, second_person_above={"GBP": 500, "JPY": 90_000}),)}
    monkeypatch.setattr(rules, "regimes", lambda: found)
    (error,) = checks.every_rule_pack_speaks_of_letters_that_there_are(None)
    assert "“house” asks for a second person above an amount in JPY" in error.msg


def test_a_letter_that_gives_too_much_is_not_issued_by_one_person(draft, handler, approver):
    redress(draft, "£612.50")
    body = draft.body.replace("For this you receive: A new fridge.", "For this you receive: £612.50.")
    words = {name: getattr(draft, name) for name in ("subject", "salutation", "close")}
    writing.edit(draft, **words, body=body, by=handler)
    with pytest.raises(dispatch.NotIssued, match="approved by a second person"):
        dispatch.issue(draft, on=TUESDAY, by=handler)
    decisions.put_forward(draft, at=clock.now(), by=handler, to=approver)
    decisions.approve(draft, at=clock.now(), by=approver)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert draft.issued_on == TUESDAY


def test_a_lead_or_an_approver_is_one_of_the_two(draft, handler, lead, approver, reader):
    other, auditor = staff("olu", "Olu", "Ade", Role.HANDLER), staff("aud", "A", "B", Role.AUDITOR)
    may = {
        handler: {lead, approver},
        lead: {handler, other, approver},
        approver: {handler, other, lead},
    }
    for by, deciding in may.items():
        draft.approval_asked_by = by
        everybody = {handler, other, lead, approver, reader, auditor}
        assert {user for user in everybody if second_person.may_decide(draft, user)} == deciding, by
        assert set(second_person.approvers(draft, by=by)) == deciding, by


def test_nobody_approves_what_was_not_put_forward(draft, lead):
    with pytest.raises(PermissionDenied):
        decisions.approve(draft, at=clock.now(), by=lead)


def test_the_desk_says_why_a_second_person_is_needed(client, draft, handler, lead):
    redress(draft, "£612.50")
    client.force_login(handler)
    page = client.get(reverse("admin:letters_letter_change", args=[draft.pk])).content.decode()
    assert "GBP 612.50 was decided on; above GBP 500" in page


def test_a_reader_presses_neither_button(client, draft, handler, lead, reader):
    draft.case.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    draft.case.customer.vulnerability = "Ill"
    draft.case.customer.save()
    decisions.put_forward(draft, at=clock.now(), by=lead)
    client.force_login(reader)
    for name, fields in (("approve", {"seen": draft.edited_at.isoformat()}), ("send_back", {"words": "No."})):
        assert client.post(reverse(f"admin:letters_letter_{name}", args=[draft.pk]), fields).status_code == 403
    draft.refresh_from_db()
    assert (draft.approved_at, draft.sent_back_at) == (None, None)


def test_what_somebody_approved_whom_the_complaint_is_about_goes_before_another(draft, handler, approver, lead):
    redress(draft, "£5,000")
    decisions.put_forward(draft, at=clock.now(), by=handler, to=approver)
    decisions.approve(draft, at=clock.now(), by=approver)
    draft.case.involve(user=approver, part=Part.CONCERNED, why="Promised it", on=TUESDAY, by=lead)
    assert "the complaint is about them" in decisions.missing(draft)[0]
    with pytest.raises(dispatch.NotIssued, match="the complaint is about them"):
        dispatch.issue(draft, on=TUESDAY, by=handler)
    assert approver not in second_person.approvers(draft, by=handler)


def test_only_who_may_open_the_case_is_asked_to_approve(draft, handler, lead, approver):
    approver.teams.add(Team.objects.create(name="South"))
    draft.case.give_to_team(Team.objects.create(name="North"), handler=handler, reason="Fridges", on=TUESDAY, by=lead)
    assert set(second_person.approvers(draft, by=handler)) == {lead}
    draft.case.give_to_team(None, handler=handler, reason="Everybody's", on=TUESDAY, by=lead)
    assert set(second_person.approvers(draft, by=handler)) == {lead, approver}
    draft.case.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    assert set(second_person.approvers(draft, by=handler)) == {lead}
