"""One look at one sort of survey: counted on the engine, decided here, and told with what hangs on each finding.

Writes nothing. It loads the analyses and their engines, so others import it inside their functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.flareups import Flareups
from winback.analysis.flareups_panel import Every, Leaves, count_leaves
from winback.analysis.flareups_themes import NamedLeaves, count_named
from winback.analysis.frames import names_of
from winback.analysis.localise import share_case
from winback.analysis.tally import MONEY_UNIT
from winback.analysis.worth import Worth, worth
from winback.server.exports.queries import Holding
from winback.server.watch.reduced import DEPTH, THEME_DEPTH, decided, stored, stored_named
from winback.server.watch.rules import Fire, kin, near, part_of
from winback.stats.watching import COLD

Flags = NDArray[np.bool_]

NEEDED = COLD + 1  # periods it takes before the first can be judged
COMPARED = 12  # periods before a window that its causes are looked for against
LEAST = 10  # answers in a window, and before it, for causes to be looked for
MOST_CAUSES = 5
MOSTLY = 0.5  # of a fire, from which it is that of the segment it burns in


@dataclass(frozen=True)
class Seen:
    """What one look saw: the counts and parameters it rests on, the result, and each finding with all that is told of it.

    Where themes were looked at, `counted` says who names which, and findings name theirs by its key.
    """

    leaves: Leaves
    kept: Mapping[str, Any]
    params: Mapping[str, Any]
    found: Flareups
    findings: Sequence[Mapping[str, Any]]
    counted: NamedLeaves | None = None

    def of(self, theme: str | None) -> Leaves:
        """The leaves as they stand for this theme, by its key; as they are where none is meant."""
        return self.leaves if self.counted is None else of_theme(self.counted, theme)

    @property
    def periods(self) -> int:
        """Periods from the first answer to the last."""
        return int(self.leaves.answers.shape[1])


def look(
    holding: Holding, *, measure: str, every: str, last: int, false_rate: float, today: dt.date,
    acknowledged: Sequence[tuple[Sequence[str], Sequence[str], dt.date]] = (),
) -> Seen:  # fmt: skip
    """Count, decide, and look up what hangs on each finding. Raises UserError where no answer has a date."""
    leaves = count_leaves(holding.tables, by=holding.attributes, every=cast("Every", every), **holding.columns)
    kept = stored(leaves)
    params = {
        "measure": measure, "last": last, "depth": DEPTH, "false_rate": false_rate, "today": today.isoformat(),
        "sort": holding.sort.key,
        "acknowledged": sorted([list(by), list(segment), day.isoformat()] for by, segment, day in acknowledged),
    }  # fmt: skip
    found = decided(kept, params)
    rows = [{**row, "course": found.history(place)} for place, row in enumerate(found.table.to_pylist())]
    findings = [
        {**row, "causes": causes(leaves, row) if measure == "detractors" else {}, **money_of(holding, row)}
        for row in alone(lambda _: leaves, merged(rows, every), every)
    ]
    return Seen(leaves, kept, params, found, findings)


def look_at_themes(
    holding: Holding, keys: Mapping[str, str], *, every: str, last: int, false_rate: float, today: dt.date,
    acknowledged: Sequence[tuple[Sequence[str], Sequence[str], dt.date, str]] = (),
) -> Seen:  # fmt: skip
    """The same for themes: `keys` are those of the themes to watch by their names. What is praise alarms nobody."""
    counted = keyed(
        count_named(holding.tables, by=holding.attributes, every=cast("Every", every), **holding.columns), keys
    )
    kept = stored_named(counted)
    params = {
        "measure": "themes", "last": last, "depth": THEME_DEPTH, "false_rate": false_rate, "today": today.isoformat(),
        "sort": holding.sort.key,
        "acknowledged": sorted([list(by), list(segment), day.isoformat(), key] for by, segment, day, key in acknowledged),
    }  # fmt: skip
    found = decided(kept, params)
    rows = [{**row, "course": found.history(place)} for place, row in enumerate(found.table.to_pylist())]
    names = {key: name for name, key in keys.items()}
    findings = []
    for row in alone(lambda theme: of_theme(counted, theme), merged(rows, every), every):
        leaves = of_theme(counted, row["theme"])
        chosen, inside = columns(leaves, row["since"], row["until"]), mask(leaves, row["by"], row["segment"])
        if leaves.balance[inside][:, chosen].sum() <= 0:  # more promoters name it than detractors: no fire
            money = money_of(holding, row, theme=names[row["theme"]])
            findings.append({**row, "causes": causes(leaves, row), **money})
    return Seen(counted.leaves, kept, params, found, findings, counted)


def keyed(counted: NamedLeaves, keys: Mapping[str, str]) -> NamedLeaves:
    """Only the themes that are watched, by their keys."""
    wanted = [place for place, name in enumerate(counted.themes) if name in keys]
    number = np.full(len(counted.themes) + 1, -1, dtype=np.int64)
    number[wanted] = np.arange(len(wanted))
    mine = number[counted.cells[:, 0]] >= 0
    cells = counted.cells[mine].copy()
    cells[:, 0] = number[cells[:, 0]]
    themes = tuple(keys[counted.themes[place]] for place in wanted)
    return NamedLeaves(counted.leaves, themes, cells, counted.named[mine], counted.balance[mine])


def of_theme(counted: NamedLeaves, theme: str | None) -> Leaves:
    """Leaves with those who name this theme as the bad ones; with none where it is not named (any more)."""
    return counted.of(counted.themes.index(theme)) if theme in counted.themes else counted.leaves


def merged(rows: Sequence[Mapping[str, Any]], every: str) -> list[Mapping[str, Any]]:
    """One finding a fire: of those of different periods that are the same fire, the latest, else the strongest.

    Of one theme also of the same period: it is watched in pairs of attributes, and a fire may lie in three.
    """
    kept: list[tuple[Fire, Mapping[str, Any]]] = []
    for row in sorted(rows, key=lambda row: (row["period"], row["score"]), reverse=True):
        fire = Fire(
            part_of(row["by"], row["segment"]), row["since"], row["until"], row["score"], theme=row.get("theme") or ""
        )
        again = any(
            (other["period"] != row["period"] or fire.theme)
            and near(fire, one, every)
            and (fire.part == one.part or kin(fire, one))
            for one, other in kept
        )
        if not again:
            kept.append((fire, row))
    return [row for _, row in sorted(kept, key=lambda pair: -pair[0].score)]


def alone(leaves_of: Callable[[Any], Leaves], rows: Sequence[Mapping[str, Any]], every: str) -> list[Mapping[str, Any]]:
    """The findings without those that overlap with another in which most of their fire burns: who is told of that knows."""
    kept: list[Mapping[str, Any]] = []
    for row in rows:
        fire = Fire(frozenset(), row["since"], row["until"], theme=row.get("theme") or "")
        leaves = leaves_of(row.get("theme"))
        for other in list(kept):
            if not near(fire, Fire(frozenset(), other["since"], other["until"], theme=other.get("theme") or ""), every):
                continue
            mine, theirs = burning_in(leaves, row, other), burning_in(leaves, other, row)
            if max(mine, theirs) < MOSTLY:
                continue
            if mine >= theirs:
                break
            kept.remove(other)
        else:
            kept.append(row)
    return kept


def burning_in(leaves: Leaves, row: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How much of what a finding has beyond what was expected lies in another's segment (`by`, `segment`); 0 for counts."""
    if row["expected_share"] is None:
        return 0.0
    inside, chosen = mask(leaves, row["by"], row["segment"]), columns(leaves, row["since"], row["until"])
    beyond = (leaves.bad - row["expected_share"] * leaves.answers)[:, chosen].sum(axis=1)
    whole = float(beyond[inside].sum())
    return float(beyond[inside & mask(leaves, other["by"], other["segment"])].sum()) / whole if whole > 0 else 0.0


