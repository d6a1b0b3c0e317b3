"""What people come to the admin for, from the first page to the last, as they would do it."""

import re
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import expect

from cases.deadlines import Calendar, working_days_after
from casetracker import clock
from tests.at_the_desk import acknowledges, investigates, issues_the_letter, talks_and_agrees
from tests.browser.pages import overhang


def working_day(number):
    return working_days_after(clock.today(), number, calendar=Calendar("GB", "ENG"))


def records_a_call(lead) -> str:
    """Somebody rings; answers the reference of the new case."""
    lead.page.goto("/admin/")
    lead.presses("Record a complaint")
    lead.fills(
        channel="Phone",
        received_on=clock.today(),
        story="My oven was fitted crooked, and the man on the phone laughed at me.",
        wanted="An oven that stands straight.",
        order_reference="EH-310091",
        title="Ms",
        name="Rosalind Achterberg",
        email="rosalind@example.org",
        phone="0114 496 0148",
        street="7 Quarry Steps",
        postcode="S10 2TN",
        city="Sheffield",
        country="United Kingdom",
    )
    lead.follows(lead.page.locator(".desk-submit [type=submit]"))
    lead.reads("The reference to tell the customer")
    return re.search(r"\d{4}-\d{4}-\d{4}", lead.page.locator("body").inner_text())[0]


def test_a_lead_takes_a_case_from_a_call_to_an_issued_letter(somebody, house):
    lead = somebody("amara")
    number = records_a_call(lead)
    lead.page.locator(".desk-more summary").click()
    lead.does("Assign", handler="Inês Carvalho")
    acknowledges(lead, next_contact_on=working_day(2))
    investigates(lead)
    talks_and_agrees(lead, due_on=working_day(5))
    issues_the_letter(lead)
    assert house.inside("letter_of", number) == "resolution, issued"


def test_a_handler_stands_before_the_doors_of_leads_and_of_the_case_about_them(somebody, house):
    handler = somebody("declan")
    handler.page.goto("/admin/")
    expect(handler.page.get_by_role("link", name="Days off")).to_have_count(0)
    about_them = house.inside("case_about", "declan")
    for address in ("/admin/cases/calendarday/", "/admin/cases/user/add/", f"/admin/cases/case/{about_them}/change/"):
        answer = handler.page.goto(address)
        assert answer.status in (403, 404), address
        assert overhang(handler.page) == 0
    handler.faults.clear()  # the refusals themselves, which the browser logs
    handler.page.goto("/admin/cases/case/?q=" + house.inside("reference_of", about_them))
    handler.reads("No results found")


def test_an_approver_sends_a_letter_back_and_it_goes_out_once_it_is_mended(somebody, house):
    desk = f"/admin/letters/letter/{house.inside('letter_for_a_vulnerable_customer')}/change/"
    handler, approver = somebody("ines"), somebody("sofia")
    handler.page.goto(desk)
    handler.presses("Put forward for approval")

    approver.page.goto("/admin/")
    approver.page.goto(desk)
    approver.fills(words="Say what the cheque was for.")
    approver.presses("Send back")

    handler.page.goto(desk)
    handler.reads("Say what the cheque was for.")
    body = handler.page.locator("[name=body]")
    body.fill(body.input_value().replace("\n\n", "\n\nWe know how much hung on that day.\n\n", 1))
    handler.presses("Save")
    handler.presses("Put forward for approval")

    approver.page.goto(desk)
    approver.presses("Approve")
    handler.page.goto(desk)
    handler.presses("Issue…")
    handler.presses("Issue it now")
    handler.reads("It is on its way.")


def test_the_paper_beside_a_letter_follows_what_is_typed_within_a_second(somebody, house):
    desk = f"/admin/letters/letter/{house.inside('letter_for_a_vulnerable_customer')}/change/"
    handler = somebody("ines", width=1440)
    handler.page.goto(desk)
    handler.page.wait_for_load_state("networkidle")
    with handler.page.expect_response(lambda answer: "/preview/" in answer.url) as answered:
        handler.page.locator("[name=subject]").fill("The refrigerator that came late")
    assert answered.value.status == 200


def taken(person, label) -> bytes:
    """The file that the link `label` hands out."""
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name=label, exact=True).first.click()
    return download.value.path().read_bytes()


def test_an_auditor_takes_the_report_of_a_period_out_as_workbook_pdf_and_csv(somebody):
    auditor = somebody("tomasz")
    auditor.page.goto("/admin/")
    auditor.follows(auditor.page.get_by_role("link", name="Report"))
    auditor.fills(since=clock.today() - timedelta(days=30), until=clock.today())
    auditor.follows(auditor.page.locator("#content form [type=submit]").first)
    book = load_workbook(BytesIO(taken(auditor, "XLSX")))
    received = next(row for sheet in book for row in sheet.iter_rows(values_only=True) if row[0] == "Received")
    assert received[1] >= 12
    assert taken(auditor, "PDF").startswith(b"%PDF-")
    assert "Received" in taken(auditor, "CSV").decode("utf-8-sig")


def test_a_lead_tags_two_cases_once_the_page_has_said_which(somebody):
    lead = somebody("amara")
    lead.page.goto("/admin/cases/case/?list=nobody")
    for row in range(2):
        lead.page.locator("input.action-select").nth(row).check()
    lead.page.locator("select[name=action]").select_option(label="Tag …")
    lead.follows(lead.page.locator("#changelist-form [type=submit]").first)
    lead.fills(tag="Kitchen")
    lead.presses("Show what will be done")
    lead.reads("Will be done (2)")
    lead.presses("Tag: 2 cases")
    lead.reads("2 cases tagged “Kitchen”.")
