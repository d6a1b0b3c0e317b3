"""What a person is told comes as one digest a day when their day begins; what is urgent at once, but never at night."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases import digests, followups
from cases.models import CalendarDay, Digest, FollowUp, Kind, Reminder, Step
from cases.models.followup import opening
from tests.cases.reminding import THURSDAY, WEDNESDAY, at, plan, plan_many
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY


@pytest.fixture
def her_case(case, lead, handler):
    """Eleanor's case, which Inês looks after; nothing but what a test plans is due."""
    case.assign(handler, on=MONDAY, by=lead)
    case.followups.outstanding().update(done_on=MONDAY)
    return case


def mails(email):
    """The digests of a person: hour, urgent or not, how many reminders."""
    rows = Digest.objects.filter(to_email=email).order_by("pk")
    return [(f"{one.made_at:%a %H:%M}", one.urgent, one.reminders.count()) for one in rows]


def test_one_digest_holds_all_that_one_person_is_told(her_case, handler):
    plan(her_case, Kind.CONTACT, TUESDAY)
    plan(her_case, Kind.LETTER, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    digest = Digest.objects.get()
    assert (digest.to_email, digest.day, digest.urgent) == (handler.email, TUESDAY, False)
    assert digest.reminders.count() == 2


def test_what_arises_after_the_days_digest_waits_for_the_next_working_morning(her_case, handler):
    plan(her_case, Kind.CONTACT, FRIDAY)
    followups.carry_out(at=opening(FRIDAY))
    late = plan(her_case, Kind.LETTER, FRIDAY)
    for hour in (at(FRIDAY, 15), at(SATURDAY, 10), at(NEXT_MONDAY, 7, 59)):
        followups.carry_out(at=hour)
    assert mails(handler.email) == [("Fri 08:00", False, 1)]
    followups.carry_out(at=opening(NEXT_MONDAY))
    assert mails(handler.email)[1][:2] == ("Mon 08:00", False)
    assert Digest.objects.last().reminders.filter(followup=late).exists()


def test_nobody_gets_a_digest_on_a_day_off_of_theirs(her_case, handler):
    CalendarDay.objects.create(day=WEDNESDAY, name="The office moves")
    plan(her_case, Kind.CONTACT, THURSDAY)
    plan(her_case, Kind.CALLBACK, WEDNESDAY, due_at=at(WEDNESDAY, 14))
    followups.carry_out(at=at(WEDNESDAY, 12))
    assert mails(handler.email) == []
    followups.carry_out(at=opening(THURSDAY))
    assert ("Thu 08:00", False, 2) in mails(handler.email)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Riga", ["Tue 06:00"]),
        ("America/New_York", ["Tue 13:00"]),
        ("Asia/Tokyo", ["Mon 23:00"]),
    ],
)
def test_the_morning_is_that_of_the_receiver(her_case, handler, zone, hours):
    handler.time_zone = zone
    handler.save()
    plan(her_case, Kind.CONTACT, TUESDAY)
    for hour in range(24 * 2):
        followups.carry_out(at=at(MONDAY, 12) + timedelta(hours=hour, minutes=0))
    assert [hour for hour, *_ in mails(handler.email)][:1] == hours


def test_the_working_days_are_those_of_the_receiver(her_case, lead, handler):
    """Amara works from Sunday to Thursday, so what is overdue on Friday reaches her on Sunday."""
    lead.country = "SA"
    lead.save()
    plan(her_case, Kind.CONTACT, THURSDAY)
    for day in range(5):
        followups.carry_out(at=opening(THURSDAY + timedelta(days=day)))
    assert mails(lead.email) == [("Sun 08:00", False, 1)]
    assert mails(handler.email) == [("Thu 08:00", False, 1), ("Fri 08:00", False, 1)]


def test_nobody_is_written_to_late_in_the_evening_when_the_clockwork_comes_back(her_case, handler):
    plan(her_case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=at(TUESDAY, 22))
    assert mails(handler.email) == []
    followups.carry_out(at=opening(WEDNESDAY))
    assert mails(handler.email) == [("Wed 08:00", False, 2)]


@pytest.mark.parametrize(
    ("hour", "works"),
    [
        (at(TUESDAY, 10), at(TUESDAY, 10)),
        (at(TUESDAY, 3), opening(TUESDAY)),
        (at(FRIDAY, 22), opening(NEXT_MONDAY)),
        (at(SATURDAY, 12), opening(NEXT_MONDAY)),
    ],
)
def test_the_office_works_now_or_from_its_next_opening(db, hour, works):
    assert digests.at_work(at=hour) == works