def mask(leaves: Leaves, by: Sequence[str], segment: Sequence[str]) -> Flags:
    """The leaves of a segment; none where it is not among them (any more)."""
    inside = np.ones(len(leaves.codes), dtype=bool)
    for name, value in zip(by, segment, strict=True):
        if name not in leaves.by or value not in leaves.values[leaves.by.index(name)]:
            return np.zeros(len(leaves.codes), dtype=bool)
        place = leaves.by.index(name)
        inside &= leaves.codes[:, place] == leaves.values[place].index(value)
    return inside


def columns(leaves: Leaves, since: dt.date, until: dt.date) -> list[int]:
    """The periods that begin within these days."""
    return [c for c in range(leaves.answers.shape[1]) if since <= leaves.start(c) <= until]


def counted(
    leaves: Leaves, by: Sequence[str], segment: Sequence[str], since: dt.date, until: dt.date
) -> tuple[int, float]:
    """Answers and bad ones of a segment in the periods that begin within these days."""
    chosen, inside = columns(leaves, since, until), mask(leaves, by, segment)
    return int(leaves.answers[inside][:, chosen].sum()), float(leaves.bad[inside][:, chosen].sum())


def by_period(leaves: Leaves, by: Sequence[str], segment: Sequence[str]) -> list[dict[str, Any]]:
    """Answers and bad ones of a segment in each period."""
    inside = mask(leaves, by, segment)
    answers, bad = leaves.answers[inside].sum(axis=0), leaves.bad[inside].sum(axis=0)
    return [
        {"period": leaves.start(c).isoformat(), "answers": int(answers[c]), "bad": float(bad[c])}
        for c in range(len(answers))
    ]


