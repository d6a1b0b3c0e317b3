"""One fault: letters that are on their way meanwhile, what is done to the house, and how it stands afterwards."""

from collections import Counter

from tests.servers import wait_until

from . import invariants

DELIVERIES = "letters.tasks.sweep_deliveries"
SWEEPS = (
    "cases.tasks.sweep_followups",
    DELIVERIES,
    "letters.tasks.sweep_undelivered",
)
PATIENCE = 120  # seconds for what takes two on a machine that has nothing else to do

FALL_DUE = "UPDATE letters_delivery SET due_at = now() WHERE to_email = ANY(%s) AND sent_at IS NULL AND due_at > now()"

# an envelope that somebody should be sending, or is
OPEN = """SELECT to_email FROM letters_delivery WHERE NOT by_post AND sent_at IS NULL AND refused_at IS NULL
    AND (lease_until > now() OR handoff_at IS NULL AND due_at <= now())"""
UNASKED = """SELECT to_email FROM letters_delivery WHERE followup_id IS NULL AND letter_id IS NOT NULL
    AND settled_at IS NULL AND (refused_at IS NOT NULL OR handoff_at IS NOT NULL AND sent_at IS NULL)"""
FOLLOWUPS = """SELECT id FROM cases_followup WHERE done_on IS NULL AND cancelled_on IS NULL AND stuck_at IS NULL
    AND act_at <= now()"""
TOLD = "SELECT id FROM cases_digest d WHERE NOT EXISTS (SELECT 1 FROM letters_delivery WHERE digest_id = d.id)"


class Fault:
    """`injected` counts how often it was done. Where Redis is gone, Celery's own worker may fall over (kombu closes a
    line that is none), and is started again as docker-compose.yml has it; elsewhere a worker that ended is a fault."""

    worker_may_fall = False

    def __init__(self, production, pool):
        self.production, self.pool, self.injected = production, pool, 0

    # --- letters on their way ---

    def letters(self, count) -> list[str]:
        """The addresses of so many letters that no test has sent."""
        return [next(self.pool) for _ in range(count)]

    def send(self, addresses):
        """They are due, and the bell is rung."""
        self.fall_due(addresses)
        self.ring(DELIVERIES)

    def fall_due(self, addresses):
        self.production.sql(FALL_DUE, addresses)

    def ring(self, *tasks):
        for task in tasks or SWEEPS:
            self.production.ring(task)

    def end_leases(self):
        """The leases of the dead run on for minutes, lest a worker that is only slow lose its letter. Nobody waits for
        that here."""
        running = "lease_until > now() AND sent_at IS NULL AND refused_at IS NULL"
        return self.production.sql(f"UPDATE letters_delivery SET lease_until = now() WHERE {running}")

    # --- what came of it ---

    def mails(self, addresses) -> Counter:
        """How many mails each of them got."""
        there = Counter(mail.address for mail in invariants.read(self.production.mail.mailbox))
        return Counter({address: there[address] for address in addresses if there[address]})

    def outcomes(self, addresses) -> list[str]:
        """Where the envelope of each of them stands."""
        places = " ".join(f"WHEN {where} THEN '{name}'" for name, where in invariants.STANDING.items())
        query = f"SELECT to_email, CASE {places} END FROM letters_delivery WHERE to_email = ANY(%s)"
        standing = dict(self.production.sql(query, addresses))
        return [standing[address] for address in addresses]

    def settle(self):
        """Bells are rung until nothing is due, nobody is at work and whoever has to be asked has been; none is left."""

        def at_rest():
            if self.worker_may_fall and self.production.worker.ended():
                self.production.worker.start()
            open_ones = [row for query in (OPEN, UNASKED, FOLLOWUPS, TOLD) for row in self.production.sql(query)]
            waiting = self.production.bells()
            if open_ones and not waiting:
                self.ring()
            return not open_ones and not waiting

        wait_until(at_rest, within=PATIENCE, what="everything that was due is done", every=0.1)
