"""How many queries a page asks does not depend on how much there is: as many for ten times the rows."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake
from cases.models import Attachment, Outcome, Part, Promise, Role
from casetracker import clock
from letters import library
from letters.models import Delivery, Kind, Letter
from tests.conftest import FRIDAY, MONDAY, TUESDAY, staff

pytestmark = pytest.mark.usefixtures("on_tuesday")

FEW, MANY = 2, 20


def queries(desk, path, **query) -> list[str]:
    """Those of a page that was asked for before."""
    desk.get(path, query)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = desk.get(path, query)
    assert answer.status_code == 200
    return [one["sql"] for one in asked]


@pytest.fixture
def worked_on(complaint, handler):
    """Makes another case, with what is due, promised, asked and written about it."""

    def make(number):
        told = replace(complaint, name=f"Customer {number}", email=f"customer{number}@example.org", phone="")
        case = intake.receive(told, on=MONDAY)
        case.assign(handler, on=MONDAY, by=handler)
        fill(case, 1, by=handler)
        return case

    return make


def fill(case, times, *, by):
    """There is so much more of everything that stands on the page of the case."""
    agreed = []
    for _ in range(times):
        number = case.points.count() + 1
        point = case.add_point(f"Point {number}", on=MONDAY, by=by)
        case.find(point, "So it was.", on=MONDAY, by=by)
        case.decide(point, Outcome.UPHELD, redress="10", on=MONDAY, by=by)
        colleague = staff(f"{case.pk}-{number}", "Wendy", f"Witness {number}", Role.READER)
        person = case.involve(user=colleague, part=Part.WITNESS, why="Was there", on=MONDAY, by=by)
        case.ask_account(person, until=FRIDAY, on=MONDAY, by=by)
        case.log_conversation(said="She rang.", on=MONDAY, by=by)
        case.log_conversation(said="He told me.", person=person, on=MONDAY, by=by)
        written(case, by=by)
        Attachment.objects.create(
            case=case, file=ContentFile(b"x", "x.txt"), name="x.txt", content_type="text/plain", size=1, sha256="0" * 64
        )
        agreed.append(Promise(f"Promise {number}", by, FRIDAY))
        wrote_before(case)
    case.agree("It is put right.", agreed, on=MONDAY, by=by)


def wrote_before(case):
    """Once as the same customer, and once as somebody with the same address."""
    told = intake.Complaint(channel="form", received_on=MONDAY, story="It was late.")
    intake.receive(replace(told, customer=case.customer), on=MONDAY)
    intake.receive(replace(told, name="Eleanor", email=case.customer.email), on=MONDAY)


def written(case, *, by):
    """A letter that was sent, one that the server refused, and one that came back."""
    for kind, fate in (
        ("progress", {"handoff_at": clock.now(), "sent_at": clock.now()}),
        ("apology_delay", {"refused_at": clock.now(), "smtp_code": 550}),
        (
            "extension",
            {
                "by_post": True,
                "posted_on": MONDAY,
                "posted_by_name": str(by),
                "returned_on": TUESDAY,
                "returned_by_name": str(by),
                "returned_reason": "moved",
            },
        ),
    ):
        letter = issued(case, kind, by=by)
        Delivery.objects.create(letter=letter, to_name="Eleanor", to_email="eleanor@example.org", **fate)


def issued(case, kind, *, by):
    """A letter as it is afterwards, without being set."""
    return Letter.objects.create(
        case=case,
        kind=kind,
        language="en",
        template_version=library.current_version(Kind(kind), "en"),
        salutation="Dear Ms Whitcombe",
        subject="Your complaint",
        body="Words.",
        close="Yours sincerely",
        signatory=by,
        drafted_by_name=str(by),
        issued_on=MONDAY,
        issued_at=clock.now(),
        issued_by=by,
        issued_by_name=str(by),
        register_year=2026,
        register_number=Letter.objects.count() + 1,
        pdf=b"%PDF-",
        sha256="0" * 64,
        sheet={"addressee": "Eleanor Whitcombe", "address_lines": ["Eleanor Whitcombe", "Bristol"]},
    )


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("index", {}),
        ("cases_case_changelist", {}),
        ("cases_case_changelist", {"list": "mine"}),
        ("cases_case_changelist", {"list": "overdue"}),
        ("cases_case_changelist", {"list": "all"}),
        ("cases_case_changelist", {"q": "fridge"}),
        ("cases_customer_changelist", {}),
        ("cases_followup_changelist", {}),
        ("cases_followup_changelist", {"list": "all"}),
        ("letters_letter_changelist", {}),
        ("letters_delivery_changelist", {"list": "all"}),
        ("letters_delivery_changelist", {"list": "refused"}),
        ("letters_delivery_changelist", {"list": "returned"}),
        ("cases_user_changelist", {}),
    ],
)
def test_a_list_asks_as_much_for_twenty_cases_as_for_two(leads_desk, worked_on, page, query):
    path = reverse(f"admin:{page}")
    for number in range(FEW):
        worked_on(number)
    few = queries(leads_desk, path, **query)
    for number in range(FEW, MANY):
        worked_on(number)
    assert same(few, queries(leads_desk, path, **query))


def test_the_page_of_a_case_asks_as_much_where_there_is_ten_times_as_much_of_everything(leads_desk, worked_on, handler):
    case = worked_on(1)
    path = reverse("admin:cases_case_change", args=[case.pk])
    fill(case, FEW - 1, by=handler)
    few = queries(leads_desk, path)
    fill(case, MANY - FEW, by=handler)
    assert same(few, queries(leads_desk, path))


def same(few, many) -> bool:
    """A failure says what was asked more often."""
    few, many = (Counter(re.sub(r"\d+|'[^']*'|\([?, %s\d]+\)", "?", sql) for sql in asked) for asked in (few, many))
    more = [f"{many[sql] - few[sql]} more times: {sql}" for sql in many if many[sql] > few[sql]]
    assert few.total() == many.total(), "\n\n".join(more)
    return True
