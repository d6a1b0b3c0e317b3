"""How a letter sounds: each phrase to avoid is found in its language, with a better one; good sentences are let be."""

from dataclasses import replace

import pytest
from django.conf import settings

from cases import intake
from letters import library, review, writing
from letters.models import Kind
from letters.review import wording
from letters.review.folding import fold
from tests.conftest import FRIDAY, MONDAY, TUESDAY
from tests.letters.reviewing import HOLE, rules

LANGUAGES = [code for code, _ in settings.LANGUAGES]
# At least one sentence for each entry of avoid.yaml, in its order: (what is found, where it stands).
AVOIDED = {
    "en": [
        ("calm down", "Please calm down, Ms Whitcombe."),
        ("any inconvenience", "We apologise for any inconvenience this may have caused."),
        ("sorry you feel", "We are sorry you feel that way."),
        ("minor issue", "This was a minor issue of 9 November 2026."),
        ("There is nothing we can do", "There is nothing we can do."),
        ("not our policy", "That’s not our policy."),
        ("that’s just how it is", "I am afraid that’s just how it is."),
        ("We don’t know", "We don’t know."),
        ("I’m new here", "I’m new here."),
        ("you will have to contact", "For that you will have to contact Kofi Mensah."),
        ("you misunderstood", "Perhaps you misunderstood Mr Byrne."),
        ("You should have", "You should have called on 9 November 2026."),
        ("As already explained", "As already explained, it was late."),
        ("your own fault", "It was your own fault."),
        ("the other department", "It was the other department."),
        ("unforeseen circumstances", "It was due to unforeseen circumstances."),
        ("high number of calls", "We had a high number of calls."),
        ("will never happen again", "This will **never** happen again."),
        ("Rest assured", "Rest assured, it is mended."),
    ],
    "lv": [
        ("nomierinieties", "Lūdzu, nomierinieties."),
        ("iespējamām neērtībām", "Atvainojamies par iespējamām neērtībām."),
        ("žēl, ka Jūs tā jūtaties", "Mums ir žēl, ka Jūs tā jūtaties."),
        ("tikai neliela ", "Tā bija tikai neliela kļūda."),
        ("neko nevaram darīt", "Diemžēl mēs neko nevaram darīt."),
        ("mūsu politikā", "Tas nav paredzēts mūsu politikā."),
        ("tur neko nevar darīt", "Diemžēl tur neko nevar darīt."),
        ("nezinām", "Mēs to nezinām."),
        ("esmu šeit jauns", "Es esmu šeit jauns."),
        ("Jums jāvēršas pie cita", "Jums jāvēršas pie cita uzņēmuma."),
        ("Jūs pārpratāt", "Jūs pārpratāt kolēģi."),
        ("Jums vajadzēja", "Jums vajadzēja piezvanīt."),
        ("Kā jau iepriekš minējām", "Kā jau iepriekš minējām, sūtījums kavējās."),
        ("Jūsu pašas vaina", "Tā ir Jūsu pašas vaina."),
        ("cita nodaļa", "To darīja cita nodaļa."),
        ("tehnisku iemeslu", "Tas notika tehnisku iemeslu dēļ."),
        ("darbinieku trūkuma", "Kavējāmies darbinieku trūkuma dēļ."),
        ("nekad vairs neatkārtosies", "Tas nekad vairs neatkārtosies."),
        ("Varat būt droša", "Varat būt droša: viss ir kārtībā."),
    ],
    "fi": [
        ("rauhoittukaa", "Olkaa hyvä ja rauhoittukaa."),
        ("mahdollisesti aiheutunutta", "Pahoittelemme mahdollisesti aiheutunutta haittaa."),
        ("pahoillamme, että Teistä tuntuu", "Olemme pahoillamme, että Teistä tuntuu siltä."),
        ("vain pieni", "Kyseessä oli vain pieni virhe."),
        ("Emme voi asialle mitään", "Emme voi asialle mitään."),
        ("käytäntömme mukaan", "Näin toimitaan käytäntömme mukaan."),
        ("niin se vain on", "Ikävä kyllä niin se vain on."),
        ("Emme tiedä", "Emme tiedä."),
        ("Olen täällä uusi", "Olen täällä uusi."),
        ("Teidän täytyy ottaa yhteyttä", "Teidän täytyy ottaa yhteyttä huoltoon."),
        ("olette ymmärtänyt asian väärin", "Ehkä olette ymmärtänyt asian väärin."),
        ("Teidän olisi pitänyt", "Teidän olisi pitänyt soittaa."),
        ("Kuten olemme jo aiemmin kertoneet", "Kuten olemme jo aiemmin kertoneet, se myöhästyi."),
        ("oma vikanne", "Se oli oma vikanne."),
        ("toisen osaston", "Se oli toisen osaston tehtävä."),
        ("teknisistä syistä", "Se myöhästyi teknisistä syistä."),
        ("henkilöstöpulan", "Se johtui henkilöstöpulan aiheuttamasta viiveestä."),
        ("ei enää koskaan", "Tätä ei enää koskaan tapahdu."),
        ("Voitte olla varma", "Voitte olla varma siitä."),
    ],
    "ar": [
        ("لا داعي للغضب", "لا داعي للغضب."),
        ("أي إزعاج", "نعتذر عن أي إزعاج قد حدث."),
        ("نأسف لأنكم تشعرون", "نأسف لأنكم تشعرون بذلك."),
        ("مجرّد سوء فهم", "كان الأمر مجرّد سوء فهم."),
        ("لا يمكننا أن نفعل شيئًا", "لا يمكننا أن نفعل شيئًا."),
        ("سياسة الشركة", "هذه سياسة الشركة."),
        ("هكذا هي الأمور", "هكذا هي الأمور."),
        ("لا نعرف", "لا نعرف."),
        ("مشغولون", "نحن مشغولون الآن."),
        ("عليكم الاتصال", "عليكم الاتصال بجهة أخرى."),
        ("أسأتم الفهم", "لعلكم أسأتم الفهم."),
        ("كان عليكم", "كان عليكم أن تتصلوا."),
        ("كما ذكرنا سابقًا", "كما ذكرنا سابقًا، تأخر التسليم."),
        ("خطؤكم", "هذا خطؤكم."),
        ("القسم الآخر", "هذا من عمل القسم الآخر."),
        ("ظروف خارجة عن إرادتنا", "حدث ذلك بسبب ظروف خارجة عن إرادتنا."),
        ("ضغط العمل", "تأخرنا بسبب ضغط العمل."),
        ("ولن يتكرر ذلك أبدًا", "ولن يتكرر ذلك أبدًا."),
        ("نضمن لكم", "نضمن لكم ذلك."),
    ],
    "zh-hans": [
        ("请您冷静", "请您冷静一下。"),
        ("给您造成的不便", "对于给您造成的不便，我们深表歉意。"),
        ("如果您因此不快，我们很抱歉", "如果您因此不快，我们很抱歉。"),
        ("只是个小", "这只是个小问题。"),
        ("我们也无能为力", "对此我们也无能为力。"),
        ("按照公司的规定", "按照公司的规定，不能退款。"),
        ("情况就是这样", "情况就是这样。"),
        ("我们不清楚", "这件事我们不清楚。"),
        ("我是新来的", "我是新来的。"),
        ("请您自行联系", "请您自行联系厂家。"),
        ("您误解了", "您误解了我们的意思。"),
        ("您应该事先", "您应该事先打电话。"),
        ("如前所述", "如前所述，送货迟了。"),
        ("您自己的原因", "这是您自己的原因。"),
        ("其他部门的责任", "这是其他部门的责任。"),
        ("由于系统故障", "由于系统故障，送货迟了。"),
        ("人手不足", "因为人手不足，让您久等。"),
        ("绝不会再次发生", "此类情况绝不会再次发生。"),
        ("请您放心", "请您放心。"),
    ],
}
GOOD = {
    "en": [
        "You should have been told on 9 November 2026, and were not.",
        "Inês Carvalho knows how it happened; we know that it should not have.",
        "There is nothing new yet. Kofi Mensah looks after it.",
        "So that it does not happen again, two people check each delivery.",
    ],
    "lv": ["Mums vajadzēja Jums to pateikt 2026. gada 9. novembrī.", "Lai tas neatkārtotos, esam mainījuši kārtību."],
    "fi": [
        "Teidän olisi pitänyt saada tieto 9. marraskuuta 2026.",
        "Jotta sama ei toistuisi, kaksi ihmistä tarkistaa jokaisen toimituksen.",
        "Emme ole vielä saaneet vastausta Kofi Mensahilta.",
    ],
    "ar": ["كان ينبغي أن نبلغكم في 9 نوفمبر 2026.", "وكي لا يتكرر ذلك، يراجع شخصان كل تسليم."],
    "zh-hans": ["我们本应于2026年11月9日告知您。", "为避免再次发生，每次送货均由两人核对。"],
}


