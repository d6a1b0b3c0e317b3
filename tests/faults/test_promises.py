"""What may happen to a complaint that comes in and to a promise that falls due: to the web, the clock, the disk; and
that the questions asked after each fault find what is wrong."""

import resource
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from http.client import HTTPException
from uuid import uuid4

import pytest

from tests.servers import Visitor, wait_until

from . import moments
from .clocks import at_the_instant
from .invariants import check

FOLLOWUPS = "cases.tasks.sweep_followups"
FRESH = """SELECT id FROM cases_followup f WHERE done_on IS NULL AND cancelled_on IS NULL AND act_at > now()
    AND NOT EXISTS (SELECT 1 FROM cases_reminder r WHERE r.followup_id = f.id) ORDER BY act_at DESC LIMIT %s"""


def promises(fault, count, *, ago="1 minute") -> list[int]:
    """So many promises should have come to mind `ago`; they were made before that."""
    chosen = [pk for (pk,) in fault.production.sql(FRESH, count)]
    assert len(chosen) == count
    due = "due_on = current_date, set_at = now() - interval '30 days', act_at = now() - %s::interval"
    fault.production.sql(f"UPDATE cases_followup SET {due} WHERE id = ANY(%s)", ago, chosen)
    return chosen


def told_at_most_once(fault, chosen) -> bool:
    """No step of theirs was told to anybody twice."""
    twice = """SELECT 1 FROM cases_reminder WHERE followup_id = ANY(%s)
        GROUP BY followup_id, step, planned_at, to_email HAVING count(*) > 1"""
    return not fault.production.sql(twice, chosen)


# --- promises ---------------------------------------------------------------------------------------------------------


def test_a_worker_killed_while_it_brings_promises_to_mind(fault):
    worker, chosen = fault.production.worker, promises(fault, 3)
    with moments.locked(fault.production, "LOCK TABLE cases_event IN EXCLUSIVE MODE") as lock:
        fault.ring(FOLLOWUPS)
        lock.wait()
        worker.kill()
        fault.injected += 1
        lock.end_those_who_wait()
    worker.start()
    fault.settle()
    assert told_at_most_once(fault, chosen)


def test_four_sweeps_of_the_same_promises_at_once(fault):
    chosen = promises(fault, 4)
    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(fault.production.manage, ["clockwork"] * 4, ["--once"] * 4))
        fault.injected += 4
    assert [one.returncode for one in swept] == [0] * 4
    fault.settle()
    assert told_at_most_once(fault, chosen)


def test_a_clockwork_that_was_down_for_three_days(fault):
    chosen = promises(fault, 3, ago="3 days")
    fault.production.sql("UPDATE cases_followup SET due_on = current_date - 3 WHERE id = ANY(%s)", chosen)
    fault.injected += 1
    fault.ring(FOLLOWUPS)
    fault.settle()
    assert told_at_most_once(fault, chosen)
    late = "SELECT count(DISTINCT followup_id) FROM cases_reminder WHERE followup_id = ANY(%s) AND made_at > planned_at"
    assert fault.production.sql(late, chosen) == [(3,)]
    told = """SELECT count(DISTINCT e.case_id) FROM cases_event e JOIN cases_followup f ON f.case_id = e.case_id
        WHERE f.id = ANY(%s) AND e.text LIKE '%%It should have come on%%'"""
    assert fault.production.sql(told, chosen) == [(3,)]


@pytest.mark.parametrize(
    "hours", [[24, 0], [-24, 0], [2, -2, 0]], ids=["forward and back", "back and forward", "to and fro"]
)
def test_a_clock_that_jumps(fault, hours):
    chosen, ((now,),) = promises(fault, 2), fault.production.sql("SELECT now()")
    for jump in hours:
        elsewhere = at_the_instant(now + timedelta(hours=jump)) if jump else {}
        swept = fault.production.manage("clockwork", "--once", **elsewhere)
        assert swept.returncode == 0, swept.stderr
        fault.injected += 1
    fault.settle()
    assert told_at_most_once(fault, chosen)


# --- complaints -------------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(fault):
    it = Visitor(fault.production)
    fault.production.journal.setdefault(it.key, set())
    return it


def page_key(answer) -> str:
    return answer.url.rstrip("/").rpartition("/")[2]


def shown(fault, visitor, answer):
    """The visitor was shown the page of their complaint."""
    assert "/my/" in answer.url, answer.text[:500]
    fault.production.journal[visitor.key].add(page_key(answer))


def cases_of(fault, visitor):
    return fault.production.sql("SELECT page_key FROM cases_case WHERE submission_key = %s", visitor.key)


def test_a_web_server_killed_while_a_complaint_is_written_down(fault, visitor):
    production = fault.production
    with ThreadPoolExecutor(1) as pool, moments.locked(production, "LOCK TABLE cases_event IN EXCLUSIVE MODE") as lock:
        sent = pool.submit(visitor.send, email="cut-off@example.org", file=b"What happened.")
        lock.wait()
        production.web.kill()
        fault.injected += 1
        with suppress(OSError, HTTPException):
            sent.result()
        lock.end_those_who_wait()
    production.web.start()
    assert cases_of(fault, visitor) == []
    shown(fault, visitor, visitor.send(email="cut-off@example.org", file=b"What happened."))
    assert len(cases_of(fault, visitor)) == 1


