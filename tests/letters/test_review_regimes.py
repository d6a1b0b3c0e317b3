"""What the rules of a regime ask of letters: every starter letter, in every language, says what its case can know of
it, and what is cut is found by name."""

from dataclasses import replace as replaced
from datetime import date

import pytest
from django.conf import settings

from cases import rules
from cases.models import Organisation
from letters import decisions, library, review, specimens, trial, values, writing
from letters.about import Rules
from letters.models import FINAL, Kind, LetterTemplate
from letters.review import statements
from tests.conftest import TUESDAY
from tests.letters.reviewing import filled_in, found

LANGUAGES = [code for code, _ in settings.LANGUAGES]
REGIMES = [name for name in rules.names() if name != rules.HOUSE]
ASKED_OF = [Kind.ACKNOWLEDGEMENT, Kind.EXTENSION, *FINAL]


@pytest.fixture
def sample(own_folders, db):
    """A letter about the sample case, which goes by a regime, with a day that the case knows in each hole."""
    with specimens.company() as staff:

        def drafted(kind, regime, language="en", *, escalated_on=None, filled=True):
            case = specimens.sample_case(staff, kind, language, today=TUESDAY)
            case.regime, case.escalated_on = regime, escalated_on
            case.save(update_fields=["regime", "escalated_on"])
            draft = writing.draft(case, kind, language=language, on=TUESDAY, by=case.handler)
            day = str(values.Day(case.next_contact().due_on, language))
            return filled_in(draft, day) if filled else draft

        yield drafted


def missing(letter):
    return {words for _place, words in found(letter, "missing-statement", on=TUESDAY)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regime", REGIMES)
def test_a_starter_letter_says_all_that_its_rules_ask_for_and_the_case_can_know(sample, regime, language):
    for kind in ASKED_OF:
        draft = sample(kind, regime, language)
        enclosed_by_a_person = {"leaflet"} & {one.name for one in required(draft)}
        assert missing(draft) == enclosed_by_a_person, kind
        others = [one for one in review.findings(draft, on=TUESDAY) if one.rule != "missing-statement"]
        assert [f"{kind}, {one.place}: {one}" for one in others] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regime", ["uk-housing-ombudsman", "uk-lgsco", "uk-scotland-spso"])
def test_a_starter_letter_of_the_second_stage_names_the_ombudsman(sample, regime, language):
    for kind in (Kind.ACKNOWLEDGEMENT, *FINAL):
        draft = sample(kind, regime, language, escalated_on=TUESDAY)
        assert missing(draft) == set(), kind
        if kind in FINAL:
            assert rules.newest(regime)[-1].ombudsman.name in draft.body
            assert {"ombudsman", "ombudsman_contact"} <= {one.name for one in required(draft)}


def required(draft):
    packs = rules.for_case(draft.case.regime, on=draft.case.received_on)
    return review.required_statements(draft.kind, packs, escalated=bool(draft.case.escalated_on))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ASKED_OF)
def test_a_template_of_the_library_may_be_kept_where_every_regime_is_in_use(db, kind, language):
    for regime in REGIMES:
        Organisation.objects.create(name=regime, regime=regime)
    words = library.words(kind, language)
    found = trial.faults(words.version(LetterTemplate(kind=kind, language=language)))
    assert {field: [str(fault) for fault in said] for field, said in found.items()} == {"subject": [], "body": []}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regime", REGIMES)
def test_a_letter_cut_short_lacks_what_both_its_rules_ask_for(sample, regime, language):
    draft = sample(Kind.EXTENSION, regime, language)
    draft.subject = draft.body = "!"
    assert missing(draft) == {one.name for one in required(draft)}
    assert missing(draft) > {one.name for one in review.required_statements(Kind.EXTENSION)} or regime == "ca-fcac"


