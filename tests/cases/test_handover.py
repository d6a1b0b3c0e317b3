"""All open work of one person goes to another in one action; what cannot go stays and says why, and keeps back nothing
else. Who is away is known as away wherever work is given."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from cases import followups, handover, intake
from cases.models import Case, Involvement, Kind, Part, Promise, Refused, Reminder, Role
from casetracker import clock
from letters import decisions
from letters.models import Kind as LetterKind
from tests.cases.desk import shown
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY, staff

pytestmark = pytest.mark.usefixtures("on_tuesday")

WHY = "On parental leave."


@pytest.fixture
def work(complaint, handler, lead):
    """Of Ines: a case that she looks after, one that she owes a letter for, a closed one with a promise of hers."""
    own, owed, closed = (intake.receive(complaint, on=MONDAY) for _ in range(3))
    own.assign(handler, on=MONDAY, by=lead)
    own.promise_contact(until=TUESDAY, on=MONDAY, by=handler)
    owed.assign(lead, on=MONDAY, by=lead)
    owed.follow_up(Kind.LETTER, due_on=TUESDAY, why="The extension has to be told", owner=handler)
    closed.agree("A fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=lead)
    closed.end("withdrawn", reason="She wrote so.", on=MONDAY, by=lead)
    intake.receive(complaint, on=MONDAY).assign(lead, on=MONDAY, by=lead)
    over = intake.receive(complaint, on=MONDAY)
    over.assign(handler, on=MONDAY, by=lead)
    over.end("out_of_scope", reason="The neighbour's.", on=MONDAY, by=lead)
    return own, owed, closed


@pytest.fixture
def taker(db):
    return staff("tomas", "Tomás", "Lindqvist", Role.HANDLER)


def hand_over(giver, taker, by, **how):
    return handover.hand_over(giver, taker, reason=WHY, on=TUESDAY, by=by, **how)


def page(giver):
    return reverse("admin:cases_user_hand_over", args=[giver.pk])


# --- what goes --------------------------------------------------------------------------------------------------------


def test_all_that_is_open_goes_and_each_case_has_it_in_its_history(work, handler, taker, lead):
    own, owed, closed = work
    assert not any(it.stays for it in hand_over(handler, taker, lead))
    assert Case.objects.get(pk=own.pk).handler == taker
    assert Case.objects.get(pk=owed.pk).handler == lead
    assert owed.followups.get(kind=Kind.LETTER).owner == taker
    assert closed.commitments.get().owner == taker
    said = {case: case.events.get(kind="handed over") for case in work}
    assert all(event.reason == WHY and event.by == lead for event in said.values())
    assert said[own].text == "Inês Carvalho hands over to Tomás Lindqvist: looking after it."
    assert "Letter that is owed (due 10 November 2026)" in said[owed].text
    assert "Deliver it, by 13 November 2026" in said[closed].text
    assert handover.open_work(handler, seen_by=lead) == []


def test_a_closed_case_that_nothing_is_due_about_stays_where_it_was(work, handler, taker, lead):
    before = set(Case.objects.filter(handler=handler).values_list("pk", flat=True))
    hand_over(handler, taker, lead)
    assert set(Case.objects.filter(handler=handler).values_list("pk", flat=True)) == before - {work[0].pk}


def test_what_is_due_by_now_is_brought_to_the_takers_mind_although_the_giver_was_told(work, handler, taker, lead):
    followups.carry_out(at=clock.now())
    assert not Reminder.objects.filter(to_email=taker.email).exists()
    hand_over(handler, taker, lead)
    followups.carry_out(at=clock.now())
    told = Reminder.objects.filter(to_email=taker.email).values_list("followup__kind", flat=True)
    assert set(told) == {Kind.ACKNOWLEDGEMENT, Kind.CONTACT, Kind.LETTER}


def test_a_clock_that_stands_still_goes_on_standing_still(case, handler, taker, lead):
    case.assign(handler, on=MONDAY, by=lead)
    case.pause(reason="She is on holiday.", on=MONDAY, by=lead)
    still = case.followups.filter(act_at=None, deadline__isnull=False)
    assert still.exists()
    before = set(still.values_list("pk", flat=True))
    hand_over(handler, taker, lead)
    assert set(still.values_list("pk", flat=True)) == before


# --- what stays -------------------------------------------------------------------------------------------------------


def test_a_case_about_the_taker_stays_and_is_named_and_the_others_go(work, handler, taker, lead):
    own, owed, _ = work
    owed.involve(user=taker, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    stayed = [(it.case, it.stays) for it in hand_over(handler, taker, lead) if it.stays]
    assert stayed == [(owed, "The complaint is about Tomás Lindqvist.")]
    assert owed.followups.get(kind=Kind.LETTER).owner == handler
    assert Case.objects.get(pk=own.pk).handler == taker
    with pytest.raises(Refused, match="The complaint is about"):
        owed.hand_over(handler, taker, reason=WHY, on=TUESDAY, by=lead)


def test_one_case_that_fails_keeps_back_no_other(work, handler, taker, lead, monkeypatch):
    def fails(case, *args, **kwargs):
        if case.pk == work[0].pk:
            raise Refused("Somebody else moved this case.")
        return real(case, *args, **kwargs)

    real = Case.hand_over
    monkeypatch.setattr(Case, "hand_over", fails)
    assert [it.case for it in hand_over(handler, taker, lead) if it.stays] == [work[0]]
    assert work[2].commitments.get().owner == taker


def test_a_lead_whom_a_case_is_about_neither_sees_nor_moves_it(work, handler, taker, lead):
    own, owed, _ = work
    Involvement.objects.create(case=own, user=lead, part=Part.CONCERNED, why="Hung up", name="Amara")
    assert own not in [it.case for it in hand_over(handler, taker, lead)]
    assert Case.objects.get(pk=own.pk).handler == handler
    assert owed.followups.get(kind=Kind.LETTER).owner == taker


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_open_then_what_goes_and_what_stays_and_changes_nothing(
    leads_desk, work, handler, taker, lead
):
    own, owed, _ = work
    owed.involve(user=taker, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    said = shown(leads_desk.get(page(handler)))
    assert all(case.reference in said for case in work)
    assert 'name="reason"' not in said
    answer = leads_desk.get(page(handler), {"taker": taker.pk})
    assert [it.case for it in answer.context["stays"]] == [owed]
    assert answer.context["totals"] == [(1, "case looked after"), (0, "follow-ups"), (1, "commitment")]
    assert "Hand over to Tomás Lindqvist" in shown(answer)
    assert Case.objects.get(pk=own.pk).handler == handler


def test_a_reason_is_needed(leads_desk, work, handler, taker):
    answer = leads_desk.post(page(handler), {"taker": taker.pk, "reason": " "})
    assert "reason" in answer.context["form"].errors
    assert Case.objects.get(pk=work[0].pk).handler == handler


def test_the_page_does_it_and_names_what_stayed(leads_desk, work, handler, taker, lead):
    work[1].involve(user=taker, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    said = shown(leads_desk.post(page(handler), {"taker": taker.pk, "reason": WHY}, follow=True))
    assert "Tomás Lindqvist has taken over what Inês Carvalho had to do about 2 cases." in said
    assert f"{work[1].reference} stays: The complaint is about Tomás Lindqvist." in said
    assert Case.objects.get(pk=work[0].pk).handler == taker


def test_nobody_who_left_or_only_reads_takes_it_over(leads_desk, work, handler, taker, reader):
    taker.is_active = False
    taker.save()
    for person in (taker, reader, handler):
        answer = leads_desk.post(page(handler), {"taker": person.pk, "reason": WHY})
        assert "taker" in answer.context["form"].errors
    assert Case.objects.get(pk=work[0].pk).handler == handler


def test_a_letter_that_waits_for_the_givers_approval_goes_only_to_who_may_decide(
    leads_desk, draft, handler, taker, lead
):
    case = draft.case
    draft.kind = LetterKind.NO_AGREEMENT
    draft.save(update_fields=["kind"])
    waits = case.follow_up(Kind.APPROVAL, due_on=FRIDAY, why="Put forward", owner=lead)
    type(draft).objects.filter(pk=draft.pk).update(
        approval_asked_at=clock.now(), approval_asked_by=handler, approval_asked_by_name=str(handler), followup=waits
    )
    said = shown(leads_desk.get(page(lead), {"taker": taker.pk}))
    assert "may not decide about this letter" in said
    case.involve(
        user=(about := staff("ada", "Ada", "Obi", Role.LEAD)), part=Part.CONCERNED, why="x", on=TUESDAY, by=lead
    )
    leads_desk.force_login(about)
    assert case.reference not in shown(leads_desk.get(page(lead), {"taker": taker.pk}))
    leads_desk.force_login(lead)
    leads_desk.post(page(lead), {"taker": taker.pk, "reason": WHY})
    waits.refresh_from_db()
    assert waits.owner == lead
    other = staff("priya", "Priya", "Raghavan", Role.LEAD)
    leads_desk.post(page(lead), {"taker": other.pk, "reason": WHY})
    waits.refresh_from_db()
    assert waits.owner == other
    draft.refresh_from_db()
    assert decisions.may_decide(draft, other)


def test_who_is_set_inactive_with_open_work_is_offered_to_be_relieved_of_it(leads_desk, work, handler):
    answer = leads_desk.post(reverse("admin:cases_user_change", args=[handler.pk]), person(handler, is_active=""))
    assert answer.url == page(handler)
    assert "does not sign in any more" in shown(leads_desk.get(answer.url))


def test_who_has_nothing_to_do_leaves_without_a_word(leads_desk, reader):
    answer = leads_desk.post(reverse("admin:cases_user_change", args=[reader.pk]), person(reader, is_active=""))
    assert answer.url == reverse("admin:cases_user_changelist")


def person(user, **changes):
    """The form about `user` as it is, with changes."""
    names = ("username", "first_name", "last_name", "email", "job_title", "role", "time_zone", "region")
    return {name: getattr(user, name) for name in names} | {"is_active": "on", "country": "", "manager": ""} | changes


# --- absence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"away_from": "2026-11-16"}, "away_until", "both, or neither"),
        ({"away_until": "2026-11-16"}, "away_until", "both, or neither"),
        ({"away_from": "2026-11-16", "away_until": "2026-11-13"}, "away_until", "before its first"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Continent/City"),
        ({"region": "SCT"}, "country", "the country that the region is in"),
        ({"country": "GB", "region": "ATLANTIS"}, "region", "has no region"),
    ],
)
def test_an_absence_is_whole_and_a_place_is_one_that_there_is(leads_desk, handler, changes, field, fault):
    address = reverse("admin:cases_user_change", args=[handler.pk])
    answer = leads_desk.post(address, person(handler, **changes))
    assert fault in str(answer.context["adminform"].form.errors[field])


def test_a_lead_enters_an_absence_a_manager_and_a_place(leads_desk, handler, lead):
    given = {"away_from": "2026-11-16", "away_until": "2026-11-20", "manager": lead.pk, "country": "GB"}
    leads_desk.post(
        reverse("admin:cases_user_change", args=[handler.pk]),
        person(handler, region="SCT", time_zone="Europe/Riga", **given),
    )
    handler.refresh_from_db()
    assert (handler.away_from, handler.away_until, handler.manager) == (NEXT_MONDAY, date(2026, 11, 20), lead)
    assert "away from 16 November 2026 to 20 November 2026" in shown(
        leads_desk.get(reverse("admin:cases_user_changelist"))
    )


@pytest.fixture
def away(handler):
    """Ines, who is away this week."""
    handler.away_from, handler.away_until = MONDAY, FRIDAY
    handler.save()
    return handler


def test_assigning_to_somebody_who_is_away_says_until_when_and_asks_to_confirm(leads_desk, case, away):
    assign = reverse("admin:cases_case_verb", args=[case.pk, "assign"])
    assert "Inês Carvalho (away until 13 November 2026)" in shown(leads_desk.get(assign))
    answer = leads_desk.post(assign, {"handler": away.pk})
    assert "away until 13 November 2026" in answer.context["form"].errors["handler"][0]
    assert Case.objects.get(pk=case.pk).handler is None
    leads_desk.post(assign, {"handler": away.pk, "although_away": "on"})
    assert Case.objects.get(pk=case.pk).handler == away


def test_nobody_promises_for_somebody_who_is_away_that_day(leads_desk, case, away):
    answer = leads_desk.post(
        reverse("admin:cases_case_verb", args=[case.pk, "agreement"]),
        {
            "summary": "A fridge.",
            "rows": "1",
            "promise-0-what": "Deliver it",
            "promise-0-owner": away.pk,
            "promise-0-due_on": "2026-11-13",
        },
    )
    assert "away until 13 November 2026" in str(answer.context["form"].rows[0].errors["owner"])
    assert not case.commitments.exists()


def test_the_page_of_a_case_says_who_keeps_a_promise_now(leads_desk, work, handler, taker, lead):
    hand_over(handler, taker, lead)
    said = shown(leads_desk.get(reverse("admin:cases_case_change", args=[work[2].pk])))
    assert "Inês Carvalho" in said
    assert "now Tomás Lindqvist" in said


def test_the_page_asks_a_fixed_number_of_questions_whatever_there_is_to_hand_over(
    leads_desk, complaint, handler, lead, django_assert_max_num_queries
):
    for _ in range(12):
        case = intake.receive(replace(complaint), on=MONDAY)
        case.assign(handler, on=MONDAY, by=lead)
        case.agree("A fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=lead)
    with django_assert_max_num_queries(14):
        leads_desk.get(page(handler))
