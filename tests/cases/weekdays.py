"""Days in tests that are counted by hand carry their weekday, and it is looked at."""

from datetime import date, datetime


def day(written: str) -> date:
    """“Thu 2 Apr 2026”, which has to be a Thursday."""
    found = datetime.strptime(written.partition(" ")[2], "%d %b %Y").date()  # noqa: DTZ007 (a day has no zone)
    assert said(found) == written
    return found


def said(found: date) -> str:
    return f"{found:%a} {found.day} {found:%b %Y}"
