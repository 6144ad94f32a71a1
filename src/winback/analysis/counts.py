"""From tallied cells to counts by group, and from counts to the figures that every score analysis shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.tally import Tally
from winback.scales import DETRACTOR, PASSIVE, PROMOTER
from winback.stats.intervals import effective_size, nps_interval

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MINIMUM = 10  # answers below which a cell shows no figure
LEVEL = 0.95  # of every interval
BAND_NAMES = ("detractor", "passive", "promoter")


@dataclass(frozen=True)
class Counts:
    """Answers by group: `keys` has a row a group; every array is as long.

    `weights` has shape (groups, 3): sums of weight by band in the order detractor, passive, promoter (equal to
    the counts where unweighted); `money_detractors` is in ten-thousandths, exact.
    """

    keys: pa.Table
    detractors: Integers
    passives: Integers
    promoters: Integers
    weights: Floats
    weight_squares: Floats
    money: Integers
    money_detractors: Integers
    weighted: bool = False

    @property
    def answers(self) -> Integers:
        return self.detractors + self.passives + self.promoters

    def __len__(self) -> int:
        return int(self.keys.num_rows)

    def take(self, chosen: Any) -> Counts:
        """The groups at these places, in this order."""
        places = np.asarray(chosen)
        rows = np.flatnonzero(places) if places.dtype == bool else places
        return Counts(
            keys=self.keys.take(pa.array(rows)),
            detractors=self.detractors[rows],
            passives=self.passives[rows],
            promoters=self.promoters[rows],
            weights=self.weights[rows],
            weight_squares=self.weight_squares[rows],
            money=self.money[rows],
            money_detractors=self.money_detractors[rows],
            weighted=self.weighted,
        )


def pool(tally: Tally, by: Sequence[str] = (), *, first: int | None = None, last: int | None = None) -> Counts:
    """Counts by group of the answers of periods first to last (all of them by default).

    Where a person is counted once, an answer counts if no later one of the same person falls in the window.
    Groups come in the order of their keys; without `by` there is one group, also when nothing was counted.
    """
    cells = within(tally.cells, first, last)
    bands = tally.bands.classify(cells.column("wb_score").to_numpy())
    if by:
        codes, keys = group_codes(cells, by)
        size = keys.num_rows
    else:
        codes, keys, size = np.zeros(cells.num_rows, dtype=np.int64), pa.table({"all": pa.array([True])}), 1
    answers = cells.column("wb_answers").to_numpy()
    money = cells.column("wb_money").to_numpy()
    place = codes * 3 + bands
    counted = _sums(place, answers, size * 3).reshape(size, 3)
    return Counts(
        keys=keys,
        detractors=counted[:, DETRACTOR],
        passives=counted[:, PASSIVE],
        promoters=counted[:, PROMOTER],
        weights=_float_sums(place, cells.column("wb_weight").to_numpy(), size * 3).reshape(size, 3),
        weight_squares=_float_sums(codes, cells.column("wb_weight_square").to_numpy(), size),
        money=_sums(codes, money, size),
        money_detractors=_sums(codes[bands == DETRACTOR], money[bands == DETRACTOR], size),
        weighted=tally.weighted,
    )


def within(cells: pa.Table, first: int | None, last: int | None) -> pa.Table:
    """The cells that count in a window of periods, each person by the latest answer in it."""
    following = cells.column("wb_next")
    if last is None:
        keep = pc.is_null(following)
    else:
        keep = pc.fill_null(pc.greater(following, last), True)
        keep = pc.and_(keep, pc.less_equal(cells.column("wb_period"), last))
    if first is not None:
        keep = pc.and_(keep, pc.greater_equal(cells.column("wb_period"), first))
    return cells.filter(keep)


def group_codes(cells: pa.Table, by: Sequence[str]) -> tuple[Integers, pa.Table]:
    """A number for each cell's group, and the groups' keys in sorted order (blanks last)."""
    keys = cells.select(list(by)).group_by(list(by), use_threads=False).aggregate([])
    keys = keys.sort_by([(name, "ascending") for name in by])
    # Mixed-radix numbers of dictionary codes: a join would not match blanks with blanks.
    mixed_cells, mixed_keys = np.zeros(cells.num_rows, dtype=np.int64), np.zeros(keys.num_rows, dtype=np.int64)
    for name in by:
        dictionary = keys.column(name).unique()
        mixed_cells = mixed_cells * (len(dictionary) + 1) + _codes(cells.column(name), dictionary)
        mixed_keys = mixed_keys * (len(dictionary) + 1) + _codes(keys.column(name), dictionary)
    order = np.argsort(mixed_keys, kind="stable")
    return order[np.searchsorted(mixed_keys[order], mixed_cells)], keys


def _codes(column: pa.ChunkedArray, dictionary: pa.Array) -> Integers:
    found = pc.index_in(column, value_set=dictionary, skip_nulls=False)
    return np.asarray(pc.fill_null(found, len(dictionary)).to_numpy(), dtype=np.int64)


def _float_sums(codes: Integers, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=values, minlength=size), dtype=np.float64)


def _sums(codes: Integers, values: Integers, size: int) -> Integers:
    """Whole-number sums by code, exact beyond 2^53."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes, values)
    return sums


@dataclass(frozen=True)
class Figures:
    """Score, interval and shares by group; nan where there is no answer. Scores in points, shares 0 to 1."""

    nps: Floats
    low: Floats
    high: Floats
    shares: Floats  # (groups, 3): detractor, passive, promoter
    n_eff: Floats


def figures(counts: Counts, *, level: float = LEVEL) -> Figures:
    """The score of each group: raw, or design-weighted with the interval on the effective size."""
    total = counts.weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counts.weights / total[:, None]
        nps = 100.0 * (counts.weights[:, PROMOTER] - counts.weights[:, DETRACTOR]) / total
    if counts.weighted:
        n_eff = effective_size(total, counts.weight_squares)
        weighed = (counts.weights[:, band] for band in (PROMOTER, PASSIVE, DETRACTOR))
        low, high = nps_interval(*weighed, level=level, n_eff=n_eff)
    else:
        n_eff = counts.answers.astype(np.float64)
        low, high = nps_interval(counts.promoters, counts.passives, counts.detractors, level=level)
    return Figures(nps=nps, low=low, high=high, shares=shares, n_eff=n_eff)


def figure_columns(counts: Counts, *, level: float = LEVEL, minimum: int = MINIMUM) -> dict[str, pa.Array]:
    """The columns every score table has: counts, score, interval, and whether the group is too small to show.

    A group under the minimum has null figures and `suppressed` true; its counts stay.
    """
    found = figures(counts, level=level)
    small = counts.answers < minimum
    columns = {
        "answers": pa.array(counts.answers),
        "promoters": pa.array(counts.promoters),
        "passives": pa.array(counts.passives),
        "detractors": pa.array(counts.detractors),
        "nps": hidden(found.nps, small),
        "low": hidden(found.low, small),
        "high": hidden(found.high, small),
        "suppressed": pa.array(small),
    }
    if counts.weighted:
        columns |= {"n_eff": hidden(found.n_eff, np.zeros(len(counts), dtype=bool))}
        columns |= {f"{name}_share": hidden(found.shares[:, band], small) for band, name in enumerate(BAND_NAMES)}
    return columns


def hidden(values: Any, small: NDArray[np.bool_]) -> pa.Array:
    """Values as a column, null where the group is too small or the value is not a number."""
    values = np.asarray(values, dtype=np.float64)
    return pa.array(values, mask=np.asarray(small) | np.isnan(values))