@pytest.fixture
def letter(ready, handler):
    """A progress letter that says nothing but what it is given."""
    ready.promise_contact(until=FRIDAY, on=TUESDAY, by=handler)

    def written(words, language="en"):
        draft = writing.draft(ready, Kind.PROGRESS, language=language, on=TUESDAY, by=handler)
        draft.body = HOLE.sub(lambda _: words, draft.body)
        writing.discard(draft, on=TUESDAY, by=handler)
        return draft

    return written


def sentences(examples):
    return [
        pytest.param(language, *example, id=f"{language}-{example[0]}")
        for language, all_ in examples.items()
        for example in all_
    ]


@pytest.mark.parametrize(("language", "said", "sentence"), sentences(AVOIDED))
def test_a_phrase_to_avoid_is_found_with_a_better_one(letter, language, said, sentence):
    (finding,) = review.findings(letter(sentence, language), on=TUESDAY)
    assert fold(said) in fold(finding.said)
    assert (finding.place, finding.blocking) == ("body, paragraph 2", False)
    assert finding.remedy.startswith("Better: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_its_sentence(language):
    words = wording.wording_of(language)
    found = {
        match.lastgroup
        for _said, one in AVOIDED[language]
        for match in words.avoid.finditer(fold(one.replace("*", "")))
    }
    assert found == {f"p{place}" for place in range(len(words.avoided))}


@pytest.mark.parametrize(("language", "sentence"), [(one, said) for one, all_ in GOOD.items() for said in all_])
def test_a_good_sentence_is_left_alone(letter, language, sentence):
    assert [str(one) for one in review.findings(letter(sentence, language), on=TUESDAY)] == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("phrase-to-avoid", "You misunderstood."),
        ("excuse", "The other department was late."),
        ("absolute-promise", "This will never happen again."),
    ],
)
def test_excuses_and_absolute_promises_are_told_apart(letter, rule, sentence):
    assert rules(letter(sentence), on=TUESDAY) == [rule]


