"""How many flare-ups are found, beside an oracle and the usual rules, in worlds where the truth is known.

    python -m bench.flareups [world ...] [--seeds N]
    worlds: panel ar others small lattice calm speed

panel: 300 segments, 172 weeks, the last 52 watched; answers log-normal round 25 a week, detractors 5 to 35 %, season and
trend of each segment's own, correlation 0.01 within a week; in 40 % of segments a rise of 1.6, 2.2 or 3 times the odds
for 2 to 8 weeks. ar: noise on the logit that lasts (0.6 from week to week, deviation 0.25) in place of it, and weeks
with a quarter or three times the answers. others: noise that lasts longer, that is stronger, that is of one week. small:
40 segments, 200 answers a week in all. Thresholds are set on the same calm weeks for all. The oracle
knows every segment's smooth baseline and dispersion, never the path of the noise.

False: an alarm of a segment in weeks in which none of its odds were raised. Neighbouring alarms of a segment are one
finding; alarms within eight weeks after a flare-up are counted as false too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import betaln

from winback.stats.families import Share
from winback.stats.watching import watch

WATCHED, WEEK = 52, (52.1775,)
GRID = np.array([1.6, 2.2, 3.0])
ALARM = 8.0  # a usual score from which a fire alarms by itself
AR: dict[str, Any] = {"memory": 0.6, "deviation": 0.25, "rho": 0.0, "shocks": True}
OTHERS: dict[str, dict[str, Any]] = {
    "memory 0.85, deviation 0.25, correlation 0.005, shocks": {"memory": 0.85, "deviation": 0.25, "rho": 0.005, "shocks": True},
    "memory 0.3, deviation 0.4": {"memory": 0.3, "deviation": 0.4, "rho": 0.0},
    "no memory, correlation 0.03, shocks": {"rho": 0.03, "shocks": True},
}  # fmt: skip


def make(
    seed: int, segments: int = 300, weeks: int = 172, *, median: float = 25.0, memory: float = 0.0, deviation: float = 0.0,
    rho: float = 0.01, shocks: bool = False, burning: float = 0.4,
) -> dict[str, Any]:  # fmt: skip
    r = np.random.default_rng(seed)
    t = np.arange(weeks)
    n, y, p0, dispersion = (np.zeros((segments, weeks)) for _ in range(4))
    flare = np.zeros((segments, weeks), dtype=int)
    for s in range(segments):
        volume, b = np.exp(r.normal(np.log(median), 1.0)), r.uniform(0.05, 0.35)
        eta = (
            np.log(b / (1 - b))
            + 0.1 * np.sin(2 * np.pi * (t / 52 + r.uniform()))
            + r.normal(0, 0.15) * (t / weeks - 0.5)
        )
        odds = np.ones(weeks)
        if r.uniform() < burning:
            length = int(r.integers(2, 9))
            start = int(r.integers(weeks - WATCHED, weeks - length))
            flare[s, start : start + length] = flare.max() + 1
            odds[start : start + length] = r.choice(GRID)
        p0[s] = 1 / (1 + np.exp(-eta))
        base = p0[s]
        if deviation:
            noise = np.zeros(weeks)
            state = r.normal()
            for i in range(weeks):
                state = memory * state + np.sqrt(1 - memory**2) * r.normal()
                noise[i] = deviation * state
            base = 1 / (1 + np.exp(-eta - noise))
        p = base * odds / (1 - base + base * odds)
        rate = volume * np.exp(r.normal(0, 0.25, weeks))
        if shocks:
            rate = rate * np.where(r.uniform(size=weeks) < 0.05, r.choice([0.25, 3.0], size=weeks), 1.0)
        n[s] = r.poisson(rate)
        n[s, r.uniform(size=weeks) < 0.02] = 0
        share = p if rho == 0 else r.beta(p * (1 / rho - 1), (1 - p) * (1 / rho - 1))
        y[s] = r.binomial(n[s].astype(int), share)
        dispersion[s] = deviation**2 * p0[s] * (1 - p0[s]) + rho
    return {"n": n, "y": y, "p0": p0, "flare": flare, "dispersion": dispersion}


def _log(y: Any, n: Any, p: Any, rho: Any) -> Any:
    k = 1 / rho - 1
    return betaln(y + k * p, n - y + k * (1 - p)) - betaln(k * p, k * (1 - p))


def oracle(made: dict[str, Any]) -> Any:
    """The greatest likelihood ratio of windows of 1 to 8 weeks, the baseline and the three sizes known."""
    n, y, p, rho = made["n"], made["y"], made["p0"], made["dispersion"]
    calm = _log(y, n, p, rho)
    gains = [_log(y, n, o * p / (1 - p + o * p), rho) - calm for o in GRID]
    best = np.full((len(n), WATCHED), -9.0)
    for j, t in enumerate(range(n.shape[1] - WATCHED, n.shape[1])):
        for gain in gains:
            best[:, j] = np.maximum(best[:, j], np.cumsum(gain[:, t - 7 : t + 1][:, ::-1], axis=1).max(axis=1))
    return best


def three_sigma(made: dict[str, Any]) -> Any:
    """The dashboard's rule: the week's share against 26 weeks before it."""
    share = np.where(made["n"] > 0, made["y"] / np.maximum(made["n"], 1), np.nan)
    out = np.zeros((len(share), WATCHED))
    for j, t in enumerate(range(share.shape[1] - WATCHED, share.shape[1])):
        past = share[:, t - 26 : t]
        out[:, j] = np.nan_to_num((share[:, t] - np.nanmean(past, axis=1)) / np.maximum(np.nanstd(past, axis=1), 1e-6))
    return out


def two_shares(made: dict[str, Any]) -> Any:
    """z of the week's share against the year before it."""
    out = np.zeros((len(made["n"]), WATCHED))
    for j, t in enumerate(range(made["n"].shape[1] - WATCHED, made["n"].shape[1])):
        n0, y0 = (made[name][:, t - 56 : t - 4].sum(axis=1) for name in ("n", "y"))
        n1 = np.maximum(made["n"][:, t], 1)
        p = (y0 + made["y"][:, t]) / (n0 + n1)
        spread = np.sqrt(np.maximum(p * (1 - p) * (1 / n1 + 1 / np.maximum(n0, 1)), 1e-9))
        out[:, j] = (made["y"][:, t] / n1 - y0 / np.maximum(n0, 1)) / spread
    return out


