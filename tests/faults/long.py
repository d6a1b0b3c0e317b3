"""The long run: `make faults N=10000` sends so many letters while workers are killed, lines cut and bells lost.

Two workers of two processes each send them; the mail server copies each to an archive mailbox, slowly. A fifth as many
times as there are letters a process dies at a random moment, a whole worker one time in twenty. SEED=7 repeats the same
choices (not the same moments: processes take their own time). At the end the same questions are asked as after every
fault, and each goal is a line.
"""

import os
import random
import sys
import tempfile
import time

from tests.letters.smtp_server import cut, half
from tests.servers import production as running
from tests.servers import wait_until
from tests.servers.mail import ARCHIVE

from .fault import DELIVERIES, FALL_DUE, Fault
from .invariants import check

AT_ONCE = 400  # letters that one process of the house issues in its two minutes
ARCHIVED = "letters.tasks.sweep_archive"
WHERE_IT_GOES_WRONG = [
    ("MAIL", "421 4.3.2 closing down"),
    ("RCPT", "451 4.3.0 come back later"),
    ("DATA", cut),
    ("BODY", cut),
    ("DOT", cut),
    ("DOT", half("250 2.0")),
    ("DOT", "452 4.2.2 no room"),
    ("ANSWERED", cut),
]


def main():
    letters = int(os.environ.get("N") or 1000)
    kills, seed = letters // 5, int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))
    print(f"{letters:,} letters, {kills:,} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="casetracker-faults-") as folder:
        os.chmod(folder, 0o755)
        with running(folder, MAIL_ARCHIVE=ARCHIVE, MAIL_ARCHIVE_URL=f"maildir:{folder}/archive") as house:
            house.beat.stop()
            addresses = prepared(house, letters)
            injected = Storm(house, addresses, random.Random(seed)).rage(kills)
            report(house, addresses, injected)


def prepared(house, letters) -> list[str]:
    """The addresses of so many letters that lie issued."""
    began, addresses = time.monotonic(), []
    while len(addresses) < letters:
        count = min(AT_ONCE, letters - len(addresses))
        batch = f"batch{len(addresses)}x"
        house.inside("settle_in" if not addresses else "issue_more", f"{batch}={count}")
        addresses += [f"{batch}{number}@example.org" for number in range(1, count + 1)]
        told(f"{len(addresses):,} letters issued after {time.monotonic() - began:,.0f} s")
    return addresses


class Storm:
    def __init__(self, house, addresses, chance):
        self.house, self.chance, self.addresses = house, chance, addresses
        self.fault = Fault(house, iter(addresses))
        self.workers = [house.worker, house.another_worker("second worker").start()]
        self.waiting = list(addresses)
        self.injected = {"killed": 0, "gone wrong at the mail server": 0, "bells lost": 0}

    def rage(self, kills) -> dict:
        share = max(1, len(self.addresses) // kills)
        while self.injected["killed"] < kills:
            for _ in range(share):
                if self.waiting:
                    self.let_go(self.waiting.pop())
            self.spoil()
            time.sleep(self.chance.uniform(0, 0.2))
            self.kill()
            if self.injected["killed"] % 20 == 0:
                self.mend()
        for address in self.waiting:
            self.let_go(address)
        self.mend()
        return self.injected

    def let_go(self, address):
        self.fault.fall_due([address])
        self.fault.ring(DELIVERIES)

    def spoil(self):
        if self.chance.random() < 0.5:
            step, act = self.chance.choice(WHERE_IT_GOES_WRONG)
            self.house.mail.script(step, act)
            self.injected["gone wrong at the mail server"] += 1
        if self.chance.random() < 0.02:
            with self.house.redis_line() as redis:
                redis.flushall()
            self.injected["bells lost"] += 1

    def kill(self):
        worker = self.chance.choice(self.workers)
        if self.chance.random() < 0.05:
            worker.kill()
            worker.start()
        else:
            worker.kill_children()
        self.injected["killed"] += 1

    def mend(self):
        """Leases of the dead end, what was put off is tried, and the archive is looked into."""
        self.fault.end_leases()
        self.house.sql(FALL_DUE, self.addresses[: len(self.addresses) - len(self.waiting)] or [""])
        self.house.sql("UPDATE letters_delivery SET due_at = now() WHERE attempts > 0 AND due_at > now()")
        self.fault.ring(DELIVERIES, ARCHIVED)
        told(f"{self.injected['killed']:,} killed, {len(self.house.mail.kept):,} letters at the mail server")


def report(house, addresses, injected):
    fault = Fault(house, iter(()))
    house.mail._script.clear()

    def at_rest():
        fault.end_leases()
        house.sql("UPDATE letters_delivery SET due_at = now() WHERE attempts > 0 AND due_at > now()")
        fault.ring(DELIVERIES, ARCHIVED)
        time.sleep(2)
        return not {"queued", "in hand"} & set(fault.outcomes(addresses))

    wait_until(at_rest, within=1800, what="every letter has been said or is told of")
    fault.settle()
    archived = {mail["Message-ID"] for mail in house.mail.archive}
    found = check(house.sql, house.mail, {}, media=house.folder / "media")
    left = unproven(house, archived)
    print("\n" + "; ".join(f"{what}: {times:,}" for what, times in injected.items()))
    for head in ("lost", "doubled", "missed"):
        for said in getattr(found, head)[:20]:
            print(f"  {head}: {said}")
        goal(head, len(getattr(found, head)), 0)
    total = len(found.settled) + len(found.unknown)
    print(f"{total} letters were unknown; the archive proved {len(found.settled)} of them sent.")
    goal("unknown-with-a-copy-in-the-archive", left, 0)


def unproven(house, archived) -> int:
    """How many are unknown although their copy lies in the archive."""
    query = """SELECT 'letter.' || replace(message_key::text, '-', '') FROM letters_delivery
        WHERE handoff_at IS NOT NULL AND sent_at IS NULL AND refused_at IS NULL"""
    return sum(any(message.startswith(f"<{key}@") for message in archived) for (key,) in house.sql(query))


def goal(name, measured, asked):
    print(f"goal {name}: measured {measured}, asked {asked}, {'held' if measured == asked else 'short'}")


def told(text):
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
