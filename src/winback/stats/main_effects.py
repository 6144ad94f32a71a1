"""What the attributes say one by one: a logistic model of main effects with a prior learned from the data.

Counts come by leaf (a combination of all attributes). Each attribute's effects are drawn towards nought, the more the
less its values differ, with variances estimated by expectation-maximisation (empirical Bayes); so an attribute that
says nothing costs nothing, and one of many rare values does not overfit.

Reference: N. Laird, "Empirical Bayes methods for two-way contingency tables", Biometrika 65, 1978.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_WEAK, _USUAL = 1.0, 0.3**2  # one value's worth of prior knowledge on how much values differ, on the logit scale
_FURTHEST = 12.0


@dataclass(frozen=True)
class MainEffects:
    """Effects of every value, all attributes in one row: those of attribute a begin at starts[a]. With covariance."""

    effects: Floats
    starts: tuple[int, ...]
    covariance: Floats
    dispersion: float

    def places(self, codes: Integers) -> Integers:
        """Where a leaf's values stand among the effects: (L, A); a negative code has none and points to nought."""
        places = codes + np.asarray(self.starts[:-1], dtype=np.int64)[None, :]
        return np.where(codes < 0, len(self.effects) - 1, places)

    def predictor(self, codes: Integers) -> Floats:
        """The logit of each leaf: (L,) from (L, A) codes."""
        return np.asarray(self.effects[0] + self.effects[self.places(codes)].sum(axis=1), dtype=np.float64)

    def share(self, codes: Integers) -> Floats:
        """The expected share of each leaf."""
        return np.asarray(
            1.0 / (1.0 + np.exp(-np.clip(self.predictor(codes), -_FURTHEST, _FURTHEST))), dtype=np.float64
        )


def fit_main_effects(
    codes: Integers, levels: Sequence[int], size: Floats, total: Floats, *, rounds: int = 12, tolerance: float = 1e-4
) -> MainEffects:
    """Main effects from (L, A) codes of leaves (-1: none), the numbers of values, answers and hits of each leaf."""
    starts = tuple(int(s) for s in np.cumsum([1, *levels]))
    k = starts[-1] + 1  # the last place is nought, for leaves without a value
    group = np.r_[0, np.repeat(np.arange(1, len(levels) + 1), levels), 0]
    model = MainEffects(np.zeros(k), starts, np.zeros((k, k)), 1.0)
    places = model.places(codes)
    effects = np.zeros(k)
    all_total, all_size = float(total.sum()), float(size.sum())
    effects[0] = np.log((all_total + 0.5) / (all_size - all_total + 0.5))
    variances = np.full(len(levels) + 1, _USUAL)
    covariance: Floats = np.zeros((k, k))
    for _ in range(rounds):
        mean = 1.0 / (1.0 + np.exp(-np.clip(effects[0] + effects[places].sum(axis=1), -_FURTHEST, _FURTHEST)))
        weight = size * mean * (1.0 - mean)
        hessian = _cross(places, weight, k)
        gradient = _along(places, total - size * mean, k)
        precision = 1.0 / variances[group]
        precision[0] = 1e-6
        precision[-1] = 1e12
        hessian[np.diag_indices(k)] += precision
        covariance = np.asarray(np.linalg.inv(hessian), dtype=np.float64)
        step = covariance @ (gradient - precision * effects)
        effects = effects + np.clip(step, -2.0, 2.0)
        own = effects**2 + np.diag(covariance)
        for a in range(1, len(levels) + 1):
            variances[a] = (own[group == a].sum() + _WEAK * _USUAL) / (levels[a - 1] + _WEAK)
        if float(np.abs(step).max()) < tolerance:
            break
    effects[-1] = 0.0
    return MainEffects(effects, starts, covariance, 1.0)


def _along(places: Integers, values: Floats, k: int) -> Floats:
    sums = np.zeros(k)
    sums[0] = values.sum()
    for a in range(places.shape[1]):
        sums += np.bincount(places[:, a], values, k)
    return sums


def _cross(places: Integers, weight: Floats, k: int) -> Floats:
    """Sums of weights by every pair of values: the matrix X'WX of indicator columns, without making them."""
    cross = np.zeros((k, k))
    cross[0, 0] = weight.sum()
    for a in range(places.shape[1]):
        one = np.bincount(places[:, a], weight, k)
        cross[0] += one
        cross[:, 0] += one
        cross[np.diag_indices(k)] += one
        for b in range(a):
            both = np.bincount(places[:, a] * k + places[:, b], weight, k * k).reshape(k, k)
            cross += both + both.T
    return cross
