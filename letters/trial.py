"""A template's words on trial: what keeps them from becoming a letter, found before they are kept; how they look."""

import re
import unicodedata
from dataclasses import replace

from django.conf import settings

from cases import rules
from cases.models import Case, Customer
from casetracker import clock
from letters import address, examples, library, markdown, optional, paper, press, review, wording, writing
from letters.about import SECOND
from letters.marks import Fault, fault_at
from letters.models import TO_STAFF, Letterhead, Paper, Style
from letters.sheet import OVERRIDES, UNPRINTABLE, CannotRender, Sheet, Signatory, named
from letters.sheet import Letterhead as Head
from letters.values import Day, as_text, plain

SUBJECT_LIMIT = 200
HOLE = re.compile(r"\[\[([^\[\]]*?)([.。]?)\]\]")
MARK_OR_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\[\[|\]\]", re.DOTALL)
OPTIONAL = re.compile(r"\{%-?\s*(?:end)?optional\b")
CODE_POINT = re.compile(r"U\+([0-9A-F]{4,6})")
NOT_PRINTED = (  # what Markdown elsewhere would make more of; a letter prints it as it was typed
    (re.compile(r"^ {0,3}#(?!#)(?= |$)", re.MULTILINE), "The subject is the only heading of this size; begin with ##."),
    (re.compile(r"^ {0,3}#{4,6}(?= |$)", re.MULTILINE), "A letter has two sizes of headings; begin with ## or ###."),
    (re.compile(r"!\[[^\]\n]*\]\("), "A letter shows no pictures in its text; take it out."),
    (re.compile(r"(?<![!\]])\[[^\[\]\n]+\]\([^)\n]*\)"), "On paper nobody can press a link; write the address itself."),
    (re.compile(r"</?[A-Za-z][^<>\n]*>"), "HTML is printed as it was typed; use Markdown instead."),
    (re.compile(r"`"), "A backtick is printed as it was typed; take it out."),
)
CUSTOMER = {"title": "Ms", "name": "Eleanor Whitcombe", "street": "41 Larkfield Row", "city": "Bristol"}
PLAIN_PAPER = Head(name="No letterhead is set up yet", address_lines=("1 Any Street", "Any Town"))


def faults(version) -> dict[str, list[Fault]]:
    """All that is wrong with the words of `version`, by its fields; each list is empty when they can become a letter
    whatever the case holds."""
    kind = version.template.kind
    found = {name: [*wording.faults(text, kind=kind), *_unprintable(text)] for name, text in _texts(version)}
    found["subject"] += [*_more_than_a_line(version.subject), *_optional_in(version.subject)]
    found["body"] = sorted({*found["body"], *_not_printed(version.body)})
    if not any(found.values()):
        found = _tried(version)
    if not any(found.values()):
        found = {name: _without_glyph(text, version) for name, text in _texts(version)}
    return found


def specimen(version, *, on, letterhead=None) -> Sheet:
    """The letter that `version` makes of the examples, on the house's paper unless another is given; a hole shows in
    italics what belongs there. Raises BadWords and CannotRender."""
    kind, language = version.template.kind, version.template.language
    values = examples.samples(kind, language)
    letterhead = letterhead or Letterhead.objects.in_use(None)
    return legible(
        Sheet(
            letterhead=paper.head(letterhead) if letterhead else PLAIN_PAPER,
            style=version.style or (letterhead.style if letterhead else Style.BLOCK.value),
            paper=version.paper or (letterhead.paper if letterhead else Paper.A4.value),
            subject=plain(wording.filled(version.subject, values, kind=kind)),
            body=_with_all(version.body, values, kind=kind),
            **_around(language, values, on=on),
        )
    )


def _with_all(body, values, *, kind):
    """The body with all that is optional."""
    parts = wording.parts(body, values, kind=kind)
    return optional.joined(optional.with_ticks(parts, optional.names(parts)))


def of_case(version, case, *, on, by) -> Sheet:
    """The letter that `version` makes of `case` today, which is not kept. Raises CannotDraft and CannotRender."""
    person = case.involvements.first() if version.template.kind in TO_STAFF else None
    return legible(writing.sheet(writing.composed(case, version, on=on, by=by, person=person), on=on))


def legible(sheet) -> Sheet:
    """The sheet with every hole shown in italics, so that it can be looked at."""
    return replace(sheet, subject=HOLE.sub(r"\1\2", sheet.subject), body=HOLE.sub(r"*\1*\2", sheet.body))


# --- on trial ---------------------------------------------------------------------------------------------------------


def _texts(version):
    return ("subject", version.subject), ("body", version.body)


def _unprintable(text):
    for character in sorted(set(text) - {"\n", "\t"}):
        if unicodedata.category(character) in UNPRINTABLE or character in OVERRIDES:
            yield fault_at(text, text.index(character), f"{named(character)} cannot be printed; delete it.")


def _more_than_a_line(subject):
    if len(subject.splitlines()) > 1:
        yield fault_at(subject, subject.index("\n"), "The subject is one line; take out the line break.")


def _optional_in(subject):
    if found := OPTIONAL.search(subject):
        yield fault_at(subject, found.start(), "A subject has no optional paragraphs; put them into the body.")


def _not_printed(body):
    for pattern, says in NOT_PRINTED:
        for found in pattern.finditer(body):
            yield fault_at(body, found.start(), says)


