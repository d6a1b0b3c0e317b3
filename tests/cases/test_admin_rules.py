"""What a case goes by can be read by everybody of staff, in plain words; whose rules are unchecked is plainly said."""

from datetime import date, time

import pytest
from django.urls import reverse

from cases import rules
from cases.deadlines import Limit, Unit
from cases.models import Organisation
from cases.rules import Extension, Step, words
from tests.cases.desk import shown

RULES = reverse("admin:cases_rules")
ORGANISATIONS = reverse("admin:cases_organisation_changelist")
WORKING_DAYS = Limit(15, Unit.WORKING_DAY)
UNCHECKED = "Unchecked: nobody of yours has compared it with its source yet"


def step(**fields):
    given = {"name": "answer", "label": "Answer", "anchor": "received", "ends": ("answered",), "limit": WORKING_DAYS}
    return Step(**given | fields)


def versions(answer):
    return {(it.it.regime, it.it.version.isoformat()): it for pack in answer.context["packs"] for it in pack}


# --- the page ---------------------------------------------------------------------------------------------------------


def test_every_version_of_every_pack_is_on_the_page(desk):
    known = {(pack.regime, pack.version.isoformat()) for packs in rules.regimes().values() for pack in packs}
    assert versions(desk.get(RULES)).keys() == known


def test_a_reader_reads_it_too(client, on_tuesday, reader):
    client.force_login(reader)
    page = shown(client.get(RULES))
    for pack in (versions[-1] for versions in rules.regimes().values()):
        assert pack.name in page
        assert all(it.label in page for it in pack.steps)


def test_every_version_says_plainly_whether_it_was_checked(desk):
    page = shown(desk.get(RULES))
    packs = [pack for versions in rules.regimes().values() for pack in versions]
    assert page.count(UNCHECKED) == sum(not pack.checked for pack in packs) > 0
    assert "Our own promises" in page


def test_a_version_says_whether_it_is_in_force(desk):  # on 10 November 2026
    found = versions(desk.get(RULES))
    assert found["uk-fca-disp", "2016-06-30"].now == "not any more"
    assert found["uk-fca-disp", "2026-06-01"].now == "in force"


def test_letters_that_have_to_say_the_same_stand_together(desk):
    letters = dict(versions(desk.get(RULES))["uk-fca-disp", "2026-06-01"].letters)
    final = letters["Resolution letter, Clarification, Final position"]
    assert "the name of the ombudsman" in final
    assert "within what time the rules ask for an answer" in letters["Acknowledgement"]
    assert "the reason why it takes longer" in letters["Notice of a later answer"]


def test_all_packs_open_at_once_to_be_printed(desk):
    assert " open>" not in shown(desk.get(RULES)).replace("\n", " ")
    assert shown(desk.get(RULES)).count("<details") == len(rules.regimes())
    assert shown(desk.get(RULES, {"open": "all"})).count("open>") == len(rules.regimes())


# --- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Within 15 working days of receipt. It is done with our answer."),
        ({"limit": Limit(1, Unit.MONTH)}, "Within 1 month of receipt. It is done with our answer."),
        (
            {"limit": None, "target": WORKING_DAYS},
            "If possible within 15 working days of receipt. It is done with our answer.",
        ),
        ({"limit": None, "ends": ("acknowledged",)}, "Promptly. It is done with the acknowledgement."),
        (
            {"limit": Limit(5, Unit.WORKING_DAY), "repeat_every": 5, "ends": ("contacted", "answered")},
            "Every 5 working days from receipt on. Each is done with a contact with the customer or our answer; the "
            "next runs from then, until we have answered.",
        ),
    ],
)
def test_a_limit_in_words(fields, said):
    assert words.limit(step(**fields)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ["Day one is the day after.", "It cannot be stopped.", "It cannot be extended."]),
        (
            {"limit": Limit(8, Unit.WEEK, "same_day", "forward"), "pausable": True},
            [
                "Day one is that day itself.",
                "If nobody works on the last day, it ends on the next working day.",
                "It may be stopped while we wait for the customer.",
                "It cannot be extended.",
            ],
        ),
        (
            {"limit": Limit(3, Unit.WORKING_DAY, "next_working_day", cutoff=time(17))},
            [
                "Day one is the first working day after.",
                "What comes in after 17:00, or on a day off, counts as come in on the next working day.",
                "It cannot be stopped.",
                "It cannot be extended.",
            ],
        ),
        (
            {"limit": Limit(48, Unit.HOUR)},
            ["Hours run on every day.", "It cannot be stopped.", "It cannot be extended."],
        ),
        ({"limit": None, "target": WORKING_DAYS}, ["Day one is the day after.", "Only aimed at: it is never late."]),
        ({"limit": None, "source": "s. 4(2)"}, ["Comes from: s. 4(2)."]),
        (
            {
                "extension": Extension(Unit.WORKING_DAY, times=2, most=20),
                "warn": (10, 5, 1),
                "different_handler": True,
            },
            [
                "Day one is the day after.",
                "It cannot be stopped.",
                "It may be extended twice, by up to 20 working days.",
                "Brought to mind 10, 5 and 1 working days before.",
                "By somebody else than at the stage before.",
            ],
        ),
        (
            {"extension": Extension(Unit.MONTH), "warn": (1,)},
            [
                "Day one is the day after.",
                "It cannot be stopped.",
                "It may be extended once; the rules name no longest time.",
                "Brought to mind 1 working day before.",
            ],
        ),
    ],
)
def test_the_particulars_of_a_step_in_words(fields, said):
    assert words.particulars(step(**fields)) == said


