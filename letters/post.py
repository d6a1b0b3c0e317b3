"""The only module that sends mail.

We hold the SMTP conversation ourselves because only then is it known, at every moment, whether the server
can have the letter. Until the final dot it certainly has not: every fault is a `NotSent`. Just before the dot
the caller is asked to commit its mark (`handoff`). From the dot on only the server's answer tells; if that is
lost, the truth is `Unknown`, and nothing here sends the letter a second time.
"""

import os
import re
import smtplib
import socket
import ssl
import tempfile
import unicodedata
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from time import monotonic  # a stopwatch, not a clock: it knows no date
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Reply:
    """What the receiving server answered to the final dot."""

    code: int
    text: str  # at most 1,000 characters, none of them a control character
    archived: bool = False  # the archive mailbox was taken as a second recipient of the same letter


class NotSent(Exception):
    """The server certainly does not have the letter. `code` is its answer, None when it gave none."""

    def __init__(self, text, code=None):
        super().__init__(text, code)
        self.text = text
        self.code = code

    def __str__(self):
        return self.text if self.code is None else f"{self.code} {self.text}"


class Deferred(NotSent):
    """Worth another try later: the server is away, busy, or does not accept us (no fault of the person's)."""


class Refused(NotSent):
    """The server will not take this letter for this person; the same try would end the same way."""


class Withdrawn(NotSent):
    """`handoff` said no: somebody else owns this delivery now."""


