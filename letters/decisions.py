"""What people decide about a draft before it is issued: that a warning may stand, and, where the rules ask for a second
person, that it goes before one, is approved, or is sent back."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.deadlines import working_days_after
from cases.models import FollowUp, Refused, office
from cases.models import Kind as FollowUpKind
from letters import review, second_person
from letters.models import Letter, Override
from letters.models.letter import NOT_APPROVED
from letters.second_person import approvers, may_decide

MEANWHILE = "Somebody changed or decided about this letter a moment ago. Look at it again."


def override(letter, key, *, reason, at, by):
    """The warning of this key may stand in `letter`, for a reason that the history keeps. Raises PermissionDenied for
    whoever is no lead, Refused for a hole, for what is not found any more, and once the letter is no draft."""
    if not by.is_lead:
        raise PermissionDenied("Only a lead may let a warning stand.")
    if letter.issued_on or letter.discarded_on:
        raise Refused("This letter is no draft any more, so nothing is decided about it.")
    on = timezone.localdate(at)
    finding = next((one for one in review.findings(letter, on=on) if one.key == key), None)
    if finding is None:
        raise Refused("The letter does not say this any more. Look at it again.")
    if finding.blocking:
        raise Refused(f"This is a hole, and nobody may let it stand. {finding.remedy}")
    about = f"{finding.reason} “{finding.said}”" if finding.said else finding.reason
    try:
        with transaction.atomic():
            Override.objects.create(
                letter=letter, finding_key=key, finding=about, reason=reason, by=by, by_name=str(by), at=at
            )
            letter.case.record("warning overridden", f"{letter}: {about}", on=on, by=by, reason=reason)
    except IntegrityError:
        raise Refused("Somebody let this warning stand already.") from None


# --- a second person --------------------------------------------------------------------------------------------------


def needs_second_person(letter) -> bool:
    return bool(second_person.reasons(letter))


def missing(letter) -> list[str]:
    """What is still to be decided before `letter` may be issued, a sentence each."""
    if not needs_second_person(letter):
        return []
    if letter.approved_at and not letter.case.is_about(letter.approved_by):
        return []
    if letter.approved_at:
        gone = f"{letter.approved_by_name} approved it, and the complaint is about them"
        return [f"{gone}: save it anew and put it forward to somebody else."]
    if letter.approval_asked_at:
        return [f"It waits for approval; {letter.approval_asked_by_name} put it forward."]
    return ["This letter is approved by a second person: put it forward."]


@transaction.atomic
def put_forward(letter, *, at, by, to=None):
    """`letter` waits for a second person, who is to decide by the next working day: `to`, or else the leads. Raises
    Refused while the review finds anything that keeps it back, and when `to` may not decide."""
    on = timezone.localdate(at)
    if not needs_second_person(letter):
        raise Refused("This letter needs no approval.")
    found = review.blocking(letter, on=on)
    if found:
        raise Refused(f"Finish it first. {' '.join(map(str, found))}")
    if to is not None and not approvers(letter, by=by).filter(pk=to.pk).exists():
        raise Refused(f"{to} may not approve this letter: choose somebody else.")
    asked = {"approval_asked_at": at, "approval_asked_by": by, "approval_asked_by_name": str(by)}
    answered = {"sent_back_at": None, "sent_back_by_name": "", "sent_back_comment": ""}
    waits = _ask_for_approval(letter, on=on, by=by, to=to)
    _decide(letter, Letter.objects.drafts().filter(approval_asked_at=None), **asked, **answered, followup=waits)
    whom = to or "a lead"
    text = f"{letter}: put forward for approval, to be decided by {whom} by {waits.due_on:%-d %B %Y}."
    letter.case.record("approval asked", text, on=on, by=by)


def _ask_for_approval(letter, *, on, by, to):
    return letter.case.follow_up(
        FollowUpKind.APPROVAL,
        due_on=working_days_after(on, 1, calendar=office()),
        why=f"{letter.get_kind_display()}, put forward by {by}",
        owner=to,
    )


@transaction.atomic
def approve(letter, *, at, by):
    """A second person has read `letter` and stands by it; any later change needs their eyes again. Raises
    PermissionDenied for whoever may not."""
    on = timezone.localdate(at)
    _check_may_decide(letter, by)
    _decide(letter, Letter.objects.to_approve(), approved_at=at, approved_by=by, approved_by_name=str(by))
    _waits_no_more(letter, on=on)
    letter.case.record("approved", f"{letter}: approved.", on=on, by=by)


@transaction.atomic
def send_back(letter, *, comment, at, by):
    """`letter` goes back to who wrote it, with a comment that says what is to be changed. Raises PermissionDenied for
    whoever may not."""
    on = timezone.localdate(at)
    _check_may_decide(letter, by)
    back = {"sent_back_at": at, "sent_back_by_name": str(by), "sent_back_comment": comment}
    _decide(letter, Letter.objects.to_approve(), **back, **NOT_APPROVED)
    _waits_no_more(letter, on=on)
    letter.case.record("sent back", f"{letter}: sent back.", on=on, by=by, reason=comment)


def _waits_no_more(letter, *, on):
    FollowUp.objects.outstanding().filter(letters=letter, kind=FollowUpKind.APPROVAL).update(done_on=on)


def _check_may_decide(letter, user):
    if not may_decide(letter, user):
        raise PermissionDenied(
            "Somebody else than who put the letter forward decides, and one of the two is a lead or an approver."
        )


def _decide(letter, waiting, **fields):
    """The decision is kept, if the letter is still as it was seen."""
    if not waiting.filter(pk=letter.pk, edited_at=letter.edited_at).update(**fields):
        raise Refused(MEANWHILE)
    letter.refresh_from_db(fields=list(fields))
