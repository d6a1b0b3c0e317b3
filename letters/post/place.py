"""Where a server is, and a socket to it."""

import socket
import ssl
from dataclasses import dataclass, field
from time import monotonic  # a stopwatch, not a clock: it knows no date
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    tls: str  # "never"; "offered": used when offered; "demanded": STARTTLS or nothing; "implicit": from the first byte
    user: str = ""
    password: str = field(default="", repr=False)


def server_of(url, schemes, *, setting):
    """(Server, path) of a URL with one of `schemes`, which are {name: (tls, port)}. ImproperlyConfigured names the
    `setting` and never repeats any of the URL."""
    tls, port = schemes[url.partition(":")[0]]
    try:
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        host, port = parts.hostname or "", parts.port or port
        host.encode("idna")
    except ValueError:  # its words may repeat a piece of the password
        raise ImproperlyConfigured(f"{setting} has a host or port that cannot be.") from None
    if not host or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{setting} names no host; write / ? # @ : in a password as %2F %3F %23 %40 %3A.")
    if bool(user) != bool(password) or not (user + password).isascii():
        raise ImproperlyConfigured(f"{setting} needs both user and password or neither, in ASCII characters.")
    return Server(host, port, tls, user, password), unquote(parts.path).strip("/")


def dial(server, seconds):
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
        return in_tls(sock, server) if server.tls == "implicit" else sock
    raise failure or OSError("the server has no address")


def in_tls(sock, server):
    """The socket in TLS, its certificate verified unless TLS was only used because it was offered."""
    try:
        return context_for(server).wrap_socket(sock, server_hostname=server.host)
    except OSError:
        sock.close()
        raise


def context_for(server):
    context = ssl.create_default_context()
    if server.tls == "offered":  # no worse than plain text: a forger could as well drop the offer
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
