"""What bringing to mind costs when there are very many follow-ups: `make bench-sweep` (ROWS=10000000 for the long run).

On a PostgreSQL of its own, with most rows done long ago, as in a house of some years: finding and claiming the next
batch at growing sizes, a backlog worked off by one, two and four processes, and in the same run what django-helpdesk's
`escalate_tickets` does over its open tickets, installed in an environment of its own.

    python -m bench.sweep                    the whole run
    python -m bench.sweep prepare | claim | work NAME ...    what its processes do
"""

import json
import os
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psycopg

from bench import peer
from bench.peer import PEER
from tests import postgresql

PLACE = Path(__file__).resolve().parent.parent / "var" / "bench"
ROWS = int(os.environ.get("ROWS") or 1_000_000)
SIZES = sorted({10_000, 100_000, ROWS})
CASES = 200
BACKLOG = min(20_000, ROWS // 50)  # three of them fit among the rows that are not done
TICKETS = 1_000
CLAIMS = 40

# Of 100 rows 93 were done long ago, 5 are due and 2 come later; the index holds the last seven alone.
FILL = """
INSERT INTO cases_followup
    (case_id, kind, due_on, why, through, act_at, done_on, tries, error, cancelled_reason, set_at)
SELECT cases[1 + n %% cardinality(cases)], 'letter',
       CASE WHEN n %% 100 < 93 THEN DATE '2020-01-01' + (n / 1000) %% 2000
            WHEN n %% 100 < 98 THEN CURRENT_DATE - 7 ELSE CURRENT_DATE + 30 END,
       'For the bench', 'letter',
       CASE WHEN n %% 100 < 93 THEN TIMESTAMPTZ '2020-01-01 08:00+00' + ((n / 1000) %% 2000) * INTERVAL '1 day'
            WHEN n %% 100 < 98 THEN now() - INTERVAL '1 hour' + (n %% 3600) * INTERVAL '1 second'
            ELSE now() + INTERVAL '30 days' END,
       CASE WHEN n %% 100 < 93 THEN DATE '2020-01-01' + (n / 1000) %% 2000 END, 0, '', '',
       TIMESTAMPTZ '2020-01-01 07:00+00'
FROM generate_series(1, %(rows)s) n, (SELECT array_agg(id) AS cases FROM cases_case) c
"""
# The next rows of a backlog are due; what an earlier run worked off is not looked at again.
FALL_DUE = """
UPDATE cases_followup SET due_on = CURRENT_DATE - 7,
    act_at = CASE WHEN n <= %(count)s THEN now() - INTERVAL '1 hour' ELSE NULL END
FROM (SELECT f.id, row_number() OVER (ORDER BY f.id) AS n FROM cases_followup f
      WHERE done_on IS NULL AND NOT EXISTS (SELECT FROM cases_reminder r WHERE r.followup_id = f.id)) fresh
WHERE fresh.id = cases_followup.id
"""


def main():
    PLACE.mkdir(parents=True, exist_ok=True)
    with postgresql.server() as server:
        made(server, "template0", "house")
        inside(server, "house", "prepare")
        claims = [claimed(server, rows) for rows in SIZES]
        spread = [worked_off(server, f"rows{ROWS}", workers) for workers in (1, 2, 4)]
        peer = escalated(server)
    report(claims, spread, peer)


# --- the parts of the run ---------------------------------------------------------------------------------------------


def claimed(server, rows) -> dict:
    name = f"rows{rows}"
    made(server, "house", name)
    with psycopg.connect(f"{server}/{name}", autocommit=True) as connection:
        connection.execute(FILL, {"rows": rows})
        connection.execute("VACUUM ANALYZE cases_followup")
    found = inside(server, name, "claim")
    print(
        f"{rows:>12,} rows: the next batch of {found['batch']} found and claimed in {found['median']:.2f} ms (median)"
    )
    if rows == ROWS:
        print("\n".join(f"               {line}" for line in found["plan"]))
    return found


def worked_off(server, name, workers) -> dict:
    """What `workers` processes made of a backlog, started together."""
    with psycopg.connect(f"{server}/{name}", autocommit=True) as connection:
        connection.execute(FALL_DUE, {"count": BACKLOG})
        connection.execute("VACUUM ANALYZE cases_followup")
        before = told(connection)
        start = time.time() + 6  # when all of them are up  # noqa: TID251 (shared by processes)
        processes = [started(server, name, "work", str(start)) for _ in range(workers)]
        answers = [json.loads(process.communicate()[0]) for process in processes]
        reminders, events = (after - earlier for after, earlier in zip(told(connection), before, strict=True))
    seconds = max(answer["seconds"] for answer in answers)
    done = sum(answer["done"] for answer in answers)
    print(f"{workers:>12} workers: {done:,} of {BACKLOG:,} in {seconds:.1f} s, {done / seconds:,.0f} a second")
    return {
        "workers": workers,
        "rate": done / seconds,
        "doubled": max(done, events) - BACKLOG,
        "missed": BACKLOG - min(done, reminders, events),
        "queries": max(answer["queries"] for answer in answers),
    }


def told(connection):
    """How many follow-ups somebody was told of, and how many events the histories have."""
    query = "SELECT (SELECT count(DISTINCT followup_id) FROM cases_reminder), (SELECT count(*) FROM cases_event)"
    return connection.execute(query).fetchone()


def escalated(server) -> float | None:
    """Tickets a second that django-helpdesk escalates; None where it cannot be had."""
    python = peer.python(PLACE)
    if python is None:
        return None
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE helpdesk")
    command = [python, Path(__file__).with_name("escalating.py"), f"{server}/helpdesk", str(TICKETS)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PLACE)
    if done.returncode:
        print(done.stderr[-2000:])
        return None
    return json.loads(done.stdout.splitlines()[-1])["rate"]


def report(claims, spread, peer):
    alone = spread[0]["rate"]
    print(f"\n{'':24}rows a second    beside one worker")
    for one in spread:
        called = f"{one['workers']} worker{'s' if one['workers'] > 1 else ''}"
        print(f"{called:24}{one['rate']:>13,.0f}    {one['rate'] / alone:.2f}")
    if peer:
        print(f"{PEER:24}{peer:>13,.0f}    {peer / alone:.3f}")
    growth = claims[-1]["median"] / claims[0]["median"]
    sorts = sum("Sort" in line for claim in claims for line in claim["plan"])
    ranges = sum("followups_to_act_on" in line for line in claims[-1]["plan"])
    print()
    goal("claim-growth", f"{growth:.2f} times from {SIZES[0]:,} to {SIZES[-1]:,} rows", "at most 1.5", growth <= 1.5)
    goal("plan", f"{ranges} index range, {sorts} sorts", "1 and 0", (ranges, sorts) == (1, 0))
    doubled, missed = sum(one["doubled"] for one in spread), sum(one["missed"] for one in spread)
    goal("double-claims", str(doubled), "0", doubled == 0)
    goal("missed", str(missed), "0", missed == 0)
    queries = spread[0]["queries"]
    goal("queries-a-batch", str(queries), "at most 20, for 500 rows", queries <= 20)
    if peer:
        goal("beside-the-peer", f"{alone / peer:.0f} times", "at least 20", alone / peer >= 20)
    else:
        print(f"goal beside-the-peer: not measured, asked at least 20 ({PEER} cannot be installed here), short")


def goal(name, measured, asked, held):
    print(f"goal {name}: measured {measured}, asked {asked}, {'held' if held else 'short'}")


# --- databases and processes ------------------------------------------------------------------------------------------


def made(server, template, name):
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def started(server, name, *command):
    environment = os.environ | {"DATABASE_URL": f"{server}/{name}", "MAIL_URL": f"folder:{PLACE / 'mail'}"}
    command = [sys.executable, "-m", "bench.sweep", *command]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def inside(server, name, *command):
    process = started(server, name, *command)
    said = process.communicate()[0]
    if process.returncode:
        sys.exit(f"{command} failed")
    return json.loads(said.splitlines()[-1])


def prepare():
    """A house with its staff and some cases, which all follow-ups belong to."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from cases import intake, samples
    from casetracker import clock

    ines, today = samples.hire(password="only-for-the-bench")["ines"], clock.today()
    for number in range(CASES):
        told = intake.Complaint(channel="phone", received_on=today, name=f"Guest {number}", story="It broke.")
        intake.receive(told, on=today, by=ines).assign(ines, on=today, by=ines)
    return {}


def claim():
    """How long finding and claiming the next batch takes, and how PostgreSQL goes about it."""
    from django.db import connection, transaction

    from cases import followups
    from casetracker import clock

    took, at = [], clock.now()
    for _ in range(CLAIMS):
        with transaction.atomic():
            began = time.perf_counter()
            batch = followups.claim(at=at)
            took.append(1000 * (time.perf_counter() - began))
            transaction.set_rollback(True)
    plan = []
    with transaction.atomic(), connection.execute_wrapper(partial(explained, plan)):
        followups.claim(at=at)
        transaction.set_rollback(True)
    return {"median": statistics.median(took), "batch": len(batch), "plan": plan}


def explained(plan, execute, sql, params, many, context):
    """The statement is carried out, and how stands in `plan`."""
    with context["connection"].connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}", params)
        plan.extend(line for (line,) in cursor.fetchall())
    return execute(sql, params, many, context)


def counted(asked, execute, sql, params, many, context):
    """The statement is carried out, and is one of those in `asked`."""
    asked.append(sql)
    return execute(sql, params, many, context)


def work(start):
    """The backlog is worked off by this process, as far as others leave it anything."""
    from django.db import connection

    from cases import followups
    from casetracker import clock

    at, done, most, asked = clock.now(), 0, 0, []
    connection.ensure_connection()
    time.sleep(max(0, float(start) - time.time()))  # noqa: TID251
    began = time.perf_counter()
    claimed = True
    with connection.execute_wrapper(partial(counted, asked)):
        while claimed:
            asked.clear()
            claimed, brought = followups._work_off(at=at)
            done, most = done + brought, max(most, len(asked))
    return {"seconds": time.perf_counter() - began, "done": done, "queries": most}


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
        django.setup()
        name, *rest = sys.argv[1:]
        print(json.dumps({"prepare": prepare, "claim": claim, "work": work}[name](*rest)))
