"""One letter to one person, once: what every kind of server does to it, and what we then say of it."""

import os
import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from letters import post
from tests.letters.smtp_server import ScriptedServer, cut, drip, flood, half, silence

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA = "ana@customer.example"
QUICK = post.Deadlines(connect=1, envelope=0.6, body=1, verdict=0.6)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.MAIL_FROM = "Customer relations <complaints@example.com>"
    settings.MAIL_ARCHIVE = ""
    settings.MAIL_URL = f"folder:{tmp_path / 'mail'}"


def letter(**changes):
    given = {
        "to_name": "Ana Ruiz",
        "to_address": ANA,
        "subject": "Your complaint C-1042",
        "text": "Dear Ms Ruiz,\n\nthank you for telling us.\n",
        "message_id": "<letter-1.1@example.com>",
        "at": MONDAY,
    }
    return post.compose(**given | changes)


def yes():
    return True


def no():
    return False


def send(message=None, *, to=ANA, handoff=yes):
    return post.send(message or letter(), to=to, handoff=handoff, deadlines=QUICK)


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def words(raw):
    """The text of the mail, its line ends as in Python."""
    return read(raw).get_content().replace("\r\n", "\n")


def decoded(raw, header):
    """The header as RFC 2047 has it, independently of the library's address parser."""
    return str(make_header(decode_header(message_from_bytes(raw)[header])))


@pytest.fixture
def server(settings):
    """Start a scripted server with the given steps; the settings then point to it."""
    started = []

    def start(**script):
        started.append(ScriptedServer(**script).__enter__())
        settings.MAIL_URL = started[-1].url
        return started[-1]

    yield start
    for one in started:
        one.__exit__()


