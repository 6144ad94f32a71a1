"""Answers counted by leaf and period, and every segment worth watching made from them: one pass over the rows.

A leaf is a combination of all attributes; a segment is a combination of some, up to three. Leaves are counted on the
engine, everything else is sums of these counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from winback.analysis.tally import UNDATED, AnswerColumns, labels, open_rows, period_of, period_start
from winback.errors import UserError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Every = Literal["day", "week", "month"]

DAY_ZERO = dt.date(1970, 1, 1)
CYCLES: dict[str, tuple[float, ...]] = {"day": (7.0, 365.25), "week": (52.1775,), "month": (12.0,)}
REMEMBERED = {"day": 400, "week": 172, "month": 72}  # periods that are counted at most
LATELY = 26  # periods by whose answers a segment is found worth watching
MOST_VALUES = 200  # of one attribute; rarer ones are in the whole and in no segment of that attribute


@dataclass(frozen=True)
class Leaves:
    """Counts of (L, T) leaves and periods: answers, bad ones, and the sum of -1, 0, 1 over detractors and promoters.

    codes: (L, A), -1 for a value that is blank or rare; values: the texts of each attribute's codes; first: number of
    the first period; every: what a period is.
    """

    by: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Integers
    answers: Floats
    bad: Floats
    balance: Floats
    first: int
    every: Every
    last_day: dt.date

    @property
    def times(self) -> Floats:
        return np.arange(self.first, self.first + self.answers.shape[1], dtype=np.float64)

    def start(self, column: int) -> dt.date:
        """First day of a period."""
        return start_of(self.first + column, self.every)


def start_of(index: int, every: Every) -> dt.date:
    """First day of the period with this number."""
    return DAY_ZERO + dt.timedelta(days=index) if every == "day" else period_start(index, every)


def count_leaves(
    feedback: Any, *, by: Sequence[str], every: Every, bad: str | None = None, **columns: Unpack[AnswerColumns]
) -> Leaves:
    """Count answers by leaf and period on the frame's own engine; every answer counts in its own period.

    `bad` names a column of true and false (or 1 and 0) that takes the place of "is a detractor", such as a theme.
    Raises UserError without dates.
    """
    if every not in CYCLES:
        raise UserError(f'Flare-ups are watched by day, week or month, not by "{every}".')
    columns["respondent"] = None
    extra = [bad] if bad else []
    rows, plan = open_rows(feedback, by=[*by, *extra], **columns)
    if not plan.date:
        raise UserError("Flare-ups need a date; name the column with date=, or --date.")
    attributes = tuple(name for name in plan.by if name != bad)
    detractor = plan.bands.is_detractor(nw.col("wb_score"))
    counted_bad = nw.col(bad).cast(nw.Int64) if bad else nw.when(detractor).then(1).otherwise(0)
    balance = nw.when(plan.bands.is_promoter(nw.col("wb_score"))).then(1).when(detractor).then(-1).otherwise(0)
    rows = rows.with_columns(wb_period=_number(plan.date, every), wb_bad=counted_bad, wb_balance=balance)
    rows = rows.filter(nw.col("wb_period") != UNDATED)
    keys = [*attributes, "wb_period"]
    found = rows.group_by(keys).agg(
        nw.len().alias("wb_answers"), nw.col("wb_bad").sum().alias("wb_bads"),
        nw.col("wb_balance").sum().alias("wb_balances"), nw.col(plan.date).max().alias("wb_last"),
    ).collect(backend="pyarrow").to_native()  # fmt: skip
    if not found.num_rows:
        raise UserError("No answer has both a score and a date in this window, so there is nothing to watch.")
    return leaves_of(found, attributes, every)


def _number(date: str, every: Every) -> nw.Expr:
    return day_number(date) if every == "day" else period_of(date, every)


def day_number(date: str) -> nw.Expr:
    """Days since 1970 of a column of days or times; UNDATED where blank."""
    day = nw.col(date)
    year = day.dt.year().cast(nw.Int64)
    leap_days = (year - 1969) // 4 - (year - 1901) // 100 + (year - 1601) // 400
    days = (year - 1970) * 365 + leap_days + day.dt.ordinal_day().cast(nw.Int64) - 1
    return nw.when(~day.is_null()).then(days).otherwise(nw.lit(UNDATED, dtype=nw.Int64))


def leaves_of(found: pa.Table, by: tuple[str, ...], every: Every) -> Leaves:
    """Leaves from counts by attribute and wb_period: wb_answers, wb_balances, wb_last, and wb_bads where there are any."""
    last = pc.max(found.column("wb_last")).as_py()
    periods = np.asarray(found.column("wb_period"), dtype=np.int64)
    final = int(periods.max())
    keep = periods > final - REMEMBERED[every]
    found, periods = found.filter(pa.array(keep)), periods[keep]
    first = int(periods.min())
    answers = np.asarray(found.column("wb_answers"), dtype=np.float64)
    values: list[tuple[str, ...]] = []
    codes = np.zeros((len(periods), len(by)), dtype=np.int64)
    for a, name in enumerate(by):
        names, codes[:, a] = coded(found.column(name), answers)
        values.append(names)
    leaf, where = unique_rows(codes)
    shape = (len(leaf), final - first + 1)
    place = where * shape[1] + periods - first

    def laid(name: str) -> Floats:
        if name not in found.column_names:
            return np.zeros(shape)
        weights = np.asarray(pc.fill_null(found.column(name), 0), dtype=np.float64)
        sums = np.bincount(place, weights, shape[0] * shape[1]).reshape(shape)
        return np.asarray(sums, dtype=np.float64)

    return Leaves(
        by=by, values=tuple(values), codes=leaf, answers=laid("wb_answers"), bad=laid("wb_bads"),
        balance=laid("wb_balances"), first=first, every=every,
        last_day=last.date() if isinstance(last, dt.datetime) else last,
    )  # fmt: skip


def coded(column: Any, answers: Floats) -> tuple[tuple[str, ...], Integers]:
    """Values as numbers, the most frequent ones only; -1 for blank and rare ones."""
    texts = labels(column)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = texts.dictionary_encode()
    raw = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    names = encoded.dictionary.to_pylist()
    weights = np.bincount(raw[raw >= 0], answers[raw >= 0], len(names))
    kept = np.sort(np.argsort(-weights, kind="stable")[:MOST_VALUES])
    order = sorted(kept.tolist(), key=lambda code: names[code])
    renumbered = np.full(len(names) + 1, -1, dtype=np.int64)
    renumbered[order] = np.arange(len(order))
    return tuple(names[code] for code in order), renumbered[raw]


def unique_rows(codes: Integers) -> tuple[Integers, Integers]:
    if codes.shape[1] == 0:
        return np.zeros((1, 0), dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
    levels = codes.max(axis=0, initial=-1) + 2
    if float(np.prod(levels.astype(np.float64))) < 2.0**62:  # a row as one number sorts many times faster, and alike
        mixed = np.zeros(len(codes), dtype=np.int64)
        for a, level in enumerate(levels.tolist()):
            mixed = mixed * level + codes[:, a] + 1
        _, first, place = np.unique(mixed, return_index=True, return_inverse=True)
        return codes[first], place.reshape(-1)
    leaf, where = np.unique(codes, axis=0, return_inverse=True)
    return leaf, where.reshape(-1)


YOUNG = 16  # periods in which a value is new: until its own past is in the baseline
HEAVY = 0.02  # share of the answers from which a new value moves the groups it comes into


def newcomers(leaves: Leaves) -> dict[int, NDArray[np.bool_]]:
    """Cells (L, T) of values that have just begun to be collected, by attribute; attributes without any are left out.

    A shop that opens, or a channel that begins, has a share of its own from the first day. It is no rise of the groups
    it comes into; these leave it out until its past is known. Where an attribute as such begins (most of a period's
    answers have new values), nothing is left out.
    """
    found = {}
    whole = leaves.answers.sum(axis=0)
    for a, values in enumerate(leaves.values):
        codes = leaves.codes[:, a]
        told = codes >= 0
        counts = np.zeros((len(values), leaves.answers.shape[1]))
        _add(counts, codes, told, leaves.answers)
        first = np.argmax(counts > 0, axis=1)
        new = (first >= YOUNG // 2)[:, None] & (np.arange(counts.shape[1]) < first[:, None] + YOUNG)
        new &= (counts * new).sum(axis=1, keepdims=True) >= HEAVY * (whole * new).sum(axis=1, keepdims=True)
        new &= (counts * new).sum(axis=0) <= whole / 2.0
        new &= counts > 0
        if new.any():
            found[a] = told[:, None] & new[np.maximum(codes, 0)]
    return found


@dataclass(frozen=True)
class Segments:
    """Segments as attributes and values, each with the leaves it holds.

    attributes: indices of attributes of each segment (empty: everybody); values: their codes. group and code: (L,)
    arrays by set of attributes that say which segment of that set a leaf is in (-1: none).
    """

    attributes: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    of_leaf: dict[tuple[int, ...], Integers]
    _leaves: dict[int, Integers] = field(default_factory=dict, repr=False, compare=False)  # of those looked at before

    def __len__(self) -> int:
        return len(self.attributes)

    def members(self, segment: int) -> NDArray[np.bool_]:
        """The leaves of a segment."""
        return np.asarray(self.of_leaf[self.attributes[segment]] == segment, dtype=bool)

    def overlap(self, one: int, other: int) -> bool:
        """Whether somebody is in both: what burns there may be one fire."""
        named = dict(zip(self.attributes[one], self.values[one], strict=True))
        if any(named.get(a, v) != v for a, v in zip(self.attributes[other], self.values[other], strict=True)):
            return False
        if one not in self._leaves:
            self._leaves[one] = np.flatnonzero(self.members(one))
        return bool((self.of_leaf[self.attributes[other]][self._leaves[one]] == other).any())

    def sums(self, leaves: Floats, without: Mapping[int, NDArray[np.bool_]] | None = None) -> Floats:
        """(L, T) counts of leaves as (S, T) counts of segments.

        `without`: by attribute, the cells (L, T) that segments which do not name this attribute leave out.
        """
        found = np.zeros((len(self), leaves.shape[1]))
        for named, where in self.of_leaf.items():
            inside = where >= 0
            if not inside.any():
                continue
            left = leaves
            for attribute, cells in (without or {}).items():
                if attribute not in named:
                    left = np.where(cells, 0.0, left)
            low = int(where[inside].min())  # the segments of a set of attributes have numbers in a row
            _add(found[low : int(where.max()) + 1], where - low, inside, left)
        return found


def _add(found: Floats, where: Integers, inside: NDArray[np.bool_], leaves: Floats) -> None:
    """Add up rows by segment: the product with a sparse matrix of ones, many times faster than one by one."""
    rows = np.flatnonzero(inside)
    ones = csr_array((np.ones(len(rows)), (where[rows], rows)), shape=(len(found), len(leaves)))
    found += ones @ leaves


def make_segments(leaves: Leaves, *, depth: int, worth: Any) -> tuple[Segments, int]:
    """Every combination of up to `depth` attributes that is worth watching, and how many are too thin.

    `worth(answers (S, LATELY))` tells by the last periods which are. A segment with just the same answers as a coarser one is left out.
    """
    attributes: list[tuple[int, ...]] = []
    values: list[tuple[int, ...]] = []
    of_leaf: dict[tuple[int, ...], Integers] = {}
    whole: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
    thin = 0
    weight = leaves.answers.sum(axis=1)
    recent = np.ascontiguousarray(leaves.answers[:, -LATELY:])
    for k in range(min(depth, len(leaves.by)) + 1):
        for chosen in combinations(range(len(leaves.by)), k):
            codes = leaves.codes[:, list(chosen)]
            inside = (codes >= 0).all(axis=1)
            if not inside.any():
                continue
            keys, where = unique_rows(codes[inside])
            sums = np.bincount(where, weight[inside], len(keys))
            counts = np.zeros((len(keys), recent.shape[1]))
            _add(counts, where, np.ones(len(where), dtype=bool), recent[inside])
            fit = np.asarray(worth(counts), dtype=bool)
            thin += int((~fit).sum())
            numbers = np.full(len(keys), -1, dtype=np.int64)
            for place in np.flatnonzero(fit).tolist():
                own = tuple(keys[place].tolist())
                same = any(
                    whole.get((chosen[:i] + chosen[i + 1 :], own[:i] + own[i + 1 :])) == sums[place] for i in range(k)
                )
                whole[chosen, own] = float(sums[place])
                if not same:
                    numbers[place] = len(attributes)
                    attributes.append(chosen)
                    values.append(own)
            spread = np.full(len(weight), -1, dtype=np.int64)
            spread[inside] = numbers[where]
            of_leaf[chosen] = spread
    return Segments(tuple(attributes), tuple(values), of_leaf), thin
