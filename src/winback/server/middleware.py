"""What every request passes: whom we believe, what the browser may run, and errors as sentences."""

from __future__ import annotations

import errno
import ipaddress
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from winback.errors import UserError
from winback.server.workspaces.access import SignInNeeded

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


log = logging.getLogger("winback.web")
FULL = "The server's disk is full, so nothing was kept. Ask whoever runs it to make room, then do this again."
BUSY = "Others are writing right now, and this waited too long, so nothing was kept. Send it again."
NULL = "A text holds a null character; take it out."
CLOSED = "A backup is being put back. Please come again in a few minutes.\n"


def closed_while_restoring(get_response: GetResponse) -> GetResponse:
    """Answer nobody while a backup is put back: what was erased since may be back for a moment."""
    flag = settings.HOME / "run" / "restoring"

    def middleware(request: HttpRequest) -> HttpResponse:
        if flag.exists():
            return HttpResponse(CLOSED, status=503, content_type="text/plain", headers={"Retry-After": "60"})
        return get_response(request)

    return middleware


def trusted_proxies(get_response: GetResponse) -> GetResponse:
    """Believe X-Forwarded-For and X-Forwarded-Proto from WINBACK_TRUSTED_PROXIES only; drop them from anybody else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        proto = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        request.META.pop("HTTP_X_FORWARDED_HOST", None)
        if _trusted(request.META.get("REMOTE_ADDR", "")):
            # the last address that is not a proxy of ours: what stands before it anybody may have written
            for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
                if _address(address) is None:
                    break
                request.META["REMOTE_ADDR"] = address
                if not _trusted(address):
                    break
            if proto.split(",")[-1].strip() == "https":
                request.META["wsgi.url_scheme"] = "https"
        return get_response(request)

    return middleware


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _trusted(text: str) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """No inline script, no inline style, no eval, nothing from elsewhere. A view may set a stricter one itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
        return response

    return middleware


def programs(get_response: GetResponse) -> GetResponse:
    """What a program posts to the API passes by all that serves browsers: session, CSRF, sign-in, messages.

    It carries a key and no cookie, and the API asks for the key itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path_info.startswith("/api/"):
            return get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return middleware


class sentences:  # noqa: N801 (it stands in settings beside functions)
    """Turns what a view raises into a page with a sentence: a sign-in, or what was wrong and what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from winback.server.pages import refused

        if isinstance(exception, SignInNeeded):
            return exception.response(request)
        if isinstance(exception, UserError):
            return refused(request, str(exception))
        if isinstance(exception, DataError | ValueError) and "NUL (0x00)" in str(exception):  # PostgreSQL
            return refused(request, NULL)
        if is_full(exception):
            log.error("the disk is full")
            return refused(request, FULL, 507)
        if is_busy(exception):
            log.error("a request waited too long for others to write")
            return refused(request, BUSY, 503)
        return None


def is_busy(error: BaseException) -> bool:
    """Whether the database gave up to wait for another writer (SQLite), or for two who wait for each other (PostgreSQL)."""
    said = str(error).lower() if isinstance(error, OperationalError) else ""
    return "database is locked" in said or "deadlock detected" in said


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk has no room: the system's, SQLite's or PostgreSQL's."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    said = str(error).lower() if isinstance(error, OperationalError) else ""
    return "disk is full" in said or "no space left" in said
