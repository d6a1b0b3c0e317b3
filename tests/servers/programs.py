"""Processes: started, watched, ended, and treated as no process should be."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def wait_until(condition, *, within, what, every=0.05):
    """Answers what condition() answered once that was true. Fails after `within` seconds, saying `what` was awaited."""
    until = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"Within {within} s it did not happen: {what}.")
        time.sleep(every)
    return found


class Program:
    """One process, with those that it starts itself, and all that they said. `ready` is asked until it is true."""

    def __init__(self, name, command, *, cwd, environment, log, ready):
        self.name, self.command, self.cwd, self.environment = name, command, cwd, environment
        self.log, self.ready = Path(log), ready
        self.process = None
        self._before = 0  # how much of the log is of earlier lives

    def start(self, *, wait=True, **environment):
        """It runs, with other settings where told."""
        self._before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait()
        return self

    def wait(self):
        """It is ready. Fails with its output when it ends or does not become so."""
        wait_until(lambda: self.ended() or self.ready(self), within=90, what=f"{self.name} is ready")
        assert not self.ended(), f"{self.name} ended with {self.process.returncode}:\n{self.said()}"

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def said(self) -> str:
        """Its output since it was started last."""
        return self.log.read_bytes()[self._before :].decode(errors="replace") if self.log.exists() else ""

    def stop(self):
        """It ended as it ends when its place is shut down: SIGTERM, and SIGKILL when that is not enough."""
        if self.ended():
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        """It and every process that it started died at once, as when the power fails."""
        os.killpg(self.process.pid, signal.SIGKILL)  # its own group, see start_new_session
        self.process.wait()

    def freeze(self):
        """It and every process that it started stand still, as when a machine is moved."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def children(self) -> list[int]:
        """The processes that it started itself: a worker's pool, a web server's workers."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        return [int(pid) for pid, parent in map(str.split, listed.splitlines()) if int(parent) == self.process.pid]

    def kill_children(self):
        """Its children died at once; it is left to notice."""
        for pid in self.children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
