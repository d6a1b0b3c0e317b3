"""What must be true of the house after whatever happened to it, asked of the database and the mailboxes alone.

`check` answers what is not, in words, under three heads. What is unknown and on the list is no violation: it is the
honest third state of a letter whose answer was lost.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from pathlib import Path

from cases.stages import Stage

LATE = "interval '60 seconds'"  # a sweep comes every few seconds; what should have happened so long ago is late
LONGEST_LEASE = "interval '700 seconds'"
THE_ARCHIVE = "the archive mailbox"  # says that it settled what was unknown


@dataclass
class Found:
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # on the list of those about which a person decides
    settled: list[str] = field(default_factory=list)  # were unknown until their copy was found in the archive

    def wrong(self) -> list[str]:
        return self.lost + self.doubled + self.missed


@dataclass(frozen=True)
class Mail:
    key: str  # the Message-ID without its domain
    address: str  # where it went
    to: str  # whom it names


@dataclass
class House:
    """Where the questions look."""

    sql: Callable  # answers a query
    mailbox: list[Mail]
    journal: dict  # of each form that was sent, by its key: the pages that its visitor was shown
    media: Path


def check(sql, mail, journal, *, media) -> Found:
    house = House(sql, read(mail.mailbox), journal, Path(media))
    found = Found()
    for head, questions in HEADS.items():
        for question in questions:
            getattr(found, head).extend(question(house))
    return found


def read(mailbox) -> list[Mail]:
    """Every mail that lies there, as its headers tell."""
    parser, mails = BytesParser(policy=compat32), []
    for path in (Path(mailbox._path) / "new").iterdir():
        with path.open("rb") as file:
            head = parser.parse(file, headersonly=True)
        key = head["Message-ID"].strip("<> \n").rpartition("@")[0]
        mails.append(Mail(key, head["Delivered-To"], parseaddr(head["To"])[1]))
    return mails


# --- complaints -------------------------------------------------------------------------------------------------------


def complaints_that_are_gone(house):
    """Each complaint that a visitor was shown a page for is there."""
    there = {str(key): page for key, page in house.sql("SELECT submission_key, page_key FROM cases_case")}
    for key, pages in house.journal.items():
        for page in pages - {there.get(key)}:
            yield f"A visitor was shown the page {page}, and there is no such complaint of theirs."


def complaints_that_are_there_twice(house):
    """One form is one case, however often it was sent."""
    for (
        address,
        count,
    ) in house.sql("""SELECT email, count(*) FROM cases_case JOIN cases_customer c ON c.id = customer_id
            WHERE submission_key IS NOT NULL GROUP BY email, story HAVING count(*) > 1"""):
        yield f"The complaint of {address} is there {count} times."


def files_that_are_not_whole(house):
    """Each attachment is on the disk, byte for byte."""
    for pk, file, size, sha256 in house.sql("SELECT id, file, size, sha256 FROM cases_attachment"):
        path = house.media / file
        content = path.read_bytes() if path.is_file() else None
        if content is None:
            yield f"Attachment {pk} has lost its file."
        elif (len(content), hashlib.sha256(content).hexdigest()) != (size, sha256):
            yield f"Attachment {pk} is not the file that came in."


def histories_with_holes(house):
    """A case was received once, and stands where its history says it went last."""
    for (reference,) in house.sql("""SELECT reference FROM cases_case c
            WHERE (SELECT count(*) FROM cases_event e WHERE e.case_id = c.id AND kind = 'received') <> 1"""):
        yield f"The history of {reference} does not begin with one receipt."
    last = """SELECT kind FROM cases_event e WHERE e.case_id = c.id AND kind = ANY(%s)
        ORDER BY at DESC, id DESC LIMIT 1"""
    query = f"SELECT reference, stage FROM cases_case c WHERE stage <> coalesce(({last}), 'acknowledge')"
    for reference, stage in house.sql(query, list(Stage.values)):
        yield f"{reference} is at the stage {stage}, and its history does not say how it came there."


# --- letters ----------------------------------------------------------------------------------------------------------

KEY = "'letter.' || replace(message_key::text, '-', '')"  # of a delivery, as it stands in Message-ID
NOT_YET = "sent_at IS NULL AND refused_at IS NULL"

# Where an envelope stands. Each is in exactly one of these places.
STANDING = {
    "sent": "sent_at IS NOT NULL",
    "refused": "refused_at IS NOT NULL",
    "unknown": f"{NOT_YET} AND handoff_at IS NOT NULL AND settled_at IS NULL AND lease_until <= now()",
    "settled": f"{NOT_YET} AND handoff_at IS NOT NULL AND settled_at IS NOT NULL",
    "in hand": f"{NOT_YET} AND settled_at IS NULL AND lease_until > now()",
    "queued": f"{NOT_YET} AND handoff_at IS NULL AND (lease_until IS NULL OR lease_until <= now())",
}


def envelopes(house, *names):
    """(number, key, address) of those that stand at one of `names`."""
    places = " OR ".join(f"({STANDING[name]})" for name in names)
    return house.sql(f"SELECT id, {KEY}, to_email FROM letters_delivery WHERE NOT by_post AND ({places})")


def envelopes_in_no_place_or_two(house):
    truths = ", ".join(f"({condition}) IS TRUE" for condition in STANDING.values())
    for pk, *true in house.sql(f"SELECT id, {truths} FROM letters_delivery WHERE NOT by_post"):
        where = [name for name, here in zip(STANDING, true, strict=True) if here]
        if len(where) != 1:
            yield f"Delivery {pk} is {' and '.join(where) or 'in no place'}."


def letters_that_were_called_sent(house):
    """What is sent is in the mailbox; what a person says has arrived, they know from elsewhere."""
    there = {mail.key for mail in house.mailbox}
    by_a_person = "SELECT id FROM letters_delivery WHERE settled_at IS NOT NULL AND settled_by_name <> %s"
    settled = {pk for (pk,) in house.sql(by_a_person, THE_ARCHIVE)}
    for pk, key, address in envelopes(house, "sent"):
        if key not in there and pk not in settled:
            yield f"Delivery {pk} to {address} is called sent, and nobody has it."
    for (pk,) in house.sql("""SELECT id FROM letters_delivery WHERE sent_at IS NOT NULL
            AND smtp_code IS NULL AND archived_at IS NULL AND settled_at IS NULL"""):
        yield f"Delivery {pk} is called sent, and nobody said so."


def letters_that_arrived_twice(house):
    """Nobody has the same mail twice, or the same letter in two mails, unless a person sent it again."""
    for (key, address), count in Counter((mail.key, mail.address) for mail in house.mailbox).items():
        if count > 1:
            yield f"{address} has the mail {key} {count} times."
    whole = "SELECT letter_id, copy_id, digest_id"
    letters = {
        key: content
        for key, *content in house.sql(
            f"SELECT {KEY}, {whole.removeprefix('SELECT ')} FROM letters_delivery WHERE resend_of_id IS NULL"
        )
    }
    mails = defaultdict(set)
    for mail in house.mailbox:
        if mail.key in letters:
            mails[tuple(letters[mail.key]), mail.address].add(mail.key)
    for (letter, address), keys in mails.items():
        if len(keys) > 1:
            yield f"{address} has letter {letter[0]} in {len(keys)} mails."


def letters_that_will_arrive_twice(house):
    """What is in the mailbox is sent, unknown or still in the hands of a worker."""
    there = {mail.key for mail in house.mailbox}
    for pk, key, address in envelopes(house, "queued", "refused"):
        if key in there:
            yield f"Delivery {pk} to {address} is there, and is not known to be."


def mails_of_nobody(house):
    """Each mail is an envelope of ours, and went to the one person whom both name."""
    addresses = dict(house.sql(f"SELECT {KEY}, to_email FROM letters_delivery"))
    for mail in house.mailbox:
        if {mail.to, addresses.get(mail.key)} != {mail.address}:
            yield f"{mail.address} has the mail {mail.key}, which is not for them."


def letters_that_nobody_looks_after(house):
    """Nothing waits that should not, nobody holds on to a letter for longer than anybody may, and somebody is asked
    about each that did not arrive."""
    for (pk,) in house.sql(f"""SELECT id FROM letters_delivery WHERE NOT by_post AND {STANDING["queued"]}
            AND greatest(due_at, lease_until) < now() - {LATE}"""):
        yield f"Delivery {pk} waits, and nobody sends it."
    for (pk,) in house.sql(f"""SELECT id FROM letters_delivery WHERE {STANDING["in hand"]}
            AND lease_until > now() + {LONGEST_LEASE}"""):
        yield f"Delivery {pk} is held for longer than anybody may hold it."
    for (pk,) in house.sql(f"""SELECT id FROM letters_delivery d
            WHERE (({STANDING["unknown"]}) OR ({STANDING["refused"]})) AND letter_id IS NOT NULL
            AND followup_id IS NULL AND NOT EXISTS (SELECT 1 FROM letters_delivery WHERE resend_of_id = d.id)"""):
        yield f"Delivery {pk} did not arrive, and nobody is asked about it."


TOLD = {  # what the history says of an envelope once it has got so far
    "sent_at": ": Delivered by e-mail to ' || to_email || '%%'",
    "refused_at": ": Refused by the mail server%%'",
}


def letters_without_a_word_in_the_history(house):
    """The case tells once of each letter that it was delivered or refused."""
    for column, words in TOLD.items():
        for reference, name, happened, told in house.sql(f"""
                WITH happened AS (
                    SELECT case_id, to_name, to_email, count(*) AS times
                    FROM letters_delivery JOIN letters_letter l ON l.id = letter_id
                    WHERE {column} IS NOT NULL GROUP BY case_id, to_name, to_email),
                both_sides AS (
                    SELECT case_id, to_name, times, (
                        SELECT count(*) FROM cases_event e WHERE e.case_id = happened.case_id AND kind = 'delivery'
                        AND text LIKE '%% for ' || to_name || '{words}) AS told
                    FROM happened)
                SELECT reference, to_name, times, told FROM both_sides JOIN cases_case c ON c.id = case_id
                WHERE told <> times"""):
            yield f"{reference}: the letter to {name} was {column[:-3]} {happened} times, the history tells of {told}."


# --- what is promised -------------------------------------------------------------------------------------------------

OPEN = "done_on IS NULL AND cancelled_on IS NULL AND stuck_at IS NULL"


def followups_that_nobody_heard_of(house):
    """Whatever should have come to mind has, or is set aside as stuck where everybody sees it."""
    for pk, kind in house.sql(f"SELECT id, kind FROM cases_followup WHERE {OPEN} AND act_at < now() - {LATE}"):
        yield f"Follow-up {pk} ({kind}) should have come to mind, and has not."
    for pk, kind in house.sql(f"""SELECT id, kind FROM cases_followup f WHERE {OPEN} AND due_on < current_date
            AND NOT EXISTS (SELECT 1 FROM cases_reminder r WHERE r.followup_id = f.id)"""):
        yield f"Follow-up {pk} ({kind}) is overdue, and nobody was ever told."


def reminders_that_stayed_behind(house):
    """Who is to be reminded is: every reminder that is urgent is in a digest, every digest in an envelope."""
    for pk, address in house.sql(f"""SELECT id, to_email FROM cases_reminder
            WHERE urgent AND digest_id IS NULL AND made_at < now() - {LATE}"""):
        yield f"Reminder {pk} for {address} is in no digest."
    for pk, address in house.sql(f"""SELECT id, to_email FROM cases_digest d WHERE made_at < now() - {LATE}
            AND NOT EXISTS (SELECT 1 FROM letters_delivery WHERE digest_id = d.id)"""):
        yield f"Digest {pk} for {address} is in no envelope."


def reminders_that_were_made_twice(house):
    """Nobody is reminded twice of a step, and the history tells each step once."""
    for followup, step, address in house.sql("""SELECT followup_id, step, to_email FROM cases_reminder
            GROUP BY followup_id, step, planned_at, to_email HAVING count(*) > 1"""):
        yield f"{address} was reminded twice that follow-up {followup} is {step}."
    for reference, text, count in house.sql("""SELECT reference, text, count(*) FROM cases_event e
            JOIN cases_case c ON c.id = case_id WHERE kind LIKE 'followup %%'
            GROUP BY reference, kind, text HAVING count(*) > 1"""):
        yield f"The history of {reference} tells {count} times: {text}"


# --- counted, no violations -------------------------------------------------------------------------------------------


def letters_that_are_unknown(house):
    return (f"Delivery {pk} to {address}" for pk, _, address in envelopes(house, "unknown"))


def letters_that_the_archive_settled(house):
    query = "SELECT id, to_email FROM letters_delivery WHERE sent_at IS NOT NULL AND settled_by_name = %s"
    return (f"Delivery {pk} to {address}" for pk, address in house.sql(query, THE_ARCHIVE))


HEADS = {
    "lost": [
        complaints_that_are_gone,
        files_that_are_not_whole,
        histories_with_holes,
        envelopes_in_no_place_or_two,
        letters_that_were_called_sent,
        letters_without_a_word_in_the_history,
    ],
    "doubled": [
        complaints_that_are_there_twice,
        letters_that_arrived_twice,
        letters_that_will_arrive_twice,
        mails_of_nobody,
        reminders_that_were_made_twice,
    ],
    "missed": [letters_that_nobody_looks_after, followups_that_nobody_heard_of, reminders_that_stayed_behind],
    "unknown": [letters_that_are_unknown],
    "settled": [letters_that_the_archive_settled],
}
