"""Who may open a case. The rule stands here twice, side by side: asked of the database for one person and all cases
(`visible_to`), and for some cases and all persons (`Sight`). A test asks both about everybody.

A case is seen by its handler, by the people of its team and by whoever is in no team; a case without a team, by
everybody. Of these, a restricted case is seen by leads and its handler only. Auditors and superusers see every case.
Whoever a complaint is about never sees it, whoever they are.
"""

from collections import defaultdict

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .involvement import Involvement, Part
from .user import Role, User


class SeeingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The cases that `user` may open; the one place that decides it for pages, lists, files and exports."""
        if not user.signs_in:
            return self.none()
        about_them = Involvement.objects.filter(case=OuterRef("pk"), user=user, part=Part.CONCERNED)
        visible = self.filter(~Exists(about_them))
        if user.sees_everything:
            return visible
        theirs = Q(handler=user)
        if teams := user.in_teams():
            visible = visible.filter(theirs | Q(team=None) | Q(team__in=teams))
        if not user.is_lead:
            visible = visible.filter(theirs | Q(restricted_on=None))
        return visible


class Sight:
    """Who may open which of `cases`, as it is now; the database is asked twice, however many cases there are."""

    def __init__(self, cases):
        concerned = Involvement.objects.filter(case__in={case.pk for case in cases}, part=Part.CONCERNED)
        self._concerned = set(concerned.exclude(user=None).values_list("case", "user"))
        self._teams = defaultdict(set)
        for user, team in User.teams.through.objects.values_list("user", "team"):
            self._teams[user].add(team)

    def may_open(self, user, case) -> bool:
        if not user.signs_in or self.is_about(user, case):
            return False
        if user.sees_everything or case.handler_id == user.pk:
            return True
        return self.is_of_its_team(user, case) and not (case.restricted_on and not user.is_lead)

    def may_handle(self, user, case) -> bool:
        """Whether they may be given `case` to look after, and to open it then, restricted or not."""
        works = user.is_active and (user.is_lead or user.role == Role.HANDLER)
        return works and not self.is_about(user, case) and (user.is_superuser or self.is_of_its_team(user, case))

    def may_know_of(self, user, case) -> bool:
        """Whether they may be told of what is to be done for `case`: whoever may open it; and, unless it is restricted,
        whoever does not sign in at all, such as a driver who delivers what was promised."""
        if user.signs_in:
            return self.may_open(user, case)
        return user.is_active and not case.restricted_on and not self.is_about(user, case)

    def is_about(self, user, case) -> bool:
        return (case.pk, user.pk) in self._concerned

    def is_of_its_team(self, user, case) -> bool:
        teams = self._teams.get(user.pk, ())
        return not (case.team_id and teams) or case.team_id in teams

    def who(self, may, case):
        """The users of whom `may` (one of the questions above) is true for `case`."""
        staff = User.objects.filter(is_active=True).only("role", "is_active", "is_superuser")
        return User.objects.filter(pk__in=[user.pk for user in staff if may(self, user, case)])
