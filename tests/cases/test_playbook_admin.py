"""The playbook at the desk: leads write it, everybody reads it, and every save is a version that stays."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from cases import playbook
from cases.models import PlaybookVersion
from cases.playbook import ENTRIES
from letters.review.listed import phrases_by_reason
from letters.review.wording import wording_of
from tests.cases.desk import page, shown

ANGRY = ENTRIES["situation:angry"]
LIST = reverse("admin:cases_playbookversion_changelist")


def address(name="change", entry=ANGRY, language="en", *more):
    args = [entry.group.name, entry.name, language, *more]
    return reverse(f"admin:cases_playbookversion_{name}", args=args)


def write(desk, do="Listen.\n\n  Then help. ", say="I am listening.", seen=0, **how):
    return desk.post(address(**how), {"do": do, "say": say, "seen": seen}, follow=True)


def test_a_lead_writes_a_version_and_everybody_sees_it_at_the_case(leads_desk, lead, case):
    case.face("angry", on=case.received_on, by=lead)
    answer = write(leads_desk)
    assert "Saved as version 1" in shown(answer)
    version = PlaybookVersion.objects.get()
    assert (version.do, version.say, version.by_name, version.by) == (
        "Listen.\nThen help.",
        "I am listening.",
        str(lead),
        lead,
    )
    at_the_case = shown(leads_desk.get(page(case)))
    assert "Then help." in at_the_case
    assert playbook.starter("en")[ANGRY.key].do[0] not in at_the_case


def test_the_page_of_an_entry_shows_the_starter_and_the_versions(leads_desk, lead):
    write(leads_desk)
    answer = " ".join(shown(leads_desk.get(address())).split())
    assert playbook.starter("en")[ANGRY.key].say[0] in answer
    assert str(lead) in answer
    assert "10 November 2026" in answer
    assert "Save as version 2" in answer


def test_another_language_is_written_beside_what_it_means(leads_desk):
    answer = shown(leads_desk.get(address(language="ar")))
    assert "What it means, line for line" in answer
    assert playbook.starter("en")[ANGRY.key].say[0] in answer
    assert 'name="do"' not in answer  # advice is for us, in our own language
    assert 'data-avoid-language="ar"' in answer


def test_what_was_not_changed_makes_no_version(leads_desk):
    words = playbook.starter("en")[ANGRY.key]
    answer = write(leads_desk, "\n".join(words.do), "\n".join(words.say))
    assert "Nothing was changed" in shown(answer)
    assert not PlaybookVersion.objects.exists()


def test_a_line_that_nobody_could_take_in_is_refused(leads_desk):
    answer = write(leads_desk, do="Listen. " * 60)
    assert "Shorten the line" in shown(answer)
    assert not PlaybookVersion.objects.exists()


def test_who_was_overtaken_sees_both_and_loses_nothing(leads_desk, lead):
    write(leads_desk)
    answer = write(leads_desk, do="Take your time.", seen=0)
    assert f"{lead} saved version 1 while you were writing" in shown(answer)
    assert "<del>" in shown(answer)
    assert "Take your time." in shown(answer)
    assert PlaybookVersion.objects.count() == 1
    assert "Saved as version 2" in shown(write(leads_desk, do="Take your time.", seen=1))


def test_going_back_is_a_new_version_that_says_what_the_old_one_said(leads_desk):
    write(leads_desk)
    write(leads_desk, do="Take your time.", seen=1)
    answer = leads_desk.post(address("back", ANGRY, "en", 1), {"seen": 2}, follow=True)
    assert "Version 3 says what version 1 said." in shown(answer)
    assert [it.do for it in playbook.versions_of(ANGRY, "en")] == [
        "Listen.\nThen help.",
        "Take your time.",
        "Listen.\nThen help.",
    ]


def test_the_starters_words_hold_again(leads_desk):
    write(leads_desk)
    leads_desk.post(address("back", ANGRY, "en", 0), {"seen": 1})
    assert playbook.current([ANGRY], "en")[ANGRY.key] == playbook.starter("en")[ANGRY.key]
    assert PlaybookVersion.objects.count() == 2


def test_nobody_goes_back_past_a_version_that_they_have_not_seen(leads_desk):
    write(leads_desk)
    write(leads_desk, do="Take your time.", seen=1)
    answer = leads_desk.post(address("back", ANGRY, "en", 1), {"seen": 1}, follow=True)
    assert "Somebody saved a version meanwhile" in shown(answer)
    assert PlaybookVersion.objects.count() == 2


def test_two_versions_are_compared_word_by_word(leads_desk):
    write(leads_desk)
    write(leads_desk, do="Listen.\nThen act.", seen=1)
    answer = shown(leads_desk.get(address("compare"), {"old": 1, "new": 2}))
    assert "<del>help</del><ins>act</ins>" in answer
    assert "From version 1 to version 2" in answer
    assert "From the starter to version 1" in shown(leads_desk.get(address("compare"), {"old": 0, "new": 1}))


def test_the_list_says_which_entries_were_written(leads_desk):
    write(leads_desk, language="fi", say="Minä kuuntelen.")
    answer = leads_desk.get(LIST)
    groups = dict(answer.context["groups"])
    angry = next(it for it in groups["Seven situations"] if it["it"] == ANGRY)
    assert {code: number for code, _, number, _ in angry["languages"]} == {
        "en": None,
        "ar": None,
        "zh-hans": None,
        "fi": 1,
        "lv": None,
    }


def test_a_handler_reads_it_and_finds_no_form(desk):
    answer = desk.get(address())
    assert "form" not in answer.context or 'name="do"' not in shown(answer)
    assert playbook.starter("en")[ANGRY.key].do[0] in shown(answer)
    assert desk.post(address(), {"do": "x", "say": "x", "seen": 0}).status_code == 403


@pytest.mark.parametrize("missing", ["situation/furious/en/", "situation/angry/xx/", "cause/delay/lv/"])
def test_what_there_is_not_cannot_be_opened(leads_desk, missing):
    assert leads_desk.get(f"{LIST}{missing}").status_code == 404


def test_everybody_reads_the_phrases_to_avoid_with_reasons_and_better_words(desk):
    answer = shown(desk.get(reverse("admin:cases_playbookversion_avoid")))
    assert "calm down" in answer
    assert "there is/there&#x27;s nothing [more/else] [that] we/i can do" in answer
    assert "What leaves the customer with nothing to go on with" in answer
    assert "请写明所发生的事" in answer


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_no_sign_of_a_pattern_is_left_where_people_read_them(language):
    reasons = phrases_by_reason(language)
    read = [phrase for _why, entries in reasons for phrases, _better in entries for phrase in phrases]
    assert len(read) == sum(len(one.written) for one in wording_of(language).avoided)
    assert [phrase for phrase in read if re.search(r"[()?*+\\{}|^]", phrase)] == []
