"""Which form of the admin was saved last, for the script that keeps what is typed (cases/static/cases/unsaved.js)."""

from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

COOKIE = "saved"
FOR = 600  # seconds; the next page takes it away


def tell_what_was_saved(get_response):
    """A form that leads on was saved; one that comes back with a fault, or leads to the sign-in, was not."""

    def middleware(request):
        answer = get_response(request)
        if _was_saved(request, answer):
            path, secure = quote(request.path, safe=""), settings.SESSION_COOKIE_SECURE
            answer.set_cookie(COOKIE, path, max_age=FOR, samesite="Lax", secure=secure)
        return answer

    return middleware


def _was_saved(request, answer) -> bool:
    if request.method != "POST" or answer.status_code != HTTPStatus.FOUND:
        return False
    return request.path.startswith(reverse("admin:index")) and request.user.is_authenticated
