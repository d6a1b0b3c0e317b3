"""What is asked because of what came before: of us, when a letter needs somebody to act; of the customer, once a
promise was kept or the case was closed."""

from django.db import models, transaction

from .followup import Kind

WHY_LIMIT = 250


class Asking(models.Model):
    class Meta:
        abstract = True

    def follow_up(self, kind, *, due_on, why, **about):
        """Somebody has to act by `due_on`: the `owner` among what it is `about`, else whoever looks after the case.
        Whoever plans it tells the history."""
        why = why if len(why) <= WHY_LIMIT else f"{why[: WHY_LIMIT - 1]}…"
        return self._plan(kind, due_on=due_on, why=why, **about)

    @transaction.atomic
    def bring_up_to_date(self, how, *, contact, next_on, why, on, by):
        """The customer has heard from us: the next contact that was due (`contact`) is settled, and the day `next_on`
        that they were told holds, whatever day it is. Where another was promised meanwhile, the earlier of the two."""
        self.followups.outstanding().filter(kind=Kind.CONTACT, pk=contact and contact.pk).update(done_on=on)
        self.record("brought up to date", f"The customer has heard from us: {how}.", on=on, by=by)
        other = self.next_contact()
        if self.closed_on or next_on is None or (other and other.due_on <= next_on):
            return
        told = f"{next_on:%-d %B %Y}"
        self.followups.outstanding().filter(kind=Kind.CONTACT).update(
            cancelled_on=on, cancelled_reason=f"An earlier date was told: {told}."
        )
        self.follow_up(Kind.CONTACT, due_on=next_on, why=why)
        self.record("contact promised", f"The customer hears from us on {told}.", on=on, by=by)
