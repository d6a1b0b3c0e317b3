"""What was said stays: database triggers that refuse to change or delete rows, on PostgreSQL and SQLite alike.

Used by migrations. SQLite rebuilds a table when a column changes and loses its triggers then, so a migration that
alters a frozen table ends with the same operations again; `tests/test_frozen.py` finds a table that went without.
"""

from django.db import migrations

FROZEN: set[str] = set()  # the tables of all migrations that were loaded


def freeze(table: str, columns: list[str], *, when: str = "", deletion: str = "") -> migrations.RunPython:
    """After this migration the database refuses to change `columns` of `table`, and to delete its rows. `when` limits
    the first to rows for which it holds, `deletion` the second (SQL over OLD)."""

    FROZEN.add(table)

    def forwards(apps, schema_editor):
        for sql in _created(schema_editor.connection.vendor, table, columns, when, deletion):
            schema_editor.execute(sql, params=None)

    def backwards(apps, schema_editor):
        for sql in _dropped(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    return migrations.RunPython(forwards, backwards)


def thaw(table: str) -> migrations.RunPython:
    """After this migration `table` may change: PostgreSQL alters no column that a trigger names. A later migration
    freezes it again."""

    def forwards(apps, schema_editor):
        for sql in _dropped(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def _created(vendor, table, columns, when, deletion):
    yield from _dropped(vendor, table)
    listed = ", ".join(f'"{column}"' for column in columns)
    for action, event, limit in (
        ("changed", f"UPDATE OF {listed}", when),
        ("deleted", "DELETE", deletion),
    ):
        name, said = f"{table}_never_{action}", f"{table}: rows are never {action}"
        condition = f"WHEN ({limit})" if limit else ""
        if vendor == "sqlite":
            yield (
                f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        else:
            yield _FUNCTION
            yield (
                f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW {condition} '
                f"EXECUTE FUNCTION casetracker_refuse('{said}')"
            )


def _dropped(vendor, table):
    for action in ("changed", "deleted"):
        on = "" if vendor == "sqlite" else f' ON "{table}"'
        yield f"DROP TRIGGER IF EXISTS {table}_never_{action}{on}"


_FUNCTION = """
CREATE OR REPLACE FUNCTION casetracker_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql
"""
