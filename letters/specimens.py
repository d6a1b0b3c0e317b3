"""Samples of every letter: what `manage.py letter` and the specimen book show, made of the sample case."""

import io
import itertools
import re
from contextlib import contextmanager
from dataclasses import replace

import pikepdf
import yaml
from django.conf import settings

from cases import samples
from cases.deadlines import working_days_after
from letters import library, render, walk, writing
from letters.models import Kind, Paper, Style
from letters.sheet import Sheet

HOLE = re.compile(r"\[\[([^\[\]]*)\]\]")


def sheet(kind, language, *, today) -> Sheet:
    """A letter of this kind about the sample case; a hole shows in italics what belongs there. Leaves rows: only within
    a transaction that is rolled back."""
    with _company() as staff:
        return _sheet(kind, language, _agreed(staff, language, today=today), by=staff["ines"], today=today)


def book(languages, *, today, told) -> bytes:
    """One PDF of every kind, format and paper in `languages`, its outline naming each letter. `told` is called with
    each language and its number of letters when they are set. Leaves rows, as `sheet` does."""
    kept = io.BytesIO()
    with _company() as staff, pikepdf.new() as whole:
        with whole.open_outline() as outline:
            for language in languages:
                called = dict(settings.LANGUAGES)[language]
                chapter = pikepdf.OutlineItem(called, len(whole.pages))
                case = _agreed(staff, language, today=today)
                for kind in Kind:
                    letter = _sheet(kind, language, case, by=staff["ines"], today=today)
                    chapter.children.append(_add_all(whole, letter, kind))
                outline.root.append(chapter)
                told(called, len(Kind) * len(Style) * len(Paper))
        whole.save(kept, deterministic_id=True)
    return kept.getvalue()


def _add_all(whole, letter, kind):
    """The letter in every format goes into the book; answers its entry in the outline."""
    entry = pikepdf.OutlineItem(kind.label, len(whole.pages))
    for paper, style in itertools.product(Paper, Style):
        entry.children.append(pikepdf.OutlineItem(f"{paper.label}, {style.label.split(':')[0]}", len(whole.pages)))
        pdf = render.render_pdf(replace(letter, style=style.value, paper=paper.value))
        with pikepdf.open(io.BytesIO(pdf)) as one:
            whole.pages.extend(one.pages)
    return entry


@contextmanager
def _company():
    """The sample company's staff, by user name, and its paper, whose logo is a file that no transaction takes back."""
    paper = walk.set_up_letterhead()
    try:
        yield samples.hire(password="")
    finally:
        paper.logo.storage.delete(paper.logo.name)


def _agreed(staff, language, *, today):
    """The sample case in the words of `language`, agreed and with its first commitment kept."""
    plan = _plan(language)
    case = samples.receive(plan["sample"], today=today)
    for name, value in plan.get("customer", {}).items():
        setattr(case.customer, name, value)
    case.customer.save()
    for username, job_title in plan.get("job_titles", {}).items():
        staff[username].job_title = job_title
        staff[username].save()
    for _step in walk.up_to_the_letter(case, staff, plan, today=today):
        pass
    by = staff["ines"]
    case.keep(case.commitments.first(), how="", on=today, by=by)
    case.promise_contact(until=working_days_after(today, 3, country=settings.COUNTRY), on=today, by=by)
    return case


def _plan(language):
    """The walk as somebody writes it down who answers in `language`; in English where its folder has no specimen."""
    plan, file = walk.plan(), library.HERE / language / "specimen.yaml"
    if not file.exists():
        return plan
    own = yaml.safe_load(file.read_text(encoding="utf-8"))
    for part in ("findings", "commitments"):
        own[part] = [ours | theirs for ours, theirs in zip(plan[part], own[part], strict=True)]
    return plan | own


def _sheet(kind, language, case, *, by, today):
    draft = writing.draft(case, kind, language=language, on=today, by=by)
    shown = writing.sheet(draft, on=today)
    writing.discard(draft, on=today, by=by)
    return replace(shown, subject=HOLE.sub(r"\1", shown.subject), body=HOLE.sub(r"*\1*", shown.body))
