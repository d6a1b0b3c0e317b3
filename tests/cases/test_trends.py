"""Five of a kind within thirty days are noticed once, told to the leads once, and come up anew only after five more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from cases import intake, tasks, trends
from cases.models import Case, CorrectiveAction, Digest, Of, Refused, RootCause, Sweep, Trend
from letters import reminding
from tests.conftest import MONDAY, TUESDAY, staff

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 10, 9, tzinfo=UTC)
NIGHT = datetime(2026, 11, 10, 2, tzinfo=UTC)


@pytest.fixture
def came(complaint):
    """So many complaints about a product come in on a day."""

    def came(number, *, on=MONDAY, product="Fridge", **changes):
        for _ in range(number):
            case = intake.receive(replace(complaint, received_on=on, product=product, **changes), on=max(on, MONDAY))
        return case

    return came


def test_four_are_none_and_five_are_one(came, lead):
    came(4)
    assert trends.notice(at=MORNING) == 0
    came(1, product=" FRIDGE ")
    assert trends.notice(at=MORNING) == 1
    trend = Trend.objects.get()
    assert (trend.of, trend.value, trend.number, trend.since) == (Of.PRODUCT, "fridge", 5, MONDAY)


@pytest.mark.parametrize(("apart", "noticed"), [(29, 1), (30, 0)])
def test_they_count_within_thirty_days(came, apart, noticed):
    came(4, on=MONDAY - timedelta(days=apart))
    came(1)
    assert trends.notice(at=MORNING) == noticed


def test_causes_and_topics_count_as_well(came):
    came(5, product="", topic="Late")
    Case.objects.update(root_cause=RootCause.DELAY)
    trends.notice(at=MORNING)
    assert {(trend.of, trend.what) for trend in Trend.objects.all()} == {
        (Of.CAUSE, "Delay in answer or delivery"),
        (Of.TOPIC, "late"),
    }


def test_looking_again_makes_no_second_and_counts_what_came_meanwhile(came):
    came(5)
    trends.notice(at=MORNING)
    came(2, on=TUESDAY)
    assert trends.notice(at=MORNING) == 0
    assert Trend.objects.get().number == 7


def test_two_looks_at_once_make_one(came, monkeypatch):
    came(5)
    counted = trends.received_by_day

    def meanwhile(of, **stretch):
        found = counted(of, **stretch)
        if of == Of.PRODUCT and not Trend.objects.exists():
            Trend.objects.create(of=of, value="fridge", number=5, since=MONDAY, noticed_on=TUESDAY)
        return found

    monkeypatch.setattr(trends, "received_by_day", meanwhile)
    trends.notice(at=MORNING)
    assert Trend.objects.count() == 1


def test_what_happened_while_nobody_looked_is_noticed_later(came):
    came(5, on=date(2026, 9, 20))
    assert trends.notice(at=MORNING) == 1


def test_each_lead_is_told_once_and_not_at_night(came, lead, handler):
    staff("priya", "Priya", "Raghavan", "lead")
    came(5)
    trends.notice(at=NIGHT)
    assert not Digest.objects.exists()
    trends.notice(at=MORNING)
    trends.notice(at=MORNING + timedelta(minutes=1))
    assert {digest.to_email for digest in Digest.objects.all()} == {"amara@example.com", "priya@example.com"}
    assert Digest.objects.count() == 2


def test_the_email_names_it_and_leads_to_the_answer(came, lead):
    came(5)
    trends.notice(at=MORNING)
    told = reminding.values(Digest.objects.get())
    assert told["trends"] == [Trend.objects.get()]
    assert told["subject"] == reminding.TRENDED
    assert not told["nothing_left"]


def test_it_comes_up_again_only_after_five_more(came, lead):
    came(5)
    trends.notice(at=MORNING)
    trends.answer(Trend.objects.get(), words="A batch that is sold out.", on=TUESDAY, by=lead)
    assert trends.notice(at=MORNING) == 0
    later = TUESDAY + timedelta(days=7)
    came(4, on=later)
    assert trends.notice(at=MORNING + timedelta(days=8)) == 0
    came(1, on=later)
    assert trends.notice(at=MORNING + timedelta(days=8)) == 1
    assert Trend.objects.unanswered().get().number == 5


def test_it_is_answered_once_and_by_something(came, lead):
    came(5)
    trends.notice(at=MORNING)
    trend = Trend.objects.get()
    with pytest.raises(Refused):
        trends.answer(trend, on=TUESDAY, by=lead)
    trends.answer(trend, words="Sold out.", on=TUESDAY, by=lead)
    with pytest.raises(Refused):
        trends.answer(trend, words="Again.", on=TUESDAY, by=lead)


def test_the_sweep_says_that_it_ran(came):
    tasks.sweep_trends()
    assert Sweep.objects.get(name="trends").ended_at


# --- at the desk ---


def test_a_lead_answers_it_by_an_action(leads_desk, came, lead):
    came(5)
    trends.notice(at=MORNING)
    trend = Trend.objects.get()
    assert "fridge" in leads_desk.get(reverse("admin:cases_actions")).content.decode()
    shown = leads_desk.get(reverse("admin:cases_trend", args=[trend.pk]))
    assert shown.content.decode().count("The fridge came two days late") == 5
    typed = {"cause": "product_fault", "what": "Look at each", "owner": lead.pk}
    new = f"{reverse('admin:cases_action_new')}?trend={trend.pk}"
    leads_desk.post(new, typed | {"due_on": "2026-11-13", "check_on": "2026-11-16"})
    trend.refresh_from_db()
    assert trend.action == CorrectiveAction.objects.get()
    assert trend.answered_by_name == str(lead)


def test_a_lead_answers_it_by_a_reason(leads_desk, came):
    came(5)
    trends.notice(at=MORNING)
    trend = Trend.objects.get()
    page = reverse("admin:cases_trend", args=[trend.pk])
    assert leads_desk.post(page, {"words": ""}).context["form"].errors
    assert leads_desk.post(page, {"words": "Sold out."}).status_code == 302
    trend.refresh_from_db()
    assert trend.answer == "Sold out."
    assert "Answered on 10 November 2026" in leads_desk.get(page).content.decode()
