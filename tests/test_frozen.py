"""Nothing that came in or was said is edited or deleted through any door: not by a verb, not by a query, not by SQL."""

import pytest
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader

from cases.models import Commitment, Event, Promise, WrittenOnce
from casetracker.frozen import FROZEN
from letters.models import Delivery, Letter
from tests.conftest import FRIDAY, MONDAY


def refused(sql, *values):
    with pytest.raises(Error, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_event_is_never_changed_or_deleted(case):
    event = case.events.get()
    event.text = "Nothing happened."
    with pytest.raises(WrittenOnce):
        event.save()
    with pytest.raises(WrittenOnce):
        event.delete()
    with pytest.raises(WrittenOnce):
        Event.objects.update(text="Nothing happened.")
    with pytest.raises(WrittenOnce):
        case.events.all().delete()
    refused("UPDATE cases_event SET text = %s", "Nothing happened.")
    refused("DELETE FROM cases_event")


@pytest.mark.parametrize("column", ["story", "wanted", "received_on", "reference", "channel", "customer_id"])
def test_what_the_customer_told_us_is_never_changed(case, column):
    refused(f"UPDATE cases_case SET {column} = {column}")


def test_a_case_is_never_deleted(case):
    refused("DELETE FROM cases_case WHERE id = %s", case.pk)


def test_a_conversation_a_point_an_agreement_and_a_commitment_stay_as_they_were(case, handler):
    case.add_point("It was dented.", on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", on=MONDAY, by=handler)
    case.agree("A new fridge.", [Promise("Deliver it", handler, FRIDAY)], on=MONDAY, by=handler)
    refused("UPDATE cases_conversation SET said = %s", "She was fine.")
    refused("UPDATE cases_point SET text = %s", "It was fine.")
    refused("UPDATE cases_agreement SET summary = %s", "Nothing.")
    refused("UPDATE cases_commitment SET due_on = due_on")
    refused("DELETE FROM cases_commitment")
    Commitment.objects.update(kept_on=FRIDAY)


def test_an_account_once_given_stays_as_it_was(case, handler, driver):
    person = case.involve(user=driver, part="witness", why="Drove the van", on=MONDAY, by=handler)
    case.take_account(person, "I saw the dent.", on=MONDAY, by=handler)
    refused("UPDATE cases_involvement SET account = %s", "I saw nothing.")


def test_an_issued_letter_and_its_envelopes_stay_as_they_were(issued):
    refused("UPDATE letters_letter SET body = %s", "Nothing.")
    refused("UPDATE letters_letter SET pdf = %s", b"Nothing.")
    refused("DELETE FROM letters_letter")
    refused("UPDATE letters_delivery SET to_email = %s", "me@example.org")
    refused("DELETE FROM letters_delivery")
    assert Letter.objects.get(pk=issued.pk).sha256 == issued.sha256
    assert Delivery.objects.filter(letter=issued).exists()


def test_a_user_who_leaves_takes_nothing_along(case, handler):
    case.assign(handler, on=MONDAY, by=handler)
    case.log_conversation(said="She told it all.", on=MONDAY, by=handler)
    name = str(handler)
    handler.delete()
    case.refresh_from_db()
    assert case.handler is None
    assert case.conversations.get().by_name == name
    assert case.events.filter(by_name=name, by=None).count() == 3


def test_every_table_that_a_migration_froze_still_has_its_triggers(db):
    """SQLite loses them when a table is rebuilt; then the later migration has to freeze it again."""
    MigrationLoader(connection)  # reads every migration
    assert len(FROZEN) >= 14
    for table in FROZEN:
        assert {f"{table}_never_changed", f"{table}_never_deleted"} <= triggers()


def triggers():
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql if connection.vendor == "sqlite" else "SELECT tgname FROM pg_trigger")
        return {name for (name,) in cursor.fetchall()}
