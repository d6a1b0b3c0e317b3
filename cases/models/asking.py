"""What is asked because of what came before: of us, when a letter needs somebody to act; of the customer, once a
promise was kept or the case was closed."""

from django.db import models

WHY_LIMIT = 250


class Asking(models.Model):
    class Meta:
        abstract = True

    def follow_up(self, kind, *, due_on, why, **about):
        """Somebody has to act by `due_on`: the `owner` among what it is `about`, else whoever looks after the case.
        Whoever plans it tells the history."""
        why = why if len(why) <= WHY_LIMIT else f"{why[: WHY_LIMIT - 1]}…"
        return self._plan(kind, due_on=due_on, why=why, **about)
