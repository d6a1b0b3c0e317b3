"""Letters for the benches: the sample company's two-page resolution letter, each to another customer in another case.

What the template says is the same in all, as in real life; whatever belongs to the case (points, findings, cause, what
was agreed, the table, what was changed) has other words in each: nothing kept from letter to letter can serve for it.
"""

import dataclasses
import random
import re

FIRST = ("Eleanor", "Amara", "Thomas", "Ingrid", "Oluwaseun", "Margaret", "Dafydd", "Priyanka", "Joanna", "Henrik")
LAST = ("Whitcombe", "Okafor", "Pemberton", "Lindqvist", "Adeyemi", "Llewellyn", "Kowalska", "Vestergaard", "Quayle")
PLACES = ("Bristol", "Leeds", "Norwich", "Aberdeen", "Swansea", "Exeter", "Carlisle", "Truro", "Hereford", "Dundee")
REFERENCE = re.compile(r"2026-\d{4}-\d{4}")
AMOUNT = re.compile(r"£\d+\.\d\d")
DAY = re.compile(r"\b\d{1,2} (?=November|December)")
WORD = re.compile(r"\b[a-z]{2,}\b")
# Paragraphs that begin so are the template's own.
SAME_IN_ALL = ("Thank you", "We apologise", "Should anything", "## ", "| What is done", "|:")


def sample():
    """The resolution letter about the sample case; the database stays as it is."""
    from django.db import transaction

    from casetracker import clock
    from letters import specimens
    from letters.models import Kind

    with transaction.atomic():
        sheet = specimens.sheet(Kind.RESOLUTION, "en", today=clock.today())
        transaction.set_rollback(True)
    return sheet


def varied(sheet, number):
    """The letter to customer `number`, always the same one."""
    chosen = random.Random(number)
    first, last, place = chosen.choice(FIRST), chosen.choice(LAST), chosen.choice(PLACES)
    reference = f"2026-{chosen.randrange(1000, 9999)}-{chosen.randrange(1000, 9999)}"
    vocabulary = _vocabulary(sheet.body)
    body = "\n".join(_line(line, vocabulary, chosen) for line in sheet.body.split("\n"))
    return dataclasses.replace(
        sheet,
        address_lines=(
            f"Ms {first} {last}",
            f"Flat {chosen.randrange(1, 90)}, {chosen.randrange(1, 200)} Larkfield Row",
            place,
            f"BS{chosen.randrange(1, 20)} {chosen.randrange(1, 9)}QZ",
        ),
        salutation=f"Dear Ms {last},",
        subject=REFERENCE.sub(reference, sheet.subject),
        references=(("Our reference", reference), ("Your reference", f"EH-{chosen.randrange(100_000, 999_999)}")),
        date_line=_facts(sheet.date_line, chosen),
        body=REFERENCE.sub(reference, body),
    )


def _vocabulary(text):
    """The words of the text by their length, so that lines stay as long as they were."""
    found = {}
    for word in sorted(set(WORD.findall(text))):
        found.setdefault(len(word), []).append(word)
    return found


def _line(line, vocabulary, chosen):
    line = _facts(line, chosen)
    if line.startswith(SAME_IN_ALL):
        return line
    return WORD.sub(lambda word: chosen.choice(vocabulary[len(word[0])]), line)


def _facts(text, chosen):
    text = AMOUNT.sub(lambda _: f"£{chosen.randrange(11, 99)}.{chosen.randrange(10, 99)}", text)
    return DAY.sub(lambda _: f"{chosen.randrange(1, 29)} ", text)
