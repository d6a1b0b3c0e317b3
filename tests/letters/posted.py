"""The letter that test_post_*.py send, and how they read what arrived."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

from letters import post

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA = "ana@customer.example"
PATIENT = post.Deadlines(connect=20, envelope=20, body=20, verdict=20)
QUICK = post.Deadlines(connect=20, envelope=0.6, body=1, verdict=20)  # for a server that fails before the dot
HASTY = post.Deadlines(connect=20, envelope=20, body=20, verdict=0.6)  # for one that fails after it


def letter(**changes):
    given = {
        "to_name": "Ana Ruiz",
        "to_address": ANA,
        "subject": "Your complaint C-1042",
        "text": "Dear Ms Ruiz,\n\nthank you for telling us.\n",
        "message_id": "<letter-1.1@example.com>",
        "at": MONDAY,
    }
    return post.compose(**given | changes)


def yes(archived):
    return True


def no(archived):
    return False


def send(message=None, *, to=ANA, handoff=yes, deadlines=PATIENT):
    return post.send(message or letter(), to=to, handoff=handoff, deadlines=deadlines)


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def words(raw):
    """The text of the mail, its line ends as in Python."""
    return read(raw).get_content().replace("\r\n", "\n")


def decoded(raw, header):
    """The header as RFC 2047 has it, independently of the library's address parser."""
    return str(make_header(decode_header(message_from_bytes(raw)[header])))
