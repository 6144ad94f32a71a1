"""Why did the score move: do people feel differently (rate), or did different people answer (mix)?

Kitagawa's split by segment, adding up to the change; a segment present in one period only borrows the other's score,
so that its whole effect is mix. Intervals take the two periods as independent samples.

With invitations the mix falls into who was asked and who of them answered: a survey sent to others, or people who
keep silent.

Reference: E. Kitagawa, "Components of a difference between two rates", JASA 50, 1955.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import numpy as np
import pyarrow as pa

from winback.analysis.counts import LEVEL, MINIMUM, Counts, figure_columns, figures, group_codes, pool
from winback.analysis.response import asked_by
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns, Tally, period_index, tally
from winback.charts import Chart, parts
from winback.charts.labels import interval, signed
from winback.errors import UserError

Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Decomposition(Result):
    """A change of score between two windows, and each segment's part of it, in points of the whole's change.

    `table`: segment (list, by the attributes `by`), before and after (cells), rate, mix, total, largest part first.
    `change` = `rate` + `mix` to 1e-12; `low` and `high` bound the change, `rate_interval` and `mix_interval` the parts.
    With invitations `mix` = `asked_mix` + `response_mix`: who was asked, and who of them answered.
    """

    by: tuple[str, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    change: float
    rate: float
    mix: float
    low: float | None
    high: float | None
    rate_interval: tuple[float, float] | None
    mix_interval: tuple[float, float] | None
    asked_mix: float | None = None
    response_mix: float | None = None
    heading: ClassVar[str] = "What moved, and why"
    columns: ClassVar[tuple[str, ...]] = ("segment", "rate", "mix", "total")

    def summary(self) -> str:
        felt = "differently" if round(self.rate, 1) == 0 else "better" if self.rate > 0 else "worse"
        moved = f"{signed(self.change, 1)} points"
        if self.low is not None and self.high is not None:
            moved += f" {interval(self.low, self.high, 1)}"
        return (
            f"The score went from {signed(self.before['nps'])} to {signed(self.after['nps'])}: {moved}. Of these, "
            f"{signed(self.rate, 1)} is people feeling {felt} and {signed(self.mix, 1)} is different people answering{self._of_the_mix()}. {self.remark()}"
        ).strip()

    def _of_the_mix(self) -> str:
        if self.asked_mix is None or self.response_mix is None:
            return ""
        return f" ({signed(self.asked_mix, 1)} who was asked, {signed(self.response_mix, 1)} who of them answered)"

    def remark(self) -> str:
        """How sure: whether the change is more than chance, and whether what people feel is."""
        if self.low is None or self.high is None:
            return ""
        if not self.low <= 0 <= self.high:
            return "That is more than chance."
        if self.rate_interval and not self.rate_interval[0] <= 0 <= self.rate_interval[1]:
            return "The whole could still be chance; what people feel has moved by more than that."
        return "The whole could still be chance."

    def chart(self) -> Chart:
        return parts([{**row, "by": list(self.by)} for row in self.rows()])


def decompose(
    feedback: Any, *, by: Sequence[str], before: Window, after: Window, level: float = LEVEL,
    minimum: int = MINIMUM, invitations: Any = None, **columns: Unpack[AnswerColumns],
) -> Decomposition:  # fmt: skip
    """Split the change of the score between two windows (first and last day of each) by the attributes `by`.

    `feedback` is a frame of any kind, `Tables`, what `winback.read` returned, or a `Tally` by month or week where
    the windows are whole periods. A person counts once in each window. `invitations` (the canonical table, with the
    attributes `by` beside it) split the mix further. Raises UserError where a window has no answers.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if not by:
        raise UserError("A change is split by attributes; name at least one with by=.")
    counts = [_counts(feedback, by, window, columns) for window in (before, after)]
    for name, window, found in zip(("before", "after"), (before, after), counts, strict=True):
        if not found.answers.sum():
            raise UserError(f"The window {name} ({window[0]} to {window[1]}) has no answers; choose another.")
    keys, first, last = _aligned(counts[0], counts[1], by)
    from winback.stats.decomposition import decompose_counts

    whole = [_total(found) for found in counts]
    sizes = [float(figures(total).n_eff[0]) for total in whole]
    asked = _asked(invitations, keys, by, (before, after))
    split = decompose_counts(
        first.weights, last.weights, level=level, before_n_eff=sizes[0], after_n_eff=sizes[1],
        before_invited=asked[0], after_invited=asked[1],
    )  # fmt: skip
    table = pa.table(
        {
            "segment": pa.array([list(values) for values in zip(*(keys.column(n).to_pylist() for n in by), strict=True)], pa.list_(pa.string())),
            "before": _cells(first, level, minimum),
            "after": _cells(last, level, minimum),
            "rate": pa.array(split.rate_by_segment),
            "mix": pa.array(split.mix_by_segment),
            "total": pa.array(split.rate_by_segment + split.mix_by_segment),
        }
    )  # fmt: skip
    order = np.argsort(-np.abs(table.column("total").to_numpy()), kind="stable")
    ends = [
        {**{name: column.to_pylist()[0] for name, column in figure_columns(total, level=level, minimum=1).items()},
         "since": window[0].isoformat(), "until": window[1].isoformat()}
        for total, window in zip(whole, (before, after), strict=True)
    ]  # fmt: skip
    low, high = split.total_interval or (None, None)
    return Decomposition(
        table=table.take(pa.array(order)), by=by, before=ends[0], after=ends[1], change=split.rate + split.mix,
        rate=split.rate, mix=split.mix, low=low, high=high,
        rate_interval=split.rate_interval, mix_interval=split.mix_interval,
        asked_mix=split.invited_mix, response_mix=split.response_mix,
    )  # fmt: skip


