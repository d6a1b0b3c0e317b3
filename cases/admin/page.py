"""The page of a case: what stands on it, section by section. Reads only."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Prefetch
from django.urls import reverse

from cases.models import Case, Customer, Kind, Reminder, office, why_not_moved
from cases.models import Step as FollowUpStep
from cases.stages import Stage
from letters.address import of as address_of
from letters.models import Delivery, Letter

from .button import Button, button, buttons, can
from .clocks import clocks
from .desk import due_in_words
from .doing import first, steps
from .files import shown
from .tabs import waits_as
from .timeline import history
from .verbs import VERBS

CHASED = (FollowUpStep.DUE, FollowUpStep.CHASED, FollowUpStep.CHASED_AGAIN)
AT_THE_ARROW = ("move-on", "override", "go-back", "end")  # they stand with what is missing


@dataclass
class Row:
    """A row of the case with the buttons that fit it now."""

    it: object
    buttons: list[Button] = field(default_factory=list)
    words: str = ""
    late: bool = False
    note: str = ""
    cases: list = field(default_factory=list)


def everything(case, user, *, on, at, told="", whole_history=False) -> dict:
    """The context of the page; `told` names what of the history is asked for."""
    written = list(letters(case))
    counted = {"on": on, "calendar": office()}
    return {
        "promise_open": case.has_open_promise(),
        **next_steps(case, user, written),
        "address": address_of(case.customer, home=settings.COUNTRY)[1:],  # without the name, which stands above
        "points": rows(case.points.all(), case, user, of="points"),
        "people": people(case, user, **counted),
        "conversations": case.conversations.select_related("person").prefetch_related("commitments", "conduct"),
        "conduct": case.conduct.filter(conversation=None),
        "agreements": case.agreements.all(),
        "commitments": [
            commitment(case, user, it, **counted)
            for it in case.commitments.select_related("owner", "conversation").prefetch_related("proofs")
        ],
        "clocks": clocks(case, **counted, buttons=lambda it: buttons(case, user, about=it, of="deadlines")),
        "followups": [due(case, user, it, at=at, **counted) for it in outstanding(case)],
        "letters": [letter(it, at=at) for it in written],
        "attachments": shown(case.attachments.with_the_complaint()),
        "earlier": case.earlier_cases().visible_to(user).with_promises().order_by("-received_on")[:10],
        "look_alikes": look_alikes(case, user),
        "duplicate_of": Case.objects.visible_to(user).filter(pk=case.duplicate_of_id).first(),
        **history(case, told=told, whole=whole_history),
    }


def next_steps(case, user, written) -> dict:
    """What is missing, the one thing to do first, and all else that can be done."""
    lacking = steps(case, case.missing(), user, written=written)
    arrow = at_the_arrow(case, user)
    primary = first(lacking, arrow)
    own = [it for it in buttons(case, user) if not it.href.rstrip("/").endswith(AT_THE_ARROW)]
    at_hand = [*to_finish(written), *(it for it in own if it.at_hand)]
    return {
        "stepper": stepper(case, lacking),
        "missing": lacking,
        "arrow": arrow,
        "primary": primary,
        "at_hand": [it for it in at_hand if not primary or it.href != primary.href],
        "more": [it for it in own if not it.at_hand and (not primary or it.href != primary.href)],
    }


def stepper(case, lacking) -> list[dict]:
    """The five stages and the end: behind us, here, or ahead; and how much is missing here."""
    order = list(Stage)
    here = order.index(case.stage)
    left_early = case.stage == Stage.CLOSED and case.exit
    return [
        {
            "label": _end(case) if stage == case.stage == Stage.CLOSED else stage.label,
            "state": "here" if n == here else "behind" if n < here and not left_early else "ahead",
            "missing": len(lacking) if n == here else 0,
        }
        for n, stage in enumerate(order)
    ]


def _end(case) -> str:
    """How a closed case ended, and what of it has not."""
    if not case.exit:
        return case.stage_in_words()
    return f"{case.get_exit_display()}{', promise open' if case.has_open_promise() else ''}"


def at_the_arrow(case, user) -> dict[str, Button]:
    """The buttons that move the case, by name."""
    able = (VERBS[name] for name in AT_THE_ARROW)
    shown = {verb.name: button(case, verb) for verb in able if can(case, verb, user)}
    return {name.replace("-", "_"): it for name, it in shown.items()}


def rows(found, case, user, *, of) -> list[Row]:
    return [Row(it, buttons(case, user, about=it, of=of)) for it in found]


def people(case, user, *, on, calendar) -> list[Row]:
    """The people involved, each with the state of their account."""
    chased = dict(
        Reminder.objects.filter(followup__involvement__case=case, step__in=CHASED)
        .values_list("followup__involvement")
        .annotate(times=Count("pk"))
        .order_by()
    )
    counted = {"on": on, "calendar": calendar}
    return [person(case, user, it, chased=chased.get(it.pk, 0), **counted) for it in case.involvements.all()]


def person(case, user, it, *, chased, on, calendar) -> Row:
    """A person involved, how it stands with their account in a word (`note`), and since when or until when."""
    late = bool(it.owes_an_account and it.account_due_on and it.account_due_on < on)
    if it.account_given_on:
        state, words = "Account given", f"on {it.account_given_on:%-d %B %Y}"
    elif it.waived_on:
        state, words = "Account waived", f"on {it.waived_on:%-d %B %Y}: {it.waived_reason}"
    elif not it.owes_an_account:
        state, words = "Owes no account", "gets a copy of the final letter"
    elif it.account_due_on:
        left = due_in_words(it.account_due_on, on=on, calendar=calendar)
        state = "Account overdue" if late else "Asked"
        words = f"on {it.account_asked_on:%-d %B %Y}, account due on {it.account_due_on:%-d %B %Y}, {left}"
        words += f", reminded {chased} time{'' if chased == 1 else 's'}" if chased else ""
    else:
        state, words = "Not asked yet", ""
    return Row(it, buttons(case, user, about=it, of="involvements"), words, late, note=state)


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