def test_a_web_server_killed_after_a_complaint_was_written_down(fault, visitor):
    """The visitor never saw the answer, and sends the same form again."""
    visitor.send(email="unsure@example.org")
    fault.production.web.kill()
    fault.injected += 1
    fault.production.web.start()
    shown(fault, visitor, visitor.send(email="unsure@example.org"))
    assert len(cases_of(fault, visitor)) == 1


def test_a_disk_that_is_full_where_files_go(fault, visitor):
    """What was typed stays with the visitor, nothing is half kept, and the same form goes through later."""
    web = fault.production.web
    room = web.log.stat().st_size + 64 * 1024
    processes = [web.process.pid, *web.children()]
    for pid in processes:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    story = b"A long story. " * 20_000
    try:
        page = visitor.send(email="full@example.org", file=story).text
        fault.injected += 1
    finally:
        for pid in processes:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert cases_of(fault, visitor) == []
    assert "We cannot keep files just now" in page
    assert "The fridge came dented." in page
    shown(fault, visitor, visitor.send(email="full@example.org", file=story))


def test_twenty_of_the_same_form_while_the_database_crashes(fault, visitor):
    def send(_):
        with suppress(OSError, HTTPException):
            return visitor.send(email="impatient@example.org")

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(send, range(20))
        fault.production.postgresql.crash()
        fault.injected += 1
        fault.production.postgresql.start()
        for answer in filter(None, answers):
            if "/my/" in answer.url:
                shown(fault, visitor, answer)
    wait_until(fault.production.healthy, within=60, what="the site answers again")
    shown(fault, visitor, visitor.send(email="impatient@example.org"))
    assert len(cases_of(fault, visitor)) == 1


# --- the questions ----------------------------------------------------------------------------------------------------


def found(production):
    return check(production.sql, production.mail, production.journal, media=production.folder / "media")


def test_what_is_wrong_is_found_and_named(fault):
    """Each wrong is planted, found, and taken out again."""
    production, (address,) = fault.production, fault.letters(1)
    fault.send([address])
    fault.settle()
    assert found(production).wrong() == []

    (mail,) = [path for path in production.mail.mailbox_files() if address.encode() in path.read_bytes()]
    twin = mail.with_name(f"{mail.name}-again")
    twin.write_bytes(mail.read_bytes())
    assert any(f"{address} has the mail" in said for said in found(production).doubled)
    twin.unlink()

    aside = mail.rename(mail.parent.parent / mail.name)
    assert any(f"to {address} is called sent, and nobody has it" in said for said in found(production).lost)
    aside.rename(mail)

    production.journal["planted"] = {"no-such-page"}
    assert any("the page no-such-page" in said for said in found(production).lost)
    del production.journal["planted"]

    ((pk, act_at),) = production.sql("SELECT id, act_at FROM cases_followup WHERE act_at > now() LIMIT 1")
    production.sql("UPDATE cases_followup SET act_at = now() - interval '1 hour' WHERE id = %s", pk)
    assert any(f"Follow-up {pk} " in said for said in found(production).missed)
    production.sql("UPDATE cases_followup SET act_at = %s WHERE id = %s", act_at, pk)

    insert = "INSERT INTO letters_delivery (letter_id, copy_id, to_name, to_email, by_post, resend_reason, message_key,"
    insert += " queued_at, due_at, attempts, smtp_reply, settled_by_name, posted_by_name, returned_by_name,"
    insert += " returned_reason, resend_of_id) SELECT letter_id, copy_id, to_name, to_email, by_post, 'planted', %s,"
    insert += " now(), now() - interval '1 hour', 0, '', '', '', '', '', id FROM letters_delivery WHERE to_email = %s"
    production.worker.freeze()
    production.sql(insert, uuid4(), address)
    assert any("waits, and nobody sends it" in said for said in found(production).missed)
    production.sql("UPDATE letters_delivery SET due_at = now() WHERE resend_reason = 'planted'")
    production.worker.thaw()
    fault.settle()
    assert found(production).wrong() == []


# --- a year on --------------------------------------------------------------------------------------------------------

NIGHTS = {"into summer time": date(2027, 3, 28), "out of it": date(2027, 10, 31)}


def test_the_nights_in_which_the_clocks_change(fault):
    """The promise of the Monday after is told when the office opens by the clock on its wall. (After this test all that
    was ever promised is due.)"""
    for pk, night in zip(promises(fault, 2), NIGHTS.values(), strict=True):
        monday = night + timedelta(days=1)
        fault.production.sql("UPDATE cases_followup SET due_on = %s, act_at = %s WHERE id = %s", monday, night, pk)
        ((opening,),) = fault.production.sql("SELECT (%s + time '08:00') AT TIME ZONE 'Europe/London'", monday)
        counted = []
        for minutes in (-24 * 60, -1, 1, 60):
            hour = at_the_instant(opening + timedelta(minutes=minutes))
            swept = fault.production.manage("clockwork", "--once", **hour)
            assert swept.returncode == 0, swept.stderr
            due = "SELECT count(DISTINCT planned_at) FROM cases_reminder WHERE followup_id = %s AND step = 'due'"
            counted.append(fault.production.sql(due, pk)[0][0])
            fault.injected += 1
        assert counted == [0, 0, 1, 1], night
    fault.production.sql("UPDATE letters_delivery SET due_at = now() WHERE digest_id IS NOT NULL AND sent_at IS NULL")
