"""The report of a period says what the cases say, to whoever may open them, beside the period before."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases import amounts, intake, reports
from cases.figures import Period
from cases.models import Case, CorrectiveAction, Outcome, Role, RootCause, Team
from cases.stages import Exit
from cases.tables import Share
from tests.conftest import MONDAY, NEXT_MONDAY, TUESDAY, staff

pytestmark = pytest.mark.django_db

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = date(2026, 12, 7)


def table(title, cases=None, *, period=NOVEMBER, on=LATER):
    """The rows of a table by their first cell."""
    asked = Case.objects.all() if cases is None else cases
    [found] = [one for one in reports.report(asked, period, on=on) if one.title == title]
    return {row[0]: row[1:] for row in found.rows}


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (NOVEMBER, (date(2026, 10, 1), date(2026, 10, 31))),
        (Period(date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31))),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))),
        (Period(date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 1, 1), date(2026, 1, 31))),
        (Period(MONDAY, NEXT_MONDAY), (date(2026, 11, 1), date(2026, 11, 8))),
    ],
)
def test_it_is_compared_with_the_period_before(period, before):
    assert reports.period_before(period).days == before


def test_what_came_in_counts_on_its_day_and_not_before(case):
    assert table("Overview")["Received"] == (1, 0)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert table("Overview", period=december)["Received"] == (0, 1)
    assert table("Open today, by stage")["Acknowledge"] == (1,)


def test_what_was_closed_reopened_and_referred_counts(case, complaint, handler, lead):
    case.assign(handler, on=MONDAY, by=handler)
    case.end(Exit.WITHDRAWN, reason="They wrote so.", on=TUESDAY, by=handler)
    assert table("Overview")["Closed"] == (1, 0)
    assert table("Overview")["Closed without a resolution letter"] == (1, 0)
    case.reopen(reason="They wrote again.", on=NEXT_MONDAY, by=lead)
    intake.receive(replace(complaint, channel="referral", name="Ruth Okafor", email="ruth@example.org"), on=MONDAY)
    found = table("Overview")
    assert found["Closed"] == (0, 0)
    assert found["Opened again"] == (1, 0)
    assert found["Referred to us by an authority"] == (1, 0)
    assert found["Open at the end"] == (2, 0)


@pytest.mark.parametrize(("days", "repeats"), [(0, 1), (365, 1), (366, 0)])
def test_a_complaint_within_a_year_of_another_is_a_repeat(case, complaint, lead, days, repeats):
    earlier = intake.receive(replace(complaint, received_on=MONDAY - timedelta(days=days)), on=MONDAY)
    assert table("Overview")["Repeat complaints"] == (0, 0)
    case.recognise(earlier.customer, on=TUESDAY, by=lead)
    assert table("Overview")["Repeat complaints"] == (repeats, 0)


def test_what_was_late_says_why(ready, handler):
    step = ready.deadlines.get(step="resolve")
    ready.deadlines.filter(pk=step.pk).update(due_on=MONDAY, met_on=TUESDAY)
    assert table("Reasons for lateness", on=TUESDAY) == {"Nobody has said why yet": (1,)}
    step.refresh_from_db()
    ready.explain_lateness(step, "The warehouse was flooded.", on=TUESDAY, by=handler)
    assert table("Reasons for lateness", on=TUESDAY) == {"The warehouse was flooded.": (1,)}
    row = table("In time, step by step", on=TUESDAY)["Answer the complaint"]
    assert row[1:] == (1, 1, Share(0, 1), Share(0, 0))


def test_outcomes_count_by_points_and_by_cases(ready, handler):
    point = ready.add_point("Nobody rang back.", on=TUESDAY, by=handler)
    ready.decide(point, Outcome.NOT_UPHELD, on=TUESDAY, by=handler)
    ready.end(Exit.WITHDRAWN, reason="They wrote so.", on=TUESDAY, by=handler)
    found = table("Outcomes")
    assert found["Upheld"] == (1, 0)
    assert found["Upheld or partly, of the points decided"] == (Share(1, 2), Share(0, 0))
    assert found["Upheld or partly, of the cases decided"] == (Share(1, 1), Share(0, 0))


def test_redress_is_summed_by_currency(ready, handler):
    for words in ("£29.00 and £20 for the lost morning", "EUR 1,180.50", "An apology"):
        point = ready.add_point("Something.", on=TUESDAY, by=handler)
        ready.decide(point, Outcome.UPHELD, redress=words, on=TUESDAY, by=handler)
    ready.end(Exit.WITHDRAWN, reason="They wrote so.", on=TUESDAY, by=handler)
    found = table("Redress")
    assert found["GBP"] == (Decimal("49.00"), 0)
    assert found["EUR"] == (Decimal("1180.50"), 0)
    assert found["Points with something else than money"] == (2, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "refund of the delivery charge of £29.00, and £45.00 for the lost morning",
            [("GBP", "29.00"), ("GBP", "45.00")],
        ),
        ("1 180,50 €", [("EUR", "1180.50")]),
        ("USD 12", [("USD", "12")]),
        ("two vouchers", []),
        ("model FR340EUR", []),
        ("order 2026-12", []),
    ],
)
def test_amounts_are_read_as_people_write_them(text, found):
    assert [(currency, value) for currency, value in amounts.named(text)] == [(c, Decimal(v)) for c, v in found]


def test_a_cause_says_what_is_done_about_it(ready):
    CorrectiveAction.objects.create(
        cause=RootCause.PRODUCT_FAULT,
        what="Look at every appliance",
        owner_name="Kofi",
        opened_on=MONDAY,
        opened_by_name="Amara",
        due_on=TUESDAY,
        check_on=NEXT_MONDAY,
    )
    assert table("Root causes, and what is done about them")["Product fault"] == (1, 0, 1, 0, 0)


def test_the_number_of_questions_does_not_grow(ready, complaint, django_assert_max_num_queries):
    for number in range(10):
        intake.receive(replace(complaint, name=f"Customer {number}"), on=MONDAY)
    with django_assert_max_num_queries(20):
        reports.report(Case.objects.all(), NOVEMBER, on=LATER)


# --- the page and the files ---

ASKED = {"since": "2026-11-01", "until": "2026-11-30"}


def test_a_lead_reads_the_report_and_takes_it_along(leads_desk, ready):
    page = leads_desk.get(reverse("admin:cases_report"), ASKED)
    assert "Product fault" in page.content.decode()
    assert "1 October 2026 to 31 October 2026" in page.content.decode()
    book = leads_desk.get(reverse("admin:cases_report_file", args=["xlsx"]), ASKED)
    overview = load_workbook(io.BytesIO(b"".join(book.streaming_content)))["Overview"]
    assert [cell.value for cell in overview["A"]][:2] == [None, "Received"]
    assert overview["B2"].value == 1
    lines = b"".join(leads_desk.get(reverse("admin:cases_report_file", args=["csv"]), ASKED).streaming_content)
    assert "Received,1,0" in lines.decode("utf-8-sig")
    pdf = leads_desk.get(reverse("admin:cases_report_file", args=["pdf"]), ASKED)
    assert pdf.content.startswith(b"%PDF-")


def test_without_a_choice_it_is_the_last_month(leads_desk, case):
    page = leads_desk.get(reverse("admin:cases_report"))
    assert page.context["form"].period() == Period(date(2026, 10, 1), date(2026, 10, 31))


def test_a_period_that_ends_before_it_begins_is_refused(leads_desk, case):
    wrong = {"since": "2026-11-30", "until": "2026-11-01"}
    assert "comes before the first" in leads_desk.get(reverse("admin:cases_report"), wrong).content.decode()
    assert leads_desk.get(reverse("admin:cases_report_file", args=["csv"]), wrong).status_code == 400


def test_filters_leave_cases_out(leads_desk, case, complaint):
    intake.receive(replace(complaint, channel="referral", name="Ruth"), on=MONDAY)
    team = Team.objects.create(name="North")
    Case.objects.filter(pk=case.pk).update(team=team)
    url = reverse("admin:cases_report")
    assert _received(leads_desk.get(url, ASKED)) == "2"
    assert _received(leads_desk.get(url, ASKED | {"team": team.pk})) == "1"
    assert _received(leads_desk.get(url, ASKED | {"channel": "referral"})) == "1"
    assert _received(leads_desk.get(url, ASKED | {"language": "fi"})) == "0"


def test_nobody_counts_what_they_may_not_open(client, on_tuesday, case, lead):
    about = staff("priya", "Priya", "Raghavan", Role.LEAD)
    case.involve(user=about, part="concerned", why="Hung up", on=MONDAY, by=lead)
    client.force_login(about)
    assert _received(client.get(reverse("admin:cases_report"), ASKED)) == "0"


def _received(page) -> str:
    overview = page.context["tables"][0]
    return {row[0]: row[1] for row in overview["rows"]}["Received"]
