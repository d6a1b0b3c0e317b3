"""How long a page takes on the server, through a Django test client in this very process, and how many queries it asks.

Only Django is needed, so that a peer can be measured by it in an environment of its own.
"""

import statistics
import time

LONG = 30  # seconds; what takes longer is measured once
ENOUGH = 12  # seconds spent on the runs of one page


def measured(ask, *, times):
    """What one call of `ask`, which answers a response, costs: `median` and `best` in milliseconds, `queries`, `runs`.

    The first call warms everything up, and is the figure itself where it is a very long one."""
    first, queries = _counted(ask)
    took = [] if first < LONG else [first]
    while first < LONG and len(took) < times and (len(took) < 2 or sum(took) < ENOUGH):
        took.append(_seconds(ask))
    if len(took) > 1:
        _, queries = _counted(ask)
    return {
        "median": 1000 * statistics.median(took),
        "best": 1000 * min(took),
        "queries": queries,
        "runs": len(took),
    }


def _seconds(ask):
    began = time.perf_counter()
    answer = ask()
    took = time.perf_counter() - began
    assert answer.status_code in (200, 302), answer.status_code
    return took


def _counted(ask):
    """Seconds of one call, and how many queries it asked."""
    from django.db import connection

    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        return _seconds(ask), len(asked)
