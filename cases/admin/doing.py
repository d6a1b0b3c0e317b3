"""What is to be done next about a case: what is missing, each with the button that settles it, and the one that comes
first."""

from dataclasses import dataclass, replace

from django.urls import reverse

from letters.models import FINAL, Kind

from .button import Button, button, can
from .verbs import VERBS

# what is missing: (the verb that settles it, the letter that does)
SETTLED_BY = {
    "acknowledgement": ("draft-acknowledgement", (Kind.ACKNOWLEDGEMENT,)),
    "contact": ("contact", ()),
    "points": ("point", ()),
    "finding": ("finding", ()),
    "cause": ("cause", ()),
    "talk": ("conversation", ()),
    "outcome": ("outcome", ()),
    "settlement": ("agreement", ()),
    "lateness": ("late", ()),
    "answer": ("draft-resolution", FINAL),
}
LOOK_AT = {"stays": "#due", "copies": "#letters", "answer": "#letters", "acknowledgement": "#letters"}


@dataclass(frozen=True)
class Step:
    """A sentence about what is missing, and what settles it; no `button` for whoever may not press it."""

    sentence: str
    button: Button | None = None
    look_at: str = ""  # where on the page it is settled, when no button does


def steps(case, missing, user, *, written) -> list[Step]:
    """`written` are the letters of the case, drafts among them."""
    return [Step(lack, _settling(case, lack, user, written=written), LOOK_AT.get(lack.what, "")) for lack in missing]


def _settling(case, lack, user, *, written) -> Button | None:
    name, kinds = SETTLED_BY.get(lack.what, ("", ()))
    if lack.what == "account":
        name = "account" if lack.about.account_asked_on else "ask-account"
    if lack.what == "answer" and (settled := case.agreement()) and not settled.agreed:
        name = "draft-final-position"
    draft = next((it for it in written if it.kind in kinds and not it.issued_on and not it.involvement_id), None)
    if draft:
        label = f"Finish the draft: {draft.get_kind_display().lower()}"
        return Button(label, reverse("admin:letters_letter_change", args=[draft.pk]), icon="draft")
    if any(it.kind in kinds and it.issued_on and not it.involvement_id for it in written) or not name:
        return None  # the letter is on its way: nobody drafts it again from here
    verb, about = VERBS[name], lack.about
    if not can(case, verb, user, about=about):
        return None
    return replace(button(case, verb, about), label=verb.title(case, about))


def first(steps, arrow) -> Button | None:
    """The one thing to do now: to move on when nothing is missing, else what settles the first of it."""
    if not steps:
        return arrow.get("move_on")
    return next((step.button for step in steps if step.button), None)
