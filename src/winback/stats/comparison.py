"""The chance that a segment is truly worse than the rest: what a ranking of segments should go by.

Segment and rest are compared by their posteriors under the model of `shrinkage`. The segment's is its Dirichlet. The
rest's score is the sum of all other segments' scores, each weighted by its answers; a Dirichlet with its mean shares
and its variance stands for it. Both share the common mean, so an error in that mean cancels in the comparison. With
two segments the two chances add up to one.

P(segment < rest) has no closed form. It is had by an Edgeworth series where both posteriors are near normal. Else one
is integrated exactly over its share of passives while the other stands as a few points; or one stands as a grid while
the other is a normal curve, or is integrated too. Each way is taken where its error stays below 0.01.

References
----------
- N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Multivariate Distributions", Wiley, 2000 (Dirichlet).
- P. McCullagh, "Tensor Methods in Statistics", 1987 (Edgeworth and Cornish-Fisher series).

"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.shrinkage import Shrinkage

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BOTH_NORMAL, _THREE_POINTS, _SEVEN_POINTS, _ONE_NORMAL, _NEITHER_NORMAL = range(5)
_CHUNK = (100_000, 8192, 4096, 1024, 128)  # rows at a time in each way, so that memory stays under 100 MB


def probability_worse(counts: ArrayLike, shrinkage: Shrinkage, *, total: ArrayLike | None = None) -> Floats:
    """P(the segment's score < the score of the rest), 0 to 1, for each of S segments; shape (S,).

    counts: (S, 3) detractors, passives, promoters of segments that do not overlap, as given to `shrink`.
    total: (3,) counts of everybody, where some belong to no segment; they are part of the rest. Deterministic;
    within 0.01 of simulation for concentrations from 1 up. nan for a segment without answers or without a rest.

    Raises ValueError where shapes disagree or the segments hold more than the total.
    """
    x = np.asarray(counts, dtype=np.float64)
    if x.shape != shrinkage.alphas.shape:
        raise ValueError(f"counts have shape {x.shape}, the shrinkage {shrinkage.alphas.shape}")
    other = np.zeros(3) if total is None else np.asarray(total, dtype=np.float64) - x.sum(axis=0)
    if (other < -1e-9 * max(1.0, float(x.sum()))).any():
        raise ValueError("the segments hold more answers than the total; segments that overlap cannot be compared so")
    result = np.full(len(x), np.nan)
    rest, has_rest = _rest(x, np.maximum(other, 0.0), shrinkage)
    rows = np.flatnonzero((x.sum(axis=1) > 0) & has_rest)
    if rows.size:
        pairs, back = np.unique(np.hstack([_floored(shrinkage.alphas[rows]), rest[rows]]), axis=0, return_inverse=True)
        result[rows] = np.clip(_less(pairs[:, :3], pairs[:, 3:]), 0.0, 1.0)[back.ravel()]
    return result


def _rest(x: Floats, other: Floats, shrinkage: Shrinkage) -> tuple[Floats, Bools]:
    """Dirichlet parameters (S, 3) of each segment's rest: the mean and variance of all but the segment itself."""
    prior = shrinkage.prior_mean * shrinkage.concentration
    alphas = _floored(np.vstack([shrinkage.alphas, other + prior]))
    sizes = np.append(x.sum(axis=1), other.sum())
    shares = alphas / alphas.sum(axis=1, keepdims=True)
    _, variance, _, _ = _cumulants(alphas)
    weighted, spread = sizes[:, None] * shares, sizes**2 * variance
    left = sizes.sum() - sizes[:-1]
    has_rest = left > 1e-9 * sizes.sum()
    left = np.where(has_rest, left, 1.0)
    mean = np.maximum(weighted.sum(axis=0) - weighted[:-1], 1e-12) / left[:, None]
    mean /= mean.sum(axis=1, keepdims=True)
    wanted = np.maximum(spread.sum() - spread[:-1], 1e-12 * spread.sum()) / left**2
    score = mean[:, 2] - mean[:, 0]
    concentration = np.maximum((mean[:, 2] + mean[:, 0] - score**2) / wanted - 1.0, 1e-3)
    return mean * concentration[:, None], has_rest


def _floored(alphas: Floats) -> Floats:
    """Alphas without a nought: where nobody ever fell in a band, the posterior is narrow and not a point."""
    return np.asarray(np.maximum(alphas, 0.1))


def _cumulants(alphas: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """First four cumulants of promoters' less detractors' share under Dirichlets (..., 3)."""
    size = alphas.sum(axis=-1)
    mean = (alphas[..., 2] - alphas[..., 0]) / size
    away = np.array([-1.0, 0.0, 1.0]) - mean[..., None]
    p2, p3, p4 = ((alphas * away**power).sum(axis=-1) for power in (2, 3, 4))
    second = size * (size + 1.0)
    fourth = (size + 2.0) * (size + 3.0)
    return (
        mean,
        p2 / second,
        2.0 * p3 / (second * (size + 2.0)),
        6.0 * p4 / (second * fourth) - 3.0 * p2**2 * (4.0 * size + 6.0) / (second**2 * fourth),
    )


def _less(a: Floats, b: Floats) -> Floats:
    """P(score of Dirichlet a < score of Dirichlet b), row by row, for (R, 3) parameters."""
    # `narrow` stands as points or as a normal curve, `wide` is integrated; turned where that is a
    turned = a.sum(axis=1) > b.sum(axis=1)
    wide, narrow = np.where(turned[:, None], b, a), np.where(turned[:, None], a, b)
    (m0, v0, *third0), (m1, v1, *third1) = _cumulants(wide), _cumulants(narrow)
    variance = v0 + v1
    scale = (variance**1.5, variance**2)
    skew0, tail0 = (np.abs(c) / s for c, s in zip(third0, scale, strict=True))
    skew1, tail1 = (np.abs(c) / s for c, s in zip(third1, scale, strict=True))
    sharp0, sharp1 = wide.min(axis=1), narrow.min(axis=1)  # a parameter under 1 is a pole of the density
    normal = (np.minimum(sharp0, sharp1) >= 1.0) & (skew0 + skew1 < 0.4) & (tail0 + tail1 < 0.3)
    narrow_normal = (sharp1 > 0.5) & (skew1 < 0.1) & (tail1 < 0.1)
    smooth, part = sharp0 >= 0.5, v1 / variance
    ways = np.select(
        [normal, narrow_normal & smooth & (part < 0.02), narrow_normal & (smooth | (part < 2e-3)), narrow_normal],
        [_BOTH_NORMAL, _THREE_POINTS, _SEVEN_POINTS, _ONE_NORMAL],
        default=_NEITHER_NORMAL,
    )
    result = np.empty(len(a))
    for way in range(5):
        rows = np.flatnonzero(ways == way)
        for start in range(0, rows.size, _CHUNK[way]):
            r = rows[start : start + _CHUNK[way]]
            if way == _BOTH_NORMAL:
                cumulants = (m0 - m1, variance, third0[0] - third1[0], third0[1] + third1[1])
                below = _edgeworth(*(c[r] for c in cumulants))
            elif way == _ONE_NORMAL:
                points, weights = _grid(wide[r], 24)
                curve = _edgeworth(m1[r, None] - points, *(c[r, None] for c in (v1, *third1)))
                below = 1.0 - np.sum(weights * curve, axis=1)
            elif way == _NEITHER_NORMAL:  # the grid follows poles, so it goes to the one with the sharper
                swap = (sharp0 < sharp1)[r, None]
                points, weights = _grid(np.where(swap, wide[r], narrow[r]), 16)
                below = _below(np.where(swap, narrow[r], wide[r]), points, weights)
                below = np.where(swap[:, 0], 1.0 - below, below)
            else:
                below = _below(wide[r], *_points(narrow[r], 3 if way == _THREE_POINTS else 7))
            result[r] = np.where(turned[r], 1.0 - below, below)
    return result


def _edgeworth(mean: Floats, variance: Floats, third: Floats, fourth: Floats) -> Floats:
    """P(D < 0) of a variable with these cumulants."""
    from scipy.special import ndtr

    x = -mean / np.sqrt(variance)
    skew, tail = third / variance**1.5, fourth / variance**2
    density = np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)
    terms = skew / 6.0 * (x**2 - 1.0) + tail / 24.0 * (x**3 - 3.0 * x)
    terms += skew**2 / 72.0 * (x**5 - 10.0 * x**3 + 15.0 * x)
    return np.asarray(ndtr(x) - density * terms)


def _points(alphas: Floats, number: int) -> tuple[Floats, Floats]:
    """Scores (R, number) and weights that stand for near-normal posteriors: Gauss-Hermite bent by Cornish-Fisher."""
    z, weights = np.polynomial.hermite_e.hermegauss(number)
    mean, variance, third, fourth = (c[:, None] for c in _cumulants(alphas))
    skew, tail = third / variance**1.5, fourth / variance**2
    bent = z + skew / 6.0 * (z**2 - 1.0) + tail / 24.0 * (z**3 - 3.0 * z) - skew**2 / 36.0 * (2.0 * z**3 - 5.0 * z)
    points = mean + np.sqrt(variance) * bent
    return points, np.broadcast_to(weights / weights.sum(), points.shape)


def _grid(alphas: Floats, number: int) -> tuple[Floats, Floats]:
    """Scores (R, number^2) and weights that stand for any posterior: share of passives by balance of the others."""
    _, spoken, outer = _beta_nodes(alphas[:, 1], alphas[:, 0] + alphas[:, 2], number)
    up, down, inner = _beta_nodes(alphas[:, 2], alphas[:, 0], number)
    points = spoken[:, :, None] * (up - down)[:, None, :]
    weights = outer[:, :, None] * inner[:, None, :]
    return points.reshape(len(alphas), -1), weights.reshape(len(alphas), -1)


def _below(alphas: Floats, points: Floats, weights: Floats) -> Floats:
    """Mean over the points of P(score < point), with the share of passives integrated out."""
    from scipy.special import betainc

    _, spoken, inner = _beta_nodes(alphas[:, 1], alphas[:, 0] + alphas[:, 2], 24)
    cut = np.clip((1.0 + points[:, None, :] / np.maximum(spoken, 1e-300)[:, :, None]) / 2.0, 0.0, 1.0)
    chance = betainc(alphas[:, 2, None, None], alphas[:, 0, None, None], cut)
    return np.asarray(np.einsum("ri,rij,rj->r", inner, chance, weights))


def _beta_nodes(a: Floats, b: Floats, number: int) -> tuple[Floats, Floats, Floats]:
    """Values u, 1 - u and weights, each (R, number), for means over Beta(a, b), however close a or b is to nought.

    Gauss-Legendre on each side of the mean after u = c t^p: p takes away the pole of the density at the end of a side,
    and is large enough to spread a narrow peak over the nodes.
    """
    t, gauss = np.polynomial.legendre.leggauss(number // 2)
    log_t, log_gauss = np.log((t + 1.0) / 2.0), np.log(gauss / 2.0)
    center = a / (a + b)
    spread = np.sqrt(center * (1.0 - center) / (a + b + 1.0))
    sides = []
    for near, far, c in ((a, b, center), (b, a, 1.0 - center)):
        power = np.maximum(1.0 / near, 4.0 * spread / c)[:, None]
        log_value = np.log(c)[:, None] + power * log_t
        value = np.exp(log_value)
        log_weight = near[:, None] * log_value + (far[:, None] - 1.0) * np.log1p(-value) + np.log(power) - log_t
        sides.append((value, 1.0 - value, log_weight + log_gauss))
    (u, v, left), (v2, u2, right) = sides
    log_weights = np.hstack([left, right])
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return np.hstack([u, u2]), np.hstack([v, v2]), weights / weights.sum(axis=1, keepdims=True)
