"""Rule packs are read strictly: what is wrong is said with the file, the version, the entry and what to write there."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cases import rules
from cases.deadlines import Limit, Unit
from cases.rules import words

TRIAL = """
name: Trial
source: Nobody's
country: GB
versions:
  - valid_from: 2025-01-01
    valid_to: 2026-05-31
    steps:
      - step: answer
        label: Answer
        anchor: received
        ends: [answered]
        limit: 8
        unit: week
  - valid_from: 2026-06-01
    ombudsman: {name: The Umpire, within: 6, unit: month}
    statements:
      acknowledgement: [receipt]
    second_stage:
      resolution: [umpire]
    steps:
      - step: acknowledge
        label: Acknowledge
        anchor: received
        ends: [acknowledged]
        target: 1
        unit: working_day
      - step: answer
        label: Answer
        anchor: received
        ends: [answered]
        limit: 15
        unit: working_day
        count_from: next_working_day
        roll: forward
        cutoff: "17:00"
        pausable: true
        extension: {most: 20, unit: working_day, times: 2, letter: extension, statements: [reason]}
        warn: [5, 1]
"""


@pytest.fixture
def read(tmp_path):
    """Reads the trial pack with one passage of its text replaced, which has to be there once."""

    def reading(old="", new=""):
        assert not old or TRIAL.count(old) == 1, old
        path = tmp_path / "trial.yaml"
        path.write_text(TRIAL.replace(old, new) if old else new or TRIAL, encoding="utf-8")
        return rules.read(path)

    return reading


def test_a_pack_is_read_with_all_its_versions(read):
    earlier, later = read()
    assert (earlier.regime, earlier.name, earlier.country, earlier.source) == ("trial", "Trial", "GB", "Nobody's")
    assert (earlier.version, earlier.valid_to) == (date(2025, 1, 1), date(2026, 5, 31))
    assert (later.version, later.valid_to) == (date(2026, 6, 1), None)
    assert earlier.step("answer").limit == Limit(8, Unit.WEEK)
    assert later.ombudsman == rules.Ombudsman("The Umpire", within=Limit(6, Unit.MONTH))


def test_a_step_is_read_with_all_that_it_says(read):
    step = read()[1].step("answer")
    assert (step.label, step.anchor, step.ends) == ("Answer", "received", ("answered",))
    assert step.limit == Limit(15, Unit.WORKING_DAY, "next_working_day", "forward", time(17))
    assert step.extension == rules.Extension(Unit.WORKING_DAY, 2, 20, "extension", ("reason",))
    assert (step.pausable, step.warn, step.repeats, step.different_handler) == (True, (5, 1), False, False)
    assert step.in_words == "within 15 working days of receipt"


def test_a_target_is_no_clock(read):
    step = read()[1].step("acknowledge")
    assert (step.limit, step.target) == (None, Limit(1, Unit.WORKING_DAY))
    assert step.in_words == "if possible within 1 working day of receipt"


def test_a_step_that_repeats_says_its_number_once(read):
    step = read("limit: 15", "repeat_every: 15")[1].step("answer")
    assert (step.limit.number, step.repeat_every, step.repeats) == (15, 15, True)
    assert step.in_words == "every 15 working days"


def test_a_step_without_a_number_is_done_promptly(read):
    step = read("        target: 1\n        unit: working_day\n", "")[1].step("acknowledge")
    assert (step.limit, step.target, step.in_words) == (None, None, "promptly")


def test_a_step_that_there_is_not_is_named(read):
    with pytest.raises(KeyError, match="“Trial” of 2025-01-01 have no step “acknowledge”"):
        read()[0].step("acknowledge")


def test_what_a_letter_must_say_depends_on_the_stage_and_on_its_being_about_an_extension(read):
    pack = read()[1]
    assert pack.required("acknowledgement") == ["receipt"]
    assert (pack.required("resolution"), pack.required("resolution", escalated=True)) == ([], ["umpire"])
    assert pack.required("acknowledgement", escalated=True) == ["receipt"]
    assert pack.required("extension") == ["reason"]
    assert pack.letters == {"acknowledgement", "resolution", "extension"}


def test_a_pack_says_what_a_second_person_approves(read):
    assert (read()[1].second_person_above, read()[1].second_person_for_vulnerable) == ({}, False)
    more = "    second_person_above: {GBP: 500, EUR: 600}\n    second_person_for_vulnerable: true\n    ombudsman:"
    pack = read("    ombudsman:", more)[1]
    assert (pack.second_person_above, pack.second_person_for_vulnerable) == ({"GBP": 500, "EUR": 600}, True)
    assert words.second_person(pack, "final position") == [
        "Always: final position.",
        "An answer or an apology, where the redress comes to more than GBP 500 or EUR 600.",
        "An answer or an apology, where dealing with us is harder for the customer.",
    ]


def test_a_pack_says_who_answers_for_it(read):
    assert (read()[0].checked, read()[0].standing.split(":")[0]) == (False, "Unchecked")
    read_checked = read(
        "    valid_to: 2026-05-31", "    valid_to: 2026-05-31\n    checked_by: A\n    checked_on: 2026-02-03"
    )
    assert (read_checked[0].checked, read_checked[0].standing) == (True, "Checked by A on 3 February 2026")
    assert not read_checked[1].checked  # the next version is another text
    assert (rules.house().checked, rules.house().standing) == (True, "Our own promises")


# --- what is refused --------------------------------------------------------------------------------------------------

VERSION = "trial.yaml, version 2026-06-01"
STEP = f"{VERSION}, step “answer”"


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        # the file
        ("", "[]", "trial.yaml", "there are no entries"),
        ("", "name: [", "trial.yaml, line 1", "this is no YAML"),
        ("name: Trial\n", "", "trial.yaml", "“name” is missing; write the name by which people know the rules"),
        ("name: Trial", "nmae: Trial", "trial.yaml", "no entry “nmae”; did you mean “name”?"),
        ("name: Trial", "xyz: red", "trial.yaml", "no entry “xyz”; write one of name, ours"),
        ("name: Trial", "name: [Trial]", "trial.yaml", "“name” is “['Trial']”; write the name"),
        ("name: Trial", "name: Trial\nname: Twice", "trial.yaml, line 2", "“name” is written twice"),
        ("source: Nobody's\n", "", "trial.yaml", "“source” is missing"),
        ("source: Nobody's", "source: X\nours: true", "trial.yaml", "our own promises have no source"),
        ("source: Nobody's", "ours: 1", "trial.yaml", "“ours” is “1”; write true"),
        ("country: GB", "country: ZZ", "trial.yaml, version 2025-01-01", "write another “country”"),
        ("country: GB", "country: GB\nregion: XX", "trial.yaml, version 2025-01-01", "write another “country”"),
        ("country: GB", "region: SCT", "trial.yaml, version 2025-01-01", "write “country” as well"),
        ("", "name: T\nsource: N\nversions: []", "trial.yaml", "“versions” is empty"),
        # when it is in force
        ("valid_from: 2026-06-01", "valid_from: 2026-06-31", "trial.yaml", "this is no day"),
        ("valid_from: 2026-06-01", "valid_from: June", "trial.yaml, version June", "write a day like 2026-06-01"),
        ("valid_from: 2026-06-01", "valid_from: 2026-06-01 10:00:00", "trial.yaml", "write a day like 2026-06-01"),
        (
            *("valid_from: 2026-06-01", "valid_from: 2026-05-31", "trial.yaml, version 2025-01-01"),
            "it is still in force when version 2026-05-31 begins; write valid_to: 2026-05-30",
        ),
        (
            *("    valid_to: 2026-05-31\n", "", "trial.yaml, version 2025-01-01"),
            "it is still in force when version 2026-06-01 begins; write valid_to: 2026-05-31",
        ),
        (
            *("valid_to: 2026-05-31", "valid_to: 2026-05-30", "trial.yaml, version 2025-01-01"),
            "nothing is in force from 2026-05-31 until version 2026-06-01 begins; write valid_to: 2026-05-31",
        ),
        ("valid_to: 2026-05-31", "valid_to: 2024-05-31", "trial.yaml, version 2025-01-01", "before it begins"),
        ("valid_from: 2025-01-01\n    valid_to: 2026-05-31", "valid_from: 2027-01-01", "trial.yaml", "earliest first"),
        # who checked it
        (
            *("valid_to: 2026-05-31", "valid_to: 2026-05-31\n    checked_by: A", "trial.yaml, version 2025-01-01"),
            "both checked_by and checked_on",
        ),
        (
            *("valid_to: 2026-05-31", "valid_to: 2026-05-31\n    checked_on: 2026-01-01", "trial.yaml"),
            "both checked_by and checked_on",
        ),
        # letters and statements
        ("acknowledgement: [receipt]", "acknowledgement: receipt", VERSION, "“statements” is"),
        ("acknowledgement: [receipt]", "acknowledgement: [receipt, receipt]", VERSION, "each with a list of names"),
        ("resolution: [umpire]", "[resolution]", VERSION, "“second_stage” is"),
        ("    ombudsman:", "    second_person: boundary\n    ombudsman:", VERSION, "a list of kinds of letters"),
        ("    ombudsman:", "    second_person_above: 500\n    ombudsman:", VERSION, "currencies with whole amounts"),
        ("    ombudsman:", "    second_person_above: {gbp: 500}\n    ombudsman:", VERSION, "currencies with whole"),
        (
            "    ombudsman:",
            "    second_person_above: {GBP: 0}\n    ombudsman:",
            VERSION,
            "currencies with whole amounts",
        ),
        ("    ombudsman:", "    second_person_for_vulnerable: 1\n    ombudsman:", VERSION, "write true or false"),
        ("name: The Umpire, ", "", f"{VERSION}, ombudsman", "“name” is missing"),
        (", unit: month}", "}", f"{VERSION}, ombudsman", "write both within and unit"),
        # steps
        ("step: acknowledge", "step: Acknowledge now", f"{VERSION}, step “Acknowledge now”", "write a name in small"),
        ("step: acknowledge", "step: answer", VERSION, "there are two steps “answer”"),
        ("label: Acknowledge\n", "lable: Acknowledge\n", VERSION, "did you mean “label”?"),
        ("ends: [acknowledged]", "ends: [acknowleged]", f"{VERSION}, step “acknowledge”", "a list of one or more of"),
        ("ends: [acknowledged]", "ends: []", f"{VERSION}, step “acknowledge”", "a list of one or more of received,"),
        ("ends: [acknowledged]", "ends: [received]", f"{VERSION}, step “acknowledge”", "which is where it starts"),
        ("limit: 15", "limit: 0", STEP, "“limit” is “0”; write a whole number from 1 on"),
        ("limit: 15", "limit: true", STEP, "write a whole number"),
        ("limit: 15", "limit: 1.5", STEP, "write a whole number"),
        ("limit: 15", "limit: 15\n        target: 10", STEP, "limit and target are two numbers"),
        ("limit: 15", "limit: 15\n        repeat_every: 10", STEP, "limit and repeat_every are two numbers"),
        ("        limit: 15\n", "", STEP, "counts nothing without a number; write “limit” or “target”"),
        ("unit: working_day\n        count_from", "unit: fortnight\n        count_from", STEP, "“unit” is “fortnight”"),
        ("unit: working_day\n        count_from", "count_from", STEP, "“unit” is missing beside “limit”; write one of"),
        ("unit: working_day\n        count_from", "unit: hour\n        count_from", STEP, "hours run from the minute"),
        (
            "unit: working_day\n        count_from",
            "unit: month\n        count_from",
            STEP,
            "a day of the calendar for months",
        ),
        ("unit: working_day, times", "unit: hour, times", STEP, "“extension” counts hours, and what it extends days"),
        ("count_from: next_working_day", "count_from: monday", STEP, "one of next_day, same_day, next_working_day"),
        ("roll: forward", "roll: over", STEP, "“roll” is “over”; write one of none, forward, back"),
        ('cutoff: "17:00"', "cutoff: 17", STEP, 'a time of the day in quotation marks: "17:00"'),
        ('cutoff: "17:00"', 'cutoff: "24:00"', STEP, "a time of the day"),
        ("pausable: true", "pausable: on", STEP, "“pausable” is “on”; write true or false"),
        ("warn: [5, 1]", "warn: [15, 1]", STEP, "“warn” begins 15 working days before, and 15 are all"),
        ("warn: [5, 1]", "warn: [1, 5]", STEP, "the most first"),
        ("warn: [5, 1]", "warn: 5", STEP, "the most first"),
        ("most: 20", "most: many", f"{STEP}, extension", "“most” is “many”"),
        ("unit: working_day, times", "times", f"{STEP}, extension", "“unit” is missing"),
        ("times: 2", "times: 0", f"{STEP}, extension", "“times” is “0”"),
        ("letter: extension, ", "", f"{STEP}, extension", "“statements” are made in a letter"),
        ("limit: 15", "target: 15", STEP, "“pausable” needs a clock that runs; write “limit”"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(read, old, new, where, says):
    with pytest.raises(rules.BadRules) as refused:
        read(old, new)
    assert str(refused.value).startswith(where)
    assert says in str(refused.value)


@pytest.mark.parametrize("entry", ["warn: [1]", "extension: {unit: week}", "pausable: true"])
def test_what_moves_a_clock_needs_one(read, entry):
    with pytest.raises(rules.BadRules, match=f"step “acknowledge”: “{entry.split(':')[0]}” needs a clock that runs"):
        read("target: 1\n        unit: working_day", f"target: 1\n        unit: working_day\n        {entry}")


def test_a_house_checks_no_promise_of_its_own_against_a_text(read):
    with pytest.raises(rules.BadRules, match="nobody checks our own promises"):
        read(
            "",
            TRIAL.replace("source: Nobody's", "ours: true").replace(
                "valid_to: 2026-05-31", "valid_to: 2026-05-31\n    checked_by: A\n    checked_on: 2026-01-01"
            ),
        )


def test_a_limit_of_weeks_may_be_warned_of_before_but_not_from_its_first_day_on(read):
    assert read("limit: 8\n        unit: week", "limit: 8\n        unit: week\n        warn: [39]")
    with pytest.raises(rules.BadRules, match="40 are all"):
        read("limit: 8\n        unit: week", "limit: 8\n        unit: week\n        warn: [40]")


@pytest.mark.parametrize("code", ["NO", "IE"])
def test_norway_is_no_truth(read, code):
    assert read("country: GB", f"country: {code}")[0].country == code


def test_a_text_that_begins_with_a_number_or_a_truth_is_a_text(read):
    assert read("Nobody's", "24 Sussex Drive")[0].source == "24 Sussex Drive"
    assert read("Nobody's", "true stories")[0].source == "true stories"
    assert read("Nobody's", "6.2")[0].source == "6.2"


# --- which version is in force ----------------------------------------------------------------------------------------


@pytest.fixture
def trial(read, monkeypatch):
    packs = read()
    known = rules.regimes() | {"trial": packs}
    monkeypatch.setattr(rules, "regimes", lambda: known)
    return packs


@pytest.mark.parametrize(
    ("on", "place"),
    [(date(2025, 1, 1), 0), (date(2026, 5, 31), 0), (date(2026, 6, 1), 1), (date(2050, 1, 1), 1)],
)
def test_a_case_goes_by_the_version_in_force_on_the_day_of_receipt(trial, on, place):
    assert rules.in_force("trial", on=on) is trial[place]
    assert rules.for_case("trial", on=on) == [rules.house(on), trial[place]]
    assert rules.for_case("", on=on) == [rules.house(on)]


def test_rules_that_were_not_in_force_yet_are_refused_by_name_and_day(trial):
    with pytest.raises(rules.NoRules, match="“trial” know no version that was in force on 31 December 2024"):
        rules.for_case("trial", on=date(2024, 12, 31))


def test_rules_that_there_are_not_are_refused_by_name(trial):
    with pytest.raises(rules.NoRules, match=r"There are no rules “trail”; there are .*house"):
        rules.in_force("trail", on=date(2026, 1, 1))


def test_a_version_is_found_again_by_the_day_that_it_is_valid_from(trial):
    assert rules.version("trial", "2025-01-01") is trial[0]
    assert rules.version("trial", date(2026, 6, 1)) is trial[1]
    with pytest.raises(rules.NoRules, match="“trial” have no version of 2026-06-02"):
        rules.version("trial", "2026-06-02")


def test_the_house_has_rules_on_every_day_on_which_a_complaint_may_have_come_in():
    assert rules.house(date(1990, 1, 1)) is rules.house() is rules.for_case("house", on=date(2026, 6, 1))[0]


def test_a_pack_that_cannot_be_read_stops_the_start(monkeypatch):
    def broken():
        raise rules.BadRules("trial.yaml: “name” is missing.")

    monkeypatch.setattr(rules, "regimes", broken)
    with pytest.raises(SystemCheckError, match=r"trial.yaml: “name” is missing.\n.*docs/rules.md"):
        call_command("check")