class Unknown(Exception):
    """The server had the whole letter and its answer was lost. `text` says how."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text


class BadHeader(ValueError):
    """A header cannot carry this value; the message names the header, never the value."""


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Deadlines:
    """Seconds that each step may take in all, however slowly the server drips."""

    connect: float = 10  # every address tried, and implicit TLS; finding the name is the resolver's own time
    envelope: float = 60  # greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT
    body: float = 120  # DATA and the letter
    verdict: float = 600  # the dot and its answer: waiting is cheaper than not knowing (RFC 5321, 4.5.3.2.6)


DEADLINES = Deadlines()


def send(message: EmailMessage, *, to: str, handoff: Callable[[], bool], deadlines=DEADLINES) -> Reply:
    """Hand one letter to one person; afterwards the server of settings.MAIL_URL has it, once.

    `handoff` is called at most once, when all but the final dot is written: it commits the caller's mark and
    answers whether the delivery is still the caller's. What it raises is passed on; the letter is not sent.
    Raises Deferred, Refused or Withdrawn (not sent, certainly) or Unknown (perhaps sent).
    """
    way = transport(settings.MAIL_URL)
    if not ONE_ADDRESS.fullmatch(to):
        raise Refused("This is not one e-mail address.")
    if isinstance(way, Folder):
        return _keep(message, to, folder=way.path, handoff=handoff)
    return _converse(message, to, server=way, handoff=handoff, deadlines=deadlines)


# --- the letter as an e-mail --------------------------------------------------------------------------------

WORD = r"""[^\s\x00-\x20\x7f-\x9f\ud800-\udfff"(),:;<>@\[\\\]]+"""
ONE_ADDRESS = re.compile(f"{WORD}@{WORD}")
ONE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
CONTENT_TYPE = re.compile(r"([A-Za-z0-9.+-]+)/([A-Za-z0-9.+-]+)")


class Wire(policy.EmailPolicy):
    """policy.SMTP, but long names and subjects in any script arrive as they are.

    The library folds a long header that is not ASCII so that a space where two lines meet can be lost.
    """

    def fold_binary(self, name, value):
        if self.utf8 or str(value).isascii():
            return super().fold_binary(name, value)
        if isinstance(value, AddressHeader):
            text = ", ".join(f"{_encoded(name, a.display_name)} <{a.addr_spec}>" for a in value.addresses)
        elif isinstance(value, UnstructuredHeader):
            text = _encoded(name, str(value))
        else:
            return super().fold_binary(name, value)
        return f"{name}: {text}\r\n".encode("ascii")


WIRE = Wire(linesep="\r\n")


def _encoded(header, text):
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def compose(
    *,
    to_name: str,
    to_address: str,
    subject: str,
    text: str,
    message_id: str,
    at: datetime,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The e-mail from settings.MAIL_FROM to exactly one person. BadHeader names the header that cannot be."""
    if at.tzinfo is None:
        raise BadHeader("Date needs an instant with its time zone.")
    if not ONE_ID.fullmatch(message_id):
        raise BadHeader("Message-ID must look like <name@domain>.")
    message = EmailMessage(policy=WIRE)
    message["From"] = _address("From", *_sender())
    message["To"] = _address("To", to_name, to_address)
    message["Subject"] = _one_line("Subject", subject)
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        _add_header(message, name, value)
    message.set_content(text)
    for attachment in attachments:
        _attach(message, attachment)
    return message


def _sender():
    name, address = parseaddr(settings.MAIL_FROM)
    if not (ONE_ADDRESS.fullmatch(address) and address.isascii()):
        raise ImproperlyConfigured("MAIL_FROM must look like: Name <name@domain>, in plain ASCII.")
    return name, address


def _one_line(header, value):
    """`value`, fit for one header line."""
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
        raise BadHeader(f"{header} must be one line without control characters.")
    # The e-mail library decodes what looks like an encoded word, line breaks hidden in it included: a name
    # could add headers of its own. One space, and it is text again.
    return value.replace("=?", "= ?")


def _address(header, name, address):
    if not ONE_ADDRESS.fullmatch(address):
        raise BadHeader(f"{header} must be exactly one e-mail address.")
    local, _, domain = address.rpartition("@")
    try:
        return Address(_one_line(header, name), local, domain.encode("idna").decode())
    except UnicodeError:
        raise BadHeader(f"{header} has a domain that cannot exist.") from None


def _add_header(message, name, value):
    if not HEADER_NAME.fullmatch(name):
        raise BadHeader("A header's name is made of letters, digits and hyphens.")
    if name.lower() in {"cc", "bcc"} or name in message:
        raise BadHeader(f"{name} is not the caller's to set.")
    message[name] = _one_line(name, value)


def _attach(message, attachment):
    kind = CONTENT_TYPE.fullmatch(attachment.content_type)
    if not kind:
        raise BadHeader("Content-Type of an attachment must look like application/pdf.")
    name = _one_line("Content-Disposition", attachment.name)
    message.add_attachment(attachment.content, maintype=kind[1], subtype=kind[2], filename=name)


def _written(message, how):
    """The letter as bytes with CRLF line ends, by the e-mail policy `how`. Refused when it cannot be."""
    try:
        raw = message.as_bytes(policy=how)
    except (MessageError, ValueError, LookupError) as error:
        raise Refused(_clean(f"The letter cannot be written as an e-mail: {error}")) from error
    if BytesHeaderParser(policy=policy.compat32).parsebytes(raw).keys() != message.keys():
        raise Refused("The letter cannot be written as an e-mail: a header would break out of its line.")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


# --- where the mail goes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    path: Path


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    tls: str  # "offered": used when offered; "demanded": STARTTLS or nothing; "implicit": from the first byte
    user: str = ""
    password: str = field(default="", repr=False)


SCHEMES = {"smtp": ("offered", 25), "smtp+tls": ("demanded", 587), "smtps": ("implicit", 465)}


def transport(url: str) -> Folder | Server:
    """What a MAIL_URL means. ImproperlyConfigured never repeats the URL: it holds a password."""
    scheme, _, rest = url.partition(":")
    if scheme == "folder" and Path(rest).is_absolute():
        return Folder(Path(rest))
    if scheme in SCHEMES and rest.startswith("//"):
        return _server(url)
    raise ImproperlyConfigured(
        "MAIL_URL must be folder:/an/absolute/path, or smtp://, smtp+tls:// or smtps:// followed by "
        "user:password@host:port (user and port may be left out)."
    )


def _server(url):
    tls, port = SCHEMES[url.partition(":")[0]]
    try:
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        host, port = parts.hostname or "", parts.port or port
        host.encode("idna")
    except ValueError:  # its words may repeat a piece of the password
        raise ImproperlyConfigured("MAIL_URL has a host or port that cannot be.") from None
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            "MAIL_URL must end after host and port; write / ? # @ : in a password as %2F %3F %23 %40 %3A."
        )
    if bool(user) != bool(password) or not (user + password).isascii():
        raise ImproperlyConfigured("MAIL_URL needs both user and password or neither, in ASCII characters.")
    return Server(host, port, tls, user, password)


# --- into a folder ------------------------------------------------------------------------------------------


def _keep(message, to, *, folder, handoff):
    how = WIRE if to.isascii() else WIRE.clone(utf8=True)
    raw, name = _written(message, how), _file_name(message)
    part = None
    try:
        with _before_the_dot():
            part = _write_part(raw, folder)
        if not handoff():
            raise Withdrawn("Somebody else owns this delivery now.")
        with _before_the_dot():
            os.rename(part, folder / name)
    finally:
        if part:
            with suppress(OSError):  # gone after the rename, as it should be
                part.unlink()
    try:
        _sync(folder)
    except OSError as error:
        raise Unknown(f"The mail is in its folder, but the disk did not confirm it: {error}") from error
    return Reply(250, f"kept as {name}")


def _file_name(message):
    """The same for the same Message-ID, and never the same for two."""
    message_id = str(message["Message-ID"] or "").strip()
    local = message_id.strip("<>").rpartition("@")[0]
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", local).lstrip(".")[:150]
    if not local:
        raise Refused("The letter has no Message-ID to be kept under.")
    return f"{safe}.eml" if safe == local else f"{safe or 'letter'}-{sha256(message_id.encode()).hexdigest()[:12]}.eml"


def _write_part(raw, folder):
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as part:
            part.write(raw)
            part.flush()
            os.fsync(part.fileno())
    except OSError:
        os.unlink(path)
        raise
    return Path(path)


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- by SMTP ------------------------------------------------------------------------------------------------

OK, GO_ON = range(200, 300), range(354, 355)
NOT_THE_PERSONS_FAULT = {530, 534, 535, 538}  # we are to sign in, or to do it otherwise (RFC 4954)


def _converse(message, to, *, server, handoff, deadlines):
    with _before_the_dot():
        line = _Line(_dial(server, deadlines.connect), server.host)
    try:
        with _before_the_dot():
            line.arm(deadlines.envelope)
            _introduce(line, server)
            raw, archived = _address_envelope(line, message, to)
            line.arm(deadlines.body)
            _write_body(line, raw)
            line.expect_silence()
        if not handoff():
            raise Withdrawn("Somebody else owns this delivery now.")
        line.arm(deadlines.verdict)
        with _before_the_dot():
            line.expect_silence()  # the mark may have taken long enough for the server to give up on us
        code, text = _finish(line)
    finally:
        line.hang_up()
    _expect(code, text, OK)
    return Reply(code, _clean(text), archived)


def _dial(server, seconds):
    """A connected socket, in TLS already where that is implicit. OSError says why there is none."""
    until, failure = monotonic() + seconds, None
    for *_, address in socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM):
        try:
            sock = socket.create_connection(address[:2], max(until - monotonic(), 0.001))
        except OSError as error:
            failure = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(max(until - monotonic(), 0.001))
        return _in_tls(sock, server) if server.tls == "implicit" else sock
    raise failure or OSError("the mail server has no address")


def _in_tls(sock, server):
    """The socket in TLS, its certificate verified unless TLS was only used because it was offered."""
    context = ssl.create_default_context()
    if server.tls == "offered":  # no worse than plain text: a forger could as well drop the offer
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        return context.wrap_socket(sock, server_hostname=server.host)
    except OSError:
        sock.close()
        raise


def _introduce(line, server):
    """The server knows us and awaits MAIL. Whatever it has against us defers: the person is not at fault."""
    _accept_us(*line.getreply())
    _say_hello(line)
    if server.tls != "implicit" and line.has_extn("starttls"):
        _accept_us(*line.docmd("STARTTLS"))
        line.change_to(_in_tls(line.ready_socket(), server))
        _say_hello(line)
    elif server.tls == "demanded":
        raise Deferred("The mail server does not offer the STARTTLS that MAIL_URL demands.")
    if server.user:
        _sign_in(line, server)


def _accept_us(code, text):
    if code not in OK:
        raise Deferred(_clean(text), code)


def _say_hello(line):
    code, text = line.ehlo()
    if code >= 500:
        code, text = line.helo()
    _accept_us(code, text)


def _sign_in(line, server):
    try:
        line.login(server.user, server.password)
    except smtplib.SMTPResponseException as error:
        raise Deferred(_without_secrets(_clean(error.smtp_error), server), error.smtp_code) from None
    except (smtplib.SMTPNotSupportedError, ValueError):  # no AUTH at all, or a challenge that is none
        raise Deferred("The mail server offers no way of signing in that we know.") from None


def _without_secrets(text, server):
    both = f"\0{server.user}\0{server.password}"
    for secret in (both, server.password):
        text = text.replace(b2a_base64(secret.encode(), newline=False).decode(), "***").replace(secret, "***")
    return text


def _address_envelope(line, message, to):
    """MAIL and RCPT are accepted; answers the letter's bytes and whether the archive mailbox gets it too."""
    international = not to.rpartition("@")[0].isascii()
    if international and not line.has_extn("smtputf8"):
        raise Refused("The mail server cannot write to an address with letters beyond ASCII (no SMTPUTF8).")
    raw, options = _for_this_server(line, message, WIRE.clone(utf8=True) if international else WIRE)
    _expect(*line.mail(_sender()[1], options), OK)
    _expect(*line.rcpt(_in_ascii_domain(to)), OK)
    archive = _archive()
    return raw, bool(archive) and line.rcpt(archive)[0] in OK


def _archive():
    address = settings.MAIL_ARCHIVE
    if address and not (ONE_ADDRESS.fullmatch(address) and address.isascii()):
        raise ImproperlyConfigured("MAIL_ARCHIVE must be one e-mail address in plain ASCII, or empty.")
    return address


def _for_this_server(line, message, how):
    """The letter's bytes as this server can take them, and the options of MAIL that announce them."""
    if not line.has_extn("8bitmime"):
        how = how.clone(cte_type="7bit")
    raw = _written(message, how)
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
    _expect(*line.docmd("DATA"), GO_ON)
    line.in_letter = True
    try:
        line.send(re.sub(rb"(?m)^\.", b"..", raw))
    except OSError:
        with suppress(OSError):  # a server that hangs up in the middle may have said why
            _expect(*line.getreply(), ())
        raise


def _finish(line):
    """The dot is sent; answers the server's (code, text) to it. From here on every doubt is Unknown."""
    try:
        line.send(b".\r\n")
        code, text = line.getreply()
    except OSError as error:
        raise Unknown(f"The mail server had the whole letter, then: {_in_words(error)}") from error
    if 300 <= code < 400:
        raise Unknown(f"The mail server had the whole letter and answered {code}, which says nothing.")
    line.in_letter = False
    return code, text


def _expect(code, text, wanted):
    if code in wanted:
        return
    if code >= 500 and code not in NOT_THE_PERSONS_FAULT:
        raise Refused(_clean(text), code)
    raise Deferred(_clean(text), code)


@contextmanager
def _before_the_dot() -> Iterator[None]:
    """Any fault of line or disk in here leaves the letter unsent, and worth another try."""
    try:
        yield
    except OSError as error:
        raise Deferred(_in_words(error)) from error


def _in_words(error):
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    if isinstance(error, socket.gaierror):
        return "The mail server's name was not found."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not trusted: {error.verify_message}."
    return _clean(error.strerror or str(error) or type(error).__name__)


def _clean(text):
    """At most 1,000 characters, none of them a control character."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    visible = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return visible.strip()[:1000]


MOST_BYTES, MOST_LINES = 64 * 1024, 100  # of one answer
REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


class _Line(smtplib.SMTP):
    """An SMTP line on which each step ends by its deadline and no answer is endless; its faults are OSErrors.

    smtplib's own timeout begins anew with every byte that arrives, and it takes half a line for an answer.
    """

    def __init__(self, sock, host):
        super().__init__(local_hostname=_our_name(sock))
        self._host = host
        self.in_letter = False  # the server takes what we write for the letter's text
        self.change_to(sock)

    def change_to(self, sock):
        """Go on over `sock`; what was said before counts no more (RFC 3207)."""
        self.sock = sock
        self._unread = bytearray()
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def arm(self, seconds):
        """All that follows, up to the next call, takes this many seconds at most."""
        self._until = monotonic() + seconds

    def ready_socket(self):
        """The socket with the rest of the time as its timeout."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock

    def send(self, s):
        data = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        for start in range(0, len(data), 65536):
            self.ready_socket().sendall(data[start : start + 65536])

    def getreply(self):
        """(code, text) of one whole answer. OSError when it is cut, late, endless or not SMTP."""
        code, texts, room = None, [], MOST_BYTES
        while len(texts) < MOST_LINES:
            line = self._read_line(room)
            room -= len(line)
            found = REPLY_LINE.fullmatch(line.rstrip(b"\r\n"))
            if not found or code not in (None, found[1]):
                raise ConnectionError("The mail server gave an answer that is not SMTP.")
            code = found[1]
            texts.append(found[3] or b"")
            if found[2] != b"-":
                return int(code), b"\n".join(texts)
        raise ConnectionError("The mail server's answer does not end.")

    def _read_line(self, room):
        while b"\n" not in self._unread:
            if len(self._unread) >= room:
                raise ConnectionError("The mail server's answer does not end.")
            self._hear(self.ready_socket())
        end = self._unread.index(b"\n") + 1
        line = bytes(self._unread[:end])
        del self._unread[:end]
        return line

    def _hear(self, sock):
        heard = sock.recv(4096)
        if not heard:
            raise ConnectionResetError("The mail server closed the line.")
        self._unread += heard

    def expect_silence(self):
        """The server has said nothing more: what it says before the dot cannot be its answer to the dot."""
        self.sock.settimeout(0)
        with suppress(BlockingIOError, ssl.SSLWantReadError):
            self._hear(self.sock)
        if self._unread:
            code, text = self.getreply()
            _expect(code, b"before the end of the letter: " + text, ())

    def hang_up(self):
        """QUIT, where that would not become part of the letter, without waiting for the goodbye."""
        if not self.in_letter:
            with suppress(OSError):
                self.putcmd("QUIT")
        self.close()


def _our_name(sock):
    """Our name in EHLO: the machine's full name or, without one, its address; no name server is asked."""
    name = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
        return name
    address = sock.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
