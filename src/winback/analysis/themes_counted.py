"""Codings counted by customer: shares with intervals, the additive split of the score, months, and what rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook
from winback.analysis.counts import BAND_NAMES
from winback.analysis.flareups_panel import CYCLES
from winback.analysis.tally import MONEY_UNIT, UNDATED
from winback.scales import DETRACTOR, PROMOTER
from winback.stats.families import Share
from winback.stats.intervals import effective_size, share_interval
from winback.stats.watching import COLD, watch

Floats = NDArray[np.float64]
SHARES = tuple(
    f"{who}{name}" for who in ("", *(f"{one}_" for one in BAND_NAMES), "lost_") for name in ("share", "low", "high")
)
QUOTED = (20, 240)  # characters of a quotation that can be read at a glance


@dataclass(frozen=True)
class Answers:
    """One row a customer's answer: its band, design weight and month."""

    bands: NDArray[np.int64]
    weights: Floats
    periods: NDArray[np.int64]

    @property
    def parts(self) -> Floats:
        """Each answer's part of the score, in points; they sum to it."""
        sign = (self.bands == PROMOTER).astype(np.float64) - (self.bands == DETRACTOR)
        return np.asarray(100.0 * self.weights * sign / self.weights.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Revenue:
    """The account of each answer (-1 where unknown), and the money of each account, in ten-thousandths."""

    account: NDArray[np.int64]
    money: NDArray[np.int64]


@dataclass(frozen=True)
class Named:
    """(answers, themes): whether an answer names a theme."""

    matrix: NDArray[np.bool_]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, codings: pa.Table, book: Codebook, answers: int) -> Named:
        keys = tuple(theme.key for theme in book.leaves())
        place = {key: at for at, key in enumerate(keys)}
        matrix = np.zeros((answers, len(keys)), dtype=bool)
        for row, key in zip(codings.column("row").to_pylist(), codings.column("theme").to_pylist(), strict=True):
            if key in place:
                matrix[row, place[key]] = True
        return cls(matrix, keys)

    def shares(
        self, answers: Answers, book: Codebook, chosen: NDArray[np.bool_], *, level: float,
        groups: Mapping[str, NDArray[np.bool_]] = MappingProxyType({}), minimum: int = 0,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Of the chosen answers, how many name each theme: a row a theme, with what `counted` tells."""
        rows = counted(self.matrix, answers, chosen, level=level, groups=groups, minimum=minimum)
        return [{"theme": key, "name": book.theme(key).name, **row} for key, row in zip(self.keys, rows, strict=True)]

    def by_period(self, answers: Answers, book: Codebook) -> pa.Table:
        """Months with their shares."""
        rows = []
        for period in sorted(set(answers.periods.tolist()) - {UNDATED}):
            chosen = answers.periods == period
            for row in self.shares(answers, book, chosen, level=0.95):
                rows.append(
                    {"period": month(period), "theme": row["theme"], "answers": int(chosen.sum()), "customers": row["customers"], "share": row["share"]}
                )  # fmt: skip
        schema = pa.schema([("period", pa.string()), ("theme", pa.string()), ("answers", pa.int64()), ("customers", pa.int64()), ("share", pa.float64())])  # fmt: skip
        return pa.Table.from_pylist(rows, schema=schema)


def counted(
    naming: NDArray[np.bool_], answers: Answers, chosen: NDArray[np.bool_], *, level: float,
    groups: Mapping[str, NDArray[np.bool_]] = MappingProxyType({}), minimum: int = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Who of the chosen answers names what, a row for each column of `naming` (answers, columns).

    customers, and their share with low and high; the same of each of the groups (answers,) among the chosen: how many
    of them name it. A share of nobody is None, and so is that of a group of fewer than `minimum`.
    """
    rows: list[dict[str, Any]] = [{"customers": int(one)} for one in naming[chosen].sum(axis=0)]
    for who, members in {"": chosen, **groups}.items():
        group = chosen & members
        weights = answers.weights[group]
        total = float(weights.sum())
        if total <= 0 or (who and len(weights) < minimum):
            continue
        heavy = weights @ naming[group]
        low, high = share_interval(heavy, total, level=level, n_eff=effective_size(total, float((weights**2).sum())))
        for row, told in zip(rows, zip(heavy / total, low, high, strict=True), strict=True):
            row |= {f"{who}{name}": float(one) for name, one in zip(("share", "low", "high"), told, strict=True)}
    return [{**dict.fromkeys(SHARES), **row} for row in rows]


def groups_of(answers: Answers, lost: NDArray[np.bool_] | None) -> dict[str, NDArray[np.bool_]]:
    """Detractors, passives, promoters and, where it is known, lost customers, by what their shares' names begin with."""
    found = {f"{name}_": answers.bands == band for band, name in enumerate(BAND_NAMES)}
    return found if lost is None else found | {"lost_": lost}


def month(index: int) -> str:
    """2026-05 of the month's number since year 0."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def shared_out(named: Named, answers: Answers) -> Floats:
    """Each answer's part of the score, in points, for each of the themes that it names: shared out equally among them."""
    return np.asarray(answers.parts / np.maximum(named.matrix.sum(axis=1), 1), dtype=np.float64)


def brought(naming: NDArray[np.bool_], revenue: Revenue) -> Decimal:
    """What the customers who name a theme bring; each customer's money counts once."""
    accounts = np.unique(revenue.account[naming & (revenue.account >= 0)])
    return Decimal(int(revenue.money[accounts].sum())) / MONEY_UNIT


def score_of(chosen: NDArray[np.bool_], answers: Answers) -> float | None:
    """The score of the chosen answers; None without any."""
    total = float(answers.weights[chosen].sum())
    sign = (answers.bands == PROMOTER).astype(np.float64) - (answers.bands == DETRACTOR)
    return float(100 * (answers.weights * sign)[chosen].sum() / total) if total > 0 else None


def added(
    named: Named, answers: Answers, book: Codebook, *, lost: NDArray[np.bool_] | None, revenue: Revenue | None,
    coded: pa.Table, texts: Sequence[str | None], level: float,
) -> tuple[pa.Table, float]:  # fmt: skip
    """The table of themes, the one that takes most off the score first, with those who name none last; and the score."""
    everyone, groups = np.ones(len(answers.bands), dtype=bool), groups_of(answers, lost)
    parts = answers.parts
    shared = shared_out(named, answers)
    by_theme: dict[str, list[tuple[float, float, str]]] = {}
    feeling: dict[str, list[float]] = {}
    for row in coded.to_pylist():
        if row["theme"] is None:
            continue
        if row["sentiment"] is not None:
            feeling.setdefault(row["theme"], []).append(row["sentiment"])
        said = (texts[row["row"]] or "")[row["start"] : row["end"]]
        if QUOTED[0] <= len(said) <= QUOTED[1]:
            by_theme.setdefault(row["theme"], []).append((-row["confidence"], row["row"], said))
    rows = []
    for at, row in enumerate(named.shares(answers, book, everyone, level=level, groups=groups)):
        naming = named.matrix[:, at]
        best = min(by_theme.get(row["theme"], []), default=None)
        rows.append(
            row | {
                "parent": book.theme(row["theme"]).parent, **_worth(naming, answers, revenue),
                "contribution": float(shared[naming].sum()), "quotation": best[2] if best else None,
                "sentiment": float(np.mean(feeling[row["theme"]])) if feeling.get(row["theme"]) else None,
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (row["contribution"], -row["customers"], row["theme"]))
    none = np.asarray(named.matrix.sum(axis=1) == 0)
    (silent,) = counted(none[:, None], answers, everyone, level=level, groups=groups)
    rows.append(
        {"theme": None, "name": "No theme", **silent, **_worth(none, answers, revenue), "contribution": float(parts[none].sum())}
    )  # fmt: skip
    return pa.Table.from_pylist([{**dict.fromkeys(_SCHEMA.names), **row} for row in rows], schema=_SCHEMA), float(
        parts.sum()
    )


def _worth(naming: NDArray[np.bool_], answers: Answers, revenue: Revenue | None) -> dict[str, Any]:
    """The score of those who name it and of the others, and their revenue."""
    found: dict[str, Any] = {"nps": score_of(naming, answers), "nps_without": score_of(~naming, answers)}
    return found if revenue is None else found | {"revenue": str(brought(naming, revenue))}


def rising(named: Named, answers: Answers, book: Codebook, *, false_rate: float = 0.1) -> pa.Table:
    """Themes whose share in the last month burns, by the test of flare-ups; none where there are too few months."""
    schema = pa.schema([("theme", pa.string()), ("name", pa.string()), ("period", pa.string()), ("customers", pa.int64()), ("expected", pa.float64()), ("q", pa.float64())])  # fmt: skip
    dated = answers.periods != UNDATED
    if not dated.any() or not named.keys:
        return schema.empty_table()
    first, last = int(answers.periods[dated].min()), int(answers.periods[dated].max())
    periods = last - first + 1
    if periods <= COLD or periods > 1200:
        return schema.empty_table()
    at = answers.periods[dated] - first
    size = np.bincount(at, minlength=periods).astype(np.float64)
    total = np.stack(
        [
            np.bincount(at[named.matrix[dated, key]], minlength=periods).astype(np.float64)
            for key in range(len(named.keys))
        ]
    )
    seen = watch(
        total, np.tile(size, (len(named.keys), 1)), np.arange(first, last + 1, dtype=np.float64), family=Share(),
        cycles=CYCLES["month"], false_rate=false_rate, columns=[periods - 1],
    )  # fmt: skip
    if not len(seen.columns):
        return schema.empty_table()
    rows = [
        {"theme": key, "name": book.theme(key).name, "period": month(last), "customers": int(total[at, -1]),
         "expected": float(size[-1] * seen.expected[at, -1]), "q": float(seen.q[at, -1])}
        for at, key in enumerate(named.keys) if seen.alarm[at, -1]
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema).sort_by([("q", "ascending"), ("theme", "ascending")])


_SCHEMA = pa.schema(
    [("theme", pa.string()), ("name", pa.string()), ("parent", pa.string()), ("customers", pa.int64())]
    + [(name, pa.float64()) for name in (*SHARES, "nps", "nps_without", "contribution")]
    + [("revenue", pa.string()), ("sentiment", pa.float64()), ("quotation", pa.string())]
)  # fmt: skip
