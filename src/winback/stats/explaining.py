"""From counts of leaves before and now, or forecasts and what came, to the zones that explain the difference.

Before: what was to be expected of each leaf, from main effects and its own past. Now: which zones are beyond it. The
chance of naming anything where nothing in the attributes explains it comes from draws: binomial (or beta-binomial)
ones from what was expected, uncertainty of the main effects included; for sums, deviations dealt out anew among leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.leaf_evidence import (
    MANY_ODDS,
    ODDS,
    ShareLeaves,
    SumLeaves,
    dispersion_beside,
    quiet_dispersion,
)
from winback.stats.localising import MOST, Cause, localise
from winback.stats.main_effects import MainEffects, fit_main_effects
from winback.stats.zones import Zones, make_zones

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEVEL = 0.05  # chance of naming anything where nothing is
DRAWS = 99
MINIMUM = 10.0  # answers a zone needs to be named
TELLING = 0.1  # share of the jump below which a cause is not worth its words
_DEALS = 19
_SUM_GAIN = 1.5


@dataclass(frozen=True)
class Explained:
    """What explains a jump. causes: zones, most explained first; p: of each, the chance of so strong a zone by chance.

    expected: (L,) bad ones (or forecast) by leaf; everywhere: what moved, moved in all leaves alike.
    """

    zones: Zones
    causes: tuple[Cause, ...]
    p: tuple[float, ...]
    expected: Floats
    everywhere: bool

    def members(self, place: int) -> Flags:
        """The leaves of a cause."""
        return self.zones.members(self.causes[place].zone)


def explain_shares(
    codes: Integers, levels: Sequence[int], before: tuple[Floats, Floats], now: tuple[Floats, Floats], *,
    depth: int = 4, level: float = LEVEL, draws: int = DRAWS, minimum: float = MINIMUM, seed: int = 1,
) -> Explained:  # fmt: skip
    """Which zones explain that the share of bad ones is what it is now. `before` and `now` are (bad, total) by leaf.

    A rise of the bad is explained; for a fall hand in the good ones.
    """
    effects = fit_main_effects(codes, levels, before[1], before[0])
    main = effects.share(codes)
    own = quiet_dispersion(before[0], before[1], main)
    expected = main if own <= 0 else (before[0] + (1.0 / own - 1.0) * main) / (before[1] + 1.0 / own - 1.0)
    expected = np.clip(expected, 1e-5, 1.0 - 1e-5)
    heard = now[1] > 0
    bad, total, p = now[0][heard], now[1][heard], expected[heard]
    if not total.sum():
        return _none(codes, expected * now[1])
    odds = ODDS if float(np.median(total)) < 20.0 else MANY_ODDS
    dispersion = dispersion_beside(bad, total, p, odds)
    inflation = 1.0 + np.maximum(total - 1.0, 0.0) * dispersion
    zones = make_zones(codes[heard], depth=depth, weight=total, minimum=minimum)
    leaves = ShareLeaves(bad, total, p, inflation, odds)
    best = _share_draws(zones, leaves, effects, codes[heard], dispersion, draws, seed)
    critical = float(np.quantile(best, 1.0 - level, method="higher"))
    found = localise(zones, leaves, critical=critical)
    kept, everywhere = _telling(zones, found, bad - total * p)
    return _told(make_zones(codes, depth=0), zones, kept, best, _over(heard, total * p, codes), everywhere, heard)


def _share_draws(
    zones: Zones, leaves: ShareLeaves, effects: MainEffects, codes: Integers, dispersion: float, draws: int, seed: int
) -> Floats:
    """Gains of the best zone where nothing but chance, and the main effects' uncertainty, is at work."""
    random = np.random.default_rng(seed)
    p = leaves.expected
    spread = np.linalg.cholesky(effects.covariance + 1e-12 * np.eye(len(effects.effects)))
    off = spread @ random.standard_normal((len(effects.effects), draws))
    moved = off[0] + off[effects.places(codes)].sum(axis=1)
    odds = (p / (1.0 - p))[:, None] * np.exp(np.clip(moved, -1.0, 1.0))
    share = odds / (1.0 + odds)
    if dispersion > 0:
        k = 1.0 / dispersion - 1.0
        share = random.beta(np.maximum(share * k, 1e-6), np.maximum((1.0 - share) * k, 1e-6))
    bad = random.binomial(np.round(leaves.total).astype(np.int64)[:, None], share) / leaves.inflation[:, None]
    sums = zones.sums(bad)
    needed = np.log1p(p[:, None] * (leaves.odds - 1.0)) * (leaves.total / leaves.inflation)[:, None]
    costs = zones.sums(needed) + zones.cost[:, None] + np.log(leaves.effects)
    best = np.full(draws, -np.inf)
    for g, ratio in enumerate(leaves.odds):
        best = np.maximum(best, (sums * np.log(ratio) - costs[:, [g]]).max(axis=0))
    return best


