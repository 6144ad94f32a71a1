"""Flare-ups by the API, within the scope of the key."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.rules import Scope

pytestmark = pytest.mark.django_db


def ask(secret: str, address: str = "") -> Any:
    return Client().get(f"/api/v1/flareups{address}", headers={"authorization": f"Bearer {secret}"})


def test_alarms_within_the_scope_of_the_key(cast: Cast) -> None:
    north, south = an_alarm(cast.larkspur, region="North"), an_alarm(cast.larkspur, region="South")
    over = {"state": "ended", "ended_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}
    past = an_alarm(cast.larkspur, region="North", more=over)
    _, whole = make_key(by=cast.access("ingrid"), name="a tool", role="viewer")
    _, part = make_key(by=cast.access("ingrid"), name="north", role="viewer", scope=Scope({"region": ("North",)}))
    assert {row["id"] for row in ask(whole).json()} == {north.pk, south.pk}
    assert [row["id"] for row in ask(part).json()] == [north.pk]
    assert [row["id"] for row in ask(part, "?state=past").json()] == [past.pk]
    one = ask(part, f"/{north.pk}").json()
    assert (one["segment"], one["bad"], one["q"], one["course"]) == ({"region": "North"}, 20.0, 0.02, [])
    assert ask(part, f"/{south.pk}").status_code == 404
    assert ask(whole, "?state=asleep").status_code == 422
    assert ask("wb_none").status_code == 401


def test_a_key_asks_so_often_a_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.server.watch.api.PER_MINUTE", 2)
    _, secret = make_key(by=cast.access("ingrid"), name="a hasty tool", role="viewer")
    assert [ask(secret).status_code for _ in range(3)] == [200, 200, 429]
