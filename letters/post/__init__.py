"""The only package that sends mail, and that looks into the archive mailbox afterwards.

We hold the SMTP conversation ourselves because only then is it known, at every moment, whether the server
can have the letter. Until the final dot it certainly has not: every fault is a `NotSent`. Just before the dot
the caller is asked to commit its mark (`handoff`). From the dot on only the server's answer tells; if that is
lost, the truth is `Unknown`, and nothing here sends the letter a second time.
"""

from collections.abc import Callable, Iterable, Iterator
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import imap, maildir
from .folder import Folder, keep
from .mail import ONE_ADDRESS, Attachment, BadHeader, compose
from .mailbox import SEAL, Sought, Unreadable
from .outcome import Away, Busy, Deferred, NotSent, Refused, Reply, Unknown, Withdrawn
from .place import Server
from .server import DEADLINES, SCHEMES, Deadlines, converse, smtp_server

__all__ = [
    "SEAL",
    "Attachment",
    "Away",
    "BadHeader",
    "Busy",
    "Deadlines",
    "Deferred",
    "Folder",
    "NotSent",
    "Refused",
    "Reply",
    "Server",
    "Sought",
    "Unknown",
    "Unreadable",
    "Withdrawn",
    "compose",
    "found",
    "send",
    "transport",
]


def send(message: EmailMessage, *, to: str, handoff: Callable[[bool | None], bool], deadlines=DEADLINES) -> Reply:
    """Hand one letter to one person; afterwards the server of settings.MAIL_URL has it, once.

    `handoff` is called at most once, when all but the final dot is written: it commits the caller's mark and
    answers whether the delivery is still the caller's. It is told whether the archive mailbox was taken as a
    second recipient (None: there is none to ask). What it raises is passed on; the letter is not sent.
    Raises Deferred (also as Busy or Away), Refused or Withdrawn (not sent, certainly) or Unknown (perhaps sent).
    """
    way = transport(settings.MAIL_URL)
    if not ONE_ADDRESS.fullmatch(to):
        raise Refused("This is not one e-mail address.")
    if isinstance(way, Folder):
        return keep(message, to, folder=way.path, handoff=handoff)
    return converse(message, to, server=way, handoff=handoff, deadlines=deadlines)


def transport(url: str) -> Folder | Server:
    """What a MAIL_URL means. ImproperlyConfigured never repeats the URL: it holds a password."""
    scheme, _, rest = url.partition(":")
    if scheme == "folder" and Path(rest).is_absolute():
        return Folder(Path(rest))
    if scheme in SCHEMES and rest.startswith("//"):
        return smtp_server(url)
    raise ImproperlyConfigured(
        "MAIL_URL must be folder:/an/absolute/path, or smtp://, smtp+tls:// or smtps:// followed by "
        "user:password@host:port (user and port may be left out)."
    )


def found(url: str, sought: Iterable[Sought]) -> Iterator[Sought]:
    """Those that lie in the archive mailbox of `url`, each as soon as it is found. Raises Unreadable; what was found
    before that counts. ImproperlyConfigured never repeats the URL: it holds a password.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "maildir" and Path(rest).is_absolute():
        return maildir.found(Path(rest), sought)
    if scheme in imap.SCHEMES and rest.startswith("//"):
        return imap.found(url, sought)
    raise ImproperlyConfigured(
        "MAIL_ARCHIVE_URL must be imaps://user:password@host/Folder, imap+tls://, imap:// (on this machine only) or "
        "maildir:/an/absolute/path."
    )
