"""Production as it is run, all of it real: PostgreSQL, Redis, a mail server, gunicorn over TLS, a Celery worker, beat.

One complaint goes all the way in a browser; then the same processes are doubled, killed and cut off from one another.
"""

import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPSConnection
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest

from cases.deadlines import Calendar, working_days_after
from casetracker import clock
from casetracker.settings import DEFAULT_SECRET_KEY
from tests.at_the_desk import acknowledges, assigns, investigates, issues_the_letter, talks_and_agrees
from tests.servers import Visitor, wait_until
from tests.servers import production as running
from tests.windows import Person, chromium

SWEEP = "letters.tasks.sweep_deliveries"
MOVED_BY_ANOTHER = "Somebody else moved this case a moment ago. Look at it again before you go on."


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    with running(tmp_path_factory.mktemp("production")) as it:
        it.settled = SimpleNamespace(**it.inside("settle_in", "crowd=30", "crash=20", "silence=3", "race=1"))
        yield it


@pytest.fixture(autouse=True)
def what_the_processes_said(production):
    """Stands in the report of a test that failed."""
    yield
    for program in production.programs():
        print(f"--- {program.name}\n{program.said()[-4000:]}")


def guests(production, occasion):
    """Whose letters were prepared for `occasion`."""
    return [f"{occasion}{n}@example.org" for n in range(1, production.settled.letters[occasion] + 1)]


def fall_due(production, occasion):
    due = production.sql("UPDATE letters_delivery SET due_at = now() WHERE to_email LIKE %s", f"{occasion}%")
    assert due == production.settled.letters[occasion]


def mails(production, occasion) -> Counter:
    """How many mails each guest of `occasion` got."""
    everybody = (person for kept in production.mail.kept for person in kept.recipients)
    return Counter(person for person in everybody if person.startswith(occasion))


def wait_for_all(production, occasion):
    everybody = {*guests(production, occasion)}
    # a worker that lost Redis asks for it every 30 s in the end, and starting one beside a whole run takes as long
    wait_until(lambda: mails(production, occasion).keys() == everybody, within=120, what="every letter is there")


def sweep_again(production):
    """The worker has looked twice more for what is due."""
    before = production.sweeps(SWEEP)
    production.ring(SWEEP)
    production.ring(SWEEP)
    wait_until(lambda: production.sweeps(SWEEP) >= before + 2, within=120, what="two more sweeps end")


# --- one complaint, all the way ---------------------------------------------------------------------------------------


@pytest.fixture
def people(production, tmp_path):
    """A customer and a lead, each at a browser window; what they saw last is kept as pictures."""
    with chromium() as browser:
        both = SimpleNamespace(customer=Person(browser, production.url), lead=Person(browser, production.url))
        yield both
        for name, person in vars(both).items():
            person.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            print(f"What the {name} saw last: {tmp_path / name}.png", *person.faults, sep="\n")


def complains(customer) -> str:
    """The customer fills in the public form; answers the number that they are shown."""
    customer.page.goto("/complain/")
    customer.fills(
        title="Ms",
        name="Rosalind Achterberg",
        email="rosalind@example.org",
        street="7 Quarry Steps",
        city="Sheffield",
        postcode="S10 2TN",
        story="The oven was fitted crooked. When I rang, the man on the phone laughed at me.",
        wanted="An oven that stands straight, and an apology.",
        order_reference="EH-310077",
    )
    customer.presses("Send my complaint")
    customer.reads("We have your complaint")
    return customer.page.locator(".number.big").inner_text()


def letter_in(mail) -> bytes:
    """The one PDF that the mail carries."""
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    return attached.get_content()


def assert_parts_in_order(pdf, *parts, folder):
    (folder / "letter.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", folder / "letter.pdf", "-"], capture_output=True, text=True, check=True)
    text, place = " ".join(read.stdout.split()), 0
    for part in parts:
        place = text.find(part, place)
        assert place >= 0, f"“{part}” does not stand where it should in:\n{text}"


