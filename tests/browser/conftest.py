from pathlib import Path

import pytest

from tests.windows import Person, chromium

from .house import PASSWORD, served

PICTURES = Path(__file__).resolve().parents[2] / "var" / "browser"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")  # while it runs, no test of this process may ask a database
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def somebody(house, browser):
    """Opens a window and signs somebody in there. In the end no window may have had anything to complain about."""
    opened = []

    def signed_in(username, **window):
        person = Person(browser, house.url, **window)
        opened.append((username, person))
        person.signs_in(username, PASSWORD)
        return person

    yield signed_in
    PICTURES.mkdir(parents=True, exist_ok=True)
    for username, person in opened:
        person.page.screenshot(path=PICTURES / f"last-of-{username}.png", full_page=True)
        person.context.close()
    faults = [fault for _, person in opened for fault in person.faults]
    assert not faults, "\n".join(faults)