def _tried(version):
    """What goes wrong with the samples of all branches: each fault once, with the first sample that shows it."""
    tries, found = {}, {"subject": {}, "body": {}}
    for values in examples.variations(version.template.kind, version.template.language):
        for filled in _filled(version, values):
            tries.setdefault(filled, []).append(values)
    for texts, samples in tries.items():  # most branches say the same: each text is looked at once
        for field, says in _goes_wrong(version, *texts):
            found[field].setdefault(says, []).extend(samples)
    for says, sample in _unsaid(version, tries):
        found["body"].setdefault(says, []).append(sample)
    count = sum(map(len, tries.values()))
    return {
        field: [_fault(says, shown[0] if len(shown) < count else None) for says, shown in said.items()]
        for field, said in found.items()
    }


def _unsaid(version, tries):
    """What the rules that are in use here require of the letter, and a sample does not say: each with that sample."""
    kind, language = version.template.kind, version.template.language
    in_use = {name: rules.newest(name) for name in (rules.HOUSE, *Case.objects.regimes())}
    for (_, _, *marked), samples in tries.items():
        if None in marked:
            continue
        for (name, stage), alike in _by_rules(samples, in_use).items():
            asked = {"packs": in_use[name], "escalated": stage == SECOND}
            for one in review.lacking(kind, subject=marked[0], body=marked[1], language=language, **asked):
                says = f"The letter does not say {one.means}, which “{one.asked_by}” requires of it; add it."
                yield from ((says, sample) for sample in alike)


def _by_rules(samples, in_use):
    found = {}
    for values in samples:
        name = values["rule_pack"] if values["rule_pack"] in in_use else rules.HOUSE
        found.setdefault((name, values["rules_stage"]), []).append(values)
    return found


def _fault(says, values):
    return Fault(0, f"{says} So it is with {_in_words(values)}." if values else says)


def _filled(version, values):
    """Subject and body with these values, and with the marks of their placeholders, None for what cannot be filled:
    without anything optional, and with all of it where there is any."""
    marked = examples.named(version.template.kind, values)
    ways = [list(_ways(version, text, given)) for given in (values, marked) for _, text in _texts(version)]
    most = max(map(len, ways))
    return list(zip(*(way * most if len(way) == 1 else way for way in ways), strict=True))


def _ways(version, text, values):
    try:
        parts = wording.parts(text, values, kind=version.template.kind)
    except wording.BadWords:  # nothing is wrong with its words, so it grew beyond all bounds
        yield None
        return
    for ticked in ((), optional.names(parts)) if optional.names(parts) else ((),):
        yield optional.joined(optional.with_ticks(parts, ticked))


def _goes_wrong(version, subject, body, *marked):
    if None in (subject, body, *marked):
        yield "body", "The letter becomes too long; shorten it."
        return
    yield from (("subject", says) for says in _bad_subject(subject))
    yield from (("body", says) for says in _bad_body(body))


def _bad_subject(text):
    length = len(plain(text))
    if length > SUBJECT_LIMIT:
        yield f"The subject becomes longer than {SUBJECT_LIMIT} characters; shorten it."
    elif not length:
        yield "The subject becomes empty; write one for every case."


def _bad_body(text):
    if not text.strip():
        yield "The body becomes empty; write something for every case."
    try:
        markdown.html(HOLE.sub("X", text))
    except CannotRender as error:
        yield from error.problems


def _in_words(values):
    told = {name: values[name] for name in ("outcome", "responsibility", "agreed") if name in values}
    if values["rule_pack"] != rules.HOUSE:
        told |= {name: values[name] for name in ("rule_pack", "rules_stage") if values[name]}
    return ", ".join(f"{name} {str(value).lower()}" for name, value in told.items())


def _without_glyph(text, version):
    """The characters of the template itself that our fonts lack, in whatever branch they stand."""
    language = version.template.language
    words = dict.fromkeys(word for word in MARK_OR_HOLE.sub(" ", text).split() if not word.isascii())
    if not words:
        return []
    shown = as_text(" ".join(words))
    around = _around(
        language,
        examples.samples(version.template.kind, language),
        on=clock.today(),
    )
    try:
        press.render_pdf(Sheet(letterhead=PLAIN_PAPER, subject="X", body=shown, **around))
    except CannotRender as error:
        return sorted(_at_their_places(text, error.problems))
    return []


def _at_their_places(text, problems):
    for says in problems:
        characters = [chr(int(code, 16)) for code in CODE_POINT.findall(says)[:1]]
        if characters and characters[0] in text:
            yield fault_at(text, text.index(characters[0]), says.replace(" (body)", ""))
        else:
            yield Fault(0, says)


# --- around the words -------------------------------------------------------------------------------------------------


def _around(language, values, *, on):
    """The parts of a sample that no template writes."""
    phrases = library.phrases(language)
    return {
        "language": language,
        "date_line": str(Day(on, language)),
        "references": ((phrases["our_reference"], values["reference"]),),
        **(_to_a_colleague if "person" in values else _to_the_customer)(language, values),
        "signatory": Signatory(name="Inês Carvalho", job_title="Customer Relations Adviser"),
    }


def _to_the_customer(language, values):
    customer = Customer(**CUSTOMER, postcode="BS6 7QZ", country=settings.COUNTRY)
    salutation, close = writing.greetings(customer, language)
    name = writing.addressee(customer, library.phrases(language))
    lines = address.of(customer, home=settings.COUNTRY, name=name)
    return {"addressee": name, "address_lines": lines, "salutation": salutation, "close": close}


def _to_a_colleague(language, values):
    name = values["person"]
    salutation, close = writing.greetings_to(name, language)
    return {"addressee": name, "address_lines": (name, "Customer Relations"), "salutation": salutation, "close": close}
