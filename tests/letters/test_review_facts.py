"""The review before issue: commitments, days, amounts and references agree with the case."""

from datetime import date, timedelta

import pytest

from cases import intake
from cases.models import Promise
from letters import review, writing
from letters.models import Kind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY
from tests.letters.reviewing import filled_in, found, rules

FRIDAY_ROW = "| Deliver it | Inês Carvalho | 13 November 2026 |"


# --- commitments ------------------------------------------------------------------------------------------------------


def test_a_commitment_that_is_past_on_the_day_of_issue_is_found(draft):
    assert found(draft, "commitment-cannot-be-kept", on=FRIDAY) == []
    assert found(draft, "commitment-cannot-be-kept", on=NEXT_MONDAY) == [("the case, commitments", "Deliver it")]


def test_a_commitment_on_a_day_off_is_found(ready, handler, settings):
    ready.agree("A new fridge.", [Promise("Deliver it", handler, date(2026, 11, 18))], on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    assert rules(draft, on=TUESDAY) == []
    settings.COUNTRY, settings.REGION = "LV", ""  # whose holiday it is
    (finding,) = review.findings(draft, on=TUESDAY)
    assert (finding.rule, finding.blocking) == ("commitment-cannot-be-kept", True)
    assert "Nobody works on 18 November 2026" in finding.remedy


def test_a_commitment_of_somebody_who_left_is_found(draft, handler):
    handler.is_active = False
    handler.save()
    assert found(draft, "commitment-cannot-be-kept", on=TUESDAY) == [("the case, commitments", "Deliver it")]


def test_a_commitment_that_was_kept_may_be_past(draft, handler):
    draft.case.keep(draft.case.commitments.get(), how="", on=FRIDAY, by=handler)
    assert found(draft, "commitment-cannot-be-kept", on=NEXT_MONDAY) == []


def test_a_commitment_that_is_not_in_the_table_is_found(draft):
    assert FRIDAY_ROW in draft.body
    draft.body = draft.body.replace(FRIDAY_ROW, "")
    assert found(draft, "commitment-not-in-the-table", on=TUESDAY) == [("the case, commitments", "Deliver it")]


def test_a_commitment_that_was_dropped_is_promised_no_more(draft, handler):
    draft.case.drop(draft.case.commitments.get(), reason="She fetches it.", on=TUESDAY, by=handler)
    assert found(draft, "commitment-not-agreed", on=TUESDAY) == [("body, table, row 1", FRIDAY_ROW.strip("| "))]
    draft.body = draft.body.replace(FRIDAY_ROW, "")
    assert rules(draft, on=TUESDAY) == []


def test_a_row_that_was_never_agreed_is_found(draft):
    draft.body = draft.body.replace(FRIDAY_ROW, f"{FRIDAY_ROW}\n| Send flowers | Amara Nwosu | 13 November 2026 |")
    assert [place for place, _ in found(draft, "commitment-not-agreed", on=TUESDAY)] == ["body, table, row 2"]


def test_a_row_without_a_day_among_the_commitments_is_found(draft):
    draft.body = draft.body.replace(FRIDAY_ROW, f"{FRIDAY_ROW}\n| Send flowers | Amara Nwosu | soon |")
    assert [place for place, _ in found(draft, "commitment-not-agreed", on=TUESDAY)] == ["body, table, row 2"]


def test_a_promise_in_a_table_of_its_own_is_found(draft):
    draft.body += "\n\n| What | When |\n|---|---|\n| Flowers | 13 November 2026 |"
    assert [place for place, _ in found(draft, "commitment-not-agreed", on=TUESDAY)] == ["body, table, row 2"]


def test_what_is_still_to_come_is_found_when_it_is_past(ready, handler):
    ready.agree(
        "A new fridge.",
        [Promise("Take the old one away", handler, FRIDAY), Promise("Deliver a new one", handler, FRIDAY)],
        on=TUESDAY,
        by=handler,
    )
    ready.keep(ready.commitments.get(what="Deliver a new one"), how="", on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.COMMITMENT_DONE, on=TUESDAY, by=handler)
    assert rules(draft, on=TUESDAY) == []
    late = found(draft, "commitment-cannot-be-kept", on=NEXT_MONDAY)
    assert late == [("the case, commitments", "Take the old one away")]


def test_a_table_of_something_else_promises_nothing(draft):
    draft.body += "\n\n| Paid | On |\n|---|---|\n| Delivery | 9 November 2026 |\n| Fitting | 9 November 2026 |"
    assert rules(draft, on=TUESDAY) == []


def test_a_row_with_another_day_than_agreed_is_found(draft):
    draft.body = draft.body.replace(FRIDAY_ROW, FRIDAY_ROW.replace("13", "12"))
    assert found(draft, "commitment-contradicts", on=TUESDAY) == [("body, table, row 1", "Deliver it")]


def test_a_row_with_somebody_else_than_agreed_is_found(draft):
    draft.body = draft.body.replace(FRIDAY_ROW, FRIDAY_ROW.replace("Inês Carvalho", "Marta Kowalska"))
    assert found(draft, "commitment-contradicts", on=TUESDAY) == [("body, table, row 1", "Deliver it")]


def test_a_row_may_be_put_into_the_letters_language(draft):
    draft.body = draft.body.replace("| Deliver it |", "| Your new fridge is delivered |")
    assert rules(draft, on=TUESDAY) == []


def test_a_sentence_that_gives_a_commitment_another_day_is_found(draft):
    draft.body += "\n\nInês Carvalho will see to it: deliver it by 12 November 2026."
    assert ("body, paragraph 8", "Deliver it") in found(draft, "commitment-contradicts", on=TUESDAY)
    draft.body = draft.body.replace("12 November 2026", "13 November 2026")
    assert rules(draft, on=TUESDAY) == []


# --- figures, days, references ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["8 November 2026", "8 Nov 2026", "November 8th, 2026", "8/11/2026", "2026-11-08", "9 November 2025", "8 November"],
)
def test_another_day_of_receipt_is_found_however_it_is_written(draft, written):
    assert "complaint of 9 November 2026" in draft.body
    draft.body = draft.body.replace("complaint of 9 November 2026", f"complaint of {written}")
    assert found(draft, "day-contradicts", on=TUESDAY) == [("body, paragraph 1", written)]


