"""A real IMAP server for a test: Dovecot in a temporary folder, on free loopback ports, without root's rights."""

import imaplib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql import free_port

USER, PASSWORD = "archive", "a/quiet:after@noon"

COMMON = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {user}
mail_gid = {group}
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

OF_VERSION = {
    "2.3": """
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
ssl_cert = <{certificate}
ssl_key = <{key}
""",
    "2.4": """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail
mail_home = {folder}/mail
passdb static {{
  password = {password}
}}
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
""",
}


class Mailbox:
    """The archive mailbox of a running Dovecot: its addresses, and how mail comes into it."""

    def __init__(self, folder, *, plain, tls):
        self.folder, self.plain, self.tls = folder, plain, tls

    def url(self, scheme="imap", *, password="a%2Fquiet%3Aafter%40noon", folder=""):
        port = self.tls if scheme == "imaps" else self.plain
        return f"{scheme}://{USER}:{password}@127.0.0.1:{port}/{folder}"

    @contextmanager
    def line(self):
        """An IMAP line of another program that is signed in."""
        with imaplib.IMAP4("127.0.0.1", self.plain, timeout=20) as line:
            line.login(USER, PASSWORD)
            yield line

    def make(self, folder):
        with self.line() as line:
            line.create(f'"{folder}"')

    def put(self, mail: bytes, folder="INBOX"):
        """The mail lies in the mailbox, as another program put it there."""
        with self.line() as line:
            kind, said = line.append(f'"{folder}"', None, None, mail)
            assert kind == "OK", said

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@contextmanager
def server(certificate, key):
    """Yields the Mailbox of a running Dovecot that shows this certificate (two paths)."""
    folder = Path(tempfile.mkdtemp(prefix="casetracker-dovecot-"))
    # as root, Dovecot keeps mail of nobody who is root: then it runs as the system's own user for mail
    account = {"user": "mail", "group": "mail", "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        mailbox = Mailbox(folder, plain=free_port(), tls=free_port())
        _lay_out(mailbox, account, certificate, key)
        with _running(mailbox, account):
            yield mailbox
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(mailbox, account, certificate, key):
    folder = mailbox.folder
    for place in ("run", "mail"):
        (folder / place).mkdir()
    values = {
        "folder": folder,
        "plain": mailbox.plain,
        "tls": mailbox.tls,
        "ssl": "yes",
        "password": PASSWORD,
        "user": account.get("user") or subprocess.check_output(["id", "-un"], text=True).strip(),
        "group": account.get("group") or subprocess.check_output(["id", "-gn"], text=True).strip(),
        "certificate": shutil.copy(certificate, folder / "certificate.pem"),
        "key": shutil.copy(key, folder / "key.pem"),
    }
    version = subprocess.check_output([program(), "--version"], text=True)[:3]
    first = f"dovecot_config_version = {version}.0\ndovecot_storage_version = {version}.0\n" if version != "2.3" else ""
    written = first + (COMMON + OF_VERSION[version]).format(**values)
    (folder / "dovecot.conf").write_text(written)
    if account:
        for place in (folder, *folder.iterdir()):
            shutil.chown(place, account["user"], account["group"])


def program() -> str:
    """Dovecot's path; Debian keeps it off the PATH of whoever is not root."""
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
    if not found:
        raise RuntimeError("Dovecot is not installed: run make test, which installs it.")
    return found


@contextmanager
def _running(mailbox, account):
    command = [program(), "-F", "-c", mailbox.folder / "dovecot.conf"]
    said = mailbox.folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=mailbox.folder, stdout=out, stderr=out, **account)
    try:
        _wait(process, mailbox, said)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(process, mailbox, said, *, seconds=30):
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            imaplib.IMAP4("127.0.0.1", mailbox.plain, timeout=5).logout()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not answer within {seconds} s:\n{said.read_text()}")
