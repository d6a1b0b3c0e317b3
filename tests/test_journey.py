"""Read this first: a complaint goes all the way, and this is the map of the product."""

import email
from email import policy
from pathlib import Path

from cases import followups, intake
from cases.models import Outcome, Part, Promise, Responsibility, RootCause
from cases.models.followup import opening
from casetracker import clock
from letters import dispatch, writing
from letters.models import Kind
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY


def test_a_complaint_goes_all_the_way(complaint, lead, handler, driver, reader, letterhead, settings):
    # A customer complains. From now on a clock runs, and the customer has a number.
    case = intake.receive(complaint, on=MONDAY)
    assert case.stage == "acknowledge"
    assert case.followups.get(kind="acknowledgement").due_on == TUESDAY

    # Acknowledge: somebody looks after it, the customer hears from us, and knows when they hear again.
    case.assign(handler, on=MONDAY, by=lead)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    dispatch.issue(writing.draft(case, Kind.ACKNOWLEDGEMENT, on=MONDAY, by=handler), on=MONDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    case.move_on(on=MONDAY, by=handler)

    # Investigate: what exactly is it about, who was involved, what happened, why, and whose responsibility is it?
    case.add_point("The fridge was delivered with a dent.", on=MONDAY, by=handler)
    witness = case.involve(user=driver, part=Part.WITNESS, why="Drove the van", on=MONDAY, by=handler)
    case.involve(user=reader, part=Part.INFORMED, why="Plans the routes", on=MONDAY, by=handler)
    case.ask_account(witness, until=FRIDAY, on=MONDAY, by=handler)
    case.take_account(witness, "The dent was there when I loaded it.", on=TUESDAY, by=handler)
    case.find(case.points.get(), "The dent was there at the handover.", on=TUESDAY, by=handler)
    case.explain(
        root_cause=RootCause.PRODUCT_FAULT,
        cause_explained="The fridge fell in the warehouse.",
        responsibility=Responsibility.OURS,
        prevention="Every appliance is looked at before it is loaded.",
        on=TUESDAY,
        by=handler,
    )
    case.move_on(on=TUESDAY, by=handler)

    # Talk: the customer tells it without interruption; then a way out is proposed.
    case.log_conversation(said="She told it all.", proposed="A new fridge by Friday.", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)

    # Agree: an outcome for each point, and promises that can be kept.
    case.decide(case.points.get(), Outcome.UPHELD, redress="A new fridge", on=TUESDAY, by=handler)
    promise = Promise("Deliver a new fridge", owner=driver, due_on=FRIDAY)
    case.agree("A new fridge is delivered.", [promise], on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)

    # Document: one formal letter to the customer, and a copy for everyone who was involved.
    letter = writing.draft(case, Kind.RESOLUTION, on=TUESDAY, by=handler)
    dispatch.issue(letter, on=TUESDAY, by=handler)
    dispatch.deliver_due(at=clock.now())
    case.refresh_from_db()
    # Letters leave today, long after that Tuesday: what was late asks why before the case is closed.
    assert any("Say why this was late" in sentence for sentence in case.missing())
    for step in case.deadlines.unexplained():
        case.explain_lateness(step, "The post room was closed.", on=clock.today(), by=handler)
    case.move_on(on=TUESDAY, by=handler)
    assert case.stage == "closed"
    assert [to for to, _ in mails(settings)] == [
        "eleanor@example.org",  # the acknowledgement
        "eleanor@example.org",  # the resolution letter
        "kofi@example.com",
        "marta@example.com",
    ]

    # The promise lives on: Friday is over and nothing was said, so owner, handler and lead hear of it.
    followups.carry_out(at=opening(NEXT_MONDAY))
    dispatch.deliver_due(at=clock.now())
    reminded = {to for to, subject in mails(settings) if "to look at" in subject}
    assert reminded == {"amara@example.com", "ines@example.com", "kofi@example.com"}
    case.keep(case.commitments.get(), how="Delivered on Monday.", on=NEXT_MONDAY, by=handler)

    # Eleanor is asked whether it was done, and whether everything is all right now. It is.
    for question in case.questions():
        case.take_answer(question, is_yes=True, words="Thank you.", on=NEXT_MONDAY)
    assert not case.followups.outstanding().exists()

    # And the history tells it all, in words.
    told = [event.kind for event in case.events.all()]
    assert told[0] == "received"
    assert [kind for kind in told if kind in ("investigate", "talk", "agree", "document", "closed")] == [
        "investigate",
        "talk",
        "agree",
        "document",
        "closed",
    ]


def mails(settings):
    """(address, subject) of every e-mail that left, in the order of addresses."""
    folder = Path(settings.MAIL_URL.removeprefix("folder:"))
    left = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    return sorted((mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in left)
