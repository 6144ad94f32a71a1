"""Themes in figures on a page: who names what, what hangs on it, where and since when. Customers are counted, not sentences.

The engine joins answers with what was found in them; shares, intervals, the split of the score, months and what rises are
those of `winback.analysis.themes`. Of a page's own is whose answers are asked for. Shares are of all of them: who gave no
reason counts among those who name none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.frames import last_of_each
from winback.analysis.tally import open_rows, period_of, period_start
from winback.analysis.themes_counted import Answers, Named, Revenue, brought, rising, score_of, shared_out
from winback.analysis.worth import worth
from winback.scales import DETRACTOR, PASSIVE, PROMOTER, Bands
from winback.server.insights.basis import Basis
from winback.server.insights.figures import frame

WHO = {
    "detractor": "Detractors",
    "passive": "Passives",
    "promoter": "Promoters",
    "lost": "Lost customers",
    "all": "Everyone",
}
_BANDS = {"detractor": DETRACTOR, "passive": PASSIVE, "promoter": PROMOTER}
ORDERS = {"points": "Contribution", "share": "Share", "money": "Money"}
MONTHS = 12
MOST_GROUPS = 4  # groups of an attribute beside each theme

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """Answers with the themes they name, one entry an answer. `customers`: None where none is named, or it is not known.

    `group`: codes of `groups`, -1 for those without one.
    """

    answers: Answers
    named: Named
    said: Flags
    group: NDArray[np.int64]
    groups: tuple[str, ...]
    customers: pa.Array

    @property
    def book(self) -> Codebook:
        return Codebook(tuple(Theme(name, name) for name in self.named.keys))

    def of(self, who: str) -> Flags:
        """Which answers are of the people asked for."""
        everyone = np.ones(len(self.answers.bands), dtype=bool)
        return np.asarray(self.answers.bands == _BANDS[who]) if who in _BANDS else everyone

    def only(self, chosen: Flags) -> Found:
        """The chosen answers alone."""
        answers = Answers(
            self.answers.bands[chosen],
            self.answers.weights[chosen],
            self.answers.weighted,
            self.answers.periods[chosen],
        )
        named = Named(self.named.matrix[chosen], self.named.keys)
        customers = self.customers.filter(pa.array(chosen))
        return Found(answers, named, self.said[chosen], self.group[chosen], self.groups, customers)


def themes_of(basis: Basis, *, who: str = "detractor", order: str = "points") -> dict[str, Any]:
    """The document of the Themes page; `themes` is empty where no comment has been sorted."""
    by = (basis.asked.by or basis.holding.attributes)[:1]
    found: dict[str, Any] = basis.kept.once(("themes", who, by, _state(basis)), lambda: _document(basis, who, by))
    rows = sorted(found["themes"], key=_ORDER[order])
    return {**frame(basis), **found, "themes": rows, "order": order}


_ORDER = {
    "points": lambda row: (-abs(row["points"]), -row["named"], row["theme"]),
    "share": lambda row: (-row["named"], row["theme"]),
    "money": lambda row: (-(row["money"] or 0), -row["named"], row["theme"]),
}


def _state(basis: Basis) -> tuple[str, ...]:
    """What the codebook calls its themes: a change of it is another state."""
    return basis.holding.themes


def _document(basis: Basis, who: str, by: tuple[str, ...]) -> dict[str, Any]:
    empty = {
        "who": who, "by": list(by), "groups": [], "months": [], "answers": 0, "said": 0, "total": 0.0, "other": 0.0, "themes": [],
    }  # fmt: skip
    if basis.holding.tables.codings is None:
        return empty
    found = _found(basis, by, lost=who == "lost")
    mine = found.of(who)
    if not mine.any():
        return empty
    shown = found.named.matrix[mine].sum(axis=0) > 0
    parts = shared_out(found.named, found.answers)
    points = parts[mine] @ found.named.matrix[mine]
    total = float(found.answers.parts[mine].sum())
    groups = _groups(found, mine, basis.level)
    money = _money(basis, found, mine)
    months, changes = _months(basis, who)
    rows = []
    for at, row in enumerate(found.named.shares(found.answers, found.book, mine, level=basis.level)):
        if not shown[at]:
            continue
        theme = row["theme"]
        rows.append(
            {
                "theme": theme, "named": row["customers"], "share": row["share"], "low": row["low"], "high": row["high"],
                "points": float(points[at]), "without": score_of(~found.named.matrix[:, at], found.answers),
                "money": money.get(theme),
                "months": [_part(months[month].get(theme), answers) for month, answers in months["answers"].items()],
                "groups": [_cell(group, at, basis.minimum) for group in groups], **changes.get(theme, {"moving": "", "q": None}),
            }
        )  # fmt: skip
    return {
        **empty, "answers": int(mine.sum()), "said": int((mine & found.said).sum()), "total": total,
        "other": total - sum(row["points"] for row in rows), "groups": [{"name": one["name"], "answers": one["answers"]} for one in groups],
        "months": [period_start(month, "month").isoformat() for month in months["answers"]], "themes": rows,
    }  # fmt: skip


def where(basis: Basis, theme: str, *, who: str = "detractor", by: str) -> list[dict[str, Any]]:
    """For each value of an attribute how many of the people asked for name the theme, with intervals, the most first."""
    found = _found(basis, (by,), lost=who == "lost")
    if theme not in found.named.keys:
        return []
    at = found.named.keys.index(theme)
    one = Named(found.named.matrix[:, [at]], (theme,))
    rows = []
    for group in _groups(Found(found.answers, one, found.said, found.group, found.groups, found.customers), found.of(who), basis.level, most=1000):  # fmt: skip
        told = group["themes"][0]
        few = group["answers"] < basis.minimum
        rows.append({"name": group["name"], "named": told["customers"], "answers": group["answers"], "few": few, "share": told["share"], "low": told["low"], "high": told["high"]})  # fmt: skip
    return sorted(rows, key=lambda row: (row["few"], -(row["share"] or 0.0), row["name"]))


def answers_of(basis: Basis, by: tuple[str, ...], who: str) -> nw.LazyFrame[Any]:
    """The latest answer of each person asked for, still on the engine: wb_source, wb_id, wb_group, wb_said, wb_kind, wb_day."""
    rows, bands = _rows(basis, by, lost=who == "lost", once=True)
    unhappy, happy = bands.is_detractor(nw.col("wb_score")), bands.is_promoter(nw.col("wb_score"))
    tests = {"detractor": unhappy, "promoter": happy, "passive": ~unhappy & ~happy}
    return rows.filter(tests[who]) if who in tests else rows


def _rows(basis: Basis, by: tuple[str, ...], *, lost: bool, once: bool) -> tuple[nw.LazyFrame[Any], Bands]:
    """Answers with what is counted of them, still on the engine: each person's latest, where `once`."""
    names = [name for name in ("comment", "customer", "kind") if name in basis.names]
    rows, plan = open_rows(basis.feedback, by=("source", "external_id", *names, *by), **basis.columns)
    if once and plan.respondent:
        rows = last_of_each(rows, plan.respondent, plan.order, numbered=plan.numbered)
    if lost:
        departures = basis.holding.tables.departures
        gone = nw.from_native(departures).lazy().select("customer").unique() if departures is not None and "customer" in names else None  # fmt: skip
        rows = rows.filter(nw.col("wb_score").is_null()) if gone is None else rows.join(gone, on="customer", how="semi")
    said = ~nw.col("comment").is_null() & (nw.col("comment").str.strip_chars() != "") if "comment" in names else nw.lit(False)  # fmt: skip
    customer = nw.col("customer").cast(nw.String) if "customer" in names else nw.lit("")
    kept = rows.select(
        wb_source=nw.col("source"), wb_id=nw.col("external_id"), wb_customer=customer, wb_score=nw.col("wb_score"),
        wb_group=nw.col(by[0]).cast(nw.String) if by else nw.lit(""), wb_month=period_of(plan.date, "month"), wb_said=said,
        wb_weight=nw.col(plan.weight).cast(nw.Float64) if plan.weight else nw.lit(1.0),
        wb_kind=nw.col("kind") if "kind" in names else nw.lit(""), wb_day=nw.col(plan.date) if plan.date else nw.lit(0),
    )  # fmt: skip
    return kept, plan.bands


