"""Tiny tables of answers that a test writes as text: one line an answer, blanks as a dot."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

TYPES = {
    "score": pa.float64(),
    "local_date": pa.date32(),
    "occurred_at": pa.timestamp("us", tz="UTC"),
    "row_number": pa.int64(),
    "weight": pa.float64(),
    "money": pa.decimal128(18, 4),
}


def answers(text: str) -> pa.Table:
    """A table from a header line and rows parted by spaces. A dot is a blank; types follow from the names."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    columns = {}
    for place, name in enumerate(header):
        cells = [None if line[place] == "." else line[place] for line in lines]
        columns[name] = pa.array([_value(name, cell) for cell in cells], TYPES.get(name, pa.string()))
    return pa.table(columns)


def _value(name: str, cell: str | None) -> object:
    if cell is None:
        return None
    if name in ("score", "weight"):
        return float(cell)
    if name == "row_number":
        return int(cell)
    if name == "money":
        return Decimal(cell)
    if name == "local_date":
        return dt.date.fromisoformat(cell)
    if name == "occurred_at":
        return dt.datetime.fromisoformat(cell).replace(tzinfo=dt.UTC)
    return cell
