"""Who is told of what is due, and by which days and hours they live. For a batch of follow-ups the database is asked a
fixed number of times, however many there are.

Nobody is told of a case that they may not open: not whom the complaint is about, nor another team, nor, where it is
restricted, whoever is no lead. Who does not sign in is told what they have to do themselves. Who left, or has no
address, cannot be told. The leads who may open the case are told in their place, and as well while somebody is away.
"""

from collections.abc import Iterator

from cases.deadlines import Calendar
from cases.ladders import Who
from cases.models import Calendars, FollowUp, Kind, Role, User
from cases.models.followup import zone_of
from cases.models.seeing import Sight


class Receivers:
    """Whom the steps of `followups` concern, as it is now."""

    def __init__(self, followups: list[FollowUp]):
        self._sight = Sight([followup.case for followup in followups])
        self._leads = list(User.objects.filter(role=Role.LEAD, is_active=True).select_related("manager"))
        self._calendars = Calendars()

    def days_and_hours(self, followup) -> tuple[Calendar, str]:
        """The working days and the time zone of whoever has to act; of nobody in particular, those of the office."""
        actor = followup.actor
        user = actor if self._may_hear(followup, actor) or followup.kind == Kind.ACCOUNT else None
        place = {"country": str(user.country), "region": user.region} if user else {}
        return self._calendars.of(followup.case.organisation, **place), zone_of(user)

    def told(self, followup, who: tuple[Who, ...], *, on) -> dict[str, str]:
        """Names by e-mail address, each once."""
        find = {
            Who.ACTOR: self._actor,
            Who.HANDLER: lambda followup, on: self._one(followup, followup.case.handler, on),
            Who.LEADS: self._all_leads,
            Who.HEADS: self._heads,
            Who.MANAGER: self._manager,
        }
        found = {}
        for some in who:
            for name, email in find[some](followup, on):
                found.setdefault(email, name)
        return found

    def _may_hear(self, followup, user) -> bool:
        return bool(user and user.email and self._sight.may_know_of(user, followup.case))

    def _one(self, followup, user, on) -> Iterator[tuple[str, str]]:
        if self._may_hear(followup, user):
            yield str(user), user.email
            if not user.away_on(on):
                return
        yield from self._all_leads(followup, on)

    def _actor(self, followup, on):
        person = followup.involvement
        if followup.kind != Kind.ACCOUNT:
            yield from self._one(followup, followup.actor, on)
        elif person.email and (person.user is None or person.user.is_active):
            yield person.name, person.email  # asked for what they know, told nothing
        else:
            yield from self._all_leads(followup, on)

    def _all_leads(self, followup, on):
        for lead in self._leads:
            if self._may_hear(followup, lead):
                yield str(lead), lead.email

    def _heads(self, followup, on):
        leads = [lead for lead in self._leads if self._sight.is_of_its_team(lead, followup.case)]
        heads = [lead.manager for lead in leads if self._may_hear(followup, lead.manager)]
        for head in heads or self._leads:
            yield from self._one(followup, head, on)

    def _manager(self, followup, on):
        user = followup.involvement.user
        yield from self._one(followup, user and user.manager, on)
