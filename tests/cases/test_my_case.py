"""The page of one's own complaint: plain words, our promises, and nothing for anybody else."""

import html
import re
from datetime import UTC, datetime
from http import HTTPStatus as Answer

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import intake
from cases.models import Case, Part, Promise
from cases.stages import Exit, Stage
from letters import library
from tests.conftest import FRIDAY, MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.django_db

SAYS = library.page("en")
SCRIPT = "<script>alert('fridge')</script>"


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(datetime(2026, 11, 9, 10, tzinfo=UTC), tick=False):
        yield


def text_of(response):
    return html.unescape(response.content.decode())


def mine(case):
    return reverse("cases:my_case", args=[case.page_key])


def test_the_page_says_where_it_stands_in_plain_words(client, case):
    page = text_of(client.get(mine(case)))
    assert case.reference in page
    assert "We have your complaint" in page
    assert "You hear from us by Tuesday 10 November 2026" in page
    assert f"http://127.0.0.1:8000{mine(case)}" in page
    assert case.story in page


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.CLOSED])
def test_every_stage_has_its_own_words_and_marks_its_step(client, case, stage):
    Case.objects.filter(pk=case.pk).update(stage=stage)
    response = client.get(mine(case))
    assert SAYS["stages"][stage]["headline"] in text_of(response)
    assert response.content.decode().count('aria-current="step"') == 1
    done = [word for word, where, _ in response.context["steps"] if where == "done"]
    assert done == [words["word"] for words in SAYS["stages"].values()][: list(Stage).index(stage)]


@pytest.mark.parametrize("exit", ["", *Exit])
def test_every_end_has_its_own_words(client, case, exit):
    other = case.pk if exit == Exit.DUPLICATE else None
    Case.objects.filter(pk=case.pk).update(
        stage=Stage.CLOSED,
        closed_on=FRIDAY,
        exit=exit,
        exit_reason="Internal: gave up" if exit else "",
        duplicate_of=other,
    )
    page = text_of(client.get(mine(case)))
    assert "Your complaint is closed" in page
    assert SAYS["closed_because"][exit] in page
    assert "Internal" not in page
    assert "You hear from us" not in page


def test_a_promised_contact_is_the_date_that_counts(client, case, handler):
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    assert "You hear from us by Friday 13 November 2026" in text_of(client.get(mine(case)))


def test_a_contact_that_is_late_is_admitted(client, case):
    with time_machine.travel(datetime(2026, 11, 13, 10, tzinfo=UTC)):
        page = text_of(client.get(mine(case)))
    assert "We are late" in page
    assert "by Tuesday 10 November 2026. We are sorry" in page


def test_what_was_agreed_is_shown_with_what_is_kept_and_what_is_not(client, case, handler, lead):
    promises = [Promise("Bring a new fridge", handler, FRIDAY), Promise("Refund the delivery", lead, NEXT_MONDAY)]
    agreement = case.agree("A new fridge and the delivery charge back.", promises, on=MONDAY, by=lead)
    fridge, refund = agreement.commitments.all()
    case.keep(fridge, how="Taken there by Kofi", on=TUESDAY, by=handler)
    page = text_of(client.get(mine(case)))
    assert agreement.summary in page
    assert re.search(r"Bring a new fridge.*?Done on 10 November 2026", page, re.DOTALL)
    assert re.search(r"Refund the delivery.*?By 16 November 2026", page, re.DOTALL)
    with time_machine.travel(datetime(2026, 11, 17, 10, tzinfo=UTC)):
        assert "Promised by 16 November 2026, and late: we are sorry" in text_of(client.get(mine(case)))
    case.drop(refund, reason="Secret reason", on=TUESDAY, by=lead)
    page = text_of(client.get(mine(case)))
    assert "No longer planned since 10 November 2026" in page
    assert "Secret reason" not in page
    assert "Kofi" not in page
    assert "Nwosu" not in page


def test_a_final_position_is_left_to_the_letter(client, case, lead):
    case.take_final_position("We pay nothing more.", reason="The dent came later.", on=MONDAY, by=lead)
    page = text_of(client.get(mine(case)))
    assert "We pay nothing more" not in page
    assert "The dent came later" not in page


def test_nothing_that_is_ours_alone_is_on_the_page(client, case, handler, concerned, lead):
    point = case.add_point("Inner point", on=MONDAY, by=lead)
    case.find(point, "Inner finding", on=MONDAY, by=lead)
    person = case.involve(part=Part.CONCERNED, why="Inner why", user=concerned, on=MONDAY, by=lead)
    case.take_account(person, "Inner account", on=MONDAY, by=lead)
    case.explain(
        root_cause="delay",
        responsibility="ours",
        cause_explained="Inner cause",
        prevention="Inner prevention",
        on=MONDAY,
        by=lead,
    )
    case.log_conversation(said="Inner talk", proposed="Inner offer", on=MONDAY, by=handler)
    case.assign(handler, on=MONDAY, by=lead)
    page = text_of(client.get(mine(case)))
    assert "Inner" not in page
    for person in (handler, concerned, lead):
        assert person.last_name not in page
    assert case.customer.email not in page
    assert case.customer.street not in page


def test_script_is_shown_as_text_on_the_page(client, complaint):
    told = dict.fromkeys(("story", "wanted"), SCRIPT) | {
        "order_reference": "<b>7</b>",
        "attachments": (SimpleUploadedFile("<i>.pdf", b"%PDF-1.7"),),
    }
    case = intake.receive(intake.replace(complaint, **told), on=MONDAY)
    response = client.get(mine(case))
    assert "<script" not in response.content.decode()
    assert "<b>" not in response.content.decode()
    assert "<i>" not in response.content.decode()
    assert text_of(response).count(SCRIPT) == 2
    assert "<i>.pdf" in text_of(response)


@pytest.mark.parametrize("story", ["وصلت الثلاجة متأخرة.", "冰箱送来时门上有凹痕。"])
def test_every_script_runs_its_own_way(client, complaint, story):
    case = intake.receive(intake.replace(complaint, story=story), on=MONDAY)
    assert re.search(rf'<dd class="words" dir="auto">\s*{story}\s*</dd>', text_of(client.get(mine(case))))


def test_the_page_is_for_nobody_else(client, case):
    response = client.get(mine(case))
    assert response["Referrer-Policy"] == "same-origin"  # with "no-referrer" browsers send answers with Origin: null
    assert "noindex" in response["X-Robots-Tag"]
    assert {part.strip() for part in response["Cache-Control"].split(",")} == {"private", "no-store"}


def test_looking_at_the_page_changes_nothing(client, case):
    before = (Case.objects.values().get(), case.events.count(), list(case.followups.values()))
    for _ in range(3):
        client.get(mine(case))
    assert (Case.objects.values().get(), case.events.count(), list(case.followups.values())) == before
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("change", [str.swapcase, lambda key: key[:-1], lambda key: key + "a", lambda key: key + "%0a"])
def test_a_key_that_is_not_quite_right_opens_nothing(client, case, change):
    assert client.get(f"/my/{change(case.page_key)}/").status_code == Answer.NOT_FOUND


@pytest.mark.parametrize("key", ["reference", "pk", "%00", "..", "٣", "x" * 5000])
def test_nobody_finds_the_page_by_guessing(client, case, key):
    response = client.get(f"/my/{getattr(case, key, key)}/")
    assert response.status_code == Answer.NOT_FOUND
    assert case.reference not in text_of(response).replace(response.wsgi_request.path, "")
    assert "There is nothing at this address" in text_of(response)
