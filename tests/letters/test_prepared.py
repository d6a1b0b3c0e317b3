"""On the day on which the customer is to hear from us, a letter lies ready; what it tells them holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from cases import followups, intake
from cases.models import FollowUp, Kind, Medium
from cases.models.followup import opening
from casetracker import clock
from casetracker.celery import app
from letters import dispatch, library, prepared, review, tasks, writing
from letters.models import Kind as LetterKind
from letters.models import Letter, LetterTemplate
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

ON_FRIDAY = datetime(2026, 11, 13, 9, tzinfo=UTC)
A_WEEK_ON = date(2026, 11, 20)  # five working days after that Friday


@pytest.fixture(autouse=True)
def on_friday():
    """The day on which Eleanor was to hear from us."""
    with time_machine.travel(ON_FRIDAY):
        yield


@pytest.fixture
def promised(case, handler, letterhead):
    """Ines looks after Eleanor's case, and has promised to be in touch on Friday."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    return case


@pytest.fixture
def ready_letter(promised):
    prepared.prepare(at=clock.now())
    return promised.letters.get()


def contacts(case):
    return list(case.followups.filter(kind=Kind.CONTACT).values_list("due_on", "done_on", "cancelled_on"))


# --- it lies ready ----------------------------------------------------------------------------------------------------


def test_on_the_promised_day_a_letter_that_nothing_is_new_lies_ready(promised):
    assert prepared.prepare(at=clock.now() - timedelta(days=1)) == 0
    assert prepared.prepare(at=clock.now()) == 1
    letter = promised.letters.get()
    assert (letter.kind, letter.settles, letter.issued_on) == (LetterKind.PROGRESS, promised.next_contact(), None)
    assert (letter.drafted_by_name, letter.signatory.username) == ("the clockwork", "ines")
    assert "There is nothing new to tell you yet." in letter.body
    assert "hear from us again by 20 November 2026" in letter.body


@pytest.mark.parametrize("language", library.languages())
def test_in_every_language_it_can_be_issued_as_it_lies_there(promised, language):
    promised.language = language
    letter = writing.draft(promised, LetterKind.PROGRESS, on=FRIDAY, by=None)
    assert letter.language == language
    assert review.findings(letter, on=FRIDAY) == []
    assert review.next_contact(review.Reading(letter, on=FRIDAY)) == A_WEEK_ON


def test_a_person_who_drafts_one_still_says_what_is_new(promised, handler):
    assert "[[What has been done" in writing.draft(promised, LetterKind.PROGRESS, on=FRIDAY, by=handler).body


def test_there_is_one_draft_for_a_follow_up_ever(ready_letter, handler):
    assert prepared.prepare(at=clock.now()) == 0
    writing.discard(ready_letter, on=FRIDAY, by=handler)
    assert prepared.prepare(at=clock.now()) == 0
    ready_letter.case.promise_contact(until=NEXT_MONDAY, on=FRIDAY, by=handler)
    assert prepared.prepare(at=clock.now() + timedelta(days=3)) == 1


def test_a_draft_that_a_person_began_is_enough(promised, handler):
    writing.draft(promised, LetterKind.PROGRESS, on=FRIDAY, by=handler)
    assert prepared.prepare(at=clock.now()) == 0
    assert not promised.events.filter(kind="not drafted").exists()


def test_a_letter_on_its_way_is_enough(promised, handler):
    letter = writing.draft(promised, LetterKind.PROGRESS, on=FRIDAY, by=handler)
    Letter.objects.filter(pk=letter.pk).update(body=letter.body.replace("[[", "").replace("]]", ""))
    letter.refresh_from_db()
    dispatch.issue(letter, on=FRIDAY, by=handler)
    assert letter.settles == promised.next_contact()
    assert prepared.prepare(at=clock.now()) == 0


def test_nothing_is_drafted_for_a_contact_that_was_kept_meanwhile(promised, handler):
    followup = promised.next_contact()
    promised.log_conversation(said="She is calm.", medium=Medium.PHONE, on=FRIDAY, by=handler)
    assert prepared._draft(followup, LetterKind.PROGRESS, on=FRIDAY) is False
    assert prepared.prepare(at=clock.now()) == 0


def spoilt(words):
    """The English words of the letter are these now, and cannot be used."""
    library.load()
    template = LetterTemplate.objects.get(kind=LetterKind.PROGRESS, language="en")
    number = template.versions.count() + 1
    template.versions.create(number=number, subject="S", body=words, made_by_name="Amara Nwosu")


@pytest.fixture
def latvian(complaint, handler):
    """Another complaint, in Latvian, whose contact is due on Friday too."""
    case = intake.receive(replace(complaint, language="lv"), on=MONDAY)
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    return case


