"""Who only learns from a matter reads what was found and agreed, and nothing that tells who the customer is."""

import pytest

from casetracker import clock
from letters import dispatch, mails
from letters.redaction import redacted
from tests.conftest import TUESDAY


def mail_to(letter, name):
    return mails.message(letter.deliveries.get(to_name=name), at=clock.now())


def files(message):
    return [part.get_filename() for part in message.iter_attachments()]


def test_a_copy_carries_the_letter_and_a_summary_does_not(issued):
    assert files(mail_to(issued, "Kofi Mensah")) == [issued.file_name]
    assert files(mail_to(issued, "Marta Kowalska")) == []


def test_a_summary_says_why_it_comes_what_was_found_agreed_and_learned(issued):
    said = mail_to(issued, "Marta Kowalska").get_body().get_content()
    for words in (
        "(Planned the route)",
        "1. The fridge was delivered with a dent.",
        "Found: The dent was there at the handover.",
        "Outcome: Upheld",
        "* Deliver it, by 13 November 2026 (Inês Carvalho)",
        "Every appliance is looked at before it is loaded.",
    ):
        assert words in said


def test_a_summary_names_neither_the_customer_nor_a_way_to_them(ready, draft, handler):
    point = ready.points.get()
    ready.find(
        point,
        "Ms Whitcombe of Flat 2, 41 Larkfield Row called +44 117 496 0148 about EH-204418; eleanor@example.org is hers",
        on=TUESDAY,
        by=handler,
    )
    ready.involvements.filter(name="Marta Kowalska").update(why="Planned Ms Whitcombe's delivery")
    draft.body += f"\n\n{point.finding}"
    draft.save()
    dispatch.issue(draft, on=TUESDAY, by=handler)
    message = mail_to(draft, "Marta Kowalska")
    said = f"{message.items()} {message.get_body().get_content()}"
    for secret in ("Whitcombe", "Eleanor", "eleanor", "Larkfield", "0148", "EH-204418", "/my/"):
        assert secret not in said
    assert "(Planned the customer's delivery)" in said
    assert "Found: the customer of [withheld] called [withheld] about [withheld]; [withheld] is hers" in said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dr. Eleanor Ann Whitcombe wrote.", "the customer wrote."),
        ("Eleanor's fridge", "the customer's fridge"),
        ("The Ann Arbor branch", "The the customer Arbor branch"),  # rather too much than too little
        ("Annual check", "Annual check"),
        ("on 2026-11-09 and 9 November 2026, £1,250.00", "on 2026-11-09 and 9 November 2026, £1,250.00"),
        ("IBAN 1234 5678 9012", "IBAN [withheld]"),
        ("a.b@c.example, please", "[withheld], please"),
    ],
)
def test_names_addresses_and_numbers_go_and_days_and_amounts_stay(text, left):
    assert redacted(text, name="Eleanor Ann Whitcombe") == left


def test_a_chinese_name_goes_although_no_space_stands_around_it():
    assert redacted("我们与陆文博先生通话", name="陆文博") == "我们与the customer先生通话"


def test_what_is_withheld_goes_whatever_its_spaces_and_capitals():
    text = "at 41  larkfield\nrow, BS6 7QZ"
    assert redacted(text, withheld=("41 Larkfield Row", "BS6 7QZ", "")) == "at [withheld], [withheld]"
