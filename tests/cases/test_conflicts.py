"""Two people edit the same thing: whoever saves second sees both values, loses nothing, and decides."""

import re

import pytest
from django.urls import reverse

from cases.models import Event, Kind, Promise
from tests.cases.desk import address, promise, shown
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def opened(desk, url) -> dict:
    """The page is open: what it carries of the values that it shows."""
    carried = re.search(r'name="seen"\s+value="([^"]*)"', shown(desk.get(url)))
    assert carried, "the page carries nothing of what it shows"
    return {"seen": carried[1]}


def again(answer) -> dict:
    """The same page, as it came back."""
    return {"seen": re.search(r'name="seen"\s+value="([^"]*)"', shown(answer))[1]}


@pytest.fixture
def point(case, handler):
    return case.add_point("The fridge has a dent.", on=MONDAY, by=handler)


def test_a_finding_that_somebody_else_wrote_meanwhile_is_shown_beside_ones_own(desk, case, point, handler, lead):
    url = address(case, "finding", point)
    seen = opened(desk, url)
    case.find(point, "It fell in the warehouse.", on=TUESDAY, by=lead)
    case.add_point("It hums.", on=TUESDAY, by=handler)
    answer = desk.post(url, seen | {"finding": "It fell from the van."})
    page = shown(answer)
    assert answer.status_code == 200
    assert "It fell in the warehouse." in page
    assert "Changed by Amara Nwosu, 10 November, 09:00" in " ".join(page.split())
    assert re.search(r"<textarea[^>]*>\s*It fell from the van\.", page)
    point.refresh_from_db()
    assert point.finding == "It fell in the warehouse."


@pytest.mark.parametrize(("decided", "stands"), [("mine", "From the van."), ("theirs", "In the warehouse.")])
def test_the_person_decides_which_of_the_two_stands(desk, case, point, lead, decided, stands):
    url = address(case, "finding", point)
    seen = opened(desk, url)
    case.find(point, "In the warehouse.", on=TUESDAY, by=lead)
    answer = desk.post(url, seen | {"finding": "From the van."})
    typed = again(answer) | {"finding": "From the van.", "decided-finding": decided}
    assert desk.post(url, typed).status_code == 302
    point.refresh_from_db()
    assert point.finding == stands


def test_what_changes_once_more_before_the_decision_is_shown_once_more(desk, case, point, lead):
    url = address(case, "finding", point)
    seen = opened(desk, url)
    case.find(point, "One.", on=TUESDAY, by=lead)
    first = desk.post(url, seen | {"finding": "Mine."})
    case.find(point, "Two.", on=TUESDAY, by=lead)
    second = desk.post(url, again(first) | {"finding": "Mine.", "decided-finding": "mine"})
    assert second.status_code == 200
    assert "Two." in shown(second)
    point.refresh_from_db()
    assert point.finding == "Two."


def test_the_same_words_are_no_conflict_and_neither_is_ones_own_change(desk, case, point, lead):
    url = address(case, "finding", point)
    seen = opened(desk, url)
    case.find(point, "It fell.\n\nTwice.", on=TUESDAY, by=lead)
    assert desk.post(url, seen | {"finding": "It fell.\r\n\r\nTwice."}).status_code == 302
    assert desk.post(url, opened(desk, url) | {"finding": "Three times."}).status_code == 302


def test_an_outcome_says_its_choices_in_words(desk, case, point, lead):
    url = address(case, "outcome", point)
    seen = opened(desk, url)
    case.decide(point, "not_upheld", on=TUESDAY, by=lead)
    page = shown(desk.post(url, seen | {"outcome": "upheld", "redress": ""}))
    assert "Not upheld" in page.partition("Theirs, saved already")[2].partition("</label>")[0]


