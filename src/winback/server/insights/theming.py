"""Themes in figures: who names what, what hangs on it, where and since when. Customers are counted, not sentences.

The engine joins answers with what was found in them and counts; the rest happens on these counts. The points of themes
add up: each answer's part of the score (+100, 0 or -100, over all answers) is shared out evenly among the themes it
names, and what names none stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.frames import last_of_each
from winback.analysis.tally import open_rows, period_of, period_start
from winback.analysis.worth import worth
from winback.report.figures import join_worth
from winback.scales import DETRACTOR, PASSIVE, PROMOTER, Bands
from winback.server.insights.basis import Basis
from winback.server.insights.figures import frame
from winback.stats.discoveries import q_values
from winback.stats.intervals import share_interval

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
RISING = 0.05  # false discovery rate at which a theme is called rising or falling

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Named:
    """Counts of the answers of a window. `answers`: score, group, month, said, n. `themes`: theme, score, group, month,
    k (themes that an answer names), n. Both as columns by name.
    """

    answers: dict[str, Any]
    themes: dict[str, Any]
    bands: Bands


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
        "who": who,
        "by": list(by),
        "groups": [],
        "months": [],
        "answers": 0,
        "said": 0,
        "total": 0.0,
        "other": 0.0,
        "themes": [],
    }
    if basis.holding.tables.codings is None:
        return empty
    window = _named(basis, by, who)
    number, of_who, said = _whole(window, who)
    named = _by_theme(window.themes, window.bands, who)
    if not number:
        return empty
    themes = sorted(named)
    groups = _groups(window, by, who)
    money = _money(basis, who)
    months, trend = _trend(basis, who)
    moving = _moving(months, trend, themes)
    points = {theme: float(-named[theme]["minus"] + named[theme]["plus"]) * 100.0 / number for theme in themes}
    total = 100.0 * _sum(window.answers, window.bands, who) / number
    rows = []
    for theme in themes:
        count = named[theme]["n"]
        low, high = (float(end) for end in share_interval(count, said, level=basis.level))
        rows.append(
            {
                "theme": theme, "named": count, "share": count / said if said else None, "low": low, "high": high,
                "points": points[theme], "without": _without(window, theme, number), "money": money.get(theme),
                "months": [_part(trend.get(theme, {}).get(month, 0), n) for month, n in months.items()],
                "groups": [_cell(group, theme, basis.minimum) for group in groups], **moving.get(theme, {}),
            }
        )  # fmt: skip
    return {
        **empty,
        "answers": of_who,
        "said": said,
        "total": total,
        "other": total - sum(points.values()),
        "groups": [{"name": group["name"], "said": group["said"]} for group in groups],
        "months": [period_start(month, "month").isoformat() for month in months],
        "themes": rows,
    }


def where(basis: Basis, theme: str, *, who: str = "detractor", by: str) -> list[dict[str, Any]]:
    """For each value of an attribute how many of those who said why name the theme, with intervals, the most first."""
    found = basis.kept.once(("named", who, (by,), _state(basis)), lambda: _named(basis, (by,), who))
    rows = []
    for group in _groups(found, (by,), who, most=1000):
        named, said = group["themes"].get(theme, 0), group["said"]
        low, high = (float(end) for end in share_interval(named, said, level=basis.level))
        few = said < basis.minimum
        rows.append({"name": group["name"], "named": named, "said": said, "few": few, "share": named / said if said else None, "low": low, "high": high})  # fmt: skip
    return sorted(rows, key=lambda row: (row["few"], -(row["share"] or 0.0), row["name"]))


def _rows(basis: Basis, by: tuple[str, ...], who: str, *, once: bool) -> tuple[nw.LazyFrame[Any], Any]:
    """Answers with what is counted of them, still on the engine: each person's latest, where `once`."""
    names = [name for name in ("comment", "customer", "kind") if name in basis.names]
    rows, plan = open_rows(basis.feedback, by=("source", "external_id", *names, *by), **basis.columns)
    if once and plan.respondent:
        rows = last_of_each(rows, plan.respondent, plan.order, numbered=plan.numbered)
    if who == "lost":
        departures = basis.holding.tables.departures
        gone = nw.from_native(departures).lazy().select("customer").unique() if departures is not None and "customer" in names else None  # fmt: skip
        rows = rows.filter(nw.col("wb_score").is_null()) if gone is None else rows.join(gone, on="customer", how="semi")
    said = ~nw.col("comment").is_null() & (nw.col("comment").str.strip_chars() != "") if "comment" in names else nw.lit(False)  # fmt: skip
    group = nw.col(by[0]).cast(nw.String) if by else nw.lit("")
    customer = nw.col("customer") if "customer" in names else nw.lit("")
    kept = rows.select(
        wb_source=nw.col("source"), wb_id=nw.col("external_id"), wb_customer=customer, wb_score=nw.col("wb_score"),
        wb_group=group, wb_month=period_of(plan.date, "month"), wb_said=said,
        wb_kind=nw.col("kind") if "kind" in names else nw.lit(""), wb_day=nw.col(plan.date) if plan.date else nw.lit(0),
    )  # fmt: skip
    return kept, plan


