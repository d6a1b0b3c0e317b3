from .agreement import Agreement
from .answer import Answer
from .append_only import WrittenOnce
from .asking import AlreadyAnswered
from .attachment import Attachment
from .calendar import CalendarDay, Calendars, calendar_of, office
from .case import Case, Channel, Responsibility, Situation
from .commitment import Commitment
from .conduct import Conduct, ConductStep
from .conversation import Conversation, Medium
from .corrective_action import CorrectiveAction
from .counting import calendar_by, own_calendar, rules_of
from .customer import Customer, Title
from .deadline import Deadline, Extension, Pause, Retiming
from .event import Event
from .figures import Figures
from .following import why_not_cancelled, why_not_moved
from .followup import Digest, FollowUp, Kind, Reminder, Step, Through
from .guarding import note_readings
from .involvement import CopyAs, Involvement, Part
from .limiting import Limits
from .moving import GateClosed, Refused, WrongStage, record_for_each
from .organisation import Organisation
from .playbook import PlaybookVersion
from .point import Outcome, Point
from .promise import Promise, PromisedCall, PromisedContact
from .promising import NOT_RUNG
from .reading import Reading
from .recounting import Move, carry_out
from .root_cause import RootCause
from .rule_check import RuleCheck, as_checked
from .saved_view import SavedView
from .searchable import Searchable
from .sweep import Sweep
from .tag import Tag
from .team import Team
from .trend import Of, Trend
from .user import Role, User
from .waiting import WaitingOn

__all__ = [
    "NOT_RUNG",
    "Agreement",
    "AlreadyAnswered",
    "Answer",
    "Attachment",
    "CalendarDay",
    "Calendars",
    "Case",
    "Channel",
    "Commitment",
    "Conduct",
    "ConductStep",
    "Conversation",
    "CopyAs",
    "CorrectiveAction",
    "Customer",
    "Deadline",
    "Digest",
    "Event",
    "Extension",
    "Figures",
    "FollowUp",
    "GateClosed",
    "Involvement",
    "Kind",
    "Limits",
    "Medium",
    "Move",
    "Of",
    "Organisation",
    "Outcome",
    "Part",
    "Pause",
    "PlaybookVersion",
    "Point",
    "Promise",
    "PromisedCall",
    "PromisedContact",
    "Reading",
    "Refused",
    "Reminder",
    "Responsibility",
    "Retiming",
    "Role",
    "RootCause",
    "RuleCheck",
    "SavedView",
    "Searchable",
    "Situation",
    "Step",
    "Sweep",
    "Tag",
    "Team",
    "Through",
    "Title",
    "Trend",
    "User",
    "WaitingOn",
    "WrittenOnce",
    "WrongStage",
    "as_checked",
    "calendar_by",
    "calendar_of",
    "carry_out",
    "note_readings",
    "office",
    "own_calendar",
    "record_for_each",
    "rules_of",
    "why_not_cancelled",
    "why_not_moved",
]
