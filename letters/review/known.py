"""What the case knows: its days and its amounts, those that stand in its rows and those that its texts name."""

from functools import cached_property

from django.utils import timezone

from letters.review import amounts, dates
from letters.review.folding import fold


class Known:
    """The facts of `case` that a letter issued `on` that day may name."""

    def __init__(self, case, *, on, languages):
        self.case, self.on, self.languages = case, on, languages

    @cached_property
    def promised(self) -> list:
        """What the customer was promised, in talks and by the settlement in force."""
        return list(self.case.promises().select_related("owner"))

    @cached_property
    def next_contact_on(self):
        contact = self.case.next_contact()
        return contact.due_on if contact else None

    @cached_property
    def days(self) -> set:
        """Every day that the case holds, wherever."""
        return {day for day in self._days_of_rows() if day} | self._days_of_texts

    @cached_property
    def settled_amounts(self) -> set:
        """What we have decided to pay or to ask: redress, agreement, commitments; and what the redress comes to."""
        agreements = self.case.agreements.all()
        redress = [fold(point.redress) for point in self._points]
        texts = [
            *redress,
            *(fold(f"{one.summary}\n{one.reason}") for one in agreements),
            *(fold(one.what) for one in self._commitments),
        ]
        return set().union(*map(amounts.all_amounts, texts)) | _totals(redress)

    @cached_property
    def amounts(self) -> set:
        return self.settled_amounts | amounts.all_amounts(self.text)

    @cached_property
    def text(self) -> str:
        """All that was said and written down in the case, folded."""
        case = self.case
        told = [case.subject, case.story, case.wanted, case.product, case.order_reference, case.topic]
        found = [case.cause_explained, case.prevention]
        for point in self._points:
            found += [point.text, point.finding, point.redress]
        for talk in self._talks:
            found += [talk.said, talk.proposed]
        for one in self.case.agreements.all():
            found += [one.summary, one.reason]
        found += [text for one in self._commitments for text in (one.what, one.kept_how)]
        found += [person.account for person in self._people]
        found += [person.name for person in self._people]
        return fold("\n".join(filter(None, [*told, *found])))

    @cached_property
    def _days_of_texts(self) -> set:
        return dates.all_days(self.text, self.languages, year=self.on.year)

    def _days_of_rows(self):
        case = self.case
        yield from (self.on, case.received_on, case.acknowledged_on, case.answered_on, case.copied_on)
        yield from (talk.held_on for talk in self._talks)
        yield from (one.made_on for one in case.agreements.all())
        for one in self._commitments:
            yield from (one.due_on, one.kept_on)
        for step in case.followups.all():
            yield from (step.due_on, step.done_on)
        for person in self._people:
            yield from (person.account_asked_on, person.account_due_on, person.account_given_on)
        for event_on, at in case.events.values_list("on", "at"):
            yield from (event_on, timezone.localdate(at))
        yield from case.letters.issued().values_list("issued_on", flat=True)

    @cached_property
    def _points(self):
        return list(self.case.points.all())

    @cached_property
    def _talks(self):
        return list(self.case.conversations.all())

    @cached_property
    def _commitments(self):
        return list(self.case.commitments.all())

    @cached_property
    def _people(self):
        return list(self.case.involvements.all())


def settled_amounts(case) -> set:
    """What we have decided in `case` to pay or to ask for, in all currencies."""
    return Known(case, on=case.received_on, languages=()).settled_amounts


def _totals(redress) -> set:
    """What the amounts of the redress come to, in each currency."""
    totals = {}
    for text in redress:
        for _start, _end, one in amounts.named(text):
            totals[one.currency] = totals.get(one.currency, 0) + one.value
    return {amounts.Amount(currency, value.normalize()) for currency, value in totals.items()}
