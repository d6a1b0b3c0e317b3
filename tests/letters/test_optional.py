"""Paragraphs that a person may take or leave: in the template, at drafting, and on the desk of a draft."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from letters import compare, examples, library, optional, paragraphs, review, scan, trial, wording, writing
from letters.library import Words
from letters.models import Kind, Letter, LetterTemplate
from letters.optional import Part
from tests.conftest import TUESDAY

LINE = "Your complaint {{ reference }}"
BODY = """Thank you for your complaint of {{ received_on | of }}.
{% optional "Offer of a call" if phone %}
We call you on {{ phone }}.

Tell us when.
{% endoptional %}
{% if cause %}
{% optional "How it came about" %}
{{ cause }}
{% endoptional %}
{% endif %}
{{ handler }} will gladly answer your questions."""


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


def parts(body=BODY, **values):
    values = examples.samples(Kind.RESOLUTION, "en") | {"phone": "1", "cause": "It rained."} | values
    return wording.parts(body, values, kind=Kind.RESOLUTION)


def faults(body, subject=LINE):
    version = Words(subject, body).version(LetterTemplate(kind=Kind.RESOLUTION, language="en"))
    found = trial.faults(version)
    return [str(fault) for field in found for fault in found[field]]


# --- in a template ----------------------------------------------------------------------------------------------------


def test_what_is_optional_has_a_name_its_place_and_its_condition():
    assert [(part.name, part.ticked) for part in parts()] == [
        ("", True),
        ("Offer of a call", True),
        ("How it came about", False),
        ("", True),
    ]
    assert [part.ticked for part in parts(phone=None)][1] is False
    assert "How it came about" not in optional.names(parts(cause=None))


def test_a_letter_has_what_the_case_asks_for_as_paragraphs_of_their_own():
    values = examples.samples(Kind.RESOLUTION, "en") | {"phone": "1", "handler": "Inês"}
    assert wording.filled(BODY, values, kind=Kind.RESOLUTION) == (
        "Thank you for your complaint of 3 November 2026.\n\nWe call you on 1.\n\nTell us when.\n\n"
        "Inês will gladly answer your questions."
    )


def test_words_without_anything_optional_stay_to_the_letter():
    assert parts("A\n\n\nB ") == [Part("A\n\n\nB ")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{% optional %}\nx\n{% endoptional %}", "has a name in quotation marks. It reads like: optional"),
        ("{% optional Call %}\nx\n{% endoptional %}", "has a name in quotation marks"),
        ('{% optional " " %}\nx\n{% endoptional %}', "has a name"),
        ('{% optional "A" if %}\nx\n{% endoptional %}', "has a name in quotation marks"),
        ('{% optional "A" if phoen %}\nx\n{% endoptional %}', "Did you mean “phone”?"),
        ('{% optional "A" if responsibility == "our" %}\nx\n{% endoptional %}', "“responsibility” is never"),
        (f'{{% optional "{"x" * 61}" %}}\nx\n{{% endoptional %}}', "longer than 60 characters"),
        ('{% optional "A" %}\nx', "begins here and never ends; write {% endoptional %}"),
        ("x\n{% endoptional %}", "ends nothing here"),
        ('{% optional "A" %}\nx\n{% endoptional x %}', "take out “x”"),
        ('Hello {% optional "A" %}\nx\n{% endoptional %}', "begins on a line of its own"),
        ('{% optional "A" %}\nx\n{% endoptional %} there', "ends on a line of its own"),
        (
            '{% optional "A" %}\nx\n{% endoptional %}\n{% optional "A" %}\ny\n{% endoptional %}',
            "two optional paragraphs",
        ),
        ('{% optional "A" %}\n{% optional "B" %}\ny\n{% endoptional %}\n{% endoptional %}', "within “optional”"),
        ('{% for point in points %}\n{% optional "B" %}\ny\n{% endoptional %}\n{% endfor %}', "within “for”"),
        ('{% optional "A" %}\n{{ nothing }}\n{% endoptional %}', "There is no placeholder “nothing”"),
        ('{% optional "A" %}\n# Big\n{% endoptional %}', "The subject is the only heading of this size"),
    ],
)
@pytest.mark.django_db
def test_what_is_wrong_is_said_at_its_line(body, says):
    assert any(says in fault for fault in faults(f"{body}\n")), faults(body)


@pytest.mark.django_db
def test_a_subject_has_nothing_optional():
    found = faults("x", subject='{% optional "A" %}{% endoptional %}')
    assert any("A subject has no optional paragraphs" in fault for fault in found)


@pytest.mark.django_db
def test_what_the_rules_require_is_not_left_to_be_taken():
    assert faults(BODY) == []
    behind = BODY.replace("Thank you", '{% optional "Thanks" if reference %}\nThank you').replace(
        "{{ received_on | of }}.\n", "{{ received_on | of }}.\n{% endoptional %}\n", 1
    )
    assert any("does not say" in fault for fault in faults(behind))


@pytest.mark.django_db
def test_what_is_optional_is_tried_when_it_is_taken_too():
    assert any("U+1F642" in fault for fault in faults(f'{BODY}\n{{% optional "A" %}}\n🙂\n{{% endoptional %}}'))


@pytest.mark.django_db
def test_a_preview_shows_all_of_it_and_a_scan_and_a_comparison_find_it(letterhead):
    version = Words(LINE, BODY).version(LetterTemplate(kind=Kind.RESOLUTION, language="en"))
    assert "Tell us when." in trial.specimen(version, on=TUESDAY).body
    library.load()
    template = LetterTemplate.objects.get(kind=Kind.RESOLUTION, language="en")
    library.rewrite(template, Words(LINE, BODY), after=1, by="Amara")
    assert [hit.line for hit in scan.hits("tell us when", in_drafts=False) if hit.version.template == template] == [5]
    changed = compare.pieces(BODY, BODY.replace("if phone", "if cause"))
    assert [piece.text for piece in changed if piece.is_in != compare.SAME] == ["phone", "cause"]


# --- in the library ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_offers_the_same_paragraphs_in_every_language(kind, language):
    def offered(language):
        return optional.TAGS.findall(library.words(kind, language).body)

    assert offered(language) == offered("en")


@pytest.mark.parametrize("language", library.languages())
@pytest.mark.parametrize("kind", [Kind.APOLOGY_SERVICE, Kind.APOLOGY_INFORMATION, Kind.RESOLUTION, Kind.CLARIFICATION])
def test_what_our_letters_offer_is_put_as_the_review_has_it(ready, handler, kind, language):
    names = ("A goodwill gesture", "Offer of a call")
    draft, bare = (
        writing.composed(ready, library.current_version(kind, language), on=TUESDAY, by=handler, ticked=ticked)
        for ticked in (names, ())
    )
    assert len(draft.body) > len(bare.body)
    found = {one.rule for one in review.findings(draft, on=TUESDAY)} - {"unfilled-placeholder"}
    assert found <= {one.rule for one in review.findings(bare, on=TUESDAY)}


# --- on a draft that was edited ---------------------------------------------------------------------------------------

MADE_OF = [
    Part("One.\n\nTwo."),
    Part("Call us.\n\nAny day.", "Call"),
    Part("Three."),
    Part("Gift.", "Gift"),
    Part("End."),
]
CALL, GIFT = 1, 3


def placed(body, *, stand=(), wanted=()):
    now = paragraphs.placed(body, MADE_OF, stand=set(stand), wanted=set(wanted))
    return now.body, {part.name for part in now.parts if part.name and part.ticked}, now.said


@pytest.mark.parametrize(
    ("body", "number", "becomes"),
    [
        ("One.\n\nTwo.\n\nThree.\n\nEnd.", CALL, "One.\n\nTwo.\n\nCall us.\n\nAny day.\n\nThree.\n\nEnd."),
        ("One.\n\nTwo.\n\nThree.\n\nEnd.", GIFT, "One.\n\nTwo.\n\nThree.\n\nGift.\n\nEnd."),
        ("One.\n\nOther.\n\nThree.\n\nEnd.", CALL, "One.\n\nOther.\n\nCall us.\n\nAny day.\n\nThree.\n\nEnd."),
        (
            "One.\n\nTwo!\n\nNew.\n\nThree!\n\nEnd.",
            CALL,
            "One.\n\nCall us.\n\nAny day.\n\nTwo!\n\nNew.\n\nThree!\n\nEnd.",
        ),
        ("One. Two.\n\nGift.\n\nEnd.", GIFT, "One. Two.\n\nGift.\n\nEnd."),
    ],
)
def test_a_paragraph_that_is_ticked_comes_to_its_place(body, number, becomes):
    assert placed(body, wanted=[number]) == (becomes, {MADE_OF[number].name}, [])


def test_where_all_around_it_was_rewritten_it_stands_at_the_end_and_that_is_said():
    body, _, said = placed("All anew.", wanted=[GIFT])
    assert body == "All anew.\n\nGift."
    assert said == ["“Gift” stands at the end, since the words around its place were changed."]


def test_a_paragraph_that_is_left_goes_and_nothing_else():
    body = "One.\n\nMine.\n\nCall us.\n\nAny day.\n\nThree.\n\nGift.\n\nEnd."
    assert placed(body, stand=[CALL, GIFT], wanted=[GIFT]) == ("One.\n\nMine.\n\nThree.\n\nGift.\n\nEnd.", {"Gift"}, [])


def test_a_paragraph_that_was_edited_stays_ticked_and_that_is_said():
    body = "One.\n\nTwo.\n\nCall us, please.\n\nAny day.\n\nThree.\n\nEnd."
    now, ticked, said = placed(body, stand=[CALL])
    assert (now, ticked) == (body, {"Call"})
    assert said == ["“Call” was edited, so it stays; take it out by hand if it is to go."]


def test_a_paragraph_that_somebody_took_out_by_hand_is_not_missed():
    assert placed("One.\n\nTwo.\n\nThree.\n\nEnd.", stand=[CALL]) == ("One.\n\nTwo.\n\nThree.\n\nEnd.", set(), [])


def test_taking_and_leaving_again_changes_nothing():
    body = "One.\n\nTwo.\n\nThree.\n\nEnd."
    with_both, _, _ = placed(body, wanted=[CALL, GIFT])
    assert with_both.count("\n\n") == 6
    assert placed(with_both, stand=[CALL, GIFT])[0] == body


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client


@pytest.fixture
def apology(ready, handler):
    return writing.draft(ready, Kind.APOLOGY_SERVICE, on=TUESDAY, by=handler)


def words(letter, **changes):
    now = {name: getattr(letter, name) for name in ("subject", "salutation", "body", "close")}
    return now | {"seen": letter.edited_at.isoformat()} | changes


def door(letter, name="change"):
    return reverse(f"admin:letters_letter_{name}", args=[letter.pk])


def number_of(letter, name):
    return next(number for number, part in enumerate(letter.made_of) if part.name == name)


def test_a_draft_shows_its_boxes_and_saving_puts_in_what_was_ticked(desk, apology):
    call = number_of(apology, "Offer of a call")
    page = desk.get(door(apology)).content.decode()
    assert f'name="ticks"\n                   value="{call}"' in page
    typed = words(apology, body=f"{apology.body}\n\nMine.", placed="", ticks=[call])
    assert desk.post(door(apology), typed).status_code == 302
    apology.refresh_from_db()
    assert "If you would rather talk it over, Inês Carvalho will gladly call you" in apology.body
    assert apology.body.endswith("Mine.")
    assert apology.made_of[call].ticked
    typed = words(apology, placed=str(call))
    desk.post(door(apology), typed)
    apology.refresh_from_db()
    assert "talk it over" not in apology.body
    assert not apology.made_of[call].ticked


def test_a_preview_answers_with_the_words_that_were_ticked_and_they_are_not_put_in_twice(desk, apology):
    call = number_of(apology, "Offer of a call")
    answer = desk.post(door(apology, "preview"), words(apology, placed="", ticks=[call])).json()
    assert "talk it over" in answer["body"]
    assert answer["placed"] == [call]
    typed = words(apology, body=answer["body"], placed=str(call), ticks=[call])
    assert "body" not in desk.post(door(apology, "preview"), typed).json()
    desk.post(door(apology), typed)
    apology.refresh_from_db()
    assert apology.body.count("talk it over") == 1


def test_an_edited_paragraph_is_said_to_stay(desk, apology):
    call = number_of(apology, "Offer of a call")
    desk.post(door(apology), words(apology, placed="", ticks=[call]))
    apology.refresh_from_db()
    body = apology.body.replace("Please tell us", "Do tell us")
    answer = desk.post(door(apology), words(apology, body=body, placed=str(call)), follow=True)
    assert "was edited, so it stays" in answer.content.decode()
    apology.refresh_from_db()
    assert "Do tell us" in apology.body


def test_boxes_that_there_are_not_change_nothing(desk, apology):
    desk.post(door(apology), words(apology, placed="0,99,x", ticks=["99", "x", "0"]))
    assert Letter.objects.get(pk=apology.pk).body == apology.body


def test_a_draft_without_boxes_has_none(desk, ready, handler):
    letter = writing.draft(ready, Kind.CALLBACK, on=TUESDAY, by=handler)
    assert letter.parts == []
    assert "Paragraphs to take or leave" not in desk.get(door(letter)).content.decode()


def test_what_is_ticked_at_drafting_is_in_the_draft(desk, ready):
    way = reverse("admin:cases_case_verb", args=[ready.pk, "draft-letter"])
    page = desk.get(way).content.decode()
    assert 'value="A goodwill gesture"' in page
    fields = {"kind": "resolution", "ticks_shown": "yes", "ticks": ["A goodwill gesture"]}
    assert desk.post(way, fields).status_code == 302
    assert "As a sign that we mean it" in Letter.objects.get().body


def test_which_were_taken_stays_with_the_issued_letter(issued):
    assert {part.name for part in issued.made_of} >= {"A goodwill gesture"}
    issued.parts = []
    with pytest.raises(Exception, match="never changed"):
        issued.save()
