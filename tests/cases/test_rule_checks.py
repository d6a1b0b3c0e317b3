"""A lead says that they compared rules with their source; it counts for that very text."""

import pytest
from django.urls import reverse

from cases import rules
from cases.models import RuleCheck, WrittenOnce, as_checked
from cases.rules import schema
from tests.conftest import TUESDAY


@pytest.fixture
def desk(client, on_tuesday, lead):
    client.force_login(lead)
    return client


def address() -> str:

    return reverse("admin:cases_rules_check", args=["uk-fca-disp", "2026-06-01"])


def known():
    [pack] = as_checked([rules.version("uk-fca-disp", "2026-06-01")])
    return pack


def test_a_lead_says_that_they_compared_it_and_every_place_knows(desk, lead):
    assert not known().checked
    desk.post(address(), {"compared_with": "The handbook as of November 2026: no difference."})
    assert known().standing == f"Checked by {lead} on 10 November 2026"
    check = RuleCheck.objects.get()
    assert (check.on, check.by, check.compared_with) == (
        TUESDAY,
        lead,
        "The handbook as of November 2026: no difference.",
    )
    assert desk.get(address()).status_code == 404  # it is checked


def test_without_saying_what_it_was_compared_with_nobody_has_checked_it(desk):
    answer = desk.post(address(), {"compared_with": " "})
    assert "This field is required" in answer.content.decode()
    assert not known().checked


def test_another_text_is_unchecked_again(desk, tmp_path):
    desk.post(address(), {"compared_with": "The handbook."})
    text = (rules.HERE / "uk-fca-disp.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "uk-fca-disp.yaml"
    changed.write_text(text.replace("limit: 8", "limit: 9"), encoding="utf-8")
    assert text != changed.read_text(encoding="utf-8")
    assert not any(pack.checked for pack in as_checked(schema.read(changed)))


def test_a_note_for_whoever_checks_it_changes_no_check(tmp_path):
    text = (rules.HERE / "uk-fca-disp.yaml").read_text(encoding="utf-8")
    noted = tmp_path / "uk-fca-disp.yaml"
    noted.write_text(text.replace("    note: >-\n", "    note: >-\n      Once more.\n"), encoding="utf-8")
    assert text != noted.read_text(encoding="utf-8")
    assert [pack.fingerprint for pack in schema.read(noted)] == [
        pack.fingerprint for pack in rules.regimes()["uk-fca-disp"]
    ]


def test_our_own_promises_are_checked_by_nobody():
    assert rules.house().standing == "Our own promises"


def test_a_check_is_never_changed(desk):
    desk.post(address(), {"compared_with": "The handbook."})
    with pytest.raises(WrittenOnce):
        RuleCheck.objects.update(by_name="Nobody")