def test_one_complaint_goes_all_the_way_through_a_browser_to_the_delivered_letter(production, people, tmp_path):
    customer, lead = people.customer, people.lead
    soon, later = (working_days_after(clock.today(), days, calendar=Calendar("GB")) for days in (2, 5))
    number = complains(customer)
    lead.signs_in("amara", production.settled.password)
    assigns(lead, number)
    acknowledges(lead, next_contact_on=soon)
    investigates(lead)
    talks_and_agrees(lead, due_on=later)
    issues_the_letter(lead)

    everybody = ["rosalind@example.org", "declan.foyle@example.com", "kofi.asante-reed@example.com"]
    wait_until(lambda: all(map(production.mail.to, everybody)), within=60, what="the letter and its copies are there")
    sweep_again(production)
    (letter,), (for_declan,), (for_kofi,) = map(production.mail.to, everybody)
    assert letter["Subject"] == f"Your complaint {number}: what we found and what we agreed"
    assert customer.page.url in letter.get_body().get_content()
    assert_parts_in_order(letter_in(for_declan), "Copy for Declan Foyle, Contact Centre Adviser", folder=tmp_path)
    assert list(for_kofi.iter_attachments()) == []
    assert "Every van carries a spirit level from now on." in for_kofi.get_body().get_content()
    assert "Achterberg" not in f"{for_kofi.items()} {for_kofi.get_body().get_content()}"
    assert_parts_in_order(
        letter_in(letter),
        "Ellerfold Home Limited",
        number,
        "EH-310077",
        "Ms Rosalind Achterberg 7 Quarry Steps",
        "Dear Ms Achterberg,",
        f"Your complaint {number}: what we found and what we agreed",
        "The oven was fitted crooked. It leans by four degrees.",
        "The adviser laughed at the customer. The recording has the laughter.",
        "The van carried no spirit level.",
        "The oven is fitted anew, free of charge.",
        f"{later:%-d %B %Y}",
        "Every van carries a spirit level from now on.",
        "We apologise again",
        "Yours sincerely",
        "Inês Carvalho Customer Relations Adviser",
        "Copies to",
        "Declan Foyle, Contact Centre Adviser",
        "Kofi Asante-Reed, Delivery Driver",
        folder=tmp_path,
    )

    lead.page.reload()
    assert lead.page.get_by_text("sent (250 kept as 4711)").count() == len(everybody)
    lead.presses("Close the case")
    lead.reads("Closed on")
    customer.page.reload()
    customer.reads("Your complaint is closed")
    assert all(cookie["secure"] for person in (customer, lead) for cookie in person.context.cookies())
    assert customer.faults + lead.faults == []


# --- doubled, killed, cut off -----------------------------------------------------------------------------------------


def test_two_beats_and_three_sweeps_at_once_send_every_letter_once(production):
    second = production.another_beat("second beat").start()
    try:
        fall_due(production, "crowd")
        with ThreadPoolExecutor(3) as pool:
            sweeps = list(pool.map(production.manage, ["clockwork"] * 3, ["--once"] * 3))
        assert [sweep.returncode for sweep in sweeps] == [0, 0, 0], [sweep.stderr for sweep in sweeps]
        wait_for_all(production, "crowd")
        sweep_again(production)
    finally:
        second.stop()
    assert mails(production, "crowd") == Counter(guests(production, "crowd"))


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(production):
    """One of its two processes dies between the dot and the answer, the other before it said anything of its letter."""
    production.beat.stop()
    after_the_dot = production.mail.hold("DOT", to="crash3@example.org")
    before_all = production.mail.hold("RCPT", to="crash10@example.org")
    fall_due(production, "crash")
    production.ring(SWEEP)
    production.ring(SWEEP)
    after_the_dot.wait()
    before_all.wait()
    production.worker.kill()
    assert mails(production, "crash") == Counter(guests(production, "crash")[:9])

    # The leases of the dead run on for minutes, lest a worker that is only slow lose its letter. Nobody waits here.
    end = "UPDATE letters_delivery SET lease_until = now() WHERE to_email LIKE %s AND sent_at IS NULL AND attempts > 0"
    assert production.sql(end, "crash%") == 2
    production.worker.start()
    production.beat.start()
    wait_for_all(production, "crash")
    sweep_again(production)
    assert mails(production, "crash") == Counter(guests(production, "crash"))
    unknown = "SELECT to_email, attempts FROM letters_delivery WHERE sent_at IS NULL AND handoff_at IS NOT NULL"
    assert production.sql(unknown) == [("crash3@example.org", 1)]


