"""What our own pages cost at the size that the house has. Run by admin.py, in a process of its own for each command:

python -m bench.pages prepare | fill CASES | measure
"""

import json
import os
import re
import sys
import uuid

from bench import stopwatch, words

TIMES = 15
HERE = {"HTTP_HOST": "localhost"}


def prepare():
    """An empty house with its staff."""
    from django.core.management import call_command

    from bench import house

    call_command("migrate", verbosity=0)
    house.staffed()
    return {}


def fill(cases):
    from bench import house
    from casetracker import clock

    house.filled(int(cases), today=clock.today())
    return {}


def measure():
    """By page: how long it takes, and how many queries it asks."""
    desk, nobody = _signed_in("lead"), _client()
    return {name: stopwatch.measured(ask, times=TIMES) for name, ask in [*_at_the_desk(desk), *_outside(nobody)]}


def _at_the_desk(desk):
    from django.urls import reverse

    from cases.models import Case
    from cases.stages import Stage

    known = Case.objects.filter(customer__name=words.WELL_KNOWN).latest("pk")
    lists = {name: reverse(f"admin:{name}_changelist") for name in LISTS}
    worklist = lists["cases_case"]

    def at(path, **query):
        return lambda: desk.get(path, query, **HERE)

    yield "board", at(reverse("admin:index"))
    yield "worklist, first page", at(worklist)
    yield "worklist, deepest page", at(worklist, p=_pages(desk, worklist))
    yield "my open cases", _of_an_adviser(worklist)
    yield "overdue", at(worklist, list="overdue")
    yield "all cases, first page", at(worklist, list="all")
    yield "all cases, deepest page", at(worklist, list="all", p=_pages(desk, worklist, list="all"))
    yield "combined filter", at(worklist, list="all", stage=Stage.CLOSED, channel="email", language="de")
    yield "search, common word", at(worklist, q=words.COMMON)
    yield "search, rare reference", at(worklist, q=known.reference)
    yield "search, name with a slip", at(worklist, q=words.MISHEARD)
    yield "search, nothing like it", at(worklist, q="zyzzyva")
    yield "case page", at(reverse("admin:cases_case_change", args=[known.pk]))
    for name, (label, queries) in LISTS.items():
        for query in queries:
            yield ", ".join([label, *query.values()]), at(lists[name], **query)


# the lists beside the worklist, each as it opens and as it is largest
LISTS = {
    "cases_case": ("worklist", ()),
    "cases_customer": ("customers", ({}, {"q": words.MISHEARD})),
    "cases_followup": ("follow-ups", ({}, {"list": "overdue"}, {"list": "all"}, {"q": "Pay back"})),
    "letters_letter": ("letters", ({}, {"list": "drafts"}, {"list": "to_approve"}, {"list": "issued"})),
    "letters_delivery": ("deliveries", ({}, {"list": "refused"}, {"list": "all"})),
    "cases_user": ("staff", ({},)),
}


def _of_an_adviser(worklist):
    adviser = _signed_in("adviser7")
    return lambda: adviser.get(worklist, {"list": "mine"}, **HERE)


def _outside(nobody):
    from django.urls import reverse

    form = reverse("cases:complain")
    told = {
        "name": "Ruth Okafor",
        "email": "ruth@example.org",
        "language": "en",
        "country": "GB",
        "story": "The new fridge hums, and nobody rings back.",
    }
    yield "public form", lambda: nobody.get(form, **HERE)
    yield "public form, sent", lambda: nobody.post(form, told | {"submission_key": uuid.uuid4()}, **HERE)


def _pages(desk, path, **query) -> int:
    """The last page that the list offers."""
    offered = desk.get(path, query, **HERE).content.decode()
    return max(map(int, re.findall(r"[?&;]p=(\d+)", offered)), default=1)


def _client():
    from django.test import Client

    return Client()


def _signed_in(username):
    from django.contrib.auth import get_user_model

    client = _client()
    client.force_login(get_user_model().objects.get(username=username), backend="cases.rights.RoleBackend")
    return client


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    django.setup()
    name, *rest = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "fill": fill, "measure": measure}[name](*rest)))