_OF_ALL = ["wb_score", "wb_group", "wb_month", "wb_said", "wb_weight"]


def _found(basis: Basis, by: tuple[str, ...], *, lost: bool, once: bool = True) -> Found:
    name = ("answers and themes", by, lost, once, _state(basis))
    found: Found = basis.kept.once(name, lambda: _counted(basis, by, lost=lost, once=once))
    return found


def _counted(basis: Basis, by: tuple[str, ...], *, lost: bool, once: bool) -> Found:
    """Answers that name a theme one by one; those that name none are counted on the engine, since they may be many."""
    rows, bands = _rows(basis, by, lost=lost, once=once)
    codings = nw.from_native(basis.holding.tables.codings).lazy().select("source", "external_id", "theme")
    joined = rows.join(codings, left_on=["wb_source", "wb_id"], right_on=["source", "external_id"], how="inner")
    pairs = joined.select(*_OF_ALL, "wb_customer", "wb_source", "wb_id", "theme").collect(backend="pyarrow").to_native()
    ids = pc.binary_join_element_wise(pairs.column("wb_source").cast(pa.string()), pairs.column("wb_id").cast(pa.string()), "\x1f")  # fmt: skip
    place = _codes(ids)[0]
    first = np.unique(place, return_index=True)[1]
    naming = pairs.take(pa.array(first)) if len(first) else pairs
    rank = np.empty(int(place.max()) + 1 if len(place) else 0, dtype=np.int64)
    rank[place[first]] = np.arange(len(first))
    theme, keys = _codes(pairs.column("theme").cast(pa.string()))
    order = np.argsort(np.array(keys, dtype=object), kind="stable") if keys else np.zeros(0, dtype=np.int64)
    matrix = np.zeros((len(first), len(keys)), dtype=bool)
    matrix[rank[place], np.argsort(order, kind="stable")[theme] if keys else theme] = True
    everyone = rows.group_by(_OF_ALL).agg(nw.len().alias("n")).collect(backend="pyarrow").to_native()
    there = naming.group_by(_OF_ALL).aggregate([([], "count_all")]).rename_columns([*_OF_ALL, "m"])
    silent = _less(everyone, there)
    times = silent.column("n").to_numpy().astype(np.int64)
    rest = silent.take(pa.array(np.repeat(np.arange(len(times)), times)))
    whole = pa.concat_tables([naming.select(_OF_ALL), rest.select(_OF_ALL)])
    group, groups = _codes(whole.column("wb_group").cast(pa.string()))
    answers = Answers(
        bands=np.asarray(bands.classify(_numbers(whole, "wb_score")), dtype=np.int64),
        weights=_numbers(whole, "wb_weight").astype(np.float64),
        weighted="weight" in basis.columns,
        periods=_numbers(whole, "wb_month").astype(np.int64),
    )
    customers = pa.concat_arrays(
        [naming.column("wb_customer").cast(pa.string()).combine_chunks(), pa.nulls(len(rest), pa.string())]
    )
    named = Named(np.vstack([matrix, np.zeros((len(rest), len(keys)), dtype=bool)]), tuple(keys[at] for at in order))
    return Found(answers, named, _numbers(whole, "wb_said").astype(bool), group, groups, customers)


