"""The rule packs that come with the product. Every date was counted by hand on a calendar; its weekday is written here,
and looked at."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases import rules
from cases.deadlines import Calendar, Limit, Unit, count

LONDON = ZoneInfo("Europe/London")
ENGLAND = Calendar("GB", "ENG")  # where the house of these tests is
REGIMES = [name for name in rules.names() if name != rules.HOUSE]


def day(written) -> date:
    """“Thu 2 Apr 2026”, which has to be a Thursday."""
    weekday, _, rest = written.partition(" ")
    found = datetime.strptime(rest, "%d %b %Y").date()  # noqa: DTZ007 (a day has no zone)
    assert f"{found:%a}" == weekday, written
    return found


def written(found: date) -> str:
    return f"{found:%a} {found.day} {found:%b %Y}"


def due(regime, name, anchor, **moved) -> str:
    """When the step is due that runs from `anchor`, by the version in force then and its own calendar."""
    on = anchor.date() if isinstance(anchor, datetime) else anchor
    pack = rules.in_force(regime, on=on)
    step = pack.step(name)
    calendar = Calendar(pack.country, pack.region) if pack.country else ENGLAND
    return written(count(anchor, step.limit or step.target, calendar=calendar, zone="Europe/London", **moved).due_on)


@pytest.mark.parametrize(
    ("regime", "step", "anchor", "due_on"),
    [
        # the house, in England: Good Friday and Easter Monday; Christmas, with Boxing Day on the Monday after
        ("house", "acknowledge", "Fri 13 Nov 2026", "Mon 16 Nov 2026"),
        ("house", "acknowledge", "Thu 2 Apr 2026", "Tue 7 Apr 2026"),
        ("house", "update", "Mon 9 Nov 2026", "Mon 16 Nov 2026"),
        ("house", "update", "Wed 23 Dec 2026", "Mon 4 Jan 2027"),
        ("house", "resolve", "Mon 30 Nov 2026", "Wed 30 Dec 2026"),
        # eight weeks end on the weekday on which they began, day off or not
        ("uk-fca-disp", "final", "Thu 4 Jun 2026", "Thu 30 Jul 2026"),
        ("uk-fca-disp", "final", "Mon 2 Nov 2026", "Mon 28 Dec 2026"),  # Boxing Day, observed
        ("uk-fca-disp", "final", "Sat 28 Feb 2026", "Sat 25 Apr 2026"),  # by the version before June
        ("uk-fca-disp", "four_weeks", "Tue 1 Dec 2026", "Tue 29 Dec 2026"),
        ("uk-fca-disp", "acknowledge", "Thu 2 Apr 2026", "Wed 8 Apr 2026"),  # Scotland works on Easter Monday
        ("uk-fca-disp", "quick_close", "Fri 5 Jun 2026", "Wed 10 Jun 2026"),
        ("uk-fca-disp", "quick_close", "Sat 6 Jun 2026", "Thu 11 Jun 2026"),  # comes in when the office opens
        ("uk-payments", "acknowledge", "Thu 24 Dec 2026", "Thu 31 Dec 2026"),
        ("uk-payments", "final", "Thu 26 Mar 2026", "Fri 17 Apr 2026"),
        ("uk-payments", "final", "Fri 18 Dec 2026", "Wed 13 Jan 2027"),
        # England: the acknowledgement starts the clock of the answer
        ("uk-housing-ombudsman", "acknowledge", "Fri 27 Mar 2026", "Tue 7 Apr 2026"),
        ("uk-housing-ombudsman", "stage1", "Tue 7 Apr 2026", "Tue 21 Apr 2026"),
        ("uk-housing-ombudsman", "stage2_ack", "Wed 26 Aug 2026", "Thu 3 Sep 2026"),  # 31 August is off
        ("uk-housing-ombudsman", "stage2", "Thu 3 Sep 2026", "Thu 1 Oct 2026"),
        ("uk-lgsco", "acknowledge", "Wed 1 Apr 2026", "Fri 10 Apr 2026"),
        ("uk-lgsco", "stage1", "Fri 10 Apr 2026", "Fri 24 Apr 2026"),
        ("uk-lgsco", "stage2_ack", "Thu 24 Dec 2026", "Tue 5 Jan 2027"),
        ("uk-lgsco", "stage2", "Tue 5 Jan 2027", "Tue 2 Feb 2027"),
        ("uk-nhs-england", "acknowledge", "Thu 30 Apr 2026", "Wed 6 May 2026"),  # 4 May is off
        ("uk-nhs-england", "answer", "Mon 1 Jun 2026", "Tue 1 Dec 2026"),
        ("uk-nhs-england", "answer", "Fri 31 Oct 2025", "Thu 30 Apr 2026"),  # there is no 31 April
        ("uk-nhs-england", "answer", "Mon 31 Aug 2026", "Sun 28 Feb 2027"),
        ("uk-nhs-england", "answer", "Thu 31 Aug 2023", "Thu 29 Feb 2024"),
        # Scotland: Easter Monday is worked, 3 August and Saint Andrew's Day are off, 31 August is worked
        ("uk-scotland-spso", "stage1", "Thu 2 Apr 2026", "Fri 10 Apr 2026"),
        ("uk-scotland-spso", "stage1", "Fri 27 Nov 2026", "Mon 7 Dec 2026"),
        ("uk-scotland-spso", "stage2_ack", "Thu 31 Dec 2026", "Thu 7 Jan 2027"),  # 1 and 4 January are off
        ("uk-scotland-spso", "stage2", "Fri 31 Jul 2026", "Mon 31 Aug 2026"),
        # Ireland: Good Friday is worked; Easter Monday, 4 May and the last Monday of October are off
        ("ie-cpc-2025", "acknowledge", "Thu 2 Apr 2026", "Fri 10 Apr 2026"),
        ("ie-cpc-2025", "update", "Mon 19 Oct 2026", "Tue 17 Nov 2026"),
        ("ie-cpc-2025", "answer", "Fri 27 Mar 2026", "Tue 26 May 2026"),
        # Australia: 26 January, Good Friday and Easter Monday are off; days of the calendar are days of the calendar
        ("au-rg-271", "acknowledge", "Fri 23 Jan 2026", "Tue 27 Jan 2026"),
        ("au-rg-271", "acknowledge", "Thu 2 Apr 2026", "Tue 7 Apr 2026"),
        ("au-rg-271", "answer", "Sat 31 Jan 2026", "Mon 2 Mar 2026"),
        ("au-rg-271", "answer", "Wed 25 Nov 2026", "Fri 25 Dec 2026"),
        # Canada: 56 days, whatever is off
        ("ca-fcac", "close", "Thu 5 Nov 2026", "Thu 31 Dec 2026"),
        ("ca-fcac", "close", "Fri 5 Jan 2024", "Fri 1 Mar 2024"),
        ("ca-fcac", "close", "Mon 4 Jan 2027", "Mon 1 Mar 2027"),
    ],
)
def test_a_step_is_due_on_the_day_that_was_counted_by_hand(regime, step, anchor, due_on):
    assert due(regime, step, day(anchor)) == written(day(due_on))


@pytest.mark.parametrize(
    ("regime", "step", "anchor", "by", "due_on"),
    [
        ("house", "resolve", "Mon 30 Nov 2026", (20, "working_day"), "Thu 28 Jan 2027"),
        ("uk-fca-disp", "final", "Thu 4 Jun 2026", (4, "week"), "Thu 27 Aug 2026"),
        ("uk-payments", "final", "Thu 26 Mar 2026", (20, "working_day"), "Mon 18 May 2026"),  # 4 May is off
        ("uk-housing-ombudsman", "stage1", "Tue 7 Apr 2026", (10, "working_day"), "Wed 6 May 2026"),
        ("uk-housing-ombudsman", "stage2", "Thu 3 Sep 2026", (20, "working_day"), "Thu 29 Oct 2026"),
        ("uk-lgsco", "stage1", "Fri 10 Apr 2026", (10, "working_day"), "Mon 11 May 2026"),
        ("uk-nhs-england", "answer", "Mon 1 Jun 2026", (1, "month"), "Fri 1 Jan 2027"),
        ("uk-scotland-spso", "stage1", "Fri 27 Nov 2026", (5, "working_day"), "Mon 14 Dec 2026"),
        ("ie-cpc-2025", "answer", "Fri 27 Mar 2026", (10, "working_day"), "Wed 10 Jun 2026"),  # 1 June is off
        ("au-rg-271", "answer", "Sat 31 Jan 2026", (14, "day"), "Mon 16 Mar 2026"),
    ],
)
def test_an_extension_ends_on_the_day_that_was_counted_by_hand(regime, step, anchor, by, due_on):
    allowed = rules.in_force(regime, on=day(anchor)).step(step).extension
    assert (allowed.unit, allowed.letter) == (by[1], "extension")
    assert allowed.most in (None, by[0])
    assert due(regime, step, day(anchor), extensions=[(*by, "reason")]) == written(day(due_on))


def test_the_extension_of_payments_makes_the_35_working_days_of_the_rule():
    step = rules.newest("uk-payments")[-1].step("final")
    for anchor in ("Thu 26 Mar 2026", "Fri 18 Dec 2026"):
        whole = count(day(anchor), replace(step.limit, number=35), calendar=Calendar("GB"))
        assert due("uk-payments", "final", day(anchor), extensions=[(20, "working_day", "r")]) == written(whole.due_on)
    assert rules.newest("uk-payments")[-1].answer_at_most == Limit(35, Unit.WORKING_DAY)


@pytest.mark.parametrize(
    ("hour", "due_on"),
    [
        (datetime(2026, 6, 5, 16, 59, tzinfo=LONDON), "Wed 10 Jun 2026"),  # Friday
        (datetime(2026, 6, 5, 17, 0, tzinfo=LONDON), "Wed 10 Jun 2026"),
        (datetime(2026, 6, 5, 17, 1, tzinfo=LONDON), "Thu 11 Jun 2026"),
        (datetime(2026, 4, 2, 18, 0, tzinfo=LONDON), "Thu 9 Apr 2026"),  # Maundy Thursday; Scotland works on Monday
    ],
)
def test_what_comes_in_after_the_close_of_business_has_a_day_more_to_be_settled_at_once(hour, due_on):
    assert due("uk-fca-disp", "quick_close", hour) == written(day(due_on))


def test_the_house_stops_its_clock_while_it_waits_for_the_customer():
    anchor, pause = day("Mon 9 Nov 2026"), (day("Thu 12 Nov 2026"), day("Mon 16 Nov 2026"))
    assert rules.house().step("resolve").pausable
    assert due("house", "resolve", anchor) == "Mon 7 Dec 2026"
    assert due("house", "resolve", anchor, pauses=[pause]) == "Wed 9 Dec 2026"


# --- what the packs say besides dates ---------------------------------------------------------------------------------


def packs():
    return [pack for name in REGIMES for pack in rules.regimes()[name]]


def test_what_is_shipped():
    assert set(REGIMES) == {
        *("uk-fca-disp", "uk-payments", "uk-housing-ombudsman", "uk-lgsco", "uk-nhs-england"),
        *("uk-scotland-spso", "ie-cpc-2025", "au-rg-271", "ca-fcac"),
    }


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: f"{pack.regime} {pack.version}")
def test_no_regime_claims_to_be_checked_and_each_says_what_has_to_be(pack):
    assert not pack.checked
    assert "Unchecked" in pack.standing
    assert pack.source
    assert any(word in pack.note for word in ("memory", "check", "As before"))


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: f"{pack.regime} {pack.version}")
def test_no_regime_lets_its_clocks_be_stopped(pack):
    assert not any(step.pausable for step in pack.steps)


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: f"{pack.regime} {pack.version}")
def test_every_clock_warns_in_time_and_every_step_has_plain_words(pack):
    for step in pack.steps:
        assert bool(step.warn) == bool(step.limit and step.limit != Limit(1, Unit.WORKING_DAY)), step.name
        assert step.label[0].isupper()
        assert "_" not in step.label


def test_canada_is_never_paused_nor_extended():
    step = rules.newest("ca-fcac")[-1].step("close")
    assert (step.limit, step.pausable, step.extension) == (Limit(56, Unit.DAY), False, None)


@pytest.mark.parametrize("regime", ["uk-housing-ombudsman", "uk-lgsco"])
def test_somebody_else_answers_at_the_second_stage(regime):
    pack = rules.newest(regime)[-1]
    assert [step.name for step in pack.steps if step.different_handler] == ["stage2"]
    assert pack.has_second_stage


@pytest.mark.parametrize(
    ("regime", "earlier", "later"),
    [
        ("uk-fca-disp", [], ["answer_within"]),
        ("uk-payments", [], ["answer_within", "answer_at_most"]),
    ],
)
def test_from_june_2026_on_the_acknowledgement_says_when_the_answer_comes(regime, earlier, later):
    asked = {}
    for on in (date(2026, 5, 31), date(2026, 6, 1)):
        required = rules.in_force(regime, on=on).required("acknowledgement")
        asked[on] = [name for name in required if name.startswith("answer_")]
    assert list(asked.values()) == [earlier, later]


@pytest.mark.parametrize(
    ("regime", "first_day"),
    [
        ("uk-housing-ombudsman", date(2024, 4, 1)),
        ("uk-lgsco", date(2026, 4, 1)),
        ("ie-cpc-2025", date(2026, 3, 24)),
    ],
)
def test_no_rules_apply_before_they_were_in_force(regime, first_day):
    assert rules.in_force(regime, on=first_day).version == first_day
    with pytest.raises(rules.NoRules):
        rules.in_force(regime, on=first_day - timedelta(days=1))


def test_what_repeats_is_the_update_of_the_house_and_of_ireland():
    repeats = {(pack.regime, step.name): step.repeat_every for pack in [rules.house(), *packs()] for step in pack.steps}
    assert {key: every for key, every in repeats.items() if every} == {
        ("house", "update"): 5,
        ("ie-cpc-2025", "update"): 20,
    }
