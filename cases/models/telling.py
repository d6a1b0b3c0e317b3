"""What letters tell the customer of the clocks of a case: the days that they name, and that a day was moved."""

from django.db import models, transaction

from .counting import rules_of
from .deadline import Deadline, Extension
from .event import written
from .followup import Kind


class Telling(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def promise_days(self, deadlines, *, promised_in, on, by):
        """A letter has told the customer the days of these deadlines, which count as promised from now on; one that was
        told before keeps the letter that told it first."""
        new = [deadline for deadline in deadlines if deadline.promised_on != deadline.due_on]
        for deadline in new:
            deadline.promised_on, deadline.promised_in = deadline.due_on, promised_in
            deadline.save(update_fields=["promised_on", "promised_in"])
        if new:
            days = "; ".join(f"{rules_of(deadline).label}, {written(deadline.due_on)}" for deadline in new)
            self.record("day told", f"{promised_in} tells the customer: {days}.", on=on, by=by)

    @transaction.atomic
    def tell_of_extensions(self, letter_kind, *, issued_at, on, by):
        """A letter of this kind has reached the customer: the extensions that demand one, and were made before it was
        issued, are told, and it is owed no more."""
        for extension in self._extensions_made(before=issued_at):
            if extension.letter != letter_kind or extension.told_on:
                continue
            extension.told_on = on
            extension.save(update_fields=["told_on"])
            self.followups.outstanding().filter(kind=Kind.LETTER, why=extension.to_be_told).update(done_on=on)
            text = f"The customer was told of the extension to {written(extension.new_due_on)}."
            self.record("extension told", text, on=on, by=by)

    def untell_extensions(self, letter_kind, *, told_on):
        """The letter that told them on that day came back, so nobody was told."""
        told = Extension.objects.filter(deadline__case=self, letter=letter_kind, told_on=told_on)
        told.update(told_on=None)

    def _extensions_made(self, *, before):
        """The history knows the instant of each: it tells of them one by one, in the order of their rows."""
        count = self.events.filter(kind="extended", at__lte=before).count()
        return Extension.objects.filter(deadline__in=Deadline.objects.filter(case=self)).order_by("pk")[:count]
