"""The clockwork as staff see it: an alarm on every page when it is silent, and how it is on the board."""

from cases import heartbeat
from cases.models import Sweep
from casetracker import clock


def alarm(request):
    """What stands at the head of every page; nothing while all sweeps give signs of life."""
    if not request.user.is_staff or not heartbeat.silent(Sweep.objects.all(), at=clock.now()):
        return None
    return ["The clockwork stands still: no letter leaves, nobody is reminded", "danger"]
