"""What goes with the score? Each driver's part in explaining it, beside how much room there is to improve.

A driver is a sub-rating or an attribute. Its importance is its part of the explained variance of the score (LMG, the
Shapley value of R^2; Johnson's relative weights beyond fifteen drivers), which shares out fairly what drivers that go
together tell together. Missing answers are handled by maximum likelihood: no row is thrown away. This is association.
That customers who praise the support give better scores does not prove that better support would raise them.

References: R. Lindeman, P. Merenda and R. Gold, "Introduction to Bivariate and Multivariate Analysis", 1980. J. Johnson,
Multivariate Behavioral Research 35, 2000. R. Little and D. Rubin, "Statistical Analysis with Missing Data", 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.driver_columns import DriverColumn, driver_column
from winback.analysis.driver_notes import odd_drivers
from winback.analysis.drivers_fitted import MODELS, SCHEMA, Settings, fit
from winback.analysis.frames import last_of_each
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns, open_rows
from winback.charts.drivers import importance_chart, room_chart
from winback.charts.labels import DASH, signed
from winback.charts.spec import Chart
from winback.errors import UserError
from winback.scales import Scale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEVEL = 0.95
REPLICATES = 500
MOST_ROWS = 2_000_000  # taken one by one; beyond it equal rows are taken together


@dataclass(frozen=True)
class Drivers(Result):
    """Drivers of the score by importance, of the whole and of each segment.

    `table`: by and segment (lists, empty for the whole), driver, kind (rating, measure, yes_no, category, constant),
    scale, nested, answered, blank_share, mean, dissatisfied (share in the low end of the scale), slope (points of the
    score that go with one more of it, by itself), importance with low and high (shares of what is explained, adding up
    to 1), contribution (part of R^2), relative_weight (a share too), rank with rank_low and rank_high, priority
    (importance times dissatisfied). `models`: by, segment, answers, complete (rows without a hole), r_squared with low
    and high, method (lmg or relative_weights), suppressed.
    """

    models: pa.Table
    notes: tuple[str, ...] = ()
    level: float = LEVEL
    heading: ClassVar[str] = "Drivers of the score (association, not cause)"
    columns: ClassVar[tuple[str, ...]] = (
        "segment", "driver", "importance", "low", "high", "dissatisfied", "slope", "answered", "blank_share",
    )  # fmt: skip

    def whole(self) -> list[dict[str, Any]]:
        """The drivers of all answers, the most important first."""
        return [row for row in self.rows() if not row["by"]]

    def summary(self) -> str:
        model = self.models.to_pylist()[0]
        if model["r_squared"] is None:
            constant = all(row["kind"] == "constant" for row in self.whole())
            return (
                "No driver varies: nothing can be said of them."
                if constant
                else "The score does not vary: nothing goes with it."
            )
        rows = [row for row in self.whole() if row["importance"] is not None]
        named = [
            f"{row['driver']} ({_percent(row['importance'])} of that)"
            for place, row in enumerate(rows[:3])
            if place == 0 or row["importance"] >= 0.05
        ]
        number = f"these {len(rows)} drivers" if len(rows) > 1 else "this driver"
        most = f"; most with {_listed(named)}" if len(rows) > 1 else ""
        return f"{_percent(model['r_squared'])} of the differences in score go with {number}{most}. Association, not cause."

    def chart(self) -> Chart:
        return importance_chart(self.whole(), level=self.level)

    def room_chart(self) -> Chart:
        """Importance against room to improve, of the ratings."""
        return room_chart(self.whole())

    def _names(self) -> list[str]:
        return [name for name in self.columns if name != "segment" or self.models.num_rows > 1]

    def _shown(self) -> tuple[list[str], list[list[str]]]:
        names = self._names()
        return [name.replace("_", " ") for name in names], [[_cell(name, row) for name in names] for row in self.rows()]


def drivers(
    feedback: Any,
    *,
    drivers: Sequence[str],
    by: Sequence[str] = (),
    blank: Sequence[str] = (),
    driver_scale: str | None = None,
    nested: Sequence[str] = (),
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 1,
    **columns: Unpack[AnswerColumns],
) -> Drivers:
    """How much of the score goes with each of the columns `drivers`, with bootstrap intervals.

    `feedback` is a frame of any kind, `Tables`, or what `winback.read` returned. `by` does the same for each value of
    these attributes. `blank`: values of drivers that mean no answer. `driver_scale`: worst-best of the ratings, guessed
    from their values unless given. `nested`: drivers whose blank means that the customer did not use it; whether it was
    used then counts as a part of the driver. `columns` as in `AnswerColumns`; persons count once, by the latest answer.

    Raises UserError where a column is missing, holds what is no driver, or there are too few answers for the drivers.
    """
    names = (drivers,) if isinstance(drivers, str) else tuple(dict.fromkeys(drivers))
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    nested = (nested,) if isinstance(nested, str) else tuple(nested)
    if not names:
        raise UserError("Name at least one driver: a column of sub-ratings or an attribute.")
    if strange := [name for name in nested if name not in names]:
        raise UserError(f'"{strange[0]}" is said to be nested and is no driver; name it as a driver too.')
    cells, score_name, of_score = _cells(feedback, names, by, columns)
    if score_name in names:
        raise UserError(f'"{score_name}" is the score; it cannot be its own driver.')
    scale = None if driver_scale is None else _scale(driver_scale)
    score = cells.column("wb_score").to_numpy().astype(np.float64) * (-1.0 if of_score.reversed else 1.0)
    weights = cells.column("wb_weight").to_numpy().astype(np.float64)
    read = [driver_column(name, cells.column(f"wb_d{at}"), blanks=blank, scale=scale, nested=name in nested) for at, name in enumerate(names)]  # fmt: skip
    read = _on_one_scale(read, of_score) if scale is None else read
    settings = Settings(level, replicates, seed)
    everybody = np.ones(len(score), dtype=bool)
    model, rows = fit((), (), read, score, weights, everybody, settings, strict=True)
    models, notes = [model], [note for one in read for note in one.notes]
    notes += odd_drivers(read, score, weights)
    for at, name in enumerate(by):
        values = np.array(cells.column(f"wb_b{at}").to_pylist(), dtype=object)
        known = sorted({value for value in values if value is not None})
        for value in [*known, *([None] if any(value is None for value in values) else [])]:
            chosen = np.array([one == value for one in values])
            model, more = fit((name,), (value,), read, score, weights, chosen, settings, strict=False)
            models.append(model)
            rows += more
    if small := sum(bool(one["suppressed"]) for one in models[1:]):
        notes.append(f"{small:,} {'segment has' if small == 1 else 'segments have'} too few answers for these drivers and no figures.")  # fmt: skip
    return Drivers(
        table=pa.Table.from_pylist(rows, schema=SCHEMA),
        models=pa.Table.from_pylist(models, schema=MODELS),
        notes=tuple(notes),
        level=level,
    )


def _on_one_scale(read: list[DriverColumn], of_score: Scale) -> list[DriverColumn]:
    """Ratings with the same best mark, and a score with it, have one worst mark, though nobody gave it to some of them."""
    worst = {of_score.high: of_score.low}
    for one in read:
        if one.scale is not None:
            worst[one.scale[1]] = min(one.scale[0], worst.get(one.scale[1], one.scale[0]))
    return [one if one.scale is None else replace(one, scale=(worst[one.scale[1]], one.scale[1])) for one in read]


def _scale(text: str) -> Scale:
    try:
        return Scale.parse(text)
    except UserError as error:
        raise UserError(str(error).replace("--scale", "--driver-scale")) from None


def _cells(
    feedback: Any, names: tuple[str, ...], by: tuple[str, ...], columns: AnswerColumns
) -> tuple[pa.Table, str, Scale]:
    """Answers with score, drivers, attributes and weight, in an order that is the same on every engine."""
    rows, plan = open_rows(feedback, by=(*names, *by), **columns)
    if plan.respondent:
        rows = last_of_each(rows, plan.respondent, plan.order, numbered=plan.numbered)
    weight = nw.lit(1.0) if plan.weight is None else nw.col(plan.weight).cast(nw.Float64)
    kept = {f"wb_d{at}": nw.col(name) for at, name in enumerate(names)}
    kept |= {f"wb_b{at}": nw.col(name).cast(nw.String) for at, name in enumerate(by)}
    keys = [*kept, "wb_score", "wb_weight"]
    chosen = rows.select(**kept, wb_score=nw.col("wb_score"), wb_weight=weight)
    counted = chosen.group_by(keys).agg(nw.len().alias("wb_answers")).collect(backend="pyarrow").to_native()
    if not counted.num_rows:
        where = " in the window" if columns.get("since") or columns.get("until") else ""
        raise UserError(f"No row has a score{where}: there is nothing for drivers to go with.")
    counted = counted.sort_by([(name, "ascending") for name in keys])
    answers = counted.column("wb_answers").to_numpy()
    weights = np.nan_to_num(counted.column("wb_weight").to_numpy().astype(np.float64))
    if (weights < 0).any():
        raise UserError(f'The weight "{plan.weight}" is negative in some rows; correct it.')
    if answers.sum() <= MOST_ROWS:
        counted = counted.take(pa.array(np.repeat(np.arange(len(answers)), answers)))
        weights = np.repeat(weights, answers)
    else:
        weights = weights * answers
    place = counted.column_names.index("wb_weight")
    return counted.set_column(place, "wb_weight", pa.array(weights)), plan.score, plan.bands.scale


def _cell(name: str, row: dict[str, Any]) -> str:
    value = row[name]
    if name == "segment":
        return " · ".join("(blank)" if part is None else str(part) for part in value) or "all"
    if value is None:
        return DASH
    if name == "slope":
        return signed(value, 2)
    return _percent(value) if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
