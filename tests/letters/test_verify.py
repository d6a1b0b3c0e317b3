"""Every issued letter is proven unchanged, and a change below the database's own guard is found."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from letters import dispatch, enclosing
from tests.conftest import TUESDAY
from tests.letters.pdfs import pdf


@pytest.fixture
def with_enclosure(draft, handler):
    enclosing.enclose(draft, "record", pdf(), on=TUESDAY, by=handler)
    dispatch.issue(draft, on=TUESDAY, by=handler)
    return draft


def behind_the_guard(sql, *values, table="letters_letter"):
    """What somebody does who may drop the triggers."""
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f" ON {table}"
        cursor.execute(f"DROP TRIGGER {table}_never_changed{on}")
        cursor.execute(sql, values)


def test_issued_letters_are_proven_unchanged(with_enclosure, capsys):
    call_command("verify_letters")
    assert capsys.readouterr().out == "Letters checked: 1. Each is as it was issued.\n"


def test_a_changed_letter_is_found(with_enclosure):
    behind_the_guard("UPDATE letters_letter SET sha256 = 'x'")
    with pytest.raises(CommandError, match=r"Letter 2026/1 .* is not what was issued"):
        call_command("verify_letters")


def test_a_changed_enclosure_is_found(with_enclosure):
    behind_the_guard("UPDATE letters_enclosure SET content = %s", b"%PDF-1.7 forged", table="letters_enclosure")
    with pytest.raises(CommandError, match=r"“record”, enclosed with letter 2026/1, was changed"):
        call_command("verify_letters")


def test_an_enclosure_that_is_gone_is_found(with_enclosure):
    with_enclosure.enclosures.all().delete()
    with pytest.raises(CommandError, match=r"Letter 2026/1 .* does not have the enclosures that it names"):
        call_command("verify_letters")


def test_a_gap_in_the_register_is_found(with_enclosure):
    behind_the_guard("UPDATE letters_letter SET register_number = 3")
    with pytest.raises(CommandError, match="register of 2026 lacks number 1, 2"):
        call_command("verify_letters")
