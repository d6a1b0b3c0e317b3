"""What can be searched is kept right by the database itself: triggers on the tables with the words, PostgreSQL only.

Used by migrations, as `frozen.py` is. Whatever writes such a row, even SQL or a whole file at once, the case's row in
`cases_searchable` knows its words when the statement ends.
"""

from django.db import migrations


def on_postgresql(sql: str, undo: str = "") -> migrations.RunPython:
    """Run the statements of `sql` where there is PostgreSQL, and nothing elsewhere."""

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    def backwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql" and undo:
            schema_editor.execute(undo, params=None)

    return migrations.RunPython(forwards, backwards)


def found_by(table: str, columns: list[str]) -> migrations.RunPython:
    """After this migration a case is found by `columns` of its rows in `table`, new ones and changed ones."""
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return on_postgresql(
        f"""
        CREATE TRIGGER {table}_found_when_new AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS fresh
            FOR EACH STATEMENT EXECUTE FUNCTION cases_found_when_new();
        CREATE TRIGGER {table}_found_when_changed AFTER UPDATE ON "{table}" FOR EACH ROW WHEN ({changed})
            EXECUTE FUNCTION cases_found_when_changed();
        """,
        f"""
        DROP TRIGGER IF EXISTS {table}_found_when_new ON "{table}";
        DROP TRIGGER IF EXISTS {table}_found_when_changed ON "{table}";
        """,
    )
