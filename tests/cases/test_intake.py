"""receive(): what becomes of a complaint, and which sentence stands at which field when it cannot be taken."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from cases import intake, reference
from cases.intake import AlreadyReceived, receive
from cases.models import Case, Customer, Event, FollowUp, Kind
from cases.stages import Stage
from tests.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


def said_of(complaint, *, on=MONDAY):
    """The sentences by field; nothing was kept."""
    with pytest.raises(ValidationError) as refused:
        receive(complaint, on=on)
    assert not Case.objects.exists()
    assert not Customer.objects.exists()
    return refused.value.message_dict


# --- what it becomes ---


def test_a_complaint_is_a_case_with_a_number_a_first_deadline_and_a_history(complaint):
    case = receive(complaint, on=MONDAY)
    assert case.stage == Stage.ACKNOWLEDGE
    assert reference.heard(case.reference) == case.reference
    assert case.customer.name == "Eleanor Whitcombe"
    assert [(plan.kind, plan.due_on) for plan in case.followups.all()] == [
        (Kind.ACKNOWLEDGEMENT, TUESDAY),
        (Kind.DEADLINE, date(2026, 11, 16)),  # Monday: told how far we are
        (Kind.DEADLINE, date(2026, 12, 7)),  # Monday: answered
    ]
    assert [event.text for event in case.events.all()] == ["Complaint received: web form."]


def test_a_complaint_that_was_typed_in_late_is_due_by_the_day_it_came(complaint, lead):
    case = receive(replace(complaint, channel="letter"), on=FRIDAY, by=lead)
    assert case.received_on == MONDAY
    assert case.logged_by == lead
    assert case.followups.get(kind=Kind.ACKNOWLEDGEMENT).due_on == TUESDAY


def test_the_address_of_the_customers_page_tells_nothing_of_the_number(complaint):
    one, other = receive(complaint, on=MONDAY), receive(complaint, on=MONDAY)
    assert one.page_key != other.page_key
    assert len(one.page_key) == 22
    assert one.reference.replace("-", "") not in one.page_key


def test_what_fails_halfway_leaves_nothing(complaint, monkeypatch):
    def broken(case):
        raise RuntimeError

    monkeypatch.setattr(intake, "_regime", broken)
    with pytest.raises(RuntimeError):
        receive(complaint, on=MONDAY)
    assert not any(model.objects.exists() for model in (Case, Customer, Event, FollowUp))


def test_a_number_that_is_taken_is_drawn_again(complaint, case, monkeypatch):
    drawn = iter([case.reference, "2026-1111-1112"])
    monkeypatch.setattr(reference, "new", lambda *, year: next(drawn))
    assert receive(complaint, on=MONDAY).reference == "2026-1111-1112"


# --- twice ---


def test_a_form_sent_twice_is_one_case(complaint):
    sent = replace(complaint, submission_key=uuid4())
    case = receive(sent, on=MONDAY)
    with pytest.raises(AlreadyReceived) as again:
        receive(sent, on=TUESDAY)
    assert again.value.case == case
    assert Case.objects.count() == Customer.objects.count() == 1


def test_of_two_that_arrive_together_one_is_kept_and_the_other_told(complaint, monkeypatch):
    sent = replace(complaint, submission_key=uuid4())
    case = receive(sent, on=MONDAY)
    answers = iter([None, case])  # the second looked before the first was there
    monkeypatch.setattr(intake, "_already_here", lambda told: next(answers))
    with pytest.raises(AlreadyReceived) as again:
        receive(sent, on=MONDAY)
    assert again.value.case == case
    assert Case.objects.count() == Customer.objects.count() == 1


def test_a_row_imported_twice_is_one_case(complaint):
    row = replace(complaint, source="cfpb", external_id="3113204")
    case = receive(row, on=MONDAY)
    with pytest.raises(AlreadyReceived) as again:
        receive(row, on=MONDAY)
    assert again.value.case == case


def test_the_same_number_from_another_source_is_another_case(complaint):
    one = receive(replace(complaint, source="cfpb", external_id="1"), on=MONDAY)
    assert receive(replace(complaint, source="shop", external_id="1"), on=MONDAY) != one


# --- the same customer writing again ---


@pytest.mark.parametrize(
    "again",
    [
        {"email": "Eleanor@Example.org", "phone": ""},
        {"email": "", "phone": "0117 496 0148"},
        {"email": "", "phone": "+44 (0)117 4960148"},
    ],
)
def test_the_same_customer_writing_again_is_recognised_and_never_merged(complaint, again):
    first = receive(complaint, on=MONDAY)
    second = receive(replace(complaint, story="And now it leaks.", **again), on=TUESDAY)
    assert list(second.perhaps_same_customer()) == [first]
    assert list(second.customer.look_alikes()) == [first.customer]
    assert second.customer != first.customer
    assert second.customer.same_as is None
    assert not second.earlier_cases()


def test_strangers_who_left_nothing_are_not_taken_for_each_other(complaint):
    unreachable = replace(complaint, email="", phone="")
    receive(unreachable, on=MONDAY)
    assert not receive(unreachable, on=MONDAY).perhaps_same_customer()


# --- what cannot be taken ---


def test_an_empty_story_is_asked_for(complaint):
    for nothing in ("", "   \n\t ", "\u200b\u200e"):
        assert said_of(replace(complaint, story=nothing)) == {"story": ["Tell us what happened."]}


def test_a_megabyte_of_story_is_told_how_much_is_too_much(complaint):
    assert said_of(replace(complaint, story="x" * 1_048_576)) == {
        "story": ["Please keep this under 40,000 characters (you wrote 1,048,576)."]
    }


@pytest.mark.parametrize(
    "field", ["name", "email", "street", "city", "region", "postcode", "order_reference", "wanted"]
)
def test_every_field_has_an_end(complaint, field):
    assert field in said_of(replace(complaint, **{field: "x" * 6000}))


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(1, 1, 1), TUESDAY, date(9999, 12, 31)])
def test_a_day_before_1990_or_to_come_is_refused(complaint, day):
    said = said_of(replace(complaint, received_on=day))
    assert said == {"received_on": ["Enter a day between 1 January 1990 and 9 November 2026."]}


@pytest.mark.parametrize("day", [date(1990, 1, 1), MONDAY - timedelta(days=1), MONDAY])
def test_every_day_from_1990_until_today_is_taken(complaint, day):
    assert receive(replace(complaint, received_on=day), on=MONDAY).received_on == day


@pytest.mark.parametrize(
    "email",
    [
        "not an address",
        "a@b.example, d@e.example",
        "eleanor@example.org\nBcc: all@example.org",
        "eleanor@example.org\r\nBcc: all@example.org",
        "eleanor@example.org%0aBcc:all@example.org",
        '"<script>"@example.org',
        "Eleanor <eleanor@example.org>",
        "eleanor@localhost",
        "eleanor@[127.0.0.1]",
        "@example.org",
        "eleanor@",
    ],
)
def test_what_is_not_one_address_is_refused(complaint, email):
    assert said_of(replace(complaint, email=email)) == {"email": ["Enter one e-mail address, like name@example.com."]}


def test_our_own_address_is_refused_so_that_no_letter_circles(complaint, settings):
    settings.MAIL_FROM = "Customer relations <complaints@example.com>"
    said = said_of(replace(complaint, email="Complaints@Example.com"))
    assert said == {"email": ["That is one of our own addresses: an answer would only come back to us."]}


@pytest.mark.parametrize("phone", ["12", "1e400", "NaN", "call me", "-0", "+44 117 496 01480148 0148"])
def test_a_number_that_nobody_can_call_is_refused(complaint, phone):
    assert list(said_of(replace(complaint, phone=phone))) == ["phone"]


def test_arabic_digits_make_a_phone_number(complaint):
    nought = ord("\N{ARABIC-INDIC DIGIT ZERO}")
    phone = "".join(chr(nought + int(digit)) for digit in "01174960148")
    assert receive(replace(complaint, phone=phone), on=MONDAY).customer.phone == "+441174960148"


@pytest.mark.parametrize(
    ("field", "value"), [("channel", "pigeon"), ("language", "tlh"), ("country", "ZZ"), ("title", "Ms" * 500)]
)
def test_what_is_not_on_the_list_is_refused(complaint, field, value):
    assert list(said_of(replace(complaint, **{field: value}))) == [field]


def test_every_fault_is_told_at_once(complaint):
    faulty = replace(complaint, story="", email="no", phone="no", country="ZZ")
    assert set(said_of(faulty)) == {"story", "email", "phone", "country"}


# --- what is kept as it was told ---


@pytest.mark.parametrize(
    "story",
    [
        "وصلت الثلاجة متأخرة يومين، والباب مكسور.",
        "冰箱送来时门上有凹痕。",
        "<script>alert(1)</script> & {{ 7*7 }} {% debug %} ${x} %s {0.__class__}",
        "Line one\nline two\n\nparagraph",
        "می‌خواهم 👩‍🔧",  # joiners spell words and pictures
    ],
)
def test_words_stay_as_they_were_written(complaint, story):
    case = receive(replace(complaint, story=story), on=MONDAY)
    case.refresh_from_db()
    assert case.story == story


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\x00", "\x1b", "\ud800"])
def test_what_hides_or_turns_text_is_taken_out(complaint, hidden):
    case = receive(replace(complaint, name=f"Elea{hidden}nor", story=f"The {hidden} fridge"), on=MONDAY)
    assert hidden not in case.customer.name + case.story + case.subject


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_one_line_stays_one_line(complaint, breaks):
    told = replace(complaint, name=f"Eleanor{breaks}Bcc: x", subject=f"Fridge{breaks}Bcc: x", city=f"Bris{breaks}tol")
    case = receive(told, on=MONDAY)
    for text in (case.customer.name, case.subject, case.customer.city):
        assert len(text.splitlines()) == 1


def test_a_page_of_empty_lines_is_folded(complaint):
    case = receive(replace(complaint, story="a" + "\n" * 30_000 + "b"), on=MONDAY)
    assert case.story == "a\n\nb"


def test_the_subject_is_the_customers_own_first_words(complaint):
    case = receive(replace(complaint, story="The fridge. " * 30 + "\nand more"), on=MONDAY)
    assert case.subject.startswith("The fridge. The fridge.")
    assert case.subject.endswith("…")
    assert len(case.subject) <= 101
