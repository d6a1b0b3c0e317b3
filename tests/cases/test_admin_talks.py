"""The form of a talk, filled in during a call: what was promised holds at once, and every fault stands at its line."""

import pytest
from django.urls import reverse

from cases.models import Case, Commitment, Conduct, Conversation, Event, Kind
from tests.cases.desk import address, do, page, promise, shown
from tests.conftest import FRIDAY, MONDAY, SATURDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")

TALK = {"medium": "phone", "held_on": "2026-11-10", "said": "She told it all.", "rows": "3"}


def line(row, kind="do", what="", owner=None, due_on="", hour=""):
    fields = {"kind": kind, "what": what, "owner": owner.pk if owner else "", "due_on": f"{due_on}", "hour": hour}
    return {f"promise-{row}-{name}": value for name, value in fields.items()}


def refused(desk, case, **fields):
    """The form comes back with everything that was typed, and nothing has changed."""
    before = Event.objects.count()
    answer = desk.post(address(case, "conversation"), TALK | fields)
    assert answer.status_code == 200
    assert "She told it all." in shown(answer)
    assert (Event.objects.count(), Conversation.objects.count()) == (before, 0)
    return answer


def test_a_call_is_kept_with_its_words_its_recording_and_all_that_was_promised(desk, case, handler, lead):
    promised = (
        line(0, what="Look at the dent", owner=lead, due_on=FRIDAY)
        | line(1, what="Send the receipt", due_on=FRIDAY)
        | line(2, "hear", due_on="2026-11-16")
    )
    goes_on = {
        "next_call_on": "2026-11-12",
        "next_call_at": "15:30",
        "recording": "R-2026-118",
        "proposed": "A new one.",
    }
    do(desk, case, "conversation", **TALK | promised | goes_on)
    talk = Conversation.objects.get()
    assert (talk.said, talk.proposed, talk.recording) == ("She told it all.", "A new one.", "R-2026-118")
    assert [(it.what, it.owner, it.conversation) for it in Commitment.objects.all()] == [
        ("Look at the dent", lead, talk),
        ("Send the receipt", handler, talk),
    ]
    due = case.followups.outstanding()
    assert due.get(kind=Kind.CALLBACK).day_and_hour() == "12 November 2026, 15:30"
    assert f"{due.get(kind=Kind.CONTACT).due_on}" == "2026-11-16"
    assert "3 promises hold" not in shown(desk.get(page(case)))


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        (line(1, what="Bring flowers", due_on=SATURDAY), "due_on", "Saturday"),
        (line(1, what="Bring flowers", due_on=MONDAY), "due_on", "past"),
        (line(1, what="Bring flowers"), "due_on", "by when"),
        (line(1, due_on=FRIDAY), "what", "Say what"),
        (line(1, "call", due_on=FRIDAY), "hour", "what hour"),
        (line(1, "call", due_on=SATURDAY, hour="15:30"), "due_on", "Saturday"),
        (line(1, "call", due_on=TUESDAY, hour="08:30"), "hour", "past"),
        (line(1, "hear", due_on=SATURDAY), "due_on", "Saturday"),
    ],
)
def test_a_fault_of_a_promise_stands_at_its_own_line_and_keeps_the_talk_back(desk, case, typed, field, says):
    answer = refused(desk, case, **line(0, what="Look at it", due_on=FRIDAY) | typed)
    rows = answer.context["form"].rows
    assert [bool(row.errors) for row in rows] == [False, True, False]
    assert says in str(rows[1].errors[field])
    assert "Look at it" in shown(answer)


def test_a_fault_of_the_next_call_stands_at_the_next_call(desk, case):
    lines = line(0, what="Look at it", due_on=FRIDAY)
    answer = refused(desk, case, **lines, next_call_on="2026-11-14", next_call_at="15:30")
    assert "Saturday" in str(answer.context["form"].errors["next_call_on"])
    assert "Say at what hour." in str(refused(desk, case, next_call_on="2026-11-13").context["form"].errors)
    assert "Say on which day." in str(refused(desk, case, next_call_at="15:30").context["form"].errors)


