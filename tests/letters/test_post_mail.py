"""What a letter says of itself arrives as it is, and nothing in it adds a header or a person."""

import os
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from letters import post
from tests.letters.posted import ANA, MONDAY, decoded, letter, read, send, words, yes

pytestmark = pytest.mark.usefixtures("house")


# --- what arrives --------------------------------------------------------------------------------------------


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


# --- addresses -----------------------------------------------------------------------------------------------


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


# --- what a letter may say of itself -------------------------------------------------------------------------


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


@pytest.mark.parametrize("sender", ["", "Customer relations", "Müller <müller@example.com>"])
def test_a_sender_that_is_no_plain_address_is_a_clear_mistake(settings, sender):
    settings.MAIL_FROM = sender

    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        letter()
