"""An invented company with its staff and a dozen complaints, as files: what the demo and the tests run on."""

from datetime import date, timedelta
from pathlib import Path

import yaml

from cases import intake
from cases.intake import Complaint
from cases.models import Case, User

HERE = Path(__file__).parent
LOGO = HERE / "logo.svg"


def read(name: str):
    """What the sample file `name`.yaml holds."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def names() -> list[str]:
    """The sample complaints, in their order."""
    return sorted(path.stem for path in HERE.glob("[0-9]*.yaml"))


def hire(*, password: str) -> dict[str, User]:
    """The company's staff, by user name; those with a role may sign in with `password`."""
    staff = {}
    for row in read("staff"):
        user = staff[row["username"]] = User(**row)
        if user.role:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.is_staff = bool(user.role)
        user.save()
    return staff


def receive(name: str, *, today: date, by=None) -> Case:
    """The sample complaint `name` came in as many days before `today` as it says; `by` took it where it was told."""
    sample = read(name)
    told = {key: sample[key] for key in ("channel", "subject", "story", "wanted", "order_reference", "product")}
    received_on = today - timedelta(days=sample["received_days_ago"])
    complaint = Complaint(received_on=received_on, **told, **sample["customer"])
    case = intake.receive(complaint, on=today, by=by if sample["channel"] != "form" else None)
    Case.objects.filter(pk=case.pk).update(situation=sample["situation"])
    case.refresh_from_db()
    return case
