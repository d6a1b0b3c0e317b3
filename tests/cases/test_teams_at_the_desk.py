"""Teams, restrictions and who read what, as somebody at the desk sets them up and uses them."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cases import intake
from cases.models import Case, Organisation, Role, Team, User
from tests.conftest import MONDAY, staff

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def desk(on_tuesday, client, lead):
    client.force_login(lead)
    return client


def page(case, name=""):
    if not name:
        return reverse("admin:cases_case_change", args=[case.pk])
    return reverse("admin:cases_case_verb", args=[case.pk, name])


# --- moving a case ---


def test_whoever_looks_after_a_case_is_shown_when_they_are_not_in_the_new_team(desk, her_case, handler, south, noor):
    typed = {"team": south.pk, "handler": handler.pk, "reason": "Heat pumps"}
    said = desk.post(page(her_case, "team"), typed).content.decode()
    assert "Inês Carvalho is not in South and would not see its other cases." in said
    her_case.refresh_from_db()
    assert her_case.team is None
    desk.post(page(her_case, "team"), typed | {"although_elsewhere": "on"})
    her_case.refresh_from_db()
    assert (her_case.team, her_case.handler) == (south, handler)


def test_whoever_is_not_in_the_new_team_does_not_get_the_case(desk, her_case, noor, north, handler):
    said = desk.post(page(her_case, "team"), {"team": north.pk, "handler": noor.pk, "reason": "x"}).content.decode()
    assert "Noor Haddad does not work on cases of North" in said


def test_who_gives_a_case_away_is_led_back_to_their_own(client, her_case, handler, noor, south):
    client.force_login(handler)
    sent = client.post(page(her_case, "team"), {"team": south.pk, "handler": noor.pk, "reason": "x"}, follow=True)
    assert sent.request["PATH_INFO"] == reverse("admin:cases_case_changelist")
    assert "not among your cases any more" in sent.content.decode()
    assert client.get(page(her_case)).status_code == 404


def test_a_house_without_teams_is_offered_none(desk, case):
    assert page(case, "team") not in desk.get(page(case)).content.decode()


# --- restricting it ---


def test_a_lead_restricts_a_case_and_its_page_says_so(desk, client, her_case, handler, reader):
    desk.post(page(her_case, "restrict"), {"reason": "A claim in court"})
    shown = desk.get(page(her_case)).content.decode()
    assert "<strong>Restricted</strong> since 10 November 2026" in shown
    assert "A claim in court" in shown
    client.force_login(handler)
    shown = client.get(page(her_case)).content.decode()
    assert "<strong>Restricted</strong>" in shown
    assert "Who read it" not in shown
    client.force_login(reader)
    assert client.get(page(her_case)).status_code == 404
    assert [reading.what for reading in her_case.readings.order_by("pk")] == ["its page", "its page"]


# --- setting up ---


def test_a_lead_sets_up_a_team_with_its_people_and_organisations(desk, lead, handler, noor, complaint):
    house = Organisation.objects.create(name="Northwind Energy")
    typed = {"name": "Energy", "who": [handler.pk, noor.pk], "whose": [house.pk]}
    desk.post(reverse("admin:cases_team_add"), typed)
    team = Team.objects.get(name="Energy")
    assert set(team.members.all()) == {handler, noor}
    house.refresh_from_db()
    assert intake.receive(replace(complaint, organisation=house), on=MONDAY).team == team
    assert intake.receive(replace(complaint, organisation=None), on=MONDAY).team is None


def test_who_sets_up_a_team_stays_in_it_or_out_of_it(desk, lead, handler, north):
    lead.teams.add(north)
    address = reverse("admin:cases_team_change", args=[north.pk])
    desk.post(address, {"name": "North", "who": [handler.pk]})
    assert set(north.members.all()) == {lead, handler}
    lead.teams.clear()
    desk.post(address, {"name": "North", "who": [handler.pk, lead.pk]})
    assert set(north.members.all()) == {handler}


def test_nobody_chooses_their_own_teams(desk, lead, handler, north):
    kept = {"first_name": "Amara", "last_name": "Nwosu", "email": lead.email, "username": "amara"}
    desk.post(reverse("admin:cases_user_change", args=[lead.pk]), kept | {"teams": [north.pk]})
    assert not lead.teams.exists()
    other = {"first_name": "Inês", "last_name": "Carvalho", "email": handler.email, "username": "ines"}
    address = reverse("admin:cases_user_change", args=[handler.pk])
    desk.post(address, other | {"role": "handler", "is_active": "on", "teams": [north.pk]})
    assert set(User.objects.get(pk=handler.pk).teams.all()) == {north}


def test_whoever_only_reads_sees_who_is_in_a_team(client, auditor, handler, north):
    handler.teams.add(north)
    client.force_login(auditor)
    shown = client.get(reverse("admin:cases_team_change", args=[north.pk])).content.decode()
    assert "Inês Carvalho" in shown
    assert 'name="_save"' not in shown


@pytest.fixture
def auditor(db):
    return staff("jonas", "Jonas", "Brandt", Role.AUDITOR)


def test_an_auditor_opens_a_restricted_case_of_any_team_and_can_do_nothing_with_it(
    client, auditor, her_case, lead, south
):
    her_case.give_to_team(south, handler=her_case.handler, reason="x", on=MONDAY, by=lead)
    her_case.restrict(reason="A claim in court", on=MONDAY, by=lead)
    client.force_login(auditor)
    shown = client.get(page(her_case)).content.decode()
    assert "Who read it" in shown
    assert page(her_case, "restrict").removesuffix("restrict/") + "end" not in shown
    assert client.post(page(her_case, "lift-restriction"), {"reason": "x"}).status_code == 403
    assert Case.objects.get(pk=her_case.pk).restricted_on