# --- single statements, as English says them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "regime", "cut", "lacks"),
    [
        (Kind.ACKNOWLEDGEMENT, "uk-fca-disp", "within 8 weeks", {"answer_within"}),
        (Kind.ACKNOWLEDGEMENT, "uk-payments", "within 35 working days", {"answer_at_most"}),
        (Kind.ACKNOWLEDGEMENT, "uk-payments", "within 15 working days", {"answer_within"}),
        (Kind.ACKNOWLEDGEMENT, "ca-fcac", "within 56 days", {"answer_within"}),
        (Kind.ACKNOWLEDGEMENT, "uk-nhs-england", "discuss with you", {"discussion"}),
        (Kind.ACKNOWLEDGEMENT, "uk-housing-ombudsman", "understood your complaint", {"definition"}),
        (Kind.ACKNOWLEDGEMENT, "uk-housing-ombudsman", "outcome that you want", {"outcome_sought"}),
        (Kind.EXTENSION, "uk-payments", "The reason is this", {"delay_reason"}),
        (Kind.EXTENSION, "ie-cpc-2025", "Financial Services and Pensions Ombudsman", {"ombudsman"}),
        (Kind.EXTENSION, "au-rg-271", "you can turn to", {"where_to_turn"}),
        (Kind.RESOLUTION, "uk-fca-disp", "within 6 months", {"referral_window"}),
        (Kind.RESOLUTION, "uk-lgsco", "answer at the first stage", {"rules_stage"}),
        (Kind.RESOLUTION, "uk-scotland-spso", "ask for the second stage", {"next_stage"}),
        (Kind.NO_AGREEMENT, "au-rg-271", "Australian Financial Complaints Authority", {"ombudsman"}),
    ],
)
def test_what_is_cut_is_found_by_name(sample, kind, regime, cut, lacks):
    draft = sample(kind, regime)
    before = missing(draft)
    assert cut in draft.body
    draft.body = draft.body.replace(cut, "X")
    assert missing(draft) - before == lacks


def test_the_ombudsmans_address_or_website_will_do(sample):
    draft = sample(Kind.RESOLUTION, "au-rg-271")
    draft.body = draft.body.replace("GPO Box 3, Melbourne VIC 3001", "X")
    assert missing(draft) == set()
    draft.body = draft.body.replace("www.afca.org.au", "X")
    assert missing(draft) == {"ombudsman_contact"}


def test_a_decision_is_a_word_of_decision(sample):
    draft = sample(Kind.CLARIFICATION, "au-rg-271")
    assert missing(draft) == set()
    draft.body = draft.body.replace("We do not uphold this point", "So much for that").replace(
        "found nothing", "looked"
    )
    assert missing(draft) == {"decision"}


def test_a_leaflet_is_spoken_of_and_enclosed(sample, monkeypatch):
    draft = sample(Kind.RESOLUTION, "uk-fca-disp")
    assert missing(draft) == {"leaflet"}
    monkeypatch.setitem(statements.FACTS, "enclosure", lambda said: True)
    assert missing(draft) == set()
    draft.body = draft.body.replace("leaflet", "X")
    assert missing(draft) == {"leaflet"}


def test_the_finding_says_whose_rule_it_is_and_how_it_may_be_said(sample):
    draft = sample(Kind.ACKNOWLEDGEMENT, "uk-fca-disp")
    draft.body = draft.body.replace("within 8 weeks", "soon").replace("Inês Carvalho", "We")
    remedies = {one.said: one.remedy for one in review.findings(draft, on=TUESDAY) if one.rule == "missing-statement"}
    assert remedies == {
        "answer_within": "Add “within 8 weeks”: “UK FCA DISP” requires it of this letter.",
        "handler": "Add it: “House rules” requires it of this letter.",
    }


def test_the_version_in_force_on_the_day_of_receipt_decides(sample):
    draft = sample(Kind.ACKNOWLEDGEMENT, "uk-fca-disp")
    asked = {}
    for day in (date(2026, 5, 31), date(2026, 6, 1)):
        draft.case.received_on = day
        asked[day] = "answer_within" in {one.name for one in required(draft)}
    assert list(asked.values()) == [False, True]
    draft.case.received_on = date(2026, 5, 31)
    draft.body = draft.body.replace("within 8 weeks", "soon")
    assert "answer_within" not in missing(draft)


