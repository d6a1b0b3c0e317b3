"""After a promise was kept, and after the case was closed, the customer is asked; a no is never left lying."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from cases import intake, rules
from cases.models import AlreadyAnswered, Answer, Case, Kind, Refused, Reminder, WrittenOnce
from cases.rules.packs import Pack
from cases.stages import Exit, Stage
from casetracker import clock
from letters import dispatch
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def kept(issued, handler):
    """Eleanor has our letter; what we promised in it was done on Friday."""
    dispatch.deliver_due(at=clock.now())
    case = Case.objects.get(pk=issued.case_id)
    case.keep(case.commitments.get(), how="Delivered at nine.", on=FRIDAY, by=handler)
    return case


@pytest.fixture
def closed(kept, lead):
    kept.move_on(on=FRIDAY, by=lead)
    return kept


def question(case, kind):
    return case.questions().get(kind=kind)


def answer(case, kind, *, is_yes, words="", on=NEXT_MONDAY):
    case.take_answer(question(case, kind), is_yes=is_yes, words=words, on=on)
    case.refresh_from_db()


def without(monkeypatch, entry):
    """The house does not ask."""
    really = rules.house

    def house(on=None):
        return Pack(**vars(really(on)) | {entry: None})

    monkeypatch.setattr(rules, "house", house)


# --- whether it was done ----------------------------------------------------------------------------------------------


def test_three_working_days_after_a_promise_was_kept_the_customer_is_asked_whether_it_was_done(kept):
    followup = kept.followups.get(kind=Kind.CONFIRMATION)
    assert (f"{followup.due_on}", followup.commitment) == ("2026-11-18", kept.commitments.get())
    assert followup.why == "House rules: 3 working days after the promise was kept"
    assert followup.through == "email"


def test_who_gets_post_is_asked_by_letter(issued, handler):
    issued.case.customer.wants_post = True
    issued.case.customer.save()
    issued.case.keep(issued.case.commitments.get(), how="Delivered.", on=FRIDAY, by=handler)
    assert issued.case.followups.get(kind=Kind.CONFIRMATION).through == "letter"


def test_it_is_asked_on_a_closed_case_too(issued, handler, lead):
    issued.case.move_on(on=TUESDAY, by=lead, overriding="She has it on paper.")
    issued.case.keep(issued.case.commitments.get(), how="Delivered.", on=FRIDAY, by=handler)
    assert question(issued.case, Kind.CONFIRMATION)


def test_closing_the_case_does_not_stop_the_question(closed):
    assert question(closed, Kind.CONFIRMATION).cancelled_on is None


def test_a_promise_that_was_dropped_is_not_asked_about(issued, lead):
    issued.case.drop(issued.case.commitments.get(), reason="She wants none.", on=FRIDAY, by=lead)
    assert not issued.case.followups.filter(kind=Kind.CONFIRMATION).exists()


def test_a_yes_settles_it_and_is_history(kept):
    answer(kept, Kind.CONFIRMATION, is_yes=True, words="Thank you!")
    followup = kept.followups.get(kind=Kind.CONFIRMATION)
    assert followup.done_on == NEXT_MONDAY
    assert (followup.answer.is_yes, followup.answer.words) == (True, "Thank you!")
    event = kept.events.get(kind="customer answered")
    assert (event.text, event.reason) == ("The customer says that this was done: Deliver it.", "Thank you!")
    assert not kept.questions().exists()


def test_after_a_no_they_hear_from_us_the_next_working_day_and_everyone_concerned_knows_at_once(kept, lead):
    answer(kept, Kind.CONFIRMATION, is_yes=False, words="Nobody came.")
    followup = kept.followups.get(kind=Kind.CALLBACK)
    assert (f"{followup.due_on}", followup.through, followup.commitment) == (
        "2026-11-17",
        "phone",
        kept.commitments.get(),
    )
    assert followup.why == "The customer says that this was not done: Nobody came."
    told = set(Reminder.objects.filter(followup=followup).values_list("to_email", "urgent"))
    assert told == {("ines@example.com", True), ("amara@example.com", True)}
    assert kept.events.get(kind="customer answered").reason == "Nobody came."


def test_who_has_no_telephone_is_written_to(kept):
    kept.customer.phone = ""
    kept.customer.save()
    answer(kept, Kind.CONFIRMATION, is_yes=False, words="Nobody came.")
    assert kept.followups.get(kind=Kind.CALLBACK).through == "email"


def test_a_no_about_a_closed_case_is_followed_up_and_leaves_it_closed(closed):
    answer(closed, Kind.CONFIRMATION, is_yes=False, words="Nobody came.")
    assert closed.stage == Stage.CLOSED
    assert closed.followups.outstanding().filter(kind=Kind.CALLBACK).exists()


def test_words_without_end_fit_into_what_we_have_to_do(kept):
    answer(kept, Kind.CONFIRMATION, is_yes=False, words="Nobody came. " * 300)
    assert len(kept.followups.get(kind=Kind.CALLBACK).why) == 250
    assert len(Answer.objects.get().words) == 3900


# --- whether all is well ----------------------------------------------------------------------------------------------


def test_ten_working_days_after_the_closing_the_customer_is_asked_whether_all_is_well(closed):
    followup = question(closed, Kind.AFTERCARE)
    assert f"{followup.due_on}" == "2026-11-27"
    assert followup.why == "House rules: 10 working days after the case was closed"


@pytest.mark.parametrize("exit", Exit)
def test_only_who_settled_is_asked_after_an_exit(case, complaint, handler, exit):
    other = {"duplicate_of": intake.receive(complaint, on=MONDAY)} if exit == Exit.DUPLICATE else {}
    case.end(exit, reason="So it was.", on=TUESDAY, by=handler, **other)
    assert case.questions().exists() == (exit == Exit.SETTLED)


def test_a_yes_leaves_the_case_closed(closed):
    answer(closed, Kind.AFTERCARE, is_yes=True)
    assert closed.stage == Stage.CLOSED
    assert closed.followups.get(kind=Kind.AFTERCARE).done_on == NEXT_MONDAY


def test_a_no_reopens_the_case_with_the_customers_words(closed, lead):
    answer(closed, Kind.AFTERCARE, is_yes=False, words="It is dented too.")
    assert (closed.stage, closed.reopened_on) == (Stage.INVESTIGATE, NEXT_MONDAY)
    assert closed.events.get(kind="reopened").reason == "It is dented too."
    told = Reminder.objects.filter(followup=closed.next_contact(), urgent=True)
    assert set(told.values_list("to_email", flat=True)) == {"ines@example.com", "amara@example.com"}
    assert closed.followups.get(kind=Kind.AFTERCARE).done_on == NEXT_MONDAY


def test_a_letter_that_asked_does_not_take_the_question_off_the_page(closed):
    closed.followups.filter(kind=Kind.AFTERCARE).update(done_on=NEXT_MONDAY)
    answer(closed, Kind.AFTERCARE, is_yes=False, words="It is dented too.")
    assert closed.stage == Stage.INVESTIGATE


def test_while_the_case_is_open_again_nobody_asks_whether_all_is_well(closed, lead):
    stale = question(closed, Kind.AFTERCARE)
    closed.reopen(reason="She called.", on=NEXT_MONDAY, by=lead)
    assert stale not in closed.questions()
    stale.refresh_from_db()
    assert stale.cancelled_reason == "The case was reopened."
    with pytest.raises(Refused, match="not asked any more"):
        closed.take_answer(stale, is_yes=True, words="", on=NEXT_MONDAY)


def test_closed_once_more_they_are_asked_once_more_and_only_that(closed, lead):
    first = question(closed, Kind.AFTERCARE)
    closed.followups.filter(pk=first.pk).update(done_on=FRIDAY)  # the letter that asked has arrived
    closed.reopen(reason="She called.", on=NEXT_MONDAY, by=lead)
    closed.end(Exit.WITHDRAWN, reason="She is content.", on=NEXT_MONDAY, by=lead)
    assert not closed.questions().filter(kind=Kind.AFTERCARE).exists()
    closed.reopen(reason="She called again.", on=NEXT_MONDAY, by=lead)
    for _stage in range(4):
        closed.move_on(on=NEXT_MONDAY, by=lead, overriding="All is done.")
    assert question(closed, Kind.AFTERCARE) != first


# --- one answer each --------------------------------------------------------------------------------------------------


def test_each_question_is_answered_once(kept):
    asked = question(kept, Kind.CONFIRMATION)
    kept.take_answer(asked, is_yes=True, words="", on=NEXT_MONDAY)
    with pytest.raises(AlreadyAnswered):
        kept.take_answer(asked, is_yes=False, words="Nobody came.", on=NEXT_MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(followup=asked, is_yes=False, words="Nobody came.")
    assert not kept.followups.filter(kind=Kind.CALLBACK).exists()


def test_the_database_keeps_no_no_without_words(kept):
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(followup=question(kept, Kind.CONFIRMATION), is_yes=False)


def test_an_answer_stays_as_it_was_given(kept):
    answer(kept, Kind.CONFIRMATION, is_yes=True, words="Thank you!")
    with pytest.raises(WrittenOnce):
        Answer.objects.update(is_yes=False)
    for sql in ("UPDATE cases_answer SET words = 'No.'", "DELETE FROM cases_answer"):
        with pytest.raises(Error, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_another_case_is_asked_is_not_answered_here(kept, complaint):
    other = intake.receive(complaint, on=MONDAY)
    with pytest.raises(Refused):
        other.take_answer(question(kept, Kind.CONFIRMATION), is_yes=True, words="", on=NEXT_MONDAY)


@pytest.mark.parametrize(("entry", "kind"), [("confirm_after", Kind.CONFIRMATION), ("aftercare_after", Kind.AFTERCARE)])
def test_a_house_that_does_not_ask_does_not_ask(issued, handler, lead, monkeypatch, entry, kind):
    without(monkeypatch, entry)
    issued.case.keep(issued.case.commitments.get(), how="Delivered.", on=FRIDAY, by=handler)
    issued.case.move_on(on=FRIDAY, by=lead, overriding="She has it on paper.")
    assert not issued.case.followups.filter(kind=kind).exists()
