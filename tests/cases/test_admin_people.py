"""Customers and staff in the admin: what may be put right there, and by whom."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cases import intake
from cases.models import Case, Customer, Involvement, Part, User
from tests.cases.desk import WORKLIST, page, shown
from tests.conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


# --- customers --------------------------------------------------------------------------------------------------------


def correcting(customer, **changes):
    fields = ("title", "name", "email", "street", "city", "region", "postcode", "language", "notes")
    now = {name: getattr(customer, name) for name in fields}
    return now | {"phone": str(customer.phone), "country": customer.country.code} | changes


def correct(desk, customer, **changes):
    return desk.post(reverse("admin:cases_customer_change", args=[customer.pk]), correcting(customer, **changes))


def test_a_correction_is_told_in_the_history_of_each_open_case(desk, case, complaint, handler):
    over = intake.receive(replace(complaint, customer=case.customer), on=MONDAY)
    over.end("withdrawn", reason="She wrote so.", on=MONDAY, by=handler)
    assert correct(desk, case.customer, email="new@example.org", notes="Call after six.").status_code == 302
    event = case.events.last()
    assert (event.kind, event.by) == ("customer corrected", handler)
    assert "eleanor@example.org" in event.text
    assert over.events.last().kind != "customer corrected"
    assert Customer.objects.get().email == "new@example.org"


def test_what_a_customer_needs_is_in_the_history_but_not_why(desk, case):
    told = {"no_phone": "on", "adjustments": "Short sentences", "vulnerability": "Lost her husband in May"}
    assert correct(desk, case.customer, **told).status_code == 302
    kept = Customer.objects.get()
    assert (kept.no_phone, kept.adjustments, kept.vulnerability) == (True, *list(told.values())[1:])
    said = case.events.last().text
    assert said.endswith("put right: No phone calls: yes; Adjustments added; Vulnerability added.")
    assert correct(desk, kept, adjustments="Short sentences", vulnerability="Is ill").status_code == 302
    assert case.events.last().text.endswith("put right: No phone calls: no; Vulnerability changed.")


def test_saving_a_customer_unchanged_writes_no_history(desk, case):
    before = case.events.count()
    assert correct(desk, case.customer).status_code == 302
    assert case.events.count() == before


def test_our_own_address_is_no_customers(desk, case):
    assert "email" in correct(desk, case.customer, email="complaints@example.com").context["adminform"].form.errors


def test_a_customer_with_a_case_about_somebody_is_corrected_by_a_colleague(client, case, complaint, concerned, lead):
    other = intake.receive(replace(complaint, customer=case.customer), on=MONDAY)
    other.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    client.force_login(concerned)
    answer = correct(client, case.customer, city="Bath")
    assert "ask a colleague" in shown(answer)
    assert Customer.objects.get().city == "Bristol"


# --- staff ------------------------------------------------------------------------------------------------------------


def test_a_lead_gives_somebody_a_role_and_a_way_in(leads_desk):
    fields = {
        "username": "sam",
        "first_name": "Sam",
        "last_name": "Fitter",
        "email": "sam@example.com",
        "job_title": "Adviser",
        "role": "handler",
        "password1": "a-good-long-secret",
        "password2": "a-good-long-secret",
    }
    answer = leads_desk.post(reverse("admin:cases_user_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sam = User.objects.get(username="sam")
    assert (sam.is_staff, sam.role, sam.email) == (True, "handler", "sam@example.com")
    assert sam.check_password("a-good-long-secret")


def test_whoever_leaves_is_set_inactive_and_their_cases_stay(leads_desk, handler, case, lead):
    case.assign(handler, on=MONDAY, by=lead)
    fields = {"username": "ines", "first_name": "Inês", "last_name": "C", "email": "", "job_title": "", "role": ""}
    leads_desk.post(reverse("admin:cases_user_change", args=[handler.pk]), fields)
    handler.refresh_from_db()
    assert (handler.is_active, handler.is_staff) == (False, False)
    assert Case.objects.get().handler == handler


def test_nobody_takes_their_own_role_away(leads_desk, lead):
    fields = {"username": "amara", "first_name": "Amara", "last_name": "N", "role": "reader"}
    leads_desk.post(reverse("admin:cases_user_change", args=[lead.pk]), fields)
    lead.refresh_from_db()
    assert (lead.role, lead.is_active) == ("lead", True)


def test_no_page_offers_to_delete_anything(leads_desk, case, handler, lead):
    pages = [
        WORKLIST,
        page(case),
        reverse("admin:cases_customer_change", args=[case.customer_id]),
        reverse("admin:cases_user_change", args=[handler.pk]),
        reverse("admin:cases_user_changelist"),
    ]
    for each in pages:
        told = shown(leads_desk.get(each))
        assert "/delete/" not in told, each
        assert "delete_selected" not in told, each
        assert "/history/" not in told, each
    for door in ("delete", "history"):
        assert leads_desk.post(f"/admin/cases/user/{handler.pk}/{door}/", {"post": "yes"}).status_code in (302, 404)
    assert User.objects.filter(pk=handler.pk).exists()
    assert Involvement.objects.count() == 0