def test_the_customers_own_words_are_never_held_against_us(letter, ready, handler):
    ready.add_point("I was told to CALM DOWN!! This will never happen again, you said.", on=TUESDAY, by=handler)
    quoted = "I was told to CALM DOWN!! This will never happen again, you said."
    assert rules(letter(f"2. **{quoted}**"), on=TUESDAY) == []
    assert rules(letter("You told us: “The man on the phone hung up.”"), on=TUESDAY) == []
    assert rules(letter("This will never happen again."), on=TUESDAY) == ["absolute-promise"]


def test_a_sentence_of_the_customers_story_is_quoted_and_a_word_or_two_of_it_are_not(complaint, handler):
    told = replace(complaint, story="You promised that this will never happen again. Calm down.")
    case = intake.receive(told, on=MONDAY)
    case.assign(handler, on=MONDAY, by=handler)
    case.promise_contact(until=FRIDAY, on=MONDAY, by=handler)
    draft = writing.draft(case, Kind.ACKNOWLEDGEMENT, on=TUESDAY, by=handler)
    draft.body += "\n\nYou wrote: “You promised that this will never happen again.”"
    assert rules(draft, on=TUESDAY) == []
    draft.body += " Calm down."
    assert rules(draft, on=TUESDAY) == ["phrase-to-avoid"]


def test_a_short_point_hides_no_other_words(letter, ready, handler):
    ready.add_point("Calm", on=TUESDAY, by=handler)
    assert rules(letter("Be calmed by Inês Carvalho: calm. Stay calmly here."), on=TUESDAY) == []
    assert rules(letter("Just overreacting? Calm."), on=TUESDAY) == ["phrase-to-avoid"]


# --- tone -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["This was NEVER agreed.", "Do not call AGAIN.", "Tas NEKAD netika solīts."])
def test_capitals_shout(letter, words):
    assert rules(letter(words), on=TUESDAY) == ["shouting"]


@pytest.mark.parametrize("words", ["The PDF is enclosed.", "Your order EH-204418 for the UK.", "The FRIDGE was there."])
def test_abbreviations_and_what_the_case_writes_so_do_not_shout(letter, words):
    assert "shouting" not in rules(letter(words), on=TUESDAY)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Kofi Mensah was late!!"),
        ("en", "Late again?!"),
        ("en", "It is late! It is mended!"),
        ("fi", "Kiitos! Kofi Mensah tulee!"),
        ("zh-hans", "非常感谢！！"),
        ("ar", "شكرا!! لكم"),
    ],
)
def test_several_marks_sound_agitated(letter, language, words):
    assert rules(letter(words, language), on=TUESDAY) == ["marks"]


@pytest.mark.parametrize("words", ["We saw your “problem”.", "Your «complaint» is here.", 'The "damage" was small.'])
def test_a_word_in_quotation_marks_sounds_ironic(letter, words):
    assert rules(letter(words), on=TUESDAY) == ["irony"]


