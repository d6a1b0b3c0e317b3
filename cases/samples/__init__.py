"""An invented company with its staff and a dozen complaints, as files: what the demo and the tests run on."""

from datetime import date, timedelta
from pathlib import Path

import yaml

from cases import intake
from cases.deadlines import working_days_after
from cases.intake import Complaint
from cases.models import Case, User, office

HERE = Path(__file__).parent
LOGO = HERE / "logo.svg"


def read(name: str):
    """What the sample file `name`.yaml holds."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def names() -> list[str]:
    """The sample complaints, in their order."""
    return sorted(path.stem for path in HERE.glob("[0-9]*.yaml"))


def hire(*, password: str) -> dict[str, User]:
    """The company's staff, by user name; those with a role may sign in with `password`, nobody without one."""
    staff = {}
    for row in read("staff"):
        manager = staff.get(row.pop("manager", None))
        user = staff[row["username"]] = User(**row, manager=manager)
        if user.role and password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save()
    return staff


def receive(name: str, *, today: date, by=None) -> Case:
    """The sample complaint `name` came in as many days before `today` as it says; `by` took it where it was told."""
    sample = read(name)
    told = {key: sample[key] for key in ("channel", "subject", "story", "wanted", "order_reference", "product")}
    received_on = today - timedelta(days=sample["received_days_ago"])
    complaint = Complaint(received_on=received_on, **told, **sample["customer"])
    case = intake.receive(complaint, on=today, by=by if sample["channel"] != "form" else None)
    case.face(sample["situation"], on=received_on, by=by)
    return case


def begin_work(cases: dict[str, Case], staff: dict[str, User], *, today: date):
    """Some of `cases` (by sample name) have a handler, and some were called and are being investigated."""
    for entry in read("begun"):
        case, handler = cases[entry["sample"]], staff[entry["handler"]]
        case.assign(handler, on=today, by=staff["amara"])
        if "call" not in entry:
            continue
        contact_on = working_days_after(today - timedelta(days=1), entry["next_contact_in"] + 1, calendar=office())
        case.log_conversation(**entry["call"], next_contact_on=contact_on, on=today, by=handler)
        case.move_on(on=today, by=handler)
        if entry.get("points"):
            for text in read(entry["sample"])["points"]:
                case.add_point(text, on=today, by=handler)
