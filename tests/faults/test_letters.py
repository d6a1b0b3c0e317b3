"""What may happen to a letter on its way, done to real processes: a Celery worker, PostgreSQL, Redis, a mail server."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest

from tests.letters.smtp_server import cut, drip, half, silence
from tests.servers import wait_until
from tests.servers.mail import ARCHIVE

from . import moments
from .clocks import fast
from .fault import DELIVERIES

ONCE, UNKNOWN, ARRIVED = ("sent", 1), ("unknown", 0), ("unknown", 1)  # where the envelope stands, and how many mails

# The moments of a letter's life in their order, and what becomes of it when its worker dies there.
MOMENTS = {
    "before the claim": (moments.before_the_claim, ONCE),
    "before the server has greeted it": (partial(moments.at, step="GREETING"), ONCE),
    "at MAIL": (partial(moments.at, step="MAIL"), ONCE),
    "at RCPT": (partial(moments.at, step="RCPT"), ONCE),
    "at DATA": (partial(moments.at, step="DATA"), ONCE),
    "with the whole letter said, before the mark": (partial(moments.about_to_write, after="DATA"), ONCE),
    "after the mark, before the dot": (moments.marked, UNKNOWN),
    "after the dot, before the letter is kept": (partial(moments.at, step="BODY"), ARRIVED),
    "after the dot, before the answer": (partial(moments.at, step="DOT"), ARRIVED),
    "after the 250, before it is written down": (partial(moments.about_to_write, after="DOT"), ARRIVED),
    "while the history is told that it arrived": (
        partial(moments.about_to_write, after="DOT", statement="LOCK TABLE cases_event IN EXCLUSIVE MODE"),
        ARRIVED,
    ),
}


def became(fault, address):
    fault.settle()
    return fault.outcomes([address])[0], fault.mails([address])[address]


def of_moments(*names):
    chosen = {name: MOMENTS[name] for name in names or MOMENTS}
    return pytest.mark.parametrize(("moment", "becomes"), chosen.values(), ids=chosen)


# --- the worker -------------------------------------------------------------------------------------------------------


@of_moments()
def test_a_worker_killed(fault, moment, becomes):
    worker, (address, *others) = fault.production.worker, fault.letters(3)
    with moment(fault.production, address) as reached:
        fault.send([address])
        reached()
        worker.kill()
        fault.injected += 1
    fault.end_leases()
    worker.start()
    fault.send(others)
    assert became(fault, address) == becomes
    assert fault.outcomes(others) == ["sent", "sent"]


@of_moments("at RCPT", "after the dot, before the answer")
def test_a_process_of_the_pool_killed_while_the_worker_lives_on(fault, moment, becomes):
    address, *others = fault.letters(3)
    with moment(fault.production, address) as reached:
        fault.send([address])
        reached()
        fault.production.worker.kill_children()
        fault.injected += 1
    fault.end_leases()
    fault.send(others)
    assert became(fault, address) == becomes
    assert fault.outcomes(others) == ["sent", "sent"]


@of_moments("at RCPT", "after the dot, before the answer")
def test_a_worker_asked_to_end_ends_its_letter_first(fault, moment, becomes):
    worker, (address,) = fault.production.worker, fault.letters(1)
    with moment(fault.production, address) as reached:
        fault.send([address])
        reached()
        worker.process.terminate()
        wait_until(lambda: "Warm shutdown" in worker.said(), within=60, what="the worker has heard")
        fault.injected += 1
    assert worker.process.wait(timeout=60) == 0
    assert fault.outcomes([address]) == ["sent"]
    worker.start()
    assert became(fault, address) == ONCE


def test_a_worker_frozen_before_the_mark_whose_letter_another_has_sent_meanwhile(fault):
    worker, (address,) = fault.production.worker, fault.letters(1)
    with moments.at(fault.production, address, step="DATA") as reached:
        fault.send([address])
        reached()
        worker.freeze()
        fault.injected += 1
        fault.end_leases()
        swept = fault.production.manage("clockwork", "--once")
        assert (swept.returncode, fault.outcomes([address])) == (0, ["sent"])
    worker.thaw()
    assert became(fault, address) == ONCE


def test_a_worker_frozen_after_the_mark_for_longer_than_its_lease(fault):
    worker, (address,) = fault.production.worker, fault.letters(1)
    with moments.marked(fault.production, address) as reached:
        fault.send([address])
        reached()
        fault.injected += 1
        fault.end_leases()
        swept = fault.production.manage("clockwork", "--once")
        assert (swept.returncode, fault.outcomes([address])) == (0, ["unknown"])
    worker.thaw()
    wait_until(lambda: fault.outcomes([address]) == ["sent"], within=60, what="the late dot is answered")
    assert became(fault, address) == ONCE


# --- the mail server --------------------------------------------------------------------------------------------------


def put_off(fault, addresses) -> int:
    """How many of them are tried later."""
    later = "due_at > now() AND lease_until IS NULL AND sent_at IS NULL"
    query = f"SELECT count(*) FROM letters_delivery WHERE to_email = ANY(%s) AND {later}"
    return fault.production.sql(query, addresses)[0][0]


def once_more(fault, *addresses):
    """What was put off is due, and the bell is rung."""
    wait_until(lambda: put_off(fault, list(addresses)) == len(addresses), within=60, what="it is put off")
    fault.send(list(addresses))


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_mail_server_that_is_busy_at_first(fault, step):
    (address,) = fault.letters(1)
    to = "" if step in moments.BEFORE_THE_ENVELOPE else address
    fault.production.mail.script(step, "451 4.3.0 come back later", to=to)
    fault.send([address])
    fault.injected += 1
    once_more(fault, address)
    assert became(fault, address) == ONCE


@pytest.mark.parametrize("step", ["RCPT", "DATA", "DOT"])
def test_a_mail_server_that_says_no_for_good(fault, step):
    address, other = fault.letters(2)
    fault.production.mail.script(step, "550 5.1.1 no such person", to=address)
    fault.send([address, other])
    fault.injected += 1
    assert became(fault, address) == ("refused", 0)
    assert fault.outcomes([other]) == ["sent"]


def test_a_mail_server_that_puts_off_one_and_takes_the_other(fault):
    address, other = fault.letters(2)
    fault.production.mail.script("RCPT", "450 4.2.1 mailbox busy", to=address)
    fault.send([address, other])
    fault.injected += 1
    wait_until(lambda: fault.outcomes([other]) == ["sent"], within=60, what="the other has its letter")
    once_more(fault, address)
    assert became(fault, address) == ONCE


@pytest.mark.parametrize(
    ("step", "act", "becomes"),
    [
        ("DATA", cut, ONCE),
        ("BODY", cut, UNKNOWN),
        ("DOT", cut, ARRIVED),
        ("DOT", half("250 2.0"), ARRIVED),
        ("ANSWERED", cut, ONCE),
    ],
    ids=["before the dot", "after the dot, not kept", "after it was kept", "in the middle of its 250", "after its 250"],
)
def test_a_line_that_breaks(fault, step, act, becomes):
    (address,) = fault.letters(1)
    fault.production.mail.script(step, act, to=address)
    fault.send([address])
    fault.injected += 1
    if step == "DATA":
        once_more(fault, address)
    wait_until(lambda: fault.outcomes([address])[0] in ("sent", "unknown"), within=60, what="it is told")
    assert became(fault, address) == becomes


@pytest.mark.parametrize("act", [silence, drip("220 mail.example ready", every=0.3)], ids=["says nothing", "drips"])
def test_a_mail_server_that_takes_for_ever(fault, act):
    """The worker's minute of patience is a second here."""
    worker, (address,) = fault.production.worker, fault.letters(1)
    worker.stop()
    worker.start(**fast(60))
    fault.production.mail.script("GREETING", act)
    fault.send([address])
    fault.injected += 1
    wait_until(lambda: put_off(fault, [address]) == 1, within=60, what="the worker gives up on it")
    worker.stop()
    worker.start()
    once_more(fault, address)
    assert became(fault, address) == ONCE


