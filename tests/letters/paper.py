"""The letters of Northwind Home Ltd, and how to read what was printed."""

import dataclasses
import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from letters.render import CannotRender, Letterhead, Sheet, Signatory, render_pdf

ROOT = Path(__file__).resolve().parents[2]
NORTHWIND = Letterhead(
    name="Northwind Home Ltd",
    address_lines=("12 Quay Street", "Bristol BS1 4DJ"),
    phone="+44 117 496 0182",
    email="complaints@northwind.example",
    website="www.northwind.example",
    registration_line="Registered in England and Wales, no. 04418827.",
)
ACKNOWLEDGEMENT = Sheet(
    letterhead=NORTHWIND,
    language="en",
    date_line="3 November 2026",
    references=(("Our reference", "2026-4827-1936"), ("Your reference", "ORD-77")),
    address_lines=("Ms Jane Ashworth", "14 Harbour Terrace", "Cardiff", "CF10 5AL"),
    salutation="Dear Ms Ashworth,",
    subject="Your complaint about the delivery",
    body="Thank you for writing to us. We are looking into it **at once**.",
    close="Yours sincerely,",
    signatory=Signatory("Helen Marsh", "Head of Customer Care"),
    enclosures=("Delivery note",),
    copies=("Priya Nair, Delivery Manager", "Tom Bell, Accounts"),
)
FOUND = """You were right to complain, and I apologise for the two days on which you waited for us in vain. We had
promised you a morning, we did not come, and nobody called you to say so. I have looked into each of your points
together with the people who planned and drove the van and with Mr Ortega, who took both of your calls. """
RESOLUTION = dataclasses.replace(
    ACKNOWLEDGEMENT,
    body=f"""{FOUND}

## What we found

1. **The van did not come on 5 October.** {FOUND}
2. **The second appointment was missed.** {FOUND}

## What we agreed

| What we will do | Who | By when |
|---|---|---|
| Deliver and install the machine | Priya Nair | 6 November 2026 |
| Refund the delivery charge of £39.00 | Tom Bell | 10 November 2026 |
| Telephone you to hear whether it works | Helen Marsh | 13 November 2026 |

## So that it does not happen again

{FOUND}

Thank you for telling us. {FOUND}""",
)
POINT = 25.4 / 72  # mm


def sheet(**changes):
    return dataclasses.replace(ACKNOWLEDGEMENT, **changes)


def headed(**changes):
    return sheet(letterhead=dataclasses.replace(NORTHWIND, logo_alt="Northwind", **changes))


def poppler(command, pdf, *options):
    run = subprocess.run([command, *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def pages(pdf):
    """The text of each page, its white space as single spaces."""
    return [" ".join(page.split()) for page in poppler("pdftotext", pdf, "-layout").split("\f")[:-1]]


def structure(pdf):
    """The text in the logical order, as a screen reader takes it."""
    listed = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(re.findall(r'^\s*"(.*)"$', listed, re.MULTILINE))


def boxes(pdf):
    """Each word of the first page as (text, left, top, right, bottom), in mm from the upper left corner."""
    html = poppler("pdftotext", pdf, "-bbox", "-l", "1")
    words = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', html)
    return [(text, *(float(side) * POINT for side in sides)) for *sides, text in words]


def refusal(wrong):
    """What the person reads who wanted this letter."""
    with pytest.raises(CannotRender) as caught:
        render_pdf(wrong)
    assert str(caught.value) == " ".join(caught.value.problems)
    return str(caught.value)


def picture(kind, size=(60, 20)):
    out = io.BytesIO()
    Image.new("RGB", size, "#1f4e79").save(out, kind)
    return out.getvalue()


def drawing(inside):
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} viewBox="0 0 60 20"><rect width="9" height="9"/>{inside}</svg>'.encode()
