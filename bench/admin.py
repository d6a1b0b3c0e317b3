"""What the pages of the admin cost when there are very many cases: `make bench-admin` (CASES="100000 1000000").

On a PostgreSQL of its own, which has our house and django-helpdesk beside it, both filled to the same sizes one after
the other: each page through the whole stack (a test client in the process, the real middleware), warm, the median of
up to 15 runs. What takes longer than half a minute is measured once. Growth is told of the fastest runs, which other
work of the machine disturbs least.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from bench import peer
from tests import postgresql

PLACE = Path(__file__).resolve().parent.parent / "var" / "bench"
SIZES = sorted(int(size) for size in (os.environ.get("CASES") or "100000 1000000").replace(",", " ").split())
# the same for both: memory as on a small server of one's own, and no pause in between for a checkpoint
SERVER = ("synchronous_commit=off", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=1h")

MOST = 150  # ms of server time that a page may take
GROWTH = 1.5
LISTS = ("worklist, first page", "all cases, first page", "combined filter")
SEARCHES = ("search, common word", "search, rare reference", "board")


def main():
    PLACE.mkdir(parents=True, exist_ok=True)
    with postgresql.cluster(*SERVER) as cluster:
        ours = sized(cluster.url, "house", lambda *command: inside(cluster.url, *command))
        python = peer.python(PLACE)
        peers = sized(cluster.url, "helpdesk", lambda *command: beside(python, cluster.url, *command)) if python else {}
    table(ours, peers)
    print()
    for line in goals(ours, peers):
        print(line)


# --- the parts of the run ---------------------------------------------------------------------------------------------


def sized(server, name, do) -> dict:
    """By size: what each page costs when the database `name` has grown to it. `do` carries out a command in it."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    do("prepare")
    figures = {}
    for size in SIZES:
        began = time.monotonic()
        do("fill", str(size))
        print(f"{name}: {size:,} filled in {time.monotonic() - began:.0f} s", flush=True)
        figures[size] = do("measure")
    return figures


def inside(server, *command):
    database = {
        "DATABASE_URL": f"{server}/house",
        "MAIL_URL": f"folder:{PLACE / 'mail'}",
        "MEDIA_ROOT": f"{PLACE / 'media'}",
    }
    return answered([sys.executable, "-m", "bench.pages", *command], env=os.environ | database)


def beside(python, server, *command):
    return answered([python, "-W", "ignore", Path(__file__).with_name("rival.py"), f"{server}/helpdesk", *command])


def answered(command, **how):
    done = subprocess.run(command, capture_output=True, text=True, **how)
    if done.returncode:
        sys.exit(f"{done.stderr[-4000:]}\n{command} failed")
    return json.loads(done.stdout.splitlines()[-1])


# --- what is said about it --------------------------------------------------------------------------------------------


def table(ours, peers):
    """A line for each page: its queries, and at each size ours in ms, the peer's, and how many times that is."""
    print(
        f"\n{'ms of server time':30}queries",
        *(f"{f'{size:,} cases':>14}   peer's   times" for size in SIZES),
        " growth",
    )
    for page in ours[SIZES[-1]]:
        columns = [beside_each_other(ours[size][page], peers.get(size, {}).get(page)) for size in SIZES]
        print(f"{page:30}{queries(ours, page):>7}", *columns, f"{growth(ours, page):7.2f}")


def beside_each_other(own, peer):
    if peer is None:
        return f"{own['median']:14.1f}{'':17}"
    return f"{own['median']:14.1f}{peer['median']:9,.0f}{peer['median'] / own['median']:8,.0f}"


def queries(ours, page) -> str:
    """How many, at each size where they differ."""
    return "/".join(dict.fromkeys(str(ours[size][page]["queries"]) for size in SIZES))


def growth(ours, page) -> float:
    """From the smallest size to the largest."""
    return ours[SIZES[-1]][page]["best"] / ours[SIZES[0]][page]["best"]


def goals(ours, peers):
    largest = ours[SIZES[-1]]
    slowest = max(largest, key=lambda page: largest[page]["median"])
    took = largest[slowest]["median"]
    yield goal("page", f"{took:.0f} ms ({slowest})", f"at most {MOST} ms at {SIZES[-1]:,} cases", took <= MOST)
    steepest = max(largest, key=lambda page: growth(ours, page))
    grew = growth(ours, steepest)
    sizes = f"{SIZES[0]:,} to {SIZES[-1]:,}"
    yield goal("growth", f"{grew:.2f} times ({steepest})", f"below {GROWTH} from {sizes} cases", grew < GROWTH)
    differ = [page for page in largest if "/" in queries(ours, page)]
    yield goal("queries", f"{len(differ)} pages differ {differ or ''}".strip(), "as many at every size", not differ)
    for name, pages, asked in (
        ("beside-the-peers-list", LISTS, 20),
        ("beside-the-peers-search-and-board", SEARCHES, 100),
    ):
        yield beside_goal(name, pages, asked, largest, peers.get(SIZES[-1]))


def beside_goal(name, pages, asked, own, peers):
    if not peers:
        return goal(name, f"nothing ({peer.PEER} cannot be installed here)", f"at least {asked} times", False)
    times = {page: peers[page]["median"] / own[page]["median"] for page in pages}
    least = min(times, key=times.get)
    return goal(name, f"{times[least]:.0f} times ({least})", f"at least {asked} times", times[least] >= asked)


def goal(name, measured, asked, held):
    return f"goal {name}: measured {measured}, asked {asked}, {'held' if held else 'short'}"


if __name__ == "__main__":
    main()
