"""The numbers of the board's charts: worked out over the cases that somebody may open, kept for all who may open the
same, and shown with their time.

Who may open the same cases finds the same numbers: people of one role and the same teams. But nobody's numbers may
hold a case that they may not open (whom a complaint is about would learn of it by subtraction), and none may be
missing that they look after elsewhere: whoever is in either position has numbers of their own.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from cases import figures
from cases.figures import Period
from cases.heartbeat import Swept
from cases.models import Case, Figures, Involvement, Part, User

log = logging.getLogger(__name__)

NO_TEAM = "none"
FRESH = timedelta(minutes=5)  # older ones are worked out anew by the clockwork,
WANTED = timedelta(hours=1)  # as long as somebody looked at them within the last hour;
FORGOTTEN = timedelta(days=31)  # after so long they go
NOTED = timedelta(minutes=1)  # a look is written down no more often
AT_ONCE = 20  # in one sweep
ENOUGH = 5_000  # cases for a median: of many more, only one in so many is looked at


@dataclass(frozen=True)
class Asked:
    """Which of the cases the board is about, and for how many weeks its charts are drawn. Empty: all."""

    weeks: int = 13
    team: str = ""  # an id, or NO_TEAM
    channel: str = ""
    language: str = ""

    def narrowed(self, cases):
        chosen = {name: value for name in ("channel", "language") if (value := getattr(self, name))}
        if self.team:
            chosen |= {"team": None} if self.team == NO_TEAM else {"team": int(self.team)}
        return cases.filter(**chosen)

    def __str__(self):
        return f"{self.weeks} weeks, team {self.team or '*'}, {self.channel or '*'}, {self.language or '*'}"


def shown_to(user, asked, *, at) -> Figures:
    """The numbers that `user` asks for, as they stood within the last hour or, at the first look since, as they are."""
    name = _name(user, asked)
    kept = Figures.objects.filter(name=name).first()
    if kept is None or kept.at < at - WANTED:
        return _kept(name, user, asked, at=at, asked_at=at)
    if kept.asked_at < at - NOTED:
        Figures.objects.filter(pk=kept.pk).update(asked_at=at)
    return kept


def worked_out_anew(user, asked, *, at) -> Figures:
    """The numbers that `user` asks for are as they are now, for all who share them."""
    return _kept(_name(user, asked), user, asked, at=at, asked_at=at)


def refresh(*, at) -> Swept:
    """What somebody looked at within the last hour is no older than some minutes; what nobody has looked at for a month
    is forgotten."""
    Figures.objects.filter(asked_at__lt=at - FORGOTTEN).delete()
    old = Figures.objects.filter(asked_at__gte=at - WANTED, at__lte=at - FRESH).order_by("at")[:AT_ONCE]
    done = [_refreshed(kept, at=at) for kept in old]
    failed = done.count(False)
    trouble = "Some of the board's figures could not be worked out. The log says more." if failed else ""
    return Swept(done=len(done) - failed, failed=failed, trouble=trouble)


def _refreshed(kept, *, at) -> bool:
    """Whether these figures are up to date. They go when whoever saw them last sees other cases now: somebody else's
    look brings them back."""
    user = User.objects.filter(pk=kept.numbers["by"]).first()
    asked = Asked(**kept.numbers["asked"])
    if user is None or _name(user, asked) != kept.name:
        kept.delete()
        return True
    try:
        with transaction.atomic():
            _kept(kept.name, user, asked, at=at, asked_at=kept.asked_at)
    except DatabaseError:
        log.exception("The figures %s could not be worked out.", kept.pk)
        return False
    return True


def _kept(name, user, asked, *, at, asked_at):
    fields = {"at": at, "asked_at": asked_at, "numbers": _numbers(user, asked, on=timezone.localdate(at))}
    return Figures.objects.update_or_create(name=name, defaults=fields)[0]


def _numbers(user, asked, *, on) -> dict:
    cases, period = asked.narrowed(Case.objects.visible_to(user)), Period.of_weeks(asked.weeks, on=on)
    weeks = figures.per_week(cases, period)
    one_in = max(1, sum(week.received for week in weeks) // ENOUGH)
    return {
        "by": user.pk,
        "asked": asdict(asked),
        "since": f"{period.since}",
        "until": f"{period.until}",
        "weeks": [[f"{week.monday}", week.received, week.closed] for week in weeks],
        "stages": list(figures.open_by_stage(cases).items()),
        "on_time": [asdict(row) for row in figures.on_time(cases, period, on=on)],
        "causes": list(figures.by_cause(figures.received(cases, period)).items()),
        "one_in": one_in,
        "stays": [[row.stage, row.number, row.median] for row in figures.days_per_stage(cases, period, one_in=one_in)],
    }


def _name(user, asked) -> str:
    """Under which name the numbers are kept: two who have one name see the same cases."""
    return f"board of {_whose(user)}: {asked}"


def _whose(user) -> str:
    teams = sorted(user.teams.values_list("pk", flat=True))
    shared = f"{'superuser' if user.is_superuser else user.role}s in teams {','.join(map(str, teams)) or '*'}"
    return f"user {user.pk}" if len(shared) > 150 or _sees_other_cases(user, teams) else shared


def _sees_other_cases(user, teams) -> bool:
    """Whether `user` sees other cases than people of the same role in the same teams: a complaint is about them, or
    they look after a case that the others may not open."""
    about_them = Involvement.objects.filter(user=user, part=Part.CONCERNED)
    elsewhere = Q(restricted_on__isnull=False)
    if teams:
        elsewhere |= Q(team__isnull=False) & ~Q(team__in=teams)
    return about_them.exists() or Case.objects.of(user).filter(elsewhere).exists()
