"""How numbers, days and segments are written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from winback.charts import labels


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(2.5, 0, "3"), (-2.5, 0, "-3"), (0.5, 0, "1"), (0.05, 1, "0.1"), (1.005, 2, "1.01"), (-0.4, 0, "0")],
)
def test_halves_are_rounded_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert labels.rounded(value, decimals) == Decimal(text)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(21.4, 0, "+21"), (-3, 0, "−3"), (0, 0, "0"), (-0.4, 0, "0"), (-0.04, 1, "0.0"), (1234.5, 0, "+1,235"), (None, 0, "–")],
)  # fmt: skip
def test_a_score_carries_its_sign(value: float | None, decimals: int, text: str) -> None:
    assert labels.signed(value, decimals) == text


def test_an_interval_has_both_ends_or_is_none() -> None:
    assert labels.interval(-4.5, 25.4) == "[−5, +25]"
    assert labels.interval(-4.5, 25.4, 1) == "[−4.5, +25.4]"
    assert labels.interval(None, 25.0) == labels.interval(18.0, None) == ""


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("527900.00", "EUR", "€527,900"), ("1200", "CHF", "CHF 1,200"), ("99.5", "USD", "$99.50"), ("99.995", "USD", "$100.00"),
        ("100.50", "GBP", "£101"), ("-38600", "EUR", "−€38,600"), ("0", "", "0"), (None, "EUR", "–"),
    ],
)  # fmt: skip
def test_money_has_its_currency_first(amount: str | None, currency: str, text: str) -> None:
    assert labels.money(amount, currency) == text


def test_a_day_is_read_out_of_a_date_or_a_time() -> None:
    assert labels.day("2026-11-19T13:05:00Z") == labels.day(dt.date(2026, 11, 19)) == dt.date(2026, 11, 19)


@pytest.mark.parametrize(
    ("unit", "start", "text"),
    [
        ("month", "2026-11-01", "Nov 2026"), ("week", "2026-11-16", "16 Nov 2026"), ("quarter", "2026-01-01", "Q1 2026"),
        ("quarter", "2026-03-31", "Q1 2026"), ("quarter", "2026-10-01", "Q4 2026"),
    ],
)  # fmt: skip
def test_a_period_is_named(unit: str, start: str, text: str) -> None:
    assert labels.period(unit, start) == text


@pytest.mark.parametrize(
    ("values", "by", "text"),
    [
        (["North", "Business"], (), "North · Business"), ("North", (), "North"), ([2026], (), "2026"), (["a\n  b"], (), "a b"),
        (["North", None], ("region", "plan"), "North · (no plan)"), (None, (), "(blank)"), ([" "], (), "(blank)"),
    ],
)  # fmt: skip
def test_a_segment_is_one_line(values: Any, by: tuple[str, ...], text: str) -> None:
    assert labels.segment(values, by) == text


def test_rows_under_the_minimum_are_not_drawn() -> None:
    fit, zero = {"nps": 12.0, "suppressed": False}, {"nps": 0.0}
    assert labels.drawn([fit, {"nps": 12.0, "suppressed": True}, {"nps": None}, {}, zero]) == [fit, zero]