class Mailbox:
    """An aiosmtpd handler that keeps what it is given."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, _session, envelope):
        self.letters.append(envelope)
        self.secure = server.transport.get_extra_info("ssl_object") is not None
        return "250 2.0.0 kept as 4711"


@pytest.fixture
def real_server(settings):
    started = []

    def start(scheme="smtp", *, user="", **options):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        controller = Controller(Mailbox(), hostname="127.0.0.1", port=port, **options)
        controller.start()
        started.append(controller)
        settings.MAIL_URL = f"{scheme}://{user}127.0.0.1:{port}"
        return controller.handler

    yield start
    for controller in started:
        controller.stop()


# --- a server that behaves ----------------------------------------------------------------------------------


def test_a_letter_reaches_its_one_person_and_the_servers_own_words_are_kept(real_server):
    mailbox = real_server()

    reply = send()

    assert reply == post.Reply(250, "2.0.0 kept as 4711", archived=False)
    [kept] = mailbox.letters
    assert kept.mail_from == "complaints@example.com"
    assert kept.rcpt_tos == [ANA]
    assert kept.content == letter().as_bytes(policy=policy.SMTP)


def test_a_line_that_is_a_single_dot_does_not_end_the_letter(real_server):
    mailbox = real_server()

    send(letter(text="one\n.\n..two\n.three\nlast\n"))

    assert words(mailbox.letters[0].content) == "one\n.\n..two\n.three\nlast\n"


def test_a_foreign_line_end_cannot_end_the_letter_early(server):
    with_bare_line_ends = letter()
    with_bare_line_ends.set_payload("one\n.\nMAIL FROM:<forged@example.com>\r.\rend\n")
    mailbox = server()

    send(with_bare_line_ends)

    assert mailbox.kept[0].raw.endswith(b"one\r\n.\r\nMAIL FROM:<forged@example.com>\r\n.\r\nend\r\n")
    assert not any("forged" in command for command in mailbox.commands)


def test_an_attachment_of_three_megabytes_arrives_whole(real_server):
    mailbox = real_server()
    pdf = os.urandom(3 * 1024 * 1024)

    post.send(letter(attachments=[post.Attachment("resolution.pdf", "application/pdf", pdf)]), to=ANA, handoff=yes)

    [attached] = read(mailbox.letters[0].content).iter_attachments()
    assert attached.get_content() == pdf
    assert attached.get_filename() == "resolution.pdf"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("محمد بن عبد الله الفلاني الطويل جدا", "بخصوص شكواكم رقم " + "سطر " * 30),
        ("王小明", "关于您的投诉 C-1042" + "，以及我们的答复" * 12),
        ('Zoë O\'Brien; "Z" <boss@example.org>, x', "Été: déjà vu"),
    ],
)
def test_names_and_subjects_of_any_script_arrive_as_they_are(real_server, name, subject):
    mailbox = real_server()

    send(letter(to_name=name, subject=subject.strip(), text=f"{name}\n"))

    raw = mailbox.letters[0].content
    assert decoded(raw, "To") == f"{name} <{ANA}>"
    assert decoded(raw, "Subject") == subject.strip()
    assert words(raw) == f"{name}\n"
    assert len(read(raw)["To"].addresses) == 1


def test_eight_bit_text_is_announced_and_a_server_without_it_gets_seven_bits(server):
    arabic = letter(text="شكرا لكم\n")
    modern = server()
    send(arabic)
    old = server(EHLO="250 mail.example")
    send(arabic)

    assert any("BODY=8BITMIME" in command for command in modern.commands)
    assert not modern.kept[0].raw.isascii()
    assert not any("BODY=" in command for command in old.commands)
    assert old.kept[0].raw.isascii()
    assert words(old.kept[0].raw) == "شكرا لكم\n"


def test_a_server_that_knows_only_helo_gets_the_letter(server):
    mailbox = server(EHLO="502 what is that")

    assert send().code == 250
    assert len(mailbox.kept) == 1


def test_a_failing_goodbye_does_not_matter(server):
    mailbox = server(QUIT=cut)

    assert send().code == 250
    assert mailbox.wait_for(lambda: "QUIT" in mailbox.commands)


def test_a_reply_is_told_without_control_characters_and_in_a_thousand_at_most(server):
    server(DOT=f"250-first\r\n250 \x1b[31m\x07second {'x' * 2000}")

    text = send().text

    assert text.startswith("first  [31m second xxx")
    assert len(text) == 1000


# --- the mark before the dot --------------------------------------------------------------------------------


def test_the_handoff_is_asked_once_after_the_whole_text_and_before_the_dot(server):
    mailbox = server()
    lines = letter().as_bytes(policy=policy.SMTP).count(b"\r\n")
    seen = []

    def handoff():
        mailbox.wait_for(lambda: mailbox.lines_so_far == lines)
        time.sleep(0.05)  # a dot already sent would have arrived by now
        seen.append((mailbox.commands[-1], mailbox.lines_so_far, len(mailbox.kept)))
        return True

    send(handoff=handoff)

    assert seen == [("DATA", lines, 0)]
    assert len(mailbox.kept) == 1


@pytest.mark.parametrize("start", ["server", "real_server"])
def test_a_letter_that_is_no_longer_ours_is_withdrawn_and_no_server_keeps_it(request, start):
    mailbox = request.getfixturevalue(start)()

    with pytest.raises(post.Withdrawn):
        send(handoff=no)

    # served one after the other: when the next letter is in, the line before it is over for the server too
    send(letter(message_id="<letter-2.1@example.com>"))
    kept = [read(getattr(one, "raw", None) or one.content) for one in getattr(mailbox, "kept", None) or mailbox.letters]
    assert [one["Message-ID"] for one in kept] == ["<letter-2.1@example.com>"]


@pytest.mark.parametrize("fault", [RuntimeError("database gone"), OSError("disk gone")])
def test_a_handoff_that_fails_passes_its_error_on_and_nothing_is_sent(server, fault):
    mailbox = server()

    def handoff():
        raise fault

    with pytest.raises(type(fault)) as raised:
        send(handoff=handoff)

    assert raised.value is fault
    send(letter(message_id="<letter-2.1@example.com>"))
    assert [read(one.raw)["Message-ID"] for one in mailbox.kept] == ["<letter-2.1@example.com>"]


def test_a_server_that_hangs_up_during_the_handoff_defers_instead_of_leaving_it_unknown(server):
    asked, gone = threading.Event(), threading.Event()

    def go_on_then_leave(sock):
        sock.sendall(b"354 go on\r\n")
        asked.wait(timeout=2)
        sock.recv(65536)
        sock.shutdown(socket.SHUT_RDWR)
        gone.set()
        cut(sock)

    server(DATA=go_on_then_leave)

    def handoff():
        asked.set()
        assert gone.wait(timeout=2)
        time.sleep(0.05)  # until its goodbye has reached us
        return True

    with pytest.raises(post.Deferred, match="closed the line"):
        send(handoff=handoff)


def test_an_answer_before_the_dot_is_not_taken_for_the_answer_to_the_dot(server):
    mailbox = server(DATA="354 go on\r\n250 kept already")
    asked = []

    with pytest.raises(post.Deferred, match="before the end of the letter"):
        send(handoff=lambda: asked.append(True) or True)

    assert asked == []
    assert mailbox.kept == []


# --- servers that say no ------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("reply", ["421 4.3.2 closing", "432 4.7.0 too many", "450 4.2.0 later", "451 4.7.1 slow"])
def test_a_temporary_no_at_any_step_is_worth_another_try(server, step, reply):
    mailbox = server(**{step: reply})

    with pytest.raises(post.Deferred) as raised:
        send()

    assert (raised.value.code, raised.value.text) == (int(reply[:3]), reply[4:])
    assert mailbox.kept == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("reply", ["550 5.1.1 no such person", "552 5.3.4 too big", "554 5.7.1 policy"])
def test_a_final_no_to_the_letter_is_refused_with_the_servers_words(server, step, reply):
    mailbox = server(**{step: reply})

    with pytest.raises(post.Refused) as raised:
        send()

    assert (raised.value.code, raised.value.text) == (int(reply[:3]), reply[4:])
    assert str(raised.value) == reply
    assert mailbox.kept == []


@pytest.mark.parametrize("script", [{"GREETING": "554 not you"}, {"EHLO": "554 not you", "HELO": "554 not you"}])
def test_a_server_that_does_not_want_us_at_all_is_no_fault_of_the_person(server, script):
    server(**script)

    with pytest.raises(post.Deferred) as raised:
        send()

    assert raised.value.code == 554


def test_a_server_that_wants_us_to_sign_in_is_no_fault_of_the_person(server):
    server(MAIL="530 5.7.0 Authentication required")

    with pytest.raises(post.Deferred) as raised:
        send()

    assert raised.value.code == 530


def test_a_letter_over_the_servers_size_is_refused_before_it_is_sent(server):
    mailbox = server(EHLO="250-mail.example\r\n250 SIZE 300")

    with pytest.raises(post.Refused, match="300 at most"):
        send(letter(text="x" * 400))

    assert not any(command.upper().startswith("MAIL") for command in mailbox.commands)


def test_a_server_that_hangs_up_in_the_middle_is_heard_first(server):
    def stop_the_flow(sock):
        sock.sendall(b"354 go on\r\n")
        sock.recv(1000)
        sock.sendall(b"552 5.3.4 too big\r\n")
        cut(sock)

    server(DATA=stop_the_flow)
    big = letter(attachments=[post.Attachment("a.pdf", "application/pdf", bytes(8_000_000))])

    with pytest.raises(post.Refused) as raised:
        send(big)

    assert raised.value.code == 552


# --- lines that break ---------------------------------------------------------------------------------------


def test_a_refused_connection_is_worth_another_try(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.MAIL_URL = f"smtp://127.0.0.1:{closed.getsockname()[1]}"

    with pytest.raises(post.Deferred, match="refused") as raised:
        send()

    assert raised.value.code is None


def test_a_name_that_is_not_found_is_worth_another_try(settings, monkeypatch):
    def not_found(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    settings.MAIL_URL = "smtp://mail.invalid"

    with pytest.raises(post.Deferred, match="name was not found"):
        send()


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [cut, silence, half("25"), "hello there", flood(b"220-and so on\r\n".decode())])
def test_any_broken_line_before_the_dot_is_worth_another_try(server, step, fault):
    mailbox = server(**{step: fault})
    started = time.monotonic()

    with pytest.raises(post.Deferred) as raised:
        send()

    assert raised.value.code is None
    assert mailbox.kept == []
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "fault",
    [
        cut,
        silence,
        half("250 kep"),
        half("550 n"),
        half("250-kept\r\n"),
        drip("250 kept as 4711", every=0.05),
        "hello there",
        "354 go on",
        "250-kept\r\n550 or not",
    ],
)
def test_a_lost_answer_to_the_dot_leaves_the_letter_unknown(server, fault):
    mailbox = server(DOT=fault)
    started = time.monotonic()

    with pytest.raises(post.Unknown, match="had the whole letter"):
        send()

    assert time.monotonic() - started < 3
    assert mailbox.clients == 1
    assert len(mailbox.kept) == 1


@pytest.mark.parametrize("every", [0, 0.02])
def test_a_greeting_without_end_ends_with_the_deadline(server, every):
    server(GREETING=flood("220-wait\r\n", every=every))
    started = time.monotonic()

    with pytest.raises(post.Deferred):
        send()

    assert time.monotonic() - started < QUICK.envelope + 1


def test_a_dripping_greeting_ends_with_the_deadline(server):
    server(GREETING=drip("220 " + "mail " * 50, every=0.02))
    started = time.monotonic()

    with pytest.raises(post.Deferred, match="in time"):
        send()

    assert QUICK.envelope <= time.monotonic() - started < QUICK.envelope + 1


def test_a_slow_answer_within_the_deadline_counts(server):
    server(DOT=drip("250 kept", every=0.02))

    assert send().text == "kept"


def test_an_answer_of_too_many_lines_is_none(server):
    server(DOT="250-kept\r\n" * 150 + "250 kept")

    with pytest.raises(post.Unknown, match="does not end"):
        send()


def test_a_line_without_end_is_not_read_for_ever(server):
    server(DOT=flood("2" * 65536))

    with pytest.raises(post.Unknown, match="does not end"):
        send()


# --- the archive mailbox ------------------------------------------------------------------------------------


def test_the_archive_is_a_second_recipient_of_the_same_letter(server, settings):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server()

    assert send().archived is True
    [kept] = mailbox.kept
    assert kept.recipients == [ANA, "archive@example.com"]
    assert b"archive@" not in kept.raw


def test_an_archive_that_is_refused_does_not_hold_the_letter_up(server, settings):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server(RCPT=["250 ok", "550 no such mailbox"])

    assert send().archived is False
    assert mailbox.kept[0].recipients == [ANA]


def test_a_person_who_is_refused_is_refused_whatever_the_archive_says(server, settings):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server(RCPT=["550 no such person", "250 ok"])

    with pytest.raises(post.Refused):
        send()

    assert mailbox.kept == []


# --- addresses ----------------------------------------------------------------------------------------------


def test_an_address_beyond_ascii_goes_to_a_server_that_can_and_is_refused_by_one_that_cannot(server):
    person = "用户@customer.example"
    able = server()
    send(letter(to_address=person), to=person)
    unable = server(EHLO="250-mail.example\r\n250 8BITMIME")

    with pytest.raises(post.Refused, match="SMTPUTF8"):
        send(letter(to_address=person), to=person)

    assert able.kept[0].recipients == [person]
    assert any("SMTPUTF8" in command for command in able.commands)
    assert person in able.kept[0].raw.decode()
    assert unable.kept == []


def test_a_domain_beyond_ascii_is_written_as_the_wire_wants_it(server):
    mailbox = server(EHLO="250 mail.example")

    send(letter(to_address="info@bücher.example"), to="info@bücher.example")

    assert mailbox.kept[0].recipients == ["info@xn--bcher-kva.example"]
    assert read(mailbox.kept[0].raw)["To"].addresses[0].addr_spec == "info@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "to", ["", "ana", "a@b.c, d@e.f", "a@b.c\r\nRCPT TO:<evil@x.org>", "<a@b.c>", "a b@c.d", "a@\ud800"]
)
def test_what_is_not_one_address_is_refused_before_anyone_is_called(server, to):
    mailbox = server()

    with pytest.raises(post.Refused):
        send(to=to)

    assert mailbox.clients == 0


# --- what a letter may say of itself ------------------------------------------------------------------------


def test_a_letter_carries_exactly_the_headers_it_should():
    message = letter(headers={"X-Case-Letter": "7"})

    assert str(message["From"]) == "Customer relations <complaints@example.com>"
    assert str(message["To"]) == f"Ana Ruiz <{ANA}>"
    assert message["Date"].datetime == MONDAY
    assert message["Message-ID"] == "<letter-1.1@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Case-Letter"] == "7"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"


@pytest.mark.parametrize("bad", ["\r\nBcc: evil@x.org", "\n", "\r", "\x0b", "\x00", "\x1b", "\x85", "\u2028", "\ud800"])
@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("To", "to_name"),
        ("To", "to_address"),
        ("Subject", "subject"),
        ("Message-ID", "message_id"),
    ],
)
def test_a_line_break_or_control_character_in_a_header_is_refused_by_name(header, field, bad):
    usual = {
        "to_name": "Ana",
        "to_address": ANA,
        "subject": "Yours",
        "message_id": "<letter-1.1@example.com>",
    }

    with pytest.raises(post.BadHeader, match=header) as raised:
        letter(**{field: usual[field] + bad})

    assert "evil" not in str(raised.value)


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"X-Case": "7\r\nBcc: evil@x.org"}, "X-Case"),
        ({"X-Case\r\nBcc": "evil@x.org"}, "header's name"),
        ({"Bcc": "evil@x.org"}, "Bcc"),
        ({"Cc": "evil@x.org"}, "Cc"),
        ({"to": "evil@x.org"}, "to"),
        ({"Subject": "another"}, "Subject"),
    ],
)
def test_a_further_header_can_neither_break_its_line_nor_add_a_person(headers, named):
    with pytest.raises(post.BadHeader, match=named):
        letter(headers=headers)


def test_an_attachments_name_and_type_cannot_break_their_lines():
    for name, kind in [
        ("a\r\nBcc: evil@x.org.pdf", "application/pdf"),
        ("a.pdf", "application/pdf\r\nBcc: x@y.z"),
    ]:
        with pytest.raises(post.BadHeader, match="Content-"):
            letter(attachments=[post.Attachment(name, kind, b"%PDF")])


def test_an_instant_without_its_zone_is_no_date():
    with pytest.raises(post.BadHeader, match="Date"):
        letter(at=MONDAY.replace(tzinfo=None))


def test_a_line_break_hidden_in_an_encoded_word_adds_no_header(server):
    hidden = "=?utf-8?q?x=0D=0ABcc:_evil=40x.org?="
    mailbox = server()

    send(letter(to_name=hidden, subject=hidden, headers={"X-Note": hidden}))

    kept = message_from_bytes(mailbox.kept[0].raw)
    assert kept.keys() == letter(headers={"X-Note": "x"}).keys()
    assert kept["Subject"] == hidden.replace("=?", "= ?")  # shown as text, not decoded
    assert b"evil@x.org" not in mailbox.kept[0].raw


def test_a_message_whose_header_would_break_out_of_its_line_is_refused(server):
    broken = letter()
    broken.replace_header("Subject", "=?utf-8?q?x=0D=0ABcc:_evil=40x.org?=")
    mailbox = server()

    with pytest.raises(post.Refused, match="break out"):
        send(broken)

    assert mailbox.kept == []


ONE_LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)


@given(name=ONE_LINE, subject=ONE_LINE)
@hypothesis_settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_name_and_no_subject_adds_a_header_or_a_person(name, subject):
    message = letter(to_name=name, subject=subject)

    raw = message.as_bytes(policy=policy.SMTP)

    assert message_from_bytes(raw).keys() == message.keys()
    assert [address.addr_spec for address in read(raw)["To"].addresses] == [ANA]


# --- signing in and TLS -------------------------------------------------------------------------------------


def sign_in_of(user, password):
    def check(_server, _session, _envelope, _mechanism, given):
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return check


@pytest.mark.usefixtures("trusted")
def test_user_and_password_are_percent_decoded_and_used(real_server, tls):
    mailbox = real_server(
        "smtp+tls",
        user="us%40er:p%2Fa%3Ass@",
        authenticator=sign_in_of("us@er", "p/a:ss"),
        auth_required=True,
        tls_context=tls,
    )

    assert send().code == 250
    assert len(mailbox.letters) == 1


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_defers_with_its_code_and_is_never_repeated_in_words(real_server, tls):
    mailbox = real_server(
        "smtp+tls",
        user="user:hunter2-wrong@",
        authenticator=sign_in_of("user", "right"),
        auth_required=True,
        tls_context=tls,
    )

    with pytest.raises(post.Deferred) as raised:
        send()

    assert raised.value.code == 535
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert mailbox.letters == []


def test_a_server_that_repeats_our_secrets_is_not_quoted(server, settings):
    both = "AHVzZXIAaHVudGVyMg=="  # \0user\0hunter2
    mailbox = server(EHLO="250-mail.example\r\n250 AUTH PLAIN", AUTH=f"535 {both} hunter2 aHVudGVyMg== no")
    settings.MAIL_URL = mailbox.url.replace("//", "//user:hunter2@")

    with pytest.raises(post.Deferred) as raised:
        send()

    assert raised.value.text == "*** *** *** no"


@pytest.mark.parametrize("offer", ["250 mail.example", "250-mail.example\r\n250 AUTH XSECRET"])
def test_a_server_where_we_cannot_sign_in_defers(server, settings, offer):
    mailbox = server(EHLO=offer)
    settings.MAIL_URL = mailbox.url.replace("//", "//user:hunter2@")

    with pytest.raises(post.Deferred):
        send()

    assert not any(command.upper().startswith("MAIL") for command in mailbox.commands)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """(certificate, key) of a server that calls itself 127.0.0.1, made for this run and trusted by nobody."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "server.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("scheme", "option"), [("smtps", "ssl_context"), ("smtp+tls", "tls_context")])
