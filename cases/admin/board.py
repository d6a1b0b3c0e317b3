"""The board: on opening, what waits, each a number that opens its list."""

from django.urls import reverse

from cases import health
from cases.models import Case, FollowUp, office
from casetracker import clock
from letters.models import Delivery, Letter

from . import followup
from .desk import due_in_words
from .worklist import narrowed

SHOWN = 12


def board(request, context):
    """The context of the first page, with its numbers."""
    on, at, user = clock.today(), clock.now(), request.user
    return context | {
        "title": "Board",
        "today": on,
        "tiles": [*case_tiles(user, on=on), *followup_tiles(user, on=on), *letter_tiles(user, at=at)],
        "clockwork": health.look(at=at),
        "due_next": due_next(user, on=on),
        "may_record": user.has_perm("cases.add_case"),
    }


def case_tiles(user, *, on):
    cases = Case.objects.visible_to(user)
    for name, label, alarm in (
        ("mine", "My open cases", ""),
        ("today", "Due today", "is-today"),
        ("overdue", "Overdue", "is-late"),
        ("nobody", "No owner", "is-today"),
        ("promises", "Closed, promise open", "is-today"),
    ):
        count = narrowed(cases, name, user=user, on=on).count()
        yield tile(label, count, reverse("admin:cases_case_changelist", query={"list": name}), alarm)


def followup_tiles(user, *, on):
    followups = FollowUp.objects.filter(case__in=Case.objects.visible_to(user))
    for name, label in (("wrote", "Customer wrote"), ("stuck", "Stuck follow-ups")):
        count = followup.narrowed(followups, name, user=user, on=on).count()
        yield tile(label, count, reverse("admin:cases_followup_changelist", query={"list": name}), "is-late")


def letter_tiles(user, *, at):
    cases = Case.objects.visible_to(user)
    deliveries = Delivery.objects.filter(letter__case__in=cases)
    for name, label, count, alarm in (
        ("to_post", "Letters to post", deliveries.to_post().count(), "is-today"),
        ("returned", "Post that came back", deliveries.returned().count(), "is-late"),
        ("unknown", "Unknown deliveries", deliveries.unknown(at=at).count(), "is-late"),
        ("refused", "Refused deliveries", deliveries.refused().count(), "is-late"),
    ):
        yield tile(label, count, reverse("admin:letters_delivery_changelist", query={"list": name}), alarm)
    drafts = Letter.objects.drafts().filter(case__in=cases).count()
    yield tile("Letter drafts", drafts, reverse("admin:letters_letter_changelist", query={"list": "drafts"}), "")


def tile(label, count, href, alarm):
    return {"label": label, "count": count, "href": href, "alarm": alarm if count else ""}


def due_next(user, *, on):
    """The follow-ups that come next: a lead's among all cases, a handler's among their own."""
    cases = Case.objects.visible_to(user)
    found = FollowUp.objects.outstanding().filter(case__in=cases if user.is_lead else cases.of(user))
    found = found.select_related("case__customer", "case__handler", "involvement", "commitment", "deadline").order_by(
        "due_on", "pk"
    )
    calendar = office()
    return [
        {
            "it": it,
            "words": due_in_words(it.due_on, on=on, calendar=calendar),
            "late": it.due_on < on,
            "today": it.due_on == on,
        }
        for it in found[:SHOWN]
    ]
