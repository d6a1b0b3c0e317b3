"""What the e-mails of reminders say: what is late, due today and soon, why, and where to go for it."""

import email
from email import policy
from pathlib import Path

import pytest

from cases import followups
from cases.models import Digest, FollowUp, Kind, Part, Promise, Reminder, Step
from cases.models.followup import opening
from casetracker import clock
from letters import dispatch, reminding
from tests.cases.reminding import WEDNESDAY, at, plan, plan_many
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY


@pytest.fixture
def her_case(case, lead, handler):
    """Eleanor's case, which Inês looks after; nothing but what a test plans is due."""
    case.assign(handler, on=MONDAY, by=lead)
    case.followups.outstanding().update(done_on=MONDAY)
    return case


@pytest.fixture
def sent(settings):
    """The clockwork looks at that instant; answers the e-mails of reminders to somebody, as (subject, text)."""

    def look(instant, to):
        followups.carry_out(at=instant)
        dispatch.deliver_due(at=clock.now())
        folder = Path(settings.MAIL_URL.removeprefix("folder:"))
        found = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
        return [(one["Subject"], one.get_content().replace("\r\n", "\n")) for one in found if to in one["To"]]

    return look


def test_a_digest_tells_what_is_late_due_today_and_soon_each_with_why_and_a_way_there(her_case, handler, sent):
    plan(her_case, Kind.DEADLINE, MONDAY, why="House rules: within 20 working days of receipt")
    plan(her_case, Kind.CONTACT, TUESDAY, why="Promised to the customer")
    her_case.agree("A new fridge.", [Promise("Deliver it", handler, WEDNESDAY)], on=MONDAY, by=handler)
    [(subject, text)] = sent(opening(TUESDAY), handler.email)
    link = f"http://127.0.0.1:8000/admin/cases/case/{her_case.pk}/"
    assert subject == "3 things to look at, 1 late"
    assert (
        text
        == f"""Dear Inês Carvalho,

LATE

* {her_case.reference}  {her_case.subject}
  Deadline of a rule: was due yesterday, Monday 9 November 2026
  Why: House rules: within 20 working days of receipt
  {link}

DUE TODAY

* {her_case.reference}  {her_case.subject}
  Next contact with the customer: due today, Tuesday 10 November 2026
  Why: Promised to the customer
  {link}

SOON

* {her_case.reference}  {her_case.subject}
  Commitment “Deliver it”, promised by Inês Carvalho: due tomorrow, Wednesday 11 November 2026
  Why: Agreed with the customer
  {link}

Complaints desk
"""
    )


def test_a_deadline_is_called_by_what_its_rules_ask_for(case, lead, sent):
    case.followups.filter(deadline__step="resolve").update(due_on=TUESDAY, act_at=opening(TUESDAY))
    [(_, text)] = sent(opening(TUESDAY), lead.email)
    assert "Answer the complaint: due today" in text


def test_a_lead_reads_who_has_to_act(her_case, lead, handler, sent):
    plan(her_case, Kind.CONTACT, MONDAY)
    [(_, text)] = sent(opening(TUESDAY), lead.email)
    assert "Who has to act: Inês Carvalho\n" in text


def test_a_case_that_nobody_looks_after_says_so(case, lead, sent):
    [(_, text)] = sent(opening(TUESDAY), lead.email)
    assert "Who has to act: nobody looks after this case yet\n" in text


def test_a_delay_of_the_clockwork_is_told_with_the_day_on_which_it_should_have_come(her_case, handler, sent):
    plan(her_case, Kind.CONTACT, FRIDAY)
    [(_, text)] = sent(at(NEXT_MONDAY.replace(day=18), 10), handler.email)
    assert "was due on Friday 13 November 2026, 5 days ago" in text
    assert (
        "This should have come on Monday 16 November 2026, 08:00; the clockwork was not running then, or was stuck."
        in text
    )


def test_what_waited_for_a_working_morning_is_no_delay(her_case, handler, sent):
    plan(her_case, Kind.CONTACT, TUESDAY)
    sent(opening(TUESDAY), handler.email)
    plan(her_case, Kind.LETTER, TUESDAY)
    sent(at(TUESDAY, 8, 10), handler.email)
    mails = sent(opening(WEDNESDAY), handler.email)
    assert len(mails) == 2
    assert not any("should have come" in text for _, text in mails)


def test_a_call_is_a_mail_of_its_own_that_names_its_hour_on_the_clock_of_its_reader(her_case, handler, sent):
    handler.time_zone = "Europe/Riga"
    handler.save()
    plan(her_case, Kind.CALLBACK, TUESDAY, due_at=at(TUESDAY, 14))
    [(subject, text)] = sent(at(TUESDAY, 13, 45), handler.email)[-1:]
    assert subject == f"Call the customer back: complaint {her_case.reference}"
    assert "due today, Tuesday 10 November 2026 at 16:00" in text


