"""Where a finding of the review is put right: the words at the desk, selected; or the page of the case or customer."""

import re
from dataclasses import dataclass

from django.urls import reverse

from letters import review

REST_OF_A_HOLE = re.compile(r"[^\[\]]*\]\]")
ELSEWHERE = {  # places that are not in the words, by how they begin
    "address": lambda letter: reverse("admin:cases_customer_change", args=[letter.case.customer_id]),
    "copies": lambda letter: f"{reverse('admin:cases_case_change', args=[letter.case_id])}#people",
}


@dataclass(frozen=True)
class Pointer:
    """A link to where it is put right; in words that are edited also from which to which character."""

    href: str
    field: str = ""
    start: int = 0
    end: int = 0


def pointer(finding, letter) -> Pointer:
    found = review.where(finding.place, letter)
    if found is None:
        elsewhere = ELSEWHERE.get(finding.place.partition(",")[0], _the_case)
        return Pointer(elsewhere(letter))
    field, start, end = found
    span = _narrowed(getattr(letter, field), start, end, finding.said)
    if span is None:  # something that is not there yet is written at the end of a letter
        span = (end, end) if finding.place == "body" else (start, end)
    return Pointer(f"#id_{field}", field, *span)


def _the_case(letter) -> str:
    return reverse("admin:cases_case_change", args=[letter.case_id])


def _narrowed(text, start, end, said) -> tuple[int, int] | None:
    """The words themselves, where they stand there as the finding quotes them."""
    words = said.removesuffix("…").split()
    found = words and re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE).search(text, start, end)
    if not found:
        return None
    rest = REST_OF_A_HOLE.match(text, found.end(), end) if said.startswith("[[") and said.endswith("…") else None
    return found.start(), rest.end() if rest else found.end()
