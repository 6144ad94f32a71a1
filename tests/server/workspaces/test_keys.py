from __future__ import annotations

import hashlib

import pytest

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.workspaces.keys import KEY, make_key, note_use, revoke_key
from winback.server.workspaces.models import ApiKey, AuditEvent
from winback.server.workspaces.queries import access_for_key
from winback.server.workspaces.rules import Scope


def test_a_key_is_kept_as_its_hash_only(cast: Cast) -> None:
    key, token = make_key(by=cast.access("ingrid"), name=" shop ", scope=Scope({"region": ("North",)}))
    assert KEY.fullmatch(token)
    assert token.startswith(f"wb_{key.prefix}_")
    row = ApiKey.objects.values().get()
    assert row["digest"] == hashlib.sha256(token.encode()).hexdigest()
    assert token.rpartition("_")[2] not in str(row)
    event = AuditEvent.objects.get(verb="key made")
    assert (event.target, event.detail["scope"]) == ("shop", "region: North")
    assert token not in str(event.detail)


def test_a_key_opens_no_more_than_its_maker_may(cast: Cast) -> None:
    with pytest.raises(UserError, match="cannot give the rights of a admin"):
        make_key(by=cast.access("hanna"), name="shop", role="admin")
    with pytest.raises(UserError, match="region: North"):
        make_key(by=cast.access("norah"), name="shop", role="viewer")
    with pytest.raises(UserError, match="1 to 80"):
        make_key(by=cast.access("ingrid"), name=" ")
    assert not ApiKey.objects.exists()


def test_an_ended_key_opens_nothing_at_once(cast: Cast) -> None:
    key, token = make_key(by=cast.access("ingrid"), name="shop")
    assert access_for_key(token)
    for _ in range(2):
        revoke_key(by=cast.access("ingrid"), key=key)
    assert access_for_key(token) is None
    assert AuditEvent.objects.filter(verb="key revoked").count() == 1


def test_a_use_is_written_once_a_day(cast: Cast, django_assert_num_queries: object) -> None:
    key, _ = make_key(by=cast.access("ingrid"), name="shop")
    note_use(key=key)
    key.refresh_from_db()
    assert key.last_used_on is not None
