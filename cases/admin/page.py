"""The page of a case: what stands on it, section by section. Reads only."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from cases.models import Case, Customer, Kind, office, why_not_moved
from cases.rights import may, role_of
from cases.stages import Stage
from letters.address import of as address_of
from letters.models import Delivery, Letter

from .clocks import clocks
from .desk import due_in_words
from .tabs import waits_as
from .verbs import VERBS

EVENTS = 60  # shown at first; the rest on request
AT_THE_ARROW = ("move-on", "override", "go-back", "end")  # they stand with what is missing


@dataclass(frozen=True)
class Button:
    label: str
    href: str
    icon: str = ""
    at_hand: bool = False
    straight: bool = False  # done by the press itself, without a form in between


@dataclass
class Row:
    """A row of the case with the buttons that fit it now."""

    it: object
    buttons: list[Button] = field(default_factory=list)
    words: str = ""
    late: bool = False
    note: str = ""
    cases: list = field(default_factory=list)


def may_work(user) -> bool:
    return may(role_of(user), "change", app="cases", model="case")


def allowed(verb, user) -> bool:
    return may_work(user) and (user.is_lead or not verb.for_leads)


def address(case, verb, about=None) -> str:
    if about is None:
        return reverse("admin:cases_case_verb", args=[case.pk, verb.name])
    return reverse("admin:cases_case_verb_about", args=[case.pk, verb.name, about.pk])


def button(case, verb, about=None) -> Button:
    return Button(
        label=verb.title(case, about) if verb.moves else verb.label,
        href=address(case, verb, about),
        icon=verb.icon,
        at_hand=verb.is_at_hand(case),
        straight=verb.straight,
    )


def buttons(case, user, *, about=None, of="") -> list[Button]:
    """The verbs about `about` (a row of the kind `of`), or about the case itself, that `user` can do now."""
    return [
        button(case, verb, about)
        for verb in VERBS.values()
        if verb.about == of and allowed(verb, user) and verb.offered(case, about=about, user=user)
    ]


def everything(case, user, *, on, at, whole_history=False) -> dict:
    """The context of the page."""
    own = [b for b in buttons(case, user) if not b.href.rstrip("/").endswith(AT_THE_ARROW)]
    written = list(letters(case))
    counted = {"on": on, "calendar": office()}
    return {
        "stepper": stepper(case),
        "promise_open": case.has_open_promise(),
        "missing": case.missing(),
        "arrow": arrow(case, user),
        "at_hand": [*to_finish(written), *(b for b in own if b.at_hand)],
        "more": [b for b in own if not b.at_hand],
        "address": address_of(case.customer, home=settings.COUNTRY)[1:],  # without the name, which stands above
        "points": rows(case.points.all(), case, user, of="points"),
        "people": [person(case, user, it, **counted) for it in case.involvements.all()],
        "conversations": case.conversations.select_related("person").prefetch_related("commitments", "conduct"),
        "conduct": case.conduct.filter(conversation=None),
        "agreements": case.agreements.all(),
        "commitments": [
            commitment(case, user, it, **counted)
            for it in case.commitments.select_related("owner").prefetch_related("proofs")
        ],
        "clocks": clocks(case, **counted, buttons=lambda it: buttons(case, user, about=it, of="deadlines")),
        "followups": [due(case, user, it, at=at, **counted) for it in outstanding(case)],
        "letters": [letter(it, at=at) for it in written],
        "attachments": case.attachments.with_the_complaint(),
        "earlier": case.earlier_cases().visible_to(user).with_promises().order_by("-received_on")[:10],
        "look_alikes": look_alikes(case, user),
        "duplicate_of": Case.objects.visible_to(user).filter(pk=case.duplicate_of_id).first(),
        **history(case, whole=whole_history),
    }


def stepper(case) -> list[dict]:
    """The five stages and the end: behind us, here, or ahead."""
    order = list(Stage)
    here = order.index(case.stage)
    left_early = case.stage == Stage.CLOSED and case.exit
    return [
        {
            "label": _end(case) if stage == case.stage == Stage.CLOSED else stage.label,
            "state": "here" if n == here else "behind" if n < here and not left_early else "ahead",
        }
        for n, stage in enumerate(order)
    ]


def _end(case) -> str:
    """How a closed case ended, and what of it has not."""
    if not case.exit:
        return case.stage_in_words()
    return f"{case.get_exit_display()}{', promise open' if case.has_open_promise() else ''}"


def arrow(case, user) -> dict[str, Button]:
    """The buttons that move the case, by name."""
    able = (VERBS[name] for name in AT_THE_ARROW)
    shown = {verb.name: button(case, verb) for verb in able if allowed(verb, user) and verb.offered(case, user=user)}
    return {name.replace("-", "_"): it for name, it in shown.items()}


def rows(found, case, user, *, of) -> list[Row]:
    return [Row(it, buttons(case, user, about=it, of=of)) for it in found]


def person(case, user, it, *, on, calendar) -> Row:
    """A person involved and how it stands with their account."""
    late = bool(it.owes_an_account and it.account_due_on and it.account_due_on < on)
    if it.account_given_on:
        words = f"Account given on {it.account_given_on:%-d %B %Y}"
    elif it.waived_on:
        words = f"No account needed: {it.waived_reason}"
    elif not it.owes_an_account:
        words = "Gets a copy; owes no account"
    elif it.account_due_on:
        left = due_in_words(it.account_due_on, on=on, calendar=calendar)
        words = f"Asked; account due on {it.account_due_on:%-d %B %Y}, {left}"
    else:
        words = "Not asked yet"
    return Row(it, buttons(case, user, about=it, of="involvements"), words, late)


def commitment(case, user, it, *, on, calendar) -> Row:
    if it.kept_on:
        words = f"Kept on {it.kept_on:%-d %B %Y}: {it.kept_how}"
    elif it.dropped_on:
        words = f"Dropped on {it.dropped_on:%-d %B %Y}: {it.dropped_reason}"
    else:
        words = due_in_words(it.due_on, on=on, calendar=calendar)
    late = not (it.kept_on or it.dropped_on) and it.due_on < on
    now = f"now {it.owner}" if it.owner and str(it.owner) != it.owner_name else ""
    return Row(it, buttons(case, user, about=it, of="commitments"), words, late, note=now)


def outstanding(case):
    """What is due, but for what the clocks show already."""
    slim = Letter.objects.defer("pdf", "sheet", "body")
    about = (Prefetch(name, slim) for name in ("letters", "settled_by"))
    related = ("case__handler", "commitment__owner", "involvement__user", "owner")
    due = case.followups.outstanding().filter(deadline=None).select_related(*related)
    return due.prefetch_related(*about, "deliveries")


def leads_to(it, *, at) -> list[Button]:
    """Where a follow-up that a letter is the reason for, or the answer to, is seen to."""
    found = []
    if it.kind == Kind.DELIVERY:
        lists = {waits_as(delivery, at=at) for delivery in it.deliveries.all()} - {""}
        query = {"q": it.case.reference}
        pages = (reverse("admin:letters_delivery_changelist", query=query | {"list": name}) for name in sorted(lists))
        found += [Button("Decide", page) for page in pages]
    waiting = [letter for letter in it.letters.all() if it.kind == Kind.APPROVAL]
    drafts = [letter for letter in it.settled_by.all() if not (letter.issued_on or letter.discarded_on)]
    for label, letter in (*(("Read it", one) for one in waiting), *(("Finish the draft", one) for one in drafts)):
        found.append(Button(label, reverse("admin:letters_letter_change", args=[letter.pk])))
    return found


def due(case, user, it, *, on, at, calendar) -> Row:
    """A follow-up with what can be done about it; about a commitment, what its customer has to agree to."""
    fit = [*leads_to(it, at=at), *buttons(case, user, about=it, of="followups")]
    if it.kind == Kind.COMMITMENT:
        fit += buttons(case, user, about=it.commitment, of="commitments")
    words = due_in_words(it.due_on, on=on, calendar=calendar)
    return Row(it, fit, words, late=it.due_on < on, note=why_not_moved(it) if it.wrote_at else "")


def letters(case):
    deliveries = Prefetch("deliveries", Delivery.objects.select_related("resent_as"))
    return (
        case.letters.filter(discarded_on=None)
        .select_related("involvement")
        .defer("pdf", "sheet", "body")
        .prefetch_related(deliveries)
    )


def to_finish(written) -> list[Button]:
    """A button to each draft: it waits to be edited and issued."""
    return [
        Button(
            f"Finish the draft: {it.get_kind_display().lower()}", reverse("admin:letters_letter_change", args=[it.pk])
        )
        for it in written
        if not it.issued_on
    ]


def letter(it, *, at) -> dict:
    return {"it": it, "deliveries": [envelope(delivery, it.case, at=at) for delivery in it.deliveries.all()]}


def envelope(delivery, case, *, at) -> dict:
    """A delivery, how it stands, and where a person decides about it if it waits for one."""
    waits = waits_as(delivery, at=at)
    query = {"list": waits, "q": case.reference}
    decide = reverse("admin:letters_delivery_changelist", query=query) if waits else ""
    return {"it": delivery, "outcome": delivery.outcome(at=at), "decide": decide}


def look_alikes(case, user) -> list[Row]:
    """Customers who are perhaps the same person, each with the cases that `user` may see."""
    alike = case.perhaps_same_customer().visible_to(user).select_related("customer").order_by("-received_on")[:20]
    by_customer: dict[Customer, list] = {}
    for other in alike:
        by_customer.setdefault(other.customer, []).append(other)
    return [
        Row(customer, buttons(case, user, about=customer, of="look_alikes"), cases=cases)
        for customer, cases in by_customer.items()
    ]


def history(case, *, whole) -> dict:
    """The newest events first; the oldest wait until they are asked for."""
    events = list(case.events.order_by("-at", "-pk")[: None if whole else EVENTS + 1])
    return {"events": events if whole else events[:EVENTS], "older_events": not whole and len(events) > EVENTS}
