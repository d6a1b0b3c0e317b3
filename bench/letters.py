"""What a letter costs: ours, and every other way to make the same one, letter by letter in turn.

    make bench-letters                       LETTERS=10000 for the whole length of the memory run

Ours proves every glyph, tags the PDF and makes it fit for an archive; no other here does all of that. A ratio holds
when the machine's speed drifts, an absolute time does not. Each engine works in a process of its own and counts its
children.
"""

import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import django

from bench import desk
from bench.sheets import sample, varied

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "var/bench"
DIFFERENT = 300  # letters, each to another customer about another case
ROUNDS = int(os.environ.get("ROUNDS", 20))
SELDOM = 5  # what takes a second a letter sets only every fifth
LETTERS = int(os.environ.get("LETTERS", 500))  # in a row, for the memory
WHOLE = 10_000
BUSY = 0.8  # processes a processor that want to run, us among them: beyond it what we time by the wall says little
NAMES = {
    "ours": "ours: tagged, archived, every glyph proven",
    "copies": "ours with four marked copies",
    "naive": "WeasyPrint, plain call, ordinary markup",
    "naive_on_ours": "WeasyPrint, plain call, our markup",
    "process": "WeasyPrint, a process per letter",
    "chromium": "Chromium, headless, kept open",
    "libreoffice": "LibreOffice, a process per letter",
    "reportlab": "ReportLab (joins no Arabic letters)",
    "typst": "Typst",
}
PEERS = ("reportlab", "typst")


class Engine:
    """A process that sets letters and says what each took."""

    def __init__(self, name, command, **environment):
        self.name, self.taken, self.sizes, self.memory = name, [], [], 0
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | environment,
        )

    def ask(self, number):
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()

    def hear(self):
        said = json.loads(self._process.stdout.readline())
        self.memory = max(self.memory, said["memory"])
        return said

    def set(self, number):
        self.ask(number)
        said = self.hear()
        self.taken.append(said["cpu"])
        self.sizes.append(said["bytes"])
        return said

    def close(self):
        self._process.stdin.close()
        self._process.wait()

    @property
    def mean(self):
        return statistics.fmean(self.taken)


def ours(name="ours", **environment):
    return Engine(name, [sys.executable, "-m", "bench.engines", name, PLACE / "letters.pickle"], **environment)


def engines():
    """Every engine that this machine has; a sentence for each that it has not."""
    found = [ours(name) for name in ("ours", "copies", "naive", "naive_on_ours", "process")]
    missing = []
    for name, variable, programs in (
        ("chromium", "BENCH_CHROMIUM", ("chromium", "chromium-browser", "google-chrome")),
        ("libreoffice", "BENCH_LIBREOFFICE", ("soffice", "libreoffice")),
    ):
        program = next(filter(None, map(shutil.which, programs)), None)
        if program:
            found.append(ours(name, **{variable: program}))
        else:
            missing.append((name, "was not there"))
    python = peers()
    for name in PEERS:
        if python:
            found.append(Engine(name, [python, "bench/peers.py", name, PLACE / "letters.json"]))
        else:
            missing.append((name, "could not be installed"))
    return found, missing


def peers():
    """The interpreter of an environment that has ReportLab and Typst; None where they cannot be had."""
    python = PLACE / "peers/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE / "peers"], check=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS]
    return python if subprocess.run(command, capture_output=True).returncode == 0 else None


def prepare():
    """The letters lie in var/bench, for us as sheets and for peers as plain pieces."""
    letter = sample()
    sheets = [varied(letter, number) for number in range(DIFFERENT)]
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "letters.pickle").write_bytes(pickle.dumps(sheets))
    (PLACE / "letters.json").write_text(json.dumps([plain(sheet) for sheet in sheets]))


def plain(sheet):
    from letters import markdown

    head, rows, blocks = sheet.letterhead, [], []
    for kind, said in markdown.blocks(sheet.body):
        if kind in ("head", "row"):
            if kind == "head":
                rows = []
                blocks.append(("table", rows))
            rows.append(said.split(" | "))
        else:
            blocks.append((kind, said))
    return {
        "house": head.name,
        "contact": [*head.address_lines, head.phone, head.email, head.website],
        "registration": head.registration_line,
        "date": sheet.date_line,
        "references": [f"{label} {value}" for label, value in sheet.references],
        "address": sheet.address_lines,
        "salutation": sheet.salutation,
        "subject": sheet.subject,
        "blocks": blocks,
        "close": sheet.close,
        "signatory": sheet.signatory.name,
        "job_title": sheet.signatory.job_title,
        "copies": sheet.copies,
    }


