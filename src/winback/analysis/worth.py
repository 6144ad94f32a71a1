"""What is each customer worth? Revenue and margin of the last twelve months, from the best data at hand.

In this order: months of money (customer_periods), yearly figures in the customers table, money beside the answers.
Margin is revenue less cost to serve less discounts; where only revenue is known, counts of calls, tickets, visits,
returns and credits times unit costs give an *estimated* cost to serve, always marked so. Sums are exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.frames import lazy_table
from winback.analysis.tally import MONEY_UNIT, MOST_MONEY, period_index
from winback.errors import UserError

Basis = Literal["margin", "revenue", "estimated_margin"]
UNITS: Mapping[str, str] = {
    "call": "count_calls", "ticket": "count_tickets", "visit": "count_visits", "return": "count_returns", "credit": "count_credits",
}  # fmt: skip


@dataclass(frozen=True)
class Worth:
    """Money by customer, sorted by customer, in ten-thousandths of the currency.

    `basis` says what `worth` is; `revenue` is None where only a margin is known. `months` are months of money at
    hand. `cost` is the estimated cost to serve behind an estimated margin.
    """

    customers: NDArray[np.object_]
    worth: NDArray[np.int64]
    revenue: NDArray[np.int64] | None
    basis: Basis
    months: int = 12
    cost: NDArray[np.int64] | None = None
    unit_costs: Mapping[str, Decimal] | None = None

    def __len__(self) -> int:
        return len(self.customers)


def worth(
    tables: Any, *, unit_costs: Mapping[str, Decimal] | None = None, as_of: dt.date | None = None
) -> Worth | None:
    """The worth of every customer from `customer_periods` or `customers`; None where neither holds money.

    `as_of` ends the twelve months (the last month at hand unless given). Raises UserError where unit costs are
    given and no counts are, or the other way round where nothing else gives a margin.
    """
    if tables.customer_periods is not None:
        found = _from_periods(tables.customer_periods, as_of)
    elif tables.customers is not None:
        found = _from_customers(tables.customers)
    else:
        found = None
    if unit_costs:
        if tables.customers is None:
            raise UserError(
                "Unit costs need counts per customer: calls, tickets, visits, returns or credits, in --customers."
            )
        if found is None or found.revenue is None:
            raise UserError("Unit costs need revenue per customer, in --periods or --customers.")
        found = _estimated(found, tables.customers, unit_costs)
    return found


def whole(name: str) -> nw.Expr:
    """A column of money as whole ten-thousandths, 0 where blank."""
    return (nw.col(name).cast(nw.Float64) * MONEY_UNIT).round().cast(nw.Int64).fill_null(0)


def _collect(frame: nw.LazyFrame[Any]) -> pa.Table:
    table: pa.Table = frame.collect(backend="pyarrow").to_native()
    return table


def _integers(table: pa.Table, name: str) -> NDArray[np.int64]:
    if (pc.sum(pc.abs(pc.cast(table.column(name), pa.float64()))).as_py() or 0.0) > MOST_MONEY:
        raise UserError(
            f"The {name} of all customers adds up to more than 900 trillion, which is not summed exactly; give it in thousands."
        )
    return np.asarray(table.column(name).cast(pa.int64()).to_numpy(), dtype=np.int64)


def usual_margin(tables: Any) -> dict[str, int] | None:
    """What each customer brought in a usual month, over all months at hand, in ten-thousandths; None without months.

    Unlike the last twelve months' margin it is not less for those who left: it can be compared between them and
    those who stayed.
    """
    if tables.customer_periods is None:
        return None
    frame = lazy_table(tables.customer_periods)
    names = frame.collect_schema().names()
    frame, brought = _brought(frame, names)
    if brought is None:
        return None
    table = _collect(frame.group_by("customer").agg(nw.col(brought).mean().alias("usual")))
    return dict(
        zip(
            table.column("customer").cast(pa.string()).to_pylist(),
            (round(v) for v in table.column("usual").to_pylist()),
            strict=True,
        )
    )


def _brought(frame: nw.LazyFrame[Any], names: list[str]) -> tuple[nw.LazyFrame[Any], str | None]:
    """Add what a month brought, as `wb_brought` in ten-thousandths: the margin, or as near as the columns come."""
    if "margin" in names:
        return frame.with_columns(wb_brought=whole("margin")), "wb_brought"
    if "revenue" not in names:
        return frame, None
    less = [whole(name) for name in ("cost", "discounts") if name in names and "cost" in names]
    brought = whole("revenue")
    for part in less:
        brought = brought - part
    return frame.with_columns(wb_brought=brought), "wb_brought"


def _from_periods(periods: Any, as_of: dt.date | None) -> Worth | None:
    frame = lazy_table(periods)
    names = frame.collect_schema().names()
    index = nw.col("month").dt.year().cast(nw.Int64) * 12 + nw.col("month").dt.month().cast(nw.Int64) - 1
    frame = frame.with_columns(wb_index=index)
    bounds = _collect(frame.select(first=nw.col("wb_index").min(), last=nw.col("wb_index").max())).to_pylist()[0]
    if bounds["last"] is None:
        return None
    last = min(bounds["last"], period_index(as_of, "month")) if as_of else bounds["last"]
    months = min(12, last - bounds["first"] + 1)
    rows, brought = _brought(frame.filter(nw.col("wb_index") > last - 12, nw.col("wb_index") <= last), names)
    if brought is None:
        return None
    # Added to the rows first: pandas and Arrow sum plain columns only.
    sums = [nw.col(brought).sum().alias("worth")]
    if "revenue" in names:
        rows = rows.with_columns(wb_revenue=whole("revenue"))
        sums.append(nw.col("wb_revenue").sum().alias("revenue"))
    table = _collect(rows.group_by("customer").agg(*sums)).sort_by("customer")
    customers = np.asarray(table.column("customer").cast(pa.string()).to_pylist(), dtype=object)
    revenue = _integers(table, "revenue") if "revenue" in names else None
    basis: Basis = "margin" if {"margin", "cost"} & set(names) else "revenue"
    return Worth(customers, _integers(table, "worth"), revenue, basis, months)


def _from_customers(customers: Any) -> Worth | None:
    frame = lazy_table(customers)
    names = frame.collect_schema().names()
    kept = [name for name in ("revenue", "margin") if name in names]
    if not kept:
        return None
    known = ~nw.col(kept[-1]).is_null()
    table = _collect(frame.filter(known).select("customer", *(whole(name).alias(name) for name in kept))).sort_by(
        "customer"
    )
    revenue = _integers(table, "revenue") if "revenue" in kept else None
    customers_ = np.asarray(table.column("customer").cast(pa.string()).to_pylist(), dtype=object)
    return Worth(customers_, _integers(table, kept[-1]), revenue, "margin" if "margin" in kept else "revenue")


def _estimated(found: Worth, customers: Any, unit_costs: Mapping[str, Decimal]) -> Worth:
    frame = lazy_table(customers)
    names = frame.collect_schema().names()
    counted = {unit: column for unit, column in UNITS.items() if unit in unit_costs and column in names}
    if not counted:
        wanted = ", ".join(f"{unit}s" for unit in unit_costs)
        raise UserError(
            f"There is a unit cost for {wanted}, and the customers file counts none of them; add a column for one."
        )
    chosen = [nw.col(column).cast(nw.Float64).fill_null(0.0) for column in counted.values()]
    table = _collect(frame.select("customer", *chosen)).sort_by("customer")
    cost = np.zeros(table.num_rows, dtype=np.int64)
    for unit, column in counted.items():
        counts = np.asarray(table.column(column).to_numpy(), dtype=np.float64)
        cost += np.rint(counts * float(unit_costs[unit] * MONEY_UNIT)).astype(np.int64)
    position = {
        customer: place for place, customer in enumerate(table.column("customer").cast(pa.string()).to_pylist())
    }
    places = np.asarray([position.get(customer, -1) for customer in found.customers])
    mine = np.where(places >= 0, cost[places], 0)
    assert found.revenue is not None
    # Unit costs stand in for a cost to serve that is not known; a margin told by the company is not touched.
    return Worth(
        found.customers, found.revenue - mine, found.revenue, "estimated_margin", found.months, mine,
        {unit: unit_costs[unit] for unit in counted},
    )  # fmt: skip
