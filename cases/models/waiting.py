"""On whom an open case waits: one definition, for the board, the lists and their filters."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value, When

from cases.stages import Stage

from .deadline import Pause
from .followup import FollowUp, Kind


class WaitingOn(models.TextChoices):
    """The first of these that is true of an open case; a closed one waits on nobody."""

    APPROVAL = "approval", "Approval of a letter"
    COLLEAGUE = "colleague", "A colleague's account"
    CUSTOMER = "customer", "The customer"
    NOBODY = "nobody", "Somebody to look after it"
    US = "us", "Us"


def _outstanding(kind):
    return Exists(FollowUp.objects.outstanding().filter(kind=kind, case=OuterRef("pk")))


def _holds(whom):
    """The condition that an open case waits on `whom`, if on nobody who comes before."""
    return {
        WaitingOn.APPROVAL: lambda: _outstanding(Kind.APPROVAL),
        WaitingOn.COLLEAGUE: lambda: _outstanding(Kind.ACCOUNT),
        # the rules let clocks stand still while we wait for the customer, and for nothing else
        WaitingOn.CUSTOMER: lambda: Exists(Pause.objects.filter(resumed_on=None, case=OuterRef("pk"))),
        WaitingOn.NOBODY: lambda: Q(handler=None),
        WaitingOn.US: lambda: Q(),
    }[whom]()


class WaitingQuerySet(models.QuerySet):
    def waiting_on(self, whom):
        """The open cases that wait on `whom` (one of WaitingOn)."""
        found = self.exclude(stage=Stage.CLOSED)
        for earlier in WaitingOn:
            if earlier == whom:
                return found.filter(_holds(whom))
            found = found.filter(~_holds(earlier))
        raise ValueError(f"{whom} is none of WaitingOn.")

    def with_waiting(self):
        """Each knows as `waits_on` on whom it waits (one of WaitingOn); empty for a closed one."""
        closed = When(stage=Stage.CLOSED, then=Value(""))
        first = [When(_holds(whom), then=Value(whom.value)) for whom in WaitingOn if whom != WaitingOn.US]
        waits_on = models.Case(closed, *first, default=Value(WaitingOn.US.value), output_field=models.CharField())
        return self.annotate(waits_on=waits_on)
