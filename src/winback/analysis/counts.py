"""From tallied cells to counts by group, and from counts to the figures that every score analysis shows."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.tally import OWN, Tally
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
    few = tally.cells.select([*by, *(name for name in tally.cells.column_names if name.startswith(OWN))])
    return Pool.of(replace(tally, cells=few), first=first, last=last).by(by)


@dataclass(frozen=True)
class Pool:
    """The answers of one window, to be added up by any attributes: looked through once, however many are asked for."""

    tally: Tally
    cells: pa.Table
    bands: Integers
    answers: Integers
    weights: Floats
    weight_squares: Floats
    money: Integers
    _ranked: dict[str, tuple[Integers, pa.Array]] = field(default_factory=dict)

    @classmethod
    def of(cls, tally: Tally, *, first: int | None = None, last: int | None = None) -> Pool:
        """The cells that count in periods first to last, with their bands."""
        cells = within(tally.cells, first, last)
        answers, weights, squares, money = (
            cells.column(name).to_numpy() for name in ("wb_answers", "wb_weight", "wb_weight_square", "wb_money")
        )
        bands = tally.bands.classify(cells.column("wb_score").to_numpy()).astype(np.int64)
        return cls(tally, cells, bands, answers, weights, squares, money)

    @functools.cached_property
    def whole(self) -> Counts:
        """All of them as one group."""
        return self.by()

    def by(self, attributes: Sequence[str] = ()) -> Counts:
        """Counts by group, as `pool` gives them."""
        for name in attributes:
            if name not in self._ranked:
                self._ranked[name] = _ranked(self.cells.column(name))
        if attributes:
            codes, keys = _combined({name: self._ranked[name] for name in attributes})
        else:
            codes, keys = np.zeros(self.cells.num_rows, dtype=np.int64), pa.table({"all": pa.array([True])})
        size, unhappy = keys.num_rows, self.bands == DETRACTOR
        place = codes * 3 + self.bands
        counted = _sums(place, self.answers, size * 3).reshape(size, 3)
        found = Counts(
            keys=keys,
            detractors=counted[:, DETRACTOR],
            passives=counted[:, PASSIVE],
            promoters=counted[:, PROMOTER],
            weights=_float_sums(place, self.weights, size * 3).reshape(size, 3),
            weight_squares=_float_sums(codes, self.weight_squares, size),
            money=_sums(codes, self.money, size),
            money_detractors=_sums(codes[unhappy], self.money[unhappy], size),
            weighted=self.tally.weighted,
        )
        return found.take(found.answers > 0) if attributes else found  # money alone makes no group


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
    return _combined({name: _ranked(cells.column(name)) for name in by})


def _ranked(column: pa.ChunkedArray) -> tuple[Integers, pa.Array]:
    """Each value's place among the different values in sorted order (blanks last), and these values."""
    values = column.unique()
    values = values.take(pc.array_sort_indices(values))
    return _codes(column, values), values


def _combined(ranked: Mapping[str, tuple[Integers, pa.Array]]) -> tuple[Integers, pa.Table]:
    """Group numbers over several attributes, of the combinations that occur, and these combinations in order.

    A join would not match blanks with blanks; numbers do.
    """
    codes, size = np.zeros(len(next(iter(ranked.values()))[0]), dtype=np.int64), 1
    places: list[Integers] = []  # of each combination's value, attribute by attribute
    for ranks, values in ranked.values():
        mixed = codes * len(values) + ranks
        room = size * len(values)
        if room <= 4 * len(mixed) + 10_000:
            there = np.flatnonzero(np.bincount(mixed, minlength=room))
            rank = np.zeros(room, dtype=np.int64)
            rank[there] = np.arange(len(there))
            codes = rank[mixed]
        else:  # most of the room would stand empty
            there, codes = np.unique(mixed, return_inverse=True)
        size = len(there)
        places = [known[there // len(values)] for known in places] + [there % len(values)]
    return codes, pa.table(
        {name: values.take(pa.array(at)) for (name, (_, values)), at in zip(ranked.items(), places, strict=True)}
    )


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


def figure_columns(
    counts: Counts, *, level: float = LEVEL, minimum: int = MINIMUM, whole: bool = False
) -> dict[str, pa.Array]:
    """The columns every score table has: counts, score, interval, and whether the group is too small to show.

    A group under the minimum has null figures and `suppressed` true. Of its counts only `answers` stays: from those by
    band anybody reckons the score. They stay for a `whole` that small, whose every answer is read by name.
    """
    found = figures(counts, level=level)
    small = counts.answers < minimum
    unsaid = small & (counts.answers > 0) & (not whole)
    columns = {
        "answers": pa.array(counts.answers),
        "promoters": pa.array(counts.promoters, mask=unsaid),
        "passives": pa.array(counts.passives, mask=unsaid),
        "detractors": pa.array(counts.detractors, mask=unsaid),
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
