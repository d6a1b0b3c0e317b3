"""What each person is told lies gathered: one digest a day, made when their working day opens or later; what is urgent
goes at once, in an e-mail of its own, while they may be awake. What arises after a day's digest waits for the next."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Case, Q, Value, When

from cases import ladders
from cases.deadlines import NoCalendar
from cases.models import Calendars, Digest, Reminder, User, office
from cases.models.followup import opening, zone_of

log = logging.getLogger(__name__)

PEOPLE = 50  # a transaction
ROWS = 5000  # an UPDATE
WAKES, SLEEPS = time(7), time(21)  # people-facing mail keeps quiet hours


@dataclass(frozen=True)
class Hour:
    """How late it is for somebody."""

    day: date
    awake: bool
    at_work: bool


def gather(*, at):
    """All that waits for somebody and may reach them now is part of a digest of theirs."""
    people = [""]
    while people := _next_people(people[-1]):
        try:
            _gather(people, at=at)
        except IntegrityError:  # of two that make somebody's digest of the day, one has made it
            log.info("Somebody else gathered reminders of the same people at this moment.")


def at_work(*, at) -> datetime:
    """`at` while the office works; else when it opens next."""
    if _hour(None, Calendars(), at=at).at_work:
        return at
    day, calendar = at.astimezone(ZoneInfo(zone_of(None))).date(), office()
    while opening(day) <= at or not _works(calendar, day):
        day += timedelta(days=1)
    return opening(day)


def _next_people(last) -> list[str]:
    waiting = Reminder.objects.filter(digest=None, to_email__gt=last).order_by("to_email")
    return list(waiting.values_list("to_email", flat=True).distinct()[:PEOPLE])


@transaction.atomic
def _gather(people, *, at):
    hours = _hours(people, at=at)
    had = Digest.objects.filter(to_email__in=people, day__in={hour.day for hour in hours.values()})
    gone = set(had.values_list("to_email", "day"))
    for_today = {email for email, hour in hours.items() if hour.at_work and (email, hour.day) not in gone}
    made = []
    for (email, urgent), reminders in _claim(people, hours, for_today).items():
        if any(reminder.followup.is_outstanding for reminder in reminders):
            day = None if urgent else hours[email].day
            digest = Digest(to_name=reminders[0].to_name, to_email=email, made_at=at, urgent=urgent, day=day)
            made.append((digest, [reminder.pk for reminder in reminders]))
    Digest.objects.bulk_create(digest for digest, _reminders in made)
    _put_in(made)


def _claim(people, hours, for_today) -> dict[tuple, list[Reminder]]:
    """What may reach them now, by address and urgency; nobody else has it until the transaction ends."""
    awake = {email for email, hour in hours.items() if hour.awake}
    at_any_hour = Q(followup__kind=ladders.AT_ANY_HOUR[0], step=ladders.AT_ANY_HOUR[1], to_email__in=people)
    may_go = Q(urgent=False, to_email__in=for_today) | Q(urgent=True, to_email__in=awake) | at_any_hour
    waiting = Reminder.objects.filter(may_go, digest=None).select_related("followup").order_by("pk")
    found = defaultdict(list)
    for reminder in waiting.select_for_update(of=("self",), skip_locked=True):
        found[reminder.to_email, reminder.urgent].append(reminder)
    return found


def _put_in(digests):
    """The reminders belong to their digests: `digests` holds each with the keys of its reminders."""
    rows = [(pk, digest.pk) for digest, reminders in digests for pk in reminders]
    for start in range(0, len(rows), ROWS):
        part = defaultdict(list)
        for pk, digest in rows[start : start + ROWS]:
            part[digest].append(pk)
        whens = [When(pk__in=pks, then=Value(digest)) for digest, pks in part.items()]
        Reminder.objects.filter(pk__in=[pk for pks in part.values() for pk in pks]).update(digest=Case(*whens))


def _hours(people, *, at) -> dict[str, Hour]:
    users = {user.email: user for user in User.objects.filter(email__in=people)}
    calendars = Calendars()
    return {email: _hour(users.get(email), calendars, at=at) for email in people}


def _hour(user, calendars, *, at) -> Hour:
    now = at.astimezone(ZoneInfo(zone_of(user)))
    place = {"country": str(user.country), "region": user.region} if user else {}
    awake = WAKES <= now.time() < SLEEPS
    at_work = awake and now.time() >= ladders.OPENS and _works(calendars.of(None, **place), now.date())
    return Hour(now.date(), awake=awake, at_work=at_work)


def _works(calendar, day) -> bool:
    try:
        return not calendar.day_off(day)
    except NoCalendar:  # better told on a holiday than never
        return True
