"""`render_pdf` for everybody: each letter is set by a process of its own, under limits of time and memory.

Whatever a letter does to that process, this one lives on: it gets the bytes, or CannotRender naming the cause. The
process is letters/setter.py, started when it is first needed and kept for the next letter.
"""

import atexit
import contextlib
import json
import logging
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from letters.sheet import CannotRender

log = logging.getLogger(__name__)

AT_ONCE = 2  # letters that one worker sets at the same time; a third waits for its turn
SETTER = (sys.executable, "-m", "letters.setter")
# What a setter may know of its surroundings: where libraries and fonts are. No key, no database, no mail server.
KNOWN = ("PATH", "HOME", "LANG", "LC_", "TMPDIR", "XDG_", "FONTCONFIG_", "LD_LIBRARY_PATH", "DYLD_", "PYTHON")
HEADER = struct.Struct(">BQ")  # of an answer: what it is, how many bytes follow
PDF, REFUSED, OUT_OF_MEMORY, FAULT = range(4)


@dataclass(frozen=True)
class Limits:
    """What one letter may use."""

    cpu: int = 20  # seconds of a processor; ten pages take one or two
    wait: int = 60  # seconds until it is there, whatever it waits for
    memory: int = 1_024  # MB of addresses; a letter with fonts of all languages and large pictures takes 500


def render_pdf(sheet):
    """The letter as PDF, byte for byte what render.render_pdf makes of the sheet. Raises CannotRender."""
    return _press.set(sheet)


def render_folio(folio):
    """The pages as render.render_folio makes them of the folio, set like a letter. Raises CannotRender."""
    return _press.set(folio)


def warm_up():
    """A setter is loading its program, if none waits for a letter: who opens the desk will soon want to see one."""
    _press.warm_up()


class Press:
    """Setters, kept for the next letter; one that dies is replaced, and its letter is told why."""

    def __init__(self, limits=Limits(), at_once=AT_ONCE, command=SETTER):
        self.limits, self._at_once, self._command = limits, at_once, command
        self.forget()

    def set(self, sheet):
        """The sheet's PDF. Raises CannotRender."""
        if not self._room.acquire(timeout=self.limits.wait):
            raise CannotRender("Too many letters are being set at this moment; try again in a minute.")
        try:
            return self._set(sheet)
        finally:
            self._room.release()

    def warm_up(self):
        if not self._idle and self._room.acquire(blocking=False):
            try:
                self._idle.append(self._ready())
            finally:
                self._room.release()

    def close(self):
        """No setter is left waiting."""
        while self._idle:
            self._idle.pop().end()

    def forget(self):
        """Nothing is here: the setters of a process that was forked are its own, only their pipes came along."""
        for setter in getattr(self, "_idle", ()):
            setter.hang_up()
        self._room = threading.BoundedSemaphore(self._at_once)
        self._idle = []

    def _set(self, sheet):
        setter = self._ready()
        try:
            pdf = setter.set(sheet)
        except CannotRender as no:
            if setter.alive:
                self._idle.append(setter)
            raise no from None
        except BaseException:  # this thread was called away: nobody waits for the answer any more
            setter.end()
            raise
        self._idle.append(setter)
        return pdf

    def _ready(self):
        """A setter that waits for a letter and holds the paper as it is now."""
        paper = _paper()
        while self._idle:
            setter = self._idle.pop()
            if setter.alive and setter.paper == paper:
                return setter
            setter.end()
        return _Setter(self._command, self.limits, paper)


class _Setter:
    """One process that sets letters, one after another."""

    def __init__(self, command, limits, paper):
        self.limits, self.paper, self._overdue = limits, paper, False
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name.startswith(KNOWN)},
            process_group=0,  # Ctrl-C is meant for us; a setter ends when its pipe does
        )
        with contextlib.suppress(BrokenPipeError):  # the letter will find out
            self._say((settings.TEMPLATES, limits))

    @property
    def alive(self):
        return self._process.poll() is None

    def set(self, sheet):
        """The sheet's PDF. Raises CannotRender; then the setter has either answered or ended."""
        watch = threading.Timer(self.limits.wait, self._give_up)
        watch.start()
        try:
            kind, answer = self._ask(sheet)
        except (BrokenPipeError, EOFError):
            self.end()
            raise CannotRender(self._cause()) from None
        finally:
            watch.cancel()
            watch.join()
        if self._overdue or kind == OUT_OF_MEMORY:  # it was killed just as it answered, or is in no good state
            self.end()
        return self._understood(kind, answer)

    def end(self):
        """The process is gone and waited for, its pipes are closed."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self.hang_up()

    def hang_up(self):
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):  # what was still to be said has no listener
                pipe.close()

    def _ask(self, sheet):
        self._say(sheet)
        kind, length = HEADER.unpack(_exactly(HEADER.size, self._process.stdout))
        return kind, _exactly(length, self._process.stdout)

    def _say(self, thing):
        self._process.stdin.write(pickle.dumps(thing))
        self._process.stdin.flush()

    def _give_up(self):
        self._overdue = True
        self._process.kill()

    def _understood(self, kind, answer):
        if kind == PDF:
            return answer
        if kind == REFUSED:
            raise CannotRender(*json.loads(answer))
        if kind == OUT_OF_MEMORY:
            raise CannotRender(_too_large(self.limits))
        fault, where = json.loads(answer)
        log.error("A letter could not be set, %s:\n%s", fault, where)
        raise CannotRender(f"The letter could not be set: a fault in our program ({fault}); its log says where.")

    def _cause(self):
        """Why the process ended before it answered."""
        if self._overdue:
            return f"The letter was not set within {self.limits.wait} seconds; shorten it, or try again in a minute."
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return f"The letter took longer than {self.limits.cpu} seconds to set; shorten it or use simpler pictures."
        if code in (-signal.SIGABRT, -signal.SIGTRAP):  # how the libraries of text layout end when memory does
            return _too_large(self.limits)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        log.error("The process that sets letters ended: %s.", how)
        return f"The process that was setting the letter ended unexpectedly ({how}); try again."


def _too_large(limits):
    return f"The letter needed more than {limits.memory:,} MB of memory to set; shorten it or use simpler pictures."


def _exactly(length, pipe):
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _paper():
    """The files that make up our paper, as they are now: a setter reads them once and keeps them."""
    folders = [Path(folder, "letters/print") for engine in settings.TEMPLATES for folder in engine["DIRS"]]
    return {file: file.stat().st_mtime_ns for folder in folders for file in folder.rglob("*")}


_press = Press()
atexit.register(_press.close)
os.register_at_fork(after_in_child=_press.forget)
