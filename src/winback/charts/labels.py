"""How a number, a day or a segment is written inside a picture; the report's words build on these.

Scores carry their sign and the true minus; money has its currency first; a segment's values are joined by a dot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MINUS = "\u2212"
DASH = "\u2013"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩", "ILS": "₪",
            "TRY": "₺", "UAH": "₴", "VND": "₫", "NGN": "₦", "PHP": "₱"}  # fmt: skip


def rounded(value: float, decimals: int = 0) -> Decimal:
    """A float rounded half away from zero as it is written: 2.5 is 3, −2.5 is −3, 0.05 is 0.1."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def signed(value: float | None, decimals: int = 0) -> str:
    """A score or a change with its sign: +21, −3, 0; a dash where there is none."""
    if value is None:
        return DASH
    number = rounded(value, decimals)
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return f"{sign}{abs(number):,}"


def interval(low: float | None, high: float | None, decimals: int = 0) -> str:
    """[+18, +25], or nothing where there is no interval."""
    if low is None or high is None:
        return ""
    return f"[{signed(low, decimals)}, {signed(high, decimals)}]"


def money(amount: str | Decimal | None, currency: str = "") -> str:
    """€527,900: currency first, thousands parted, no cents from 100; "CHF 1,200" where a currency has no sign."""
    if amount is None:
        return DASH
    number = Decimal(amount)
    whole = abs(number) >= 100 or number == number.to_integral_value()
    number = number.quantize(Decimal(1) if whole else Decimal("0.01"), ROUND_HALF_UP)
    mark = _SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"{MINUS if number < 0 else ''}{mark}{abs(number):,}"


def day(date: str | dt.date) -> dt.date:
    """A date out of a date or the ISO text of one (of a time too: its day)."""
    return date if isinstance(date, dt.date) else dt.date.fromisoformat(date[:10])


def period(unit: str, start: str | dt.date) -> str:
    """Nov 2026, Q4 2026, or the week by its first day: 16 Nov 2026."""
    date = day(start)
    if unit == "quarter":
        return f"Q{(date.month + 2) // 3} {date.year}"
    if unit == "month":
        return f"{MONTHS[date.month - 1]} {date.year}"
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def segment(values: Sequence[Any] | str | None, by: Sequence[str] = ()) -> str:
    """North · Business, on one line; a blank value is named after its attribute: (no plan)."""
    if values is None or isinstance(values, str):
        values = [values]
    names = []
    for position, value in enumerate(values):
        attribute = f"no {by[position]}" if position < len(by) else "blank"
        names.append(" ".join(str(value).split()) if value is not None else "")
        names[-1] = names[-1] or f"({attribute})"
    return " · ".join(names)


def drawn(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that may be drawn: those with a score, at or above the minimum of answers."""
    return [row for row in rows if not row.get("suppressed") and row.get("nps") is not None]
