"""The starter library: every kind of letter in every language says the same, and fits on our paper."""

import io
import re
import shutil

import pikepdf
import pytest
import yaml
from django.conf import settings
from django.template.loader import get_template

from cases.models import Responsibility
from letters import facts, library, specimens, values, writing
from letters.about import About
from letters.models import FINAL, Kind
from letters.render import render_pdf
from letters.review.folding import fold
from letters.review.wording import wording_of
from tests.conftest import FRIDAY, TUESDAY
from tests.letters.paper import pages

LANGUAGES = [code for code, _ in settings.LANGUAGES]
OTHERS = [code for code in LANGUAGES if code != "en"]
HOLE = re.compile(r"\[\[[^\[\]]*\]\]")
PLACEHOLDER = re.compile(r"{{-?\s*(.*?)\s*-?}}")
CONDITION = re.compile(r"{%-?\s*(?:if|elsif)\s+(.*?)\s*-?%}")


def words(kind, language):
    return (library.HERE / language / f"{kind}.md").read_text(encoding="utf-8")


def phrases(language):
    return yaml.safe_load((library.HERE / language / "phrases.yaml").read_text(encoding="utf-8"))


def filled_in(draft):
    """The draft with something written into every hole."""
    draft.body, draft.subject = (HOLE.sub("X", text) for text in (draft.body, draft.subject))
    return draft


def keys(value):
    """The shape of nested phrases: every key, however deep; what days are called, and which forms a number asks for, is
    each language's own matter."""
    if not isinstance(value, dict) or "other" in value:
        return None
    return {key: None if key == "days" else keys(inner) for key, inner in value.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_letter_has_its_words(language):
    assert {path.stem for path in (library.HERE / language).glob("*.md")} == set(Kind)
    assert language in library.languages()


def test_every_language_that_has_letters_can_be_chosen_and_that_of_the_house_comes_first():
    assert sorted(LANGUAGES) == library.languages()
    assert settings.LANGUAGES[0] == ("en", "English")


@pytest.mark.parametrize("language", OTHERS)
def test_the_phrases_around_a_letter_are_complete(language):
    assert keys(phrases(language)) == keys(phrases("en"))
    forms = phrases(language)["days"]
    assert set(forms) <= {"on", "until", "of"}  # unquoted, YAML takes "on" for a truth
    assert all(len(form["months"]) == 12 for form in forms.values())


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_knows_no_more_and_no_less_than_the_english_one(kind, language):
    def known(text):
        return {placeholder.split("|")[0].strip() for placeholder in PLACEHOLDER.findall(text)}

    theirs, ours = words(kind, language), words(kind, "en")
    assert known(theirs) == known(ours)
    assert len(HOLE.findall(theirs)) == len(HOLE.findall(ours))
    assert sorted(set(CONDITION.findall(theirs))) == sorted(set(CONDITION.findall(ours)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_is_drafted_from_a_case_and_fits_on_our_paper(ready, handler, kind, language):
    ready.keep(ready.commitments.get(), how="Delivered at nine.", on=TUESDAY, by=handler)
    person = specimens.colleague(ready, kind)
    draft = filled_in(writing.draft(ready, kind, language=language, person=person, on=TUESDAY, by=handler))
    pdf = render_pdf(writing.sheet(draft, on=FRIDAY))
    assert pdf.startswith(b"%PDF-")
    assert "{" not in draft.body
    assert "None" not in draft.body
    assert not re.search(r"2026-\d\d-\d\d\b", draft.body)  # no day as a machine writes it


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FINAL)
def test_an_apology_stands_where_the_fault_is_ours_and_only_there(ready, handler, kind, language):
    for responsibility, due in ((Responsibility.OURS, True), (Responsibility.NOT_OURS, False)):
        ready.explain(root_cause="delay", responsibility=responsibility, on=TUESDAY, by=handler)
        values = facts.of(About(ready, kind, language, TUESDAY))
        body = writing.filled(library.current_version(kind, language), values)["body"]
        apology = wording_of(language).says_sorry.search(fold(body))
        assert bool(apology) == (due and kind != Kind.CLARIFICATION), body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_written_in_every_form_and_month(language, month):
    day = values.Day(FRIDAY.replace(month=month), language)
    for written in (str(day), day.in_sentence("on"), day.in_sentence("until"), day.in_sentence("of")):
        assert "13" in written
        assert "2026" in written
        assert not re.search("[\u0660-\u0669]", written)  # Western digits everywhere, never both kinds


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", ["", "Ms", "Mrs", "Mr", "Mx", "Dr", "Prof"])
def test_every_title_has_its_salutation(ready, handler, language, title):
    customer = ready.customer
    customer.title = title
    customer.save()
    draft = writing.draft(ready, Kind.PROGRESS, language=language, on=TUESDAY, by=handler)
    assert "Whitcombe" in draft.salutation
    assert "{" not in draft.salutation
    assert "Whitcombe" in writing.sheet(draft, on=TUESDAY).address_lines[0]


@pytest.mark.parametrize(
    ("name", "country", "salutation", "addressee"),
    [
        ("Aoife Ní Riagáin", "IE", "Dear Ms Ní Riagáin,", "Ms Aoife Ní Riagáin"),
        ("Lu Wenbo", "CN", "Dear Ms Lu Wenbo,", "Ms Lu Wenbo"),
        ("陆文博", "GB", "Dear Ms 陆文博,", "陆文博"),
        ("Ms Ana García Márquez, PhD", "GB", "Dear Ms Ana García Márquez,", "Ms Ana García Márquez"),
    ],
)
def test_a_name_is_never_cut_where_its_custom_is_not_ours(ready, handler, name, country, salutation, addressee):
    customer = ready.customer
    customer.name, customer.title, customer.country = name, "Ms", country
    customer.save()
    draft = writing.draft(ready, Kind.PROGRESS, language="en", on=TUESDAY, by=handler)
    assert draft.salutation == salutation
    assert writing.sheet(draft, on=TUESDAY).addressee == addressee


def test_a_language_is_added_by_adding_files(ready, handler, tmp_path, settings, monkeypatch):
    """Norwegian of another region, as files: folder of the library, labels of the paper. Nothing else knows of it."""
    shutil.copytree(library.HERE, tmp_path / "library")
    shutil.copytree(library.HERE / "en", tmp_path / "library/nb-sj")
    said = (tmp_path / "library/nb-sj/phrases.yaml").read_text(encoding="utf-8")
    said = said.replace("locale: en_GB", "locale: nb_SJ").replace("Dear Ms {family},", "Kjære fru {family}")
    (tmp_path / "library/nb-sj/phrases.yaml").write_text(said, encoding="utf-8")
    paper = get_template("letters/print/labels/en.yaml").template.source
    labels = tmp_path / "letters/print/labels/nb-sj.yaml"
    labels.parent.mkdir(parents=True)
    labels.write_text(paper.replace("en-GB", "nb-SJ").replace("Copies to", "Kopi til"), encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.LANGUAGES = [*settings.LANGUAGES, ("nb-sj", "Norwegian (Svalbard)")]
    monkeypatch.setattr(library, "HERE", tmp_path / "library")
    draft = filled_in(writing.draft(ready, Kind.RESOLUTION, language="nb-sj", on=TUESDAY, by=handler))
    pdf = render_pdf(writing.sheet(draft, on=FRIDAY))
    (first, *_) = pages(pdf)
    assert "Kjære fru Whitcombe" in first
    assert "13. november 2026" in first
    assert "Kopi til" in " ".join(pages(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "nb-SJ"
