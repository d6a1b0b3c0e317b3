"""Finding cases by their words. The same has to be found over PostgreSQL (`-p tests.postgresql`) and over SQLite."""

from dataclasses import replace
from datetime import date

import pytest

from cases import intake, search
from cases.models import Case, Channel, Part
from tests.conftest import MONDAY, TUESDAY

RUTH = {"name": "Ruth Okafor", "email": "ruth@example.org", "phone": "+441174960777", "order_reference": "NW/77-301 b"}
JULIE = {"name": "Julie Bérubé", "email": "", "phone": "", "order_reference": ""}
LI = {"name": "李明", "email": "", "phone": "", "order_reference": "", "language": "zh-hans"}
SALMA = {"name": "سلمى حداد", "email": "", "phone": "", "order_reference": "", "language": "ar"}


@pytest.fixture
def ruth(db, complaint):
    story = "The boiler hums at night. Nobody rang back about the voucher."
    return intake.receive(
        replace(complaint, story=story, wanted="Quiet.", source="crm", external_id="T 5512-x", **RUTH), on=MONDAY
    )


@pytest.fixture
def julie(db, complaint):
    story = "Le café a été renversé sur l’appareil; the FRIDGE was dented too."
    return intake.receive(replace(complaint, story=story, wanted="", received_on=date(2026, 11, 2), **JULIE), on=MONDAY)


@pytest.fixture
def li(db, complaint):
    return intake.receive(
        replace(complaint, story="冰箱送来时有凹痕，客服挂断了电话。", wanted="退款", **LI), on=MONDAY
    )


@pytest.fixture
def salma(db, complaint):
    return intake.receive(
        replace(complaint, story="وصلت الثلاجةُ متأخرة يومين.", wanted="أريد اعتذاراً", **SALMA), on=MONDAY
    )


@pytest.fixture
def all_of_them(case, ruth, julie, li, salma):
    return {"eleanor": case, "ruth": ruth, "julie": julie, "li": li, "salma": salma}


def found(words, among=None) -> list[Case]:
    """The newest first."""
    return list(search.found(Case.objects.all() if among is None else among, words).order_by("-received_on", "-pk"))


@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("fridge", "eleanor julie"),
        ("FRIDGE dent", "eleanor julie"),
        ("dented fridge bérubé", "julie"),
        ("berube", "julie"),
        ("CAFE", "julie"),
        ("appareil", "julie"),
        ("fridge boiler", ""),
        ("vouch", "ruth"),
        ("vouch boiler", ""),  # only of the last word the beginning is enough
        ('"rang back"', "ruth"),
        ("“back rang”", ""),
        ("back rang", "ruth"),
        ('"two days late" hung', "eleanor"),
        ("Whitcombe", "eleanor"),
        ("eleanor@example.org", "eleanor"),
        ("冰箱", "li"),
        ("凹痕 退款", "li"),
        ("箱冰", ""),
        ("挂断了电话", "li"),
        ("李明", "li"),
        ("ثلاجة", "salma"),
        ("الثلاجه", "salma"),
        ("اعتذارا", "salma"),
        ("حداد", "salma"),
        ("...", ""),
        ("nothing of the kind", ""),
    ],
)
def test_words_are_found_wherever_they_stand(all_of_them, typed, whose):
    names = {case.pk: name for name, case in all_of_them.items()}
    assert sorted(names[case.pk] for case in found(typed)) == sorted(whose.split())


@pytest.mark.parametrize("typed", ["{}", "{0:.9}", " {} ", "#{}"])
def test_a_reference_is_found_whatever_its_spaces_and_dashes(all_of_them, typed):
    ruth = all_of_them["ruth"]
    for written in (ruth.reference, ruth.reference.replace("-", " "), ruth.reference.replace("-", "")):
        assert ruth in found(typed.format(written))
    assert found(ruth.reference.replace("-", "–")) == [ruth]
    assert found(ruth.reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == [ruth]


@pytest.mark.parametrize(
    "typed",
    ["NW/77-301 b", "nw77301b", "NW 77 301 B", "nw 77-301b", "T 5512-x", "t5512x", "0117 496 0777", "+44 117 4960777"],
)
def test_numbers_of_an_order_of_another_system_and_of_a_phone_are_found(all_of_them, typed):
    assert found(typed) == [all_of_them["ruth"]]


@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("Okafro", "ruth"),
        ("witcombe", "eleanor"),
        ("Whitcomb fridge", "eleanor"),
        ("Berrube", "julie"),
        ("boilr", ""),  # only names are written as one hears them
        ("okafro fridge", ""),
        ("rut", "ruth"),
        ("xy", ""),
    ],
)
def test_a_slip_in_a_name_finds_it_all_the_same(all_of_them, typed, whose):
    names = {case.pk: name for name, case in all_of_them.items()}
    assert sorted(names[case.pk] for case in found(typed)) == whose.split()