def test_somebody_whose_zone_nobody_knows_is_told_at_the_hours_of_the_office(her_case, handler):
    type(handler).objects.filter(pk=handler.pk).update(time_zone="Mars/Olympus_Mons")
    plan(her_case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    assert mails(handler.email) == [("Tue 08:00", False, 1)]


# --- urgent -----------------------------------------------------------------------------------------------------------


def call(case, hour):
    return plan(case, Kind.CALLBACK, hour.date(), due_at=hour)


def test_a_call_at_an_hour_is_a_mail_of_its_own_besides_the_digest(her_case, lead, handler):
    call(her_case, at(TUESDAY, 14))
    for hour in (at(TUESDAY, 8), at(TUESDAY, 13, 44), at(TUESDAY, 13, 45), at(TUESDAY, 15)):
        followups.carry_out(at=hour)
    assert mails(handler.email) == [("Tue 08:00", False, 1), ("Tue 13:45", True, 1), ("Tue 15:00", True, 1)]
    assert mails(lead.email) == [("Tue 15:00", True, 1)]


def test_a_call_agreed_for_the_night_keeps_its_hour_but_that_it_was_missed_waits_for_the_morning(
    her_case, lead, handler
):
    call(her_case, at(TUESDAY, 22))
    for hour in (at(TUESDAY, 21, 45), at(TUESDAY, 23), at(WEDNESDAY, 6, 59), at(WEDNESDAY, 7)):
        followups.carry_out(at=hour)
    assert ("Tue 21:45", True, 1) in mails(handler.email)
    assert mails(lead.email) == [("Wed 07:00", True, 1)]


def test_what_is_urgent_goes_out_on_a_saturday(her_case, handler):
    call(her_case, at(SATURDAY, 11))
    followups.carry_out(at=at(SATURDAY, 10, 45))
    assert ("Sat 10:45", True, 1) in mails(handler.email)


def test_the_night_is_that_of_the_receiver(her_case, lead, handler):
    lead.time_zone = "America/Los_Angeles"
    lead.save()
    call(her_case, at(TUESDAY, 14))
    for hour in (at(TUESDAY, 13, 45), at(TUESDAY, 15), at(TUESDAY, 16)):
        followups.carry_out(at=hour)
    assert mails(lead.email) == [("Tue 15:00", True, 1)]  # seven in the morning there


# --- what is settled meanwhile ----------------------------------------------------------------------------------------


def test_nobody_is_told_of_what_was_done_before_their_digest_came(her_case, handler):
    plan(her_case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=at(TUESDAY, 22))
    FollowUp.objects.update(done_on=TUESDAY)
    followups.carry_out(at=opening(WEDNESDAY))
    assert mails(handler.email) == []


# --- once -------------------------------------------------------------------------------------------------------------


def test_to_gather_twice_makes_one_digest(her_case, handler):
    plan(her_case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    digests.gather(at=opening(TUESDAY))
    assert mails(handler.email) == [("Tue 08:00", False, 1)]


def test_the_database_refuses_a_second_digest_of_a_day(her_case, handler):
    plan(her_case, Kind.CONTACT, TUESDAY)
    followups.carry_out(at=opening(TUESDAY))
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(to_name="Inês", to_email=handler.email, day=TUESDAY)


def test_all_that_was_ever_told_is_part_of_a_digest_in_the_end(her_case, lead, handler):
    for kind, day in ((Kind.DEADLINE, TUESDAY), (Kind.CONTACT, FRIDAY), (Kind.LETTER, SATURDAY)):
        plan(her_case, kind, day)
    call(her_case, at(SATURDAY, 23))
    for hour in range(24 * 14):
        followups.carry_out(at=at(MONDAY, 0) + timedelta(hours=hour))
    assert Reminder.objects.count() > 6
    assert not Reminder.objects.filter(digest=None).exists()


# --- many -------------------------------------------------------------------------------------------------------------


def test_gathering_costs_the_same_queries_for_one_reminder_and_for_many_people(her_case):
    costs = []
    for people, count in ((1, 1), (40, 1000)):
        waiting = {"step": Step.DUE, "planned_at": opening(TUESDAY), "made_at": opening(TUESDAY), "to_name": "Olu"}
        Reminder.objects.bulk_create(
            Reminder(followup=row, to_email=f"olu{number % people}@{people}.example.com", **waiting)
            for number, row in enumerate(plan_many(her_case, count, due_on=TUESDAY))
        )
        with CaptureQueriesContext(connection) as queries:
            digests.gather(at=opening(TUESDAY))
        assert Digest.objects.filter(to_email__endswith=f"@{people}.example.com").count() == people
        costs.append([query["sql"].split()[0] for query in queries])
    assert costs[0] == costs[1]