def test_they_hear_from_us_by_one_day_only(desk, case):
    two = line(0, "hear", due_on=FRIDAY) | line(1, "hear", due_on="2026-11-16")
    assert refused(desk, case, **two).context["form"].rows[1].errors
    one = line(0, "hear", due_on=FRIDAY)
    assert refused(desk, case, **one, next_contact_on="2026-11-16").context["form"].rows[0].errors


def test_nothing_is_promised_to_a_colleague(desk, case, driver, handler):
    person = case.involve(user=driver, part="witness", why="Drove", on=MONDAY, by=handler)
    answer = refused(desk, case, person=person.pk, **line(0, what="Pay", due_on=FRIDAY))
    assert "person" in answer.context["form"].errors


def test_more_lines_lose_nothing_that_was_typed(desk, case):
    answer = refused(desk, case, **line(0, what="Look at it", due_on=FRIDAY), more="yes")
    assert len(answer.context["form"].rows) == 5
    assert "Look at it" in shown(answer)


def test_abuse_is_recorded_step_by_step_with_the_talk(desk, case, lead):
    steps = {"steps": ["warned", "ended", "supervisor"], "supervisor": lead.pk, "limit_words": "She called me names."}
    do(desk, case, "conversation", **TALK | steps)
    assert [it.step for it in Conduct.objects.filter(conversation=Conversation.objects.get())] == steps["steps"]
    after = shown(desk.get(page(case)))
    assert "She called me names." in after
    assert "Ended the contact" in after
    assert "that we go on as soon as it is respected" in after


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ({"steps": ["ended"], "limit_words": "x"}, "steps"),
        ({"steps": ["warned"]}, "limit_words"),
        ({"steps": ["supervisor"], "limit_words": "x"}, "supervisor"),
        ({"limit_words": "x"}, "steps"),
    ],
)
def test_a_step_that_lacks_something_says_what(desk, case, steps, field):
    assert field in refused(desk, case, **steps).context["form"].errors


def test_abuse_outside_a_talk_has_a_form_of_its_own(desk, case):
    do(desk, case, "limits", steps=["warned"], limit_words="Her e-mail calls me names.")
    assert Conduct.objects.get().conversation is None
    assert "steps" in desk.post(address(case, "limits"), {}).context["form"].errors


def test_whoever_asked_not_to_be_rung_is_not_rung_and_every_door_says_so(desk, case):
    case.customer.no_phone = True
    case.customer.save()
    for verb in ("call", "contact", "conversation", "draft-letter"):
        assert "they asked not to be rung up" in shown(desk.get(address(case, verb))), verb
    answer = desk.post(address(case, "call"), {"until": "2026-11-13", "hour": "15:30"})
    assert "Promise instead that they hear from us" in str(answer.context["form"].errors["until"])
    answer = refused(desk, case, next_call_on="2026-11-13", next_call_at="15:30")
    assert "asked us not to ring" in str(answer.context["form"].errors["next_call_on"])


def test_what_the_customer_needs_stands_above_the_letter_to_them(desk, draft):
    letter = reverse("admin:letters_letter_change", args=[draft.pk])
    assert "What this customer needs" not in shown(desk.get(letter))
    draft.case.customer.large_print = True
    draft.case.customer.save()
    assert "Large print: their letters are set in large type" in shown(desk.get(letter))


def test_an_agreement_shows_what_was_promised_in_talks_and_may_take_its_place(desk, ready, handler):
    said = line(0, what="Look at the dent", due_on=FRIDAY) | line(1, what="Ring the shop", due_on=FRIDAY)
    do(desk, ready, "conversation", **TALK | said)
    look = ready.commitments.filter(agreement=None).first()
    assert "Look at the dent" in shown(desk.get(address(ready, "agreement")))
    new = promise(0, "Deliver a new one", handler, FRIDAY)
    do(desk, ready, "agreement", summary="A new fridge.", rows="3", replaces=[look.pk], **new)
    assert {it.what for it in Case.objects.get().promises()} == {"Ring the shop", "Deliver a new one"}
