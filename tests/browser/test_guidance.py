"""Guidance at the desk: the situation is chosen, a phrase goes into the form of a talk, a phrase to avoid is marked."""

import pytest

from cases import playbook

SAID = playbook.starter("lv")


@pytest.fixture
def latvian(house):
    """The page of a case whose customer speaks Latvian."""
    return f"/admin/cases/case/{house.inside('case_in', 'lv')}"


def test_what_helps_is_at_hand_in_the_language_of_the_customer(somebody, latvian):
    lead = somebody("amara")
    lead.page.goto(f"{latvian}/change/")
    lead.page.get_by_label("Situation", exact=True).select_option(label="Request that cannot be met")
    lead.presses("Show what helps")
    said = SAID["situation:unreasonable"].say[0]
    lead.reads(said)
    lead.page.get_by_role("button", name=f"Copy: {said}").click()
    heard = lead.page.locator(".guide-heard.is-said")
    assert heard.text_content() in ("Copied", "Selected: copy it with Ctrl+C")


def test_guidance_that_somebody_closed_stays_closed(somebody, latvian):
    lead = somebody("amara")
    lead.page.goto(f"{latvian}/change/")
    lead.page.get_by_text("What helps now").click()
    lead.page.goto(f"{latvian}/change/")
    assert not lead.page.locator("#guidance").evaluate("it => it.open")


def test_a_phrase_goes_into_the_field_and_what_is_better_avoided_is_marked(somebody, latvian):
    lead = somebody("amara")
    lead.page.goto(f"{latvian}/conversation/")
    lead.page.get_by_text("Turning", exact=True).click()
    lead.page.get_by_role("button", name=f"Use: {SAID['phase:turning'].say[1]}").click()
    proposed = lead.page.locator("[name=proposed]")
    assert proposed.input_value() == SAID["phase:turning"].say[1]
    proposed.press_sequentially(" Mēs to garantējam.")
    lead.reads("promises what nobody can be sure to keep")
    assert lead.page.locator(".avoid-layer mark").text_content() == "garantējam"
    lead.page.get_by_role("button", name="Go there").click()
    chosen = proposed.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    assert chosen == "garantējam"
    proposed.fill("")  # nothing is left behind, and nobody is asked whether to leave