@pytest.mark.parametrize(
    "written", ["9 November 2026", "9 Nov 2026", "9th of November", "9/11/2026", "09.11.26", "2026-11-09"]
)
def test_the_right_day_of_receipt_may_be_written_in_any_form(draft, written):
    draft.body = draft.body.replace("complaint of 9 November 2026", f"complaint of {written}")
    assert found(draft, "day-contradicts", on=TUESDAY) == found(draft, "unknown-day", on=TUESDAY) == []


@pytest.fixture
def update(ready, handler):
    """A progress letter that promises to be in touch in a week."""
    draft = writing.draft(ready, Kind.PROGRESS, on=TUESDAY, by=handler)
    return filled_in(draft, "Inês Carvalho has asked Kofi Mensah, who drove the van on 10 November 2026.")


@pytest.fixture
def boundary(ready, handler):
    """A letter that names the day of the next contact that the case holds."""
    ready.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    return filled_in(writing.draft(ready, Kind.BOUNDARY, on=TUESDAY, by=handler), "10 November 2026")


def test_another_day_of_the_next_contact_is_found(boundary):
    assert review.findings(boundary, on=TUESDAY) == []
    boundary.body = boundary.body.replace("by 13 November 2026", "by 12 November 2026")
    assert found(boundary, "day-contradicts", on=TUESDAY) == [("body, paragraph 1", "12 November 2026")]
    assert "unknown-day" not in rules(boundary, on=TUESDAY)  # once is enough


def test_a_letter_that_promises_the_next_contact_itself_names_one_day(update):
    assert review.findings(update, on=TUESDAY) == []
    update.body += "\n\nYou will hear from us by 18 November 2026."
    assert found(update, "day-contradicts", on=TUESDAY) == [("body, paragraph 5", "18 November 2026")]


def test_a_promise_to_be_in_touch_by_a_day_that_is_past_is_found(update):
    a_week_on = TUESDAY + timedelta(days=7)
    assert found(update, "promise-past", on=a_week_on) == []
    after = a_week_on + timedelta(days=1)
    assert found(update, "promise-past", on=after) == [("body, paragraph 3", "17 November 2026")]


