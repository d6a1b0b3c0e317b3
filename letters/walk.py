"""The sample case on its way through all five stages, step by step, each told in plain words as it happens."""

from datetime import timedelta

from django.core.files import File

from cases import samples
from cases.deadlines import working_days_after
from cases.models import Promise, office
from casetracker import clock
from letters import dispatch, writing
from letters.models import Kind, Letterhead


def set_up_letterhead() -> Letterhead:
    """The sample company's paper, logo included."""
    paper = Letterhead(**samples.read("letterhead"))
    with samples.LOGO.open("rb") as logo:
        paper.logo.save("logo.svg", File(logo))
    return paper


def days(*, today, received_on):
    """The days of the walk: acknowledgement, request for accounts, talk, agreement; none after `today`."""
    acknowledged_on = min(today, working_days_after(received_on, 1, calendar=office()))
    asked_on = min(today, working_days_after(acknowledged_on, 1, calendar=office()))
    talked_on = min(today, working_days_after(asked_on, 2, calendar=office()))
    return acknowledged_on, asked_on, talked_on


def plan() -> dict:
    """What is found, said and promised on the way, and the points of the complaint that it is about."""
    walk = samples.read("walk")
    return {**walk, "points": samples.read(walk["sample"])["points"]}


def up_to_the_letter(case, staff, plan, *, today):
    """Walk `case` to the stage *document*, yielding a sentence for each thing done. `staff` is by user name."""
    lead, handler = staff["amara"], staff["ines"]
    acknowledged_on, asked_on, talked_on = days(today=today, received_on=case.received_on)

    case.assign(handler, on=acknowledged_on, by=lead)
    yield f"{lead}, who leads the team, gives the case to {handler}."
    for text in plan["points"]:
        case.add_point(text, on=acknowledged_on, by=handler)
    yield f"{handler} splits the complaint into {len(plan['points'])} numbered points."
    contact_on = working_days_after(acknowledged_on, plan["next_contact_days"], calendar=office())
    case.log_conversation(**plan["acknowledgement_call"], next_contact_on=contact_on, on=acknowledged_on, by=handler)
    yield f"She calls the customer at once and promises to be in touch again by {contact_on:%-d %B}."
    yield from _move_on(case, on=acknowledged_on, by=handler)

    yield from _investigate(case, plan, staff, asked_on=asked_on, found_on=talked_on, by=handler)
    yield from _move_on(case, on=talked_on, by=handler)

    case.log_conversation(**plan["conversation"], on=talked_on, by=handler)
    yield "They talk: the customer tells her side, and a way to put things right is proposed."
    yield from _move_on(case, on=talked_on, by=handler)

    for point, found in zip(case.points.all(), plan["findings"], strict=True):
        case.decide(point, found["outcome"], redress=found["redress"], on=today, by=handler)
    case.agree(plan["agreement"], _promises(plan, staff, today=today), on=today, by=handler)
    yield f"They agree, with {len(plan['commitments'])} commitments:"
    for commitment in case.commitments.all():
        yield f"  - {commitment} ({commitment.owner_name})"
    yield from _move_on(case, on=today, by=handler)


def _investigate(case, plan, staff, *, asked_on, found_on, by):
    for entry in plan["involved"]:
        person = case.involve(user=staff[entry["username"]], part=entry["role"], why=entry["why"], on=asked_on, by=by)
        yield f"{person.name} is involved ({person.get_part_display().split(':')[0].lower()}) and will get a copy."
        if entry.get("account"):
            case.ask_account(person, until=found_on + timedelta(days=1), on=asked_on, by=by)
            case.take_account(person, entry["account"], on=found_on, by=by)
            yield f"{person.name} was asked for an account, and gave it."
        elif entry.get("waived_reason"):
            case.waive_account(person, reason=entry["waived_reason"], on=found_on, by=by)
            yield f"No account of {person.name} is needed; the reason is kept."
    for point, found in zip(case.points.all(), plan["findings"], strict=True):
        case.find(point, found["finding"], on=found_on, by=by)
    explained = {key: plan[key] for key in ("root_cause", "cause_explained", "responsibility", "prevention")}
    case.explain(**explained, on=found_on, by=by)
    yield "Every point has its finding; root cause and responsibility are set."


def _promises(plan, staff, *, today):
    return [
        Promise(
            what=entry["what"],
            owner=staff[entry["owner_username"]],
            due_on=working_days_after(today, entry["due_working_days"], calendar=office()),
        )
        for entry in plan["commitments"]
    ]


def _move_on(case, *, on, by):
    left = case.get_stage_display()
    case.move_on(on=on, by=by)
    yield f"=> Nothing is missing in “{left}”: the case moves to “{case.get_stage_display()}”."


def letter(case, *, today, by):
    """The resolution letter is issued and delivered, with every copy; the case is closed. Yields what happens."""
    draft = writing.draft(case, Kind.RESOLUTION, on=today, by=by)
    yield "The resolution letter is drafted from the case's own facts."
    dispatch.issue(draft, on=today, by=by)
    yield f"It is issued: {len(draft.pdf):,} bytes, SHA-256 {draft.sha256[:16]}…, frozen from now on."
    dispatch.deliver_due(at=clock.now())
    for delivery in draft.deliveries.all():
        yield f"  - {delivery.to_name}: {delivery.outcome(at=clock.now())}"
    case.refresh_from_db()
    yield from _move_on(case, on=today, by=by)
