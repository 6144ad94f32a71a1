from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.server.factories import Cast
from tests.server.insights.worlds import ALL, QUARTER, counts, year
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.rules import Scope

pytestmark = pytest.mark.django_db


def ask(secret: str, address: str) -> Any:
    return Client().get(f"/api/v1/figures/{address}", headers={"authorization": f"Bearer {secret}"})


def test_figures_within_the_scope_of_the_key(cast: Cast) -> None:
    _, secret = make_key(by=cast.access("ingrid"), name="a tool", role="viewer")
    assert ask(secret, "pulse").status_code == 404
    year(cast.larkspur)
    assert counts(ask(secret, "pulse").json()["overall"]) == QUARTER
    assert counts(ask(secret, "pulse?last=all").json()["overall"]) == ALL
    assert [row["segment"] for row in ask(secret, "segments?by=region").json()["segments"]] == [["North"], ["South"]]
    assert ask(secret, "readiness").json()[0]["possible"] is True
    assert ask(secret, "segments?by=shoes").status_code == 422
    assert ask("wb_none", "pulse").status_code == 401
    _, north = make_key(by=cast.access("ingrid"), name="north", role="viewer", scope=Scope({"region": ("North",)}))
    assert ask(north, "pulse?last=all").json()["overall"]["answers"] == 96


def test_a_key_asks_for_so_many_figures_a_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.server.insights.api.PER_MINUTE", 2)
    _, secret = make_key(by=cast.access("ingrid"), name="a hasty tool", role="viewer")
    assert [ask(secret, "pulse").status_code for _ in range(3)] == [404, 404, 429]
