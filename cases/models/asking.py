"""What is asked because of what came before: of us, when a letter needs somebody to act; of the customer, once a
promise was kept or the case was closed."""

from django.db import models, transaction

WHY_LIMIT = 250


class Asking(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def follow_up(self, kind, *, due_on, why, on, by=None, **about):
        """Somebody has to act by `due_on`: the `owner` among what it is `about`, else whoever looks after the case. The
        history says so, and why."""
        why = why if len(why) <= WHY_LIMIT else f"{why[: WHY_LIMIT - 1]}…"
        followup = self._plan(kind, due_on=due_on, why=why, **about)
        self.record("followup planned", f"{followup}. {why}.", on=on, by=by)
        return followup
