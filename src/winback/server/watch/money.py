"""Whom a finding concerns: how many customers, and what they bring in twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.frames import names_of
from winback.analysis.tally import MONEY_UNIT
from winback.analysis.worth import Worth, worth
from winback.server.exports.queries import Holding


def money_of(holding: Holding, row: Mapping[str, Any], *, theme: str = "") -> dict[str, Any]:
    """How many customers answered in a finding's window (or name its theme there), and what they bring in twelve months.

    None where unknown.
    """
    nothing = {"customers": None, "revenue": None, "money_kind": ""}
    names = names_of(holding.tables.feedback)
    if "customer" not in names:
        return nothing
    rows = nw.from_native(holding.tables.feedback).lazy()
    rows = rows.filter(
        ~nw.col("score").is_null(), nw.col("local_date") >= row["since"], nw.col("local_date") <= row["until"]
    )
    for name, value in zip(row["by"], row["segment"], strict=True):
        rows = rows.filter(nw.col(name).cast(nw.String).str.strip_chars() == value)
    if theme:
        codings = nw.from_native(holding.tables.codings).lazy().filter(nw.col("theme") == theme)
        rows = rows.join(codings.select("source", "external_id"), on=["source", "external_id"], how="semi")
    table = (
        rows.filter(~nw.col("customer").is_null()).select("customer").unique().collect(backend="pyarrow").to_native()
    )
    customers = [str(one) for one in table.column("customer").to_pylist()]
    known = worth(holding.tables)
    if known is None or not customers:
        return {**nothing, "customers": len(customers)}
    total = _sum(known, customers)
    return {
        "customers": len(customers),
        "revenue": total,
        "money_kind": "revenue" if known.revenue is not None else known.basis.replace("_", " "),
    }


def _sum(known: Worth, customers: Sequence[str]) -> Decimal:
    amounts = known.revenue if known.revenue is not None else known.worth
    inside = np.asarray(
        pc.is_in(pa.array(known.customers.tolist(), pa.string()), value_set=pa.array(customers, pa.string()))
    )
    return Decimal(int(amounts[inside].sum())) / MONEY_UNIT
