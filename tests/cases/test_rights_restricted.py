"""A restricted case: who still gets through its doors, and that each reading of it is written down."""

import pytest
from django.urls import reverse

from cases.models import Reading, Role
from casetracker import clock
from tests.cases.doors import addresses, expected, outcome, signed_in
from tests.conftest import TUESDAY, staff

pytestmark = pytest.mark.usefixtures("on_tuesday")


def test_a_restricted_case_is_another_teams_for_whoever_neither_leads_nor_handles_it(
    client, cast, about_them, rows, north, lead
):
    mate = staff("sam", "Sam", "Oduya", Role.HANDLER)
    mate.teams.add(north)
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    wrong = []
    for method in ("get", "post"):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            shut = expected(door, verb)[method == "post"]["other_handler"]
            for member, user in (("mate", mate), ("reader", cast["reader"]), ("approver", cast["approver"])):
                with signed_in(client, user):
                    got = outcome(getattr(client, method)(address))
                kept_out = got == shut if member == "mate" else shut != "404" or got in ("403", "404")
                if not kept_out:
                    wrong.append(f"{member}: {method} {address}: {got}, should be {shut}")
    assert wrong == []


@pytest.mark.parametrize("member", ["auditor", "handler", "lead"])
def test_each_reading_of_a_restricted_case_leaves_its_row(client, cast, about_them, rows, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    letter = about_them.letters.get()
    read = {
        "cases_case_change": [about_them.pk],
        "cases_case_why": [about_them.pk, about_them.deadlines.first().pk],
        "letters_letter_change": [letter.pk],
        "letters_letter_pdf": [letter.pk],
        "letters_letter_enclosure": [letter.pk, letter.enclosures.get().pk],
    }
    for door, args in read.items():
        before = Reading.objects.count()
        with signed_in(client, cast[member]):
            assert client.get(reverse(f"admin:{door}", args=args)).status_code in (200, 422)
        assert Reading.objects.filter(case=about_them, by=cast[member]).count() > before or door.endswith("pdf"), door


@pytest.mark.parametrize("member", ["lead", "auditor"])
def test_who_read_it_is_a_page_of_its_own(client, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=cast["handler"])
    with signed_in(client, cast[member]):
        page = client.get(reverse("admin:cases_case_change", args=[about_them.pk])).content.decode()
        log = reverse("admin:cases_reading_changelist")
        assert f"{log}?q={about_them.reference}" in page
        assert str(cast["handler"]) in client.get(log, {"q": about_them.reference}).content.decode()


@pytest.mark.parametrize("member", ["concerned_lead", "other_lead"])
def test_the_log_shows_no_case_that_somebody_may_not_open(client, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=cast["handler"])
    with signed_in(client, cast[member]):
        answer = client.get(reverse("admin:cases_reading_changelist"))
    assert answer.context["cl"].result_count == 0
    assert about_them.reference not in answer.content.decode()
