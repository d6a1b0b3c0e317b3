"""Recording a complaint at the desk, and knowing the same customer again."""

from dataclasses import replace

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import intake
from cases.models import Case, Customer, Kind, Refused
from tests.cases.desk import address, do, page, record, shown
from tests.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def test_a_call_is_recorded_with_the_day_it_came_in_and_who_typed_it(desk, handler):
    answer = record(desk, order_reference="EH-1", product="Fridge")
    case = Case.objects.get()
    assert answer.url == page(case)
    assert (case.channel, case.received_on, case.logged_by) == ("phone", MONDAY, handler)
    assert case.typed_late
    assert case.followups.get(kind=Kind.ACKNOWLEDGEMENT).due_on == TUESDAY  # the clock runs from Monday
    assert "typed in on 10 November 2026" in shown(desk.get(answer.url))


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(desk):
    answer = record(desk, story="", received_on="2026-11-11", email="ruth@", phone="12", wanted="Peace & quiet")
    form = answer.context["form"]
    assert set(form.errors) == {"story", "received_on", "email", "phone"}
    assert "Peace &amp; quiet" in shown(answer)
    assert "ruth@" in shown(answer)
    assert not Case.objects.exists()


def test_a_file_that_is_not_allowed_is_refused_at_its_field(desk):
    answer = record(desk, attachments=[SimpleUploadedFile("run.exe", b"MZ\x90\x00")])
    assert "attachments" in answer.context["form"].errors
    assert not Case.objects.exists()


def test_several_files_come_with_a_complaint(desk):
    files = [SimpleUploadedFile(name, b"a note") for name in ("one.txt", "two.txt")]
    record(desk, attachments=files)
    assert [file.name for file in Case.objects.get().attachments.all()] == ["one.txt", "two.txt"]


def test_a_form_sent_twice_is_one_case(desk):
    first, second = record(desk), record(desk)
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert "sent before" in str(list(get_messages(second.wsgi_request))[-1])


def test_a_known_customer_is_chosen_rather_than_typed_again(desk, case):
    record(desk, customer=case.customer.pk, name="", email="")
    assert Customer.objects.count() == 1
    assert case.customer.cases.count() == 2


def test_a_known_customer_and_a_new_person_at_once_is_a_fault(desk, case):
    answer = record(desk, customer=case.customer.pk)
    assert "customer" in answer.context["form"].errors


def test_the_search_box_tells_customers_of_one_name_apart(desk, case, complaint):
    intake.receive(replace(complaint, email="other@example.org", phone="", city="Leeds"), on=MONDAY)
    found = desk.get(reverse("admin:cases_customer_pick"), {"term": "whitcombe"}).json()["results"]
    assert len({choice["text"] for choice in found}) == 2
    assert all("Eleanor Whitcombe" in choice["text"] for choice in found)


# --- the same customer ------------------------------------------------------------------------------------------------


def test_the_same_customer_is_shown_and_never_merged_by_itself(desk, case):
    record(desk, email="Eleanor@Example.org")
    again = Case.objects.latest("pk")
    told = shown(desk.get(page(again)))
    assert "Perhaps the same customer" in told
    assert case.reference in told
    assert not again.earlier_cases().exists()


def test_a_person_says_that_it_is_the_same_customer(desk, case):
    record(desk, email="Eleanor@Example.org")
    again = Case.objects.latest("pk")
    do(desk, again, "recognise", case.customer)
    again.refresh_from_db()
    assert list(again.earlier_cases()) == [case]
    assert "Perhaps the same customer" not in shown(desk.get(page(again)))
    assert again.events.last().kind == "customer recognised"


def test_only_somebody_alike_can_be_recognised(desk, case, complaint):
    stranger = intake.receive(replace(complaint, name="Curtis", email="c@example.org", phone=""), on=MONDAY)
    assert desk.post(address(case, "recognise", stranger.customer)).status_code == 404


def test_whoever_was_recognised_before_comes_along(case, complaint, handler):
    cases = [case, *(intake.receive(complaint, on=MONDAY) for _ in range(3))]
    first, second, third, fourth = cases
    fourth.recognise(third.customer, on=TUESDAY, by=handler)
    second.recognise(first.customer, on=TUESDAY, by=handler)
    second = Case.objects.get(pk=second.pk)
    second.recognise(Customer.objects.get(pk=fourth.customer_id), on=TUESDAY, by=handler)
    assert set(Case.objects.get(pk=third.pk).earlier_cases()) == {first, second, fourth}
    assert set(Customer.objects.values_list("same_as", flat=True)) == {None, first.customer_id}


def test_nobody_is_recognised_twice(case, complaint, handler):
    again = intake.receive(complaint, on=MONDAY)
    again.recognise(case.customer, on=TUESDAY, by=handler)
    with pytest.raises(Refused, match="known"):
        again.recognise(case.customer, on=TUESDAY, by=handler)


def test_what_a_customer_needs_is_taken_down_with_the_complaint(desk):
    told = {
        "no_phone": "on",
        "large_print": "on",
        "adjustments": "Short sentences",
        "vulnerability": "Cannot hear well",
    }
    record(desk, **told)
    kept = Case.objects.get().customer
    assert (kept.no_phone, kept.large_print) == (True, True)
    assert (kept.adjustments, kept.vulnerability) == ("Short sentences", "Cannot hear well")
