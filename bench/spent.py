"""What this process and all under it have spent: seconds of CPU, those of finished children too, and memory now."""

import os
import resource
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def spent():
    """(seconds of CPU, megabytes of memory)."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() + children.ru_utime + children.ru_stime
    below = list(_under(os.getpid()))
    # what several processes share counts a part in each; of a single one it counts whole
    memory = sum(_memory(pid, "Pss:" if below else "Rss:") for pid in (os.getpid(), *below))
    return cpu + sum(map(_cpu, below)), memory


def _cpu(pid):
    """Seconds of a living child and of what it has waited for, as the system counts them: in hundredths."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0
    return sum(map(int, fields[11:15])) / TICK


def _memory(pid, kind):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile, or this is no Linux
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


def _under(pid):
    """Every process below."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _under(child)
