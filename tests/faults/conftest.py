"""A production of its own for each file; after each test the same questions are asked of it, and a row of the table is
written down."""

import pytest

from tests.servers import production as running

from .fault import Fault
from .invariants import check
from .table import FAULT, counted, row

LETTERS = {"test_letters": 140, "test_promises": 40}  # as many as the tests of each file take


@pytest.fixture(scope="module")
def production(tmp_path_factory, request):
    letters = LETTERS[request.module.__name__.rpartition(".")[2]]
    with running(tmp_path_factory.mktemp("production")) as it:
        it.beat.stop()
        it.inside("settle_in", f"letter={letters}", "copied=1")
        it.pool = (f"letter{number}@example.org" for number in range(1, letters + 1))
        it.journal, it.counted = {}, (0, 0)
        yield it


@pytest.fixture
def fault(production, request, record_property):
    """What a test does is counted in it; when the test is over the house is in order, or the test has failed."""
    it = Fault(production, production.pool)
    yield it
    for program in production.programs():
        print(f"--- {program.name}\n{program.said()[-4000:]}")
    it.settle()
    found = check(production.sql, production.mail, production.journal, media=production.folder / "media")
    name = request.node.name.removeprefix("test_").replace("_", " ")
    if it.injected:
        record_property(FAULT, row(name, it.injected, found, before=production.counted))
    production.counted = counted(found)
    assert found.wrong() == []
