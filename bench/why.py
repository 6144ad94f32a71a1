"""How much has been heard, and what goes with the score: measured in worlds whose truth is known, beside reference tools.

    python -m bench.why [part ...]     parts: coverage outlook segments vegan drivers missing floor intervals speed; all without

Everything is seeded: two runs print the same figures but for CPU. R with vegan and Python's pingouin are asked where they
are installed; else the part says so. Worlds are those of `tests/stats/worlds.py`.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.stats.worlds import interviews, ratings, zipf
from winback.stats import rarefaction, richness, stopping
from winback.stats.incomplete import _Patterns, bootstrap_covariances, moments
from winback.stats.outlook import outlook as looked_ahead
from winback.stats.relative_importance import lmg, relative_weights
from winback.stats.richness import Heard

Floats = NDArray[np.float64]
WORLDS = [(0.6, 40, 2.0), (1.0, 40, 2.0), (1.4, 40, 2.0), (1.0, 100, 3.0), (0.6, 15, 1.5)]


def main(parts: list[str]) -> None:
    known: dict[str, Callable[[], None]] = {
        "coverage": coverage, "outlook": outlook, "segments": segments, "vegan": vegan, "drivers": drivers, "missing": missing,
        "floor": floor,
        "intervals": intervals, "speed": speed,
    }  # fmt: skip
    for name in parts or list(known):
        start = time.process_time()
        known[name]()
        print(f"\n({name}: {time.process_time() - start:.0f} s of CPU)\n", flush=True)


def coverage() -> None:
    print("## Coverage: bias, error, and how often the 95 % interval holds the truth (3,000 runs a row)\n")
    print("by calls: percentiles of 200 samples of the interviews, with replacement (500 runs). Chao2 holds: the true number of themes")  # fmt: skip
    print(
        "| Zipf | themes | calls | true | bias | mean error | held | width | held, by calls | width | Chao2 | holds |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for exponent, number, mean in WORLDS:
        shares = zipf(number, exponent, mean)
        for calls in (12, 25, 50, 100):
            rng = np.random.default_rng(20260 + calls)
            counts = interviews(shares, calls, 3000, rng)
            counts = counts[counts.sum(axis=1) > 0]
            truth = (shares * (counts > 0)).sum(axis=1) / shares.sum()
            heard = [Heard.of(calls, row) for row in counts]
            found = np.array([richness.coverage(one) for one in heard])
            low, high = np.array([richness.coverage_interval(one) for one in heard]).T
            totals = [richness.chao2(one) for one in heard]
            held = np.mean([np.floor(one.low) <= number <= np.ceil(one.high) for one in totals])
            usual, width = _by_calls(shares, calls)
            print(
                f"| {exponent} | {number} | {calls} | {truth.mean():.3f} | {(found - truth).mean():+.3f} |"
                f" {np.abs(found - truth).mean():.3f} | {((low <= truth) & (truth <= high)).mean():.3f} | {(high - low).mean():.2f} |"
                f" {usual:.3f} | {width:.2f} | {np.mean([one.total for one in totals]):.1f} | {held:.2f} |",
                flush=True,
            )


def outlook() -> None:
    print("## What 20 more calls bring (300 runs a row), and where Guest's rule (6, 3, 5 %) stops\n")
    print("| Zipf | themes | calls | foretold coverage | true | mean error | held | new, foretold | true | held | Guest stops | with coverage |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for exponent, number, mean in WORLDS:
        shares = zipf(number, exponent, mean)
        for calls in (12, 25, 50):
            rng, rows = np.random.default_rng(30260 + calls), []
            for _ in range(300):
                named = rng.random((max(calls + 20, 100), number)) < shares
                before, after = named[:calls].any(axis=0), named[: calls + 20].any(axis=0)
                if not before.any():
                    continue
                ahead = looked_ahead(Heard.of(calls, named[:calls].sum(axis=0)), [20], replicates=200)
                reached, new = shares[after].sum() / shares.sum(), int((after & ~before).sum())
                first = np.where(named.any(axis=0), named.argmax(axis=0), len(named))
                rule = stopping.guest_rule(np.bincount(first, minlength=len(named))[: len(named)])
                stop = rule.stopped or len(named)
                rows.append(
                    (
                        ahead.coverage[0], reached, ahead.coverage_low[0] <= reached <= ahead.coverage_high[0], ahead.new[0],
                        new, ahead.new_low[0] <= new <= ahead.new_high[0], stop, shares[named[:stop].any(axis=0)].sum() / shares.sum(),
                    )
                )  # fmt: skip
            f, t, h, n, m, k, s, c = np.array(rows, dtype=float).T
            print(
                f"| {exponent} | {number} | {calls} | {f.mean():.3f} | {t.mean():.3f} | {np.abs(f - t).mean():.3f} | {h.mean():.3f} |"
                f" {n.mean():.1f} | {m.mean():.1f} | {k.mean():.3f} | {s.mean():.1f} | {c.mean():.2f} |",
                flush=True,
            )


def _by_calls(shares: Floats, calls: int) -> tuple[float, float]:
    """How often percentiles of resampled interviews hold the true coverage, and how wide they are."""
    rng, held, width = np.random.default_rng(40260 + calls), [], []
    for _ in range(500):
        named = rng.random((calls, len(shares))) < shares
        if not named.any():
            continue
        truth = shares[named.any(axis=0)].sum() / shares.sum()
        drawn = rng.integers(0, calls, (200, calls))
        sums = (np.apply_along_axis(np.bincount, 1, drawn, minlength=calls) @ named).astype(np.int64)
        found = [richness.coverage(Heard.of(calls, np.minimum(row, calls))) for row in sums if row.any()]
        low, high = np.quantile(found, [0.025, 0.975])
        held.append(low <= truth <= high)
        width.append(high - low)
    return float(np.mean(held)), float(np.mean(width))


def segments() -> None:
    print("## What a segment has yet to say: heard from others only, and from nobody (4,000 runs a row)\n")
    print("Two segments whose shares of themes agree by half; interviews of the segment and of the others.\n")
    print("| Zipf | interviews | heard here | estimated | others only, true | estimated | nobody, true | estimated |")
    print("|---|---|---|---|---|---|---|---|")
    for exponent in (0.6, 1.0, 1.4):
        base = zipf(40, exponent, 2.0)
        other = (base + np.roll(base, 7)) / 2
        for here, there in ((12, 40), (25, 75)):
            rng = np.random.default_rng(50)
            mine, theirs = interviews(base, here, 4000, rng), interviews(other, there, 4000, rng)
            kept = mine.sum(axis=1) > 0
            mine, theirs = mine[kept], theirs[kept]
            silent, total = mine == 0, base.sum()
            truth = [
                (base * mask).sum(axis=1).mean() / total
                for mask in (~silent, silent & (theirs > 0), silent & (theirs == 0))
            ]
            gap = np.array([1 - richness.coverage(Heard.of(here, row)) for row in mine])
            once = mine == 1
            alone = (once & (theirs == 0)).sum(axis=1) / np.maximum(once.sum(axis=1), 1)
            found = (1 - gap).mean(), (gap * (1 - alone)).mean(), (gap * alone).mean()
            cells = " | ".join(f"{t:.3f} | {f:.3f}" for t, f in zip(truth, found, strict=True))
            print(f"| {exponent} | {here} + {there} | {cells} |")  # fmt: skip


def vegan() -> None:
    print("## Beside R's vegan, on 200 simulated tables of interviews by themes\n")
    if shutil.which("Rscript") is None:
        print("R is not installed: left out (Debian: r-base-core, r-cran-vegan).")
        return
    rng, tables = np.random.default_rng(60), []
    for at in range(200):
        calls = (8, 25, 60)[at % 3]
        named = rng.random((calls, 40)) < zipf(40, (0.6, 1.0, 1.4)[at % 3], 2.0)
        tables.append(named[:, named.any(axis=0)].astype(int))
    script = (
        "suppressMessages(library(vegan)); options(digits = 15); a <- commandArgs(TRUE); t <- proc.time()[1];"
        "for (f in list.files(a[1], full.names = TRUE)) { x <- as.matrix(read.csv(f)); s <- specpool(x);"
        "e <- specaccum(x, 'exact')$richness[5]; cat(s$chao, s$chao.se, s$jack1, s$jack2, s$boot, e, '\\n') };"
        "cat('cpu', proc.time()[1] - t, '\\n')"
    )
    with tempfile.TemporaryDirectory() as folder:
        for at, table in enumerate(tables):
            head = ",".join(f"t{theme}" for theme in range(table.shape[1]))
            np.savetxt(Path(folder) / f"{at:03}.csv", table, fmt="%d", delimiter=",", header=head, comments="")
        command = ["Rscript", "-e", script, folder]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")
    theirs = np.array([[float(word) for word in line.split()] for line in output[:-1]])
    start = time.process_time()
    ours = []
    for table in tables:
        heard = Heard.of(len(table), table.sum(axis=0))
        total = richness.chao2(heard)
        ours.append((total.total, total.error, richness.jackknife(heard), richness.jackknife(heard, 2),
                     richness.bootstrap_richness(heard), float(rarefaction.themes_at(heard, 5))))  # fmt: skip
    cpu = time.process_time() - start
    apart = np.abs(np.array(ours) - theirs).max(axis=0)
    print(
        "| | Chao2 | its error | jackknife 1 | jackknife 2 | bootstrap | after 5 | CPU s |\n|---|---|---|---|---|---|---|---|"
    )
    print(
        "| furthest apart | "
        + " | ".join(f"{value:.1e}" for value in apart)
        + f" | {cpu:.2f} (vegan {output[-1].split()[1]}) |"
    )


def shares_of(covariance: Floats) -> Floats:
    parts = lmg(covariance)
    return np.asarray(100 * parts / parts.sum(axis=-1, keepdims=True))


def drivers() -> None:
    print("## LMG beside pingouin's linear_regression(relimp=True), 20 worlds of 4,000 answers and 8 drivers\n")
    try:
        import pandas as pd
        import pingouin
    except ImportError:
        print("pingouin is not installed: left out (pip install pingouin==0.7.0).")
        return
    apart, ours, theirs = 0.0, [], []
    for seed in range(20):
        values = ratings(4000, 8, np.random.default_rng(7000 + seed))
        start = time.process_time()
        found = lmg(moments(values).covariance)
        ours.append(time.process_time() - start)
        start = time.process_time()
        frame = pd.DataFrame(values[:, :-1], columns=[f"d{at}" for at in range(8)])
        reference = pingouin.linear_regression(frame, values[:, -1], relimp=True)
        theirs.append(time.process_time() - start)
        apart = max(apart, float(np.abs(found - reference["relimp"].to_numpy()[1:]).max()))
    print(f"pingouin {pingouin.__version__}: furthest apart {apart:.1e}. CPU ms: winback {1e3 * statistics.median(ours):.1f}, pingouin {1e3 * statistics.median(theirs):.0f}")  # fmt: skip


def missing() -> None:
    print("## 40 % of the answers missing: points between the shares and those of the full data (30 worlds of 4,000)\n")
    print("| missing | method | largest, mean over worlds | largest of all | driver 1, mean (full data) |")
    print("|---|---|---|---|---|")
    for name in ("by chance", "driver 1 asked when it went badly"):
        found: dict[str, list[tuple[float, float, float]]] = {}
        for seed in range(30):
            rng = np.random.default_rng(8000 + seed)
            values = ratings(4000, 8, rng)
            holed = values.copy()
            holed[:, :-1][rng.random((4000, 8)) < 0.4] = np.nan
            if name != "by chance":
                holed[:, 0] = np.where(values[:, 0] + rng.normal(0, 1, 4000) < 6.5, values[:, 0], np.nan)
            full = shares_of(moments(values).covariance)
            whole = ~np.isnan(holed).any(axis=1)
            filled = np.where(np.isnan(holed), np.nanmean(holed, axis=0), holed)
            ways = {"whole rows only": holed[whole], "means filled in": filled, "maximum likelihood (winback)": holed}
            for way, table in ways.items():
                shares = shares_of(moments(table).covariance)
                found.setdefault(way, []).append((float(np.abs(shares - full).max()), shares[0], full[0]))
        for way, rows in found.items():
            apart, first, of_full = np.array(rows).T
            print(f"| {name} | {way} | {apart.mean():.1f} | {apart.max():.1f} | {first.mean():.1f} ({of_full.mean():.1f}) |", flush=True)  # fmt: skip


def floor() -> None:
    print("## 40 % missing by chance: what can be known at all (400 worlds of 4,000 answers, 8 drivers)\n")
    print("The second line is told the true means and covariances of the whole population, which nobody knows, and fills in the rest.\n")  # fmt: skip
    population = moments(ratings(2_000_000, 8, np.random.default_rng(1)))
    found: dict[str, list[float]] = {"maximum likelihood (winback)": [], "told the truth of the population": []}
    for seed in range(400):
        rng = np.random.default_rng(8000 + seed)
        values = ratings(4000, 8, rng)
        holed = values.copy()
        holed[:, :-1][rng.random((4000, 8)) < 0.4] = np.nan
        full = shares_of(moments(values).covariance)
        told = _filled(holed, population.mean, population.covariance)
        for way, covariance in zip(found, (moments(holed).covariance, told), strict=True):
            found[way].append(float(np.abs(shares_of(covariance) - full).max()))
    print("| method | largest gap, mean | 95 of 100 worlds within | worlds within 3 points | largest of all |")
    print("|---|---|---|---|---|")
    for way, rows in found.items():
        apart = np.array(rows)
        print(f"| {way} | {apart.mean():.2f} | {np.quantile(apart, 0.95):.2f} | {(apart <= 3).mean():.1%} | {apart.max():.2f} |")  # fmt: skip


def _filled(values: Floats, mean: Floats, covariance: Floats) -> Floats:
    """The covariance expected of the rows had they no holes, in a normal world of this mean and covariance."""
    patterns = _Patterns.of_rows(values - mean, np.ones(len(values)))
    shift, square = np.zeros(len(mean)), np.zeros(covariance.shape)
    for chunk in patterns.chunks():
        fill = covariance @ patterns.inverses(chunk, covariance)
        first, second = patterns.around(chunk, np.zeros(len(mean)))
        turned = fill.transpose(0, 2, 1)
        shift += (fill @ first[:, :, None]).sum(axis=0)[:, 0]
        rest = patterns.weights[chunk][:, None, None] * (covariance - fill @ covariance)
        square += (fill @ second @ turned + rest).sum(axis=0)
    shift, square = shift / len(values), square / len(values)
    return np.asarray(square - np.outer(shift, shift))


def intervals() -> None:
    print("## Bootstrap intervals of 95 %: how often they hold the true share (300 runs a row, 6 drivers)\n")
    truth = shares_of(moments(ratings(2_000_000, 6, np.random.default_rng(1))).covariance)
    print("true shares: " + ", ".join(f"{share:.1f}" for share in truth) + "\n")
    print(
        "| answers | missing | the three that matter | the three that do not | width, driver 1 |\n|---|---|---|---|---|"
    )
    for number in (150, 400, 1500):
        for share in (0.0, 0.4):
            held, width = [], []
            for seed in range(300):
                rng = np.random.default_rng(9000 + seed)
                values = ratings(number, 6, rng)
                values[:, :-1][rng.random((number, 6)) < share] = np.nan
                samples = shares_of(bootstrap_covariances(values, replicates=300, seed=seed))
                low, high = np.nanquantile(samples, [0.025, 0.975], axis=0)
                held.append((low <= truth) & (truth <= high))
                width.append(high[0] - low[0])
            each = np.mean(held, axis=0)
            print(f"| {number} | {share:.0%} | " + ", ".join(f"{x:.2f}" for x in each[:3]) + " | " + ", ".join(f"{x:.2f}" for x in each[3:]) + f" | {np.mean(width):.0f} |", flush=True)  # fmt: skip


def speed() -> None:
    print("## CPU, median of 5\n")
    print("| what | CPU ms |\n|---|---|")
    for name, ask in _questions().items():
        times = []
        for _ in range(5):
            start = time.process_time()
            ask()
            times.append(time.process_time() - start)
        print(f"| {name} | {1e3 * statistics.median(times):.1f} |", flush=True)


def _questions() -> dict[str, Callable[[], object]]:
    rng = np.random.default_rng(2)
    covariances = {p: np.cov(ratings(2000, p, rng).T) for p in (8, 15, 30)}
    holed = ratings(100_000, 8, rng)
    holed[:, :-1][rng.random((100_000, 8)) < 0.4] = np.nan
    heard = Heard.of(100, interviews(zipf(40, 1.0, 2.0), 100, 1, rng)[0])
    return {
        "LMG of 8 drivers": lambda: lmg(covariances[8]),
        "LMG of 15 drivers": lambda: lmg(covariances[15]),
        "relative weights of 30 drivers": lambda: relative_weights(covariances[30]),
        "means and covariances of 100,000 answers to 8 drivers, 40 % missing": lambda: moments(holed),
        "500 bootstrap samples of the same, with LMG": lambda: lmg(bootstrap_covariances(holed, replicates=500, seed=1)),
        "coverage, Chao2 and their intervals of 100 interviews": lambda: (richness.coverage_interval(heard), richness.chao2(heard)),
        "what further calls bring, 500 samples": lambda: looked_ahead(heard, [1, 20]),
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
