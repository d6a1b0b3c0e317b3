"""The texts by which a case is found, each with the name of the place where it stands."""

from collections import defaultdict

from .plain import squashed

NUMBERS, NAMES = "Number", "Name"


def texts(cases) -> dict[int, list[tuple[str, str]]]:
    """By the key of each of `cases`: (place, text), in the order in which they are looked at. As many queries for a
    hundred cases as for one."""
    found = defaultdict(list)
    keys = list(cases.values_list("pk", flat=True))
    cases = cases.model.objects.filter(pk__in=keys).order_by()
    for place, rows in _read(cases):
        for key, *columns in rows:
            text = "\n".join(column for column in map(str, columns) if column and column != "None")
            if text:
                found[key].append((place, text))
    return {key: found[key] for key in keys}


def _read(cases):
    yield "Complaint", cases.values_list("pk", "subject", "story", "wanted", "topic", "product")
    yield NUMBERS, cases.values_list("pk", "reference", "order_reference", "external_id", "customer__phone")
    yield NAMES, cases.values_list("pk", "customer__name", "customer__email")
    involved = cases.filter(involvements__isnull=False).order_by("involvements__pk")
    yield NAMES, involved.values_list("pk", "involvements__name")
    yield "Account", involved.values_list("pk", "involvements__why", "involvements__account")
    points = cases.filter(points__isnull=False).order_by("points__number")
    yield "Point", points.values_list("pk", "points__text", "points__finding")
    talks = cases.filter(conversations__isnull=False).order_by("conversations__pk")
    yield "Conversation", talks.values_list("pk", "conversations__said", "conversations__proposed")
    # what the app of the letters hangs on a case; this one does not know it
    letters = cases.filter(letters__isnull=False, letters__discarded_on=None).order_by("letters__pk")
    yield "Letter", letters.values_list("pk", "letters__subject", "letters__body")


def numbers(texts) -> str:
    """Of the texts of one case, its numbers as they are compared."""
    lines = [line for place, text in texts if place == NUMBERS for line in text.split("\n")]
    return " ".join(map(squashed, lines))


def names(texts) -> str:
    return " ".join(text for place, text in texts if place == NAMES)
