"""Every address is asked for as a stranger, a member of another workspace, a scoped member, and with each role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.server.factories import Cast
from tests.server.url_table import TABLE, Row
from winback.server.middleware import POLICY
from winback.server.outbox.views import PREVIEW
from winback.server.workspaces.actions import add_member, create_user
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope, at_least

PEOPLE = {"rafael": "viewer", "amara": "member", "hanna": "manager", "ingrid": "admin"}
SIGN_IN = "/accounts/login/?next="


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Each address's name (its route, where it has none) and its route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            for name, further in addresses(pattern.url_patterns, route):
                yield (name if name == further else space + name), further
        else:
            yield pattern.name or route, route


ROUTES = dict(addresses())


def test_every_address_stands_in_the_table() -> None:
    missing = sorted(set(ROUTES) - set(TABLE))
    assert not missing, f"add rows to tests/server/url_table.py for {missing}"
    assert not set(TABLE) - set(ROUTES), "rows of addresses that are gone"


def path_of(name: str, row: Row, cast: Cast, workspace: Workspace, made: dict[str, Any]) -> str:
    if name == ROUTES[name]:
        return f"/{name}"
    words = dict(made)
    if "slug" in ROUTES[name]:
        words.setdefault("slug", workspace.slug)
    return reverse(name, kwargs=words)


def ask(client: Client, method: str, path: str) -> Any:
    """The answer; whatever it wrote is undone."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = getattr(client, method.lower())(path)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
        transaction.set_rollback(True)
    return answer


def is_refused(answer: Any) -> bool:
    return answer.status_code in (403, 404, 405, 500) or answer.headers.get("Location", "").startswith(SIGN_IN)


@pytest.mark.parametrize("name", sorted(TABLE.keys() & ROUTES))
def test_who_may_ask(name: str, cast: Cast) -> None:
    row = TABLE[name]
    saga = create_user(email="saga@larkspur.example", name="Saga Scoped")
    add_member(workspace=cast.larkspur, user=saga, role="admin", scope=Scope({"region": ("North",)}))
    saga_client = Client()
    saga_client.force_login(saga)
    made = row.make(cast, cast.larkspur) if row.make else {}
    path = path_of(name, row, cast, cast.larkspur, made)

    def may(client: Client, method: str) -> None:
        answer = ask(client, method, path)
        if row.status is not None:
            assert answer.status_code == row.status
        else:
            assert not is_refused(answer), f"{method} {path}: {answer.status_code}"

    for method in row.methods:
        stranger = ask(Client(), method, path)
        if row.least == "anybody":
            may(Client(), method)
            continue
        assert stranger.status_code == 302, f"{method} {path} as a stranger: {stranger.status_code}"
        assert stranger.headers["Location"].startswith(SIGN_IN)
        if row.least == "signed in":
            may(cast.client("nell"), method)
            continue
        assert ask(cast.client("nell"), method, path).status_code == 404, "a member of another workspace"
        for person, role in PEOPLE.items():
            client = cast.client(person)
            if at_least(role, row.least):
                may(client, method)
            else:
                assert ask(client, method, path).status_code == 403, f"{method} {path} as {role}"
        norah = ask(cast.client("norah"), method, path)
        if not at_least("member", row.least) or row.whole:
            assert norah.status_code == 403
        else:
            assert norah.status_code != 500
        scoped = ask(saga_client, method, path)
        assert (scoped.status_code == 403) == row.whole, f"{method} {path} as a scoped administrator"
        assert scoped.status_code != 500


@pytest.mark.parametrize(  # a key, not a cookie, opens the API
    "name",
    sorted(
        name
        for name, row in TABLE.items()
        if row.make and "<int:pk>" in ROUTES.get(name, "") and not name.startswith("api:")
    ),
)
def test_no_object_of_another_workspace(name: str, cast: Cast) -> None:
    row = TABLE[name]
    assert row.make is not None
    made = row.make(cast, cast.merritt)
    path = path_of(name, row, cast, cast.larkspur, made)
    for method in row.methods:
        assert ask(cast.client("ingrid"), method, path).status_code == 404, f"{method} {path}"


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.outside))
def test_no_object_outside_the_scope(name: str, cast: Cast) -> None:
    row = TABLE[name]
    assert row.outside is not None
    made = row.outside(cast, cast.larkspur)
    path = path_of(name, row, cast, cast.larkspur, made)
    for method in row.methods:
        assert not is_refused(ask(cast.client("ingrid"), method, path)), "everybody else sees it"
        assert ask(cast.client("norah"), method, path).status_code == 404, f"{method} {path}"


@pytest.mark.parametrize(  # a key, not a cookie, opens the API
    "name", sorted(n for n, row in TABLE.items() if n in ROUTES and "POST" in row.methods and not n.startswith("api:"))
)
def test_nothing_is_posted_from_another_site(name: str, cast: Cast) -> None:
    row = TABLE[name]
    path = path_of(name, row, cast, cast.larkspur, row.make(cast, cast.larkspur) if row.make else {})
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["ingrid"])
    answer = ask(client, "POST", path)
    assert answer.status_code == 403
    assert "Load it again" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(n for n, row in TABLE.items() if n in ROUTES and "GET" in row.methods))
def test_headers_of_every_page(name: str, cast: Cast) -> None:
    row = TABLE[name]
    path = path_of(name, row, cast, cast.larkspur, row.make(cast, cast.larkspur) if row.make else {})
    for client in (Client(), cast.client("ingrid")):
        answer = ask(client, "GET", path)
        policy = answer.headers["Content-Security-Policy"]
        if name == "outbox_preview" and answer.status_code == 200:
            assert policy == PREVIEW, "a document without rights: no script, no origin, nothing loaded"
        else:
            assert policy == POLICY
            assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] in ("SAMEORIGIN", "DENY")
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if "text/html" in answer.headers.get("Content-Type", "") and name != "outbox_preview":
            page = answer.content.decode()
            assert " style=" not in page
            assert "<style" not in page
            assert "javascript:" not in page