def explain_sums(
    codes: Integers, actual: Floats, forecast: Floats, *, depth: int = 4, level: float = LEVEL, seed: int = 1
) -> Explained:
    """Which zones explain that sums are not what was forecast. Leaves where both are nought tell nothing."""
    told = (actual + forecast) > 0
    if told.sum() < 2 or np.allclose(actual[told], forecast[told]):
        return _none(codes, forecast)
    leaves = SumLeaves.of(actual[told], forecast[told])
    zones = make_zones(codes[told], depth=depth)
    dealt = _deals(zones, leaves, seed)
    critical = float(np.quantile(dealt, 1.0 - level, method="higher"))
    none = np.full(len(leaves.deviation), -1, dtype=np.int64)
    gains = (zones.sums(leaves.evidence(none)).max(axis=1) - zones.cost)[1:] - np.log(leaves.effects)
    # One zone beyond what dealing gives shows that attributes matter; the others then only have to pay for their names.
    found = localise(zones, leaves, critical=_SUM_GAIN, most=MOST + 3) if float(gains.max()) > critical else []
    found += _single(zones, leaves, found, codes.shape[1])
    everywhere = any(not zones.named(cause.zone) for cause in found)
    kept = [cause for cause in found if zones.named(cause.zone)]
    return _told(make_zones(codes, depth=0), zones, kept, dealt, forecast, everywhere and not kept, told)


def _deals(zones: Zones, leaves: SumLeaves, seed: int) -> Floats:
    """Gains of the best zone where deviations are dealt out among leaves: nothing in the attributes explains them."""
    random = np.random.default_rng(seed)
    some = np.unique(np.linspace(0, leaves.effects - 1, 8).astype(int))
    evidence = leaves.evidence(np.full(len(leaves.deviation), -1, dtype=np.int64))[:, some]
    best = []
    for _ in range(_DEALS):
        sums = zones.sums(evidence[random.permutation(len(evidence))])
        best.append(float((sums - zones.cost[:, None])[1:].max()) - np.log(leaves.effects))
    return np.array(best)


def _single(zones: Zones, leaves: SumLeaves, found: Sequence[Cause], attributes: int) -> list[Cause]:
    """Leaves by themselves beyond the noise, where nothing coarser explains them; told apart by all attributes."""
    covered = np.zeros(len(leaves.deviation), dtype=bool)
    for cause in found:
        covered |= zones.members(cause.zone)
    full = [place for place, cuboid in enumerate(zones.cuboids) if len(cuboid) == attributes]
    if not full:
        return []
    alone = np.flatnonzero(leaves.alone(~covered) & ~covered)
    strength = np.abs(leaves.deviation[alone]) / leaves.noise
    order = np.argsort(-strength, kind="stable")[:MOST]
    return [Cause(int(zones.of_leaf[full[0], alone[i]]), 0, 0.0) for i in order]


def _telling(zones: Zones, found: Sequence[Cause], excess: Floats) -> tuple[list[Cause], bool]:
    """Causes that explain enough of the jump, most first; and whether it is everything that moved."""
    whole = [cause for cause in found if not zones.named(cause.zone)]
    ordered = sorted(
        (cause for cause in found if zones.named(cause.zone)),
        key=lambda cause: -float(excess[zones.members(cause.zone)].sum()),
    )
    done = np.zeros(len(excess), dtype=bool)
    jump = max(float(excess.sum()), sum(float(excess[zones.members(cause.zone)].sum()) for cause in ordered), 1e-9)
    kept = []
    for cause in ordered:
        new = zones.members(cause.zone) & ~done
        if float(excess[new].sum()) < TELLING * jump:
            continue
        kept.append(cause)
        done |= new
    return kept, bool(whole) and not kept


def _over(heard: Flags, values: Floats, codes: Integers) -> Floats:
    found = np.zeros(len(codes))
    found[heard] = values
    return found


def _told(
    blank: Zones, zones: Zones, kept: Sequence[Cause], best: Floats, expected: Floats, everywhere: bool, heard: Flags
) -> Explained:
    """The zones over all leaves, with the chance of a gain as large."""
    of_leaf = np.full((len(zones.cuboids), len(heard)), -1, dtype=np.int64)
    of_leaf[:, heard] = zones.of_leaf
    leaf = np.flatnonzero(heard)[zones.leaf]
    over = Zones(blank.codes, zones.cuboids, zones.first, of_leaf, zones.cost, zones.cuboid, leaf)
    p = tuple((1.0 + float((best >= cause.gain).sum())) / (len(best) + 1.0) for cause in kept)
    return Explained(over, tuple(kept), p, expected, everywhere)


def _none(codes: Integers, expected: Floats) -> Explained:
    return Explained(make_zones(codes, depth=0), (), (), expected, False)
