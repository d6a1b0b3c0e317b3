"""Somebody who fills in the public form."""

import re
import secrets
from http.cookiejar import CookieJar

BOUNDARY = secrets.token_hex(16)


class Visitor:
    """Has the form before them, with its hidden fields and its cookies, and may send it many times."""

    def __init__(self, production):
        self._production, self._cookies = production, CookieJar()
        page = production.open("/complain/", cookies=self._cookies).text
        self._hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
        assert self._hidden.keys() == {"csrfmiddlewaretoken", "submission_key"}

    @property
    def key(self):
        return self._hidden["submission_key"]

    def send(self, *, email, story="The fridge came dented.", file=b"", origin=""):
        """The answer; what else than a page comes is raised."""
        told = self._hidden | {"name": "Eleanor Whitcombe", "email": email, "language": "en", "story": story}
        body = b"".join(_part(f'name="{name}"', value.encode()) for name, value in told.items())
        if file:
            body += _part('name="attachments"; filename="what happened.txt"', file)
        body += f"--{BOUNDARY}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={BOUNDARY}"
        return self._production.open(
            "/complain/", body, cookies=self._cookies, origin=origin, content_type=content_type
        )


def _part(disposition, content):
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"