def test_one_that_cannot_be_drafted_is_told_once_and_keeps_nothing_back(promised, latvian):
    spoilt("{{ nobody }}")
    assert prepared.prepare(at=clock.now()) == 1
    assert prepared.prepare(at=clock.now()) == 0
    assert latvian.letters.exists()
    told = promised.events.get(kind="not drafted")
    assert told.text.startswith(
        "Progress update not drafted: The template “Progress update, English, version 2” cannot"
    )
    followups.carry_out(at=opening(FRIDAY) + timedelta(hours=1))
    assert promised.next_contact().reminders.exists()
    spoilt("Mended.")
    assert prepared.prepare(at=clock.now()) == 1


def test_another_fault_than_words_is_told_too(promised, latvian, monkeypatch):
    really = writing.draft

    def draft(case, kind, **how):
        if case == promised:
            raise ZeroDivisionError
        return really(case, kind, **how)

    monkeypatch.setattr(writing, "draft", draft)
    assert prepared.prepare(at=clock.now()) == 1
    assert promised.events.get(kind="not drafted").text == "Progress update not drafted: ZeroDivisionError, see the log"


def test_those_that_failed_before_do_not_crowd_out_the_others(promised, complaint, handler, monkeypatch):
    monkeypatch.setattr(prepared, "BATCH", 1)
    spoilt("{{ nobody }}")
    assert prepared.prepare(at=clock.now()) == 0
    other = intake.receive(replace(complaint, language="lv"), on=MONDAY)
    other.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    assert prepared.prepare(at=clock.now()) == 1
    assert other.letters.get().language == "lv"


def test_the_clockwork_lays_it_ready(promised):
    assert "letters.tasks.sweep_prepared_letters" in app.conf.beat_schedule
    assert tasks.sweep_prepared_letters() == 1


# --- a clock of the rules wants it -----------------------------------------------------------------------------------


