"""Earned growth, and what today's mix of detractors and passives costs in profit: from tables to sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from winback.analysis.frames import lazy_table
from winback.analysis.segments import money_text
from winback.analysis.tally import MONEY_UNIT
from winback.analysis.tiers import Standing
from winback.analysis.worth import whole
from winback.charts.labels import money, signed
from winback.stats import growth

# How a customer came, where it was by recommendation.
REFERRAL = ("refer", "recommend", "word of mouth", "friend", "empfehl", "indica", "customer brought")


@dataclass(frozen=True)
class MixCost:
    """What detractors bring less than passives like them, in all and with its interval, in the currency's units."""

    found: growth.MixCost

    def document(self, currency: str) -> dict[str, Any] | None:
        """Money as decimal text, with the sentence; None where nobody can be compared."""
        if not np.isfinite(self.found.amount) or not np.isfinite(self.found.low):
            return None
        amount, low, high = (
            money_text(round(v * MONEY_UNIT)) for v in (self.found.amount, self.found.low, self.found.high)
        )
        ends = f"[{money(low, currency)}, {money(high, currency)}]"
        number = f"{self.found.detractors:,} detractors"
        if self.found.low <= 0 <= self.found.high:
            sentence = f"Whether the {number} bring less than passives like them cannot be told: {money(amount, currency)} {ends} a year."
        elif self.found.amount > 0:
            sentence = (
                f"The {number} bring {money(amount, currency)} {ends} a year less than as many passives like them."
            )
        else:
            sentence = f"The {number} bring {money(amount.lstrip('-'), currency)} a year more than as many passives like them: they are worth winning back."
        return {"money": amount, "low": low, "high": high, "sentence": sentence}


def mix_cost(standing: Standing, cells: NDArray[np.int64] | None = None, *, level: float) -> MixCost:
    """The cost of the mix among customers who answered; `cells` number customers alike (one cell unless given)."""
    heard = standing.heard()
    alike = np.zeros(len(heard), dtype=np.int64) if cells is None else cells
    return MixCost(growth.mix_cost(standing.worth[heard] / MONEY_UNIT, standing.band[heard], alike[heard], level=level))


def earned_growth(tables: Any) -> dict[str, Any] | None:
    """Earned growth of the last twelve months over the twelve before, as in the JSON report.

    None where there are fewer than 24 months of revenue or nobody's way of coming is known.
    """
    if tables.customer_periods is None or tables.customers is None:
        return None
    periods, customers = lazy_table(tables.customer_periods), lazy_table(tables.customers)
    if "revenue" not in periods.collect_schema().names() or "acquired_by" not in customers.collect_schema().names():
        return None
    month = nw.col("month").dt.year().cast(nw.Int64) * 12 + nw.col("month").dt.month().cast(nw.Int64) - 1
    rows = periods.with_columns(wb_index=month)
    bounds = (
        rows.select(first=nw.col("wb_index").min(), last=nw.col("wb_index").max())
        .collect(backend="pyarrow")
        .to_native()
        .to_pylist()[0]
    )
    if bounds["last"] is None or bounds["last"] - bounds["first"] < 23:
        return None
    last = bounds["last"]
    rows = rows.with_columns(
        wb_now=nw.when(nw.col("wb_index") > last - 12).then(whole("revenue")).otherwise(0),
        wb_then=nw.when((nw.col("wb_index") <= last - 12) & (nw.col("wb_index") > last - 24))
        .then(whole("revenue"))
        .otherwise(0),
    )
    sums = (
        rows.group_by("customer")
        .agg(nw.col("wb_now").sum(), nw.col("wb_then").sum())
        .collect(backend="pyarrow")
        .to_native()
    )
    came = customers.select("customer", "acquired_by").collect(backend="pyarrow").to_native()
    how = dict(zip(came.column("customer").to_pylist(), came.column("acquired_by").to_pylist(), strict=True))
    before = retained = earned = other = 0
    for customer, now, then in zip(
        *(sums.column(name).to_pylist() for name in ("customer", "wb_now", "wb_then")), strict=True
    ):
        before += then
        if then > 0:
            retained += now
        elif any(word in (how.get(customer) or "").lower() for word in REFERRAL):
            earned += now
        else:
            other += now
    if before <= 0:
        return None
    found = growth.earned_growth(last_year=before, retained=retained, earned_new=earned, other_new=other)
    sentence = (
        f"Earned growth is {_percent(found.rate)}: last year's customers brought {_percent(found.retention, sign=False)} of last year's revenue again, "
        f"and new customers who came by recommendation {_percent(found.earned_new, sign=False)}. Revenue as a whole grew by {_percent(found.total)}."
    )
    return {
        "rate": found.rate,
        "net_revenue_retention": found.retention,
        "earned_new": found.earned_new,
        "total_growth": found.total,
        "sentence": sentence,
    }


def _percent(share: float, *, sign: bool = True) -> str:
    return f"{signed(100 * share) if sign else f'{100 * share:.0f}'} %"
