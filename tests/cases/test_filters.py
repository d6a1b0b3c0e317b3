"""What lists are narrowed by: team, channel and language of the case, and for how long its customer heard nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from cases import intake
from cases.admin.filters import silent
from cases.models import Case, Conversation, Medium, Team
from letters.models import Delivery
from tests.cases.desk import WORKLIST
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY

FOLLOWUPS = reverse("admin:cases_followup_changelist")
LETTERS = reverse("admin:letters_letter_changelist")
DELIVERIES = reverse("admin:letters_delivery_changelist")
A_WEEK_LATER = NEXT_MONDAY + timedelta(days=7)


def found(desk, page, **query) -> int:
    return desk.get(page, query).context["cl"].result_count


# --- how long nobody has written or called ----------------------------------------------------------------------------


def is_silent(*, days, on) -> bool:
    return silent(Case.objects.all(), days=days, on=on).exists()


def test_whoever_complained_on_monday_and_heard_nothing_has_waited_five_working_days_next_monday(case):
    assert not is_silent(days=5, on=FRIDAY)
    assert is_silent(days=5, on=NEXT_MONDAY)
    assert not is_silent(days=6, on=NEXT_MONDAY)


def test_a_talk_ends_the_silence_and_what_the_customer_writes_does_not(case, handler):
    Conversation.objects.create(
        case=case, medium=Medium.PAGE, held_on=FRIDAY, said="Is anybody there?", they_wrote=True, by_name="Eleanor"
    )
    assert is_silent(days=5, on=NEXT_MONDAY)
    case.log_conversation(said="We are at it.", next_contact_on=NEXT_MONDAY, on=FRIDAY, by=handler)
    assert not is_silent(days=5, on=NEXT_MONDAY)


def test_a_letter_ends_the_silence_once_it_has_arrived(issued):
    assert is_silent(days=6, on=A_WEEK_LATER)
    at = datetime.combine(NEXT_MONDAY, time(9), UTC)
    Delivery.objects.filter(letter=issued, copy=None).update(handoff_at=at, sent_at=at)
    assert not is_silent(days=6, on=A_WEEK_LATER)
    assert is_silent(days=5, on=A_WEEK_LATER)


def test_a_copy_for_a_colleague_tells_the_customer_nothing(issued):
    at = datetime.combine(NEXT_MONDAY, time(9), UTC)
    Delivery.objects.filter(letter=issued).exclude(copy=None).update(handoff_at=at, sent_at=at)
    assert is_silent(days=6, on=A_WEEK_LATER)


def test_post_ends_the_silence_until_it_comes_back(issued):
    lost = Delivery.objects.get(letter=issued, copy=None)
    again = {"letter": issued, "resend_of": lost, "resend_reason": "It got lost.", "by_post": True}
    envelope = Delivery.objects.create(posted_on=NEXT_MONDAY, posted_by_name="Ines", to_name="Eleanor", **again)
    assert not is_silent(days=6, on=A_WEEK_LATER)
    Delivery.objects.filter(pk=envelope.pk).update(
        returned_on=A_WEEK_LATER, returned_by_name="Ines", returned_reason="moved"
    )
    assert is_silent(days=6, on=A_WEEK_LATER)


def test_nobody_waits_to_hear_of_a_closed_case(case, handler):
    case.end("withdrawn", reason="She wants no more of it.", on=MONDAY, by=handler)
    assert not is_silent(days=5, on=A_WEEK_LATER)


def test_the_worklist_can_be_narrowed_to_them(desk, complaint):
    intake.receive(complaint, on=MONDAY)
    assert found(desk, WORKLIST, silent="5") == 0
    intake.receive(replace(complaint, received_on=MONDAY - timedelta(days=30)), on=MONDAY)
    assert found(desk, WORKLIST, silent="5") == 1
    assert found(desk, WORKLIST, silent="nonsense") == 2


# --- teams, channels, languages ---------------------------------------------------------------------------------------


@pytest.fixture
def team(db):
    return Team.objects.create(name="North")


def test_a_house_without_teams_is_not_asked_for_one(desk, case):
    assert "No team" not in desk.get(WORKLIST).content.decode()


@pytest.mark.parametrize("page", [WORKLIST, FOLLOWUPS, LETTERS, DELIVERIES])
def test_every_list_can_be_narrowed_to_the_cases_of_a_team(desk, issued, team, page):
    everything = found(desk, page, list="all")
    assert everything
    assert found(desk, page, list="all", team=team.pk) == 0
    assert found(desk, page, list="all", team="none") == everything
    Case.objects.update(team=team)
    assert found(desk, page, list="all", team=team.pk) == everything
    assert found(desk, page, list="all", team="none") == 0


@pytest.mark.parametrize(
    ("page", "to_case"), [(WORKLIST, ""), (FOLLOWUPS, "case__"), (LETTERS, "case__"), (DELIVERIES, "letter__case__")]
)
def test_every_list_can_be_narrowed_to_a_channel_and_a_language(desk, issued, page, to_case):
    everything = found(desk, page, list="all")
    for field, theirs, other in (("channel", "form", "phone"), ("language", "en", "de")):
        assert found(desk, page, **{"list": "all", f"{to_case}{field}__exact": theirs}) == everything
        assert found(desk, page, **{"list": "all", f"{to_case}{field}__exact": other}) == 0


# --- on whom they wait ------------------------------------------------------------------------------------------------


def test_a_list_holds_the_cases_that_wait_for_a_colleague(desk, case, handler, driver):
    assert found(desk, WORKLIST, list="colleague") == 0
    case.acknowledge("By phone", on=MONDAY, by=handler)
    person = case.involve(user=driver, part="witness", why="Drove the van", on=MONDAY, by=handler)
    case.ask_account(person, until=FRIDAY, on=MONDAY, by=handler)
    assert found(desk, WORKLIST, list="colleague") == 1
    assert found(desk, WORKLIST, list="customer") == 0
    assert found(desk, WORKLIST, list="approval") == 0


def test_promises_due_are_those_of_today_and_of_earlier_days(desk, ready, complaint):
    intake.receive(complaint, on=MONDAY)
    assert found(desk, FOLLOWUPS, list="promises") == 0
    ready.followups.filter(kind="commitment").update(due_on=MONDAY)
    assert found(desk, FOLLOWUPS, list="promises") == 1
