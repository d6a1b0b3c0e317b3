"""What is done about the follow-ups of a case."""

from django.db import models

from .followup import FollowUp, opening


class Following(models.Model):
    class Meta:
        abstract = True

    def _plan(self, kind, *, due_on, why, **about):
        about.setdefault("act_at", opening(due_on))
        return FollowUp.objects.create(case=self, kind=kind, due_on=due_on, why=why, **about)

    def _end_followups(self, person, **end):
        self.followups.outstanding().filter(involvement=person).update(**end)