def causes(leaves: Leaves, row: Mapping[str, Any]) -> dict[str, Any]:
    """Where exactly a finding is: causes that lie in its segment or hold it, and what is left of the segment without them.

    `answer` is the sentence over all causes of that window; empty where there are too few answers to look.
    """
    now = columns(leaves, row["since"], row["until"])
    before = range(max(0, now[0] - COMPARED), now[0]) if now else range(0)
    parts = [(leaves.bad[:, list(c)].sum(axis=1), leaves.answers[:, list(c)].sum(axis=1)) for c in (before, now)]
    if not leaves.by or any(float(part[1].sum()) < LEAST for part in parts):
        return {}
    found, case = share_case("", leaves.by, leaves.values, leaves.codes, parts[0], parts[1], depth=DEPTH)
    mine = dict(zip(row["by"], row["segment"], strict=True))
    fits = [
        one for one in found
        if one["bad"] > one["expected"]
        and all(mine.get(name, value) == value for name, value in zip(one["attributes"], one["values"], strict=True))
    ][:MOST_CAUSES]  # fmt: skip
    inside = mask(leaves, row["by"], row["segment"])
    for one in fits:
        inside &= ~mask(leaves, one["attributes"], one["values"])
    bad, answers = float(parts[1][0][inside].sum()), float(parts[1][1][inside].sum())
    share = row["expected_share"] or 0.0
    return {
        "answer": case["answer"], "everywhere": bool(case["everywhere"]), "combinations": _combinations(leaves),
        "rows": [
            {"by": list(one["attributes"]), "segment": list(one["values"]), "bad": float(one["bad"]),
             "answers": float(one["total"]), "expected": float(one["expected"]), "p": float(one["p"])}
            for one in fits
        ],
        "rest": {"bad": bad, "answers": answers, "expected": share * answers} if fits and answers else None,
    }  # fmt: skip


def _combinations(leaves: Leaves) -> int:
    """How many combinations of attributes there are to look among."""
    from itertools import combinations

    total = 0
    for k in range(1, min(DEPTH, len(leaves.by)) + 1):
        for chosen in combinations(range(len(leaves.by)), k):
            codes = leaves.codes[:, list(chosen)]
            total += len(np.unique(codes[(codes >= 0).all(axis=1)], axis=0))
    return total


def money_of(holding: Holding, row: Mapping[str, Any], *, theme: str = "") -> dict[str, Any]:
    """How many customers answered in a finding's window (or name its theme there), and what they bring in twelve months.

    None where unknown.
    """
    nothing = {"customers": None, "revenue": None, "money_kind": ""}
    names = names_of(holding.tables.feedback)
    if "customer" not in names:
        return nothing
    rows = nw.from_native(holding.tables.feedback).lazy()
    rows = rows.filter(
        ~nw.col("score").is_null(), nw.col("local_date") >= row["since"], nw.col("local_date") <= row["until"]
    )
    for name, value in zip(row["by"], row["segment"], strict=True):
        rows = rows.filter(nw.col(name).cast(nw.String).str.strip_chars() == value)
    if theme:
        codings = nw.from_native(holding.tables.codings).lazy().filter(nw.col("theme") == theme)
        rows = rows.join(codings.select("source", "external_id"), on=["source", "external_id"], how="semi")
    table = (
        rows.filter(~nw.col("customer").is_null()).select("customer").unique().collect(backend="pyarrow").to_native()
    )
    customers = [str(one) for one in table.column("customer").to_pylist()]
    known = worth(holding.tables)
    if known is None or not customers:
        return {**nothing, "customers": len(customers)}
    total = _sum(known, customers)
    return {
        "customers": len(customers),
        "revenue": total,
        "money_kind": "revenue" if known.revenue is not None else known.basis.replace("_", " "),
    }


def _sum(known: Worth, customers: Sequence[str]) -> Decimal:
    amounts = known.revenue if known.revenue is not None else known.worth
    inside = np.asarray(
        pc.is_in(pa.array(known.customers.tolist(), pa.string()), value_set=pa.array(customers, pa.string()))
    )
    return Decimal(int(amounts[inside].sum())) / MONEY_UNIT
