"""How often would nothing score so high? The null distribution of a score, from draws of the model that was fitted.

Draws take each segment's own answers, baseline, its uncertainty and the noise found, with paths that last from period
to period as that noise does, so that thin and thick segments, quiet and busy weeks and windows that add up weeks which
go together are in it as they are watched. The score is an average likelihood ratio, whose null
distribution hardly depends on the segment; one distribution serves all. Beyond the highest draws the tail is continued
as an exponential with the mean excess of the highest (the simplest generalised Pareto tail), never flatter than
exp(-score), which no average likelihood ratio exceeds.

References
----------
- A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", Cambridge, 1997, chapter 4.
- J. Pickands, "Statistical inference using extreme order statistics", Annals of Statistics 3, 1975.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.baseline import Baseline
from winback.stats.burning import burning
from winback.stats.families import Family
from winback.stats.serial import Noise

Floats = NDArray[np.float64]

DRAWS = 12_000
_TAIL = 0.03  # share of the draws that tell how the tail goes on


@dataclass(frozen=True)
class Null:
    """Scores where nothing happens, in order, and how the tail goes on beyond them."""

    scores: Floats
    from_score: float
    share: float
    slope: float

    @classmethod
    def of(cls, scores: Floats) -> Null:
        """From drawn scores."""
        ordered = np.sort(scores)
        kept = max(int(len(ordered) * _TAIL), 1)
        start = float(ordered[-kept])
        excess = float((ordered[-kept:] - start).mean())
        steep = (1.0 - 1.0 / np.sqrt(kept)) / max(excess, 1e-6)  # a standard error on the safe side
        return cls(ordered, start, kept / len(ordered), max(1.0, float(steep)))

    def p(self, scores: Floats) -> Floats:
        """The chance of at least this score where nothing happens."""
        above = len(self.scores) - np.searchsorted(self.scores, scores, side="left")
        body = (above + 1.0) / (len(self.scores) + 1.0)
        tail = self.share * np.exp(-self.slope * np.maximum(scores - self.from_score, 0.0))
        return np.where(scores > self.from_score, tail, body)

    def score_at(self, p: float) -> float:
        """The score that nothing exceeds but with this chance."""
        if p >= self.share:
            return float(np.quantile(self.scores, 1.0 - p))
        return self.from_score + float(np.log(self.share / p)) / self.slope


def draw_scores(
    size: Floats, baseline: Baseline, *, family: Family, draws: int = DRAWS, seed: int = 0
) -> Floats:  # fmt: skip
    """Scores where nothing happens, for segments with these sizes (S, W) and this baseline of the same periods."""
    random = np.random.default_rng(seed)
    heard = np.flatnonzero(size.sum(axis=1) > 0)
    if not len(heard):
        return np.zeros(1)
    rows = (
        random.permutation(np.resize(heard, draws))
        if len(heard) < draws
        else random.choice(heard, draws, replace=False)
    )
    predictor, spread, n = baseline.predictor[rows], baseline.spread[rows], size[rows]
    off = spread[:, -1:] * random.standard_normal((len(rows), 1)) + draw_paths(n.shape, baseline.noise, random)
    total = family.draw(n, family.mean(family.inside(predictor + off)), baseline.noise.dispersion, random)
    return burning(total, n, predictor, spread, baseline.noise, family=family).score


def draw_paths(shape: tuple[int, ...], noise: Noise, random: np.random.Generator) -> Floats:
    """Paths of noise that lasts, (S, W), begun where it usually is."""
    steps = random.standard_normal(shape)
    for t in range(1, shape[1]):
        steps[:, t] = noise.memory * steps[:, t - 1] + np.sqrt(1.0 - noise.memory**2) * steps[:, t]
    return np.asarray(np.sqrt(noise.wander) * steps, dtype=np.float64)
