"""One look at one sort of survey: counted on the engine, decided here, and told with what hangs on each finding.

Writes nothing. It loads the analyses and their engines, so others import it inside their functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from winback.analysis.flareups import Flareups
from winback.analysis.flareups_panel import Every, Leaves, count_leaves
from winback.analysis.flareups_themes import NamedLeaves, count_named
from winback.server.exports.queries import Holding
from winback.server.watch.causes import causes
from winback.server.watch.counting import columns, mask
from winback.server.watch.merging import alone, merged
from winback.server.watch.money import money_of
from winback.server.watch.reduced import DEPTH, THEME_DEPTH, decided, stored, stored_named
from winback.stats.watching import COLD

NEEDED = COLD + 1  # periods it takes before the first can be judged


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
