"""What a newcomer sees first: a dozen complaints, one of them all the way, and nobody's own data touched."""

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from cases import digests, followups, samples
from cases.models import Case, Digest, Situation
from casetracker import clock
from letters import dispatch, specimens, walk
from letters.models import Kind, Letter
from letters.render import render_pdf


@pytest.fixture
def staff(db):
    return samples.hire(password="a-password")


@pytest.fixture
def cases(staff):
    return {name: samples.receive(name, today=clock.today(), by=staff["ines"]) for name in samples.names()}


def test_a_dozen_complaints_come_in_five_languages_through_six_channels_in_all_seven_situations(cases):
    assert len(cases) == 12
    assert len({case.language for case in cases.values()}) == 5
    assert len({case.channel for case in cases.values()}) == 6
    assert {case.situation for case in cases.values()} == set(Situation)


def test_the_walk_takes_one_of_them_to_its_end_and_everyone_has_a_mail(cases, staff, own_folders, settings):
    walk.set_up_letterhead()
    case = cases[samples.read("walk")["sample"]]
    told = [*walk.up_to_the_letter(case, staff, walk.plan(), today=clock.today())]
    told += walk.letter(case, today=clock.today(), by=staff["ines"])
    assert told[-1] == "=> Nothing is missing in “Document”: the case moves to “Closed”."
    letter = Letter.objects.get(kind=Kind.RESOLUTION)
    assert letter.deliveries.count() == 1 + letter.copies.count() == 5
    assert len(list(Path(settings.MAIL_URL.removeprefix("folder:")).glob("*.eml"))) == 5


def test_the_clockwork_finds_something_to_say_about_the_others_at_any_hour(cases, staff, own_folders):
    samples.begin_work(cases, staff, today=clock.today())
    followups.carry_out(at=digests.at_work(at=clock.now()))
    dispatch.deliver_due(at=clock.now())
    assert Digest.objects.filter(to_email=staff["amara"].email).exists()
    assert Case.objects.filter(stage="investigate").count() == 2


def test_the_desk_shows_a_case_that_somebody_may_not_open(cases, staff, own_folders):
    case = cases[samples.read("walk")["sample"]]
    walk.set_up_letterhead()
    for _step in walk.up_to_the_letter(case, staff, walk.plan(), today=clock.today()):
        pass
    assert not Case.objects.visible_to(staff["declan"]).filter(pk=case.pk).exists()


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 9, 30), date(2026, 12, 28), date(2027, 3, 1)])
def test_the_resolution_letter_takes_two_pages_whatever_the_day(db, own_folders, day):
    sheet = specimens.sheet(Kind.RESOLUTION, "en", today=day)
    with pikepdf.open(io.BytesIO(render_pdf(sheet))) as pdf:
        assert len(pdf.pages) == 2


def test_the_demo_touches_nobodys_own_data(db, own_folders):
    with pytest.raises(CommandError, match="would overwrite your data"):
        call_command("demo", no_serve=True)
