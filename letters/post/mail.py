"""A letter as an e-mail: one sender, one person, and headers that stay on their lines."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .outcome import Refused, clean

WORD = r"""[^\s\x00-\x20\x7f-\x9f\ud800-\udfff"(),:;<>@\[\\\]]+"""
ONE_ADDRESS = re.compile(f"{WORD}@{WORD}")
ONE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
CONTENT_TYPE = re.compile(r"([A-Za-z0-9.+-]+)/([A-Za-z0-9.+-]+)")


class BadHeader(ValueError):
    """A header cannot carry this value; the message names the header, never the value."""


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


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
    message = _headed(to_name=to_name, to_address=to_address, subject=subject, message_id=message_id, at=at)
    for name, value in (headers or {}).items():
        _add_header(message, name, value)
    message.set_content(text)
    for attachment in attachments:
        _attach(message, attachment)
    return message


def _headed(*, to_name, to_address, subject, message_id, at):
    """A letter with the headers that every letter has, and nothing in it yet."""
    if at.tzinfo is None:
        raise BadHeader("Date needs an instant with its time zone.")
    if not ONE_ID.fullmatch(message_id):
        raise BadHeader("Message-ID must look like <name@domain>.")
    message = EmailMessage(policy=WIRE)
    message["From"] = _address("From", *sender())
    message["To"] = _address("To", to_name, to_address)
    message["Subject"] = _one_line("Subject", subject)
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def sender():
    """(name, address) of settings.MAIL_FROM. ImproperlyConfigured when it is not one plain address."""
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


def written(message, how):
    """The letter as bytes with CRLF line ends, by the e-mail policy `how`. Refused when it cannot be."""
    try:
        raw = message.as_bytes(policy=how)
    except (MessageError, ValueError, LookupError) as error:
        raise Refused(clean(f"The letter cannot be written as an e-mail: {error}")) from error
    if BytesHeaderParser(policy=policy.compat32).parsebytes(raw).keys() != message.keys():
        raise Refused("The letter cannot be written as an e-mail: a header would break out of its line.")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"
