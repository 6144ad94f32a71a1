"""Who are my detractors? Every attribute and every pair of them, ranked by a score steadied for small numbers.

Small groups are shrunk towards the whole of their attribute set by empirical Bayes (Dirichlet-multinomial), so that
the best and the worst of many groups are not simply the smallest. `p_worse` is the probability that the group's score
is below that of the *rest*: the whole without it.

Reference: B. Efron and C. Morris, "Data analysis using Stein's estimator", JASA 70, 1975; T. Minka, "Estimating a
Dirichlet distribution", 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any, ClassVar, Unpack

import numpy as np
import pyarrow as pa

from winback.analysis.counts import LEVEL, MINIMUM, Counts, Pool, figure_columns, figures, hidden
from winback.analysis.result import Result
from winback.analysis.tallies import Tallies
from winback.analysis.tally import MONEY_UNIT, AnswerColumns
from winback.charts import Chart, whiskers


@dataclass(frozen=True)
class Segments(Result):
    """Groups of customers, each attribute set from its worst steadied score to its best.

    `table`: by and segment (lists of the same length; a blank value is null), answers, promoters, passives,
    detractors, nps, low, high, suppressed, shrunk_nps (points), share_of_detractors and p_worse (0 to 1),
    revenue_from_detractors (decimal text, null without money).
    """

    whole: float | None = None  # the score of all, for the line in the picture
    strength: dict[tuple[str, ...], float] = field(default_factory=dict)
    heading: ClassVar[str] = "Segments, worst first"
    columns: ClassVar[tuple[str, ...]] = (
        "segment", "answers", "nps", "low", "high", "shrunk_nps", "share_of_detractors", "p_worse", "revenue_from_detractors",
    )  # fmt: skip

    def chart(self) -> Chart:
        rows = self.rows()
        return whiskers([row for row in rows if row["by"] == rows[0]["by"]] if rows else [], whole=self.whole)


def segments(
    feedback: Any,
    *,
    by: Sequence[str],
    pairs: bool = True,
    level: float = LEVEL,
    minimum: int = MINIMUM,
    **columns: Unpack[AnswerColumns],
) -> Segments:
    """Score, share of detractors, money and chance of being worse, for every value of `by` and of its pairs.

    `feedback` is a frame of any kind, `Tables`, what `winback.read` returned, a `Tally` that holds the
    attributes, or `Tallies`. `pairs` adds every pair of attributes. `columns` as in `AnswerColumns`. Raises UserError where a
    column is missing or a score lies outside the scale.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    sets: list[tuple[str, ...]] = [(name,) for name in by] + (list(combinations(by, 2)) if pairs else [])
    parts, whole, strength = [], None, {}
    tallies = feedback if isinstance(feedback, Tallies) else Tallies(feedback, by, columns=columns)
    pooled = None
    for attributes in sets:
        counted = tallies.of(attributes)
        if pooled is None or pooled.tally is not counted:  # one tally may hold every set: it is looked through once
            pooled = Pool.of(counted)
        total = pooled.whole
        whole = float(figures(total, level=level).nps[0]) if total.answers[0] else None
        part, strength[attributes] = _ranked(
            pooled.by(attributes), total, attributes, has_money=counted.has_money, level=level, minimum=minimum
        )
        parts.append(part)
    table = pa.concat_tables(parts) if parts else _empty()
    return Segments(table=table, whole=whole, strength=strength)


def _ranked(
    counts: Counts, total: Counts, attributes: tuple[str, ...], *, has_money: bool, level: float, minimum: int
) -> tuple[pa.Table, float]:
    from winback.stats.comparison import probability_worse
    from winback.stats.shrinkage import shrink

    found = figures(counts, level=level)
    # Counts at their effective size: a weighted answer carries less than one answer's worth of evidence.
    # A group whose weights are all nought carries none at all.
    effective = np.nan_to_num(found.shares * found.n_eff[:, None])
    steadied = shrink(effective)
    worse = probability_worse(effective, steadied)
    small = counts.answers < minimum
    share = counts.weights[:, 0] / total.weights[0, 0] if total.weights[0, 0] else np.full(len(counts), np.nan)
    revenue = [
        None if hide or not has_money else money_text(amount)
        for hide, amount in zip(small.tolist(), counts.money_detractors.tolist(), strict=True)
    ]
    names = [counts.keys.column(name).to_pylist() for name in attributes]
    table = pa.table(
        {
            "by": pa.array([list(attributes)] * len(counts), pa.list_(pa.string())),
            "segment": pa.array([list(values) for values in zip(*names, strict=True)], pa.list_(pa.string())),
            **figure_columns(counts, level=level, minimum=minimum),
            "shrunk_nps": hidden(steadied.nps, small),
            "share_of_detractors": hidden(share, small),
            "p_worse": hidden(worse, small),
            "revenue_from_detractors": pa.array(revenue, pa.string()),
        }
    )
    # Ranked by the steadied score; groups too small to show come last, the larger first.
    order = np.lexsort((-counts.answers, np.where(small, 0.0, steadied.nps), small))
    return table.take(pa.array(order)), float(steadied.concentration)


def money_text(amount: int) -> str:
    """Ten-thousandths as decimal text with cents: 12345600 is "1234.56"."""
    return str((Decimal(amount) / MONEY_UNIT).quantize(Decimal("0.01")))


def _empty() -> pa.Table:
    texts, numbers = pa.list_(pa.string()), pa.float64()
    return pa.table(
        {"by": pa.array([], texts), "segment": pa.array([], texts)}
        | {name: pa.array([], pa.int64()) for name in ("answers", "promoters", "passives", "detractors")}
        | {name: pa.array([], numbers) for name in ("nps", "low", "high")}
        | {"suppressed": pa.array([], pa.bool_())}
        | {name: pa.array([], numbers) for name in ("shrunk_nps", "share_of_detractors", "p_worse")}
        | {"revenue_from_detractors": pa.array([], pa.string())}
    )
