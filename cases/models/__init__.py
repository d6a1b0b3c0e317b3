from .agreement import Agreement
from .answer import Answer
from .append_only import WrittenOnce
from .asking import AlreadyAnswered
from .attachment import Attachment
from .calendar import CalendarDay, Calendars, calendar_of, office
from .case import Case, Channel, Responsibility, RootCause, Situation
from .commitment import Commitment
from .conversation import Conversation, Medium
from .counting import calendar_by, own_calendar, rules_of
from .customer import Customer, Title
from .deadline import Deadline, Extension, Pause, Retiming
from .event import Event
from .following import why_not_cancelled, why_not_moved
from .followup import Digest, FollowUp, Kind, Reminder, Step, Through
from .involvement import CopyAs, Involvement, Part
from .moving import GateClosed, Refused, WrongStage, record_for_each
from .organisation import Organisation
from .point import Outcome, Point
from .promising import Promise
from .recounting import Move, carry_out
from .sweep import Sweep
from .user import Role, User

__all__ = [
    "Agreement",
    "AlreadyAnswered",
    "Answer",
    "Attachment",
    "CalendarDay",
    "Calendars",
    "Case",
    "Channel",
    "Commitment",
    "Conversation",
    "CopyAs",
    "Customer",
    "Deadline",
    "Digest",
    "Event",
    "Extension",
    "FollowUp",
    "GateClosed",
    "Involvement",
    "Kind",
    "Medium",
    "Move",
    "Organisation",
    "Outcome",
    "Part",
    "Pause",
    "Point",
    "Promise",
    "Refused",
    "Reminder",
    "Responsibility",
    "Retiming",
    "Role",
    "RootCause",
    "Situation",
    "Step",
    "Sweep",
    "Through",
    "Title",
    "User",
    "WrittenOnce",
    "WrongStage",
    "calendar_by",
    "calendar_of",
    "carry_out",
    "office",
    "own_calendar",
    "record_for_each",
    "rules_of",
    "why_not_cancelled",
    "why_not_moved",
]
