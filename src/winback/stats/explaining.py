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
    DISPERSIONS,
    MANY_ODDS,
    ODDS,
    ShareLeaves,
    SumLeaves,
    calm_likelihood,
    dispersion_beside,
    dispersion_of_calm,
    quiet_dispersion,
)
from winback.stats.localising import MOST, Cause, localise, shifts
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
    zones = make_zones(codes[heard], depth=depth, weight=total, minimum=minimum)
    chance = _Chance(p, total, effects, codes[heard], own, before[1][heard])
    leaves = ShareLeaves.of(bad, total, p, odds, dispersion)
    best = _best(zones, leaves, chance.draw(np.full(draws, dispersion), seed))
    critical = float(np.quantile(best, 1.0 - level, method="higher"))
    found = localise(zones, leaves, critical=critical)
    by_noise = 0.0
    if found:
        # It weighs one zone: of several, each alone leaves the others to dispersion, and would be denied by them.
        by_noise = _by_noise_alone(zones, leaves, chance, dispersion, draws, seed) if len(found) == 1 else 0.0
        found = found if by_noise <= level else []
    beside = dispersion_of_calm(bad, total, leaves.shifted(shifts(zones, found))) if found else 0.0
    if beside > dispersion:  # what is named is no dispersion; what is left of it is
        leaves = ShareLeaves.of(bad, total, p, odds, beside)
        best = _best(zones, leaves, chance.draw(np.full(draws, beside), seed))
        found = localise(zones, leaves, critical=float(np.quantile(best, 1.0 - level, method="higher")))
    kept, everywhere = _telling(zones, found, bad - total * p)
    told = _over(heard, total * p, codes)
    return _told(make_zones(codes, depth=0), zones, kept, best, told, everywhere, heard, least=by_noise)


@dataclass(frozen=True)
class _Chance:
    """What happens where nothing in the attributes does: chance round what was expected, as far as that is known."""

    expected: Floats
    total: Floats
    effects: MainEffects
    codes: Integers
    own: float  # by how much leaves differ from their main effects, as a dispersion
    past: Floats  # answers from which a leaf's own share is known

    def draw(self, dispersion: Floats, seed: int) -> Floats:
        """(L, D) bad answers of D draws, with a dispersion (D,) each."""
        random, draws = np.random.default_rng(seed), len(dispersion)
        p = self.expected[:, None]
        spread = np.linalg.cholesky(self.effects.covariance + 1e-12 * np.eye(len(self.effects.effects)))
        off = spread @ random.standard_normal((len(self.effects.effects), draws))
        moved = off[0] + off[self.effects.places(self.codes)].sum(axis=1)
        if self.own > 0:
            known = self.past + 1.0 / self.own - 1.0
            moved *= (1.0 - self.past / known)[:, None]
            moved += random.standard_normal(moved.shape) / np.sqrt(known[:, None] * p * (1.0 - p))
        odds = p / (1.0 - p) * np.exp(np.clip(moved, -1.0, 1.0))
        share = odds / (1.0 + odds)
        some = dispersion > 0
        if some.any():
            k = 1.0 / dispersion[some] - 1.0
            a, b = share[:, some] * k, (1.0 - share[:, some]) * k
            share[:, some] = random.beta(np.maximum(a, 1e-6), np.maximum(b, 1e-6))
        found = random.binomial(np.round(self.total).astype(np.int64)[:, None], share)
        return np.asarray(found, dtype=np.float64)


def _best(zones: Zones, leaves: ShareLeaves, bad: Floats) -> Floats:
    """(D,) gains of the best zone by (L, D) bad answers in the place of those that came."""
    sums = zones.sums(bad / leaves.inflation[:, None])
    needed = np.log1p(leaves.expected[:, None] * (leaves.odds - 1.0)) * (leaves.total / leaves.inflation)[:, None]
    costs = zones.sums(needed) + zones.cost[:, None] + np.log(leaves.effects)
    best = np.full(bad.shape[1], -np.inf)
    for g, ratio in enumerate(leaves.odds):
        best = np.maximum(best, (sums * np.log(ratio) - costs[:, [g]]).max(axis=0))
    return best


def _by_noise_alone(
    zones: Zones, leaves: ShareLeaves, chance: _Chance, dispersion: float, draws: int, seed: int
) -> float:
    """The chance of as much where all that is beyond chance is dispersion and no zone burns.

    Few leaves, or thin ones, do not tell whether some are raised or all are dispersed: `dispersion` may be too small
    by what the former would take. The two accounts are set against each other whole: the best zone with any of two
    dispersions, and no zone with any of them, in draws of the latter as in what came. How large the dispersion is,
    is known as well as the leaves tell it, and drawn as that.
    """
    likely = [calm_likelihood(leaves.bad[:, None], leaves.total, leaves.expected, d)[0] for d in DISPERSIONS.tolist()]
    weights = np.exp(np.array(likely) - max(likely))
    random = np.random.default_rng(seed + 1)
    noise = DISPERSIONS[random.choice(len(DISPERSIONS), draws, p=weights / weights.sum())]
    drawn = np.column_stack([leaves.bad, chance.draw(noise, seed + 1)])
    accounts = []
    for tried in {dispersion, max(dispersion, float(DISPERSIONS[int(np.argmax(likely))]))}:
        by_itself = calm_likelihood(drawn, leaves.total, leaves.expected, tried)
        own = ShareLeaves.of(leaves.bad, leaves.total, leaves.expected, leaves.odds, tried)
        accounts.append((by_itself, by_itself + _best(zones, own, drawn)))
    score = np.max([zone for _, zone in accounts], axis=0) - np.max([calm for calm, _ in accounts], axis=0)
    return (1.0 + float((score[1:] >= score[0]).sum())) / (draws + 1.0)


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
    blank: Zones, zones: Zones, kept: Sequence[Cause], best: Floats, expected: Floats, everywhere: bool, heard: Flags,
    *, least: float = 0.0,
) -> Explained:  # fmt: skip
    """The zones over all leaves, with the chance of a gain as large, which is `least` at least."""
    of_leaf = np.full((len(zones.cuboids), len(heard)), -1, dtype=np.int64)
    of_leaf[:, heard] = zones.of_leaf
    leaf = np.flatnonzero(heard)[zones.leaf]
    over = Zones(blank.codes, zones.cuboids, zones.first, of_leaf, zones.cost, zones.cuboid, leaf)
    p = tuple(max((1.0 + float((best >= cause.gain).sum())) / (len(best) + 1.0), least) for cause in kept)
    return Explained(over, tuple(kept), p, expected, everywhere)


def _none(codes: Integers, expected: Floats) -> Explained:
    return Explained(make_zones(codes, depth=0), (), (), expected, False)
