"""What a letter may say about a case: the closed list of placeholders, each with its meaning, an example and the way to
its value. The list is the only source of what a draft is made of, what a template may name, what a preview shows and
what leads read beside the editor.

A fact that the case does not hold yet becomes a visible hole, [[what is needed]], which keeps the letter back.
"""

from datetime import date
from operator import attrgetter

from django.conf import settings
from django.urls import reverse

from cases import rules
from cases.deadlines import Limit, Unit
from cases.models import Medium, Outcome, Responsibility, RootCause
from letters import library
from letters.about import FIRST, MIXED, SECOND
from letters.fact import Fact
from letters.models.kind import TO_STAFF, Kind
from letters.values import Day, as_is, as_text, listed, quoted, within

# --- how values are written -------------------------------------------------------------------------------------------


def _talks(days, language):
    """By phone on 16 November 2026 and 19 November 2026."""
    phrases = library.phrases(language)["talks"]
    told = [
        phrases[medium].format(days=listed([Day(day, language).in_sentence("on") for day in held], language))
        for medium, held in days.items()
    ]
    return listed(told, language)


def _ruling(outcome, language):
    return library.phrases(language)["outcomes"][outcome]


def _redress(words, language):
    return quoted(words.rstrip(".。 "), language)


# --- the list ---------------------------------------------------------------------------------------------------------

_POINT = (
    Fact("number", "Its number.", 1, attrgetter("number"), as_is),
    Fact("text", "The point in the customer's words.", "", attrgetter("text")),
    Fact("finding", "What we found.", "", attrgetter("finding"), needed="finding on point {0.number}"),
    Fact(
        "outcome",
        "Our decision, as a sentence.",
        "",
        attrgetter("outcome"),
        _ruling,
        needed="outcome of point {0.number}",
    ),
    Fact("redress", "What the customer gets for it.", "", attrgetter("redress"), _redress, optional=True),
)
_PROMISE = (
    Fact("what", "What is done.", "", attrgetter("what")),
    Fact("who", "Who sees to it.", "", attrgetter("owner_name")),
    Fact("by", "The day by which it is done.", "", attrgetter("due_on"), Day),
)
_KEPT = (
    *_PROMISE,
    Fact("kept_on", "The day on which it was done.", "", attrgetter("kept_on"), Day),
    Fact("how", "How it was done.", "", attrgetter("kept_how"), optional=True),
)
_POINTS_TOLD = (
    {
        "number": 1,
        "text": "The fridge came two days late.",
        "finding": "The van broke down, and nobody told you.",
        "outcome": Outcome.UPHELD,
        "redress": "Refund of the delivery charge of £29.00",
    },
    {
        "number": 2,
        "text": "Food was spoiled.",
        "finding": "Food worth £38.50 was bought for the agreed day.",
        "outcome": Outcome.PARTLY_UPHELD,
        "redress": "Payment of £38.50",
    },
)
_PROMISED = (
    {"what": "Deliver a new fridge", "who": "Marta Kowalska", "by": date(2026, 11, 17)},
    {"what": "Pay £67.50", "who": "Amara Nwosu", "by": date(2026, 11, 20)},
)
_DONE = ({**_PROMISED[0], "kept_on": date(2026, 11, 16), "how": "Delivered at nine."},)

