"""Many rows at once: what the bench puts into its databases, past the product's verbs, as those would have left it."""

import json
from contextlib import contextmanager

from django.db import connection, models


@contextmanager
def quick(*tables):
    """No trigger fires, and the indexes of `tables` that no constraint needs are made at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT schemaname || '.' || indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s) AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = (schemaname || '.' || indexname)::regclass)",
            [list(tables)],
        )
        indexes = [(name, how) for name, how in cursor.fetchall() if " UNIQUE " not in how]
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, how in indexes:
            cursor.execute(how)
        cursor.execute("SET session_replication_role = DEFAULT")


def insert(model, source, **values):
    """A row of `model` for each row that the SQL `source` has, with `values` (SQL by field). What they leave out is
    as a new row of the model has it."""
    given = dict(_columns(model, values))
    columns, expressions = ", ".join(given), ", ".join(given.values())
    run(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {expressions} FROM {source}")


def _columns(model, values):
    unknown = values.keys() - {field.name for field in model._meta.local_concrete_fields}
    assert not unknown, f"{model.__name__} has no {unknown}"
    for field in model._meta.local_concrete_fields:
        if field.name in values:
            yield f'"{field.column}"', values[field.name]
        elif not (field.null or field.primary_key):
            yield f'"{field.column}"', _plain(field)


def _plain(field):
    """The default of `field` as SQL; what is different for each row has to be said."""
    default = field.get_default()
    if isinstance(field, models.JSONField):
        return quoted(json.dumps(default))
    told = default is not None and not (field.has_default() and callable(field.default))
    assert told, f"Say what {field} is."
    return str(default) if isinstance(field, models.BooleanField | models.IntegerField) else quoted(default)


def run(sql):
    """What it answers first, if anything. Nothing in `sql` stands for a parameter."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def quoted(text) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def array(values) -> str:
    """A list of SQL."""
    return f"ARRAY[{', '.join(str(one) if isinstance(one, int) else quoted(one) for one in values)}]"


def last(model) -> int:
    """The highest number that a row has."""
    return run(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")


def count_on(model):
    """New rows have numbers after those that are there."""
    table = model._meta.db_table
    run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
