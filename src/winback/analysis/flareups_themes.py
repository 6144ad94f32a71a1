"""Themes watched by segment: whose share of the answers that say why rises, by the same test as detractors'.

Every theme in every segment that is thick enough for it is watched at once, and false discoveries are held over all
these pairs together. Where there is a column of comments, answers without words and without a theme are left out, so
that a new box for comments is no flare-up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.flareups_panel import CYCLES, Every, Leaves, day_number, leaves_of, unique_rows
from winback.analysis.frames import lazy_frame, names_of
from winback.analysis.tally import UNDATED, AnswerColumns, Plan, labels, open_rows, period_of
from winback.errors import UserError

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_THEMES = 200  # the most named ones
PARTED = re.compile(r"[;|]")


@dataclass(frozen=True)
class NamedLeaves:
    """Counts by leaf, period and theme of the answers that say why.

    `leaves`: these answers, whatever they name. `themes`: their names. `cells` (N, 3): theme, leaf and period of a count;
    `named` (N,) the answers there that name the theme, `balance` (N,) their sum of -1, 0, 1 over detractors and promoters.
    """

    leaves: Leaves
    themes: tuple[str, ...]
    cells: Integers
    named: Floats
    balance: Floats

    def of(self, theme: int) -> Leaves:
        """The leaves with the answers that name this theme as the bad ones, and their balance."""
        shape = self.leaves.answers.shape
        mine = self.cells[:, 0] == theme
        place = self.cells[mine, 1] * shape[1] + self.cells[mine, 2]
        laid = [np.bincount(place, part[mine], shape[0] * shape[1]) for part in (self.named, self.balance)]
        bad, balance = (np.asarray(part, dtype=np.float64).reshape(shape) for part in laid)
        return replace(self.leaves, bad=bad, balance=balance)


def count_named(
    feedback: Any, *, by: Sequence[str], every: Every, theme: str | None = None, codebook: Codebook | None = None,
    comment: str = "comment", **columns: Unpack[AnswerColumns],
) -> NamedLeaves:  # fmt: skip
    """Count on the frame's own engine who names what; every answer counts in its own period.

    Themes stand in the column `theme` (several parted by ; or |), or are found in the comments by a codebook, or stand
    in the table `codings` of `Tables`. Raises UserError without dates, and where none of the three is there.
    """
    if every not in CYCLES:
        raise UserError(f'Flare-ups are watched by day, week or month, not by "{every}".')
    columns["respondent"] = None
    tables = getattr(feedback, "tables", feedback)
    names = names_of(getattr(tables, "feedback", tables))
    codings = getattr(tables, "codings", None)
    if codebook is not None and theme is not None:
        raise UserError("Themes stand in a column (theme) or are found by a codebook: give one of the two.")
    if codebook is not None and comment not in names:
        raise UserError(f'There is no column of comments "{comment}"; name it with comment=, or --text COL.')
    if theme is None and codebook is None and codings is None:
        raise UserError("Name the column of themes (theme=, --theme COL), or give a codebook (codebook=, --codebook).")
    words = [comment] if comment in names and comment != theme else []
    own = [theme] if theme else [] if codebook else ["source", "external_id"]
    rows, plan = open_rows(feedback, by=list(dict.fromkeys([*by, *own, *words])), **columns)
    if not plan.date:
        raise UserError("Flare-ups need a date; name the column with date=, or --date.")
    rows = _prepared(rows, plan, every, [*words, *([theme] if theme else [])] if words else [])
    by = tuple(by)
    if theme is not None or codebook is not None:
        column = theme or comment
        text = nw.col(column).cast(nw.String)
        found = _counted(rows.with_columns(wb_text=text), plan, [*by, "wb_text"])
        return _of_texts(found, by, every, codebook)
    answers = _counted(rows, plan, list(by))
    return _laid(answers, _of_codings(rows, codings, plan, by), by, every)


def _prepared(rows: nw.LazyFrame[Any], plan: Plan, every: Every, words: Sequence[str]) -> nw.LazyFrame[Any]:
    """The dated answers that say why in any of these columns (all without one), with their period and -1, 0 or 1."""
    detractor, promoter = plan.bands.is_detractor(nw.col("wb_score")), plan.bands.is_promoter(nw.col("wb_score"))
    rows = rows.with_columns(
        wb_period=day_number(plan.date or "") if every == "day" else period_of(plan.date, every),
        wb_balance=nw.when(promoter).then(1).when(detractor).then(-1).otherwise(0),
    ).filter(nw.col("wb_period") != UNDATED)
    said = [~nw.col(name).is_null() & (nw.col(name).cast(nw.String).str.strip_chars() != "") for name in words]
    return rows.filter(nw.any_horizontal(*said, ignore_nulls=True)) if said else rows


def _counted(rows: nw.LazyFrame[Any], plan: Plan, keys: Sequence[str]) -> pa.Table:
    table: pa.Table = rows.group_by([*keys, "wb_period"]).agg(
        nw.len().alias("wb_answers"), nw.col("wb_balance").sum().alias("wb_balances"),
        nw.col(plan.date or "").max().alias("wb_last"),
    ).collect(backend="pyarrow").to_native()  # fmt: skip
    return table


def _of_codings(rows: nw.LazyFrame[Any], codings: Any, plan: Plan, by: tuple[str, ...]) -> pa.Table:
    """Counts by leaf, period and theme. Tables in memory are joined here: each would be in an engine of its own."""
    kept, keys = ["source", "external_id", "theme"], ["source", "external_id"]
    found = lazy_frame(codings, kept).unique()
    if isinstance(nw.from_native(codings), nw.LazyFrame):
        return _counted(rows.join(found, on=keys, how="inner"), plan, [*by, "theme"])
    mine = rows.select(
        *dict.fromkeys([*by, *keys, "wb_period"]), wb_balances=nw.col("wb_balance").cast(nw.Int64), wb_answers=nw.lit(1, dtype=nw.Int64)
    )  # fmt: skip
    one, other = (frame.collect(backend="pyarrow").to_native() for frame in (mine, found))
    for name in keys:
        one = one.set_column(one.column_names.index(name), name, one.column(name).cast(pa.string()))
        other = other.set_column(other.column_names.index(name), name, other.column(name).cast(pa.string()))
    table: pa.Table = one.join(other, keys=keys, join_type="inner")
    return table


def _of_texts(found: pa.Table, by: tuple[str, ...], every: Every, codebook: Codebook | None) -> NamedLeaves:
    """Each different text is read once, on the driver."""
    encoded = pc.fill_null(found.column("wb_text"), "").combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    named = _coded(texts, codebook) if codebook is not None else [_parted(text) for text in texts]
    spelled = _spelled(named)
    each = [sorted({spelled[one.casefold()] for one in some}) for some in named]
    row = [place for place, code in enumerate(encoded.indices.to_pylist()) for _ in each[code]]
    theme = [one for code in encoded.indices.to_pylist() for one in each[code]]
    told = found.take(pa.array(row, pa.int64())).append_column("theme", pa.array(theme, pa.string()))
    return _laid(found, told, by, every)


def _parted(text: str) -> list[str]:
    return [one for part in PARTED.split(text) if (one := " ".join(part.split()))]


def _coded(texts: list[str], codebook: Codebook) -> list[list[str]]:
    from winback.analysis.codebook import assign

    found: list[list[str]] = [[] for _ in texts]
    codings = assign(texts, codebook)
    for row, key in zip(codings.column("row").to_pylist(), codings.column("theme").to_pylist(), strict=True):
        if key is not None:
            found[row].append(codebook.theme(key).name)
    return found


def _spelled(named: Iterable[Sequence[str]]) -> dict[str, str]:
    """One spelling for all that differ in case only: the most frequent, the first of the alphabet among equals."""
    counts = Counter(one for some in named for one in some)
    return {one.casefold(): one for one in sorted(counts, key=lambda one: (-counts[one], one), reverse=True)}


def _laid(answers: pa.Table, named: pa.Table, by: tuple[str, ...], every: Every) -> NamedLeaves:
    if not answers.num_rows:
        raise UserError("No answer has a score, a date and words in this window, so there is nothing to watch.")
    leaves = leaves_of(answers, by, every)
    named = named.filter(pc.greater_equal(named.column("wb_period"), leaves.first))
    counts = np.asarray(named.column("wb_answers"), dtype=np.float64)
    texts = pc.fill_null(named.column("theme").cast(pa.string()), "").combine_chunks().dictionary_encode()
    codes, names = np.asarray(texts.indices, dtype=np.int64), texts.dictionary.to_pylist()
    weights = np.bincount(codes, counts, len(names))
    most = sorted((at for at in range(len(names)) if names[at]), key=lambda at: (-weights[at], names[at]))[:MOST_THEMES]
    number = np.full(len(names) + 1, -1, dtype=np.int64)
    number[most] = np.arange(len(most))
    keep = number[codes] >= 0
    named, counts, codes = named.filter(pa.array(keep)), counts[keep], number[codes][keep]
    mine = np.zeros((len(counts), len(by)), dtype=np.int64)
    for a, name in enumerate(by):
        values = pa.array(leaves.values[a], pa.string())
        mine[:, a] = np.asarray(pc.fill_null(pc.index_in(labels(named.column(name)), value_set=values), -1))
    _, where = unique_rows(np.concatenate([leaves.codes, mine]))
    periods = np.asarray(named.column("wb_period"), dtype=np.int64) - leaves.first
    cells = np.column_stack([codes, where[len(leaves.codes) :], periods]).reshape(-1, 3)
    balance = np.asarray(named.column("wb_balances"), dtype=np.float64)
    return NamedLeaves(leaves, tuple(names[at] for at in most), cells, counts, balance)