def answers_of(basis: Basis, by: tuple[str, ...], who: str) -> nw.LazyFrame[Any]:
    """The latest answer of each person asked for, still on the engine: wb_source, wb_id, wb_group, wb_said, wb_kind, wb_day."""
    rows, plan = _rows(basis, by, who, once=True)
    return _only(rows, plan.bands, who)


def _only(rows: nw.LazyFrame[Any], bands: Bands, who: str) -> nw.LazyFrame[Any]:
    unhappy, happy = bands.is_detractor(nw.col("wb_score")), bands.is_promoter(nw.col("wb_score"))
    tests = {"detractor": unhappy, "promoter": happy, "passive": ~unhappy & ~happy}
    return rows.filter(tests[who]) if who in tests else rows


def _joined(basis: Basis, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """A row for each answer and theme named in it, with how many the answer names."""
    codings = nw.from_native(basis.holding.tables.codings).lazy().select("source", "external_id", "theme")
    several = codings.group_by("source", "external_id").agg(nw.len().alias("wb_k"))
    both = codings.join(several, on=["source", "external_id"], how="inner")
    return rows.join(both, left_on=["wb_source", "wb_id"], right_on=["source", "external_id"], how="inner")


def _named(basis: Basis, by: tuple[str, ...], who: str) -> Named:
    rows, plan = _rows(basis, by, who, once=True)
    keys = ["wb_score", "wb_group", "wb_said"]
    answers = rows.group_by(keys).agg(nw.len().alias("n")).collect(backend="pyarrow").to_native()
    of = ["theme", "wb_score", "wb_group", "wb_k"]
    themes = _joined(basis, rows).group_by(of).agg(nw.len().alias("n")).collect(backend="pyarrow").to_native()
    return Named(_columns(answers), _columns(themes), plan.bands)


def _columns(table: pa.Table) -> dict[str, Any]:
    """Columns by name without the prefix of the engine's; numbers as arrays, texts as lists."""
    found: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name)
        numeric = (
            pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_boolean(column.type)
        )
        found[name.removeprefix("wb_")] = column.to_numpy(zero_copy_only=False) if numeric else column.to_pylist()
    return found


def _is(counts: Mapping[str, Any], bands: Bands, who: str) -> NDArray[np.bool_]:
    """Which cells are of the people asked for."""
    score = counts["score"]
    if who not in _BANDS:
        return np.ones(len(score), dtype=bool)
    return np.asarray(bands.classify(score) == _BANDS[who])


def _whole(window: Named, who: str) -> tuple[int, int, int]:
    """Answers in all (lost customers: of theirs), of the people asked for, and of these who said why."""
    counts, mine = window.answers, _is(window.answers, window.bands, who)
    said = mine & np.asarray(counts["said"], dtype=bool)
    return int(counts["n"].sum()), int(counts["n"][mine].sum()), int(counts["n"][said].sum())


def _values(counts: Mapping[str, Any], bands: Bands) -> Floats:
    """+1 for a promoter, -1 for a detractor, by cell."""
    band = bands.classify(counts["score"])
    return np.where(band == PROMOTER, 1.0, np.where(band == DETRACTOR, -1.0, 0.0))


def _sum(counts: Mapping[str, Any], bands: Bands, who: str) -> float:
    mine = _is(counts, bands, who)
    return float((_values(counts, bands) * counts["n"] * mine).sum())


def _by_theme(counts: Mapping[str, Any], bands: Bands, who: str) -> dict[str, dict[str, Any]]:
    """Answers that name each theme, and their part of the promoters' and of the detractors' side."""
    found: dict[str, dict[str, Any]] = {}
    if not len(counts["n"]):
        return found
    mine, values = _is(counts, bands, who), _values(counts, bands)
    parts = counts["n"] * values / counts["k"]
    for place in np.flatnonzero(mine):
        row = found.setdefault(counts["theme"][place], {"n": 0, "plus": 0.0, "minus": 0.0})
        row["n"] += int(counts["n"][place])
        row["plus"] += max(float(parts[place]), 0.0)
        row["minus"] += max(-float(parts[place]), 0.0)
    return found


def _without(window: Named, theme: str, number: int) -> float | None:
    """The score of the answers that do not name the theme."""
    is_theme = np.array([one == theme for one in window.themes["theme"]], dtype=bool)
    taken, value = window.themes["n"][is_theme], _values(window.themes, window.bands)[is_theme]
    left = number - int(taken.sum())
    if not left:
        return None
    whole = float((_values(window.answers, window.bands) * window.answers["n"]).sum())
    return 100.0 * (whole - float((taken * value).sum())) / left


