"""Whatever a letter does to the process that sets it, the worker lives on, knows the cause, and sets the next one."""

import gc
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from letters import dispatch, press, render, writing
from letters.press import Limits, Press
from letters.sheet import CannotRender
from tests.conftest import TUESDAY
from tests.letters.paper import ACKNOWLEDGEMENT, RESOLVED, pages, sheet
from tests.servers import wait_until

# Every letter in its own box, which WeasyPrint lays out far too slowly; each of our limits on length permits it.
SLOW = sheet(body="\u2066a\u2069 " * 7_000)
# What else may happen to a setter, each at the word that names it in the subject.
HARMS = """
import os, signal, time
from django.conf import settings
from letters import render, setter

def harmed(sheet, set=render.render_pdf):
    if "memory" in sheet.subject:
        return b"x" * (4 << 30)
    if "library" in sheet.subject:
        os.abort()
    if "killed" in sheet.subject:
        os.kill(os.getpid(), signal.SIGKILL)
    if "waits" in sheet.subject:
        time.sleep(3_600)
    if "fault" in sheet.subject:
        raise KeyError(sheet.salutation)
    if "chatter" in sheet.subject:
        print("%PDF", flush=True)
        os.write(1, b"%PDF")
    if "number" in sheet.subject:
        return str(os.getpid()).encode()
    if "busy" in sheet.subject:
        until = time.process_time() + 0.9
        while time.process_time() < until:
            pass
    if "surroundings" in sheet.subject:
        return repr([dict(os.environ), vars(settings._wrapped)]).encode()
    return set(sheet)

render.render_pdf = harmed
setter.main()
"""


def a_press(*, harms=False, at_once=1, **limits):
    command = (sys.executable, "-c", HARMS) if harms else press.SETTER
    return closing(Press(Limits(**limits), at_once, command))


def refusal(its_press, letter):
    with pytest.raises(CannotRender) as caught:
        its_press.set(letter)
    (problem,) = caught.value.problems
    return problem


def number(its_press):
    """Of the process that sets letters."""
    return int(its_press.set(sheet(subject="number")))


def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def open_files():
    gc.collect()  # not those that other tests left to it
    return len(os.listdir("/dev/fd"))


def test_a_letter_in_every_language_is_byte_for_byte_what_is_set_in_this_process():
    for letter in RESOLVED.values():
        assert press.render_pdf(letter) == render.render_pdf(letter)


def test_two_threads_get_their_own_letters():
    letters = [sheet(subject=f"Letter {n}") for n in range(8)]
    with a_press(at_once=2) as two, ThreadPoolExecutor(4) as threads:
        for n, pdf in enumerate(threads.map(two.set, letters)):
            assert f"Letter {n} " in pages(pdf)[0]


def test_one_setter_serves_one_letter_after_another():
    with a_press(harms=True) as one:
        assert number(one) == number(one) != os.getpid()


def test_what_keeps_a_letter_from_being_set_is_said_as_it_is_without_a_process_of_its_own():
    with a_press(harms=True) as one:
        before = number(one)
        with pytest.raises(CannotRender) as caught:
            one.set(sheet(subject="", close="[[close]]"))
        assert caught.value.problems == ["The subject is empty; write it.", "[[close]] is not filled in (close)."]
        assert number(one) == before


def test_a_letter_that_takes_too_long_to_lay_out_is_stopped():
    with a_press(cpu=1) as quick:
        assert "longer than 1 seconds to set; shorten it" in refusal(quick, SLOW)
        assert quick.set(ACKNOWLEDGEMENT) == render.render_pdf(ACKNOWLEDGEMENT)


def test_the_seconds_are_of_each_letter_not_of_all():
    with a_press(harms=True, cpu=1) as quick:
        before = number(quick)
        for _letter in range(4):
            quick.set(sheet(subject="busy"))
        assert number(quick) == before


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        ("memory", "The letter needed more than 1,024 MB of memory to set; shorten it or use simpler pictures."),
        ("library", "The letter needed more than 1,024 MB of memory to set; shorten it or use simpler pictures."),
        ("killed", "The process that was setting the letter ended unexpectedly (SIGKILL); try again."),
        ("waits", "The letter was not set within 8 seconds; shorten it, or try again in a minute."),
    ],
)
def test_a_letter_that_ends_its_setter_names_the_cause_and_the_next_one_is_set_by_another(what, cause):
    with a_press(harms=True, wait=8 if what == "waits" else 60) as harmed:
        before = number(harmed)
        files = open_files()
        assert refusal(harmed, sheet(subject=what)) == cause
        assert not exists(before)  # not even as a zombie, which would still have its number
        assert harmed.set(ACKNOWLEDGEMENT) == render.render_pdf(ACKNOWLEDGEMENT)
        assert number(harmed) != before
        assert open_files() == files