def test_a_trusted_server_gets_the_letter_in_tls(real_server, tls, scheme, option):
    mailbox = real_server(scheme, **{option: tls})

    assert send().code == 250
    assert mailbox.secure


@pytest.mark.parametrize(("scheme", "option"), [("smtps", "ssl_context"), ("smtp+tls", "tls_context")])
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(real_server, tls, scheme, option):
    mailbox = real_server(scheme, **{option: tls})

    with pytest.raises(post.Deferred, match="certificate is not trusted"):
        send()

    assert mailbox.letters == []


def test_tls_is_used_where_it_is_offered(real_server, tls):
    mailbox = real_server("smtp", tls_context=tls)

    assert send().code == 250
    assert mailbox.secure


def test_a_server_without_the_demanded_tls_gets_nothing(server, settings):
    mailbox = server()
    settings.MAIL_URL = mailbox.url.replace("smtp://", "smtp+tls://")

    with pytest.raises(post.Deferred, match="STARTTLS"):
        send()

    assert mailbox.kept == []


# --- into a folder ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail"


def test_a_folder_keeps_each_mail_as_one_file_named_after_its_id(folder):
    reply = send()

    assert reply == post.Reply(250, "kept as letter-1.1.eml")
    [kept] = folder.iterdir()
    assert kept.name == "letter-1.1.eml"
    assert kept.read_bytes() == letter().as_bytes(policy=policy.SMTP)