def test_what_was_added_later_is_found(case, ruth, handler, driver):
    assert found("warehouse") == []
    point = case.add_point("The delivery was rough.", on=MONDAY, by=handler)
    assert found("rough") == [case]
    case.find(point, "It fell in the warehouse.", on=TUESDAY, by=handler)
    assert found("warehouse rough fridge") == [case]
    case.log_conversation(said="She was calm and mentioned Christmas.", proposed="A hamper", on=TUESDAY, by=handler)
    assert found("christmas hamper") == [case]
    person = case.involve(user=driver, part=Part.WITNESS, why="Drove the lorry", on=MONDAY, by=handler)
    assert found("mensah lorry") == [case]
    case.take_account(person, "I saw the forklift.", on=TUESDAY, by=handler)
    assert found("forklift") == [case]
    case.hear("It is about the handle, too.", medium="page", on=TUESDAY)
    assert found("handle") == [case]


def test_a_new_name_is_found_and_the_old_one_is_not(case):
    case.customer.name, case.customer.phone = "Eleanor Featherstonehaugh", "+441174960999"
    case.customer.save()
    assert found("Featherstone") == found("0117 496 0999") == [case]
    assert found("0117 496 0148") == []


def test_the_words_of_letters_are_found_but_for_those_that_were_thrown_away(draft, handler):
    case = draft.case
    type(draft).objects.filter(pk=draft.pk).rewrite(body=f"{draft.body}\n\nWe enclose a marmalade.")
    assert found("marmalade") == [case]
    type(draft).objects.filter(pk=draft.pk).update(discarded_on=TUESDAY)
    assert found("marmalade") == []


def test_a_search_keeps_to_the_cases_that_it_was_given(all_of_them, handler, lead, concerned):
    eleanor, julie = all_of_them["eleanor"], all_of_them["julie"]
    eleanor.assign(handler, on=MONDAY, by=lead)
    assert found("fridge", Case.objects.of(handler)) == [eleanor]
    assert found("fridge", Case.objects.filter(received_on__lt=MONDAY)) == [julie]
    eleanor.involve(user=concerned, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    visible = Case.objects.visible_to(concerned)
    assert found("fridge", visible) == [julie]
    assert found(eleanor.reference, visible) == found("witcombe", visible) == []


@pytest.mark.parametrize(
    "typed", ["'", '"', "\\", "a & | ! ( :*", "%", "\x00", "' OR 1=1 --", "“", "x" * 5_000, "<->", "a:b"]
)
def test_nothing_that_is_typed_makes_it_fail(case, typed):
    found(typed)
    found(f"fridge {typed}")


def test_a_story_of_many_words_is_kept_and_found(db, complaint):
    story = " ".join(f"word{n}" for n in range(4_000))
    case = intake.receive(replace(complaint, story=story), on=MONDAY)
    assert found("word0 word3999") == [case]


def test_many_rows_at_once_are_found_too(case, ruth, handler):
    """As an import or a script makes them, past every verb."""
    talks = case.conversations.model
    kept = {"held_on": MONDAY, "by_name": "Ines", "medium": Channel.PHONE}
    talks.objects.bulk_create([talks(case=it, said="A pelican.", **kept) for it in (case, ruth)])
    assert found("pelican") == [ruth, case]


# --- where it was found -----------------------------------------------------------------------------------------------


def excerpt(case, typed):
    it = search.excerpts(Case.objects.filter(pk=case.pk), search.read(typed)).get(case.pk)
    return it and (it.place, "".join(f"[{text}]" if marked else text for text, marked in it.pieces))


def test_the_excerpt_marks_the_words_in_the_place_that_says_the_most_of_them(case, handler):
    case.log_conversation(said="The fridge hums, she says.", on=TUESDAY, by=handler)
    assert excerpt(case, "fridge hum") == ("Conversation", "The [fridge] [hums], she says.")
    place, text = excerpt(case, "dent apol")
    assert place == "Complaint"
    assert "without a [dent], and an [apology]." in text


def test_the_excerpt_keeps_accents_and_cuts_long_texts_around_the_words(julie, li, complaint):
    assert "Le [café] a été" in excerpt(julie, "cafe")[1]
    assert "[冰][箱]送来" in excerpt(li, "冰箱")[1]
    long = intake.receive(replace(complaint, subject="Fridge", story="so " * 300 + "a heron " + "on " * 300), on=MONDAY)
    text = excerpt(long, "heron")[1]
    assert text.startswith("…so so")
    assert text.endswith("…")
    assert "a [heron] on" in text
    assert len(text) < 250


def test_the_excerpt_of_a_slip_shows_the_name(case):
    assert excerpt(case, "witcomb") == ("Name", "Eleanor [Whitcombe] eleanor@example.org")
    assert excerpt(case, "heron") is None
