"""The review before issue: what keeps a letter back for good. Each rule finds its breach, and nothing in the letter as
it was drafted."""

import pytest

from cases.models import Part, Responsibility
from letters import review, writing
from letters.models import Kind, Letter, Override
from tests.conftest import TUESDAY
from tests.letters.reviewing import filled_in, found, rules


def test_a_letter_as_it_was_drafted_has_no_finding(draft):
    assert "Inês Carvalho" in draft.body
    assert "13 November 2026" in draft.body
    assert review.findings(draft, on=TUESDAY) == []
    assert review.blocking(draft, on=TUESDAY) == []


def test_the_review_changes_nothing(draft, django_assert_max_num_queries):
    before = Letter.objects.values().get(pk=draft.pk)
    with django_assert_max_num_queries(25) as queries:
        review.findings(draft, on=TUESDAY)
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert Letter.objects.values().get(pk=draft.pk) == before


# --- holes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["[[day of the call]]", "[[next *day*]]", "\\[\\[day\\]\\]"])
def test_a_place_that_waits_for_a_person_is_found(draft, mark):
    draft.body += f"\n\nInês calls you on {mark}."
    shown = mark.replace("*", "").replace("\\", "")
    assert found(draft, "unfilled-placeholder", on=TUESDAY) == [("body, paragraph 8", shown)]


@pytest.mark.parametrize("part", ["subject", "salutation", "close"])
def test_a_place_that_waits_is_found_in_every_part(draft, part):
    setattr(draft, part, f"{getattr(draft, part)} [[name]]")
    assert found(draft, "unfilled-placeholder", on=TUESDAY) == [(part, "[[name]]")]


@pytest.mark.parametrize("mark", ["{{ reference }}", "{% if cause %}", "}}"])
def test_a_leftover_of_a_template_is_found(draft, mark):
    draft.subject += f" {mark}"
    assert found(draft, "template-leftover", on=TUESDAY) == [("subject", mark)]


@pytest.mark.parametrize("part", ["subject", "salutation", "body", "close"])
def test_an_empty_part_is_found(draft, part):
    setattr(draft, part, " ")
    assert found(draft, "empty-part", on=TUESDAY) == [(part, "")]


def test_a_letter_that_nobody_signs_is_found(draft):
    draft.signatory = None
    assert rules(draft, on=TUESDAY) == ["nobody-signs"]


def test_nobody_whom_the_complaint_is_about_signs_the_letter(draft, lead):
    draft.case.involve(user=draft.signatory, part=Part.CONCERNED, why="Shouted", on=TUESDAY, by=lead)
    assert found(draft, "signed-by-whom-it-is-about", on=TUESDAY) == [("close", str(draft.signatory))]


def test_a_final_letter_before_its_time_is_found(draft, handler):
    draft.case.go_back(reason="Something new came up.", on=TUESDAY, by=handler)
    assert found(draft, "too-early", on=TUESDAY) == [("the case", "")]


# --- who is reached ---------------------------------------------------------------------------------------------------


def test_a_customer_without_any_address_is_found(draft):
    draft.case.customer.email = draft.case.customer.street = ""
    assert rules(draft, on=TUESDAY) == ["no-address"]


def test_an_address_that_the_window_does_not_show_is_found(draft):
    draft.case.customer.email = ""
    assert rules(draft, on=TUESDAY) == []
    draft.case.customer.street = "No fixed abode"
    assert "no fixed abode" in str(review.blocking(draft, on=TUESDAY)[0])


def test_an_address_at_home_without_its_postcode_is_found(draft):
    draft.case.customer.email = draft.case.customer.postcode = ""
    assert "lacks its postcode" in str(review.blocking(draft, on=TUESDAY)[0])


def test_an_address_is_judged_on_the_paper_that_the_template_asks_for(draft):
    draft.case.customer.email = ""
    draft.case.customer.street = "Flat 2\n41 Larkfield Row"
    assert rules(draft, on=TUESDAY) == []
    draft.template_version.paper = "us_letter"
    assert "the window shows 4" in str(review.blocking(draft, on=TUESDAY)[0])


def test_a_copy_without_an_address_is_found(draft):
    draft.case.involvements.filter(name="Kofi Mensah").update(email="")
    assert found(draft, "copy-without-address", on=TUESDAY) == [("copies", "Kofi Mensah")]