@pytest.mark.parametrize("words", ["The note said “to be called back tomorrow”.", "We saw the “dent”."])
def test_a_quotation_is_no_irony(letter, words):
    assert rules(letter(words), on=TUESDAY) == []


# --- length and readability -------------------------------------------------------------------------------------------

CLAUSE = {
    "en": "and so on ",
    "lv": "un tā tālāk ",
    "fi": "ja niin edelleen ",
    "ar": "وهكذا دواليك معا ",
    "zh-hans": "以及其他事项",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_does_not_end_is_found(letter, language):
    limit = wording.wording_of(language).limits["sentence"]
    long = CLAUSE[language] * (limit // 3 + 1) + "。."[language != "zh-hans"]
    assert "long-sentence" in rules(letter(long, language), on=TUESDAY)
    short = CLAUSE[language] * (limit // 6 - 1) + "。."[language != "zh-hans"]
    assert rules(letter(short, language), on=TUESDAY) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_does_not_end_is_found(letter, language):
    words = wording.wording_of(language)
    sentence = CLAUSE[language].capitalize() + CLAUSE[language] + "。."[language != "zh-hans"] + " "
    count = words.limits["letter"] // 6
    assert "too-long" in rules(letter(sentence * count, language), on=TUESDAY)
    assert rules(letter(sentence * (count // 3), language), on=TUESDAY) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_sentences_throughout_are_found(letter, language):
    limit = wording.wording_of(language).limits["average"]
    sentence = CLAUSE[language] * (limit // 3 + 6) + "。."[language != "zh-hans"] + " "
    assert "hard-to-read" in rules(letter(sentence.capitalize() * 12, language), on=TUESDAY)


def test_a_few_sentences_have_no_average(letter):
    draft = letter("")
    draft.body = ("And so on " * 10).capitalize() + "."
    assert "hard-to-read" not in rules(draft, on=TUESDAY)


def test_an_override_of_its_length_does_not_cover_a_letter_that_grows(letter):
    shorter, longer = (
        next(one for one in review.findings(letter("And so on. " * count), on=TUESDAY) if one.rule == "too-long")
        for count in (300, 400)
    )
    assert shorter.key != longer.key


def test_a_long_quotation_of_the_customer_is_not_our_sentence(letter, ready, handler):
    said = "The fridge came late " + "and so on " * 30 + "and nobody called."
    ready.add_point(said, on=TUESDAY, by=handler)
    assert rules(letter(f"2. **{said}** Kofi Mensah noted it."), on=TUESDAY) == []


# --- the files of a language ------------------------------------------------------------------------------------------


@pytest.fixture
def own_language(tmp_path, monkeypatch):
    """English words in a folder of their own, to be broken."""
    (tmp_path / "en").mkdir()
    for name in ("review.yaml", "avoid.yaml"):
        words = (library.HERE / "en" / name).read_text(encoding="utf-8")
        (tmp_path / "en" / name).write_text(words, encoding="utf-8")
    monkeypatch.setattr(library, "HERE", tmp_path)
    return tmp_path / "en"


def test_the_words_of_a_language_are_read_from_its_files(own_language):
    assert wording.wording_of.__wrapped__("en").avoided


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("review.yaml", "whole_words: true", "whole_words: perhaps", "“whole_words” is not what it should be"),
        ("review.yaml", "apology:", "apologies:", "“apolog"),
        ("review.yaml", "  counted: words", "  count: words", "limits: “count"),
        ("review.yaml", "  next_contact_on:", "  next_call_on:", "claims"),
        ("review.yaml", "'please forgive us'", "'please (forgive us'", "is no pattern"),
        ("review.yaml", "'please forgive us'", "'please (forgive) us'", "captures"),
        ("avoid.yaml", "- group: excuse", "- group: rude", "no group “rude”"),
        ("avoid.yaml", "  better: This is what we can do …", "", "“better” is missing"),
        ("avoid.yaml", "'calm down'", "''", "empty or captures"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_name(own_language, name, old, new, said):
    path = own_language / name
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")
    with pytest.raises(wording.BadWording, match=f"en/{name}") as refused:
        wording.wording_of.__wrapped__("en")
    assert said in str(refused.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_makes_the_same_statements_and_claims(language):
    ours, theirs = wording.wording_of("en"), wording.wording_of(language)
    assert theirs.statements.keys() == ours.statements.keys()
    assert theirs.currencies.keys() == ours.currencies.keys()
    assert {one.group for one in theirs.avoided} == {one.group for one in ours.avoided}
