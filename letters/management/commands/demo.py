import shutil
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cases import digests, followups, samples
from cases.models import Digest
from casetracker import clock
from letters import dispatch, walk

HOME = settings.VAR / "demo"
PASSWORD = "demo-complaints"  # opens a throw-away database on this machine only


class Command(BaseCommand):
    help = "Show the whole way of a complaint on invented data, then serve the admin and run the clockwork."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="End after the walk.")

    def handle(self, *, port, no_serve, **options):
        self.start_clean()
        staff, cases = self.receive_samples()
        walked = cases[samples.read("walk")["sample"]]
        self.say("One of them goes all the way", self.walk(walked, staff))
        self.say("The clockwork looks around", self.look_around(cases, staff))
        self.say("What it left", self.paths(walked))
        if not no_serve:
            self.serve(port)

    def say(self, title, lines=()):
        self.stdout.write(self.style.MIGRATE_HEADING(f"\n{title}"))
        for line in lines:
            self.stdout.write(f"  {line}")

    def start_clean(self):
        """Everything of an earlier demo is gone, and nothing else: the demo only ever touches its own folder."""
        database = Path(settings.DATABASES["default"]["NAME"])
        if HOME not in database.parents or HOME not in Path(settings.MEDIA_ROOT).parents:
            raise CommandError("The demo would overwrite your data. Run it as `make demo`, which gives it its own.")
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True)
        self.say("A fresh database", ["Creating it (a few seconds)…"])
        call_command("migrate", verbosity=0)

    def receive_samples(self):
        staff = samples.hire(password=PASSWORD)
        walk.set_up_letterhead()
        self.say("A dozen complaints come in")
        cases = {}
        for name in samples.names():
            case = cases[name] = samples.receive(name, today=clock.today(), by=staff["ines"])
            channel, language = case.get_channel_display(), case.get_language_display()
            self.stdout.write(f"  {case.reference}  {channel:<10} {language:<20} {case.subject[:60]}")
        return staff, cases

    def walk(self, case, staff):
        today = clock.today()
        yield f"{case.customer}: “{case.subject}”"
        yield from walk.up_to_the_letter(case, staff, walk.plan(), today=today)
        yield from walk.letter(case, today=today, by=staff["ines"])

    def look_around(self, cases, staff):
        """Work begins on some of the others, and what is due by now is brought to mind; at night and on a day off, what
        is due when the office opens next."""
        samples.begin_work(cases, staff, today=clock.today())
        followups.carry_out(at=digests.at_work(at=clock.now()))
        dispatch.deliver_due(at=clock.now())
        for digest in Digest.objects.all():
            count = digest.reminders.count()
            yield f"{digest.to_name} is told by e-mail of {count} thing{'s' if count > 1 else ''} due or overdue."

    def paths(self, case):
        letter = case.letters.get(kind="resolution")
        pdf = HOME / letter.file_name
        pdf.write_bytes(letter.pdf)
        yield f"the letter           {self.path(pdf)}"
        for delivery in letter.deliveries.all():
            mail = Path(settings.MAIL_URL.removeprefix("folder:")) / f"letter.{delivery.message_key.hex}.eml"
            what = "the customer's mail " if delivery.is_for_customer else "a copy by e-mail    "
            yield f"{what} {self.path(mail)}  ({delivery.to_name})"
        yield f"all e-mails          {self.path(mail.parent)}/"

    def path(self, path):
        return path.relative_to(Path.cwd()) if Path.cwd() in path.parents else path

    def serve(self, port):
        """The site on loopback and the clockwork beside it, until Ctrl-C."""
        site = f"http://127.0.0.1:{port}"
        gunicorn = [sys.executable, "-m", "gunicorn", "casetracker.wsgi", "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen([*gunicorn, "--workers", "2", "--log-level", "warning"])
        try:
            self.say(
                "Now it runs (Ctrl-C ends it)",
                [
                    f"the admin        {site}/admin/   sign in as amara, password {PASSWORD}",
                    f"complain         {site}/complain/",
                ],
            )
            call_command("clockwork")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