# --- every point answered ---------------------------------------------------------------------------------------------


def test_a_point_without_finding_is_found(draft, handler):
    draft.case.add_point("Nobody called back.", on=TUESDAY, by=handler)
    assert ("the case, point 2", "Nobody called back.") in found(draft, "unanswered-point", on=TUESDAY)


def test_a_point_without_outcome_is_found(draft, handler):
    point = draft.case.add_point("Nobody called back.", on=TUESDAY, by=handler)
    draft.case.find(point, "Nobody did.", on=TUESDAY, by=handler)
    draft.body += "\n\n2. Nobody did."
    assert found(draft, "unanswered-point", on=TUESDAY) == [("the case, point 2", "Nobody called back.")]


def test_a_point_that_the_letter_leaves_out_is_found(draft):
    answer = "1. **The fridge was delivered with a dent.** The dent was there at the handover."
    assert answer in draft.body
    draft.body = draft.body.replace(answer, "We looked into everything.")
    assert [place for place, _ in found(draft, "unanswered-point", on=TUESDAY)] == ["the case, point 1"]


def test_repeating_a_point_does_not_answer_it(draft):
    begin = draft.body.index("The dent was there at the handover.")
    draft.body = draft.body[:begin] + draft.body[draft.body.index("\n\n## How it came about") :]
    assert [place for place, _ in found(draft, "unanswered-point", on=TUESDAY)] == ["the case, point 1"]


@pytest.mark.parametrize(
    "answer",
    [
        "1. You are right: Kofi Mensah saw the dent on Monday.",
        "You wrote: The fridge was delivered with a dent. It was.",
        "1. **The fridge was delivered with a dent.**\n\nKofi Mensah saw it too.",
    ],
)
def test_a_point_is_answered_at_its_number_or_its_words(draft, answer):
    begin, end = draft.body.index("1. **The fridge"), draft.body.index("## How it came about")
    draft.body = f"{draft.body[:begin]}\n{answer}\n\n{draft.body[end:]}"
    assert found(draft, "unanswered-point", on=TUESDAY) == []


# --- apology and blame ------------------------------------------------------------------------------------------------


def responsible(case, responsibility, handler):
    case.explain(root_cause="delay", responsibility=responsibility, on=TUESDAY, by=handler)


@pytest.mark.parametrize("responsibility", [Responsibility.OURS, Responsibility.PARTLY])
def test_a_final_letter_without_an_apology_is_found_where_the_fault_is_ours(draft, handler, responsibility):
    responsible(draft.case, responsibility, handler)
    assert found(draft, "apology-missing", on=TUESDAY) == []
    draft.body = draft.body.replace("We are sorry for it", "We are sorry if you feel so").replace(
        "We apologise", "We ask"
    )
    assert "apology-missing" in rules(draft, on=TUESDAY)
    responsible(draft.case, Responsibility.NOT_OURS, handler)
    assert "apology-missing" not in rules(draft, on=TUESDAY)


def test_an_apology_in_the_customers_words_is_none_of_ours(draft, handler):
    draft.body = draft.body.replace("We are sorry for it", "It was wrong").replace("We apologise", "We ask")
    point = draft.case.add_point("He said “we are sorry”, and hung up.", on=TUESDAY, by=handler)
    draft.case.find(point, "He did.", on=TUESDAY, by=handler)
    draft.case.decide(point, "upheld", redress="", on=TUESDAY, by=handler)
    draft.body += '\n\n2. He said "we are *sorry*", and hung up. Declan Byrne did so on 9 November 2026.'
    assert rules(draft, on=TUESDAY) == ["apology-missing"]


@pytest.fixture
def clarification(ready, handler):
    responsible(ready, Responsibility.NOT_OURS, handler)
    draft = writing.draft(ready, Kind.CLARIFICATION, on=TUESDAY, by=handler)
    return filled_in(draft, "Open the four bolts before the first wash; Kofi Mensah will gladly show you")


def test_an_apology_for_what_was_not_our_fault_is_found(clarification):
    assert review.findings(clarification, on=TUESDAY) == []
    clarification.body += "\n\nWe are very sorry for the trouble."
    assert found(clarification, "apology-not-due", on=TUESDAY) == [("body, paragraph 6", "We are very sorry")]


