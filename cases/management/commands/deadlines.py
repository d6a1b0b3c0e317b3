from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases import reference, rules
from cases.models import Case, Kind, as_checked, rules_of
from casetracker import clock


class Command(BaseCommand):
    help = "Say day by day why each deadline of a case is due when it is, or start the clocks of cases that have none."

    def add_arguments(self, parser):
        parser.add_argument("case", metavar="CASE", nargs="?", help="Its reference, with or without spaces.")
        parser.add_argument(
            "--start", action="store_true", help="Start the clocks of open cases that are older than the rules here."
        )
        parser.add_argument("--running", action="store_true", help="Only those that run.")

    def handle(self, *, case, running, start, **options):
        if bool(case) == start:
            raise CommandError("Name a case, or say --start.")
        if start:
            return self.start()
        return self.show(case, running)

    def start(self):
        """Each open case without a clock gets those of its rules, counted from what has happened so far."""
        without = Case.objects.open().filter(deadlines=None)
        count = without.count()
        for case in without.iterator(chunk_size=200):
            with transaction.atomic():
                case.followups.outstanding().filter(kind=Kind.ACKNOWLEDGEMENT).update(
                    cancelled_on=clock.today(), cancelled_reason="A clock of the rules took its place."
                )
                case.start_clocks()
                case.record("rules", "Its clocks were started.", on=clock.today(), by=None)
        self.stdout.write(f"Clocks started for {count} case{'' if count == 1 else 's'}.")

    def show(self, case, running):
        number = reference.heard(case) or case
        found = Case.objects.filter(reference=number).first()
        if found is None:
            raise CommandError(f"There is no case {case}.")
        shown = found.deadlines.running() if running else found.deadlines.all()
        self.stdout.write(self.style.MIGRATE_HEADING(f"{found}"))
        if not shown:
            self.stdout.write("No clock runs." if running else "It never had a clock.")
        for deadline in shown:
            self.explain(found, deadline)

    def explain(self, case, deadline):
        [pack], step = as_checked([rules.version(deadline.regime, deadline.version)]), rules_of(deadline)
        explained = case.counted(deadline, on=clock.today())
        self.stdout.write(f"\n{step.label}: {deadline.due_on:%A, %-d %B %Y}{_state(deadline)}")
        self.stdout.write(f"  {step.in_words}. {pack.name}, valid from {pack.version:%-d %B %Y}{_checked(pack)}.")
        for line in explained.lines():
            self.stdout.write(f"  {line}")
        for extension in deadline.extensions.all():
            self.stdout.write(f"  Extended by {extension.by_name}: {extension}")
        for retiming in deadline.retimings.all():
            self.stdout.write(f"  Counted anew by {retiming.by_name}: {retiming}")
        if deadline.promised_on:
            self.stdout.write(f"  {deadline.promised_on:%-d %B %Y} was told to the customer ({deadline.promised_in}).")


def _state(deadline) -> str:
    if deadline.void_on:
        return f" (void: {deadline.void_reason})"
    if deadline.met_on:
        late = ", late" if deadline.met_on > deadline.due_on else ""
        return (
            f" (done on {deadline.met_on:%-d %B %Y}{late}{': ' + deadline.late_reason if deadline.late_reason else ''})"
        )
    return ""


def _checked(pack) -> str:
    return "" if pack.checked else ", unchecked"
