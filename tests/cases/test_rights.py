"""Whoever a complaint is about, or whose team it is not, finds nothing behind any door of its case: not a page, not a
row, not a hint."""

from dataclasses import replace

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import intake
from cases.models import Case, Event, Part, Role
from cases.rights import may
from casetracker import clock
from letters.models import Letter
from tests.cases.doors import COLUMNS, DOORS, OUTSIDE, addresses, doors, expected, outcome, signed_in
from tests.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def test_every_door_has_an_entry_here_and_no_entry_is_stale():
    assert set(doors()) == set(DOORS)


@pytest.mark.parametrize("member", COLUMNS)
def test_each_of_the_cast_gets_through_their_doors_and_no_others(client, cast, about_them, rows, member):
    wrong = []
    for method in ("get", "post"):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            with signed_in(client, cast[member]):
                got = outcome(getattr(client, method)(address))
            should = expected(door, verb)[method == "post"][member]
            if got != should:
                wrong.append(f"{method} {address}: {got}, should be {should}")
    assert wrong == []


@pytest.mark.parametrize("member", ["nobody", "driver"])
def test_without_a_role_every_door_leads_to_the_sign_in(client, cast, about_them, rows, driver, member):
    before = Event.objects.count()
    for door, _, address in addresses(about_them, rows, cast["reader"]):
        for method in ("get", "post"):
            with signed_in(client, driver if member == "driver" else None):
                got = outcome(getattr(client, method)(address))
            assert got == "in" if door in ("login", "logout") else got in ("sign in", "404"), (method, address)
    assert Event.objects.count() == before


@pytest.mark.parametrize("member", ["reader", "approver", "auditor", *OUTSIDE])
def test_whoever_may_not_work_on_the_case_changes_nothing_by_pressing_every_button(
    client, cast, about_them, rows, member
):
    before = (Event.objects.count(), Case.objects.filter(pk=about_them.pk).values().get(), Letter.objects.count())
    with signed_in(client, cast[member]):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            if verb or door.startswith("letters_letter_") or door == "letters_delivery_decision":
                client.post(address, {"stage": about_them.stage, "reason": "x", "seen": "x"})
    after = (Event.objects.count(), Case.objects.filter(pk=about_them.pk).values().get(), Letter.objects.count())
    assert after == before


@pytest.mark.parametrize("member", OUTSIDE)
def test_no_list_search_or_number_shows_the_case_to_who_may_not_open_it(client, cast, about_them, member):
    term = {"q": about_them.reference, "list": "all"}
    with signed_in(client, cast[member]):
        for door in ("cases_case", "cases_followup", "letters_letter", "letters_delivery"):
            answer = client.get(reverse(f"admin:{door}_changelist"), term)
            assert answer.context["cl"].result_count == 0, door
        query = {"app_label": "letters", "model_name": "letter", "field_name": "case", "term": about_them.reference}
        assert client.get(reverse("admin:autocomplete"), query).json()["results"] == []
        found = client.get(reverse("admin:cases_customer_pick"), {"term": "Whitcombe"}).json()["results"]
        assert str(about_them.customer_id) not in {choice["id"] for choice in found}
        board = client.get(reverse("admin:index")).content.decode()
        assert about_them.reference not in board


@pytest.mark.parametrize("member", OUTSIDE)
def test_the_case_hides_among_a_customers_other_cases_too(client, cast, about_them, member):
    other = Case.objects.exclude(pk=about_them.pk).get()
    with signed_in(client, cast[member]):
        for address in (
            reverse("admin:cases_case_change", args=[other.pk]),
            reverse("admin:cases_customer_change", args=[other.customer_id]),
        ):
            answer = client.get(address)
            assert answer.status_code == 200
            assert about_them.reference not in answer.content.decode()
            assert "Perhaps the same customer" not in answer.content.decode()


@pytest.mark.parametrize("member", COLUMNS)
def test_a_file_opens_for_whom_its_case_does(client, cast, complaint, north, concerned, concerned_lead, lead, member):
    file = SimpleUploadedFile("note.txt", b"a note")
    case = intake.receive(replace(complaint, attachments=(file,)), on=MONDAY)
    case.give_to_team(north, handler=None, reason="Fridges", on=MONDAY, by=lead)
    for person in (concerned, concerned_lead):
        case.involve(user=person, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    with signed_in(client, cast[member]):
        opened = client.get(reverse("cases:attachment", args=[case.attachments.get().pk])).status_code
    assert opened == (404 if member in OUTSIDE else 200)


# --- rows ---


def way_to_a_case(model, *, steps=2):
    """The lookup from `model` to the case that its rows are about; "" for a case itself, None where there is none."""
    if model is Case:
        return "pk"
    if model._meta.model_name == "customer":
        return "cases"
    for field in model._meta.fields if steps else ():
        if field.many_to_one and (way := way_to_a_case(field.related_model, steps=steps - 1)):
            return field.name if way == "pk" else f"{field.name}__{way}"
    return None


@pytest.mark.parametrize("member", OUTSIDE)
def test_no_queryset_of_the_admin_holds_a_row_of_a_case_that_somebody_may_not_open(rf, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=lead)
    request = rf.get("/")
    walked = set()
    for model, page in admin.site._registry.items():
        way = way_to_a_case(model)
        if way is None:
            continue
        walked.add(model._meta.model_name)
        request.user = lead
        assert page.get_queryset(request).filter(**{way: about_them.pk}).exists(), model
        request.user = cast[member]
        assert not page.get_queryset(request).filter(**{way: about_them.pk}).exists(), model
    assert {"case", "customer", "followup", "letter", "delivery", "reading"} <= walked


def test_nobody_may_delete_anything():
    models = [model._meta for model in admin.site._registry]
    assert models
    assert not any(
        may(role, "delete", app=model.app_label, model=model.model_name) for role in Role.values for model in models
    )


def test_the_admin_knows_no_row_of_permissions(lead):
    assert not lead.get_all_permissions()
    assert lead.has_perm("cases.change_case")
    assert not lead.has_perm("cases.delete_case")
    assert not lead.has_perm("axes.view_accesslog")
