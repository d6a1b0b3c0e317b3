"""On PostgreSQL a case is found by the words of its letters, issued ones and drafts (see cases 0017)."""

from django.db import migrations

from casetracker.finding import found_by, on_postgresql

WRITTEN = """
CREATE OR REPLACE FUNCTION cases_written(of_case bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat_ws(' ', subject, body), ' ' ORDER BY id)
    FROM letters_letter WHERE case_id = of_case AND discarded_on IS NULL
$$;
SET LOCAL statement_timeout = 0;
SELECT cases_make_searchable(ARRAY(SELECT DISTINCT case_id FROM letters_letter));
"""

NOT_WRITTEN = """
CREATE OR REPLACE FUNCTION cases_written(of_case bigint) RETURNS text LANGUAGE sql STABLE AS $$ SELECT ''::text $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_cases_are_found_by_their_words"),
        ("letters", "0011_temporary_answers"),
    ]
    operations = [
        on_postgresql(WRITTEN, NOT_WRITTEN),
        found_by("letters_letter", ["subject", "body", "discarded_on"]),
    ]
