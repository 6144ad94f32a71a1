"""How many flare-ups are found, beside an oracle and the usual rules, in worlds where the truth is known.

    python -m bench.flareups [world ...] [--seeds N]     worlds: panel ar small lattice calm speed

panel: 300 segments, 172 weeks, the last 52 watched; answers log-normal round 25 a week, detractors 5 to 35 %, season and
trend of each segment's own, correlation 0.01 within a week; in 40 % of segments a rise of 1.6, 2.2 or 3 times the odds
for 2 to 8 weeks. ar: noise on the logit that lasts (0.6 from week to week, deviation 0.25) in place of it, and weeks
with a quarter or three times the answers. small: 40 segments, 200 answers a week in all. Thresholds are set on the same
calm weeks for all. The oracle knows every segment's smooth baseline and dispersion, never the path of the noise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import betaln

from winback.stats.families import Share
from winback.stats.watching import watch

WATCHED, WEEK = 52, (52.1775,)
GRID = np.array([1.6, 2.2, 3.0])


def make(seed: int, segments: int = 300, weeks: int = 172, *, ar: bool = False, median: float = 25.0) -> dict[str, Any]:
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
        if r.uniform() < 0.4:
            length = int(r.integers(2, 9))
            start = int(r.integers(weeks - WATCHED, weeks - length))
            flare[s, start : start + length] = flare.max() + 1
            odds[start : start + length] = r.choice(GRID)
        p0[s] = 1 / (1 + np.exp(-eta))
        base, rho = p0[s], 0.01
        if ar:
            noise = np.zeros(weeks)
            state = r.normal()
            for i in range(weeks):
                state = 0.6 * state + 0.8 * r.normal()
                noise[i] = 0.25 * state
            base, rho = 1 / (1 + np.exp(-eta - noise)), 0.0
        p = base * odds / (1 - base + base * odds)
        rate = volume * np.exp(r.normal(0, 0.25, weeks))
        if ar:
            rate = rate * np.where(r.uniform(size=weeks) < 0.05, r.choice([0.25, 3.0], size=weeks), 1.0)
        n[s] = r.poisson(rate)
        n[s, r.uniform(size=weeks) < 0.02] = 0
        share = p if rho == 0 else r.beta(p * (1 / rho - 1), (1 - p) * (1 / rho - 1))
        y[s] = r.binomial(n[s].astype(int), share)
        dispersion[s] = 0.25**2 * p0[s] * (1 - p0[s]) if ar else 0.01
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


def found(score: Any, flare: Any) -> list[float]:
    """Share of flare-ups found and mean weeks until then, at 1 false alarm in 100 and in 1,000 calm segment-weeks."""
    last = flare[:, -WATCHED:]
    near = np.zeros(last.shape, dtype=bool)
    for k in range(1, 9):
        near[:, k:] |= last[:, :-k] > 0
    calm = (last == 0) & ~near
    out = []
    for rate in (0.01, 0.001):
        hits = [score[last == i] >= np.quantile(score[calm], 1 - rate) for i in np.unique(last) if i]
        delays = [int(np.argmax(hit)) for hit in hits if hit.any()]
        out += [float(np.mean([hit.any() for hit in hits])), float(np.mean(delays)) if delays else np.nan]
    return out


def table(seeds: int, **world: Any) -> None:
    rows: dict[str, list[list[float]]] = {"oracle": [], "winback": [], "two shares": [], "three sigma": []}
    alarms, false, after, cpu, pods = 0, 0, 0, 0.0, []
    for seed in range(101, 101 + seeds):
        made = make(seed, **world)
        start = time.process_time()
        weeks = made["n"].shape[1]
        seen = watch(
            made["y"], made["n"], np.arange(float(weeks)), family=Share(), cycles=WEEK, columns=range(weeks - WATCHED, weeks)
        )  # fmt: skip
        cpu += time.process_time() - start
        flare = made["flare"]
        for name, score in (
            ("oracle", oracle(made)), ("winback", seen.score), ("two shares", two_shares(made)), ("three sigma", three_sigma(made)),
        ):  # fmt: skip
            rows[name].append(found(np.nan_to_num(score, nan=-99.0), flare))
        last = flare[:, -WATCHED:]
        near = np.zeros(last.shape, dtype=bool)
        for k in range(1, 9):
            near[:, k:] |= last[:, :-k] > 0
        alarms += int(seen.alarm.sum())
        false += int((seen.alarm & (last == 0) & ~near).sum())
        after += int((seen.alarm & (last == 0) & near).sum())
        pods.append(np.mean([seen.alarm[last == i].any() for i in np.unique(last) if i]))
    print("| method | found at 1/100 | weeks | found at 1/1,000 | weeks |\n|---|---|---|---|---|")
    for name, values in rows.items():
        mean = np.nanmean(values, axis=0)
        print(f"| {name} | {mean[0]:.3f} | {mean[1]:.2f} | {mean[2]:.3f} | {mean[3]:.2f} |")
    ours, best = np.array(rows["winback"]), np.array(rows["oracle"])
    for place, rate in ((0, "1/100"), (2, "1/1,000")):
        ratio = ours[:, place].mean() / best[:, place].mean()
        off = ours[:, place] - ratio * best[:, place]
        error = 1.96 * off.std(ddof=1) / np.sqrt(seeds) / best[:, place].mean()
        print(f"at {rate}: winback / oracle {ratio:.3f} [{ratio - error:.3f}, {ratio + error:.3f}]")
    print(
        f"alarms at rate 0.10: {alarms}, false {false / alarms:.3f} (with weeks after a flare-up {(false + after) / alarms:.3f}), "
        f"flare-ups alarmed {np.mean(pods):.3f}; CPU s a panel {cpu / seeds:.1f}; seeds {seeds}",
        flush=True,
    )


def small(seeds: int) -> None:
    """A small programme: what rise each segment could show, and what is found."""
    from winback.stats.noticeable import LARGEST, noticeable_rise

    table(seeds, segments=40, median=3.0)
    for answers in (3, 5, 10, 20, 50, 200):
        rise = float(noticeable_rise(4 * answers, 0.2, score=6.5, dispersion=0.01, spread=0.15))
        print(
            f"{answers} answers a week: "
            + ("no rise" if rise >= LARGEST else f"{rise:.1f} times the odds")
            + " within four weeks"
        )


def lattice(seeds: int) -> None:
    """Attributes crossed, thin leaves, fires in conjunctions: all combinations watched, or the leaves alone."""
    from winback.analysis.flareups_panel import Leaves, make_segments
    from winback.stats.main_effects import fit_main_effects

    levels = (6, 5, 4, 4)
    codes = np.array(np.meshgrid(*[np.arange(k) for k in levels], indexing="ij")).reshape(4, -1).T
    totals = {name: [0, 0] for name in ("all combinations", "leaves alone", "oracle of the conjunction")}
    for seed in range(1, 1 + seeds):
        r = np.random.default_rng(seed)
        weeks = 112
        logit = -1.5 + sum(r.normal(0, 0.25, k)[codes[:, a]] for a, k in enumerate(levels))
        mix = r.dirichlet(np.full(len(codes), 2.0))
        n = r.poisson(1500 * mix[:, None] * np.ones(weeks)).astype(float)
        p = (1 / (1 + np.exp(-logit)))[:, None] * np.ones(weeks)
        truth = []
        while len(truth) < 4:
            chosen = sorted(r.choice(4, int(r.integers(1, 4)), replace=False).tolist())
            members = np.all([codes[:, a] == r.integers(levels[a]) for a in chosen], axis=0)
            if 0.01 <= mix[members].sum() <= 0.2 and not any((members & other).any() for other in truth):
                truth.append(members)
        start = weeks - 4
        q = p.copy()
        for members in truth:
            q[members, start:] = 2.5 * p[members, start:] / (1 + 1.5 * p[members, start:])
        y = r.binomial(n.astype(int), r.beta(q * 99, (1 - q) * 99)).astype(float)
        import datetime as dt

        leaves = Leaves(
            ("a", "b", "c", "d"),
            tuple(tuple(map(str, range(k))) for k in levels),
            codes,
            n,
            y,
            n,
            2900,
            "week",
            dt.date(2026, 1, 1),
        )
        past = slice(0, weeks - 12)
        effects = fit_main_effects(codes, levels, n[:, past].sum(axis=1), y[:, past].sum(axis=1))
        leaf_share = effects.share(codes)[:, None]
        for name, depth in (("all combinations", 3), ("leaves alone", 4)):
            segments, _ = make_segments(leaves, depth=depth, worth=lambda counts: counts[:, -26:].mean(axis=1) >= 3)
            keep = [s for s in range(len(segments)) if name != "leaves alone" or len(segments.attributes[s]) == 4]
            sums, sizes, mean = segments.sums(y)[keep], segments.sums(n)[keep], segments.sums(leaf_share * n)[keep]
            prior = np.where(sizes > 0, mean / np.maximum(sizes, 1), leaf_share.mean())
            seen = watch(sums, sizes, np.arange(float(weeks)), family=Share(), cycles=WEEK, prior=np.log(prior / (1 - prior)),
                         columns=range(weeks - 4, weeks), draws=6000)  # fmt: skip
            alarmed = [segments.members(keep[i]) for i in np.flatnonzero(seen.alarm.any(axis=1))]
            for members in truth:
                hit = any((members & own).sum() >= 0.5 * own.sum() for own in alarmed)
                totals[name][0] += hit
                totals[name][1] += 1
        # The oracle watches the burning conjunction itself among as many others, its baseline known.
        threshold = float(np.median(seen.threshold)) if len(seen.threshold) else 6.0
        from winback.stats.burning import burning

        for members in truth:
            sums, sizes = y[members].sum(axis=0)[None], n[members].sum(axis=0)[None]
            share = (p[members] * n[members]).sum(axis=0) / np.maximum(n[members].sum(axis=0), 1)
            hit = False
            for t in range(weeks - 4, weeks):
                last = slice(t - 7, t + 1)
                known = np.log(share[last] / (1 - share[last]))[None]
                hit |= bool(
                    burning(
                        sums[:, last], sizes[:, last], known, np.full(known.shape, 1e-4), 0.002, family=Share()
                    ).score[0]
                    >= threshold
                )
            totals["oracle of the conjunction"][0] += hit
            totals["oracle of the conjunction"][1] += 1
    for name, (hits, all_) in totals.items():
        print(f"| {name} | {hits} of {all_} | {hits / all_:.3f} |", flush=True)


def calm(seeds: int) -> None:
    """Panels where nothing happens: the share of single weeks with any alarm at 0.10."""
    weeks = alarmed = 0
    for seed in range(1, 1 + seeds):
        made = make(seed, segments=60, weeks=130)
        y = np.random.default_rng(seed).binomial(made["n"].astype(int), made["p0"])
        seen = watch(y.astype(float), made["n"], np.arange(130.0), family=Share(), cycles=WEEK, columns=[129])
        weeks, alarmed = weeks + 1, alarmed + bool(seen.alarm.any())
    print(f"calm weeks with an alarm: {alarmed} of {weeks}", flush=True)


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
        "panel": table, "ar": lambda seeds: table(seeds, ar=True), "small": small, "lattice": lattice, "calm": calm, "speed": speed,
    }  # fmt: skip
    for name in given.worlds or known:
        print(f"\n## {name}", flush=True)
        known[name](given.seeds)


if __name__ == "__main__":
    main()
