"""What the playbook says: complete in every language, in words that we would let stand in a letter, kept by version."""

import re

import pytest
from django.conf import settings

from cases import playbook
from cases.checks import the_playbook_can_be_read
from cases.models import ConductStep, PlaybookVersion, RootCause, Situation, WrittenOnce
from cases.playbook import ENTRIES, BadPlaybook, Words
from cases.playbook.files import HERE
from cases.stages import Stage
from letters.review.folding import fold
from letters.review.wording import wording_of
from tests.letters.test_review_words import AVOIDED

LANGUAGES = [code for code, _ in settings.LANGUAGES]
ANGRY = ENTRIES["situation:angry"]


@pytest.fixture
def files(monkeypatch, tmp_path):
    """An empty folder in place of the starter's."""
    monkeypatch.setattr("cases.playbook.files.HERE", tmp_path)
    playbook.starter.cache_clear()
    yield tmp_path
    playbook.starter.cache_clear()


def lines(language):
    for key, words in playbook.starter(language).items():
        for line in (*words.do, *words.say):
            yield key, line


def test_there_is_an_entry_for_all_that_a_case_can_be_in():
    keys = {f"stage:{stage}" for stage in Stage if stage != Stage.CLOSED}
    keys |= {f"situation:{one}" for one in Situation} | {f"cause:{one}" for one in RootCause}
    keys |= {f"boundary:{one}" for one in ConductStep}
    assert keys <= set(ENTRIES)
    counted = {name: len(playbook.in_group(name)) for name in ("stage", "situation", "phase", "technique", "channel")}
    assert counted == {"stage": 5, "situation": 7, "phase": 3, "technique": 10, "channel": 3}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starter_speaks_every_language_line_for_line(language):
    ours, said = playbook.starter("en"), playbook.starter(language)
    assert {key: len(words.say) for key, words in said.items()} == {
        key: len(words.say) for key, words in ours.items() if language == "en" or words.say
    }
    assert all(words.do for words in ours.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_it_is_a_phrase_to_avoid(language):
    avoid = wording_of(language).avoid
    found = [(key, match[0]) for key, line in lines(language) for match in avoid.finditer(fold(line))]
    assert found == []
    assert avoid.search(fold(AVOIDED[language][0][1])), "a phrase to avoid would be found"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_nothing_is_left_in_english(language):
    """What is said in two languages in the same words was forgotten."""
    said = {line for _key, line in lines("en")}
    assert [line for _key, line in lines(language) if line in said] == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("  angry:", "  furious:"), "“angry” is missing"),
        (("phase:", "phases:"), "“phase” is missing"),
        (("    - Es dzirdu", "    - Es: dzirdu"), "should be one line"),
        (("technique:", "cause: {}\ntechnique:"), "“cause” is unknown"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_by_name(change, complaint):
    text = (HERE / "lv.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    with pytest.raises(BadPlaybook, match=f"lv.yaml.*{re.escape(complaint)}"):
        playbook.read(text.replace(*change), name="lv.yaml", has_advice=False)


def test_a_sentence_too_few_in_another_language_is_refused(files):
    for name in ("en.yaml", "lv.yaml"):
        text = (HERE / name).read_text(encoding="utf-8")
        (files / name).write_text(text.replace("    - Lūdzu, nesteidzieties. Es klausos.\n", ""), encoding="utf-8")
    with pytest.raises(BadPlaybook, match="situation:angry: 3 lines, but 4 in the language of the house"):
        playbook.starter("lv")
    assert [fault.id for fault in the_playbook_can_be_read(None)] == ["cases.E002"]


# --- kept ---


def said(entry, language):
    return playbook.current([entry], language)[entry.key]


def test_the_newest_version_stands_in_place_of_the_starter_in_its_language_alone(lead):
    playbook.write(ANGRY, "lv", Words(say=("Es klausos.",)), after=0, by=lead)
    playbook.write(ANGRY, "lv", Words(say=("Es Jūs dzirdu.", "Turpiniet.")), after=1, by=lead)
    assert said(ANGRY, "lv").say == ("Es Jūs dzirdu.", "Turpiniet.")
    assert said(ANGRY, "fi") == playbook.starter("fi")[ANGRY.key]
    assert said(ENTRIES["situation:cancel"], "lv") == playbook.starter("lv")["situation:cancel"]
    assert [(it.number, it.by_name) for it in playbook.versions_of(ANGRY, "lv")] == [(1, str(lead)), (2, str(lead))]


def test_who_has_not_seen_the_newest_version_writes_none(lead, handler):
    playbook.write(ANGRY, "en", Words(("Listen.",), ("I am listening.",)), after=0, by=lead)
    with pytest.raises(playbook.Overtaken):
        playbook.write(ANGRY, "en", Words(("Talk.",), ("Hello.",)), after=0, by=handler)
    assert said(ANGRY, "en").do == ("Listen.",)


def test_a_version_stays_as_it_was_written(lead):
    version = playbook.write(ANGRY, "en", Words(("Listen.",), ("I am listening.",)), after=0, by=lead)
    version.do = "Talk."
    with pytest.raises(WrittenOnce):
        version.save()
    with pytest.raises(WrittenOnce):
        PlaybookVersion.objects.newest().delete()


def test_an_entry_that_nobody_has_written_in_a_language_says_nothing(db, files):
    assert said(ANGRY, "lv") == Words()
