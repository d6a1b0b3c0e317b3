"""The process that looks at an enclosure for letters/enclosing.py: bytes come in, the number of pages or the faults go
out. What somebody was sent may be made to do harm to whoever opens it; here it finds neither key nor database, and the
kernel ends it when it takes too much.
"""

import json
import resource
import sys

from letters import enclosable

CPU = 15  # seconds of a processor; fifty pages of scans take two
MEMORY = 1_024  # MB of addresses


def main():
    _shut_in()
    try:
        answer = {"pages": enclosable.pages(sys.stdin.buffer.read())}
    except enclosable.NotEnclosable as no:
        answer = {"faults": no.faults}
    json.dump(answer, sys.stdout)


def _shut_in():
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CPU, CPU)):
        resource.setrlimit(what, (most, most))
    if sys.platform != "darwin":  # whose kernel knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20,) * 2)


if __name__ == "__main__":
    main()