def test_a_fault_of_ours_is_named_and_logged_without_the_customers_words(caplog):
    with a_press(harms=True) as harmed:
        said = refusal(harmed, sheet(subject="fault", salutation="Dear Ms Ashworth,"))
        assert said == "The letter could not be set: a fault in our program (KeyError); its log says where."
    assert "in harmed" in caplog.text
    assert "Ashworth" not in caplog.text + said


def test_what_a_library_prints_is_no_answer():
    with a_press(harms=True) as one:
        assert "chatter" in pages(one.set(sheet(subject="chatter")))[0]


def test_a_setter_that_died_while_nobody_needed_it_is_replaced():
    with a_press(harms=True) as one:
        before = number(one)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: stopped(before), within=10, what="the setter is dead")
        assert number(one) != before


def stopped(pid):
    """It runs no more; it may still wait to be noticed."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return not told or told.startswith("Z")


def test_a_letter_that_finds_no_free_setter_is_told_so():
    with a_press(harms=True, wait=4) as one:
        number(one)
        waiting = threading.Thread(target=refusal, args=(one, sheet(subject="waits")))
        waiting.start()
        try:
            one.limits = Limits(wait=0)
            wait_until(lambda: not one._idle, within=4, what="the other letter is being set")
            assert "Too many letters are being set at this moment" in refusal(one, ACKNOWLEDGEMENT)
        finally:
            waiting.join()


def test_a_setter_ends_with_the_worker_that_started_it():
    program = (
        "import django, os, signal; django.setup();"
        "from letters import press; from tests.letters.paper import ACKNOWLEDGEMENT;"
        "press.render_pdf(ACKNOWLEDGEMENT); print(press._press._idle[0]._process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, cwd=settings.BASE_DIR, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr
    wait_until(lambda: stopped(int(run.stdout)), within=10, what="the setter ends")


def test_a_forked_worker_starts_a_setter_of_its_own():
    """As Celery's workers are, once the process that they come from has set a letter."""
    with a_press(harms=True) as one:
        before = number(one)
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            one.forget()
            os.write(writes, str(number(one)).encode())
            one.close()
            os._exit(0)
        os.waitpid(child, 0)
        os.close(writes)
        with os.fdopen(reads) as told:
            assert int(told.read()) != before
        assert number(one) == before


def test_paper_that_was_changed_is_seen_by_the_next_letter(tmp_path, settings):
    paper = tmp_path / "letters/print/letter.html"
    paper.parent.mkdir(parents=True)
    words = (Path(settings.BASE_DIR) / "templates/letters/print/letter.html").read_text()
    paper.write_text(words)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    with a_press() as one:
        assert "Better paper" not in pages(one.set(ACKNOWLEDGEMENT))[0]
        paper.write_text(words.replace("<h1>", "<p>Better paper</p><h1>"))
        assert "Better paper" in pages(one.set(ACKNOWLEDGEMENT))[0]


def test_a_setter_knows_no_key_and_no_server(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://a-secret")
    with a_press(harms=True) as one:
        told = one.set(sheet(subject="surroundings")).decode()
    assert "'PATH'" in told
    assert not [secret for secret in ("a-secret", settings.SECRET_KEY, "sqlite", "postgres") if secret in told]


# Where people meet it


@pytest.fixture
def harmed(monkeypatch):
    """The press that everybody uses, with setters that come to harm at a word."""
    with a_press(harms=True) as one:
        monkeypatch.setattr(press, "_press", one)
        yield


def call(draft, subject, *, by):
    writing.edit(draft, subject=subject, salutation=draft.salutation, body=draft.body, close=draft.close, by=by)


def test_a_draft_whose_setter_dies_stays_a_draft_and_says_why(harmed, draft, handler):
    call(draft, "killed", by=handler)
    with pytest.raises(dispatch.NotIssued, match="ended unexpectedly"):
        dispatch.issue(draft, on=TUESDAY, by=handler)
    draft.refresh_from_db()
    assert (draft.issued_on, draft.pdf) == (None, None)
    call(draft, "Your fridge", by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    assert bytes(draft.pdf).startswith(b"%PDF-")


def test_whoever_opens_a_draft_finds_a_setter_ready(harmed, draft, handler, client):
    client.force_login(handler)
    for _visit in range(2):
        client.get(reverse("admin:letters_letter_change", args=[draft.pk]))
    [setter] = press._press._idle
    call(draft, "number", by=handler)
    answer = client.get(reverse("admin:letters_letter_pdf", args=[draft.pk]))
    assert int(answer.content) == setter._process.pid


def test_the_desk_shows_why_a_letter_could_not_be_set(harmed, draft, handler, client):
    client.force_login(handler)
    for subject, cause in (("memory", "more than 1,024 MB of memory"), ("fault", "a fault in our program (KeyError)")):
        call(draft, subject, by=handler)
        answer = client.get(reverse("admin:letters_letter_pdf", args=[draft.pk]))
        assert answer.status_code == 422
        assert cause in answer.content.decode()
