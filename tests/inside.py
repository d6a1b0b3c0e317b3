"""What a test does inside a running production, as one more process of it; the answer goes to stdout as JSON.

python tests/inside.py settle_in crowd=30 crash=20
python tests/inside.py issue_more more=100
python tests/inside.py move_at_once CASE 20
python tests/inside.py claim_at_once DELIVERY 8
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from cases import intake, samples  # noqa: E402
from cases.deadlines import working_days_after  # noqa: E402
from cases.models import Case, Refused, Role, User, office  # noqa: E402
from casetracker import clock  # noqa: E402
from letters import dispatch, press, walk, writing  # noqa: E402
from letters.models import Kind  # noqa: E402

PASSWORD = "a-long-and-quiet-afternoon"
LATER = timedelta(days=30)


def settle_in(*occasions):
    """Staff is hired, the paper is set up, and for each occasion its letters lie issued, due only when a test says so.
    Those of the occasion "copied" have copies. One more case has been acknowledged."""
    staff = samples.hire(password=PASSWORD)
    walk.set_up_letterhead()
    letters = {name: int(count) for name, _, count in (occasion.partition("=") for occasion in occasions)}
    for occasion, count in letters.items():
        draft = _draft_with_copies if occasion == "copied" else _draft
        for number in range(1, count + 1):
            _issue(draft, f"{occasion}{number}@example.org", staff)
    case = _received("moved@example.org", handler=staff["ines"])
    case.acknowledge("phone", on=clock.today(), by=staff["ines"])
    return {"password": PASSWORD, "letters": letters, "case": case.pk}


def issue_more(*occasions):
    """For each occasion its letters lie issued, in a house that has settled in."""
    staff = {person.username: person for person in User.objects.all()}
    for name, _, count in (occasion.partition("=") for occasion in occasions):
        for number in range(1, int(count) + 1):
            _issue(_draft, f"{name}{number}@example.org", staff)
    return {}


def _received(email, *, handler):
    today = clock.today()
    told = intake.Complaint(
        channel="phone", received_on=today, name="Eleanor Whitcombe", email=email, story="It broke."
    )
    case = intake.receive(told, on=today, by=handler)
    case.assign(handler, on=today, by=handler)
    case.promise_contact(until=working_days_after(today, 3, calendar=office()), on=today, by=handler)
    return case


@transaction.atomic  # the clockwork runs already, and must not find it before its hour is set
def _issue(draft, email, staff):
    letter = draft(_received(email, handler=staff["ines"]), staff)
    dispatch.issue(letter, on=clock.today(), by=staff["ines"])
    letter.deliveries.update(due_at=clock.now() + LATER)


def _draft(case, staff):
    case.add_point("It broke.", on=clock.today(), by=staff["ines"])
    return writing.draft(case, Kind.ACKNOWLEDGEMENT, on=clock.today(), by=staff["ines"])


def _draft_with_copies(case, staff):
    list(walk.up_to_the_letter(case, staff, walk.plan(), today=clock.today()))
    return writing.draft(case, Kind.RESOLUTION, on=clock.today(), by=staff["ines"])


def set_one_letter_for_all():
    """Setting a letter takes a while, and what it looks like is no matter here: the first one's PDF serves for all."""
    set_once, kept = press.render_pdf, []

    def render_pdf(sheet):
        if not kept:
            kept.append(set_once(sheet))
        return kept[0]

    press.render_pdf = render_pdf


def at_once(crowd, act):
    """What each of `crowd` was answered, all of them acting in the same moment over connections of their own."""
    ready = Barrier(len(crowd))

    def one(person):
        try:
            return act(person, ready)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(one, crowd))


def move_at_once(pk, count):
    """`count` people press the same button of one case; answers what each of them read."""
    people = [User(username=f"guest{n}", first_name=f"Guest {n}", role=Role.HANDLER) for n in range(int(count))]
    User.objects.bulk_create(people)

    def move(person, ready):
        case = Case.objects.get(pk=pk)
        ready.wait(timeout=30)
        try:
            case.move_on(on=clock.today(), by=person)
        except Refused as refused:
            return str(refused)
        return f"moved to {case.stage}"

    return at_once(people, move)


def claim_at_once(pk, count):
    """`count` workers set about one delivery, at an hour at which nobody else takes it for due."""

    def deliver(_worker, ready):
        connection.ensure_connection()
        ready.wait(timeout=30)
        dispatch.deliver(int(pk), at=clock.now() + 2 * LATER)

    return at_once(range(int(count)), deliver)


COMMANDS = {
    "settle_in": settle_in,
    "issue_more": issue_more,
    "move_at_once": move_at_once,
    "claim_at_once": claim_at_once,
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    if name in ("settle_in", "issue_more"):
        set_one_letter_for_all()
    print(json.dumps(COMMANDS[name](*arguments)))
