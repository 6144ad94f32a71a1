"""What the statistics promise, measured: coverage, error, calibration and CPU, in one run.

    python -m bench.stats [part ...]     parts: coverage shrinkage comparison decomposition hazard; all without

Everything is seeded: two runs print the same figures but for CPU, which is given as a ratio within the run.
(Not called statistics.py: a script beside it would import it in place of the standard library's module.)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from tests.stats.worlds import company, segments
from winback.stats.comparison import _less, probability_worse
from winback.stats.decomposition import decompose, decompose_counts
from winback.stats.hazard import revenue_at_risk
from winback.stats.intervals import nps_interval, quantile_of, tango_interval
from winback.stats.shrinkage import shrink

Floats = NDArray[np.float64]

# (promoters, passives) of methods F, and a lattice of every twentieth with at least a twentieth in each band
POINTS = [
    (0.05, 0.8), (0.1, 0.5), (0.2, 0.4), (0.3, 0.3), (0.33, 0.34), (0.4, 0.2), (0.5, 0.3),
    (0.6, 0.3), (0.7, 0.2), (0.8, 0.15), (0.9, 0.08), (0.1, 0.2), (0.2, 0.7),
]  # fmt: skip
LATTICE = [(p / 20, n / 20) for p in range(1, 19) for n in range(1, 20 - p)]


def main(parts: list[str]) -> None:
    known: dict[str, Callable[[], None]] = {
        "coverage": coverage,
        "shrinkage": shrinkage,
        "comparison": comparison,
        "decomposition": decomposition,
        "hazard": hazard,
    }
    for name in parts or list(known):
        start = time.process_time()
        known[name]()
        print(f"\n({name}: {time.process_time() - start:.0f} s of CPU)\n")


def wald(p: Floats, n: Floats, d: Floats) -> tuple[Floats, Floats]:
    size, center = p + n + d, (p - d) / (p + n + d)
    half = quantile_of(0.95) * np.sqrt(np.maximum((p + d) / size - center**2, 0) / size)
    return 100 * (center - half), 100 * (center + half)


def jeffreys(p: Floats, n: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Quantiles of the Dirichlet posterior under (1/2, 1/2, 1/2), by 1,000 draws."""
    rng, ends = np.random.default_rng(5), []
    for part in np.array_split(np.stack([d, n, p], axis=-1) + 0.5, max(1, len(p) // 500)):
        draws = rng.standard_gamma(part[:, None, :], (len(part), 1000, 3))
        score = 100 * (draws[..., 2] - draws[..., 0]) / draws.sum(axis=-1)
        ends.append(np.quantile(score, [0.025, 0.975], axis=1))
    low, high = np.hstack(ends)
    return low, high


def coverage() -> None:
    """Exact: every possible sample of n answers is weighed by its chance, so there is no simulation noise."""
    print("## Intervals of 95 %: true coverage at every possible sample of n answers\n")
    print("13 points of methods F, and all 171 points of a lattice of twentieths; CPU beside Wald's\n")
    print("| n | interval | mean | worst of 13 | worst of 171 | below .93 of 171 | mean width | CPU |")
    print("|---|---|---|---|---|---|---|---|")
    methods: list[tuple[str, Any]] = [
        ("Wald", wald), ("adjusted Wald (ours)", nps_interval), ("Jeffreys", jeffreys), ("Tango", tango_interval),
    ]  # fmt: skip
    for size in (5, 10, 20, 30, 50, 100, 300):
        p, n = (v.ravel().astype(float) for v in np.meshgrid(np.arange(size + 1), np.arange(size + 1), indexing="ij"))
        p, n = p[p + n <= size], n[p + n <= size]
        d = size - p - n
        ways = gammaln(size + 1) - gammaln(p + 1) - gammaln(n + 1) - gammaln(d + 1)
        cpu_of_wald = 0.0
        for name, method in methods:
            if name == "Jeffreys" and size > 100:
                continue  # 45,000 posteriors by simulation: minutes, and by then all agree
            start = time.process_time()
            low, high = method(p, n, d)
            cpu = time.process_time() - start
            cpu_of_wald = cpu if name == "Wald" else cpu_of_wald
            found = []
            for true_p, true_n in POINTS + LATTICE:
                true_d = 1 - true_p - true_n
                chance = np.exp(ways + p * np.log(true_p) + n * np.log(true_n) + d * np.log(true_d))
                truth = 100 * (true_p - true_d)
                held = (low <= truth + 1e-9) & (truth - 1e-9 <= high)
                found.append((chance @ held, chance @ (high - low)))
            covers, widths = np.array(found).T
            thirteen, lattice = covers[: len(POINTS)], covers[len(POINTS) :]
            print(
                f"| {size} | {name} | {thirteen.mean():.3f} | {thirteen.min():.3f} | {lattice.min():.3f} |"
                f" {np.mean(lattice < 0.93):.0%} | {widths[: len(POINTS)].mean():.1f} | {cpu / cpu_of_wald:.0f} |"
            )


def shrinkage() -> None:
    print("## Steadied scores: mean squared error of segments under 30 answers, beside raw scores\n")
    print("| segments | true spread (sd, points) | median answers | raw rmse | steadied rmse | error taken away |")
    print("|---|---|---|---|---|---|")
    rng = np.random.default_rng(1)
    for number, typical in ((5, 15), (40, 15), (300, 15), (40, 60)):
        for concentration in (10, 40, 160):
            raw, ours, spread = [], [], []
            for _ in range(max(5, 3000 // number)):
                world = segments(number, concentration, typical, rng)
                small = world.counts.sum(axis=1) < 30
                raw.append((world.raw - world.scores)[small])
                ours.append((shrink(world.counts).nps - world.scores)[small])
                spread.append(world.scores)
            before, after = np.mean(np.concatenate(raw) ** 2), np.mean(np.concatenate(ours) ** 2)
            print(
                f"| {number} | {np.std(np.concatenate(spread)):.0f} | {typical} | {before**0.5:.1f} | {after**0.5:.1f} |"
                f" {1 - after / before:.0%} |"
            )
    world = segments(100_000, 30, 12, rng)
    for name, counts in (("whole", world.counts), ("fractional", world.counts * rng.uniform(0.4, 1, (100_000, 1)))):
        start = time.process_time()
        shrink(counts)
        print(f"\n100,000 segments, {name} counts: {time.process_time() - start:.2f} s of CPU")


def comparison() -> None:
    print("## The chance of being worse than the rest: Brier score and calibration\n")
    print("z test: Phi of the raw difference over its standard error. A coin scores .250.\n")
    print(
        "| segments | true spread | median answers | ours | z test | said over 90 % (or under 10 %) | of these right |"
    )
    print("|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(2)
    for number, concentration, typical in (
        (2, 10, 100), (2, 40, 100), (2, 1e6, 100), (5, 40, 40), (10, 40, 15), (40, 15, 40), (40, 40, 15),
        (40, 160, 60), (300, 30, 25), (300, 160, 15), (300, 1e6, 25),
    ):  # fmt: skip
        ours, plain, worse, spread = [], [], [], []
        for _ in range(max(5, 3000 // number)):
            world = segments(number, concentration, typical, rng)
            ours.append(probability_worse(world.counts, shrink(world.counts)))
            plain.append(z_test(world.counts))
            worse.append(world.worse)
            spread.append(world.scores)
        chance, z, truth = np.concatenate(ours), np.concatenate(plain), np.concatenate(worse)
        sure = np.abs(chance - 0.5) > 0.4
        right = np.where(chance > 0.5, truth, ~truth)[sure]
        print(
            f"| {number} | {np.std(np.concatenate(spread)):.0f} | {typical} | {np.mean((chance - truth) ** 2):.3f} |"
            f" {np.mean((z - truth) ** 2):.3f} | {sure.mean():.0%}, mean {np.abs(chance - 0.5)[sure].mean() + 0.5 if sure.any() else float('nan'):.3f} |"
            f" {right.mean() if sure.any() else float('nan'):.3f} |"
        )
    errors = []
    for _ in range(150):
        prior = rng.dirichlet([3, 4, 6]) * np.exp(rng.uniform(0, 5)) + 0.02
        a = prior + rng.multinomial(int(np.exp(rng.uniform(0, 9.2))), rng.dirichlet(prior + 0.2))
        b = prior + rng.multinomial(int(np.exp(rng.uniform(0, 9.2))), prior / prior.sum())
        first, second = (rng.standard_gamma(v, (200_000, 3)) for v in (a, b))
        difference = (first[:, 2] - first[:, 0]) / first.sum(axis=1) - (second[:, 2] - second[:, 0]) / second.sum(
            axis=1
        )
        truth_here = np.mean(difference < 0) + np.mean(difference == 0) / 2
        errors.append(abs(float(_less(a[None], b[None])[0]) - truth_here))
    print(f"\nAgainst 200,000 draws, 150 random pairs: largest error {max(errors):.4f}, mean {np.mean(errors):.4f}")
    world = segments(100_000, 30, 12, rng)
    for name, counts in (("whole", world.counts), ("fractional", world.counts * rng.uniform(0.4, 1, (100_000, 1)))):
        steadied = shrink(counts)
        start = time.process_time()
        probability_worse(counts, steadied)
        print(f"100,000 segments, {name} counts: {time.process_time() - start:.2f} s of CPU")


def z_test(counts: Floats) -> Floats:
    rest = counts.sum(axis=0) - counts
    parts = []
    for x in (counts, rest):
        n = x.sum(axis=1)
        score = (x[:, 2] - x[:, 0]) / n
        parts.append((score, np.maximum((x[:, 2] + x[:, 0]) / n - score**2, 1e-9) / n))
    return np.asarray(ndtr((parts[1][0] - parts[0][0]) / np.sqrt(parts[0][1] + parts[1][1])))


def decomposition() -> None:
    print("## A change split into rate and mix: coverage of the 95 % intervals, 1,000 pairs of periods\n")
    print("| segments | answers a period | total | rate | mix |")
    print("|---|---|---|---|---|")
    rng = np.random.default_rng(3)
    for number, size in ((4, 60), (10, 100), (10, 400), (50, 400), (10, 5000)):
        w0, w1 = rng.dirichlet(np.full(number, 4.0)), rng.dirichlet(np.full(number, 4.0))
        p0 = rng.dirichlet([4, 4, 7], number)
        p1 = 0.7 * p0 + 0.3 * rng.dirichlet([3, 4, 7], number)
        truth = decompose(w0, 100 * (p0[:, 2] - p0[:, 0]), w1, 100 * (p1[:, 2] - p1[:, 0]))
        aims = np.array([truth.total, truth.rate, truth.mix])
        held = np.zeros(3)
        for _ in range(1000):
            first, second = (
                rng.multinomial(size, (w[:, None] * p).ravel()).reshape(number, 3) for w, p in ((w0, p0), (w1, p1))
            )
            split = decompose_counts(first, second)
            ends = np.array([split.total_interval, split.rate_interval, split.mix_interval], dtype=float)
            held += (ends[:, 0] <= aims) & (aims <= ends[:, 1])
        print(f"| {number} | {size} | " + " | ".join(f"{h / 1000:.3f}" for h in held) + " |")


def hazard() -> None:
    print("## Revenue at risk in a company whose truth is known\n")
    print(
        "bias and error: of the contrast, as a share of the truth. crude: the same without cells. sum: all margins.\n"
    )
    print(
        "| customers | cells | runs | departures (det., pas.) | bias | mean error | coverage | ratio covered | crude bias | sum is |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for customers, cells, effect, runs in (
        (250, 12, 0.9, 400), (500, 12, 0.9, 400), (1500, 12, 0.9, 400), (5000, 12, 0.9, 200), (5000, 150, 0.9, 200),
        (30_000, 12, 0.9, 30), (5000, 12, 0.0, 200),
    ):  # fmt: skip
        rows, departures, cpu, few = [], [], 0.0, 0
        for seed in range(runs):
            world = company(seed, customers=customers, cells=cells, effect=(effect, 0.0, -0.5))
            start = time.process_time()
            found = revenue_at_risk(world.exposure, world.margins, world.cells, seed=seed)
            cpu += time.process_time() - start
            if found.state != "measured":
                few += 1
                continue
            months, left = world.exposure.table()
            rate = left.sum(axis=1) / months.sum(axis=1)
            crude = float(world.margins.sum() * ((1 - rate[1]) ** 12 - (1 - rate[0]) ** 12))
            rows.append(
                (
                    found.amount, world.truth, found.low <= world.truth <= found.high,
                    found.ratio_low <= world.ratio <= found.ratio_high, crude, found.revenue_from_detractors,
                )
            )  # fmt: skip
            departures.append(found.departures)
        amount, truth, held, ratio, crude_all, total = np.array(rows, dtype=float).T
        seen = np.mean(departures, axis=0)
        scale = truth.mean() if effect else total.mean()
        times = f"{total.mean() / truth.mean():.1f} x" if effect else "no truth"
        print(
            f"| {customers} | {cells} | {runs - few} of {runs} | {seen[0]:.0f}, {seen[1]:.0f} |"
            f" {(amount - truth).mean() / scale:+.1%} | {np.abs(amount - truth).mean() / scale:.1%} | {held.mean():.3f} |"
            f" {ratio.mean():.3f} | {(crude_all - truth).mean() / scale:+.0%} | {times} | {cpu / runs:.2f} s |"
        )
    print("\nIn the last row a bad answer costs nothing: bias, error and crude bias are shares of the sum.")


if __name__ == "__main__":
    main(sys.argv[1:])
