"""The desk: somebody of the cast signed in, on the morning after Eleanor complained."""

from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def on_tuesday():
    """It is nine o'clock on Tuesday, the day after Eleanor complained."""
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def desk(on_tuesday, client, handler):
    """Ines at her desk."""
    client.force_login(handler)
    return client


@pytest.fixture
def leads_desk(on_tuesday, client, lead):
    """Amara at hers."""
    client.force_login(lead)
    return client
