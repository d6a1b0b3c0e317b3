"""Which letter a case calls for next, and why: read from what is owed, how far it has come, its cause, whose
responsibility it was, and how the talks ended. The others can be chosen all the same."""

from dataclasses import dataclass
from datetime import timedelta

from cases.models import ConductStep, Responsibility, RootCause, rules_of
from cases.models import Kind as FollowUpKind
from cases.stages import Stage
from letters.models import Kind

SOON = timedelta(days=3)  # before an update is due
OURS = (Responsibility.OURS, Responsibility.PARTLY)
APOLOGY_FOR = {
    RootCause.NOT_TAKEN_SERIOUSLY: Kind.APOLOGY_SERVICE,
    RootCause.POOR_CONDUCT: Kind.APOLOGY_SERVICE,
    RootCause.EARLIER_ATTEMPT_FAILED: Kind.APOLOGY_SERVICE,
    RootCause.LACK_OF_COMMUNICATION: Kind.APOLOGY_INFORMATION,
    RootCause.MISSING_INFORMATION: Kind.APOLOGY_INFORMATION,
    RootCause.WRONG_TERMS: Kind.APOLOGY_TERMS,
    RootCause.DELAY: Kind.APOLOGY_DELAY,
}
ASKS_FOR = {  # a follow-up that is done by a letter, once its day has come
    FollowUpKind.CONTACT: (Kind.PROGRESS, "The customer was promised to hear from us by {day}."),
    FollowUpKind.CONFIRMATION: (Kind.COMMITMENT_DONE, "A promise was kept, and the customer has not been told."),
    FollowUpKind.AFTERCARE: (Kind.AFTERCARE, "The case was closed some time ago: is everything all right now?"),
}
ONGOING = (Stage.INVESTIGATE, Stage.TALK, Stage.AGREE)


@dataclass(frozen=True)
class Suggestion:
    kind: Kind
    reason: str


def suggestions(case, *, on) -> list[Suggestion]:
    """The letters to the customer that `case` calls for, the most urgent first; none that lies there as a draft, or was
    issued and is still on its way."""
    there = {*case.letters.drafts().values_list("kind", flat=True), *_on_their_way(case)}
    found = {}
    for rule in RULES:
        for kind, reason in rule(case, on=on):
            if kind not in there:
                found.setdefault(kind, reason)
    return [Suggestion(kind, reason) for kind, reason in found.items()]


def _on_their_way(case):
    waiting = {"deliveries__copy": None, "deliveries__sent_at": None, "deliveries__posted_on": None}
    return case.letters.issued().filter(**waiting, deliveries__refused_at=None).values_list("kind", flat=True)


def _acknowledgement(case, *, on):
    if case.stage == Stage.ACKNOWLEDGE and not case.acknowledged_on:
        yield Kind.ACKNOWLEDGEMENT, "The complaint is not acknowledged yet."


def _limit(case, *, on):
    step = case.conduct.last()
    if step is None or step.step not in (ConductStep.WARNED, ConductStep.ENDED) or case.stage == Stage.CLOSED:
        return
    if not case.letters.issued().filter(kind=Kind.BOUNDARY, issued_on__gte=step.on).exists():
        yield Kind.BOUNDARY, f"On {_day(step.on)}: {step.get_step_display().lower()}. Nothing was written about it yet."


def _answer(case, *, on):
    """The letter that answers, by how the talks ended and whose responsibility it was."""
    if case.stage != Stage.DOCUMENT or case.answered_on:
        return
    settled = case.agreement()
    if settled and not settled.agreed:
        yield Kind.NO_AGREEMENT, "The talks ended without an agreement, and a final position was taken."
    elif case.responsibility == Responsibility.NOT_OURS:
        yield Kind.CLARIFICATION, "The responsibility is not ours: it says so, and how it can be solved."
    else:
        yield Kind.RESOLUTION, "What was found and agreed is there: it says so to everybody involved."


def _owed(case, *, on):
    """What follow-ups ask for: a letter that an extension owes, an update, an answer to be asked for."""
    for followup in case.followups.outstanding():
        if followup.kind == FollowUpKind.LETTER:
            yield Kind.EXTENSION, f"It is owed by {_day(followup.due_on)}, since the time for our answer was extended."
        elif followup.kind in ASKS_FOR and followup.due_on <= on + _ahead(followup.kind):
            kind, reason = ASKS_FOR[followup.kind]
            yield kind, reason.format(day=_day(followup.due_on))


def _ahead(kind):
    return SOON if kind == FollowUpKind.CONTACT else timedelta()


def _clocks(case, *, on):
    """What the rules' own clocks ask for: an update, or sorry for an answer that is late."""
    for deadline in case.deadlines.running():
        step = rules_of(deadline)
        if step.repeats and "contacted" in step.ends and deadline.due_on <= on + SOON:
            yield Kind.PROGRESS, f"The rules want the customer to hear from us by {_day(deadline.due_on)}."
        elif "answered" in step.ends and not step.repeats and deadline.due_on < on:
            yield Kind.APOLOGY_DELAY, f"Our answer was due on {_day(deadline.due_on)} and is late."


def _apology(case, *, on):
    kind = APOLOGY_FOR.get(case.root_cause)
    if kind is None or case.responsibility not in OURS or case.stage not in ONGOING:
        return
    if not case.letters.issued().filter(kind=kind).exists():
        yield kind, f"The cause is on our side: {case.get_root_cause_display().lower()}."


def _call(case, *, on):
    reachable = case.customer.phone and not case.customer.no_phone
    if case.stage in (Stage.INVESTIGATE, Stage.TALK) and reachable and not case.conversations.with_the_customer():
        yield Kind.CALLBACK, "Nobody has talked with the customer yet."


def _day(day) -> str:
    return f"{day:%-d %B %Y}"


RULES = (_acknowledgement, _limit, _answer, _owed, _clocks, _apology, _call)