def near_of(last: Any) -> Any:
    """Weeks within eight after a flare-up."""
    near = np.zeros(last.shape, dtype=bool)
    for k in range(1, 9):
        near[:, k:] |= last[:, :-k] > 0
    return near & (last == 0)


def found(score: Any, flare: Any) -> tuple[list[float], list[list[int]]]:
    """Share of flare-ups found at 1 false alarm in 100 and in 1,000 calm segment-weeks, and the weeks each took."""
    last = flare[:, -WATCHED:]
    calm = (last == 0) & ~near_of(last)
    shares, weeks = [], []
    for rate in (0.01, 0.001):
        hits = [score[last == i] >= np.quantile(score[calm], 1 - rate) for i in np.unique(last) if i]
        weeks.append([int(np.argmax(hit)) + 1 for hit in hits if hit.any()])
        shares.append(float(np.mean([hit.any() for hit in hits])))
    return shares, weeks


def findings(alarm: Any, last: Any) -> tuple[int, int, int]:
    """Findings (neighbouring alarms of a segment are one), false ones, and false ones within eight weeks of a flare-up."""
    near, told, false, after = near_of(last), 0, 0, 0
    for s in range(len(alarm)):
        edges = np.flatnonzero(np.diff(np.r_[0, alarm[s].astype(int), 0]))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            told += 1
            if not (last[s, start:end] > 0).any():
                false += 1
                after += bool(near[s, start:end].any())
    return told, false, after


