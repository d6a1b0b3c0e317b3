"""The buttons of a case: a verb as somebody may press it."""

from dataclasses import dataclass

from django.urls import reverse

from cases.rights import may, role_of

from .verbs import VERBS


@dataclass(frozen=True)
class Button:
    label: str
    href: str
    icon: str = ""
    at_hand: bool = False
    straight: bool = False  # done by the press itself, without a form in between
    moves: bool = False  # carries the stage that was seen


def may_work(user) -> bool:
    return may(role_of(user), "change", app="cases", model="case")


def allowed(verb, user) -> bool:
    return may_work(user) and (user.is_lead or not verb.for_leads)


def address(case, verb, about=None) -> str:
    if about is None:
        return reverse("admin:cases_case_verb", args=[case.pk, verb.name])
    return reverse("admin:cases_case_verb_about", args=[case.pk, verb.name, about.pk])


def can(case, verb, user, *, about=None) -> bool:
    return allowed(verb, user) and verb.offered(case, about=about, user=user)


def button(case, verb, about=None) -> Button:
    return Button(
        label=verb.title(case, about) if verb.moves else verb.label,
        href=address(case, verb, about),
        icon=verb.icon,
        at_hand=verb.is_at_hand(case),
        straight=verb.straight,
        moves=verb.moves,
    )


def buttons(case, user, *, about=None, of="") -> list[Button]:
    """The verbs about `about` (a row of the kind `of`), or about the case itself, that `user` can do now."""
    return [
        button(case, verb, about) for verb in VERBS.values() if verb.about == of and can(case, verb, user, about=about)
    ]
