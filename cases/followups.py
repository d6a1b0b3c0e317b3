"""Bringing to mind what is due. The clockwork asks `carry_out(at=now)` every few seconds; the rows say what is due.

One transaction per follow-up: the claim (a conditional update), the reminders and the event stand or fall together, so
a worker that dies has done nothing, and two at once do it once. One bad case never blocks the rest.
"""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.deadlines import NoCalendar
from cases.models import Digest, FollowUp, Kind, Part, Reminder, Role, Step, User

log = logging.getLogger(__name__)

BATCH = 500


def carry_out(*, at) -> int:
    """Every follow-up whose hour has come by `at` has been brought to mind, once a step, and what each person is told
    lies gathered in one digest. Returns how many follow-ups were acted on."""
    acted = 0
    for followup in FollowUp.objects.to_act_on(at=at).select_related("case", "commitment", "involvement")[:BATCH]:
        try:
            acted += _act_on(followup, at=at)
        except (DatabaseError, NoCalendar):
            log.exception("Follow-up %s could not be carried out; the others go on.", followup.pk)
    _gather(at=at)
    return acted


@transaction.atomic
def _act_on(followup, *, at) -> bool:
    step = followup.step_at(at=at)
    claimed = FollowUp.objects.outstanding().filter(pk=followup.pk, act_at=followup.act_at)
    if not claimed.update(act_at=followup.next_act(after=at)):
        return False
    told = {email: name for name, email in _whom_to_tell(followup, step) if email}
    for email, name in told.items():
        Reminder.objects.create(followup=followup, step=step, to_name=name, to_email=email)
    names = ", ".join(told.values()) or "nobody, since no lead has an e-mail address"
    text = f"{followup}: {step.label}. Told: {names}."
    followup.case.record(f"followup {step}", text, on=timezone.localdate(at), by=None)
    return True


def _gather(*, at):
    """All reminders that wait for one person become one digest."""
    waiting = Reminder.objects.filter(digest=None)
    for email in waiting.order_by().values_list("to_email", flat=True).distinct():
        with transaction.atomic():
            theirs = waiting.filter(to_email=email)
            first = theirs.first()
            if first is None:  # gathered beside us
                continue
            digest = Digest.objects.create(to_name=first.to_name, to_email=email, made_at=at, urgent=True)
            if not theirs.update(digest=digest):
                digest.delete()


def _whom_to_tell(followup, step):
    """(name, e-mail) of those whom this step concerns: who has to act, and from the day after also who leads."""
    case = followup.case
    if followup.kind == Kind.ACCOUNT:
        yield followup.involvement.name, followup.involvement.email
    elif followup.kind == Kind.COMMITMENT and followup.commitment.owner:
        yield _contact(followup.commitment.owner)
    elif case.handler:
        yield _contact(case.handler)
    else:
        yield from _leads(case)
    if step == Step.OVERDUE:
        if case.handler:
            yield _contact(case.handler)
        yield from _leads(case)


def _leads(case):
    """The leads who may see the case, so never one whom it is about."""
    concerned = case.involvements.filter(part=Part.CONCERNED, user__isnull=False).values("user")
    leads = User.objects.filter(role=Role.LEAD, is_active=True).exclude(pk__in=concerned)
    return [_contact(lead) for lead in leads]


def _contact(user):
    return str(user), user.email
