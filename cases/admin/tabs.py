"""Which list is open: the tabs above the lists, and what the sidebar marks."""

from django.urls import reverse

from cases import rights

from . import followup
from .worklist import LISTS, chosen_list

DELIVERIES = {
    "to_post": "To post",
    "posted": "Posted",
    "returned": "Returned",
    "unknown": "Unknown",
    "refused": "Refused",
    "all": "All",
}

BY_POST = ("to_post", "posted", "returned")

LETTERS = {"drafts": "Drafts", "to_approve": "To approve", "issued": "Issued", "all": "All"}


def chosen_letters(request) -> str:
    asked = request.GET.get("list")
    return asked if asked in LETTERS else "all"


def chosen_deliveries(request) -> str:
    """The list of deliveries that is asked for; letters to post without a question."""
    asked = request.GET.get("list")
    return asked if asked in DELIVERIES else "all" if request.GET.get("q") else "to_post"


def waits_as(delivery, *, at) -> str:
    """The list on which `delivery` waits for a person; empty when it waits for nobody."""
    if delivery.by_post and not delivery.returned_on:
        return "" if delivery.posted_on else "to_post"
    if delivery.by_post:
        return "" if delivery.settled_at or getattr(delivery, "resent_as", None) else "returned"
    if delivery.refused_at:
        return "" if getattr(delivery, "resent_as", None) else "refused"
    if not delivery.handoff_at or delivery.sent_at or delivery.settled_at:
        return ""
    return "unknown" if delivery.lease_until and delivery.lease_until <= at else ""


def tabs(request):
    """The tabs of the worklist and of the deliveries, as the theme wants them."""
    return [
        _tabs("cases.case", LISTS, chosen_list(request)),
        _tabs("cases.followup", followup.LISTS, followup.chosen_list(request)),
        _tabs("letters.letter", LETTERS, chosen_letters(request)),
        _tabs("letters.delivery", DELIVERIES, chosen_deliveries(request)),
    ]


def _tabs(model, lists, chosen):
    return {
        "models": [model],
        "items": [{"title": title, "link": f"?list={name}", "active": name == chosen} for name, title in lists.items()],
    }


def posting(request) -> bool:
    return _on_deliveries(request) and chosen_deliveries(request) in BY_POST


def settling(request) -> bool:
    return _on_deliveries(request) and chosen_deliveries(request) not in BY_POST


def for_leads(request) -> bool:
    return rights.may_set_up(request.user)


def for_the_set_up(request) -> bool:
    return rights.may_see_set_up(request.user)


def for_reports(request) -> bool:
    return rights.may_see_reports(request.user)


def for_the_read_log(request) -> bool:
    return rights.may_see_readings(request.user)


def _on_deliveries(request):
    return request.path.startswith(reverse("admin:letters_delivery_changelist"))
