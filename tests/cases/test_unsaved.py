"""What a browser keeps of a form goes once the form is saved, and not before."""

import pytest

from tests.cases.desk import address, page, shown
from tests.conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")


def test_a_form_that_was_saved_says_which(desk, case):
    url = address(case, "point")
    answer = desk.post(url, {"text": "A dent."})
    assert answer.cookies["saved"].value == url.replace("/", "%2F")


def test_a_form_with_a_fault_was_not_saved(desk, case):
    assert "saved" not in desk.post(address(case, "point"), {"text": ""}).cookies


def test_a_form_that_leads_to_the_sign_in_was_not_saved(client, case):
    answer = client.post(address(case, "point"), {"text": "A dent."})
    assert "/login/" in answer.url
    assert "saved" not in answer.cookies


def test_reading_saves_nothing_and_neither_does_the_customers_page(desk, case):
    assert "saved" not in desk.get(page(case)).cookies
    assert "saved" not in desk.post(f"/my/{case.page_key}/", {"words": "Hello"}).cookies


def test_every_page_of_the_desk_says_whose_words_it_keeps(desk, handler, case):
    case.add_point("A dent.", on=MONDAY, by=handler)
    for url in (page(case), address(case, "point")):
        assert f'data-who="{handler.pk}"' in shown(desk.get(url))
        assert "cases/unsaved.js" in shown(desk.get(url))
