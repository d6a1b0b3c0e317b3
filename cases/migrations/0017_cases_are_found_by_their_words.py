"""On PostgreSQL a case is found by its words: one row for each case in cases_searchable, kept right by triggers.

Two functions make the words. `cases_plain` compares as `cases/search/plain.py` does. `cases_written` is what the letters
of a case say; their app puts its own in the place of this empty one.

Before a row is made anew its case is locked, so that of two people who add to a case at once neither's words are lost,
and whoever holds the case already waits for nobody.
"""

from django.db import migrations, models
import django.db.models.deletion

from cases.search.plain import DROPPED, SAME, SPACES, WITHOUT_SPACES
from casetracker.finding import found_by, on_postgresql

FROM = "".join(SAME) + DROPPED
TO = "".join(SAME.values())
SIGNS = SPACES.replace("]", "").replace("-", "").replace("\\", "\\\\")  # within brackets, the former two stand outside
ARABIC = "\u0600-\u06ff\u200c-\u200f"  # the slow half of the work is for those who need it


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


PLAIN = f"""
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION cases_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(
        lower(unaccent(CASE WHEN said ~ '[{ARABIC}]' THEN translate(spaced, {quoted(FROM)}, {quoted(TO)}) ELSE spaced END)),
        '([{WITHOUT_SPACES}])', ' \\1 ', 'g')
    FROM regexp_replace(said, {quoted(f"[]{SIGNS}-]+")}, ' ', 'g') AS spaced
$$;

CREATE FUNCTION cases_number(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT replace(cases_plain(said), ' ', '')
$$;

CREATE FUNCTION cases_written(of_case bigint) RETURNS text LANGUAGE sql STABLE AS $$ SELECT ''::text $$;
"""

# a tsvector holds a megabyte: more words than 200,000 characters have would make a letter fail that quotes them
ROWS = """
CREATE TABLE cases_searchable (case_id bigint PRIMARY KEY, names text NOT NULL, vector tsvector NOT NULL);

CREATE FUNCTION cases_make_searchable(these bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases_searchable (case_id, names, vector)
    SELECT c.id,
        left(cases_plain(concat_ws(' ', k.name, k.email, people.names)), 2000),
        to_tsvector('simple', left(cases_plain(concat_ws(' ', c.reference, c.order_reference, c.external_id,
            cases_number(c.reference), cases_number(c.order_reference), cases_number(c.external_id),
            cases_number(k.phone), k.name, k.email, people.names, c.subject, c.product, c.topic, c.story, c.wanted,
            points.words, people.words, talks.words, cases_written(c.id))), 200000))
    FROM unnest(these) AS asked(id)
    JOIN cases_case c ON c.id = asked.id
    JOIN cases_customer k ON k.id = c.customer_id
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', text, finding), ' ' ORDER BY number) AS words
        FROM cases_point WHERE case_id = c.id) points
    CROSS JOIN LATERAL (
        SELECT string_agg(name, ' ' ORDER BY id) AS names, string_agg(concat_ws(' ', why, account), ' ' ORDER BY id) AS words
        FROM cases_involvement WHERE case_id = c.id) people
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', said, proposed), ' ' ORDER BY id) AS words
        FROM cases_conversation WHERE case_id = c.id) talks
    ON CONFLICT (case_id) DO UPDATE SET names = EXCLUDED.names, vector = EXCLUDED.vector
$$;

CREATE FUNCTION cases_make_searchable_anew(these bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cases_case WHERE id = ANY (these) ORDER BY id FOR NO KEY UPDATE;
    PERFORM cases_make_searchable(these);
END $$;

CREATE FUNCTION cases_found_when_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_make_searchable_anew(ARRAY(SELECT DISTINCT case_id FROM fresh));
    RETURN NULL;
END $$;

CREATE FUNCTION cases_found_when_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_make_searchable_anew(ARRAY[NEW.case_id]);
    RETURN NULL;
END $$;

CREATE FUNCTION cases_found_when_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_make_searchable(ARRAY(SELECT id FROM fresh));
    RETURN NULL;
END $$;

CREATE FUNCTION cases_found_when_called_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_make_searchable_anew(ARRAY(SELECT id FROM cases_case WHERE customer_id = NEW.id));
    RETURN NULL;
END $$;

CREATE TRIGGER cases_case_found_when_new AFTER INSERT ON cases_case REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION cases_found_when_received();
CREATE TRIGGER cases_customer_found_when_changed AFTER UPDATE ON cases_customer FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.email IS DISTINCT FROM NEW.email
        OR OLD.phone IS DISTINCT FROM NEW.phone)
    EXECUTE FUNCTION cases_found_when_called_otherwise();
"""

# the cases that are here already may be many; the indexes are made faster afterwards, and want to know the words
FILLED = """
SET LOCAL statement_timeout = 0;
SELECT cases_make_searchable(ARRAY(SELECT id FROM cases_case ORDER BY id));
CREATE INDEX cases_searchable_words ON cases_searchable USING gin (vector);
CREATE INDEX cases_searchable_names ON cases_searchable USING gin (names gin_trgm_ops);
ALTER TABLE cases_searchable ALTER COLUMN vector SET STATISTICS 1000;
ANALYZE cases_searchable;
"""

GONE = """
DROP TRIGGER cases_case_found_when_new ON cases_case;
DROP TRIGGER cases_customer_found_when_changed ON cases_customer;
DROP FUNCTION cases_found_when_called_otherwise, cases_found_when_received, cases_found_when_changed,
    cases_found_when_new, cases_make_searchable_anew, cases_make_searchable;
DROP TABLE cases_searchable;
DROP FUNCTION cases_written, cases_number, cases_plain;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_somebody_is_asked_for_who_looks_after_nobodys_case")]
    operations = [
        migrations.CreateModel(
            name="Searchable",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="searchable",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("names", models.TextField(help_text="Of the customer and of all involved, as they are compared.")),
                ("vector", models.TextField(help_text="A tsvector.")),
            ],
            options={"db_table": "cases_searchable", "managed": False},
        ),
        on_postgresql(PLAIN + ROWS, GONE),
        found_by("cases_point", ["text", "finding"]),
        found_by("cases_involvement", ["name", "why", "account"]),
        found_by("cases_conversation", ["said", "proposed"]),
        on_postgresql(FILLED),
    ]
