"""What follows for a case when a letter arrived, and when the post brought it back."""

from django.db.models import Q
from django.utils import timezone

from cases.stages import Stage
from casetracker import clock
from letters import review, undelivered
from letters.models import FINAL, SETTLES, Delivery, Kind


def arrived(delivery, how, *, on, by):
    """The case knows that the letter, or this copy of it, is there."""
    if delivery.letter is None:
        return
    tell(delivery, f"Delivered {how}", by=by)
    undelivered.settled(delivery, on=on)
    case, kind = delivery.letter.case, delivery.letter.kind
    if delivery.is_for_customer:
        case.tell_of_extensions(kind, issued_at=delivery.letter.issued_at, on=on, by=by)
        if kind == Kind.ACKNOWLEDGEMENT:
            case.acknowledge(f"letter {how}", on=on, by=by)
        elif kind == Kind.BOUNDARY:
            case.written_to_about_limits(how, on=on, by=by)
        elif kind == Kind.PROGRESS:
            _brought_up_to_date(delivery.letter, how, on=on, by=by)
        elif kind in SETTLES:
            _asked(delivery.letter, on=on)
        elif _answers(delivery.letter):
            case.answer(how, on=on, by=by)
    if _answers(delivery.letter) and not case.copied_on and _all_copies_arrived(delivery.letter):
        case.copy_to_everyone(on=on, by=by)


def _brought_up_to_date(letter, how, *, on, by):
    told = review.next_contact(review.Reading(letter, on=letter.issued_on))
    why = f"Promised in letter {letter.number}"
    letter.case.bring_up_to_date(f"letter {how}", contact=letter.settles, next_on=told, why=why, on=on, by=by)


def _asked(letter, *, on):
    """The customer is asked what the letter asks: also about every promise that was kept before it was drafted."""
    theirs = letter.case.followups.outstanding().filter(kind=SETTLES[letter.kind])
    before = Q(commitment__kept_on__lt=timezone.localdate(letter.drafted_at))
    theirs.filter(Q(pk=letter.settles_id) | before).update(done_on=on)


def came_back(delivery, *, on, by):
    """The case does not count as received what came back."""
    delivery.refresh_from_db(fields=["posted_on"])
    letter, case = delivery.letter, delivery.letter.case
    case.untell_extensions(letter.kind, told_on=delivery.posted_on)
    if letter.kind == Kind.ACKNOWLEDGEMENT:
        others = _received(case).filter(letter__kind=Kind.ACKNOWLEDGEMENT)
        days = [other.posted_on or timezone.localdate(other.sent_at) for other in others]
        case.unacknowledge(known_on=min(days, default=None), on=on, by=by)
    elif case.answered_on and _answers(letter):
        others = _received(case).filter(letter__kind__in=FINAL).select_related("letter__case")
        if not any(_answers(other.letter) for other in others):
            case.unanswer(on=on, by=by)


def _received(case):
    """The letters of `case` that have reached the customer."""
    return Delivery.objects.arrived().filter(letter__case=case, letter__involvement=None, copy=None)


def _answers(letter) -> bool:
    """It is the final letter of this round; one issued before the case went back answers nothing any more. The round
    lasts when the case is closed: what came back may still be sent again."""
    if letter.kind not in FINAL or letter.case.stage not in (Stage.DOCUMENT, Stage.CLOSED):
        return False
    return letter.issued_at >= letter.case.events.filter(kind=Stage.DOCUMENT).last().at


def _all_copies_arrived(letter) -> bool:
    arrived = Delivery.objects.arrived().filter(letter=letter, copy__isnull=False)
    return letter.copies.exclude(pk__in=arrived.values("copy")).count() == 0


def tell(delivery, text, *, by=None, reason=""):
    """The history of the case says what became of the envelope. (A digest belongs to no single case.)"""
    if delivery.letter is None:
        return
    what = "Copy" if delivery.copy_id else delivery.letter.get_kind_display()
    delivery.letter.case.record(
        "delivery", f"{what} for {delivery.to_name}: {text}.", on=clock.today(), by=by, reason=reason
    )
