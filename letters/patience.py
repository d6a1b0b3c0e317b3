"""How long an e-mail waits that could not be sent, until it is tried again, and when it is given up.

Pauses are stretched by chance, so that what failed together does not come back together.
"""

import random
from datetime import timedelta

PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240)]  # after each attempt; the last one repeats
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(minutes=30)  # while the server asks us to slow down
GIVEN_UP_AFTER = timedelta(hours=72)
FORGOTTEN_AFTER = timedelta(hours=6)  # later than its hour by this much: we were away, so that time does not count

chance = random.Random()


def after_attempt(number) -> timedelta:
    """The pause after the `number`-th attempt that the server would not take for now."""
    return _stretched(PAUSES[min(number, len(PAUSES)) - 1])


def when_busy(waited) -> timedelta:
    """The pause after an answer that is about our pace: a quarter of what the letter has waited so far."""
    return _stretched(min(max(waited / 4, SHORTEST), LONGEST))


def when_away() -> timedelta:
    """The pause of all letters while there is no line to the server."""
    return _stretched(SHORTEST)


def _stretched(pause):
    return pause * (1 + chance.random() / 4)


def deferred_since(first_at, *, due_at, at):
    """Since when a letter, due at `due_at`, has met temporary answers only, of which this one comes `at`. The time in
    which nobody tried does not count."""
    return first_at if first_at and at - due_at <= FORGOTTEN_AFTER else at


def is_over(since, *, at) -> bool:
    return at - since >= GIVEN_UP_AFTER
