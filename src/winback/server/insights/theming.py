"""Themes in figures on a page: who names what, what hangs on it, where and since when. Customers are counted, not sentences.

Shares, intervals, the split of the score, months and what rises are those of `winback.analysis.themes`. Of a page's own is
whose answers are asked for. Shares are of all of them: who gave no reason counts among those who name none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.tally import period_start
from winback.analysis.themes_counted import Answers, Named, Revenue, brought, rising, score_of, shared_out
from winback.analysis.tiers import NEGATIVE, tiers_of
from winback.analysis.worth import Worth, worth
from winback.scales import DETRACTOR, PASSIVE, PROMOTER
from winback.server.insights.answered import UNKNOWN, Answered, Flags, Whole, answered
from winback.server.insights.basis import Basis
from winback.server.insights.figures import frame
from winback.server.insights.rules import PROFIT_TIER

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
MOST_GROUPS = 12  # groups of an attribute for each theme


@dataclass(frozen=True)
class Found:
    """Answers with the themes they name, one entry an answer.

    `group` are codes of `groups`, `customer` of `customers`, UNKNOWN for those without one.
    """

    answers: Answers
    named: Named
    said: Flags
    group: NDArray[np.int64]
    groups: tuple[str, ...]
    customer: Whole
    customers: tuple[str, ...]

    @property
    def book(self) -> Codebook:
        return Codebook(tuple(Theme(name, name) for name in self.named.keys))

    def of(self, who: str) -> Flags:
        """Which answers are of the people asked for."""
        everyone = np.ones(len(self.answers.bands), dtype=bool)
        return np.asarray(self.answers.bands == _BANDS[who]) if who in _BANDS else everyone

    def only(self, chosen: Flags) -> Found:
        """The chosen answers alone."""
        answers = Answers(self.answers.bands[chosen], self.answers.weights[chosen], self.answers.periods[chosen])
        named = Named(self.named.matrix[chosen], self.named.keys)
        return Found(
            answers, named, self.said[chosen], self.group[chosen], self.groups, self.customer[chosen], self.customers
        )


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
    groups = _groups(found, mine, basis.level, basis.minimum, ranked=not _tiered(basis, by))
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
    """For each value of an attribute how many of the people asked for name the theme, with intervals, the most first.

    Profit tiers come in their order. Of a group too small (`few`) nothing is told but its answers.
    """
    found = _found(basis, (by,), lost=who == "lost")
    if theme not in found.named.keys:
        return []
    at = found.named.keys.index(theme)
    one = Named(found.named.matrix[:, [at]], (theme,))
    rows = []
    for group in _groups(Found(found.answers, one, found.said, found.group, found.groups, found.customer, found.customers), found.of(who), basis.level, basis.minimum, ranked=not _tiered(basis, (by,)), most=1000):  # fmt: skip
        cell = _cell(group, 0, basis.minimum)
        rows.append({"name": cell.pop("group"), "few": cell["share"] is None, **cell})
    if _tiered(basis, (by,)):
        return rows
    return sorted(rows, key=lambda row: (row["few"], -(row["share"] or 0.0), row["name"]))


def telling(basis: Basis, who: str) -> tuple[Answered, Flags]:
    """All answers, and which of them are the latest in the window of each person asked for."""
    found = answered(basis)
    return found, found.within(basis.window, once=True) & _of(who, found.bands, found.left)


def saying(basis: Basis, theme: str, who: str) -> list[tuple[str, str]]:
    """Source and id of the answers counted under a theme: those of the people asked for in the window, the latest first."""
    every, mine = telling(basis, who)
    if theme not in every.keys:
        return []
    rows = every.row[every.theme == every.keys.index(theme)]
    places = np.unique(rows[mine[rows]])[::-1]  # answers stand as they came
    sources, ids = (column.take(pa.array(places)).to_pylist() for column in (every.source, every.external_id))
    return list(zip(sources, ids, strict=True))


def _of(who: str, bands: Whole, left: Flags) -> Flags:
    return np.asarray(bands == _BANDS[who]) if who in _BANDS else left if who == "lost" else np.ones(len(bands), bool)


def _found(basis: Basis, by: tuple[str, ...], *, lost: bool, once: bool = True) -> Found:
    """The answers in the window, those of the lost alone where `lost`; each person's latest where `once`."""
    every = answered(basis)
    chosen = every.within(basis.window, once=once)
    if lost:
        chosen &= every.left
    group, groups = parted(basis, every, by)
    answers = Answers(every.bands[chosen], every.weights[chosen], every.month[chosen])
    named = Named(every.matrix(chosen), every.keys)
    return Found(answers, named, every.said[chosen], group[chosen], groups, every.customer[chosen], every.customers)


