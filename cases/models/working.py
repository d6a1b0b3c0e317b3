"""What is done about a case, verb by verb. Each changes its rows and writes its event in one transaction."""

from django.db import models, transaction

from .event import written
from .followup import Kind, Through
from .involvement import CopyAs, Involvement, Part
from .moving import Refused
from .point import Outcome, Point


class Working(models.Model):
    class Meta:
        abstract = True

    # --- who works on it ---

    @transaction.atomic
    def assign(self, handler, *, on, by):
        """`handler` looks after the case from now on. Raises Refused for somebody whom the complaint is about, and for
        whoever works on no cases of its team."""
        self._check_may_handle(handler)
        self._change(handler=handler)
        self.followups.outstanding().filter(kind=Kind.HANDLER).update(done_on=on)
        self.record("assigned", f"{handler} looks after the case.", on=on, by=by)

    @transaction.atomic
    def hand_over(self, giver, taker, *, reason, on, by, keep_back=()):
        """What `giver` had to do about the case is `taker`'s now: looking after it, follow-ups (but for the keys in
        `keep_back`), commitments; what of it is due by now is brought to the taker's mind. Raises Refused as assigning
        does."""
        looked_after = self.handler_id == giver.pk
        (self._check_may_handle if looked_after else self._check_may_keep_a_promise)(taker)
        followups = self.followups.outstanding().filter(owner=giver).exclude(pk__in=keep_back)
        commitments = self.commitments.outstanding().filter(owner=giver)
        words = [
            *(["looking after it"] if looked_after else []),
            *map(str, followups.select_related("commitment", "involvement")),
            *map(str, commitments),
        ]
        if not words:
            raise Refused(f"Nothing of this case is {giver}'s any more.")
        moved = models.Q(pk__in=list(followups.values_list("pk", flat=True)))
        moved |= models.Q(kind=Kind.COMMITMENT, commitment__in=list(commitments)) if commitments else models.Q()
        moved |= models.Q(owner=None) if looked_after else models.Q()
        if looked_after:
            self._change(handler=taker)
        followups.update(owner=taker)
        commitments.update(owner=taker)
        self._bring_to_mind_anew(self.followups.outstanding().filter(moved))
        text = f"{giver} hands over to {taker}: {'; '.join(words)}."
        self.record("handed over", text, on=on, by=by, reason=reason)

    @transaction.atomic
    def recognise(self, customer, *, on, by):
        """A person of ours has said that `customer` and this case's customer are one person: both rows, and all said to
        be the same before, belong to the oldest. Raises Refused when that is known already."""
        older, newer = sorted(row.same_as_id or row.pk for row in (self.customer, customer))
        if older == newer:
            raise Refused(f"{customer} is known as this customer already.")
        rows = type(customer).objects.filter(models.Q(pk=newer) | models.Q(same_as=newer))
        rows.update(same_as=older)
        self.customer.refresh_from_db(fields=["same_as"])
        self.record("customer recognised", f"{self.customer} is the same person as {customer}.", on=on, by=by)

    @transaction.atomic
    def belong_to(self, organisation, *, on, by):
        """The letters of the case go out on the paper of `organisation` from now on; None is the house itself."""
        self._change(organisation=organisation)
        self.recount(f"Belongs to {organisation or 'the house itself'} now.", on=on, by=by)
        self.record("organisation", f"Belongs to {organisation or 'the house itself'}.", on=on, by=by)

    @transaction.atomic
    def face(self, situation, *, on, by):
        """The case is one of the seven situations, which decides what guidance is shown."""
        self._change(situation=situation)
        self.record("situation", f"Situation: {self.get_situation_display()}.", on=on, by=by)

    # --- acknowledge ---

    @transaction.atomic
    def acknowledge(self, how, *, on, by):
        """The customer knows that we have the complaint. The first time counts; later ones change nothing."""
        if self.acknowledged_on:
            self.reach("contacted", on=on)
            return
        self._change(acknowledged_on=on)
        self.followups.outstanding().filter(kind=Kind.ACKNOWLEDGEMENT).update(done_on=on)
        self.reach("acknowledged", on=on)
        self.record("acknowledged", f"Acknowledged: {how}.", on=on, by=by)

    @transaction.atomic
    def unacknowledge(self, *, known_on, on, by):
        """The letter that acknowledged the complaint came back. What the customer knows from a talk, or from another
        letter that arrived on `known_on`, counts instead; without either, the acknowledgement is due anew."""
        talk = self.conversations.with_the_customer().order_by("held_on").first()
        known = min((day for day in (known_on, talk and talk.held_on) if day), default=None)
        if known == self.acknowledged_on:
            return
        self.unreach("acknowledged", met_on=self.acknowledged_on, known_on=known)
        self._change(acknowledged_on=known)
        if known is None and not self.closed_on:
            self._plan(Kind.ACKNOWLEDGEMENT, due_on=on, why="The letter that acknowledged it came back")
        text = f"Acknowledged on {written(known)} all the same." if known else "Not acknowledged: the letter came back."
        self.record("unacknowledged", text, on=on, by=by)

    # --- investigate ---

    @transaction.atomic
    def add_point(self, text, *, on, by):
        number = (self.points.aggregate(last=models.Max("number"))["last"] or 0) + 1
        point = Point.objects.create(case=self, number=number, text=text)
        self.record("point added", f"Point {number}: {text}", on=on, by=by)
        return point

    @transaction.atomic
    def find(self, point, finding, *, on, by):
        """`finding` is what the investigation found out about `point`. What it said before stays in the history."""
        point.finding = finding
        point.save(update_fields=["finding"])
        self.record("finding", f"Finding on point {point.number}: {finding}", on=on, by=by)

    @transaction.atomic
    def explain(self, *, root_cause, responsibility, cause_explained="", prevention="", on, by):
        """Why it happened, whose responsibility it is, and what keeps it from happening again."""
        self._change(
            root_cause=root_cause,
            responsibility=responsibility,
            cause_explained=cause_explained,
            prevention=prevention,
        )
        text = f"Root cause: {self.get_root_cause_display()}; responsibility: {self.get_responsibility_display()}."
        self.record("explained", text, on=on, by=by, reason=cause_explained)

    @transaction.atomic
    def involve(self, *, part, why, on, by, user=None, name="", email="", job_title="", copy_as=""):
        """Somebody of ours had a part in the matter. Whom the complaint is about can no longer open the case, and has
        nothing to do for it any more."""
        person = Involvement.objects.create(
            case=self,
            user=user,
            part=part,
            copy_as=copy_as or CopyAs.usual(part),
            why=why,
            name=name or str(user),
            email=email or (user.email if user else ""),
            job_title=job_title or (user.job_title if user else ""),
        )
        self.record("involved", f"{person}: {why}", on=on, by=by)
        if part == Part.CONCERNED and user is not None:
            self._keep_away(user, on=on)
        return person

    @transaction.atomic
    def ask_account(self, person, *, until, on, by):
        """`person` is asked by e-mail, today, for their account by `until`, and reminded."""
        self._expect_account(person, until=until, through=Through.EMAIL, on=on)
        self.record("account asked", f"Asked {person.name} for an account by {written(until)}.", on=on, by=by)

    @transaction.atomic
    def ask_account_by_letter(self, person, *, until, on, by):
        """A letter asks `person` for their account by `until`; of that day the clockwork reminds them all the same."""
        self._expect_account(person, until=until, through=Through.LETTER, on=on)
        text = f"A letter asks {person.name} for an account by {written(until)}."
        self.record("account asked", text, on=on, by=by)

    def _expect_account(self, person, *, until, through, on):
        if not person.owes_an_account:
            raise Refused(f"{person.name} owes no account.")
        if not person.email:
            raise Refused(f"There is no e-mail address for {person.name}: ask in person and record the account.")
        person.account_asked_on, person.account_due_on = on, until
        person.save(update_fields=["account_asked_on", "account_due_on"])
        self._end_followups(person, cancelled_on=on, cancelled_reason=f"Asked anew, by {written(until)}.")
        why = "The investigation needs it"
        self._plan(Kind.ACCOUNT, due_on=until, why=why, involvement=person, through=through)

    @transaction.atomic
    def take_account(self, person, account, *, on, by):
        """`account` is what `person` told about the matter. An account once given stays as it is: raises Refused."""
        if not person.owes_an_account:
            raise Refused(f"{person.name} owes no account. Log a conversation with them to add to it.")
        person.account, person.account_given_on = account, on
        person.save(update_fields=["account", "account_given_on"])
        self._end_followups(person, done_on=on)
        self.record("account given", f"{person.name} gave an account.", on=on, by=by)

    @transaction.atomic
    def waive_account(self, person, *, reason, on, by):
        """No account of `person` is needed, for a reason that the history keeps."""
        if not person.owes_an_account:
            raise Refused(f"{person.name} owes no account.")
        person.waived_on, person.waived_reason = on, reason
        person.save(update_fields=["waived_on", "waived_reason"])
        self._end_followups(person, cancelled_on=on, cancelled_reason="The account was waived.")
        self.record("account waived", f"No account of {person.name} is needed.", on=on, by=by, reason=reason)

    # --- agree ---

    @transaction.atomic
    def decide(self, point, outcome, *, on, by, redress=""):
        point.outcome, point.redress = outcome, redress
        point.save(update_fields=["outcome", "redress"])
        text = f"Point {point.number}: {Outcome(outcome).label.lower()}{f', {redress}' if redress else ''}."
        self.record("outcome", text, on=on, by=by)

    # --- document: told by letters.dispatch when it is so ---

    @transaction.atomic
    def answer(self, how, *, on, by):
        """Our final letter has reached the customer."""
        self._change(answered_on=on)
        self.reach("answered", on=on)
        self.record("answered", f"Our answer has reached the customer: {how}.", on=on, by=by)

    @transaction.atomic
    def unanswer(self, *, on, by):
        """Our final letter came back, so the customer has no answer yet; a closed case stays closed."""
        self.unreach("answered", met_on=self.answered_on)
        self._change(answered_on=None)
        self.record("unanswered", "Our answer has not reached the customer: the letter came back.", on=on, by=by)

    @transaction.atomic
    def copy_to_everyone(self, *, on, by):
        """Every copy of the resolution letter is out."""
        self._change(copied_on=on)
        self.record("copied", "Everyone involved has their copy of the resolution letter.", on=on, by=by)
