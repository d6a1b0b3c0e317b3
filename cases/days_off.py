"""Our own days off and extra working days: how the calendar may be changed. What that moves is told by retiming."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cases.deadlines import NoCalendar
from cases.deadlines.published import published
from cases.models import CalendarDay, Calendars, Organisation, Refused

SOMEBODY_ELSE = "Somebody else changed this day a moment ago. Look at the calendar again."


@dataclass(frozen=True)
class Change:
    """A day of our own calendar before and after: `before` is None for a new one, `after` for one that goes."""

    before: CalendarDay | None
    after: CalendarDay | None

    @property
    def days(self) -> list[CalendarDay]:
        return [day for day in (self.before, self.after) if day]

    def applied_to(self, days) -> list[CalendarDay]:
        kept = [day for day in days if self.before is None or day.pk != self.before.pk]
        return [*kept, self.after] if self.after else kept

    @transaction.atomic
    def save(self):
        """The day stands in the calendar, or is gone from it; no deadline moves by that. Raises Refused when somebody
        else changed it since it was looked at."""
        if self.before and not _as_seen(self.before).select_for_update().exists():
            raise Refused(SOMEBODY_ELSE)
        if self.after is None:
            self.before.delete()
            return
        try:
            with transaction.atomic():
                self.after.save()
        except IntegrityError:
            raise Refused(SOMEBODY_ELSE) from None


def objection(change: Change, *, on) -> str:
    """Why our calendar is not changed like this, in a sentence; empty when it may be."""
    for day in change.days:
        if day.day < on:
            return f"{in_full(day.day)} is past. Dates were counted by it; say at a case why something was late."
    return _no_use(change) if change.after else ""


def _no_use(change) -> str:
    day, others = change.after, Change(change.before, None).applied_to(CalendarDay.objects.all())
    twin = next((it for it in others if (it.day, it.organisation_id) == (day.day, day.organisation_id)), None)
    if twin:
        return f"{in_full(day.day)} stands in this calendar already: {twin.name}."
    calendars = Calendars(others)
    ours = calendars.of(day.organisation)
    try:
        published(ours.country, ours.region, day.day.year)
    except NoCalendar as error:
        return str(error)
    reasons = list(_reasons(day, calendars))
    if reasons and all(reasons) and not day.works:
        return f"{in_full(day.day)} is off anyway: {reasons[0]}."
    if reasons and not any(reasons) and day.works:
        return f"{in_full(day.day)} is a working day anyway."
    return ""


def _reasons(day, calendars) -> Iterator[str | None]:
    """Why the day is off without this change, for everybody whose calendar it is. Nothing is said of a year that waits
    for its exchanged days: they are entered one after the other."""
    for whom in [day.organisation] if day.organisation else [None, *Organisation.objects.all()]:
        try:
            yield calendars.of(whom).day_off(day.day)
        except NoCalendar:
            continue


def in_full(day) -> str:
    return f"{day:%A, %-d %B %Y}"


def _as_seen(day):
    same = {"organisation": day.organisation_id, "day": day.day, "works": day.works}
    return CalendarDay.objects.filter(pk=day.pk, **same)
