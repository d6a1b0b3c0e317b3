"""What a rule pack says, in plain sentences for people who do not read YAML."""

from collections.abc import Iterator

from cases.deadlines import Unit
from cases.rules.packs import MILESTONES, Step, counted_out

DAY_ONE = {
    "next_day": "Day one is the day after",
    "same_day": "Day one is that day itself",
    "next_working_day": "Day one is the first working day after",
}
ROLL = {
    "none": "It ends on that day even if nobody works then",
    "forward": "If nobody works on the last day, it ends on the next working day",
    "back": "If nobody works on the last day, it ends on the working day before",
}
ENDS = {"contacted": "a contact with the customer"}
TIMES = {1: "once", 2: "twice"}


def limit(step: Step) -> str:
    """“Within 8 weeks of receipt. It is done with our answer.”"""
    words = step.in_words[0].upper() + step.in_words[1:]
    ends = " or ".join(ENDS.get(end, MILESTONES[end]) for end in step.ends)
    if step.repeats:
        start = MILESTONES[step.anchor]
        return f"{words} from {start} on. Each is done with {ends}; the next runs from then, until we have answered."
    return f"{words}. It is done with {ends}."


def particulars(step: Step) -> list[str]:
    """How it is counted and what may move it, a sentence each."""
    said = [*_counting(step.limit or step.target)]
    if step.target and not step.limit:
        said.append("Only aimed at: it is never late.")
    if step.limit:
        said.append("It may be stopped while we wait for the customer." if step.pausable else "It cannot be stopped.")
        said.append(_extension(step.extension) if step.extension else "It cannot be extended.")
    if step.warn:
        said.append(f"Brought to mind {_listed(step.warn)} before.")
    if step.different_handler:
        said.append("By somebody else than at the stage before.")
    if step.source:
        said.append(f"Comes from: {step.source}.")
    return said


def _counting(limit):
    if limit is None:
        return
    if limit.unit == Unit.HOUR:
        yield "Hours run on every day."
        return
    yield f"{DAY_ONE[limit.count_from]}."
    if limit.cutoff:
        off, then = (", or on a day off,", "next working day") if limit.goes_by_the_office else ("", "next day")
        yield f"What comes in after {limit.cutoff:%H:%M}{off} counts as come in on the {then}."
    if limit.unit != Unit.WORKING_DAY:
        yield f"{ROLL[limit.roll]}."


def _extension(extension) -> str:
    times = TIMES.get(extension.times, f"{extension.times} times")
    if extension.most is None:
        return f"It may be extended {times}; the rules name no longest time."
    return f"It may be extended {times}, by up to {counted_out(extension.most, extension.unit)}."


def afterwards(pack) -> Iterator[str]:
    """What the customer is asked once all is done."""
    if pack.confirm_after:
        yield f"{counted_out(pack.confirm_after, Unit.WORKING_DAY)} after a promise was kept: was it done?"
    if pack.aftercare_after:
        yield f"{counted_out(pack.aftercare_after, Unit.WORKING_DAY)} after the closing: is everything all right now?"


def second_person(pack, kinds) -> list[str]:
    """Which letters a second person approves, a sentence each; `kinds` are called as people know them."""
    said = [f"Always: {kinds}."] if kinds else []
    above = " or ".join(f"{currency} {amount:,}" for currency, amount in pack.second_person_above.items())
    if above:
        said.append(f"An answer or an apology, where the redress comes to more than {above}.")
    if pack.second_person_for_vulnerable:
        said.append("An answer or an apology, where dealing with us is harder for the customer.")
    return said


def _listed(days) -> str:
    *others, last = map(str, days)
    number = f"{', '.join(others)} and {last}" if others else last
    return f"{number} working day{'' if days == (1,) else 's'}"
