"""Every page that can be reached by links from the board, and the customer's: in light and dark the browser complains
of nothing and axe finds no serious barrier, and on a tablet and a phone nothing hangs over the window."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from .pages import WIDTHS, barriers, overhang, pictured

NO_PAGES = re.compile(
    r"/(logout|pdf|attachments?|enclosures|print|reprint|preview|sample|export|file|xlsx|csv)(/|$)|\.(csv|xlsx|pdf)$"
)
IN_PICTURES = ("index", "cases_case_changelist", "cases_case_change", "letters_letter_change", "page_of_a_case")


def door(address) -> str:
    """What kind of page stands there: two cases are one kind, two verbs are two."""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return path
    return " ".join([found.url_name or path, str(found.kwargs.get("name", ""))]).strip()


def ways_on(page):
    """The addresses of our own that the page leads to, without what is no page."""
    links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(it => it.href)")
    here = "{0.scheme}://{0.netloc}/".format(urlsplit(page.url))
    return [link.split("#")[0] for link in links if link.startswith(here) and not NO_PAGES.search(link.split("?")[0])]


def explore(person):
    """Goes to one page of every kind that links lead to, yielding its kind."""
    seen, waiting = set(), ["/admin/"]
    while waiting:
        address = waiting.pop(0)
        kind = door(address)
        if kind in seen:
            continue
        seen.add(kind)
        person.page.goto(address)
        yield kind
        waiting += ways_on(person.page)


def overhangs(page, kind, theme):
    """Opens the page at every width, the widest last; yields where it is wider than its window."""
    address = page.url
    for size, width in sorted(WIDTHS.items(), key=lambda size: size[1]):
        page.set_viewport_size({"width": width, "height": 1000})
        page.goto(address)
        if overhang(page) > 0:
            yield f"{address} hangs over by {overhang(page)} pixels at {width}"
        if kind.split()[0] in IN_PICTURES:
            pictured(page, kind, size, theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_admin_fits_and_has_no_barrier(somebody, theme):
    lead, found, kinds = somebody("amara", width=WIDTHS["desktop"], theme=theme), [], []
    for kind in explore(lead):
        kinds.append(kind)
        found += barriers(lead.page)
        found += overhangs(lead.page, kind, theme)
    assert len(kinds) > 50, kinds
    assert not found, "\n".join(found)
