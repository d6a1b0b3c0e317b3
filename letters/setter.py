"""The process that sets letters for letters/press.py: a sheet comes in, its PDF or the reason why not goes out.

It knows our paper and nothing else. It has no key and no database, opens no connection, starts no program, writes no
file and reads none but the paper, the fonts and its own program. It ends when nobody can hand it a sheet any more.
"""

import json
import logging
import os
import pickle
import resource
import sys
import sysconfig
import traceback
from pathlib import Path

import django
from django.conf import settings

from letters.folio import Folio
from letters.press import FAULT, HEADER, OUT_OF_MEMORY, PDF, REFUSED

HERE = Path(__file__).resolve().parent
# Events of Python's own audit: whoever reaches for the world beyond this process passes one of them.
REACHES_OUT = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix")
CHANGES_FILES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main():
    sheets, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints never stands among the answers
    templates, limits = pickle.load(sheets)
    render = _set_up(templates)
    _shut_in(limits, [Path(folder) for engine in templates for folder in engine["DIRS"]])
    while (sheet := _next(sheets)) is not None:
        _allow_seconds(limits.cpu)
        kind, answer = _set(render, sheet)
        answers.write(HEADER.pack(kind, len(answer)) + answer)
        answers.flush()


def _set_up(templates):
    """The module that sets letters, with as much of Django as it needs."""
    settings.configure(TEMPLATES=templates, LOGGING_CONFIG=None)
    django.setup()
    logging.lastResort = None  # what WeasyPrint warns of stands in the answer; a log holds nobody's letter
    from letters import render

    return render


def _shut_in(limits, paper):
    """From here on nothing but layout is possible."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform != "darwin":  # whose kernel knows no such limit: there the seconds alone end a letter
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory << 20,) * 2)
    sys.dont_write_bytecode = True
    sys.addaudithook(_wall([*paper, *_program()]))


def _program():
    """Where the program itself lies, which loads some of its parts late; not the project around it."""
    around = HERE.parent
    yield HERE
    yield from (Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
    yield from (place for place in map(Path, sys.path) if place.resolve() != around)


def _wall(readable):
    readable = tuple(os.path.realpath(folder) + os.sep for folder in readable)

    def refuse(event, arguments):
        if event.startswith(REACHES_OUT) or event in CHANGES_FILES:
            raise PermissionError(f"Whoever sets letters does not do this: {event}.")
        if event == "open" and not isinstance(arguments[0], int):
            path, _mode, flags = arguments
            if flags & WRITES or not os.path.realpath(os.fsdecode(path)).startswith(readable):
                raise PermissionError("Whoever sets letters opens no file but our paper.")

    return refuse


def _next(sheets):
    try:
        return pickle.load(sheets)
    except EOFError:
        return None


def _allow_seconds(seconds):
    """The letter that comes now may use so many; then the kernel ends this process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    last = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (last, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _set(render, sheet):
    """What is to be answered, as (kind, bytes)."""
    try:
        make = render.render_folio if isinstance(sheet, Folio) else render.render_pdf
        return PDF, make(sheet)
    except render.CannotRender as no:
        return REFUSED, json.dumps(no.problems).encode()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except Exception as fault:  # the place is told without the words, which may be the customer's
        where = "".join(traceback.format_tb(fault.__traceback__))
        return FAULT, json.dumps([type(fault).__name__, where]).encode()


if __name__ == "__main__":
    main()
