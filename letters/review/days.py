"""Days that the letter names: right, known to the case, and such as can be kept."""

import re
from functools import cache

from django.core.exceptions import ValidationError

from cases.deadlines import NoCalendar
from cases.models.commitment import check_keepable
from letters.models import PROMISES_CONTACT
from letters.review.finding import hole, warning
from letters.review.folding import fold
from letters.review.wording import wording_of
from letters.values import Day, locale

AROUND = 80  # characters of a sentence that are looked at on either side of a day
CALLED = {"received_on": "the complaint came in on", "next_contact_on": "the customer hears from us by"}


def next_contact(said):
    """The day by which the customer hears from us after this letter: what the case holds, or, in a letter that promises
    the next contact itself, the first such day that it names in full. None where there is none."""
    if said.letter.kind not in PROMISES_CONTACT:
        return said.known.next_contact_on
    told = (named.day() for named, fact in _claimed(said) if fact == "next_contact_on")
    return next(told, None)


def contradicted(said):
    """A day that the case knows, told otherwise: when the complaint came in, when the customer hears from us next."""
    facts = {"received_on": said.case.received_on, "next_contact_on": next_contact(said)}
    for named, fact in _claimed(said):
        spot, known = said.spot(named.start, named.end), facts[fact]
        if known and not named.means(known):
            yield hole(
                "day-contradicts",
                spot.place,
                spot.said,
                f"The letter says {spot.said}, but {CALLED[fact]} {known:%-d %B %Y}.",
                f"Write {Day(known, said.letter.language)}, or correct the case first.",
            )
        elif fact == "next_contact_on" and known and known < said.on:
            yield hole(
                "promise-past",
                spot.place,
                spot.said,
                f"The letter promises to be in touch by {spot.said}, which is past.",
                "Promise the customer a new day in the case, and write that one.",
            )


def cannot_be_kept(said):
    """The next contact that the letter itself promises is a working day, and whoever looks after the case is here."""
    day = next_contact(said) if said.letter.kind in PROMISES_CONTACT else None
    if day is None or day < said.on:
        return
    try:
        check_keepable(due_on=day, owner=said.case.handler, on=said.on)
    except (ValidationError, NoCalendar) as error:
        yield hole(
            "contact-cannot-be-kept",
            "body",
            f"{day:%-d %B %Y}",
            f"The letter promises to be in touch by {day:%-d %B %Y}, which cannot be kept as it stands.",
            " ".join(getattr(error, "messages", [str(error)])),
        )


def wrong_weekday(said):
    """Friday 12 November 2026 is a Thursday: nobody knows which of the two is meant."""
    weekdays = _weekdays(said.letter.language)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(weekdays, key=len, reverse=True)))}),?\s?\(?$")
    for named in said.days:
        before = said.ours[max(0, named.start - 20) : named.start]
        told, day = pattern.search(before), named.day()
        if told and day and weekdays[told[0].strip(" ,(")] != day.weekday():
            spot = said.spot(named.start - len(told[0]), named.end)
            yield hole(
                "wrong-weekday",
                spot.place,
                spot.said,
                f"“{spot.said}” does not exist: that day is a {day:%A}.",
                "Correct the weekday or the day.",
            )


def unknown(said):
    """A day that stands nowhere in the case may be a slip, or a promise that nobody has noted."""
    claimed = {(named.start, named.end) for named, _fact in _claimed(said)}
    for named in said.days:
        if named.is_one_of(said.known.days) or (named.start, named.end) in claimed:
            continue
        spot = said.spot(named.start, named.end)
        yield warning(
            "unknown-day",
            spot.place,
            spot.said,
            f"The case knows of nothing on {spot.said}.",
            "Check the day; if it is a promise, note it in the case, so that it is kept.",
        )


def _claimed(said):
    """(day, fact) for each day that stands where the language tells a fact of the case."""
    for named in said.days:
        passage = said.spot(named.start, named.end).passage
        for fact, claims in _claims(said.letter.language):
            if any(_stands_in(claim, named, passage, said.ours) for claim in claims):
                yield named, fact


def _stands_in(claim, named, passage, words) -> bool:
    before, after = claim
    return bool(
        before.search(words, max(passage.start, named.start - AROUND), named.start)
        and after.match(words, named.end, min(passage.end, named.end + AROUND))
    )


@cache
def _claims(language):
    """For each fact the patterns of what stands before its day and after it."""
    found, wording = [], wording_of(language)
    for fact, said in wording.claims.items():
        pairs = [pattern.split("{day}") for pattern in said]
        start = r"(?<!\w)" + (f"[{wording.attached}]?" if wording.attached else "") if wording.whole_words else ""
        found.append((fact, tuple((re.compile(rf"{start}{before}\Z"), re.compile(after)) for before, after in pairs)))
    return tuple(found)


@cache
def _weekdays(language) -> dict[str, int]:
    """Each name of a day of the week with its number, Monday being 0."""
    return {fold(name): number for use in locale(language).days.values() for number, name in use["wide"].items()}
