"""Why a score moved: because customers feel otherwise (rate), or because others answered (mix).

Kitagawa's split of a change between two periods, segment by segment, with weights w (shares of answers) and scores r:

    rate  = sum (r1 - r0) (w0 + w1) / 2
    mix   = sum (w1 - w0) ((r0 + r1) / 2 - r)

where r is the mean of both periods' scores: a segment that grew adds to the score if it stands above the whole, so
its mix effect does not hang on where the scale has its zero. A segment absent in one period borrows the other's score;
all it does is then mix. With numbers invited, mix falls into who was invited and who of them answered.

References
----------
- E. M. Kitagawa, "Components of a difference between two rates", JASA 50, 1955.
- P. Das Gupta, "Standardization and decomposition of rates: a user's manual", US Bureau of the Census, 1993.

"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winback.stats.intervals import quantile_of

Floats = NDArray[np.float64]

_SMOOTHING = 3.0  # pseudo-answers at the period's own shares, for the variance within a segment of few answers


@dataclass(frozen=True)
class Decomposition:
    """A change in score, split. All in points; before + rate + mix = after to 1e-12.

    rate_by_segment and mix_by_segment: (S,), adding up to rate and mix. invited_mix and response_mix: the two parts of
    mix, None without numbers invited (segments that never answered are left out of those invited). The intervals are
    (low, high), None where they were not asked for or could not be had.
    """

    before: float
    after: float
    total: float
    rate: float
    mix: float
    rate_by_segment: Floats
    mix_by_segment: Floats
    invited_mix: float | None = None
    response_mix: float | None = None
    total_interval: tuple[float, float] | None = None
    rate_interval: tuple[float, float] | None = None
    mix_interval: tuple[float, float] | None = None


def decompose(
    before_weights: ArrayLike,
    before_scores: ArrayLike,
    after_weights: ArrayLike,
    after_scores: ArrayLike,
    *,
    before_invited: ArrayLike | None = None,
    after_invited: ArrayLike | None = None,
) -> Decomposition:
    """Split the change between two periods over S segments; each argument has shape (S,).

    Weights are counts of answers or sums of weights, of any scale in each period; scores are in points and may be nan
    where the weight is nought. Invited are numbers of invitations, given for both periods or neither.

    Raises ValueError where shapes disagree, a weight is negative, or a period has no weight at all.
    """
    raw = [np.asarray(v, dtype=np.float64) for v in (before_weights, before_scores, after_weights, after_scores)]
    if len({v.shape for v in raw}) != 1 or raw[0].ndim != 1:
        raise ValueError("weights and scores of both periods must be of one shape (segments,)")
    w0, w1 = _shares(raw[0], "before"), _shares(raw[2], "after")
    r0, r1 = _borrowed(raw[1], w0, raw[3], w1)
    before, after = math.fsum(w0 * r0), math.fsum(w1 * r1)
    middle = (before + after) / 2.0
    rate = (r1 - r0) * (w0 + w1) / 2.0
    mix = (w1 - w0) * ((r0 + r1) / 2.0 - middle)
    invited_mix = response_mix = None
    if before_invited is not None and after_invited is not None:
        known = (w0 > 0) | (w1 > 0)  # segments that never answered have no score to weigh
        v0 = _shares(np.where(known, np.asarray(before_invited, dtype=np.float64), 0.0), "invited before")
        v1 = _shares(np.where(known, np.asarray(after_invited, dtype=np.float64), 0.0), "invited after")
        away = (r0 + r1) / 2.0 - middle
        invited_mix = math.fsum((v1 - v0) * away)
        response_mix = math.fsum(((w1 - v1) - (w0 - v0)) * away)
    elif before_invited is not None or after_invited is not None:
        raise ValueError("numbers invited are needed for both periods or for neither")
    return Decomposition(
        before=before,
        after=after,
        total=after - before,
        rate=math.fsum(rate),
        mix=math.fsum(mix),
        rate_by_segment=rate,
        mix_by_segment=mix,
        invited_mix=invited_mix,
        response_mix=response_mix,
    )


def decompose_counts(
    before: ArrayLike,
    after: ArrayLike,
    *,
    level: float = 0.95,
    before_invited: ArrayLike | None = None,
    after_invited: ArrayLike | None = None,
    before_n_eff: float | None = None,
    after_n_eff: float | None = None,
) -> Decomposition:
    """The same from (S, 3) counts of detractors, passives and promoters a period, with intervals by the delta method.

    Every answer moves the parts by its influence (through its segment's score and through its segment's share); the
    variance of a part is that of the influences over the answers, summed over both periods, which are taken as
    independent samples. A segment's own spread is smoothed by three pseudo-answers of the period, so that one answer
    is not taken for certainty. With weights, counts are sums of weights and n_eff the effective numbers of answers.
    Intervals are None where a period has fewer than two answers.
    """
    x0, x1 = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if x0.shape != x1.shape or x0.ndim != 2 or x0.shape[1] != 3:
        raise ValueError(f"counts have shapes {x0.shape} and {x1.shape}; both should be (segments, 3)")
    n0, n1 = x0.sum(axis=1), x1.sum(axis=1)
    s0, s1 = _scores(x0, n0), _scores(x1, n1)
    split = decompose(n0, s0, n1, s1, before_invited=before_invited, after_invited=after_invited)
    sizes = (before_n_eff or float(n0.sum()), after_n_eff or float(n1.sum()))
    if min(sizes) < 2:
        return split
    w0, w1 = n0 / n0.sum(), n1 / n1.sum()
    r0, r1 = _borrowed(s0, w0, s1, w1)
    middle = (split.before + split.after) / 2.0
    both = (w0 > 0) & (w1 > 0)
    variances = np.zeros(3)
    for sign, x, w, size in ((-1.0, x0, w0, sizes[0]), (1.0, x1, w1, sizes[1])):
        here = w > 0
        # how each part moves with this period's score in a segment (lent to the other period where that has none) ...
        rate_by_score = np.where(both, sign * (w0 + w1) / 2.0, 0.0)
        mix_by_score = np.where(both, (w1 - w0) / 2.0, w1 - w0)
        # ... and with the segment's share of this period's answers
        rate_by_share, mix_by_share = (r1 - r0) / 2.0, sign * ((r0 + r1) / 2.0 - middle)
        by_score = np.stack([rate_by_score + mix_by_score, rate_by_score, mix_by_score])[:, here]
        by_share = np.stack([rate_by_share + mix_by_share, rate_by_share, mix_by_share])
        within = (by_score**2 * (_spread(x, size)[here] / w[here])).sum(axis=1)
        between = (by_share - (by_share @ w)[:, None]) ** 2 @ w
        variances += (within + between) / size
    halves = quantile_of(level) * np.sqrt(variances)
    ends = [
        (part - float(h), part + float(h)) for part, h in zip((split.total, split.rate, split.mix), halves, strict=True)
    ]
    return replace(split, total_interval=ends[0], rate_interval=ends[1], mix_interval=ends[2])


def _spread(counts: Floats, size: float) -> Floats:
    """Variance of one answer's points within each segment (S,), smoothed by the whole period's answers."""
    scaled = counts * (size / counts.sum())
    shares = scaled + _SMOOTHING * counts.sum(axis=0) / counts.sum()
    shares /= shares.sum(axis=1, keepdims=True)
    return np.asarray(1e4 * (shares[:, 2] + shares[:, 0] - (shares[:, 2] - shares[:, 0]) ** 2))


def _shares(weights: Floats, name: str) -> Floats:
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"{name}: weights must be finite and not negative")
    total = math.fsum(weights)
    if total <= 0:
        raise ValueError(f"{name}: nobody answered; there is no change to split")
    return np.asarray(weights / total)


def _scores(counts: Floats, sizes: Floats) -> Floats:
    """Score of each segment in points, nan without answers."""
    points = 100.0 * (counts[:, 2] - counts[:, 0])
    return np.asarray(np.divide(points, sizes, out=np.full(sizes.shape, np.nan), where=sizes > 0))


def _borrowed(r0: Floats, w0: Floats, r1: Floats, w1: Floats) -> tuple[Floats, Floats]:
    """Scores of both periods, each taking the other's where a segment did not answer; nought where it never did."""
    first = np.where(w0 > 0, r0, np.where(w1 > 0, r1, 0.0))
    second = np.where(w1 > 0, r1, np.where(w0 > 0, r0, 0.0))
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a segment with answers has no score")
    return first, second
