"""Samples of letters, made of the sample case: what `manage.py letter` and the specimen book show."""

from contextlib import contextmanager
from dataclasses import replace

import yaml
from django.conf import settings

from cases import samples
from cases.deadlines import working_days_after
from cases.models import Outcome, Responsibility, User, office
from letters import library, trial, walk, writing
from letters.models import TO_STAFF, Kind
from letters.sheet import Sheet

OWN_CASE = (Kind.CLARIFICATION, Kind.NO_AGREEMENT)  # letters that would contradict the others about the same case
SITE = "https://www.example.com"


def sheet(kind, language, *, today) -> Sheet:
    """A letter of this kind about the sample case; a hole shows in italics what belongs there. Leaves rows: only within
    a transaction that is rolled back."""
    with company() as staff:
        return letter(kind, language, sample_case(staff, kind, language, today=today), by=staff["ines"], today=today)


@contextmanager
def company():
    """The sample company's staff, by user name, and its paper, whose logo is a file that no transaction takes back."""
    for user in User.objects.filter(username__in=[row["username"] for row in samples.read("staff")]):
        user.username = f"{user.username}-{user.pk}"  # somebody here is called the same
        user.save(update_fields=["username"])
    paper = walk.set_up_letterhead()
    try:
        yield samples.hire(password="")
    finally:
        paper.logo.storage.delete(paper.logo.name)


def sample_case(staff, kind, language, *, today):
    """The sample case as a letter of this kind needs it, in the words of `language`: settled, and with its first
    commitment kept where there are any."""
    plan = _plan(kind, language)
    case = samples.receive(plan["sample"], today=today)
    for name, value in plan.get("customer", {}).items():
        setattr(case.customer, name, value)
    case.customer.save()
    usual = {row["username"]: row["job_title"] for row in samples.read("staff")}
    for username, job_title in (usual | plan.get("job_titles", {})).items():
        staff[username].job_title = job_title
        staff[username].save()
    for _step in walk.up_to_the_letter(case, staff, plan, today=today):
        pass
    by = staff["ines"]
    if "position" in plan:
        case.take_final_position(plan["position"], reason=plan["reason"], on=today, by=by)
    else:
        case.keep(case.commitments.first(), how="", on=today, by=by)
    case.promise_contact(until=working_days_after(today, 3, calendar=office()), on=today, by=by)
    return case


def colleague(case, kind):
    """Who of the case gets a letter of this kind: somebody asked for an account; None where it is the customer."""
    if kind not in TO_STAFF:
        return None
    return case.involvements.exclude(account_due_on=None).first() or case.involvements.first()


def _plan(kind, language):
    """The walk as somebody writes it down who answers in `language`; in English where its folder has no specimen."""
    file = library.HERE / language / "specimen.yaml"
    own = yaml.safe_load((file if file.exists() else library.HERE / "en/specimen.yaml").read_text(encoding="utf-8"))
    plan = walk.plan()
    for part in ("findings", "commitments"):
        theirs = own.get(part, plan[part])
        own[part] = [ours | said for ours, said in zip(plan[part], theirs, strict=True)]
    hows = own.pop("involved_how", {})
    plan["involved"] = [entry | {"why": hows.get(entry["username"], entry["why"])} for entry in plan["involved"]]
    plan |= own | own.get(kind, {})
    if kind == Kind.CLARIFICATION:
        plan["responsibility"] = Responsibility.NOT_OURS
        plan["findings"] = [{**found, "outcome": Outcome.NOT_UPHELD, "redress": ""} for found in plan["findings"]]
    return plan


def letter(kind, language, case, *, by, today) -> Sheet:
    """A letter of this kind about `case`, which a sample is; each hole shows in italics what belongs there."""
    person = colleague(case, kind)
    written_on = (person and person.account_asked_on) or today
    draft = writing.draft(case, kind, language=language, person=person, on=written_on, by=by)
    shown = writing.sheet(draft, on=written_on)
    writing.discard(draft, on=today, by=by)
    shown = trial.legible(replace(shown, body=shown.body.replace("]][[", "")))
    return replace(shown, body=shown.body.replace(settings.SITE_URL, SITE))
