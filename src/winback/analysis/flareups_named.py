"""The watch over themes: each theme in each segment that can show it, all tested together.

The statistics are those of `winback.analysis.flareups`, with answers that name the theme in the place of detractors'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.flareups import (
    DEPTH,
    FALSE_RATE,
    Flareups,
    expected_of,
    findings_of,
    known_of,
    named,
    nothing_of,
    worth_of,
)
from winback.analysis.flareups_found import noticed, table_of
from winback.analysis.flareups_panel import CYCLES, Segments, make_segments, newcomers, start_of
from winback.analysis.flareups_themes import NamedLeaves
from winback.stats.families import RareShare
from winback.stats.watching import COLD, Watched, watch

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Key = tuple[tuple[str, ...], tuple[str, ...], str]  # attributes, values, theme

HOPELESS = 12.0  # odds ratio: what few name can grow many times over
FEWEST = 3  # answers that name a theme before it is watched at all


def watch_named(
    counted: NamedLeaves, *, last: int = 1, depth: int = DEPTH, false_rate: float = FALSE_RATE,
    today: dt.date | None = None, acknowledged: Mapping[Key, dt.date] | None = None,
    restarted: Mapping[Key, dt.date] | None = None, lag: int = 0,
) -> Flareups:  # fmt: skip
    """What burns in the last periods, theme by theme; `table` and `watched` name the theme of each row.

    A combination of attributes is watched for a theme where it could show twelve times its odds within four periods;
    everybody together is watched for every theme. As `winback.analysis.flareups.watch_leaves` otherwise.
    """
    leaves = counted.leaves
    periods = leaves.answers.shape[1]
    columns = [c for c in range(max(0, periods - last), periods) if c >= COLD]
    weights = np.bincount(counted.cells[:, 0], counted.named, len(counted.themes))
    themes = np.flatnonzero(weights >= FEWEST).tolist()
    if not columns or not themes:
        empty = nothing_of(leaves, "themes", false_rate)
        return replace(empty, judged=tuple(leaves.start(c) for c in columns))
    shares = weights / max(float(leaves.answers.sum()), 1.0)
    top = min(float(shares.max()), 0.5)  # more than that is hard to exceed
    segments, thin = make_segments(leaves, depth=depth, worth=lambda counts: worth_of(counts, top, hopeless=HOPELESS))
    new, answers = newcomers(leaves), segments.sums(leaves.answers)
    sizes = segments.sums(leaves.answers, new)
    names = named(leaves, segments)
    everybody = np.array([not attributes for attributes in segments.attributes], dtype=bool)
    parts: list[tuple[int, Integers]] = []
    totals, priors, knowns, foretold = [], [], [], {}
    family = RareShare()
    for theme in themes:
        mine = counted.of(theme)
        rows = np.flatnonzero(worth_of(answers, float(shares[theme]), hopeless=HOPELESS) | everybody)
        sums = segments.sums(mine.bad, new)
        expected, prior = expected_of(
            leaves, segments, mine.bad, leaves.answers, sizes, new, "themes", family, columns[0]
        )
        name = counted.themes[theme]
        known = known_of(leaves, names, _of_theme(acknowledged, name))
        anew = known_of(leaves, names, _of_theme(restarted or acknowledged, name))
        parts.append((theme, rows))
        foretold[theme] = (sums, expected, known)
        totals.append(sums[rows])
        priors.append(sizes[rows] if prior is None else prior[rows])
        knowns.append(np.full(len(rows), -1, dtype=np.int64) if anew is None else anew[rows])
    place = np.concatenate([rows for _, rows in parts])
    of_theme = np.concatenate([np.full(len(rows), theme) for theme, rows in parts])
    now = today or (leaves.last_day + dt.timedelta(days=1) if lag else None)
    late = dt.timedelta(days=lag)
    running = [c for c in columns if now is not None and start_of(leaves.first + c + 1, leaves.every) + late > now]

    def same(one: int, other: int) -> bool:
        return bool(of_theme[one] == of_theme[other]) and segments.overlap(int(place[one]), int(place[other]))

    seen = watch(
        np.concatenate(totals), sizes[place], leaves.times, family=family, cycles=CYCLES[leaves.every],
        false_rate=false_rate, columns=columns, prior=np.concatenate(priors), provisional=running,
        since=np.argmax(answers > 0, axis=1)[place], acknowledged=np.concatenate(knowns), same=same,
    )  # fmt: skip
    found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    for theme, rows in parts:
        chosen = of_theme == theme
        if not seen.alarm[chosen].any():
            continue
        sums, expected, known = foretold[theme]
        mine = counted.of(theme)
        some = findings_of(
            leaves, segments, _spread(seen, chosen, rows, segments), sums, sizes, answers, mine.bad, leaves.answers,
            expected, family, "themes", running, known, names,
        )  # fmt: skip
        found += [({**row, "theme": counted.themes[theme]}, told) for row, told in some]
    found.sort(key=lambda pair: -pair[0]["score"])
    watched = noticed([names[s] for s in place.tolist()], seen, answers[place], "themes")
    said = pa.array([counted.themes[theme] for theme in of_theme.tolist()], pa.string())
    return Flareups(
        table=table_of([row for row, _ in found], dated=True),
        watched=watched.set_column(watched.column_names.index("theme"), "theme", said),
        measure="themes", every=leaves.every, false_rate=false_rate, judged=tuple(leaves.start(c) for c in columns),
        thin=thin, histories=tuple(tuple(told) for _, told in found),
    )  # fmt: skip


def _of_theme(
    acknowledged: Mapping[Key, dt.date] | None, theme: str
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], dt.date]:
    return {(by, values): day for (by, values, of), day in (acknowledged or {}).items() if of == theme}


def _spread(seen: Watched, chosen: NDArray[np.bool_], rows: Integers, segments: Segments) -> Watched:
    """What was seen of one theme, a row for every segment, as `findings_of` reads it."""

    def laid(part: Any, empty: Any) -> Any:
        whole = np.full((len(segments), part.shape[1]), empty, dtype=part.dtype)
        whole[rows] = part[chosen]
        return whole

    floats = {name: laid(getattr(seen, name), np.nan) for name in ("score", "p", "q", "expected", "spread")}
    return replace(seen, **floats, alarm=laid(seen.alarm, False), began=laid(seen.began, 0))
