"""The self-check names what the house lacks, and nothing else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from cases import heartbeat
from cases.models import Organisation, Role, Team
from letters import dispatch, library, selfcheck
from letters.models import Kind, Letterhead, LetterTemplate
from tests.conftest import MONDAY, TUESDAY, staff

NOON = datetime(2026, 11, 10, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def set_up(letterhead, lead, handler, settings, issued):
    """A house that lacks nothing: two leads, everybody with a manager, a clockwork at work and mail that leaves."""
    settings.MAIL_ARCHIVE_URL = "maildir:/nowhere"
    staff("priya", "Priya", "Raghavan", Role.LEAD)
    handler.manager = lead
    handler.save()
    dispatch.deliver_due(at=NOON)
    issued.deliveries.update(sent_at=NOON)
    for name in heartbeat.names():
        heartbeat.kept(name, lambda *, at: 0)


def lacks(*, at=NOON, on=TUESDAY) -> list[str]:
    return [lack.what for subject in selfcheck.look(at=at, on=on) for lack in subject.lacks]


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def test_a_house_that_is_set_up_lacks_nothing(set_up):
    assert lacks() == []


def test_without_a_lead_or_with_one_alone_it_says_so(set_up, lead):
    lead.reports.update(manager=None)
    type(lead).objects.filter(role=Role.LEAD).exclude(pk=lead.pk).update(role=Role.READER)
    assert "Amara Nwosu is the only lead." in lacks()
    type(lead).objects.filter(pk=lead.pk).update(role=Role.READER)
    assert "Nobody is a lead." in lacks()


def test_a_handler_without_manager_or_address_is_named(set_up, handler):
    handler.manager, handler.email = None, ""
    handler.save()
    assert lacks() == ["Inês Carvalho has no e-mail address.", "Inês Carvalho has no manager."]


def test_whoever_is_away_with_open_cases_is_named(set_up, handler, case):
    case.handler = handler
    case.save(update_fields=["handler"])
    handler.away_from, handler.away_until = MONDAY, TUESDAY
    handler.save()
    assert lacks() == ["Inês Carvalho is away until 10 November 2026 and looks after open cases."]


def test_a_team_without_people_is_named(set_up, handler):
    team = Team.objects.create(name="Energy")
    assert lacks() == ["Nobody is in the team Energy."]
    handler.teams.add(team)
    assert lacks() == []


def test_a_house_or_an_organisation_without_a_letterhead_is_named(set_up):
    Organisation.objects.create(name="Northgate Energy")
    assert lacks() == ["Northgate Energy has no letterhead."]
    Letterhead.objects.update(organisation=Organisation.objects.get())
    assert lacks() == ["The house has no letterhead."]


def test_a_template_that_was_changed_in_some_languages_only_is_named(set_up, lead):
    library.load()
    template = LetterTemplate.objects.get(kind=Kind.APOLOGY_DELAY, language="en")
    words = library.Words.of(template.versions.last())
    library.rewrite(template, library.Words(f"{words.subject}!", words.body), after=1, by=lead)
    found = [what for what in lacks() if "changed in" in what]
    assert len(found) == 1
    assert found[0].startswith(Kind.APOLOGY_DELAY.label)
    assert "changed in English, not in" in found[0]


def test_a_template_that_never_says_what_the_rules_ask_for_is_named(set_up, lead):
    library.load()
    template = LetterTemplate.objects.get(kind=Kind.ACKNOWLEDGEMENT, language="en")
    library.rewrite(template, library.Words("Hello", "Thank you."), after=1, by=lead)
    assert any(what.startswith(f"{template} does not say the reference of the case") for what in lacks())


def test_a_language_without_words_of_a_kind_is_named(set_up, monkeypatch):
    starter = library.words
    monkeypatch.setattr(library, "words", lambda *which: None if which == (Kind.CALLBACK, "fi") else starter(*which))
    assert lacks() == [f"{Kind.CALLBACK.label}: there are no words in Finnish."]


def test_rules_in_use_that_nobody_checked_are_named(set_up, issued):
    organisation = Organisation.objects.create(name="Northgate Bank", regime="uk-fca-disp")
    Letterhead.objects.create(organisation=organisation, name="Northgate Bank", street="1", city="Leeds", country="GB")
    assert any(what.endswith("is in use and unchecked.") for what in lacks())


def test_a_year_without_a_calendar_is_named(set_up):
    organisation = Organisation.objects.create(name="Northgate China", country="CN")
    Letterhead.objects.create(organisation=organisation, name="Northgate", street="1", city="Beijing", country="CN")
    found = lacks(on=TUESDAY.replace(year=2027), at=NOON)
    assert any("of 2028" in what and "CN, Northgate China" in what for what in found)


def test_a_clockwork_that_stands_still_and_mail_that_does_not_leave_are_named(set_up):
    later = NOON + timedelta(hours=25)
    found = lacks(at=later)
    assert any(what.startswith("The clockwork gives no sign") for what in found)
    assert "No e-mail has left since 10 November, 12:00." in found


def test_a_missing_archive_mailbox_is_named(set_up, settings):
    settings.MAIL_ARCHIVE_URL = ""
    assert lacks() == ["There is no archive mailbox."]


def test_the_page_leads_to_where_each_thing_is_mended(client, set_up, lead, handler):
    handler.manager = None
    handler.save()
    client.force_login(lead)
    page = client.get(reverse("admin:letters_selfcheck")).content.decode()
    assert "Inês Carvalho has no manager." in page
    assert f'href="{reverse("admin:cases_user_change", args=[handler.pk])}"' in page
    client.force_login(handler)
    assert client.get(reverse("admin:letters_selfcheck")).status_code == 403
