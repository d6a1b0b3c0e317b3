"""How long somebody at the letter desk waits for a preview, and what of that is the server's."""

import statistics
import time

from django.db import transaction
from django.test import Client
from django.urls import reverse

HEADERS = {"HTTP_HOST": "localhost"}


def preview(times=15):
    """Seconds of the first preview of a process that has just started, and of one in the middle of its day."""
    from casetracker import clock
    from letters import specimens, writing
    from letters.models import Kind

    with transaction.atomic(), specimens.company() as staff:
        case = specimens.sample_case(staff, Kind.RESOLUTION, "en", today=clock.today())
        letter = writing.draft(case, Kind.RESOLUTION, language="en", on=clock.today(), by=staff["ines"])
        client = Client()
        client.force_login(staff["ines"])
        url = reverse("admin:letters_letter_pdf", args=[letter.pk])
        cold, *warm = [_seconds(client, url) for _ in range(times)]
        transaction.set_rollback(True)
    return cold, statistics.median(warm)


def _seconds(client, url):
    began = time.perf_counter()
    answer = client.get(url, **HEADERS)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, answer.status_code
    assert answer.content.startswith(b"%PDF")
    return taken
