"""Are your most profitable customers promoters? And what do detractors bring, and cost?

Customers are set into fifths by margin (or revenue, where that is all there is, and said so), each with its mix of
promoters, passives and detractors. *Revenue from detractors* is a sum. *Revenue at risk* is a contrast: what detractors
cost more in departures than the same customers would as passives. The two are never shown under one name.

Reference: F. Reichheld, D. Darnell and M. Burns, "Net Promoter 3.0", Harvard Business Review, 2021.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa

from winback.analysis.counts import LEVEL, MINIMUM
from winback.analysis.frames import names_of
from winback.analysis.growth import MixCost, earned_growth, mix_cost
from winback.analysis.latest import latest
from winback.analysis.leaving import AtRisk, at_risk, leavers, present
from winback.analysis.money_words import answer, at_risk_sentence, from_detractors
from winback.analysis.result import Result
from winback.analysis.segments import money_text
from winback.analysis.tally import MONEY_UNIT, AnswerColumns, open_rows
from winback.analysis.tiers import UNHEARD, Standing, tier_rows, tiers_of
from winback.analysis.worth import Worth, worth
from winback.charts import Chart, mix
from winback.errors import UserError
from winback.scales import DETRACTOR
from winback.stats.hazard import assumed_contrast
from winback.surfaces import option
from winback.tables import Tables

QUESTION = "Are your most profitable customers promoters?"


@dataclass(frozen=True)
class Profit(Result):
    """Score against money.

    `table`: a row a tier (tier, label, customers, heard, money, share_of_money, the cell columns,
    money_from_detractors). `document()` is everything, as in the JSON report. `why_not` says what is missing where
    there is no money.
    """

    basis: str | None = None
    why_not: str | None = None
    verdict: str | None = None
    words: str | None = None
    worth: Worth | None = None
    heard: int | None = None
    detractors: Mapping[str, Any] | None = None
    risk: AtRisk = field(default_factory=lambda: AtRisk("missing", reason="no money is at hand"))
    cost: MixCost | None = None
    growth: Mapping[str, Any] | None = None
    sensitivity: Sequence[Mapping[str, Any]] = ()
    currency: str = ""
    customers: int = 0
    heading: ClassVar[str] = "Score against money"
    columns: ClassVar[tuple[str, ...]] = (
        "label", "customers", "heard", "money", "answers", "promoters", "passives", "detractors", "nps", "low", "high",
    )  # fmt: skip

    def summary(self) -> str:
        return self.words or self.why_not or ""

    def chart(self) -> Chart:
        return mix(self.rows())

    def document(self) -> dict[str, Any]:
        """The profit part of the JSON report: money as decimal text, sentences beside figures."""
        risk = self.risk
        told = {
            "status": risk.status, "money": _text(risk.amount), "low": _text(risk.low), "high": _text(risk.high), "months": 12,
            "times_as_often": _number(risk.times), "times_low": _number(risk.times_low), "times_high": _number(risk.times_high),
            "months_missing": risk.months_missing, "derived": risk.derived, "sentence": at_risk_sentence(risk, self.currency, self.basis or "margin"),
            "kind": self.basis,
        }  # fmt: skip
        costs = self.worth.unit_costs if self.worth is not None else None
        return {
            "basis": self.basis, "why_not": self.why_not, "question": QUESTION, "answer": self.words, "verdict": self.verdict,
            "customers": self.customers, "customers_heard": self.heard or 0, "tiers": self.rows(),
            "from_detractors": self.detractors, "at_risk": told,
            "mix_cost": None if self.cost is None else self.cost.document(self.currency),
            "earned_growth": self.growth, "sensitivity": list(self.sensitivity),
            "unit_costs": None if costs is None else {unit: str(cost) for unit, cost in costs.items()},
        }  # fmt: skip


def profit(
    tables: Any, *, value: Literal["customer", "value"] | None = "customer", unit_costs: Mapping[str, Decimal] | None = None,
    attributes: Sequence[str] = (), leave: tuple[float, float] | None = None, level: float = LEVEL,
    minimum: int = MINIMUM, today: dt.date | None = None, **columns: Unpack[AnswerColumns],
) -> Profit:  # fmt: skip
    """Tiers, revenue from detractors, revenue at risk, what the mix costs, and earned growth, as far as data allow.

    `tables` are canonical `Tables` (or what `winback.read` returned). `value` says whose money counts: the customer's
    worth (customer_periods or customers), or that of each answer (the `money` column). `unit_costs` estimate a cost to
    serve; `leave` are yearly shares of detractors and passives that the user assumes to leave. `attributes` make
    customers alike for the revenue at risk; who gives notice for after `today` is still here. `columns` as in `AnswerColumns`. What is missing is said, not raised.
    """
    tables = getattr(tables, "tables", tables)
    if not isinstance(tables, Tables):  # a frame of answers as it is
        tables = Tables(feedback=tables)
    columns.setdefault("bands", tables.bands)
    columns.pop("weight", None)  # tiers are customers, not a sample of the population
    columns.pop("money", None)
    columns.pop("money_of", None)
    if value == "value":
        return _by_answer(tables, level, minimum, columns)
    known = worth(tables, unit_costs=unit_costs, as_of=columns.get("until"))
    if known is None or value is None:
        return _nothing(
            f"No money is at hand: add {option('--value', 'COL')}, or revenue or margin by customer with "
            f"{option('--periods')} or {option('--customers')}.",
            tables,
        )
    known = present(known, leavers(tables, until=today))
    if "customer" not in names_of(tables.feedback):
        return _nothing(
            f"Money is at hand, but no answer names its customer: add {option('--customer', 'COL')}.", tables
        )
    standing = _standing(tables, known, columns)
    if not standing.heard().any():
        return _nothing("No customer with money has answered: the customer ids of the files do not match.", tables)
    verdict, words = answer(standing, known.basis, level=level, minimum=minimum)
    risk = _risk(tables, known, standing, tuple(attributes), leave, level, columns, today)
    return Profit(
        table=_table(tier_rows(standing, level=level, minimum=minimum)),
        basis=known.basis,
        verdict=verdict,
        words=words,
        worth=known,
        heard=int(standing.heard().sum()),
        detractors=from_detractors(standing, known.basis, tables.currency, months=known.months),
        risk=risk,
        cost=mix_cost(standing, level=level) if known.basis != "revenue" else None,
        growth=earned_growth(tables),
        sensitivity=_sensitivity(known, standing, level, minimum),
        currency=tables.currency,
        customers=len(known),
    )


def _text(amount: float | None) -> str | None:
    return None if amount is None or np.isnan(amount) else money_text(round(amount * MONEY_UNIT))


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _nothing(why: str, tables: Any) -> Profit:
    return Profit(table=pa.table({"label": pa.array([], pa.string())}), why_not=why, currency=tables.currency)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def _standing(tables: Any, known: Worth, columns: AnswerColumns) -> Standing:
    """Every customer with money, and the band of the latest answer."""
    last = latest(tables.feedback, of="customer", **columns)
    bands = columns["bands"].classify(last.column("score").to_numpy())
    said = dict(zip(last.column("customer").to_pylist(), bands.tolist(), strict=True))
    band = np.array([said.get(customer, UNHEARD) for customer in known.customers.tolist()], dtype=np.int64)
    return Standing(known.worth, band, known.revenue)


def _risk(
    tables: Any, known: Worth, standing: Standing, attributes: tuple[str, ...], leave: tuple[float, float] | None,
    level: float, columns: AnswerColumns, today: dt.date | None,
) -> AtRisk:  # fmt: skip
    if leave is not None:
        margins = standing.worth[standing.band == DETRACTOR] / MONEY_UNIT
        amount = assumed_contrast(margins, *leave)
        return AtRisk(
            "assumed",
            amount,
            times=leave[0] / leave[1] if leave[1] else None,
            leave_detractor=leave[0],
            leave_passive=leave[1],
        )
    if not {"local_date", "date"} & set(names_of(tables.feedback)):
        return AtRisk("missing", months_missing=12, reason=f"the answers have no dates: add {option('--date', 'COL')}")
    return at_risk(tables, known, attributes=attributes, level=level, today=today, **columns)


def _sensitivity(known: Worth, standing: Standing, level: float, minimum: int) -> list[dict[str, Any]]:
    """Tiers at half and at double the unit costs, beside those as given."""
    if known.cost is None or known.revenue is None:
        return []
    found = []
    for name, times in (("half", 0.5), ("as given", 1.0), ("double", 2.0)):
        other = replace(standing, worth=known.revenue - np.rint(known.cost * times).astype(np.int64))
        moved = int((tiers_of(other.worth) != tiers_of(standing.worth)).sum())
        found.append({"unit_costs": name, "moved": moved, "tiers": tier_rows(other, level=level, minimum=minimum)})
    return found


def _by_answer(tables: Any, level: float, minimum: int, columns: AnswerColumns) -> Profit:
    """Money beside the answers: summed by customer where the customer is known, else each answer stands alone."""
    rows, plan = open_rows(tables.feedback, by=_have(tables, ("money", "customer")), **columns)
    if "customer" in plan.by:
        columns["date"] = plan.date
        known_of = ~nw.col("customer").is_null() & ~nw.col("money").is_null()
        paid = rows.filter(known_of).group_by("customer").agg(_cents().sum().alias("money"))
        table = paid.collect(backend="pyarrow").to_native().sort_by("customer")
        customers = np.asarray(table.column("customer").cast(pa.string()).to_pylist(), dtype=object)
        amounts = np.asarray(table.column("money").cast(pa.int64()).to_numpy())
        known = Worth(customers, amounts, amounts, "revenue")
        standing = _standing(tables, known, columns)
    else:
        if plan.respondent:
            following = nw.col("wb_score").shift(-1).over(plan.respondent, order_by=plan.order)
            rows = rows.with_columns(wb_following=following)
            rows = rows.filter(nw.col("wb_following").is_null() | nw.col(plan.respondent).is_null())
        table = (
            rows.filter(~nw.col("money").is_null())
            .select("wb_score", _cents().alias("money"))
            .collect(backend="pyarrow")
            .to_native()
        )
        amounts = np.asarray(table.column("money").cast(pa.int64()).to_numpy())
        bands = plan.bands.classify(table.column("wb_score").to_numpy()).astype(np.int64)
        known, standing = (
            Worth(np.arange(len(amounts)).astype(object), amounts, amounts, "revenue"),
            Standing(amounts, bands, amounts),
        )
    if not len(known):
        return _nothing("The column of money is blank in every row.", tables)
    verdict, words = answer(standing, "revenue", level=level, minimum=minimum)
    return Profit(
        table=_table(tier_rows(standing, level=level, minimum=minimum)), basis="revenue", verdict=verdict, words=words,
        worth=known if "customer" in plan.by else None, heard=int(standing.heard().sum()),
        detractors=from_detractors(standing, "value", tables.currency, months=None),
        risk=AtRisk("missing", months_missing=12, reason="money beside answers does not tell what a customer brings in a year: "
                    f"add {option('--periods', 'FILE')} and {option('--departures', 'FILE')}"),
        currency=tables.currency, customers=len(known),
    )  # fmt: skip


def _cents() -> nw.Expr:
    return (nw.col("money").cast(nw.Float64) * MONEY_UNIT).round().cast(nw.Int64)


def _have(tables: Any, wanted: tuple[str, ...]) -> list[str]:
    names = names_of(tables.feedback)
    if "money" not in names:
        raise UserError("The answers hold no money; name its column with value=, or --value COL.")
    return [name for name in wanted if name in names]