def table(seeds: int, **world: Any) -> None:
    methods = {"oracle": oracle, "two shares, z": two_shares, "three sigma": three_sigma}
    shares: dict[str, list[list[float]]] = {name: [] for name in ("oracle", "winback", "two shares, z", "three sigma")}
    delays: dict[str, list[list[int]]] = {name: [[], []] for name in shares}
    cells, told, cpu, alarmed = np.zeros(3), np.zeros(3), 0.0, []
    for seed in range(101, 101 + seeds):
        made = make(seed, **world)
        start = time.process_time()
        weeks = made["n"].shape[1]
        seen = watch(
            made["y"], made["n"], np.arange(float(weeks)), family=Share(), cycles=WEEK, columns=range(weeks - WATCHED, weeks)
        )  # fmt: skip
        cpu += time.process_time() - start
        last = made["flare"][:, -WATCHED:]
        for name, own_shares in shares.items():
            score = seen.score if name == "winback" else methods[name](made)
            share, waits = found(np.nan_to_num(score, nan=-99.0), made["flare"])
            own_shares.append(share)
            for place, own in enumerate(waits):
                delays[name][place] += own
        near = near_of(last)
        cells += [seen.alarm.sum(), (seen.alarm & (last == 0)).sum(), (seen.alarm & near).sum()]
        told += findings(seen.alarm, last)
        alarmed.append(np.mean([seen.alarm[last == i].any() for i in np.unique(last) if i]))
    print(
        "| method | found at 1/100 | weeks, mean / median | found at 1/1,000 | weeks, mean / median |\n|---|---|---|---|---|"
    )
    for name, values in shares.items():
        mean = np.mean(values, axis=0)
        waits_told = [f"{np.mean(part or [np.nan]):.2f} / {_median(part):.2f}" for part in delays[name]]
        print(f"| {name} | {mean[0]:.3f} | {waits_told[0]} | {mean[1]:.3f} | {waits_told[1]} |")
    ours, best = np.array(shares["winback"]), np.array(shares["oracle"])
    for place, rate in ((0, "1/100"), (1, "1/1,000")):
        ratio = ours[:, place].mean() / best[:, place].mean()
        off = ours[:, place] - ratio * best[:, place]
        error = 1.96 * off.std(ddof=1) / np.sqrt(seeds) / best[:, place].mean()
        print(f"at {rate}: winback / oracle {ratio:.3f} [{ratio - error:.3f}, {ratio + error:.3f}]")
    print(
        f"at rate 0.10: {told[0]:.0f} findings, false {told[1] / max(told[0], 1):.3f} ({told[1]:.0f}, {told[2]:.0f} of them soon "
        f"after a flare-up); {cells[0]:.0f} alarmed weeks, false {cells[1] / max(cells[0], 1):.3f} ({cells[2]:.0f} soon after); "
        f"flare-ups alarmed {np.mean(alarmed):.3f}; CPU s a panel {cpu / seeds:.1f}; seeds {seeds}",
        flush=True,
    )


def _median(weeks: list[int]) -> float:
    """The median of whole weeks, with the week in which it falls taken as filled evenly."""
    if not weeks:
        return float("nan")
    values, counts = np.unique(weeks, return_counts=True)
    before = np.r_[0, np.cumsum(counts)]
    place = int(np.searchsorted(before[1:], len(weeks) / 2))
    return float(values[place] - 1 + (len(weeks) / 2 - before[place]) / counts[place])


def others(seeds: int) -> None:
    for name, world in OTHERS.items():
        print(f"\n{name}", flush=True)
        table(seeds, **world)


def small(seeds: int) -> None:
    """A small programme: what rise each segment could show, and what is found."""
    from winback.stats.noticeable import LARGEST, noticeable_rise

    table(seeds, segments=40, median=3.0)
    print("\nthe same with noise that lasts", flush=True)
    table(seeds, segments=40, median=3.0, **AR)
    for answers in (3, 5, 10, 20, 50, 200):
        rise = float(noticeable_rise(4 * answers, 0.2, score=ALARM, dispersion=0.01, spread=0.15))
        print(
            f"{answers} answers a week: "
            + ("no rise" if rise >= LARGEST else f"{rise:.1f} times the odds")
            + " within four weeks"
        )


LEVELS = (6, 5, 4, 4)
CODES = np.array(np.meshgrid(*[np.arange(k) for k in LEVELS], indexing="ij")).reshape(4, -1).T