def _asked(invitations: Any, keys: pa.Table, by: tuple[str, ...], windows: tuple[Window, Window]) -> list[Any]:
    """How many were asked of each segment in each window; nothing where that is not known of both."""
    counted = [
        None if invitations is None else asked_by(invitations, by, since=since, until=until) for since, until in windows
    ]
    known = [
        dict(
            zip(
                zip(*(found.column(name).to_pylist() for name in by), strict=True),
                found.column("asked").to_pylist(),
                strict=True,
            )
        )
        for found in counted
        if found is not None
    ]
    segments = list(zip(*(keys.column(name).to_pylist() for name in by), strict=True))
    asked = [np.array([of.get(segment, 0) for segment in segments], dtype=np.float64) for of in known]
    return asked if len(asked) == 2 and all(numbers.sum() for numbers in asked) else [None, None]


def _counts(feedback: Any, by: tuple[str, ...], window: Window, columns: AnswerColumns) -> Counts:
    if not isinstance(feedback, Tally):
        inside = columns.copy()
        inside["since"], inside["until"] = window
        return pool(tally(feedback, by=by, **inside), by)
    if feedback.unit is None:
        raise UserError("A change needs answers counted by month or week; these are counted without time.")
    return pool(feedback, by, first=period_index(window[0], feedback.unit), last=period_index(window[1], feedback.unit))


def _aligned(before: Counts, after: Counts, by: tuple[str, ...]) -> tuple[pa.Table, Counts, Counts]:
    """Both windows over the same segments, those of one window only with nought in the other."""
    both = pa.concat_tables([before.keys.select(list(by)), after.keys.select(list(by))])
    codes, keys = group_codes(both, by)
    return keys, _spread(before, codes[: len(before)], keys), _spread(after, codes[len(before) :], keys)


def _spread(counts: Counts, codes: Any, keys: pa.Table) -> Counts:
    def over(values: Any) -> Any:
        wide = np.zeros((keys.num_rows, *values.shape[1:]), dtype=values.dtype)
        wide[codes] = values
        return wide

    return Counts(
        keys=keys, detractors=over(counts.detractors), passives=over(counts.passives), promoters=over(counts.promoters),
        weights=over(counts.weights), weight_squares=over(counts.weight_squares), money=over(counts.money),
        money_detractors=over(counts.money_detractors), weighted=counts.weighted,
    )  # fmt: skip


def _total(counts: Counts) -> Counts:
    """All groups as one."""

    def added(values: Any) -> Any:
        return values.sum(axis=0, keepdims=True)

    return Counts(
        keys=pa.table({"all": pa.array([True])}), detractors=added(counts.detractors), passives=added(counts.passives),
        promoters=added(counts.promoters), weights=added(counts.weights), weight_squares=added(counts.weight_squares),
        money=added(counts.money), money_detractors=added(counts.money_detractors), weighted=counts.weighted,
    )  # fmt: skip


def _cells(counts: Counts, level: float, minimum: int) -> pa.Array:
    columns = figure_columns(counts, level=level, minimum=minimum)
    return pa.StructArray.from_arrays([pa.array(column) for column in columns.values()], names=list(columns))
