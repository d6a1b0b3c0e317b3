"""What a mail server answers, and what we then say of the letter."""

from email import policy

import pytest
from django.core.exceptions import ImproperlyConfigured

from letters import post
from tests.letters.posted import ANA, letter, send, words
from tests.letters.smtp_server import cut

pytestmark = pytest.mark.usefixtures("house")


# --- a server that behaves -----------------------------------------------------------------------------------


def test_a_letter_reaches_its_one_person_and_the_servers_own_words_are_kept(real_server):
    mailbox = real_server()

    reply = send()

    assert reply == post.Reply(250, "2.0.0 kept as 4711")
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


# --- servers that say no -------------------------------------------------------------------------------------


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


# --- the archive mailbox -------------------------------------------------------------------------------------


@pytest.fixture
def told():
    """What the caller's mark was told about the archive, letter by letter."""
    return []


def marked(told):
    return lambda archived: told.append(archived) or True


def test_the_archive_is_a_second_recipient_of_the_same_letter(server, settings, told):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server()

    send(handoff=marked(told))
    [kept] = mailbox.kept
    assert told == [True]
    assert kept.recipients == [ANA, "archive@example.com"]
    assert b"archive@" not in kept.raw


def test_an_archive_that_is_refused_does_not_hold_the_letter_up(server, settings, told):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server(RCPT=["250 ok", "550 no such mailbox"])

    send(handoff=marked(told))
    assert told == [False]
    assert mailbox.kept[0].recipients == [ANA]


def test_without_an_archive_nothing_is_said_about_it(server, told):
    server()

    send(handoff=marked(told))
    assert told == [None]


def test_a_person_who_is_refused_is_refused_whatever_the_archive_says(server, settings):
    settings.MAIL_ARCHIVE = "archive@example.com"
    mailbox = server(RCPT=["550 no such person", "250 ok"])

    with pytest.raises(post.Refused):
        send()

    assert mailbox.kept == []


# --- where the mail goes -------------------------------------------------------------------------------------


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