def crossed(seed: int, weeks: int = 112) -> tuple[Any, ...]:
    """Counts of 480 leaves, bad ones, shares without fire, and the leaves of four fires in the last four weeks."""
    r = np.random.default_rng(seed)
    logit = -1.5 + sum(r.normal(0, 0.25, k)[CODES[:, a]] for a, k in enumerate(LEVELS))
    mix = r.dirichlet(np.full(len(CODES), 2.0))
    n = r.poisson(1500 * mix[:, None] * np.ones(weeks)).astype(float)
    p = (1 / (1 + np.exp(-logit)))[:, None] * np.ones(weeks)
    truth: list[Any] = []
    while len(truth) < 4:
        chosen = sorted(r.choice(4, int(r.integers(1, 4)), replace=False).tolist())
        members = np.all([CODES[:, a] == r.integers(LEVELS[a]) for a in chosen], axis=0)
        if 0.01 <= mix[members].sum() <= 0.2 and not any((members & other).any() for other in truth):
            truth.append(members)
    q = p.copy()
    for members in truth:
        q[members, -4:] = 2.5 * p[members, -4:] / (1 + 1.5 * p[members, -4:])
    y = r.binomial(n.astype(int), r.beta(q * 99, (1 - q) * 99)).astype(float)
    return n, y, p, truth


def lattice(seeds: int) -> None:
    """Attributes crossed, thin leaves, fires in conjunctions: all combinations watched, or the leaves alone.

    Each at its own rate of 0.10 a week. Found: a finding at least half of whose answers lie in the fire; for the leaves
    one alarmed leaf of it is enough. The oracle watches the burning conjunction itself, its baseline known, at the p
    at which all combinations alarm. A finding is false when its own odds together were raised by less than 1.05.
    """
    from winback.analysis.flareups import watch_leaves
    from winback.analysis.flareups_panel import Leaves, make_segments
    from winback.stats.baseline import Baseline
    from winback.stats.burning import burning
    from winback.stats.calibration import Null, draw_scores
    from winback.stats.main_effects import fit_main_effects
    from winback.stats.serial import Noise
    from winback.stats.watching import looks_back, tests_of

    texts = tuple(tuple(map(str, range(k))) for k in LEVELS)
    hits: dict[str, list[bool]] = {
        "all combinations": [],
        "all combinations, exactly": [],
        "leaves alone": [],
        "oracle": [],
    }
    told = false = 0
    for seed in range(1, 1 + seeds):
        n, y, p, truth = crossed(seed)
        weeks = n.shape[1]
        day = dt.date(2026, 1, 1)
        raised = np.any(truth, axis=0)
        combined: list[list[Any]] = []
        for t in range(weeks - 4, weeks):
            until = slice(0, t + 1)
            seen = watch_leaves(
                Leaves(tuple("abcd"), texts, CODES, n[:, until], y[:, until], n[:, until], 2900, "week", day)
            )
            zones = []
            for row in seen.table.to_pylist():
                picked = [CODES[:, "abcd".index(a)] == int(v) for a, v in zip(row["by"], row["segment"], strict=True)]
                zones.append(np.all(picked, axis=0) if picked else np.ones(len(CODES), dtype=bool))
            combined.append(zones)
            for own in zones:
                told += 1
                calm = (p[own, t] * n[own, t]).sum() / n[own, t].sum()
                lit = np.where(raised, 2.5 * p[:, t] / (1 + 1.5 * p[:, t]), p[:, t])
                burns = (lit[own] * n[own, t]).sum() / n[own, t].sum()
                false += burns / (1 - burns) / (calm / (1 - calm)) < 1.05
            if t == weeks - 1:
                watched = seen.watched.num_rows
        history = weeks - 8
        level = [
            0.1 * max(len(z), 1) ** 2 / (max(len(z), 1) + 1) / tests_of(watched, looks_back(history, watched))
            for z in combined
        ]
        past = slice(0, weeks - 12)
        share = fit_main_effects(CODES, LEVELS, n[:, past].sum(axis=1), y[:, past].sum(axis=1)).share(CODES)[:, None]
        segments, _ = make_segments(
            Leaves(tuple("abcd"), texts, CODES, n, y, n, 2900, "week", day), depth=4, worth=lambda counts: np.ones(len(counts), dtype=bool)
        )  # fmt: skip
        keep = [s for s in range(len(segments)) if len(segments.attributes[s]) == 4]
        sums, sizes, mean = segments.sums(y)[keep], segments.sums(n)[keep], segments.sums(share * n)[keep]
        prior = np.where(sizes > 0, mean / np.maximum(sizes, 1), share.mean())
        alone = watch(
            sums, sizes, np.arange(float(weeks)), family=Share(), cycles=WEEK, prior=np.log(prior / (1 - prior)),
            columns=range(weeks - 4, weeks),
        )  # fmt: skip
        single = [segments.members(keep[i]) for i in np.flatnonzero(alone.alarm.any(axis=1))]
        for members in truth:
            inside = [[n[own & members].sum() >= 0.5 * n[own].sum() for own in zones] for zones in combined]
            hits["all combinations"].append(any(any(part) for part in inside))
            hits["all combinations, exactly"].append(
                any(any((own == members).all() for own in zones) for zones in combined)
            )
            hits["leaves alone"].append(any((own & members).any() for own in single))
            bad, size = y[members].sum(axis=0)[None], n[members].sum(axis=0)[None]
            known = (p[members] * n[members]).sum(axis=0) / np.maximum(n[members].sum(axis=0), 1)
            # The leaves' correlation of 0.01 within a week, as it is in their sum.
            each = (n[members] * np.maximum(n[members] - 1, 0)).sum() / (size * np.maximum(size - 1, 1)).sum() * 0.01
            hit = False
            for place, t in enumerate(range(weeks - 4, weeks)):
                last = slice(t - 7, t + 1)
                logit = np.log(known[last] / (1 - known[last]))[None]
                base = Baseline(logit, np.zeros(logit.shape), Noise(float(each)), size.sum(axis=1), logit)
                null = Null.of(draw_scores(size[:, last], base, family=Share(), draws=4000, seed=t))
                score = burning(bad[:, last], size[:, last], logit, base.spread, base.noise, family=Share()).score
                hit |= bool(null.p(score)[0] <= level[place])
            hits["oracle"].append(hit)
    for name, found_ in hits.items():
        print(f"| {name} | {sum(found_)} of {len(found_)} | {np.mean(found_):.3f} |", flush=True)
    print(f"findings {told}, false {false}", flush=True)


