from .agreement import Agreement
from .append_only import WrittenOnce
from .attachment import Attachment
from .case import Case, Channel, Responsibility, RootCause, Situation
from .commitment import Commitment
from .conversation import Conversation, Medium
from .customer import Customer, Title
from .event import Event
from .followup import Digest, FollowUp, Kind, Reminder, Step
from .involvement import CopyAs, Involvement, Part
from .moving import GateClosed, Refused, WrongStage
from .organisation import Organisation
from .point import Outcome, Point
from .user import Role, User
from .working import Promise

__all__ = [
    "Agreement",
    "Attachment",
    "Case",
    "Channel",
    "Commitment",
    "Conversation",
    "CopyAs",
    "Customer",
    "Digest",
    "Event",
    "FollowUp",
    "GateClosed",
    "Involvement",
    "Kind",
    "Medium",
    "Organisation",
    "Outcome",
    "Part",
    "Point",
    "Promise",
    "Refused",
    "Reminder",
    "Responsibility",
    "Role",
    "RootCause",
    "Situation",
    "Step",
    "Title",
    "User",
    "WrittenOnce",
    "WrongStage",
]
