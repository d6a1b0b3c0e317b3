"""A lead at the pages of the templates."""

import html
import re

import pytest
from django.urls import reverse

from cases.models import Part
from letters import facts, library
from letters.library import Words
from letters.models import Kind, Letter, LetterTemplate, TemplateVersion


@pytest.fixture
def desk(client, handler):
    """Ines at her desk."""
    client.force_login(handler)
    return client


@pytest.fixture
def leads_desk(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def template(db):
    library.load()
    return LetterTemplate.objects.get(kind=Kind.RESOLUTION, language="en")


def door(template, name="change", **query):
    return reverse(f"admin:letters_lettertemplate_{name}", args=[template.pk], query=query)


LIST = reverse("admin:letters_lettertemplate_changelist")
SCAN = reverse("admin:letters_lettertemplate_scan")


def typed(template, **changes):
    """The form of the newest version as a browser sends it: lines end with CR LF."""
    newest = template.versions.last()
    fields = {"subject": newest.subject, "body": newest.body, "style": "", "paper": "", "seen": newest.number}
    fields |= changes
    return fields | {"body": fields["body"].replace("\n", "\r\n")}


def save(desk, template, **changes):
    return desk.post(door(template), typed(template, **changes))


def shown(answer) -> str:
    return html.unescape(answer.content.decode())


ENOUGH = "\n\nThank you for your complaint of {{ received_on | of }}. {{ handler }} will gladly answer your questions."


# --- the list ---------------------------------------------------------------------------------------------------------


def test_every_letter_in_every_language_can_be_opened_before_any_was_drafted(leads_desk):
    page = shown(leads_desk.get(LIST))
    assert len(re.findall(r"lettertemplate/\d+/change", page)) == len(Kind) * 5 == LetterTemplate.objects.count()
    assert leads_desk.get(door(LetterTemplate.objects.last())).status_code == 200


def test_the_list_asks_a_fixed_number_of_questions(leads_desk, template, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        leads_desk.get(LIST)


# --- saving -----------------------------------------------------------------------------------------------------------


def test_a_lead_writes_a_new_version_and_the_old_one_stays(leads_desk, template):
    answer = save(leads_desk, template, body="Dear reader." + ENOUGH, style="semi_block")
    assert answer.status_code == 302, answer.context["form"].errors
    first, second = template.versions.all()
    assert (second.number, second.made_by_name, second.style) == (2, "Amara Nwosu", "semi_block")
    assert second.body == "Dear reader." + ENOUGH
    assert first.body != second.body
    assert "Saved as version 2" in shown(leads_desk.get(door(template)))


def test_the_same_words_are_no_new_version(leads_desk, template):
    assert save(leads_desk, template).status_code == 302
    assert template.versions.count() == 1
    assert "Nothing was changed" in shown(leads_desk.get(door(template)))


def test_words_that_cannot_become_a_letter_are_refused_at_their_fields_and_nothing_typed_is_lost(leads_desk, template):
    body = "{{ refrence }}\n\n{% if agreed %}\n# Never closed <script>"
    answer = save(leads_desk, template, subject="{{ nobody", body=body)
    errors = answer.context["form"].errors
    assert [text.split(":")[0] for text in errors["body"]] == ["Line 1", "Line 3", "Line 4", "Line 4"]
    assert "Did you mean “reference”? It reads: “{{ refrence }}”" in errors["body"][0]
    assert "{{ is opened here and not closed" in errors["subject"][0]
    page = shown(answer)
    assert "Never closed <script>" in page
    assert "Never closed <script>" not in answer.content.decode()
    assert "Not saved yet; nothing that you typed is lost." in page
    assert template.versions.count() == 1


def test_of_very_many_faults_the_first_are_shown_and_the_others_counted(leads_desk, template):
    body = "\n".join(f"{{{{ nobody{n} }}}}" for n in range(100))
    errors = save(leads_desk, template, body=body).context["form"].errors["body"]
    assert len(errors) == 21
    assert errors[-1] == "80 more things like these are wrong."


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", ""), ("subject", "x" * 201), ("body", ""), ("body", "x" * 30_001), ("style", "x"), ("paper", "x")],
)
def test_a_field_that_cannot_be_is_refused_at_its_place(leads_desk, template, field, value):
    assert field in save(leads_desk, template, **{field: value}).context["form"].errors
    assert template.versions.count() == 1


def test_the_second_of_two_leads_is_told_keeps_their_words_and_sees_what_differs(leads_desk, template, handler):
    mine = typed(template, body="My words." + ENOUGH)
    library.rewrite(template, Words(mine["subject"], "Her words." + ENOUGH), after=1, by=handler)
    answer = leads_desk.post(door(template), mine)
    page = shown(answer)
    assert "Not saved yet: Inês Carvalho saved version 2 while you were writing" in page
    assert "<del>Her</del><ins>My</ins> words." in page
    assert answer.context["form"]["body"].value() == mine["body"]
    assert template.versions.count() == 2
    again = {name: answer.context["form"][name].value() for name in mine}
    assert leads_desk.post(door(template), again).status_code == 302
    assert [version.body.split(".")[0] for version in template.versions.all()][1:] == ["Her words", "My words"]


def test_a_handler_reads_the_versions_and_writes_none(desk, template):
    assert template.versions.get().subject in shown(desk.get(door(template)))
    assert save(desk, template, body="Mine.").status_code == 403
    assert desk.get(SCAN, {"phrase": "x"}).status_code == 403
    assert TemplateVersion.objects.filter(template=template).count() == 1


def test_the_placeholders_of_the_letter_stand_beside_the_editor_with_examples(leads_desk, template):
    page = shown(leads_desk.get(door(template)))
    for name, fact in facts.known(Kind.RESOLUTION).items():
        assert f"for {fact.entry} in {name}" in page if fact.fields else name in page
        assert fact.meaning.removesuffix(".") in page
    assert "3 November 2026" in page
    assert "involved_how" not in page


def test_the_enter_key_saves_nothing(leads_desk, template):
    form = shown(leads_desk.get(door(template))).split('class="desk-form"')[1]
    assert 0 < form.index(door(template, "preview")) < form.index("Save as version")


# --- how it looks -----------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_words_as_they_are_typed_and_keeps_nothing(leads_desk, template, letterhead):
    before = leads_desk.get(door(template, "preview")).content
    fields = typed(template, body="Quite other words for {{ handler }} and [[a place]].")
    answer = leads_desk.post(door(template, "preview"), fields)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content != before
    assert template.versions.count() == 1
    assert not Letter.objects.exists()


def test_a_preview_is_made_of_a_case_that_this_person_may_open(leads_desk, template, ready, lead):
    fields = typed(template) | {"case": ready.reference}
    assert leads_desk.post(door(template, "preview"), fields).content.startswith(b"%PDF-")
    assert not Letter.objects.exists()
    ready.involve(user=lead, part=Part.CONCERNED, why="Took the call", on=ready.received_on, by=ready.handler)
    answer = leads_desk.post(door(template, "preview"), fields)
    assert answer.status_code == 422
    assert f"There is no case {ready.reference} that you may open." in shown(answer)
    assert "There is no case 2026-0000-0000" in shown(
        leads_desk.post(door(template, "preview"), fields | {"case": "2026-0000-0000"})
    )


def test_a_preview_that_cannot_be_says_why(leads_desk, template):
    answer = leads_desk.post(door(template, "preview"), typed(template, subject="{{ a }}", body="{{ b }}"))
    assert answer.status_code == 422
    for name in ("a", "b"):
        assert f"There is no placeholder “{name}”" in shown(answer)
    assert leads_desk.post(door(template, "preview"), typed(template, style="x")).status_code == 422
    assert leads_desk.post(door(template, "preview"), typed(template, body="# Big")).status_code == 422


def test_an_old_version_is_previewed_and_one_that_is_not_there_is_not(leads_desk, template, lead):
    library.rewrite(template, Words("S", "New."), after=1, by=lead)
    old, new = (leads_desk.get(door(template, "preview", version=number)).content for number in (1, 2))
    assert old != new
    for number in ("3", "x", "-1"):
        assert leads_desk.get(door(template, "preview", version=number)).status_code == 404


# --- what differs -----------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_word_by_word(leads_desk, template, lead):
    words = template.versions.get()
    library.rewrite(template, Words(words.subject, words.body.replace("carefully", "at <once>")), after=1, by=lead)
    answer = leads_desk.get(door(template, "compare", old=1, new=2))
    assert "<del>carefully</del><ins>at &lt;once&gt;</ins>" in answer.content.decode()
    assert "From version 1 to version 2" in shown(answer)
    assert "They say the same." in shown(leads_desk.get(door(template, "compare", old=1, new=1)))
    assert door(template, "compare", old=1, new=2) in shown(leads_desk.get(door(template)))
    assert leads_desk.get(door(template, "compare", old=1, new=9)).status_code == 404


def test_new_words_of_the_library_are_offered_and_taken_by_a_person_only(leads_desk, template, tmp_path, monkeypatch):
    assert "new words" not in shown(leads_desk.get(LIST))
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "resolution.md").write_text(f"subject: Better {{{{ reference }}}}\n---\nBetter words.{ENOUGH}\n")
    (tmp_path / "en" / "phrases.yaml").write_text((library.HERE / "en" / "phrases.yaml").read_text())
    for name in ("review.yaml", "avoid.yaml"):
        (tmp_path / "en" / name).write_text((library.HERE / "en" / name).read_text())
    monkeypatch.setattr(library, "HERE", tmp_path)
    monkeypatch.setattr(library, "phrases", library.phrases.__wrapped__)  # kept for no other test
    assert "new words in the library" in shown(leads_desk.get(LIST))
    assert "The starter library has new words" in shown(leads_desk.get(door(template)))
    assert "<ins>Better" in shown(leads_desk.get(door(template, "compare", old=1, new="library")))
    form = leads_desk.get(door(template, words="library")).context["form"]
    assert form["body"].value() == "Better words." + ENOUGH
    assert template.versions.count() == 1
    assert leads_desk.post(door(template), {name: form[name].value() for name in form.fields}).status_code == 302
    assert "The starter library has new words" not in shown(leads_desk.get(door(template)))


# --- where a phrase stands --------------------------------------------------------------------------------------------


def test_a_phrase_is_looked_for_in_all_languages(leads_desk, template):
    answer = leads_desk.get(SCAN, {"phrase": "THANK YOU for speaking up"})
    page = answer.content.decode()
    assert "<mark>Thank you for speaking up</mark>" in page
    assert door(template) in page
    assert "No letter says that" in shown(leads_desk.get(SCAN, {"phrase": "<script>"}))
    assert leads_desk.get(SCAN).context["hits"] is None
    assert SCAN in shown(leads_desk.get(LIST))
