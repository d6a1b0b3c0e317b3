"""Abuse and threats: where the limit is, step by step, each recorded; and nobody is cut off without a way back."""

import re

import pytest

from cases.models import Conduct, Event, Kind, Limits, Refused, Reminder, Through
from casetracker import clock
from letters import decisions, dispatch, writing
from letters.models import Kind as LetterKind
from tests.conftest import FRIDAY, MONDAY, TUESDAY

WORDS = "She shouted names. I said: I want to help, but not like this."
INVITATION = {"kind": Kind.LETTER, "why__startswith": "The contact was ended"}

pytestmark = pytest.mark.usefixtures("on_tuesday")


def limits(*steps, supervisor=None):
    return Limits(steps, WORDS, supervisor)


def test_each_step_is_kept_with_its_words_and_told_in_the_history(case, handler):
    case.hold_limits(limits("warned"), on=MONDAY, by=handler)
    step = Conduct.objects.get()
    assert (step.case, step.step, step.words, step.on, step.by_name) == (case, "warned", WORDS, MONDAY, str(handler))
    told = Event.objects.get(kind="conduct warned")
    assert told.text == "Abuse or threats: said where the limit is, and warned."
    assert told.reason == WORDS


def test_nobody_is_cut_off_without_a_warning(case, handler):
    with pytest.raises(Refused, match="without a warning"):
        case.hold_limits(limits("ended"), on=MONDAY, by=handler)
    assert not Conduct.objects.exists()


def test_a_warning_of_the_same_talk_comes_before_its_end_however_they_were_ticked(case, handler):
    talk = case.log_conversation(said="She shouted.", limits=limits("ended", "warned"), on=MONDAY, by=handler)
    assert [(it.step, it.conversation) for it in Conduct.objects.all()] == [("warned", talk), ("ended", talk)]


def test_a_warning_given_earlier_is_enough(case, handler):
    case.hold_limits(limits("warned"), on=MONDAY, by=handler)
    case.hold_limits(limits("ended"), on=TUESDAY, by=handler)
    assert Conduct.objects.filter(step="ended").exists()


def test_whoever_was_sent_away_is_to_be_invited_back_the_next_working_day(case, handler):
    case.hold_limits(limits("warned", "ended"), on=MONDAY, by=handler)
    invitation = case.followups.outstanding().get(**INVITATION)
    assert (invitation.due_on, invitation.through) == (TUESDAY, Through.LETTER)


def test_an_invitation_said_at_the_end_of_the_talk_leaves_none_to_be_written(case, handler):
    case.hold_limits(limits("warned", "ended", "invited_back"), on=MONDAY, by=handler)
    assert case.followups.get(**INVITATION).done_on == MONDAY


def test_the_letter_about_the_limit_invites_them_back_when_it_has_arrived(case, handler, lead, letterhead):
    case.assign(handler, on=MONDAY, by=handler)
    talk = {"said": "She shouted.", "next_contact_on": FRIDAY, "limits": limits("warned", "ended")}
    case.log_conversation(**talk, on=MONDAY, by=handler)
    letter = writing.draft(case, LetterKind.BOUNDARY, on=MONDAY, by=handler)
    letter.body = re.sub(r"\[\[.*?\]\]", "9 November 2026", letter.body)
    letter.save()
    decisions.put_forward(letter, at=clock.now(), by=handler)
    decisions.approve(letter, at=clock.now(), by=lead)
    dispatch.issue(letter, on=TUESDAY, by=handler)
    assert case.followups.get(**INVITATION).is_outstanding
    dispatch.deliver_due(at=clock.now())
    assert case.followups.get(**INVITATION).done_on == TUESDAY
    assert Conduct.objects.get(step="invited_back").words.startswith("In the letter about the limit of conduct, ")


def test_a_supervisor_is_a_lead_with_a_name_who_is_told_at_once_and_goes_on(case, handler, lead):
    case.hold_limits(limits("supervisor", supervisor=lead), on=MONDAY, by=handler)
    task = case.followups.outstanding().get(kind=Kind.CALLBACK)
    assert (task.owner, task.due_on) == (lead, TUESDAY)
    told = Reminder.objects.get(followup=task)
    assert (told.to_email, told.urgent) == (lead.email, True)
    assert Event.objects.filter(text="Abuse or threats: brought in a supervisor (Amara Nwosu).").exists()


def test_no_supervisor_without_a_name_and_none_who_leads_nothing(case, handler):
    for nobody in (None, handler):
        with pytest.raises(Refused, match="Choose the lead"):
            case.hold_limits(limits("supervisor", supervisor=nobody), on=MONDAY, by=handler)


def test_a_step_that_is_refused_takes_the_whole_talk_with_it(case, handler):
    with pytest.raises(Refused):
        case.log_conversation(said="She shouted.", limits=limits("ended"), on=MONDAY, by=handler)
    assert not case.conversations.exists()