def test_blaming_a_customer_who_was_mistaken_is_found(clarification):
    clarification.body += "\n\nYou should have read the manual."
    assert found(clarification, "blame", on=TUESDAY) == [("body, paragraph 6", "You should have")]
    assert "phrase-to-avoid" not in rules(clarification, on=TUESDAY)


@pytest.mark.parametrize("apology", ["", "\n\nWe are sorry."])
def test_a_clarification_of_our_own_fault_is_found(clarification, handler, apology):
    responsible(clarification.case, Responsibility.OURS, handler)
    clarification.body += apology
    assert rules(clarification, on=TUESDAY) == ["apology-missing"]


def test_a_resolution_letter_apologises_for_nothing_where_nobody_of_ours_is_responsible(draft, handler):
    responsible(draft.case, Responsibility.NOT_OURS, handler)
    assert found(draft, "apology-not-due", on=TUESDAY)[0] == ("body, paragraph 1", "We are sorry")


def test_a_late_answer_is_ours_whoever_is_responsible_for_the_rest(ready, handler):
    responsible(ready, Responsibility.NOT_OURS, handler)
    draft = filled_in(writing.draft(ready, Kind.APOLOGY_DELAY, on=TUESDAY, by=handler), "13 November 2026")
    assert rules(draft, on=TUESDAY) == []


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.startswith("apology")])
def test_a_letter_of_apology_apologises(ready, handler, kind):
    draft = filled_in(writing.draft(ready, kind, on=TUESDAY, by=handler), "13 November 2026")
    assert found(draft, "apology-missing", on=TUESDAY) == []
    draft.body = draft.body.replace("sorry", "aware").replace("apologise", "insist")
    draft.subject = draft.subject.replace("sorry", "aware")
    assert "apology-missing" in rules(draft, on=TUESDAY)


# --- overriding -------------------------------------------------------------------------------------------------------


def override(letter, finding):
    Override.objects.create(
        letter=letter, finding_key=finding.key, finding=str(finding), reason="Her own words.", by_name="Amara Nwosu"
    )


def test_a_lead_overrides_a_warning_until_its_words_change(draft):
    draft.body += "\n\nThis will never happen again."
    (warning,) = review.blocking(draft, on=TUESDAY)
    override(draft, warning)
    assert review.blocking(draft, on=TUESDAY) == []
    draft.body = draft.body.replace("Thank you", "We thank you") + " Inês Carvalho sees to it."
    assert review.blocking(draft, on=TUESDAY) == []
    draft.body = draft.body.replace("will never happen again", "can never happen again")
    assert [one.rule for one in review.blocking(draft, on=TUESDAY)] == ["absolute-promise"]
    assert review.findings(draft, on=TUESDAY) == review.blocking(draft, on=TUESDAY)


def test_a_hole_is_never_overridden(draft):
    draft.body += "\n\nWe call you on [[day]]."
    (hole,) = review.blocking(draft, on=TUESDAY)
    override(draft, hole)
    assert review.blocking(draft, on=TUESDAY) == [hole]


def test_holes_come_first_and_each_kind_in_reading_order(draft):
    draft.subject += " [[what]]"
    draft.body = f"Calm down.\n\n{draft.body}\n\nRest assured. [[day]]"
    found = [(one.blocking, one.place) for one in review.findings(draft, on=TUESDAY)]
    assert found == [
        (True, "subject"),
        (True, "body, paragraph 9"),
        (False, "body, paragraph 1"),
        (False, "body, paragraph 9"),
    ]


def test_what_is_found_last_may_stand_first(draft):
    draft.subject = draft.subject.replace(draft.case.reference, "2026-0000-0000")
    draft.body += "\n\n[[day]]"
    assert rules(draft, on=TUESDAY) == ["reference-contradicts", "unfilled-placeholder"]


def test_a_finding_reads_as_a_reason_and_a_remedy(draft):
    draft.body += "\n\nWe call you on [[day]]."
    assert [str(one) for one in review.findings(draft, on=TUESDAY)] == [
        "[[day]] is not filled in (body, paragraph 8). Write there what is meant, or take the sentence out."
    ]
