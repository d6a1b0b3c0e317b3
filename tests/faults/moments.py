"""Moments in the life of a letter, caught from outside: the product knows nothing of being watched.

Each is a `with` block around the sweep that sends the letter; `reached` waits until its worker is there. The mail
server is held where it should answer, or a lock of ours keeps the worker's own statement waiting.
"""

from contextlib import contextmanager

import psycopg

from tests.servers import wait_until

ROW = "SELECT 1 FROM letters_delivery WHERE to_email = %s FOR UPDATE"
BEFORE_THE_ENVELOPE = ("GREETING", "EHLO", "MAIL")  # it is not known yet for whom the letter is


class Lock:
    """Rows or a table that nobody else may write; whoever tries waits until `release`."""

    def __init__(self, production, statement, *values):
        self._production = production
        self._connection = psycopg.connect(production.database)
        self._connection.execute(statement, values)
        self._pid = self._connection.info.backend_pid

    def waiting(self) -> list[int]:
        query = "SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        return [pid for (pid,) in self._production.sql(query, self._pid)]

    def wait(self):
        wait_until(self.waiting, within=60, what="somebody waits for the lock")

    def end_those_who_wait(self):
        """What they were about to write is not written."""
        for pid in self.waiting():
            self._production.sql("SELECT pg_terminate_backend(%s)", pid)
        wait_until(lambda: not self.waiting(), within=60, what="nobody waits for the lock any more")

    def release(self):
        self._connection.close()


@contextmanager
def locked(production, statement, *values):
    lock = Lock(production, statement, *values)
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def at(production, to, *, step):
    """The mail server has been asked for its answer at `step`, and has not given it."""
    hold = production.mail.hold(step, to="" if step in BEFORE_THE_ENVELOPE else to)
    try:
        yield hold.wait
    finally:
        hold.let_go()


@contextmanager
def before_the_claim(production, to):
    """A worker is about to claim the letter. If it dies the claim is written all the same."""
    production.worker.freeze()  # lest it claim the letter before it is locked
    production.sql("UPDATE letters_delivery SET due_at = now() WHERE to_email = %s", to)
    with locked(production, ROW, to) as lock:
        production.worker.thaw()
        yield lock.wait
    claimed = "SELECT 1 FROM letters_delivery WHERE to_email = %s AND attempts > 0"
    wait_until(lambda: production.sql(claimed, to), within=60, what="the claim is written")


@contextmanager
def about_to_write(production, to, *, after, statement=ROW):
    """The worker has been answered at the step `after`, and what it writes next is not written; if it dies, never."""
    with _writing(production, to, after, statement) as (reached, lock):
        yield reached
        lock().end_those_who_wait()


@contextmanager
def marked(production, to):
    """The mark is written, and the worker, who stands still, has not said the dot."""
    mark = "SELECT 1 FROM letters_delivery WHERE to_email = %s AND handoff_at IS NOT NULL"

    def reached():
        waits()
        production.worker.freeze()
        lock().release()
        wait_until(lambda: production.sql(mark, to), within=60, what="the mark is written")

    with _writing(production, to, "DATA", ROW) as (waits, lock):
        yield reached


@contextmanager
def _writing(production, to, after, statement):
    """Yields what waits until the worker, answered at the step `after`, is about to write, and what tells the lock that
    keeps it from that."""
    locks = []
    hold = production.mail.hold(after, to=to)

    def reached():
        hold.wait()
        locks.append(Lock(production, statement, *([to] if "%s" in statement else [])))
        hold.let_go()
        locks[0].wait()

    try:
        yield reached, lambda: locks[0]
    finally:
        hold.let_go()
        for lock in locks:
            lock.release()