def test_of_the_cause_only_what_differs_is_asked(desk, case, lead):
    url = address(case, "cause")
    seen = opened(desk, url)
    case.explain(root_cause="delay", responsibility="ours", cause_explained="Late.", on=TUESDAY, by=lead)
    typed = {"root_cause": "product_fault", "responsibility": "ours", "cause_explained": "", "prevention": "Checks."}
    answer = desk.post(url, seen | typed)
    assert set(answer.context["form"].conflicts) == {"root_cause", "cause_explained"}
    assert answer.context["form"].conflicts["cause_explained"].untouched
    decided = {"decided-root_cause": "mine", "decided-cause_explained": "theirs"}
    assert desk.post(url, again(answer) | typed | decided).status_code == 302
    case.refresh_from_db()
    assert (case.root_cause, case.cause_explained, case.prevention) == ("product_fault", "Late.", "Checks.")


def test_a_followup_that_somebody_moved_shows_both_days(desk, case, handler, lead):
    case.assign(handler, on=MONDAY, by=lead)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    contact = case.next_contact()
    url = address(case, "move", contact)
    seen = opened(desk, url)
    case.move(contact, to=NEXT_MONDAY, reason="She asked.", on=TUESDAY, by=lead)
    typed = {"to": "2026-11-12", "reason": "Sooner."}
    answer = desk.post(url, seen | typed)
    assert answer.context["form"].conflicts["to"].theirs == "16 November 2026"
    assert "12 November 2026" in shown(answer)
    assert desk.post(url, again(answer) | typed | {"decided-to": "mine"}).status_code == 302
    assert f"{case.followups.outstanding().get(kind=Kind.CONTACT).due_on}" == "2026-11-12"


def test_an_agreement_recorded_meanwhile_is_not_overlooked(desk, ready, handler, lead):
    url = address(ready, "agreement")
    seen = opened(desk, url)
    ready.agree("Money back.", [Promise("Pay", handler, FRIDAY)], on=TUESDAY, by=lead)
    typed = {"summary": "A voucher.", "rows": "1", **promise(0, "Send it", handler, FRIDAY)}
    answer = desk.post(url, seen | typed)
    assert "“Money back.” (Amara Nwosu" in shown(answer)
    assert ready.agreement().summary == "Money back."
    assert desk.post(url, again(answer) | typed).status_code == 302
    assert ready.agreement().summary == "A voucher."


CUSTOMER = {
    "title": "Ms",
    "name": "Eleanor Whitcombe",
    "email": "eleanor@example.org",
    "phone": "+441174960148",
    "street": "Flat 2, 41 Larkfield Row",
    "city": "Bristol",
    "region": "",
    "postcode": "BS6 7QZ",
    "country": "GB",
    "language": "en",
}


def test_a_customer_whom_two_put_right_keeps_what_each_of_them_typed(desk, client, case, handler, lead):
    url = reverse("admin:cases_customer_change", args=[case.customer_id])
    seen = opened(desk, url)
    client.force_login(lead)
    assert client.post(url, opened(client, url) | CUSTOMER | {"email": "new@example.org", "city": "Bath"}).url
    client.force_login(handler)
    typed = CUSTOMER | {"city": "Wells", "postcode": "BA5 1AA"}
    answer = client.post(url, seen | typed)
    found = answer.context["adminform"].form.conflicts
    assert {name: (it.theirs, it.mine, it.untouched) for name, it in found.items()} == {
        "email": ("new@example.org", "eleanor@example.org", True),
        "city": ("Bath", "Wells", False),
    }
    assert "Changed by Amara Nwosu" in shown(answer)
    decided = {"decided-email": "theirs", "decided-city": "mine"}
    assert client.post(url, again(answer) | typed | decided).status_code == 302
    case.customer.refresh_from_db()
    kept = case.customer
    assert (kept.email, kept.city, kept.postcode) == ("new@example.org", "Wells", "BA5 1AA")
    last = Event.objects.filter(kind="customer corrected").last().text
    assert last == "The customer's data was put right: Postcode was “BS6 7QZ”; Town or city was “Bath”."


def test_an_old_page_that_carries_nothing_still_saves(desk, case, point):
    assert desk.post(address(case, "finding", point), {"finding": "It fell."}).status_code == 302
