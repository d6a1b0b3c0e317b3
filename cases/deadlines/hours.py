"""Hours that pass, whatever the clocks on the wall do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .explained import Day

AN_HOUR = timedelta(hours=1)
NOTHING = timedelta(0)


def local(anchor: date | datetime, zone: ZoneInfo) -> date | datetime:
    """The same instant as the clocks of `zone` show it; a day stays as it is. An hour that they skip is the one that
    they show instead, and of one that they show twice it is the first, unless `fold` says the second."""
    if not isinstance(anchor, datetime):
        return anchor
    if anchor.tzinfo is None:
        anchor = anchor.replace(tzinfo=zone)
    return anchor.astimezone(UTC).astimezone(zone)


def run_hours(
    anchor: date | datetime, number: int, *, zone: ZoneInfo, stood: Callable[[date], str | None]
) -> tuple[list[Day], datetime]:
    """Each day until `number` hours have passed since `anchor`, and the instant (UTC) at which they have. On a day for
    which `stood` names a reason none pass."""
    start = anchor.astimezone(UTC) if isinstance(anchor, datetime) else _midnight(anchor, zone)
    day = anchor.date() if isinstance(anchor, datetime) else anchor
    now, left, days = start, number * AN_HOUR, []
    while left:
        end = _midnight(day + timedelta(days=1), zone)
        reason = stood(day)
        passed = NOTHING if reason else min(left, end - now)
        left -= passed
        so_far = (number * AN_HOUR - left) // AN_HOUR
        why = reason or _in_words(passed, now, now + passed, zone)
        days.append(Day(day, bool(passed), so_far if passed else None, why))
        now, day = (end if left else now + passed), day + timedelta(days=1)
    if now == end:
        days.append(Day(day, False, None, "The hours end as the day begins"))
    return days, now


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which `day` begins, which is not 00:00 where the clocks skip it."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _in_words(passed, begin, end, zone) -> str:
    if not passed:
        return "There is no such day here"
    hours, rest = divmod(passed, AN_HOUR)
    much = f"{hours} hour{'' if hours == 1 else 's'}" + (f" {rest // timedelta(minutes=1)} minutes" if rest else "")
    begin, end = begin.astimezone(zone), end.astimezone(zone)
    change = end.utcoffset() - begin.utcoffset()
    moved = f"; the clocks go {'forward' if change > NOTHING else 'back'}" if change else ""
    return f"{much}, {begin:%H:%M} to {end:%H:%M}{moved}"