FACTS = (
    Fact("reference", "The number of the complaint.", "2026-4827-1936", attrgetter("case.reference"), as_is),
    Fact("received_on", "The day on which we received it.", date(2026, 11, 3), attrgetter("case.received_on"), Day),
    Fact(
        "next_contact_on",
        "The day by which the customer hears from us again.",
        date(2026, 11, 13),
        attrgetter("next_contact_on"),
        Day,
        needed="day of the next contact",
    ),
    Fact(
        "handler",
        "Who looks after the complaint.",
        "Inês Carvalho",
        lambda about: str(about.case.handler or ""),
        needed="who looks after the case",
    ),
    Fact(
        "organisation",
        "The part of the house that it concerns.",
        "Ellerfold Home",
        lambda about: str(about.case.organisation or ""),
        optional=True,
    ),
    Fact(
        "phone",
        "The customer's telephone number.",
        "+44 117 496 0148",
        lambda about: about.case.customer.phone.as_international if about.case.customer.phone else None,
        as_is,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "page",
        "The address of the customer's own page.",
        "https://example.com/my/4d7Kq1/",
        lambda about: as_text(settings.SITE_URL + reverse("cases:my_case", args=[about.case.page_key])),
        as_is,
        not_in=TO_STAFF,
    ),
    Fact(
        "points",
        "The points of the complaint.",
        _POINTS_TOLD,
        lambda about: about.case.points.all(),
        fields=_POINT,
        entry="point",
        optional=True,
    ),
    Fact(
        "outcome",
        "How all points together ended.",
        MIXED,
        attrgetter("outcome"),
        values=(*Outcome.values, MIXED),
        optional=True,
    ),
    Fact(
        "responsibility",
        "Whose responsibility it was.",
        Responsibility.OURS.value,
        attrgetter("case.responsibility"),
        values=tuple(Responsibility.values),
        optional=True,
    ),
    Fact(
        "root_cause",
        "The root cause.",
        RootCause.DELAY.value,
        attrgetter("case.root_cause"),
        values=tuple(RootCause.values),
        optional=True,
    ),
    Fact("cause", "How it came about.", "The van broke down.", attrgetter("case.cause_explained"), optional=True),
    Fact(
        "prevention",
        "What keeps it from happening again.",
        "Every household on a changed route is told at once.",
        attrgetter("case.prevention"),
        optional=True,
    ),
    Fact(
        "conversations",
        "When and how we talked.",
        {Medium.PHONE: [date(2026, 11, 4)], Medium.MEETING: [date(2026, 11, 6)]},
        attrgetter("talks"),
        _talks,
        needed="when we talked",
    ),
    Fact(
        "nothing_new",
        "True in the letter that lies ready on the day of the next contact.",
        False,
        attrgetter("nothing_new"),
        values=(True, False),
    ),
    Fact(
        "agreed",
        "True; false where there is a final position.",
        True,
        lambda about: about.settled is None or about.settled.agreed,
        values=(True, False),
    ),
    Fact(
        "agreement",
        "What was agreed, or where we stand.",
        "A new fridge is delivered without charge.",
        lambda about: about.settled and about.settled.summary,
        needed="what was agreed",
    ),
    Fact(
        "position_reason",
        "Why we stand there.",
        "The damage was not there at the handover.",
        lambda about: about.settled and about.settled.reason,
        optional=True,
    ),
    Fact(
        "commitments",
        "All that we promised.",
        _PROMISED,
        attrgetter("promised"),
        fields=_PROMISE,
        entry="commitment",
        optional=True,
    ),
    Fact(
        "kept",
        "What of it is done.",
        _DONE,
        lambda about: [it for it in about.promised if it.kept_on],
        fields=_KEPT,
        entry="promise",
        optional=True,
        certain_in=(Kind.COMMITMENT_DONE,),
    ),
    Fact(
        "outstanding",
        "What of it is not done yet.",
        _PROMISED[1:],
        lambda about: [it for it in about.promised if not it.kept_on],
        fields=_PROMISE,
        entry="promise",
        optional=True,
    ),
    Fact("person", "The colleague whom it goes to.", "Declan Byrne", attrgetter("person.name"), only_in=TO_STAFF),
    Fact(
        "involved_how",
        "How they were involved.",
        "Answered the call and ended it.",
        attrgetter("person.why"),
        only_in=TO_STAFF,
    ),
    Fact(
        "account_due_on",
        "The day by which their account is asked for.",
        date(2026, 11, 9),
        attrgetter("person.account_due_on"),
        Day,
        needed="day by which the account is asked for",
        only_in=TO_STAFF,
    ),
    Fact(
        "wanted",
        "The outcome that the customer wants.",
        "A fridge without a dent.",
        attrgetter("case.wanted"),
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "answer_within",
        "Within what time from receipt the rules of a regime ask for our answer.",
        Limit(15, Unit.WORKING_DAY),
        attrgetter("rules.answer_within"),
        within,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "answer_at_most",
        "The same, with all the time that an extension may add.",
        Limit(35, Unit.WORKING_DAY),
        attrgetter("rules.answer_at_most"),
        within,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "ombudsman",
        "Whom the rules name for a customer who is not satisfied.",
        "Financial Ombudsman Service",
        lambda about: about.rules.ombudsman and about.rules.ombudsman.name,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "ombudsman_at",
        "Address and website of the ombudsman.",
        "Exchange Tower, London E14 9SR, www.financial-ombudsman.org.uk",
        lambda about: about.rules.ombudsman and about.rules.ombudsman.reached_at,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "ombudsman_within",
        "Within what time from the date of our answer the customer may turn there.",
        Limit(6, Unit.MONTH),
        lambda about: about.rules.ombudsman and about.rules.ombudsman.within,
        within,
        optional=True,
        not_in=TO_STAFF,
    ),
    Fact(
        "rules_stage",
        "Where the rules know two stages: at which of them the complaint is.",
        FIRST,
        attrgetter("rules.stage"),
        values=(FIRST, SECOND),
        optional=True,
    ),
    Fact(
        "rule_pack",
        "The rules that the complaint goes by.",
        "house",
        attrgetter("rules.regime"),
        values=rules.names(),
    ),
    Fact(
        "language",
        "The language of the letter.",
        "en",
        attrgetter("language"),
        values=tuple(code for code, _ in settings.LANGUAGES),
    ),
)

OF_RULES = (  # what depends on nothing but the rules that the case goes by, and their stage
    "answer_within",
    "answer_at_most",
    "ombudsman",
    "ombudsman_at",
    "ombudsman_within",
    "rules_stage",
    "rule_pack",
)


def known(kind) -> dict[str, Fact]:
    """The placeholders that a letter of this kind may name."""
    return {fact.name: fact for fact in FACTS if fact.is_in(kind)}


def of(about) -> dict:
    """The placeholders of a letter with their values: text, numbers, truths, lists and dictionaries, nothing else."""
    return {name: fact.value(about, about.language) for name, fact in known(about.kind).items()}