@pytest.fixture
def silent(case, handler, letterhead):
    """Eleanor knows that we have her complaint, and nothing was promised since. The house's own rule is an update every
    five working days."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", on=MONDAY, by=handler)
    return case


UPDATE_DUE = datetime(2026, 11, 16, 9, tzinfo=UTC)


def on_its_day(case, *, at=UPDATE_DUE):
    with time_machine.travel(at):
        return prepared.prepare(at=at)


def test_a_letter_lies_ready_when_a_clock_of_the_rules_wants_an_update(silent):
    assert on_its_day(silent, at=UPDATE_DUE - timedelta(days=1)) == 0
    assert on_its_day(silent) == 1
    assert "There is nothing new to tell you yet." in silent.letters.get().body


def test_once_it_has_arrived_the_clock_runs_anew_and_what_it_promised_is_due(silent, handler):
    on_its_day(silent)
    with time_machine.travel(UPDATE_DUE):
        sent(silent.letters.get(), handler)
    *_, met, running = silent.deadlines.filter(step="update").order_by("occurrence")
    assert (met.met_on, running.due_on, running.met_on) == (NEXT_MONDAY, date(2026, 11, 23), None)
    assert silent.next_contact().due_on == date(2026, 11, 23)
    with time_machine.travel(UPDATE_DUE + timedelta(days=7)):
        assert prepared.prepare(at=clock.now()) == 1  # for both, once


def test_for_one_round_of_the_clock_there_is_one_draft_ever(silent, handler):
    on_its_day(silent)
    with time_machine.travel(UPDATE_DUE):
        writing.discard(silent.letters.get(), on=NEXT_MONDAY, by=handler)
    assert on_its_day(silent, at=UPDATE_DUE + timedelta(days=1)) == 0


def test_another_clock_wants_no_letter(silent):
    silent.followups.filter(deadline__step="update").update(done_on=FRIDAY)
    resolve = silent.followups.outstanding().get(deadline__step="resolve")
    assert on_its_day(silent, at=opening(resolve.due_on)) == 0


def test_the_case_leads_to_the_draft_from_what_is_due(client, ready_letter, handler):
    client.force_login(handler)
    page = client.get(reverse("admin:cases_case_change", args=[ready_letter.case_id])).content.decode()
    card = page[page.index('id="due"') : page.index("</section>", page.index('id="due"'))]
    assert reverse("admin:letters_letter_change", args=[ready_letter.pk]) in card


# --- it reaches the customer ------------------------------------------------------------------------------------------


def sent(letter, handler):
    letter.refresh_from_db()
    dispatch.issue(letter, on=clock.today(), by=handler)
    dispatch.deliver_due(at=clock.now())


def test_once_it_has_arrived_the_contact_is_settled_and_the_next_one_promised(ready_letter, handler):
    sent(ready_letter, handler)
    assert contacts(ready_letter.case) == [(FRIDAY, FRIDAY, None), (A_WEEK_ON, None, None)]
    followup = ready_letter.case.next_contact()
    assert followup.why == "Promised in letter 2026/1"
    told = list(ready_letter.case.events.values_list("text", flat=True))
    assert told[-2:] == [
        "The customer has heard from us: letter by e-mail to eleanor@example.org.",
        "The customer hears from us on 20 November 2026.",
    ]


def test_until_it_has_arrived_the_contact_stays_due(ready_letter, handler):
    ready_letter.case.customer.wants_post = True
    ready_letter.case.customer.save()
    sent(ready_letter, handler)
    assert contacts(ready_letter.case) == [(FRIDAY, None, None)]
    dispatch.mark_posted(ready_letter.deliveries.get(), on=NEXT_MONDAY, by=handler)
    assert contacts(ready_letter.case) == [(FRIDAY, NEXT_MONDAY, None), (A_WEEK_ON, None, None)]


def test_posted_after_the_day_that_it_names_the_promise_is_late_and_not_lost(ready_letter, handler):
    ready_letter.case.customer.wants_post = True
    ready_letter.case.customer.save()
    sent(ready_letter, handler)
    with time_machine.travel(ON_FRIDAY + timedelta(days=10)):
        dispatch.mark_posted(ready_letter.deliveries.get(), on=date(2026, 11, 23), by=handler)
    assert ready_letter.case.next_contact() in FollowUp.objects.overdue(on=date(2026, 11, 23))


def test_the_day_that_a_person_wrote_is_the_one_that_holds(ready_letter, handler):
    words = {name: getattr(ready_letter, name) for name in ("subject", "salutation", "close")}
    body = ready_letter.body.replace("20 November 2026", "18 November 2026")
    writing.edit(ready_letter, **words, body=body, by=handler)
    sent(ready_letter, handler)
    assert ready_letter.case.next_contact().due_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("21 November 2026", "Nobody works on 21 November 2026 (Saturday)"),
        ("12 November 2026", "which is past"),
        ("20 November 2026, or hear from us by 24 November 2026", "but the customer hears from us by 20 November 2026"),
    ],
)
def test_it_promises_no_day_that_cannot_be_kept_and_not_two(ready_letter, handler, day, why):
    words = {name: getattr(ready_letter, name) for name in ("subject", "salutation", "close")}
    writing.edit(ready_letter, **words, body=ready_letter.body.replace("20 November 2026", day), by=handler)
    with pytest.raises(dispatch.NotIssued) as refused:
        dispatch.issue(ready_letter, on=FRIDAY, by=handler)
    assert why in str(refused.value)


def test_it_promises_no_day_on_which_the_handler_is_away(ready_letter, handler):
    handler.away_from, handler.away_until = A_WEEK_ON, A_WEEK_ON + timedelta(days=7)
    handler.save()
    with pytest.raises(dispatch.NotIssued, match="is away until 27 November 2026"):
        sent(Letter.objects.get(pk=ready_letter.pk), handler)


def test_a_talk_while_it_was_on_its_way_is_not_undone_by_it(ready_letter, handler):
    ready_letter.case.customer.wants_post = True
    ready_letter.case.customer.save()
    sent(ready_letter, handler)
    case = ready_letter.case
    case.log_conversation(said="She called.", next_contact_on=NEXT_MONDAY, on=FRIDAY, by=handler)
    dispatch.mark_posted(ready_letter.deliveries.get(), on=FRIDAY, by=handler)
    assert contacts(case) == [(FRIDAY, FRIDAY, None), (NEXT_MONDAY, None, None)]


def test_of_two_days_that_were_told_the_earlier_one_holds(ready_letter, handler):
    ready_letter.case.customer.wants_post = True
    ready_letter.case.customer.save()
    sent(ready_letter, handler)
    case = ready_letter.case
    case.log_conversation(said="She called.", next_contact_on=date(2026, 11, 25), on=FRIDAY, by=handler)
    dispatch.mark_posted(ready_letter.deliveries.get(), on=FRIDAY, by=handler)
    assert case.next_contact().due_on == A_WEEK_ON
    later = case.followups.get(kind=Kind.CONTACT, due_on=date(2026, 11, 25))
    assert later.cancelled_reason == "An earlier date was told: 20 November 2026."


def test_a_letter_about_a_closed_case_promises_nothing_any_more(ready_letter, handler, lead):
    ready_letter.case.customer.wants_post = True
    ready_letter.case.customer.save()
    sent(ready_letter, handler)
    case = ready_letter.case
    case.end("withdrawn", reason="She called.", on=FRIDAY, by=handler)
    dispatch.mark_posted(ready_letter.deliveries.get(), on=TUESDAY + timedelta(days=6), by=handler)
    assert case.next_contact() is None
