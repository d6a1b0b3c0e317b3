"""Signing in and TLS: whom we tell our password, and that we never repeat it."""

import pytest
from aiosmtpd.smtp import AuthResult

from letters import post
from tests.letters.posted import send

pytestmark = pytest.mark.usefixtures("house")


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
