"""Letters per second of CPU, ours against WeasyPrint called plainly on the same letter, rounds taken in turn.

    make bench-letters

Ours proves every glyph, tags the PDF and reuses fonts and stylesheet; the plain call does none of this. Prints the
ratio, which holds when the machine's speed drifts; absolute times do not.
"""

import os
import statistics
import time

import django

ROUNDS = 15
ASKED = 1.2  # times as fast as the plain call


def letter():
    """The sheet of the sample company's resolution letter; the database stays as it is."""
    from django.db import transaction

    from casetracker import clock
    from letters import specimens
    from letters.models import Kind

    with transaction.atomic():
        sheet = specimens.sheet(Kind.RESOLUTION, "en", today=clock.today())
        transaction.set_rollback(True)
    return sheet


def plainly(sheet):
    """A function that sets the same letter the plain way: its markup is made beforehand, the rest by WeasyPrint."""
    from django.template.loader import get_template, render_to_string
    from weasyprint import CSS, HTML

    from letters import render, typesetting

    words, assets = render._words(sheet.language), render._assets(sheet)
    html = render_to_string("letters/print/letter.html", render._context(sheet, words, assets))
    css = get_template("letters/print/letter.css").template.source
    css += f"html {{ font-family: {words.fonts[0]} }}"
    fetcher = typesetting._Assets(assets)
    return lambda: HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[CSS(string=css)])


def seconds(work) -> float:
    """CPU seconds that `work` takes, once."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    django.setup()
    from letters import render

    sheet = letter()
    rivals = {"ours": lambda: render.render_pdf(sheet), "plain": plainly(sheet)}
    for work in rivals.values():
        work()
    taken = {name: [] for name in rivals}
    for _round in range(ROUNDS):
        for name, work in rivals.items():
            taken[name].append(seconds(work))
    for name, times in taken.items():
        print(f"{name:<6} {statistics.median(times) * 1000:6.0f} ms of CPU a letter (median of {ROUNDS})")
    ratio = statistics.median(p / o for p, o in zip(taken["plain"], taken["ours"], strict=True))
    said = "held" if ratio >= ASKED else "short"
    print(f"goal letters-against-plain: measured {ratio:.2f} times as fast, asked {ASKED}, {said}")


if __name__ == "__main__":
    main()