def calm(_: int) -> None:
    """100 panels where nothing happens, with and without noise that lasts: in how many a week has any alarm at 0.10."""
    for name, world in (("beta-binomial", {}), ("noise that lasts", AR)):
        alarmed = 0
        for seed in range(1, 101):
            made = make(seed, segments=60, weeks=130, burning=0.0, **world)
            seen = watch(made["y"], made["n"], np.arange(130.0), family=Share(), cycles=WEEK, columns=[129])
            alarmed += bool(seen.alarm.any())
        print(f"calm weeks of {name} with an alarm: {alarmed} of 100", flush=True)


def speed(_: int) -> None:
    for segments in (10_000, 50_000):
        r = np.random.default_rng(1)
        n = r.poisson(25, (segments, 172)).astype(float)
        y = r.binomial(n.astype(int), 0.2).astype(float)
        start = time.process_time()
        watch(y, n, np.arange(172.0), family=Share(), cycles=WEEK, columns=[171])
        print(f"{segments:,} segments x 1 week: {time.process_time() - start:.2f} CPU s", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("worlds", nargs="*")
    options.add_argument("--seeds", type=int, default=20)
    given = options.parse_args()
    known: dict[str, Callable[[int], None]] = {
        "panel": table, "ar": lambda seeds: table(seeds, **AR), "others": others, "small": small, "lattice": lattice, "calm": calm,
        "speed": speed,
    }  # fmt: skip
    for name in given.worlds or known:
        print(f"\n## {name}", flush=True)
        known[name](given.seeds)


if __name__ == "__main__":
    main()