def test_what_fell_due_while_redis_was_away_goes_out_when_it_is_back(production):
    production.redis.stop()
    fall_due(production, "silence")
    answer = Visitor(production).send(email="meanwhile@example.org")
    assert "We have your complaint" in answer.text
    assert mails(production, "silence") == Counter()
    production.redis.start()
    wait_for_all(production, "silence")
    assert mails(production, "silence") == Counter(guests(production, "silence"))


def test_of_twenty_people_who_move_one_case_at_once_one_wins_and_the_others_read_why_not(production):
    case = production.settled.case
    read = production.inside("move_at_once", case, 20)
    assert Counter(read) == {"moved to investigate": 1, MOVED_BY_ANOTHER: 19}
    assert production.sql("SELECT kind FROM cases_event WHERE case_id = %s AND kind = 'investigate'", case) == [
        ("investigate",)
    ]


def test_of_eight_workers_who_claim_one_letter_at_once_one_sends_it(production):
    ((delivery,),) = production.sql("SELECT id FROM letters_delivery WHERE to_email = 'race1@example.org'")
    production.inside("claim_at_once", delivery, 8)
    assert mails(production, "race") == Counter(guests(production, "race"))
    assert production.sql("SELECT attempts, smtp_code FROM letters_delivery WHERE id = %s", delivery) == [(1, 250)]


# --- the form ---------------------------------------------------------------------------------------------------------


def cases_of(production, email):
    query = "SELECT page_key FROM cases_case JOIN cases_customer c ON c.id = customer_id WHERE email = %s"
    return [key for (key,) in production.sql(query, email)]


def test_one_form_sent_twenty_times_at_once_is_one_case(production):
    visitor = Visitor(production)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: visitor.send(email="impatient@example.org"), range(20)))
    (page_key,) = cases_of(production, "impatient@example.org")
    assert {answer.url for answer in answers} == {f"{production.url}/my/{page_key}/"}


def test_a_form_posted_from_a_page_of_another_site_is_not_taken(production):
    with pytest.raises(HTTPError, match="403"):
        Visitor(production).send(email="forged@example.org", origin="https://elsewhere.example")
    assert cases_of(production, "forged@example.org") == []


def test_whoever_comes_without_tls_is_sent_to_tls(production):
    """The server in front says in X-Forwarded-Proto how its visitor came."""
    with closing(HTTPSConnection("127.0.0.1", production.web_port, context=production.trust)) as visitor:
        visitor.request("GET", "/complain/", headers={"X-Forwarded-Proto": "http"})
        answer = visitor.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"{production.url}/complain/")


# --- what it refuses to run as ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SECRET_KEY", DEFAULT_SECRET_KEY, "set SECRET_KEY to a long random text"),
        ("SECRET_KEY", "short", "set SECRET_KEY to a long random text"),
        ("DEBUG", "on", "set DEBUG=off"),
        ("SITE_URL", "http://complaints.example", "SITE_URL must start with https://"),
        ("MAIL_URL", "", "MAIL_URL must say which mail server"),
    ],
)
def test_production_does_not_start_with_a_setting_that_lays_it_open(production, setting, value, said):
    refused = production.manage("check", **{setting: value})
    assert refused.returncode == 1
    assert said in refused.stderr


def test_production_finds_nothing_wrong_with_itself(production):
    checked = production.manage("check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
