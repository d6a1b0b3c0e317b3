"""What must be seen on every page of the admin, whoever is at it: that the clockwork stands still."""

from django.utils import timezone

from cases import heartbeat
from cases.models import Sweep
from casetracker import clock


def on_every_page(request):
    """The theme asks for this on every page: sentences for the red bars above it, for staff."""
    return {"alarms": list(_alarms(at=clock.now())) if request.user.is_staff else []}


def _alarms(*, at):
    sweeps = list(Sweep.objects.all())
    silent = heartbeat.silent(sweeps, at=at)
    if not silent:
        return
    heard = [sweep.last_sign_at for sweep in sweeps if sweep.name in silent]
    since = f" since {timezone.localtime(max(heard)):%-d %B, %H:%M}" if heard else ": it never ran here"
    if len(silent) == len(heartbeat.names()):
        what = "The clockwork stands still"
        follows = "No letter leaves, nobody is reminded."
    else:
        what = "Part of the clockwork stands still"
        follows = f"It is about: {', '.join(silent)}."
    yield f"{what}{since}. {follows} Tell whoever runs this system."
