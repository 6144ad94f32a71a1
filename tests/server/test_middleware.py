"""What every request passes."""

from __future__ import annotations

import errno
import ipaddress
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from winback.errors import UserError
from winback.server.middleware import (
    BUSY,
    FULL,
    POLICY,
    closed_while_restoring,
    is_busy,
    is_full,
    programs,
    sentences,
    trusted_proxies,
)


def seen(address: str, forwarded: str = "", proto: str = "") -> tuple[str, str]:
    """The address and the scheme that a view sees."""
    found: list[tuple[str, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append((request.META["REMOTE_ADDR"], request.scheme or ""))
        assert "HTTP_X_FORWARDED_FOR" not in request.META
        assert "HTTP_X_FORWARDED_HOST" not in request.META
        return HttpResponse()

    headers = {
        "HTTP_X_FORWARDED_FOR": forwarded,
        "HTTP_X_FORWARDED_PROTO": proto,
        "HTTP_X_FORWARDED_HOST": "evil.example",
    }
    trusted_proxies(view)(RequestFactory().get("/", REMOTE_ADDR=address, **headers))
    return found[0]


@pytest.mark.parametrize(
    ("address", "forwarded", "proto", "expected"),
    [
        ("203.0.113.9", "198.51.100.1", "https", ("203.0.113.9", "http")),  # nobody we trust
        ("10.0.0.2", "198.51.100.1", "https", ("198.51.100.1", "https")),
        (
            "10.0.0.2",
            "1.2.3.4, 198.51.100.1",
            "https",
            ("198.51.100.1", "https"),
        ),  # the first was written by the caller
        ("10.0.0.2", "198.51.100.1, 10.0.0.3", "http", ("198.51.100.1", "http")),  # two proxies of ours
        ("10.0.0.2", "rubbish", "", ("10.0.0.2", "http")),
        ("10.0.0.2", "", "http, https", ("10.0.0.2", "https")),
        ("10.0.0.2", "2001:db8::7", "https", ("2001:db8::7", "https")),
    ],
)
def test_only_trusted_proxies_are_believed(
    settings: object, address: str, forwarded: str, proto: str, expected: tuple[str, str]
) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)  # type: ignore[attr-defined]
    assert seen(address, forwarded, proto) == expected


def test_every_answer_carries_the_policy() -> None:
    answer = Client().get("/healthz")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


def test_a_load_balancer_is_answered_without_encryption(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/accounts/login/").status_code == 301


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OperationalError("database or disk is full"), True),
        (OperationalError('could not extend file "base/1": No space left on device'), True),
        (OperationalError("database is locked"), False),
        (OSError(errno.EACCES, "Permission denied"), False),
        (IntegrityError("the disk is full"), False),
    ],
)
def test_a_full_disk_is_known(error: Exception, *, full: bool) -> None:
    assert is_full(error) is full


def test_a_writer_who_waited_too_long_is_known() -> None:
    told = ("database is locked", "deadlock detected\nDETAIL:  Process 1 waits", "disk I/O error")
    assert [is_busy(OperationalError(one)) for one in told] == [True, True, False]
    assert not is_busy(ValueError("database is locked"))


def test_what_a_view_raises_becomes_a_sentence() -> None:
    middle = sentences(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    refused = middle.process_exception(request, UserError("The file is empty."))
    assert refused is not None and refused.status_code == 400
    assert b"The file is empty." in refused.content
    full = middle.process_exception(request, OSError(errno.ENOSPC, "No space left on device"))
    assert full is not None and full.status_code == 507
    assert FULL.partition(",")[0].replace("'", "&#x27;") in full.content.decode()
    busy = middle.process_exception(request, OperationalError("database is locked"))
    assert busy is not None and (busy.status_code, BUSY in busy.content.decode()) == (503, True)
    assert middle.process_exception(request, ValueError("a bug shows itself")) is None


@pytest.mark.django_db(transaction=True)
def test_a_full_database_is_told_on_the_page_and_keeps_nothing() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk cannot be filled from here")
    from tests.server.factories import make_cast
    from winback.server.workspaces.models import Workspace

    client = make_cast().client("ingrid")
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        answers = {client.post("/w/larkspur/settings/", {"name": f"{n} {'x' * 100}"}).status_code for n in range(300)}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert 500 not in answers
    assert 507 in answers
    assert Workspace.objects.count() == 2


def test_nobody_is_answered_while_a_backup_is_put_back(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    middle = closed_while_restoring(lambda request: HttpResponse("open"))
    request = RequestFactory().get("/")
    assert middle(request).content == b"open"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "restoring").write_text("")
    closed = middle(request)
    assert (closed.status_code, closed.headers["Retry-After"]) == (503, "60")


def test_only_what_programs_post_passes_by_what_serves_browsers() -> None:
    def rest(request: HttpRequest) -> HttpResponse:
        return HttpResponse("the rest")

    def through(request: HttpRequest) -> bool:
        return programs(rest)(request).content == b"the rest"

    make = RequestFactory()
    assert not through(make.post("/api/v1/feedback", {}, content_type="application/json"))
    assert through(make.get("/api/v1/docs"))
    assert through(make.post("/api/v1/nothing"))
    assert through(make.post("/accounts/login/"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["customers/?q=a%00b", "audit/?who=%00"])
def test_a_null_character_in_an_address_breaks_nothing(ingrid: Client, path: str) -> None:
    """SQLite finds nothing with it, PostgreSQL takes none: a sentence says so."""
    answer = ingrid.get(f"/w/larkspur/{path}")
    refused = "null character" in answer.content.decode()
    assert (answer.status_code, refused) == ((400, True) if connection.vendor == "postgresql" else (200, False))