def test_the_same_letter_twice_leaves_one_file(folder):
    send()
    send()

    assert [kept.name for kept in folder.iterdir()] == ["letter-1.1.eml"]


def test_two_letters_never_share_a_file_and_no_id_leaves_the_folder(folder):
    for name in ["a/b", "a_b", "../../b", "..", "x" * 300]:
        send(letter(message_id=f"<{name}@example.com>"))

    names = [kept.name for kept in folder.iterdir()]
    assert len(names) == 5
    assert "a_b.eml" in names
    assert len(list(folder.parent.iterdir())) == 1


def test_the_handoff_is_asked_when_the_file_is_whole_and_not_yet_in_its_place(folder):
    seen = []

    def handoff():
        [part] = folder.iterdir()
        seen.append((part.suffix, part.read_bytes()))
        return True

    send(handoff=handoff)

    assert seen == [(".part", letter().as_bytes(policy=policy.SMTP))]


def test_a_withdrawn_letter_leaves_no_file(folder):
    with pytest.raises(post.Withdrawn):
        send(handoff=no)

    assert list(folder.iterdir()) == []


def test_a_failing_handoff_leaves_no_file(folder):
    def handoff():
        raise OSError("database gone")

    with pytest.raises(OSError, match="database gone"):
        send(handoff=handoff)

    assert list(folder.iterdir()) == []