def compare():
    """Prints the table; answers the engines by name."""
    found, missing = engines()
    print(f"{'':44}  CPU ms   median      times    kB   MB   letters")
    for engine in found:
        for number in range(2):
            engine.set(DIFFERENT - 1 - number)
        engine.taken.clear()
    for number in range(ROUNDS):
        for engine in found:
            if number % SELDOM == 0 or engine.name not in ("process", "libreoffice"):
                engine.set(number)
    by_name = {engine.name: engine for engine in found}
    for engine in found:
        print(row(engine, by_name["naive"]))
        engine.close()
    for name, why in missing:
        print(f"{NAMES[name]:44}  {why}")
    return by_name


def row(engine, naive):
    times = naive.mean / engine.mean
    middle = statistics.median(engine.taken) * 1000
    size = statistics.fmean(engine.sizes) / 1000
    return (
        f"{NAMES[engine.name]:44} {engine.mean * 1000:7.1f}  {middle:7.1f}  {times:7.2f} x"
        f"  {size:4.0f} {engine.memory:4.0f}   {len(engine.taken)}"
    )


def memory():
    """Megabytes after a tenth of the letters and the most there ever were, of one process that sets them in a row."""
    engine, early = ours(), 0
    for number in range(LETTERS):
        engine.set(number)
        if number == LETTERS // 10:
            early = engine.memory
    engine.close()
    return early, engine.memory


def two_workers(letters=40):
    """How many times as many letters two processes set as one in the same time, how much more CPU each letter took
    beside another, and whether the bytes were alike."""
    ratios, dearer, alike = [], [], True
    workers = [ours(), ours()]
    for worker in workers:
        worker.set(0)
    for _ in range(3):
        alone, [first] = walk(workers[:1], letters)
        both, [second, third] = walk(workers, letters)
        ratios.append(2 * alone / both)
        dearer.append((cpu(second) + cpu(third)) / 2 / cpu(first))
        alike = alike and sums(first) == sums(second) == sums(third)
    for worker in workers:
        worker.close()
    return statistics.median(ratios), statistics.median(dearer), alike


def walk(workers, letters):
    """Every worker sets the same letters at the same time; answers the seconds that it took and what each said."""
    began = time.perf_counter()
    for worker in workers:
        for number in range(letters):
            worker.ask(number)
    said = [[worker.hear() for _ in range(letters)] for worker in workers]
    return time.perf_counter() - began, said


def cpu(said):
    return sum(letter["cpu"] for letter in said)


def sums(said):
    return [letter["sha256"] for letter in said]


def goal(name, measured, asked, *, unit="", below=False):
    held = measured <= asked if below else measured >= asked
    print(f"goal {name}: measured {measured:.2f}{unit}, asked {asked}{unit}, {'held' if held else 'short'}")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    django.setup()
    prepare()
    by_name = compare()
    early, most = memory()
    print(f"Memory over {LETTERS:,} letters: {early:.0f} MB after a tenth of them, {most:.0f} MB at most.")
    if LETTERS < WHOLE:
        print(f"(The goal speaks of {WHOLE:,}: make bench-letters LETTERS={WHOLE} takes many minutes.)")
    busy, processors = os.getloadavg()[0], os.cpu_count()
    workers, dearer, alike = two_workers()
    print(f"Two workers: a letter takes {dearer:.2f} times the CPU of one that is set alone.")
    cold, warm = desk.preview()
    if busy > BUSY * processors:
        print(
            f"(Others were at work here, {busy:.1f} processes on {processors} processors: no time by the wall is ours.)"
        )
    goals_of_speed(by_name)
    goal("memory", most, 120, unit=" MB", below=True)
    goal("memory-flat", most - early, 10, unit=" MB more", below=True)
    goal("two-workers", workers, 1.9, unit=" times the letters of one")
    goal("same-bytes", float(alike), 1.0)
    goal("cold-preview", cold, 0.8, unit=" s", below=True)
    goal("warm-preview", warm * 1000, 120, unit=" ms", below=True)


def goals_of_speed(by_name):
    alone, copied = by_name["ours"].mean, by_name["copies"].mean
    naive, process = by_name["naive"].mean, by_name["process"].mean
    goal("letter-alone", naive / alone, 2.5, unit=" times as fast as the plain call")
    goal("letter-and-copies", 5 * naive / copied, 8, unit=" times as fast as five plain calls")
    goal("letter-and-copies-processes", 5 * process / copied, 50, unit=" times as fast as five processes")


if __name__ == "__main__":
    main()
