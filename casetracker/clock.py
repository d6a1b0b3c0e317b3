"""The only reader of the system clock. Everybody else is told: `on=` a date, `at=` an instant."""

from datetime import UTC, date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day at the office (settings.TIME_ZONE)."""
    return timezone.localdate(now())