def test_a_mail_server_that_is_away(fault):
    addresses = fault.letters(3)
    with fault.production.mail.away():
        fault.send(addresses)
        fault.injected += 1
        wait_until(lambda: put_off(fault, addresses) == 3, within=60, what="all are put off")
    once_more(fault, *addresses)
    fault.settle()
    assert fault.outcomes(addresses) == ["sent"] * 3
    assert set(fault.mails(addresses).values()) == {1}


# --- the archive mailbox ----------------------------------------------------------------------------------------------


@pytest.fixture
def with_an_archive(fault):
    """The worker copies each letter to the archive mailbox, and looks into it."""
    worker = fault.production.worker
    worker.stop()
    worker.start(MAIL_ARCHIVE=ARCHIVE, MAIL_ARCHIVE_URL=archive_url(fault))
    yield
    worker.stop()
    worker.start()


def archive_url(fault):
    return f"maildir:{fault.production.mail.archive._path}"


def unknown(fault):
    """The answer to a letter was lost; its address."""
    (address,) = fault.letters(1)
    fault.production.mail.script("DOT", cut, to=address)
    fault.send([address])
    fault.injected += 1
    wait_until(lambda: fault.outcomes([address]) == ["unknown"], within=60, what="its answer is lost")
    return address


def look_into_the_archive(fault):
    done = "SELECT count(*) FROM cases_sweep WHERE name = 'archive' AND ended_at > %s"
    ((before,),) = fault.production.sql("SELECT now()")
    fault.ring("letters.tasks.sweep_archive")
    wait_until(lambda: fault.production.sql(done, before)[0][0], within=60, what="the archive was looked into")


