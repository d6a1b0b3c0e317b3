"""The specimen book: every kind of letter in every language and format as one PDF, with its contents at the front."""

import io
from dataclasses import dataclass, replace
from itertools import product

import pikepdf
from django.conf import settings

from letters import render, specimens
from letters.models import Kind, Paper, Style

FORMATS = list(product(Paper, Style))
ABOUT = """This book shows every letter that the starter library holds, in every language and format, as a customer or a
colleague would get it. What stands in italics is for a person to write. The numbers are pages of this file, for each
paper in the order block, modified block and semi-block; its outline leads to each letter as well."""


@dataclass
class Chapter:
    """The letters of one language: of each kind, the pages that its formats begin on, from 0."""

    title: str
    letters: list[tuple[str, list[int]]]


def made(languages, *, today, told) -> bytes:
    """The book in `languages`. `told` is called with each language and its number of letters when they are set. Leaves
    rows, as `specimens.letter` does: only within a transaction that is rolled back."""
    out = io.BytesIO()
    with specimens.company() as staff, pikepdf.new() as whole:
        chapters = []
        for language in languages:
            chapters.append(_chapter(whole, language, staff, today=today))
            told(chapters[-1].title, len(Kind) * len(FORMATS))
        case = specimens.sample_case(staff, Kind.PROGRESS, "en", today=today)
        front = _contents(chapters, specimens.letter(Kind.PROGRESS, "en", case, by=staff["ines"], today=today))
        with pikepdf.open(io.BytesIO(front)) as contents:
            for number, page in enumerate(contents.pages):
                whole.pages.insert(number, page)
            _outline(whole, chapters, after=len(contents.pages))
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _chapter(whole, language, staff, *, today) -> Chapter:
    chapter = Chapter(dict(settings.LANGUAGES)[language], [])
    usual = specimens.sample_case(staff, Kind.RESOLUTION, language, today=today)
    for kind in Kind:
        own = kind in specimens.OWN_CASE
        case = specimens.sample_case(staff, kind, language, today=today) if own else usual
        letter = specimens.letter(kind, language, case, by=staff["ines"], today=today)
        chapter.letters.append((kind.label, list(_add_all(whole, letter))))
    return chapter


def _add_all(whole, letter):
    """The letter in every format goes into the book; yields the page that each begins on."""
    for paper, style in FORMATS:
        yield len(whole.pages)
        pdf = render.render_pdf(replace(letter, style=style.value, paper=paper.value))
        with pikepdf.open(io.BytesIO(pdf)) as one:
            whole.pages.extend(one.pages)


def _contents(chapters, letter) -> bytes:
    """The contents as a letter on the sample's paper. Its own pages count, and they are as many whatever they say."""
    letter = replace(
        letter,
        subject="The specimen book: what is in it and where",
        salutation="Dear colleague,",
        addressee="Whoever looks after our letters",
        address_lines=("Whoever looks after our letters", *letter.letterhead.address_lines),
        references=(),
        copies=(),
        enclosures=(),
    )
    begin = 0
    while True:
        pdf = render.render_pdf(replace(letter, body=_listed(chapters, after=begin)))
        with pikepdf.open(io.BytesIO(pdf)) as contents:
            if len(contents.pages) <= begin:
                return pdf
            begin = len(contents.pages)


def _listed(chapters, *, after) -> str:
    """The body of the contents: a table for each language, a row for each kind of letter, a column for each paper."""
    parts = [ABOUT]
    for chapter in chapters:
        rows = [_row(title, [page + after + 1 for page in pages]) for title, pages in chapter.letters]
        head = [f"| Letter | {' | '.join(Paper.labels)} |", "|:---" * (len(Paper) + 1) + "|"]
        parts += [f"## {chapter.title}", "\n".join([*head, *rows])]
    return "\n\n".join(parts)


def _row(title, numbers) -> str:
    papers = (numbers[begin : begin + len(Style)] for begin in range(0, len(numbers), len(Style)))
    return f"| {title} | {' | '.join(', '.join(map(str, pages)) for pages in papers)} |"


def _outline(whole, chapters, *, after):
    with whole.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Contents", 0))
        for chapter in chapters:
            entry = pikepdf.OutlineItem(chapter.title, chapter.letters[0][1][0] + after)
            for title, pages in chapter.letters:
                letter = pikepdf.OutlineItem(title, pages[0] + after)
                named = zip(FORMATS, pages, strict=True)
                letter.children.extend(pikepdf.OutlineItem(_named(*form), page + after) for form, page in named)
                entry.children.append(letter)
            outline.root.append(entry)


def _named(paper, style) -> str:
    return f"{paper.label}, {style.label.split(':')[0].lower()}"
