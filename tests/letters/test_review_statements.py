"""Required statements: a rule pack says what each kind of letter must say, and a letter without it is kept back."""

from datetime import date

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cases import rules
from letters import checks, review, writing
from letters.models import Kind
from letters.review import statements
from tests.conftest import FRIDAY, TUESDAY
from tests.letters.reviewing import HOLE, filled_in, found


@pytest.fixture
def extension(ready, handler):
    ready.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)
    draft = writing.draft(ready, Kind.EXTENSION, on=TUESDAY, by=handler)
    draft.body = HOLE.sub("Kofi Mensah is away.", draft.body, count=1)
    return filled_in(draft, "13 November 2026")


def missing(letter):
    return {said for _place, said in found(letter, "missing-statement", on=TUESDAY)}


def test_a_letter_that_says_all_it_must_has_no_finding(extension):
    assert "Inês Carvalho" in extension.body
    assert review.findings(extension, on=TUESDAY) == []


@pytest.mark.parametrize(
    ("cut", "lacks"),
    [
        ("2026-", "reference"),
        ("9 November 2026", "receipt"),
        ("13 November 2026", "next_contact"),
        ("we are sorry", "regret"),
        ("Inês Carvalho", "handler"),
    ],
)
def test_each_statement_that_is_cut_is_found(extension, cut, lacks):
    extension.subject = extension.subject.replace(cut, "")
    extension.body = extension.body.replace(cut, "")
    assert lacks in missing(extension)


def test_an_extension_without_a_day_to_come_is_found(extension):
    extension.body = extension.body.replace("our answer by 13 November 2026", "our answer as soon as we can")
    assert missing(extension) == set()  # it still says when the customer hears from us
    extension.body = extension.body.replace("by 13 November 2026", "soon")
    assert missing(extension) == {"coming_day", "next_contact"}


def test_the_day_of_issue_itself_is_still_to_come(extension):
    extension.body = extension.body.replace("13 November 2026", "10 November 2026")
    assert missing(extension) == {"next_contact"}


def test_a_day_that_is_past_is_no_day_to_come(extension):
    extension.body = extension.body.replace("13 November 2026", "9 November 2026")
    assert "coming_day" in missing(extension)


def test_a_fact_is_not_missed_while_a_place_still_waits_for_it(extension):
    extension.body = extension.body.replace("13 November 2026", "[[day]]").replace("we are sorry", "we know")
    assert missing(extension) == {"regret"}


def test_the_final_position_says_where_the_customer_can_turn(ready, handler):
    draft = filled_in(writing.draft(ready, Kind.NO_AGREEMENT, on=TUESDAY, by=handler), "13 November 2026")
    assert missing(draft) == set()
    draft.body = draft.body.replace("you can turn to", "there is")
    assert missing(draft) == {"where_to_turn"}


def test_what_is_asked_of_a_letter_is_told_by_name_and_meaning():
    required = review.required_statements(Kind.PROGRESS)
    assert [one.name for one in required] == ["reference", "receipt", "handler", "next_contact"]
    assert required[1].means == "the day on which the complaint came in"


def test_a_template_that_could_never_say_it_lacks_it():
    words = {"subject": "Your complaint {{ reference }}", "language": "en"}
    body = "You wrote on {{ received_on | on }}. {{ handler }} will write by {{- next_contact_on | until -}}."
    assert review.lacking(Kind.PROGRESS, body=body, **words) == []
    without = body.replace("{{ handler }}", "Somebody")
    assert [one.name for one in review.lacking(Kind.PROGRESS, body=without, **words)] == ["handler"]


# --- rule packs are data ----------------------------------------------------------------------------------------------


@pytest.fixture
def trial(tmp_path):
    """Rules that ask for these statements, by kind of letter."""

    def read(**statements):
        steps = [{"step": "answer", "label": "Answer", "anchor": "received", "ends": ["answered"]}]
        version = {"valid_from": date(2026, 1, 1), "steps": steps, "statements": statements}
        path = tmp_path / "trial.yaml"
        path.write_text(yaml.safe_dump({"name": "Trial", "source": "Nobody's", "versions": [version]}))
        return rules.read(path)[0]

    return read


def test_another_rule_pack_asks_for_its_own_statements(trial):
    packs = [trial(progress=["thanks"])]
    assert [one.name for one in review.required_statements(Kind.PROGRESS, packs)] == ["thanks"]
    assert review.required_statements(Kind.RESOLUTION, packs) == []


def test_two_rule_packs_ask_for_what_either_asks_for_and_each_statement_says_whose_it_is(trial):
    both = [rules.house(), trial(progress=["thanks", "receipt"])]
    asked = {one.name: one.asked_by for one in review.required_statements(Kind.PROGRESS, both)}
    assert asked == dict.fromkeys(["reference", "receipt", "handler", "next_contact"], "House rules") | {
        "thanks": "Trial"
    }


def test_a_statement_that_nobody_knows_is_an_error_that_names_it(trial):
    with pytest.raises(review.UnknownStatement, match="“trial” requires a statement “leaf”"):
        statements.check(trial(progress=["reference", "leaf"]))


def test_a_kind_of_letter_that_there_is_not_is_an_error_that_names_it(trial):
    with pytest.raises(review.UnknownStatement, match="“trial” speaks of a letter “farewell”"):
        statements.check(trial(farewell=["reference"]))


def test_a_pack_that_speaks_of_what_there_is_not_stops_the_start(trial, monkeypatch):
    assert checks.every_rule_pack_speaks_of_letters_that_there_are(None) == []
    monkeypatch.setattr(rules, "regimes", lambda: {"trial": (trial(farewell=[]),)})
    [error] = checks.every_rule_pack_speaks_of_letters_that_there_are(None)
    assert "“farewell”" in error.msg
    with pytest.raises(SystemCheckError, match="farewell"):
        call_command("check")


def test_every_statement_is_proved_by_a_fact_by_words_or_by_both():
    for one in statements._definitions().values():
        assert one.fact in statements.FACTS or (one.words and not one.fact)
        assert one.placeholders or one.words
