"""The desk: somebody of the cast signed in, on the morning after Eleanor complained. The teams: “North” and “South”."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import attachments, intake
from cases.models import Attachment, Part, Role, Team
from letters import dispatch, enclosing
from tests.cases.doors import COLUMNS
from tests.conftest import MONDAY, TUESDAY, staff
from tests.letters.pdfs import pdf


@pytest.fixture
def on_tuesday():
    """It is nine o'clock on Tuesday, the day after Eleanor complained."""
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def desk(on_tuesday, client, handler):
    """Ines at her desk."""
    client.force_login(handler)
    return client


@pytest.fixture
def leads_desk(on_tuesday, client, lead):
    """Amara at hers."""
    client.force_login(lead)
    return client


@pytest.fixture
def north(db):
    return Team.objects.create(name="North")


@pytest.fixture
def south(db):
    return Team.objects.create(name="South")


@pytest.fixture
def noor(south):
    """A handler of “South”."""
    user = staff("noor", "Noor", "Haddad", Role.HANDLER)
    user.teams.add(south)
    return user


@pytest.fixture
def her_case(case, handler, north, south):
    """Inês of “North” looks after it; it is no team's own."""
    case.assign(handler, on=MONDAY, by=handler)
    handler.teams.add(north)
    return case


# --- who tries the doors of Eleanor's case ---


@pytest.fixture
def concerned_lead(db):
    return staff("priya", "Priya", "Raghavan", Role.LEAD)


@pytest.fixture
def others(south):
    """A handler and a lead of another team."""
    people = staff("tom", "Tom", "Weir", Role.HANDLER), staff("ada", "Ada", "Obi", Role.LEAD)
    for user in people:
        user.teams.add(south)
    return people


@pytest.fixture
def cast(handler, lead, reader, concerned, concerned_lead, others):
    approver = staff("noor", "Noor", "Haddad", Role.APPROVER)
    auditor = staff("jonas", "Jonas", "Brandt", Role.AUDITOR)
    people = (reader, approver, auditor, handler, lead, concerned, concerned_lead, *others)
    return dict(zip(COLUMNS, people, strict=True))


@pytest.fixture
def about_them(draft, lead, concerned, concerned_lead, complaint, north):
    """Eleanor's case, of the team “North”: with a letter issued, an enclosure, a file, somebody who owes an account and
    a look-alike, and about two of the staff."""
    case = draft.case
    case.give_to_team(north, handler=case.handler, reason="Fridges", on=TUESDAY, by=lead)
    for person in (concerned, concerned_lead):
        case.involve(user=person, part=Part.CONCERNED, why="Hung up", on=TUESDAY, by=lead)
    enclosing.enclose(draft, "Terms", pdf(), on=TUESDAY, by=draft.signatory)
    dispatch.issue(draft, on=TUESDAY, by=lead)
    intake.receive(replace(complaint, name="E. Whitcombe"), on=MONDAY)
    for row in attachments.checked([SimpleUploadedFile("receipt.pdf", pdf())]):
        Attachment.objects.create(case=case, **row)
    return case


@pytest.fixture
def rows(about_them, complaint):
    """What the verbs about single rows concern."""
    return {
        "points": about_them.points.get(),
        "involvements": about_them.involvements.get(user__username="declan"),
        "commitments": about_them.commitments.get(),
        "followups": about_them.followups.outstanding().filter(deadline=None).first(),
        "deadlines": about_them.deadlines.get(regime="house", step="resolve"),
        "look_alikes": about_them.customer.look_alikes().get(),
    }