def test_a_call_that_was_missed_is_late_the_same_day(her_case, handler, sent):
    followup = plan(her_case, Kind.CALLBACK, TUESDAY, due_at=at(TUESDAY, 14))
    followups.carry_out(at=at(TUESDAY, 13, 45))
    sent(at(TUESDAY, 15), handler.email)
    digest = followup.reminders.get(step=Step.OVERDUE, to_email=handler.email).digest
    [group] = reminding.values(digest)["groups"]
    assert (group["title"], group["entries"][0].due) == ("Late", "was due today, Tuesday 10 November 2026 at 14:00")


def test_heads_read_why_they_are_told(her_case, lead, sent):
    plan(her_case, Kind.DEADLINE, MONDAY)
    [(_, text)] = sent(opening(WEDNESDAY), lead.email)
    assert "You are told because it is still not done." in text


def test_that_the_customer_wrote_asks_what_becomes_of_it(her_case, handler, sent):
    followup = plan(her_case, Kind.CONTACT, FRIDAY)
    FollowUp.objects.filter(pk=followup.pk).update(wrote_at=at(TUESDAY, 14), act_at=at(TUESDAY, 14))
    [(_, text)] = sent(at(TUESDAY, 14), handler.email)
    assert "The customer wrote on Tuesday 10 November, 14:00: does this stay as it is, move, or fall away?" in text


# --- who reads it -----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(her_case, handler, driver):
    """Kofi is asked for his account, by Tuesday."""
    person = her_case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    return plan(her_case, Kind.ACCOUNT, TUESDAY, involvement=person, why="The investigation needs it")


def test_who_is_asked_for_an_account_reads_only_what_they_are_asked_in_words_that_accuse_nobody(asked, driver, sent):
    [(subject, text)] = sent(opening(TUESDAY), driver.email)
    assert subject == f"Please tell us what you know: complaint {asked.case.reference}"
    assert "Please tell us, in your own words, what you know about it by Tuesday 10 November 2026." in text
    assert "Nobody is accused of anything" in text
    assert asked.case.subject not in text
    assert "/admin/" not in text


def test_who_is_chased_reads_that_the_day_has_passed(asked, driver, sent):
    [(_, text)] = sent(opening(FRIDAY), driver.email)
    assert "by Tuesday 10 November 2026. That day has passed: please do it now." in text


def test_the_manager_of_somebody_who_gives_no_account_reads_whose_it_is(asked, driver, reader, sent):
    driver.manager = reader
    driver.save()
    [(_, text)] = sent(opening(NEXT_MONDAY.replace(day=17)), reader.email)
    assert "Account of a person involved: was due on Tuesday 10 November 2026, 7 days ago" in text
    assert "Who has to act: Kofi Mensah" in text


def test_who_may_not_open_the_case_reads_neither_its_subject_nor_a_link(her_case, handler, driver, sent):
    her_case.agree("A new fridge.", [Promise("Deliver it", driver, TUESDAY)], on=MONDAY, by=handler)
    [(_, text)] = sent(opening(TUESDAY), driver.email)
    assert "Commitment “Deliver it”, promised by Kofi Mensah: due today" in text
    assert her_case.subject not in text
    assert "/admin/" not in text


# --- settled meanwhile, and very many ---------------------------------------------------------------------------------


def test_what_was_settled_since_is_not_told(her_case, handler):
    kept, done = plan(her_case, Kind.CONTACT, TUESDAY), plan(her_case, Kind.LETTER, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    FollowUp.objects.filter(pk=done.pk).update(done_on=TUESDAY)
    [group] = reminding.values(Digest.objects.get())["groups"]
    assert [entry.followup for entry in group["entries"]] == [kept]
    FollowUp.objects.filter(pk=kept.pk).update(done_on=TUESDAY)
    assert reminding.values(Digest.objects.get())["nothing_left"]


def test_of_very_many_the_first_hundred_are_told_one_by_one_at_the_same_cost(
    her_case, handler, django_assert_max_num_queries, sent
):
    plan_many(her_case, 130, due_on=TUESDAY)
    [(subject, text)] = sent(opening(TUESDAY), handler.email)
    assert subject == "130 things to look at"
    assert text.count("Letter that did not arrive") == 100
    assert "… and 30 more. All of it stands on the worklist" in text
    assert Reminder.objects.count() == 130
    digest = Digest.objects.get()
    with django_assert_max_num_queries(5):
        reminding.values(digest)