def test_a_full_disk_is_worth_another_try_and_leaves_no_half_file(folder, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(post.Deferred, match="No space left"):
        send()

    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_worth_another_try(folder):
    folder.write_text("a file is in the way")

    with pytest.raises(post.Deferred, match="File exists"):
        send()


# --- where the mail goes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("smtp://localhost", post.Server("localhost", 25, "offered")),
        ("smtp+tls://u:p@mail.example", post.Server("mail.example", 587, "demanded", "u", "p")),
        ("smtps://u%40x:p%23@mail.example:4650/", post.Server("mail.example", 4650, "implicit", "u@x", "p#")),
        ("smtp://[::1]:2525", post.Server("::1", 2525, "offered")),
    ],
)
def test_an_address_of_a_mail_server_means_what_it_says(url, way):
    assert post.transport(url) == way


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://u:hunter2@mail.example",
        "smtp:mail.example",
        "smtp://",
        "smtp://u:hunter2@",
        "smtp://u:hunter2@mail.example:port",
        "smtp://u:hunter2@mail.example:99999",
        "smtp://u:hun#ter2@mail.example",
        "smtp://u:hun/ter2@mail.example",
        "smtp://u:hunter2@mail.example/inbox",
        "smtp://u@mail.example",
        "smtp://u:hunter2%C3%A9@mail.example",
        "smtp://u:hunter2@[::1",
        "folder:",
        "folder:var/mail",
    ],
)
def test_any_other_address_is_a_clear_mistake_that_repeats_no_password(url):
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL") as raised:
        post.transport(url)

    assert "ter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_password_is_not_shown_with_its_server():
    assert "hunter2" not in repr(post.transport("smtp://u:hunter2@mail.example"))


@pytest.mark.parametrize("sender", ["", "Customer relations", "Müller <müller@example.com>"])
def test_a_sender_that_is_no_plain_address_is_a_clear_mistake(settings, sender):
    settings.MAIL_FROM = sender

    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        letter()
