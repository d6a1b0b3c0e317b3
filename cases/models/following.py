"""What is done about the follow-ups of a case."""

from django.db import models

from .followup import FollowUp


class Following(models.Model):
    class Meta:
        abstract = True

    def _plan(self, kind, *, due_on, why, **about):
        followup = FollowUp(case=self, kind=kind, due_on=due_on, why=why, **about)
        followup.act_at = followup.act_at or followup.first_look()
        followup.save()
        return followup

    def _end_followups(self, person, **end):
        self.followups.outstanding().filter(involvement=person).update(**end)
