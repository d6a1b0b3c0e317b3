"""The hours of the office: what a clock on its wall shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError


def instant(day, hour) -> datetime:
    """When a clock in the office shows `hour` on `day`; of an hour that comes twice, the first. Raises ValidationError
    (field `hour`) for one that is skipped that night."""
    zone = ZoneInfo(settings.TIME_ZONE)
    wanted = datetime.combine(day, hour, tzinfo=zone)
    there = wanted.astimezone(UTC)
    if there.astimezone(zone).time() != hour:
        raise ValidationError({"hour": f"There is no {hour:%H:%M} on {day:%-d %B %Y}: the clocks are put forward."})
    return there
