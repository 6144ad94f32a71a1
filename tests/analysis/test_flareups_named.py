"""Themes watched together: one that rises in a combination is found there and nothing else is called."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from winback.analysis.flareups_named import watch_named
from winback.analysis.flareups_themes import NamedLeaves, count_named

END = dt.date(2026, 11, 1)
THEMES = 12


def world(seed: int, *, fire: bool) -> NamedLeaves:
    """Forty weeks of 240 answers; in the last three, a third of North x Business name the sixth theme besides."""
    r = np.random.default_rng(seed)
    n = 40 * 240
    age, region, plan = r.integers(0, 280, n), r.choice(["North", "South"], n), r.choice(["Home", "Business"], n)
    share = 1.0 / np.arange(1, THEMES + 1)
    first = r.choice(THEMES, n, p=share / share.sum())
    hot = (region == "North") & (plan == "Business") & (age < 21) & (r.uniform(size=n) < 0.33) & fire
    names = [f"t{one}" + ("; t5" if burns else "") for one, burns in zip(first, hot, strict=True)]
    day = [END - dt.timedelta(days=int(one)) for one in age]
    table = pa.table({"local_date": day, "score": r.integers(0, 11, n), "region": region, "plan": plan, "why": names})
    return count_named(table, by=["region", "plan"], every="week", theme="why")


def test_a_theme_that_burns_is_found_where_it_burns() -> None:
    counted = world(1, fire=True)
    found = watch_named(counted, last=2)
    (row,) = found.rows()
    assert (row["theme"], row["segment"], row["folded"]) == ("t5", ["North", "Business"], 3)
    assert row["odds_ratio"] > 3 and row["q"] < 0.01
    # all themes are watched in the whole and in every combination: all are thick enough here
    pairs = found.watched.to_pylist()
    assert {row["theme"] for row in pairs if not row["by"]} == {f"t{one}" for one in range(THEMES)}
    assert {len(row["by"]) for row in pairs if row["theme"] == "t0"} == {0, 1, 2}
    assert len(pairs) == 9 * THEMES
    key = (("region", "plan"), ("North", "Business"), "t5")
    assert watch_named(counted, last=2, acknowledged={key: END}).table.num_rows == 0


def test_a_calm_world_stays_silent() -> None:
    assert [watch_named(world(seed, fire=False), last=8).table.num_rows for seed in (2, 3)] == [0, 0]


def test_too_little_history_or_nothing_named_says_so() -> None:
    counted = world(1, fire=False)
    few = NamedLeaves(counted.leaves, counted.themes, counted.cells[:2], np.ones(2), np.ones(2))
    assert watch_named(few).watched.num_rows == 0
    assert watch_named(few).judged == (dt.date(2026, 10, 26),)