def _less(everyone: pa.Table, there: pa.Table) -> pa.Table:
    """The cells of everyone without those counted one by one."""

    def cells(table: pa.Table, name: str) -> dict[tuple[Any, ...], int]:
        columns = [table.column(one).to_pylist() for one in (*_OF_ALL, name)]
        return {tuple(values): count for *values, count in zip(*columns, strict=True)}

    mine = cells(there, "m")
    left = [count - mine.get(cell, 0) for cell, count in cells(everyone, "n").items()]
    return everyone.set_column(everyone.column_names.index("n"), "n", pa.array(left, pa.int64()))


def _numbers(table: pa.Table, name: str) -> NDArray[Any]:
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False))


def _codes(texts: Any) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Texts as places in the list of those there are; -1 for a null."""
    coded = (texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts).dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(coded.dictionary.to_pylist())


def _groups(found: Found, mine: Flags, level: float, most: int = MOST_GROUPS) -> list[dict[str, Any]]:
    """The largest groups: their answers, and how many of them name each theme."""
    sizes = np.bincount(found.group[mine & (found.group >= 0)], minlength=len(found.groups))
    known = [at for at in range(len(sizes)) if sizes[at] and found.groups[at]]
    known.sort(key=lambda at: (-int(sizes[at]), found.groups[at]))
    return [
        {
            "name": found.groups[at], "answers": int(sizes[at]),
            "themes": found.named.shares(found.answers, found.book, mine & (found.group == at), level=level),
        }
        for at in known[:most]
    ]  # fmt: skip


def _cell(group: Mapping[str, Any], at: int, minimum: int) -> dict[str, Any]:
    told, answers = group["themes"][at], group["answers"]
    share = None if answers < minimum else told["share"]
    return {"group": group["name"], "named": told["customers"], "answers": answers, "share": share}


def _money(basis: Basis, found: Found, mine: Flags) -> dict[str, float]:
    """What the customers who name each theme bring in twelve months, each customer once; nothing without money."""
    if not basis.has_worth:
        return {}
    known = basis.kept.once("worth of themes", lambda: worth(basis.tables, as_of=basis.window.until))
    if known is None:
        return {}
    account = pc.index_in(found.customers, value_set=pa.array(known.customers.tolist(), pa.string()), skip_nulls=True)
    revenue = Revenue(
        account.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64),
        known.revenue if known.revenue is not None else known.worth,
    )
    matrix = found.named.matrix
    return {key: float(brought(mine & matrix[:, at], revenue)) for at, key in enumerate(found.named.keys)}


def _months(basis: Basis, who: str) -> tuple[dict[Any, Any], dict[str, dict[str, Any]]]:
    """Answers of each of the last months with who names what, by month, and which themes rise or fall in the last one.

    Every answer counts here: a month shows what was said in it, whatever the same people say later.
    """
    past = basis.history()
    found = _found(past, (), lost=who == "lost", once=False)
    mine = found.only(found.of(who) & (found.answers.periods > 0))
    if not len(mine.answers.periods):
        return {"answers": {}}, {}
    last = int(mine.answers.periods.max())
    first = max(last - MONTHS + 1, int(mine.answers.periods.min()))
    counted: dict[Any, Any] = {"answers": {}}
    for month in range(first, last + 1):
        chosen = mine.answers.periods == month
        counted["answers"][month] = int(chosen.sum())
        counted[month] = {
            row["theme"]: row for row in mine.named.shares(mine.answers, mine.book, chosen, level=basis.level)
        }
    changes: dict[str, dict[str, Any]] = {}
    for way, matrix in (("falling", ~mine.named.matrix), ("rising", mine.named.matrix)):
        for row in rising(Named(matrix, mine.named.keys), mine.answers, mine.book).to_pylist():
            changes[row["theme"]] = {"moving": way, "q": row["q"]}
    return counted, changes


def _part(row: Mapping[str, Any] | None, answers: int) -> dict[str, Any]:
    return {"named": row["customers"] if row else 0, "answers": answers, "share": row["share"] if row else None}
