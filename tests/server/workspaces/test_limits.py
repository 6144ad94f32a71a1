from __future__ import annotations

from collections.abc import Iterator

import pytest

from winback.server.workspaces import limits


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


def test_a_bucket_empties_and_fills() -> None:
    assert [limits.wait("key", per_minute=3, now=0.0) for _ in range(4)] == [0, 0, 0, 20]
    assert limits.wait("key", per_minute=3, now=10.0) == 10
    assert limits.wait("key", per_minute=3, now=20.0) == 0
    assert limits.wait("another", per_minute=3, now=20.0) == 0


def test_a_call_costs_what_it_brings() -> None:
    assert limits.wait("key", per_minute=100, cost=80, now=0.0) == 0
    assert limits.wait("key", per_minute=100, cost=80, now=0.0) == 36, "60 more at 100 a minute"
    assert limits.wait("key", per_minute=100, burst=10, cost=5, now=0.0) == 0


def test_looking_takes_nothing() -> None:
    assert [limits.wait("key", per_minute=1, cost=0, now=0.0) for _ in range(3)] == [0, 0, 0]
    assert limits.wait("key", per_minute=1, now=0.0) == 0
    assert limits.wait("key", per_minute=1, cost=0, now=0.0) == 60


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    for number in range(50):
        limits.wait(f"key {number}", per_minute=1, now=0.0)
    assert len(limits._buckets) == 10