def test_a_weekday_that_is_not_that_days_is_found(update):
    update.body += "\n\nInês Carvalho is away on Thursday, 13 November 2026."
    assert found(update, "wrong-weekday", on=TUESDAY) == [("body, paragraph 5", "Thursday, 13 November 2026")]
    update.body = update.body.replace("Thursday", "Friday")
    assert rules(update, on=TUESDAY) == []


def test_a_day_that_stands_nowhere_in_the_case_is_a_warning(update):
    update.body += "\n\nAmara Nwosu is back on 3 December 2026."
    (finding,) = review.findings(update, on=TUESDAY)
    assert (finding.rule, finding.said, finding.blocking) == ("unknown-day", "3 December 2026", False)


def test_days_that_the_case_tells_in_its_texts_are_known(update, handler):
    told = "She said that her sister comes on 3 December."
    update.case.explain(root_cause="delay", responsibility="ours", cause_explained=told, on=TUESDAY, by=handler)
    update.body += "\n\nWe know that your sister comes on 3 December 2026."
    assert rules(update, on=TUESDAY) == []


@pytest.fixture
def paid(ready, handler):
    """The resolution letter on a case that was settled anew, with money."""
    point = ready.points.get()
    ready.go_back(reason="She asked for money.", on=TUESDAY, by=handler)
    ready.decide(point, "upheld", redress="£1,180.50, and £29 for the delivery", on=TUESDAY, by=handler)
    ready.agree("£1,180.50 and £29 are paid.", [Promise("Pay £1,209.50", handler, FRIDAY)], on=TUESDAY, by=handler)
    ready.move_on(on=TUESDAY, by=handler)
    return writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)


@pytest.mark.parametrize("written", ["£1,180.05", "£28", "GBP 1 180", "€29", "29.50 pounds", "£٢٨"])
def test_an_amount_that_was_not_decided_is_found(paid, written):
    assert review.findings(paid, on=TUESDAY) == []
    paid.body += f"\n\nInês Carvalho will see to the {written}."
    assert found(paid, "amount-contradicts", on=TUESDAY) == [("body, paragraph 8", written)]


@pytest.mark.parametrize(
    "written", ["£1,180.50", "1 180,50 GBP", "1.180,50 £", "29 pounds", "£29.00", "£٢٩", "£1209.5"]
)
def test_an_amount_may_be_written_in_any_form(paid, written):
    paid.body += f"\n\nInês Carvalho will see to the {written}."
    assert rules(paid, on=TUESDAY) == []


def test_an_amount_that_the_case_tells_in_its_texts_is_known(paid, handler):
    told = "The receipts come to £86.40."
    paid.case.explain(root_cause="delay", responsibility="ours", cause_explained=told, on=TUESDAY, by=handler)
    paid.body += "\n\nThe receipts that Inês Carvalho has come to £86.40."
    assert rules(paid, on=TUESDAY) == []


def test_what_the_redress_comes_to_may_be_named(ready, handler):
    ready.decide(ready.points.get(), "upheld", redress="£45.00 and £38.50", on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.RESOLUTION, on=TUESDAY, by=handler)
    draft.body += "\n\nTogether this is £83.50."
    assert rules(draft, on=TUESDAY) == []


def test_an_amount_on_which_nothing_is_decided_yet_is_a_warning(update):
    update.body += "\n\nWe offer you £20."
    (finding,) = review.findings(update, on=TUESDAY)
    assert (finding.rule, finding.said, finding.blocking) == ("unknown-amount", "£20", False)


def test_the_reference_of_another_case_is_found(draft):
    other = "2026-1111-2220" if draft.case.reference != "2026-1111-2220" else "2026-1111-2238"
    draft.body += f"\n\nPlease quote {other} to Inês Carvalho. Her number is +44 117 496 0148, yours EH-204418."
    assert found(draft, "reference-contradicts", on=TUESDAY) == [("body, paragraph 8", other)]


def test_an_earlier_case_of_the_same_customer_may_be_named(draft, complaint):
    earlier = intake.receive(complaint, on=MONDAY)
    draft.body += f"\n\nYour complaint {earlier.reference} is settled."
    assert found(draft, "reference-contradicts", on=TUESDAY) == [("body, paragraph 8", earlier.reference)]
    earlier.customer.same_as = draft.case.customer
    earlier.customer.save()
    assert rules(draft, on=TUESDAY) == []
