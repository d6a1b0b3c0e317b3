"""Nothing that was typed is lost: not by leaving, not by a session that expired, and nobody else finds it."""

import pytest

from tests.browser.house import PASSWORD

SAID = "She told it from the beginning, and it took a while."


@pytest.fixture
def case(house):
    return f"/admin/cases/case/{house.inside('case_of', 'ines')}"


def types(person, case):
    person.page.goto(f"{case}/conversation/")
    person.page.locator("[name=said]").press_sequentially(SAID)
    person.page.wait_for_timeout(500)  # it is kept as one types, a moment later


def said(person):
    return person.page.locator("[name=said]").input_value()


def offer(person):
    return person.page.locator(".desk-draft")


def test_whoever_leaves_with_unsaved_words_is_asked_first(somebody, case):
    handler = somebody("ines")
    types(handler, case)
    asked = []
    handler.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    handler.page.get_by_role("link", name="Back").click()
    handler.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert said(handler) == SAID


def test_whoever_typed_nothing_leaves_unasked(somebody, case):
    handler = somebody("ines")
    handler.page.goto(f"{case}/conversation/")
    asked = []
    handler.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    handler.follows(handler.page.get_by_role("link", name="Back"))
    assert asked == []


def test_words_survive_a_session_that_expired(somebody, case):
    handler = somebody("ines")
    types(handler, case)
    cookies = [cookie for cookie in handler.context.cookies() if cookie["name"] != "sessionid"]
    handler.context.clear_cookies()
    handler.context.add_cookies(cookies)
    handler.follows(handler.page.locator(".desk-submit [type=submit]"))
    handler.fills(username="ines", password=PASSWORD)
    handler.follows(handler.page.locator("form [type=submit]"))
    assert handler.page.url.endswith("/conversation/")
    assert said(handler) == ""
    handler.page.get_by_role("button", name="Put it back").click()
    assert said(handler) == SAID
    handler.follows(handler.page.locator(".desk-submit [type=submit]"))
    handler.reads("The conversation is logged.")
    handler.page.goto(f"{case}/conversation/")
    assert offer(handler).count() == 0


def test_words_thrown_away_are_gone(somebody, case):
    handler = somebody("ines")
    types(handler, case)
    handler.page.reload()
    handler.page.get_by_role("button", name="Throw it away").click()
    handler.page.reload()
    assert offer(handler).count() == 0


def test_nobody_finds_the_words_of_somebody_else_and_signing_out_forgets_them(somebody, case):
    handler = somebody("ines")
    types(handler, case)
    handler.context.clear_cookies(name="sessionid")
    handler.signs_in("amara", PASSWORD)
    handler.page.goto(f"{case}/conversation/")
    assert offer(handler).count() == 0
    types(handler, case)
    handler.page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    handler.page.wait_for_url("**/logout/**")
    assert handler.page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('unsaved:')).length") == 0


def test_one_more_line_comes_without_a_new_page_and_keeps_what_was_typed(somebody, case):
    handler = somebody("ines")
    types(handler, case)
    lines = handler.page.locator("[data-line]")
    before = lines.count()
    handler.page.get_by_role("button", name="More lines").click()
    assert lines.count() == before + 1
    assert handler.page.locator(f"[name=promise-{before}-what]").count() == 1
    assert handler.page.locator("[name=rows]").input_value() == str(before + 1)
    assert said(handler) == SAID