def test_an_answer_that_was_lost_while_the_copy_lies_in_the_archive(fault, with_an_archive):
    address = unknown(fault)
    look_into_the_archive(fault)
    assert became(fault, address) == ONCE


def test_a_copy_that_comes_late_to_the_archive(fault, with_an_archive):
    fault.production.mail.delay_the_archive()
    address = unknown(fault)
    look_into_the_archive(fault)
    assert fault.outcomes([address]) == ["unknown"]
    fault.production.mail.bring_the_archive_up_to_date()
    look_into_the_archive(fault)
    assert became(fault, address) == ONCE


def test_an_archive_that_refused_its_copy_proves_nothing(fault, with_an_archive):
    fault.production.mail.script("RCPT", "450 4.2.2 the archive is full", to=ARCHIVE)
    address = unknown(fault)
    look_into_the_archive(fault)
    assert became(fault, address) == ARRIVED


def test_a_forged_copy_in_the_archive_proves_nothing(fault):
    address = unknown(fault)
    (letter,) = fault.production.mail.to(address)
    forged = f"Message-ID: {letter['Message-ID']}\nX-Case-Letter: forged\n\nIt arrived."
    fault.production.mail.archive.add(forged.encode())
    place = {"MAIL_ARCHIVE": ARCHIVE, "MAIL_ARCHIVE_URL": archive_url(fault)}
    assert fault.production.manage("clockwork", "--once", **place).returncode == 0
    assert became(fault, address) == ARRIVED


# --- bells, sweeps, Redis ---------------------------------------------------------------------------------------------


def test_every_bell_heard_ten_times(fault):
    addresses = fault.letters(4)
    fault.fall_due(addresses)
    for _ in range(10):
        fault.ring()
        fault.injected += 1
    fault.settle()
    assert fault.mails(addresses) == dict.fromkeys(addresses, 1)


def test_two_beats_and_three_sweeps_at_once(fault):
    production, addresses = fault.production, fault.letters(4)
    beats = [production.another_beat(f"beat {number}").start() for number in (1, 2)]
    fault.fall_due(addresses)
    with ThreadPoolExecutor(3) as pool:
        swept = list(pool.map(production.manage, ["clockwork"] * 3, ["--once"] * 3))
        fault.injected += 5
    for beat in beats:
        beat.stop()
    assert [one.returncode for one in swept] == [0, 0, 0]
    fault.settle()
    assert fault.mails(addresses) == dict.fromkeys(addresses, 1)


def test_a_redis_that_forgets_every_bell(fault):
    production, addresses = fault.production, fault.letters(3)
    production.worker.freeze()
    fault.fall_due(addresses)
    for _ in range(50):
        fault.ring(DELIVERIES)
    with production.redis_line() as redis:
        redis.flushall()
        fault.injected += 1
    production.worker.thaw()
    fault.settle()
    assert fault.mails(addresses) == dict.fromkeys(addresses, 1)


def test_a_redis_that_dies_and_comes_back_empty(fault):
    addresses = fault.letters(3)
    fault.send(addresses)
    fault.worker_may_fall = True
    fault.production.redis.kill()
    fault.injected += 1
    fault.production.redis.start()
    fault.settle()
    assert fault.mails(addresses) == dict.fromkeys(addresses, 1)


def test_a_redis_that_is_not_there_at_all(fault):
    production, addresses = fault.production, fault.letters(3)
    fault.worker_may_fall = True
    production.redis.stop()
    fault.injected += 1
    fault.fall_due(addresses)
    swept = production.manage("clockwork", "--once", REDIS_URL="")
    production.redis.start()
    assert (swept.returncode, fault.outcomes(addresses)) == (0, ["sent"] * 3)
    assert fault.mails(addresses) == dict.fromkeys(addresses, 1)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "becomes"), [("DATA", (ONCE,)), ("DOT", (ARRIVED, ONCE))], ids=["before the mark", "after the dot"]
)
def test_a_database_that_crashes_while_a_letter_is_on_its_way(fault, step, becomes):
    """After the dot the worker may hear the 250 in time to write it down once the database is back."""
    (address,) = fault.letters(1)
    with moments.at(fault.production, address, step=step) as reached:
        fault.send([address])
        reached()
        fault.production.postgresql.crash()
        fault.injected += 1
        fault.production.postgresql.start()
    wait_until(fault.production.mail.is_quiet, within=60, what="the worker's conversation is over")
    fault.end_leases()
    assert became(fault, address) in becomes


def test_every_line_to_the_database_cut_again_and_again(fault):
    addresses = fault.letters(6)
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
    for _ in range(6):
        fault.send(addresses)
        with psycopg.connect(fault.production.database, autocommit=True) as connection:
            connection.execute(everybody, ["casetracker"])
        fault.injected += 1
    wait_until(fault.production.mail.is_quiet, within=60, what="nobody talks to the mail server")
    fault.end_leases()
    fault.settle()
    assert set(fault.outcomes(addresses)) <= {"sent", "unknown"}
