"""Guidance where it is needed: on the page of a case, beside its forms, in the language of the customer."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import intake, playbook
from cases.admin.verbs import VERBS
from cases.playbook import ENTRIES, Words
from tests.cases.desk import address, do, page, shown
from tests.conftest import MONDAY

LV, EN = playbook.starter("lv"), playbook.starter("en")


@pytest.fixture
def latvian(db, complaint):
    return intake.receive(replace(complaint, language="lv"), on=MONDAY)


def test_a_case_shows_what_helps_at_its_stage_in_the_customers_language_and_ours(desk, latvian):
    answer = shown(desk.get(page(latvian)))
    assert "Stage: Acknowledge" in answer
    assert EN["stage:acknowledge"].do[0] in answer
    for said, means in zip(LV["stage:acknowledge"].say, EN["stage:acknowledge"].say, strict=True):
        assert said in answer
        assert means in answer
    assert "Stage: Talk" not in answer


def test_the_situation_is_chosen_right_there_and_its_guidance_appears(desk, latvian):
    assert "Which of the seven is it?" in shown(desk.get(page(latvian)))
    leads_to = do(desk, latvian, "situation", situation="unreasonable")
    assert leads_to == f"{page(latvian)}#guidance"
    answer = shown(desk.get(leads_to))
    assert "Situation: Request that cannot be met" in answer
    assert LV["situation:unreasonable"].say[1] in answer


def test_channels_hard_moments_and_the_limits_of_conduct_are_at_hand(desk, latvian):
    answer = shown(desk.get(page(latvian)))
    for key in ("channel:chat", "moment:no_solution", "moment:supervisor", "boundary:ended"):
        assert EN[key].do[0] in answer
        assert LV[key].say[0] in answer


def test_a_reader_sees_the_guidance_and_chooses_nothing(on_tuesday, client, reader, latvian):
    client.force_login(reader)
    answer = shown(client.get(page(latvian)))
    assert LV["stage:acknowledge"].say[0] in answer
    assert "Which of the seven is it?" not in answer


def test_in_the_houses_language_nothing_stands_twice(desk, case):
    answer = shown(desk.get(page(case)))
    assert answer.count(EN["stage:acknowledge"].say[0]) == 1


def test_lines_that_do_not_match_are_not_put_side_by_side(desk, lead, latvian):
    entry = ENTRIES["stage:acknowledge"]
    playbook.write(entry, "lv", Words(say=("Paldies.",)), after=0, by=lead)
    advice = desk.get(page(latvian)).context["guidance"]["now"][0]
    assert [(it.said, it.means) for it in advice.phrases] == [("Paldies.", "")]
    assert advice.meanings == EN["stage:acknowledge"].say


def test_the_number_of_queries_stays_whatever_leads_have_written(desk, lead, latvian):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get(page(latvian))
        return len(queries)

    asked()
    before = asked()
    for entry in ENTRIES.values():
        for number in range(3):
            playbook.write(entry, "lv", Words(("x",), (f"y{number}",)), after=number, by=lead)
    assert asked() == before


def test_the_three_phases_and_ten_techniques_stand_beside_the_form_of_a_talk(desk, latvian):
    answer = shown(desk.get(address(latvian, "conversation")))
    for group in ("phase", "technique", "channel", "moment", "boundary"):
        for entry in playbook.in_group(group):
            assert entry.label in answer
            assert LV[entry.key].say[0] in answer


def test_every_cause_is_explained_where_it_is_chosen(desk, case):
    answer = shown(desk.get(address(case, "cause")))
    for entry in playbook.in_group("cause"):
        for line in EN[entry.key].do:
            assert line.replace("'", "&#x27;") in answer


def test_a_verb_without_guidance_has_nothing_beside_it(desk, case):
    assert desk.get(address(case, "point")).context["guide"] is None


# --- phrases to avoid ---


def test_words_that_reach_the_customer_are_read_in_their_language_and_ours(desk, latvian):
    for name in ("conversation", "cause", "agreement", "final-position"):
        form = desk.get(address(latvian, name)).context["form"]
        read = {it.name for it in form if it.field.widget.attrs.get("data-avoid-language") == "lv en"}
        assert read == set(VERBS[name].form.for_customers)
        assert read


def test_a_letter_and_a_template_are_read_in_their_own_language(leads_desk, draft):
    desk = shown(leads_desk.get(reverse("admin:letters_letter_change", args=[draft.pk])))
    assert desk.count('data-avoid-language="en"') == 4
    editor = reverse("admin:letters_lettertemplate_change", args=[draft.template_version.template_id])
    assert shown(leads_desk.get(editor)).count('data-avoid-language="en"') == 2


def test_a_browser_is_told_the_list_of_a_language_and_of_no_other(desk):
    answer = desk.get(reverse("admin:cases_playbookversion_phrases", args=["lv"]))
    assert answer.json()["phrases"][0]["better"] == "Saprotam, cik ļoti tas Jūs ir sadusmojis."
    assert desk.get(reverse("admin:cases_playbookversion_phrases", args=["xx"])).status_code == 404
