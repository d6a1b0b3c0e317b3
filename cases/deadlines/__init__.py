"""Counting days. Pure: no database, no clock; every function is told its days.

A day is walked, never subtracted, so that one more day off can only make a date later, and so that every date can say
day by day why it is what it is.
"""

from .calendar import Calendar, NoCalendar, day_off, due_before, working_days_after, working_days_between
from .counting import count
from .explained import Day, Explained
from .limit import CountFrom, Limit, Roll, Unit

__all__ = [
    "Calendar",
    "CountFrom",
    "Day",
    "Explained",
    "Limit",
    "NoCalendar",
    "Roll",
    "Unit",
    "count",
    "day_off",
    "due_before",
    "working_days_after",
    "working_days_between",
]
