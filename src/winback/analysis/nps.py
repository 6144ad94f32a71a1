"""What is our score? The Net Promoter Score with its interval, as a whole or by any attributes.

NPS = 100 (P - D) / N over the answered, from counts and never from rounded shares; groups are pooled, never
averaged. The interval is adjusted Wald, on the effective size where answers are weighted by design.

References: F. Reichheld, Harvard Business Review 81(12), 2003. B. Rocks, The American Statistician 70(4), 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.counts import BAND_NAMES, LEVEL, MINIMUM, figure_columns, pool, within
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns, Tally, tally
from winback.charts import Chart, distribution
from winback.charts.labels import interval, signed


@dataclass(frozen=True)
class Nps(Result):
    """The score of the whole or of each group.

    `table`: the attributes, answers, promoters, passives, detractors, nps, low, high (points), suppressed; when
    weighted also n_eff and the three shares. `scores`: score, answers and band, one row a value that was given.
    """

    scores: pa.Table
    heading: ClassVar[str] = "Net Promoter Score"

    def summary(self) -> str:
        if self.table.num_rows != 1:
            return ""
        row = self.table.to_pylist()[0]
        if row["suppressed"]:
            return f"{row['answers']} answers: too few to show a score."
        return f"{signed(row['nps'])} {interval(row['low'], row['high'])} from {row['answers']:,} answers."

    def distribution(self) -> list[dict[str, Any]]:
        """How often each value was given, from the lowest: score, answers, band."""
        found: list[dict[str, Any]] = self.scores.to_pylist()
        return found

    def chart(self) -> Chart:
        return distribution(self.distribution())


def nps(
    feedback: Any,
    *,
    by: Sequence[str] = (),
    level: float = LEVEL,
    minimum: int = MINIMUM,
    **columns: Unpack[AnswerColumns],
) -> Nps:
    """The score with its interval, by the attributes `by`.

    `feedback` is a frame of any kind, `Tables`, what `winback.read` returned, or a `Tally`. Groups with fewer
    than `minimum` answers have null figures. `columns` as in `AnswerColumns`. Raises UserError where a column is
    missing or a score lies outside the scale.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    counted = feedback if isinstance(feedback, Tally) else tally(feedback, by=by, **columns)
    counts = pool(counted, by)
    columns_ = figure_columns(counts, level=level, minimum=minimum, whole=not by)
    # An attribute called like a figure stands beside it under its own name.
    keys = {f"{name} (attribute)" if name in columns_ else name: counts.keys.column(name) for name in by}
    table = pa.table({**keys, **columns_})
    return Nps(table=table, scores=_scores(counted))


def _scores(counted: Tally) -> pa.Table:
    cells = within(counted.cells, None, None)
    cells = cells.filter(pc.greater(cells.column("wb_answers"), 0))
    scores = cells.group_by("wb_score").aggregate([("wb_answers", "sum")]).sort_by("wb_score")
    bands = pa.array(np.array(BAND_NAMES)[counted.bands.classify(scores.column("wb_score").to_numpy())], pa.string())
    return pa.table(
        {
            "score": scores.column("wb_score"),
            "answers": pc.cast(scores.column("wb_answers_sum"), pa.int64()),
            "band": bands,
        }
    )
