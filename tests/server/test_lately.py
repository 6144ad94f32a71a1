"""What was read a moment ago, and for how long that holds."""

from __future__ import annotations

from winback.server.lately import MOST, Lately


def test_a_value_holds_for_a_second() -> None:
    held: Lately[str, int] = Lately()
    held.keep("a", 1, now=10.0)
    assert [held.get("a", now=moment) for moment in (10.0, 10.999, 11.0)] == [1, 1, None]
    assert held.get("b", now=10.0) is None


def test_what_is_forgotten_is_gone_at_once() -> None:
    held: Lately[str, int] = Lately()
    held.keep("a", 1, now=10.0)
    held.forget("a")
    held.forget("b")
    assert held.get("a", now=10.0) is None


def test_memory_stays_bounded() -> None:
    held: Lately[int, int] = Lately()
    for number in range(3 * MOST):
        held.keep(number, number, now=10.0)
        assert held.get(number, now=10.0) == number
    assert sum(held.get(number, now=10.0) is not None for number in range(3 * MOST)) <= MOST
