"""Mail servers on loopback: one that behaves as it is told, real ones, and the certificate that they show."""

import socket
import ssl
import subprocess

import pytest
from aiosmtpd.controller import Controller

from tests.letters.smtp_server import ScriptedServer


@pytest.fixture
def house(settings, tmp_path):
    """The house that the letters of test_post_*.py come from; without a server it posts into a folder."""
    settings.MAIL_FROM = "Customer relations <complaints@example.com>"
    settings.MAIL_ARCHIVE = ""
    settings.MAIL_URL = f"folder:{tmp_path / 'mail'}"


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
