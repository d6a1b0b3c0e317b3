"""A house of some years in its database: as many cases as are asked for, each with all that belongs to it.

About three in a hundred are open. Dates, people, words and outcomes are made of the number of a case, so every run has
the same ones.
"""

from django.db import transaction

from bench import filling, rows, words
from bench.filling import array, run
from cases.models import Case, Customer, Role, Team, User
from letters import library
from letters.models import Kind

STAFF, TEAMS = 50, 5
DAYS = 730  # before today, on which they came in
WORDS = "cases_searchable"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.pick(n bigint, salt int, most int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8(n * 64 + salt) & 2147483647) % most $$;
CREATE OR REPLACE FUNCTION pg_temp.one_of(n bigint, salt int, list text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT list[1 + pg_temp.pick(n, salt, cardinality(list))] $$;
CREATE OR REPLACE FUNCTION pg_temp.workday(day date) RETURNS date LANGUAGE sql IMMUTABLE AS
    $$ SELECT day + CASE extract(isodow FROM day) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END $$;
CREATE OR REPLACE FUNCTION pg_temp.reference(year int, n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT year || '-' || left(digits, 4) || '-' || right(digits, 3) || (
        SELECT (10 - sum(CASE WHEN place % 2 = 1 THEN digit * 2 / 10 + digit * 2 % 10 ELSE digit END) % 10) % 10
        FROM (SELECT place, substr(year || digits, 12 - place, 1)::int AS digit FROM generate_series(1, 11) place) each)
    FROM (SELECT lpad((n * 7919777 % 10000000)::text, 7, '0') AS digits) of_seven $$;
"""

# What all rows about a case are made of; the oldest cases have the lowest numbers.
FACTS = """
CREATE UNLOGGED TABLE bench_case AS
SELECT n, n - {before} + {customers} AS customer, today, today - age AS received_on, is_open,
    CASE WHEN NOT is_open THEN 'closed' ELSE pg_temp.one_of(
        n, 1, ARRAY['acknowledge', 'investigate', 'investigate', 'talk', 'agree', 'document']) END AS stage,
    CASE WHEN is_open AND pg_temp.pick(n, 2, 10) = 0 THEN NULL
        ELSE staff[1 + pg_temp.pick(n, 3, cardinality(staff))] END AS handler,
    teams[1 + pg_temp.pick(n, 14, cardinality(teams))] AS team,
    least(today, today - age + 4 + pg_temp.pick(n, 4, 24)) AS ended_on,
    NOT is_open AND pg_temp.pick(n, 5, 12) = 0 AS left_early,
    CASE WHEN n = {last} THEN {well_known} ELSE pg_temp.one_of(n, 6, {first_names}) || ' '
        || pg_temp.one_of(n, 7, {beginnings}) || pg_temp.one_of(n, 8, {endings}) END AS name,
    pg_temp.one_of(n, 10, {sentences}) || ' ' || pg_temp.one_of(n, 11, {sentences}) || E'\\n\\n'
        || pg_temp.one_of(n, 12, {sentences}) || ' ' || pg_temp.one_of(n, 13, {sentences}) AS story
FROM (
    SELECT n, {today}::date AS today, {staff}::bigint[] AS staff, {teams}::bigint[] AS teams,
        ({days}::bigint * ({last} - n) / {count})::int AS age,
        {days}::bigint * ({last} - n) / {count} < 60 AND pg_temp.pick(n, 9, 100) < 37 AS is_open
    FROM generate_series({before} + 1, {last}) n) each
"""


def staffed():
    """Advisers in teams, a lead, and the letters' templates."""
    teams = Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(1, TEAMS + 1))
    for number in range(STAFF):
        name = {"first_name": words.FIRST_NAMES[number], "last_name": f"{words.BEGINNINGS[number]}son"}
        adviser = User(username=f"adviser{number}", email=f"adviser{number}@example.com", role=Role.HANDLER, **name)
        adviser.save()
        adviser.teams.add(teams[number % TEAMS])
    User(username="lead", first_name="Lea", last_name="Lead", email="lead@example.com", role=Role.LEAD).save()
    for kind in (Kind.RESOLUTION, Kind.PROGRESS):
        library.current_version(kind, "en")


def filled(cases, *, today):
    """There are so many `cases`, with what belongs to them, as the product would have left it."""
    tables = [model._meta.db_table for model in rows.FILLED]
    with transaction.atomic():
        with filling.quick(*tables):
            run(FUNCTIONS)
            run(_facts(cases, today=today))
            run("ANALYZE bench_case")
            for write in rows.WRITERS:
                write()
            for model in rows.FILLED:
                filling.count_on(model)
        run(f"ANALYZE {', '.join(tables)}")
        if run(f"SELECT to_regclass('{WORDS}') IS NOT NULL"):
            _make_words()
        run("DROP TABLE bench_case")
    run("VACUUM ANALYZE")


def _make_words():
    """What the triggers would have written, had they fired."""
    with filling.quick(WORDS):
        run("SELECT cases_make_searchable(ARRAY(SELECT n FROM bench_case ORDER BY n))")


def _facts(cases, *, today):
    before = filling.last(Case)
    return FACTS.format(
        before=before,
        last=cases,
        count=cases - before,
        customers=filling.last(Customer),
        today=filling.quoted(today),
        days=DAYS,
        staff=array(User.objects.filter(role=Role.HANDLER).order_by("pk").values_list("pk", flat=True)),
        teams=array(Team.objects.order_by("pk").values_list("pk", flat=True)),
        well_known=filling.quoted(words.WELL_KNOWN),
        first_names=array(words.FIRST_NAMES),
        beginnings=array(words.BEGINNINGS),
        endings=array(words.ENDINGS),
        sentences=array(words.SENTENCES),
    )
