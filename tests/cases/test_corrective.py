"""A cause is met by an action with an owner and a day; the figures say whether it helped, and one that did not asks for
another."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import corrective
from cases.models import Case, CorrectiveAction, Digest, Refused, Reminder, RootCause
from casetracker import clock
from letters import reminding
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


def planned(owner, by, **changes):
    plan = {"cause": RootCause.DELAY, "what": "Ring before we come", "why": "", "owner": owner}
    return corrective.open_action(
        **plan | {"due_on": FRIDAY, "check_on": NEXT_MONDAY, "on": MONDAY, "by": by} | changes
    )


def test_it_is_opened_for_a_cause_and_its_cases_know(case, handler, lead):
    action = planned(handler, lead, cases=[case])
    assert (action.owner_name, action.opened_by_name) == ("Inês Carvalho", "Amara Nwosu")
    assert "Ring before we come" in case.events.last().text
    assert list(CorrectiveAction.objects.outstanding()) == [action]
    assert list(CorrectiveAction.objects.overdue(on=NEXT_MONDAY)) == [action]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": MONDAY - timedelta(days=1)}, "due_on"),
        ({"check_on": TUESDAY}, "check_on"),
        ({"owner": None}, "owner"),
    ],
)
def test_what_nobody_could_do_is_refused(handler, lead, changes, field):
    with pytest.raises(ValidationError) as refused:
        planned(**{"owner": handler, "by": lead} | changes)
    assert field in refused.value.message_dict


def test_it_is_done_once_and_checked_once(handler, lead):
    action = planned(handler, lead)
    with pytest.raises(Refused):
        corrective.check(action, True, found="None came.", on=TUESDAY, by=lead)
    corrective.do(action, how="Everybody rings now.", on=TUESDAY)
    with pytest.raises(Refused):
        corrective.do(action, how="Again.", on=TUESDAY)
    assert list(CorrectiveAction.objects.to_check(on=NEXT_MONDAY)) == [action]
    corrective.check(action, True, found="None came.", on=NEXT_MONDAY, by=lead)
    with pytest.raises(Refused):
        corrective.check(action, False, found="They did.", on=NEXT_MONDAY, by=lead)
    assert action.effective


def test_one_that_did_not_help_asks_for_another(handler, lead):
    action = planned(handler, lead)
    corrective.do(action, how="Everybody rings now.", on=TUESDAY)
    corrective.check(action, False, found="As many came.", on=FRIDAY, by=lead)
    assert list(corrective.without_successor()) == [action]
    planned(handler, lead, cause=RootCause.BILLING, on=FRIDAY, due_on=NEXT_MONDAY)
    assert list(corrective.without_successor()) == [action]
    planned(handler, lead, on=FRIDAY, due_on=NEXT_MONDAY)
    assert not corrective.without_successor().exists()


def test_the_figures_say_before_and_after(case, handler, lead):
    Case.objects.update(root_cause=RootCause.DELAY)
    action = planned(handler, lead)
    corrective.do(action, how="Everybody rings now.", on=FRIDAY)
    months = corrective.by_month(action, Case.objects.all(), on=date(2027, 1, 20))
    assert len(months) == corrective.MONTHS_SHOWN
    assert [(month.number, month.when) for month in months[-3:]] == [(1, "before"), (0, "after"), (0, "after")]
    assert corrective.per_month(months, "after") == 0
    assert corrective.per_month(months, "before") == pytest.approx(0.1)


def test_an_overdue_one_stands_in_the_days_digest_of_its_owner_and_of_leads(case, handler, lead, reader):
    action = planned(handler, lead)
    for person, told in ((handler, [action]), (lead, [action]), (reader, [])):
        digest = Digest.objects.create(to_name=str(person), to_email=person.email, day=NEXT_MONDAY)
        followup = case.followups.outstanding().first()
        Reminder.objects.create(followup=followup, step="due", to_name="", to_email=person.email, digest=digest)
        assert reminding.values(digest)["overdue_actions"] == told
    corrective.do(action, how="Everybody rings now.", on=NEXT_MONDAY)
    assert reminding.values(digest)["overdue_actions"] == []


# --- the pages ---


def test_from_a_case_to_an_action_that_helped(leads_desk, ready, lead):
    page = leads_desk.get(reverse("admin:cases_case_change", args=[ready.pk])).content.decode()
    new = f"{reverse('admin:cases_action_new')}?case={ready.pk}"
    assert new in page
    assert leads_desk.get(new).context["form"].initial["cause"] == "product_fault"
    typed = {"cause": "product_fault", "what": "Look at each", "owner": lead.pk}
    answer = leads_desk.post(new, typed | {"due_on": "2026-11-13", "check_on": "2026-11-16"})
    action = CorrectiveAction.objects.get()
    assert answer.url == reverse("admin:cases_action", args=[action.pk])
    assert list(action.cases.all()) == [ready]
    assert leads_desk.post(answer.url, {"how": "Done."}).status_code == 302
    assert leads_desk.post(answer.url, {"effective": "yes", "found": "None came."}).status_code == 302
    action.refresh_from_db()
    assert (action.effective, action.checked_by_name) == (True, str(lead))
    assert "it helped" in leads_desk.get(answer.url).content.decode()
    assert "Look at each" in leads_desk.get(reverse("admin:cases_actions")).content.decode()


def test_a_day_that_is_past_is_shown_at_its_field(leads_desk, lead):
    typed = {"cause": "delay", "what": "Ring", "owner": lead.pk, "due_on": "2026-11-01", "check_on": "2026-11-16"}
    answer = leads_desk.post(reverse("admin:cases_action_new"), typed)
    assert answer.context["form"].errors["due_on"]
    assert not CorrectiveAction.objects.exists()


def test_a_reader_reads_and_does_nothing(client, on_tuesday, reader, handler, lead):
    action = planned(handler, lead)
    client.force_login(reader)
    page = client.get(reverse("admin:cases_action", args=[action.pk]))
    assert page.context["form"] is None
    assert client.post(reverse("admin:cases_action", args=[action.pk]), {"how": "Done."}).status_code == 403
    assert client.get(reverse("admin:cases_action_new")).status_code == 403
    assert clock.today() == TUESDAY