def _groups(window: Named, by: tuple[str, ...], who: str, most: int = MOST_GROUPS) -> list[dict[str, Any]]:
    """The largest groups: how many said why, and how many of them name each theme."""
    if not by:
        return []
    said: dict[str, int] = {}
    counts, mine = window.answers, _is(window.answers, window.bands, who)
    for place in np.flatnonzero(mine & np.asarray(counts["said"], dtype=bool)):
        if name := counts["group"][place]:
            said[name] = said.get(name, 0) + int(counts["n"][place])
    kept = sorted(said, key=lambda name: (-said[name], name))[:most]
    named: dict[str, dict[str, int]] = {name: {} for name in kept}
    counts = window.themes
    for place in np.flatnonzero(_is(counts, window.bands, who)) if len(counts["n"]) else ():
        if (name := counts["group"][place]) in named:
            theme = counts["theme"][place]
            named[name][theme] = named[name].get(theme, 0) + int(counts["n"][place])
    return [{"name": name, "said": said[name], "themes": named[name]} for name in kept]


def _cell(group: Mapping[str, Any], theme: str, minimum: int) -> dict[str, Any]:
    named, said = group["themes"].get(theme, 0), group["said"]
    return {"group": group["name"], "named": named, "said": said, "share": None if said < minimum else named / said}


def _money(basis: Basis, who: str) -> dict[str, float]:
    """What the customers who name each theme bring in twelve months, each customer once; nothing without money."""
    if not basis.has_worth:
        return {}
    known = basis.kept.once("worth of themes", lambda: worth(basis.tables, as_of=basis.window.until))
    if known is None:
        return {}
    rows, plan = _rows(basis, (), who, once=True)
    rows = _only(rows, plan.bands, who)
    customers = _joined(basis, rows).select("theme", customer=nw.col("wb_customer")).unique()
    joined = nw.from_native(join_worth(customers.to_native(), known, basis.holding.connection)).lazy()
    table = joined.group_by("theme").agg(nw.col("money").sum().alias("money")).collect(backend="pyarrow").to_native()
    return {row["theme"]: float(row["money"] or 0) for row in table.to_pylist()}


def _trend(basis: Basis, who: str) -> tuple[dict[int, int], dict[str, dict[int, int]]]:
    """Answers of each of the last months with words, and of these how many name each theme; every answer counts here."""
    past = basis.history()
    rows, plan = _rows(past, (), who, once=False)
    answers = rows.filter(nw.col("wb_said")).group_by("wb_month", "wb_score").agg(nw.len().alias("n"))
    counts = _columns(answers.collect(backend="pyarrow").to_native())
    named = _joined(past, rows).group_by("theme", "wb_month", "wb_score").agg(nw.len().alias("n"))
    themes = _columns(named.collect(backend="pyarrow").to_native())
    said: dict[int, int] = {}
    for place in np.flatnonzero(_is(counts, plan.bands, who)) if len(counts["n"]) else ():
        said[int(counts["month"][place])] = said.get(int(counts["month"][place]), 0) + int(counts["n"][place])
    dated = [month for month in said if month > 0]
    if not dated:
        return {}, {}
    last = max(dated)
    months = {month: said.get(month, 0) for month in range(max(last - MONTHS + 1, min(dated)), last + 1)}
    found: dict[str, dict[int, int]] = {}
    for place in np.flatnonzero(_is(themes, plan.bands, who)) if len(themes["n"]) else ():
        month = int(themes["month"][place])
        if month in months:
            row = found.setdefault(themes["theme"][place], {})
            row[month] = row.get(month, 0) + int(themes["n"][place])
    return months, found


def _moving(
    months: Mapping[int, int], trend: Mapping[str, Mapping[int, int]], themes: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Which themes are named more, or less, in the last two months than in those before: Fisher's test, held at a rate
    of false discoveries over all themes.
    """
    from scipy.stats import hypergeom

    order = list(months)
    late, early = order[-2:], order[:-2]
    n_late, n_early = sum(months[m] for m in late), sum(months[m] for m in early)
    if not n_late or not n_early or not themes:
        return {}
    x = np.array([sum(trend.get(theme, {}).get(m, 0) for m in late) for theme in themes])
    whole = np.array([sum(trend.get(theme, {}).values()) for theme in themes])
    up = hypergeom.sf(x - 1, n_late + n_early, whole, n_late)
    down = hypergeom.cdf(x, n_late + n_early, whole, n_late)
    q = q_values(np.minimum(1.0, 2.0 * np.minimum(up, down)))
    return {
        theme: {"moving": ("rising" if up[place] < down[place] else "falling") if q[place] <= RISING else "", "q": float(q[place])}
        for place, theme in enumerate(themes)
    }  # fmt: skip


def _part(named: int, said: int) -> dict[str, Any]:
    return {"named": named, "said": said, "share": named / said if said else None}