def test_a_letter_of_a_case_without_a_regime_speaks_of_none(sample):
    for kind in ASKED_OF:
        body = sample(kind, "", filled=False).body
        assert not any(word in body.lower() for word in ("ombudsman", "leaflet", "stage", "weeks"))
        assert "\n\n\n" not in body


def test_the_last_stage_of_the_rules_cannot_be_passed_again(sample):
    draft = sample(Kind.RESOLUTION, "uk-housing-ombudsman", escalated_on=TUESDAY)
    assert "answer at the second stage" in draft.body
    assert "ask for the second stage" not in draft.body


def test_nobody_is_sent_to_an_ombudsman_before_the_second_stage(sample):
    for kind in FINAL:
        assert "ombudsman" not in sample(kind, "uk-scotland-spso").body.lower()


def test_a_complaint_without_points_is_defined_by_a_person(case, handler):
    case.regime, case.wanted = "uk-lgsco", ""
    version = library.current_version(Kind.ACKNOWLEDGEMENT, "en")
    body = writing.composed(case, version, on=TUESDAY, by=handler).body
    assert "complaint as follows: [[what it is about, as we understand it.]]" in body
    assert "The outcome that you want: [[outcome that the customer wants]]" in body


def test_a_second_person_approves_what_either_of_the_rules_asks_for(sample, monkeypatch):
    draft = sample(Kind.RESOLUTION, "uk-lgsco")
    assert not decisions.needs_second_person(draft)
    [pack] = rules.regimes()["uk-lgsco"]
    strict = {**rules.regimes(), "uk-lgsco": (replaced(pack, second_person=("resolution",)),)}
    monkeypatch.setattr(rules, "regimes", lambda: strict)
    assert decisions.needs_second_person(draft)
    assert decisions.needs_second_person(sample(Kind.NO_AGREEMENT, "uk-lgsco"))  # the house asks for it


# --- templates --------------------------------------------------------------------------------------------------------

ENOUGH = "Thank you for your complaint of {{ received_on | of }}. {{ handler }} will gladly answer your questions."


def test_only_the_rules_in_use_are_asked_of_a_template(db):
    version = library.Words("Your complaint {{ reference }}", ENOUGH).version(
        LetterTemplate(kind=Kind.RESOLUTION, language="en")
    )
    assert trial.faults(version)["body"] == []
    Organisation.objects.create(name="Bank", regime="uk-lgsco")
    said = [str(fault) for fault in trial.faults(version)["body"]]
    assert len(said) == 6  # what the first stage asks for, and what the second
    assert all("which “LGSCO Complaint Handling Code” requires of it" in fault for fault in said)
    assert "rule_pack uk-lgsco, rules_stage first" in next(fault for fault in said if "ask for the second" in fault)
    assert "rules_stage second" in next(fault for fault in said if "name of the ombudsman" in fault)


def test_a_statement_of_what_a_pack_does_not_hold_is_refused(monkeypatch):
    [pack] = rules.regimes()["au-rg-271"]
    with pytest.raises(review.UnknownStatement, match="“au-rg-271” requires “ombudsman”, and nothing in it"):
        statements.check(replaced(pack, ombudsman=None))
    asks = replaced(pack, statements={"resolution": ("answer_at_most",)})
    with pytest.raises(review.UnknownStatement, match="requires “answer_at_most”"):
        statements.check(asks)
    assert Rules(asks).answer_at_most is None  # an extension without a longest time


@pytest.mark.parametrize("regime", rules.names())
def test_every_pack_speaks_of_letters_and_statements_that_there_are(regime):
    for pack in rules.regimes()[regime]:
        statements.check(pack)
