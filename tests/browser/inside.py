"""What is done behind the pages of the site under test, in a process of its own: python -m tests.browser.inside JOB."""

import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from cases import samples  # noqa: E402
from cases.models import Case, Part, User  # noqa: E402
from casetracker import clock  # noqa: E402
from letters import walk, writing  # noqa: E402
from letters.models import Kind  # noqa: E402


def settle_in():
    """The sample company with its staff and a dozen complaints; one of them is answered, on some work has begun."""
    call_command("migrate", verbosity=0)
    staff = samples.hire(password=os.environ["BROWSER_PASSWORD"])
    walk.set_up_letterhead()
    today = clock.today()
    cases = {name: samples.receive(name, today=today, by=staff["ines"]) for name in samples.names()}
    walked, plan = cases[samples.read("walk")["sample"]], walk.plan()
    for steps in (
        walk.up_to_the_letter(walked, staff, plan, today=today),
        walk.letter(walked, today=today, by=staff["ines"]),
    ):
        list(steps)
    samples.begin_work(cases, staff, today=today)
    call_command("clockwork", once=True, verbosity=0)


def letter_for_a_vulnerable_customer():
    """The sample case once more, of somebody for whom dealing with us is harder: their resolution letter is a draft."""
    staff, today, plan = {user.username: user for user in User.objects.all()}, clock.today(), walk.plan()
    case = samples.receive(plan["sample"], today=today, by=staff["ines"])
    case.customer.vulnerability = "Recently bereaved"
    case.customer.save(update_fields=["vulnerability"])
    list(walk.up_to_the_letter(case, staff, plan, today=today))
    print(writing.draft(case, Kind.RESOLUTION, on=today, by=staff["ines"]).pk)


def letter_of(reference):
    letter = Case.objects.get(reference=reference).letters.get()
    print(letter.kind, "issued" if letter.issued_on else "not issued", sep=", ")


def case_about(username):
    """A case of somebody else's, which turns out to be about this one."""
    case = Case.objects.open().exclude(handler__username=username).exclude(involvements__user__username=username).last()
    case.involve(
        user=User.objects.get(username=username), part=Part.CONCERNED, why="Hung up", on=clock.today(), by=case.handler
    )
    print(case.pk)


def case_of(username):
    print(Case.objects.open().filter(handler__username=username).first().pk)


def case_in(language):
    print(Case.objects.open().filter(language=language).first().pk)


def reference_of(pk):
    print(Case.objects.get(pk=pk).reference)


JOBS = (settle_in, letter_for_a_vulnerable_customer, letter_of, case_about, case_of, case_in, reference_of)

if __name__ == "__main__":
    {job.__name__: job for job in JOBS}[sys.argv[1]](*sys.argv[2:])
