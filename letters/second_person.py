"""Why a letter goes before a second person: what the rules of its case say of its kind, of what was decided in money,
and of a customer for whom dealing with us is harder; and who that person may be."""

from django.db.models import Q

from cases import rights
from cases.models import Role
from letters.models import OFFERING
from letters.review.known import settled_amounts

MAY_BE_SECOND = (Role.LEAD, Role.APPROVER)


def reasons(letter) -> list[str]:
    """A sentence for each thing that asks for one; none where one person is enough."""
    return [why for pack in letter.case.packs() for why in _reasons(letter, pack)]


def _reasons(letter, pack):
    if letter.kind in pack.second_person:
        yield f"“{pack}” asks for a second person with every letter of this kind."
    if letter.kind not in OFFERING:
        return
    if pack.second_person_above:
        yield from _too_much(letter.case, pack)
    if pack.second_person_for_vulnerable and letter.case.customer.vulnerability:
        yield f"“{pack}” asks for a second person, since dealing with us is harder for this customer."


def _too_much(case, pack):
    """What was decided is more than one person may give, in each currency that the rules name."""
    found = sorted(settled_amounts(case), key=lambda one: (one.currency, one.value))
    most = {one.currency: one.value for one in found}
    for currency, limit in pack.second_person_above.items():
        if most.get(currency, 0) > limit:
            yield (
                f"{currency} {most[currency]:,.2f} was decided on; above {currency} {limit:,} “{pack}” asks for a "
                "second person."
            )


def may_decide(letter, user) -> bool:
    """Whether `user` may approve `letter` or send it back: somebody else than who put it forward, and one of the two is
    a lead or an approver."""
    asked_by = letter.approval_asked_by
    if asked_by is None or user == asked_by:
        return False
    if _may_be_second(user):
        return True
    by_a_lead = _may_be_second(asked_by) and not letter.case.is_about(asked_by)
    return by_a_lead and rights.role_of(user) == Role.HANDLER


def _may_be_second(user) -> bool:
    return rights.role_of(user) in MAY_BE_SECOND


def approvers(letter, *, by):
    """Who may decide about `letter` once `by` has put it forward: of those who may open its case."""
    able = Q(role__in=MAY_BE_SECOND) | Q(is_superuser=True)
    if _may_be_second(by):
        able |= Q(role=Role.HANDLER)
    return letter.case.who_may_open().filter(able).exclude(pk=by.pk)