def parted(basis: Basis, every: Answered, by: tuple[str, ...]) -> tuple[Whole, tuple[str, ...]]:
    """Codes of the groups that answers are split into, UNKNOWN for those in none, and what the groups are called."""
    if not by:
        return np.zeros(len(every.bands), dtype=np.int64), ("",)
    if not _tiered(basis, by):
        return every.group(by[0])
    found: tuple[Whole, tuple[str, ...]] = basis.kept.once("tiers of answers", lambda: _tiers(basis, every))
    return found


def _tiered(basis: Basis, by: tuple[str, ...]) -> bool:
    return by == (PROFIT_TIER,) and PROFIT_TIER not in basis.holding.attributes


def _tiers(basis: Basis, every: Answered) -> tuple[Whole, tuple[str, ...]]:
    """The profit tier of each answer's customer, with the bounds of the Profit page: those who have left are placed by them."""
    known = _known(basis)
    if known is None:
        return np.full(len(every.bands), UNKNOWN), ()
    tiers = tiers_of(known.worth, basis.worth().worth)
    order = sorted({*tiers.tolist()}, key=lambda tier: (tier == NEGATIVE, tier))
    place = {
        customer: order.index(tier) for customer, tier in zip(known.customers.tolist(), tiers.tolist(), strict=True)
    }
    code = np.array([*(place.get(customer, UNKNOWN) for customer in every.customers), UNKNOWN], dtype=np.int64)
    return code[every.customer], tuple("negative" if tier == NEGATIVE else f"tier {tier}" for tier in order)


def _known(basis: Basis) -> Worth | None:
    """What each customer brings up to the window's end, those who have left included; None without money."""
    known: Worth | None = basis.kept.once("worth of themes", lambda: worth(basis.tables, as_of=basis.window.until))
    return known


def _groups(
    found: Found, mine: Flags, level: float, minimum: int, *, ranked: bool, most: int = MOST_GROUPS
) -> list[dict[str, Any]]:
    """The largest groups, by size if `ranked`: their answers, and how many of them name each theme.

    Without those in which fewer than the minimum have answered at all: of them counts by band are not told.
    """
    every = np.bincount(found.group[found.group >= 0], minlength=len(found.groups))
    sizes = np.bincount(found.group[mine & (found.group >= 0)], minlength=len(found.groups))
    known = [at for at in range(len(sizes)) if sizes[at] and found.groups[at] and every[at] >= minimum]
    if ranked:
        known.sort(key=lambda at: (-int(sizes[at]), found.groups[at]))
    return [
        {
            "name": found.groups[at], "answers": int(sizes[at]),
            "themes": found.named.shares(found.answers, found.book, mine & (found.group == at), level=level),
        }
        for at in known[:most]
    ]  # fmt: skip


def _cell(group: Mapping[str, Any], at: int, minimum: int) -> dict[str, Any]:
    """How many of a group name a theme; of a group under the minimum nothing but its answers."""
    told, answers = group["themes"][at], group["answers"]
    few = answers < minimum
    figures = {"named": told["customers"], "share": told["share"], "low": told["low"], "high": told["high"]}
    return {"group": group["name"], "answers": answers, **(dict.fromkeys(figures) if few else figures)}


def _money(basis: Basis, found: Found, mine: Flags) -> dict[str, float]:
    """What the customers who name each theme bring in twelve months, each customer once; nothing without money."""
    if not basis.has_worth:
        return {}
    known = _known(basis)
    if known is None:
        return {}
    place = {customer: at for at, customer in enumerate(known.customers.tolist())}
    account = np.array([*(place.get(customer, UNKNOWN) for customer in found.customers), UNKNOWN], dtype=np.int64)
    revenue = Revenue(account[found.customer], known.revenue if known.revenue is not None else known.worth)
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
