"""By SMTP: the conversation with a mail server up to its answer to the final dot."""

import re
import smtplib
from binascii import b2a_base64
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .line import Line
from .mail import ONE_ADDRESS, WIRE, sender, written
from .outcome import OK, Away, Refused, Reply, Unknown, Withdrawn, before_the_dot, clean, expect, in_words
from .place import dial, in_tls, server_of

SCHEMES = {"smtp": ("offered", 25), "smtp+tls": ("demanded", 587), "smtps": ("implicit", 465)}


def smtp_server(url):
    """The Server that a URL with one of SCHEMES names. ImproperlyConfigured never repeats any of it."""
    server, path = server_of(url, SCHEMES, setting="MAIL_URL")
    if path:
        raise ImproperlyConfigured(
            "MAIL_URL must end after host and port; write / ? # @ : in a password as %2F %3F %23 %40 %3A."
        )
    return server


@dataclass(frozen=True)
class Deadlines:
    """Seconds that each step may take in all, however slowly the server drips."""

    connect: float = 10  # every address tried, and implicit TLS; finding the name is the resolver's own time
    envelope: float = 60  # greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT
    body: float = 120  # DATA and the letter
    verdict: float = 600  # the dot and its answer: waiting is cheaper than not knowing (RFC 5321, 4.5.3.2.6)


DEADLINES = Deadlines()
GO_ON = range(354, 355)


def converse(message, to, *, server, handoff, deadlines):
    """`server` has taken the letter; what is raised is as in send()."""
    with before_the_dot(Away):
        line = Line(dial(server, deadlines.connect), server.host)
    try:
        line.arm(deadlines.envelope)
        with before_the_dot(Away):
            _introduce(line, server)
        with before_the_dot():
            raw, archived = _address_envelope(line, message, to)
            line.arm(deadlines.body)
            _write_body(line, raw)
            line.expect_silence()
        if not handoff(archived):
            raise Withdrawn("Somebody else owns this delivery now.")
        line.arm(deadlines.verdict)
        with before_the_dot():
            line.expect_silence()  # the mark may have taken long enough for the server to give up on us
        code, text = _finish(line)
    finally:
        line.hang_up()
    expect(code, text, OK)
    return Reply(code, clean(text))


def _introduce(line, server):
    """The server knows us and awaits MAIL. Whatever it has against us, it has against every letter."""
    _accept_us(*line.getreply())
    _say_hello(line)
    if server.tls != "implicit" and line.has_extn("starttls"):
        _accept_us(*line.docmd("STARTTLS"))
        line.change_to(in_tls(line.ready_socket(), server))
        _say_hello(line)
    elif server.tls == "demanded":
        raise Away("The mail server does not offer the STARTTLS that MAIL_URL demands.")
    if server.user:
        _sign_in(line, server)


def _accept_us(code, text):
    if code not in OK:
        raise Away(clean(text), code)


def _say_hello(line):
    code, text = line.ehlo()
    if code >= 500:
        code, text = line.helo()
    _accept_us(code, text)


def _sign_in(line, server):
    try:
        line.login(server.user, server.password)
    except smtplib.SMTPResponseException as error:
        raise Away(_without_secrets(clean(error.smtp_error), server), error.smtp_code) from None
    except (smtplib.SMTPNotSupportedError, ValueError):  # no AUTH at all, or a challenge that is none
        raise Away("The mail server offers no way of signing in that we know.") from None


def _without_secrets(text, server):
    both = f"\0{server.user}\0{server.password}"
    for secret in (both, server.password):
        text = text.replace(b2a_base64(secret.encode(), newline=False).decode(), "***").replace(secret, "***")
    return text


def _address_envelope(line, message, to):
    """MAIL and RCPT are accepted; answers the letter's bytes, and whether the archive mailbox gets it too (None: there
    is none to ask)."""
    international = not to.rpartition("@")[0].isascii()
    if international and not line.has_extn("smtputf8"):
        raise Refused("The mail server cannot write to an address with letters beyond ASCII (no SMTPUTF8).")
    raw, options = _for_this_server(line, message, WIRE.clone(utf8=True) if international else WIRE)
    expect(*line.mail(sender()[1], options), OK)
    expect(*line.rcpt(_in_ascii_domain(to)), OK)
    archive = _archive()
    return raw, line.rcpt(archive)[0] in OK if archive else None


def _archive():
    address = settings.MAIL_ARCHIVE
    if address and not (ONE_ADDRESS.fullmatch(address) and address.isascii()):
        raise ImproperlyConfigured("MAIL_ARCHIVE must be one e-mail address in plain ASCII, or empty.")
    return address


def _for_this_server(line, message, how):
    """The letter's bytes as this server can take them, and the options of MAIL that announce them."""
    if not line.has_extn("8bitmime"):
        how = how.clone(cte_type="7bit")
    raw = written(message, how)
    most = line.esmtp_features.get("size", "")
    if most.isdecimal() and 0 < int(most) < len(raw):
        raise Refused(f"The letter has {len(raw):,} bytes; the mail server takes {int(most):,} at most.")
    announced = {
        f"SIZE={len(raw)}": line.has_extn("size"),
        "BODY=8BITMIME": line.has_extn("8bitmime") and not raw.isascii(),
        "SMTPUTF8": how.utf8,
    }
    return raw, [option for option, needed in announced.items() if needed]


def _in_ascii_domain(address):
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Refused("The address has a domain that cannot exist.") from None


def _write_body(line, raw):
    """The server has all of the letter but the final dot."""
    expect(*line.docmd("DATA"), GO_ON)
    line.in_letter = True
    try:
        line.send(re.sub(rb"(?m)^\.", b"..", raw))
    except OSError:
        with suppress(OSError):  # a server that hangs up in the middle may have said why
            expect(*line.getreply(), ())
        raise


def _finish(line):
    """The dot is sent; answers the server's (code, text) to it. From here on every doubt is Unknown."""
    try:
        line.send(b".\r\n")
        code, text = line.getreply()
    except OSError as error:
        raise Unknown(f"The mail server had the whole letter, then: {in_words(error)}") from error
    if 300 <= code < 400:
        raise Unknown(f"The mail server had the whole letter and answered {code}, which says nothing.")
    line.in_letter = False
    return code, text