# --- the place and the rules of an organisation -----------------------------------------------------------------------


@pytest.fixture
def northwind(db):
    return Organisation.objects.create(name="Northwind Energy")


def keep(desk, organisation, **typed):
    address = reverse("admin:cases_organisation_change", args=[organisation.pk])
    return desk.post(address, {"name": organisation.name, "country": "", "region": "", "regime": ""} | typed)


def errors(answer):
    return answer.context["adminform"].form.errors


def test_an_organisation_has_a_place_and_goes_by_rules(leads_desk, northwind):
    assert keep(leads_desk, northwind, country="GB", region="sct", regime="uk-scotland-spso").status_code == 302
    northwind.refresh_from_db()
    assert (northwind.country, northwind.region, northwind.regime) == ("GB", "SCT", "uk-scotland-spso")
    assert "SPSO model procedure, Scotland" in shown(leads_desk.get(ORGANISATIONS))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"region": "SCT"}, "country", "Choose the country that this region is a part of."),
        ({"country": "GB", "region": "XYZ"}, "region", "has no region “XYZ”. It knows ENG, NIR, SCT, WLS."),
        ({"country": "LV", "region": "RIX"}, "region", "It knows no regions."),
        ({"country": "UA"}, "country", "The holiday calendar of “UA” does not cover the year 2026"),
        ({"regime": "harbour"}, "regime", "harbour is not one of the available choices"),
    ],
)
def test_a_place_without_known_holidays_is_refused_at_its_field(leads_desk, northwind, typed, field, said):
    assert said in errors(keep(leads_desk, northwind, **typed))[field][0]
    northwind.refresh_from_db()
    assert (northwind.country, northwind.region, northwind.regime) == ("", "", "")


def test_the_choice_of_rules_says_which_are_unchecked(leads_desk, northwind):
    page = leads_desk.get(reverse("admin:cases_organisation_change", args=[northwind.pk]))
    choices = dict(page.context["adminform"].form.fields["regime"].choices)
    assert choices[""] == "None: the house's alone"
    assert choices["uk-fca-disp"] == "UK FCA DISP (unchecked)"
    assert "house" not in choices


def test_another_place_moves_nothing_by_itself_and_says_where_to_look(leads_desk, lead, case, northwind):
    case.belong_to(northwind, on=date(2026, 11, 9), by=lead)
    before = list(case.deadlines.values())
    answer = keep(leads_desk, northwind, country="GB", region="SCT")
    said = [str(it) for it in leads_desk.get(answer.url).context["messages"]]
    assert any("“Count anew” shows how they would move" in it for it in said)
    assert list(case.deadlines.values()) == before
    answer = keep(leads_desk, northwind, country="GB", region="SCT", name="Northwind")
    assert not any("Count anew" in str(it) for it in leads_desk.get(answer.url).context["messages"])


# --- the sidebar ------------------------------------------------------------------------------------------------------


def test_the_days_off_are_in_the_sidebar_of_leads_alone(client, on_tuesday, lead, handler):
    address = reverse("admin:cases_calendarday_changelist")
    client.force_login(handler)
    page = shown(client.get(RULES))
    assert (f'href="{address}"' in page, f'href="{RULES}"' in page) == (False, True)
    client.force_login(lead)
    assert f'href="{address}"' in shown(client.get(RULES))
