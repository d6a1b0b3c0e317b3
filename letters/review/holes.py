"""Holes: what is not there yet, and who could not be reached. None of them can be overridden."""

import re

from django.conf import settings

from cases.stages import Stage
from letters import address
from letters.models import FINAL, Letterhead, Paper
from letters.review.finding import hole, shortened
from letters.sheet import PLACEHOLDER

LIQUID = re.compile(r"{{[^{}]*}}|{%[^{}]*%}|{{|}}|{%|%}")


def unfilled(said):
    """Places that wait for a person, [[day of the call]], and leftovers of a template, {{ reference }}."""
    for passage in said.passages:
        for mark in dict.fromkeys(PLACEHOLDER.findall(passage.shown)):
            yield hole(
                "unfilled-placeholder",
                passage.place,
                shortened(mark),
                f"{shortened(mark)} is not filled in ({passage.place}).",
                "Write there what is meant, or take the sentence out.",
            )
        for mark in dict.fromkeys(LIQUID.findall(passage.shown)):
            yield hole(
                "template-leftover",
                passage.place,
                shortened(mark),
                f"“{shortened(mark)}” belongs to a template and would be printed as it stands ({passage.place}).",
                "Put the words in its place.",
            )


def empty_parts(said):
    letter = said.letter
    for place in ("salutation", "subject", "body", "close"):
        if not getattr(letter, place).strip():
            yield hole("empty-part", place, "", f"The {place} is empty.", "Write it.")


def nobody_signs(said):
    signatory = said.letter.signatory
    if signatory is None:
        yield hole(
            "nobody-signs",
            "close",
            "",
            "Nobody signs the letter.",
            "Assign the case to a handler and draft the letter again.",
        )
    elif said.case.is_about(signatory):
        yield hole(
            "signed-by-whom-it-is-about",
            "close",
            str(signatory),
            f"{signatory} signs the letter, and the complaint is about them.",
            "Assign the case to somebody else and draft the letter again.",
        )


def too_early(said):
    if said.letter.kind in FINAL and said.case.stage != Stage.DOCUMENT:
        stage = said.case.get_stage_display()
        yield hole(
            "too-early",
            "the case",
            "",
            f"The case is at “{stage}”.",
            f"Its final letter is issued when it has come to “{Stage.DOCUMENT.label}”.",
        )


def no_way_to_the_customer(said):
    letter = said.letter
    if letter.involvement_id or not letter.goes_by_post:
        return
    if not letter.case.customer.can_be_posted_to:
        yield hole(
            "no-address",
            "address",
            "",
            "The customer can be reached neither by e-mail nor by post."
            if not letter.to_email
            else "The customer wants letters by post, and no address is known.",
            "Enter street, town and country, or another way, on the customer's page.",
        )
        return
    for problem in address.problems(letter.address_lines(), paper=_paper(letter), home=settings.COUNTRY):
        yield hole("address", "address", "", problem, "Change the address on the customer's page.")


def _paper(letter) -> str:
    """What the letter will be printed on. Without a letterhead it is not set at all, and setting it says so."""
    letterhead = Letterhead.objects.in_use(letter.case.organisation)
    return letter.template_version.paper or (letterhead.paper if letterhead else Paper.A4)


def recipients_without_address(said):
    letter = said.letter
    colleagues = [letter.involvement] if letter.involvement_id else letter.copied_to()
    for person in colleagues:
        if not person.email:
            yield hole(
                "copy-without-address",
                "copies",
                person.name,
                f"{person.name} gets {'this letter' if letter.involvement_id else 'a copy'} but has no e-mail address.",
                "Enter it at the people involved.",
            )
