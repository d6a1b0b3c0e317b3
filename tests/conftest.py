"""The cast. Amara leads, Ines handles, Marta only reads; Declan answered the phone badly; Eleanor complained."""

from datetime import date

import pytest

from cases import intake
from cases.intake import Complaint
from cases.models import CopyAs, Outcome, Part, Promise, Responsibility, Role, RootCause, User
from letters import dispatch, walk, writing
from letters.models import Kind as LetterKind
from tests.faults.table import pytest_terminal_summary  # noqa: F401 (the table of faults ends a run that had any)

MONDAY = date(2026, 11, 9)
TUESDAY = date(2026, 11, 10)
FRIDAY = date(2026, 11, 13)
SATURDAY = date(2026, 11, 14)
NEXT_MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """Files and e-mails of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_URL = f"folder:{tmp_path / 'mail'}"


def still_missing(case) -> list[str]:
    """What is missing, but for why something was late: where a letter leaves on the day of the test, much is."""
    return [sentence for sentence in case.missing() if not sentence.startswith("Say why this was late")]


def staff(username, first, last, role="", **fields):
    return User.objects.create(
        username=username,
        first_name=first,
        last_name=last,
        email=f"{username}@example.com",
        role=role,
        **fields,
    )


@pytest.fixture
def lead(db):
    return staff("amara", "Amara", "Nwosu", Role.LEAD, job_title="Complaints Lead")


@pytest.fixture
def handler(db):
    return staff("ines", "Inês", "Carvalho", Role.HANDLER, job_title="Customer Relations Adviser")


@pytest.fixture
def reader(db):
    return staff("marta", "Marta", "Kowalska", Role.READER, job_title="Delivery Planner")


@pytest.fixture
def concerned(db):
    """A handler whom complaints may be about."""
    return staff("declan", "Declan", "Byrne", Role.HANDLER, job_title="Contact Centre Adviser")


@pytest.fixture
def driver(db):
    """Somebody without a sign-in."""
    return staff("kofi", "Kofi", "Mensah", job_title="Delivery Driver")


@pytest.fixture
def complaint():
    """What Eleanor told us on Monday."""
    return Complaint(
        channel="form",
        received_on=MONDAY,
        name="Eleanor Whitcombe",
        title="Ms",
        email="eleanor@example.org",
        phone="+441174960148",
        street="Flat 2, 41 Larkfield Row",
        city="Bristol",
        postcode="BS6 7QZ",
        country="GB",
        story="The fridge came two days late and dented. The man on the phone hung up.",
        wanted="A fridge without a dent, and an apology.",
        order_reference="EH-204418",
    )


@pytest.fixture
def case(db, complaint):
    """Eleanor's complaint, just received; nobody looks after it yet."""
    return intake.receive(complaint, on=MONDAY)


@pytest.fixture
def letterhead(own_folders, db):
    """The sample company's paper."""
    return walk.set_up_letterhead()


@pytest.fixture
def ready(case, handler, driver, reader, letterhead):
    """Eleanor's case at the stage *document*: Kofi gets a copy of the letter, Marta a summary; one commitment; no
    letter yet."""
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", next_contact_on=FRIDAY, on=MONDAY, by=handler)
    case.move_on(on=MONDAY, by=handler)
    point = case.add_point("The fridge was delivered with a dent.", on=MONDAY, by=handler)
    case.involve(user=driver, part=Part.INFORMED, why="Drove the van", copy_as=CopyAs.LETTER, on=MONDAY, by=handler)
    case.involve(user=reader, part=Part.INFORMED, why="Planned the route", on=MONDAY, by=handler)
    case.find(point, "The dent was there at the handover.", on=TUESDAY, by=handler)
    case.explain(
        root_cause=RootCause.PRODUCT_FAULT,
        cause_explained="The fridge fell in the warehouse.",
        responsibility=Responsibility.OURS,
        prevention="Every appliance is looked at before it is loaded.",
        on=TUESDAY,
        by=handler,
    )
    case.move_on(on=TUESDAY, by=handler)
    case.log_conversation(said="She was calm.", proposed="A new fridge.", on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    case.decide(point, Outcome.UPHELD, redress="A new fridge", on=TUESDAY, by=handler)
    case.agree("A new fridge is delivered.", [Promise("Deliver it", handler, FRIDAY)], on=TUESDAY, by=handler)
    case.move_on(on=TUESDAY, by=handler)
    return case


@pytest.fixture
def draft(ready, handler):
    """The resolution letter on Eleanor's case, still a draft."""
    return writing.draft(ready, LetterKind.RESOLUTION, on=TUESDAY, by=handler)


@pytest.fixture
def issued(draft, handler):
    """The resolution letter on Eleanor's case, issued; its three envelopes wait."""
    dispatch.issue(draft, on=TUESDAY, by=handler)
    return draft
