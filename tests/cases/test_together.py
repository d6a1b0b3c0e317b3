"""The same done to many cases: said before it is done, done case by case, and told where it was not."""

from datetime import date

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from cases import intake
from cases.models import Case, Part, Refused, User
from tests.cases.desk import WORKLIST, shown
from tests.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def press(desk, action, cases, step=None, **fields):
    fields |= {"step": step} if step else {}
    return desk.post(
        WORKLIST + "?list=all", {"action": action, ACTION_CHECKBOX_NAME: [it.pk for it in cases], **fields}
    )


@pytest.fixture
def three(db, complaint):
    return [intake.receive(complaint, on=MONDAY) for _ in range(3)]


def handlers(cases):
    return [Case.objects.get(pk=it.pk).handler for it in cases]


def test_it_says_first_which_cases_are_meant_and_which_are_left_out_and_why(leads_desk, three, lead, handler):
    free, about, ended = three
    about.involve(user=handler, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    ended.end("withdrawn", reason="She wrote so.", on=MONDAY, by=lead)
    assert "Chosen (3)" in shown(press(leads_desk, "assign_them", three))
    answer = press(leads_desk, "assign_them", three, "look", person=handler.pk)
    assert [it.case for it in answer.context["goes"]] == [free]
    assert [(it.case, it.stays) for it in answer.context["stays"]] == [
        (about, "The complaint is about Inês Carvalho."),
        (ended, "It is closed."),
    ]
    assert handlers(three) == [None, None, None]
    told = press(leads_desk, "assign_them", three, "do", person=handler.pk)
    assert told.status_code == 302
    assert handlers(three) == [handler, None, None]
    assert free.events.filter(kind="assigned", by=lead).exists()
    page = shown(leads_desk.get(WORKLIST))
    assert "1 case looked after by Inês Carvalho now." in page
    assert f"{about.reference} is left out" in page


def test_all_that_somebody_has_to_do_about_them_is_handed_over_with_the_reason(leads_desk, three, lead, handler):
    three[0].assign(handler, on=MONDAY, by=lead)
    press(leads_desk, "hand_them_over", three, "do", person=lead.pk, reason="Ines has too much.")
    assert handlers(three) == [lead, None, None]
    assert three[0].events.get(kind="handed over").reason == "Ines has too much."


def test_who_is_away_gets_them_only_when_that_is_meant(leads_desk, three, handler):
    User.objects.filter(pk=handler.pk).update(away_from=MONDAY, away_until=date(2026, 11, 20))
    answer = press(leads_desk, "assign_them", three, "do", person=handler.pk)
    assert "is away until" in shown(answer)
    assert handlers(three) == [None, None, None]
    press(leads_desk, "assign_them", three, "do", person=handler.pk, although_away="on")
    assert handlers(three) == [handler] * 3


def test_one_that_fails_keeps_back_no_other(leads_desk, three, lead, handler, monkeypatch):
    kept = Case.assign

    def assign(case, *args, **how):
        if case.pk == three[1].pk:
            raise Refused("Somebody else was faster.")
        kept(case, *args, **how)

    monkeypatch.setattr(Case, "assign", assign)
    press(leads_desk, "assign_them", three, "do", person=handler.pk)
    assert handlers(three) == [handler, None, handler]
    assert "Somebody else was faster." in shown(leads_desk.get(WORKLIST))


def test_a_tag_is_put_on_and_taken_off_with_its_history(desk, three, handler):
    three[0].tag("Cold chain", on=MONDAY, by=handler)
    press(desk, "tag_them", three, "do", tag="cold CHAIN")
    assert [list(it.tags.values_list("name", flat=True)) for it in three] == [["Cold chain"]] * 3
    assert three[1].events.filter(kind="tagged", by=handler).count() == 1
    press(desk, "untag_them", three[:2], "do", tag="Cold chain")
    assert [it.tags.count() for it in three] == [0, 0, 1]
    assert three[0].events.filter(kind="untagged").count() == 1
    with pytest.raises(Refused):
        three[0].untag("Cold chain", on=TUESDAY, by=handler)


def test_only_a_lead_gives_cases_to_others_and_a_reader_does_nothing(client, three, handler, reader):
    for user, action in ((handler, "assign_them"), (handler, "hand_them_over"), (reader, "tag_them")):
        client.force_login(user)
        press(client, action, three, "do", person=handler.pk, tag="x", reason="x")
    assert handlers(three) == [None, None, None]
    assert not any(it.tags.exists() for it in three)


def test_whom_a_complaint_is_about_does_nothing_to_it(client, three, concerned, lead):
    three[0].involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    client.force_login(concerned)
    press(client, "tag_them", three, "do", tag="x")
    assert [it.tags.count() for it in three] == [0, 1, 1]


def test_so_many_at_once_are_refused(leads_desk, three, handler, monkeypatch):
    monkeypatch.setattr("cases.together.MOST", 2)
    assert press(leads_desk, "assign_them", three, "do", person=handler.pk).status_code == 302
    assert handlers(three) == [None, None, None]
    assert "At most 2 cases at once" in shown(leads_desk.get(WORKLIST))
