"""What stands on the page of a case, ready to be shown. Reads only."""

from django.conf import settings
from django.utils import timezone

from cases.models import Kind
from cases.stages import Stage

from .forms import AnswerForm, MessageForm
from .words import Words

STEPS = [stage for stage in Stage if stage != Stage.CLOSED]
PROMISED = (Kind.CONTACT, Kind.CALLBACK)


def everything(case, path, *, on, form=None, sent=False) -> dict:
    """The context of the page; with `form`, one that shows what is wrong with it."""
    says = form.says if form else Words(case.language)
    return spoken(says) | {
        "case": case,
        "address": f"{settings.SITE_URL}{path}",
        "title": says.say("title", reference=case.reference),
        "steps": steps(case, says),
        "now": standing(case, says),
        "hear": hearing(case, says, on=on),
        "agreement": agreement(case, says, on=on),
        "forms": questions(case, says, form),
        "message": form if isinstance(form, MessageForm) else MessageForm(says=says),
        "messages": [(it, says.day(it.held_on)) for it in case.conversations.from_the_customer()],
        "answers": [answer(it, says) for it in case.answers()],
        "received_on": says.day(case.received_on),
        "fault": form,
        "sent": sent,
    }


def spoken(says) -> dict:
    """What every page in a language needs."""
    return {"says": says.all, "language": says.language, "direction": says.all["direction"]}


def steps(case, says) -> list[tuple]:
    """The five steps as (word, "done" | "now" | "ahead", the same in words). A case that ended early leaves the rest
    ahead."""
    words = [says.all["stages"][stage]["word"] for stage in STEPS]
    if case.stage == Stage.CLOSED:
        where = ["ahead" if case.exit else "done"] * len(words)
    else:
        here = STEPS.index(case.stage)
        where = ["done" if i < here else "now" if i == here else "ahead" for i in range(len(words))]
    called = says.all["step"] | ({"ahead": says.all["step"]["not_needed"]} if case.closed_on else {})
    return [(word, place, called[place]) for word, place in zip(words, where, strict=True)]


def standing(case, says) -> dict:
    """Where the complaint is: a headline, and what it means."""
    if case.stage != Stage.CLOSED:
        return says.all["stages"][case.stage]
    because = says.all["closed_because"][case.exit]
    if not case.has_open_promise():
        return {"headline": says.all["closed"], "meaning": because}
    promise = says.all["promise_open"]
    return {"headline": promise["headline"], "meaning": f"{because} {promise['meaning']}"}


def hearing(case, says, *, on) -> tuple[str, str] | None:
    """When they hear from us, in two sentences. None about a closed complaint, unless somebody is to be in touch."""
    waiting = case.followups.outstanding()
    promised = waiting.filter(kind__in=PROMISED).first()
    if promised is None and not case.closed_on:
        promised = waiting.filter(kind=Kind.ACKNOWLEDGEMENT).first()
    if promised is None:
        return None if case.closed_on else (says.say("hear", "unknown"), says.say("hear", "unknown_more"))
    if promised.due_on < on:
        return says.say("hear", "late"), says.say("hear", "late_more", day=promised.due_on)
    if promised.due_at:
        hour = f"{timezone.localtime(promised.due_at):%H:%M}"
        return says.say("hear", "call", day=promised.due_on, hour=hour), says.say("hear", "call_more")
    return says.say("hear", "by", day=promised.due_on), says.say("hear", "by_more")


def agreement(case, says, *, on) -> dict | None:
    """What they agreed to and what they were promised, promise by promise; a final position of ours reaches them by
    letter, not here. What was said in a talk and fell away is not told again: the agreement took its place."""
    made = case.agreement()
    agreed = made if made and made.agreed else None
    told = [it for it in case.promised() if it.agreement_id or not it.dropped_on]
    if not (agreed or told):
        return None
    heading = says.say("agreed", day=agreed.made_on) if agreed else says.all["promised"]
    return {"it": agreed, "heading": heading, "promises": [promise(it, says, on=on) for it in told]}


def promise(it, says, *, on) -> tuple:
    """A commitment, where it stands among the steps, and that in words."""
    if it.kept_on:
        return it, "done", says.say("promise", "done", day=it.kept_on)
    if it.dropped_on:
        return it, "ahead", says.say("promise", "dropped", day=it.dropped_on)
    return it, "now", says.say("promise", "late" if it.due_on < on else "due", day=it.due_on)


def questions(case, says, form) -> list[AnswerForm]:
    """First whether all is well, then promise by promise."""
    blank = [AnswerForm(question=question, says=says) for question in case.questions().order_by("kind", "pk")]
    asked = getattr(form, "question", None)
    return [form if one.question == asked else one for one in blank]


def answer(it, says) -> dict:
    about = says.say("questions", "confirmation", "asks") if it.followup.commitment else says.say("all_well")
    return {
        "it": it,
        "about": about,
        "said": says.say("yes" if it.is_yes else "no"),
        "on": says.say("on", day=timezone.localdate(it.given_at)),
    }
