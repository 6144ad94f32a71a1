"""Panels with known baselines for the tests of flare-ups: segments by weeks."""

from __future__ import annotations

from typing import Any

import numpy as np


def panel(seed: int, segments: int = 60, weeks: int = 130, flares: int = 10, odds: float = 3.0) -> dict[str, Any]:
    """Beta-binomial counts with season; the first `flares` segments burn in the last four weeks."""
    r = np.random.default_rng(seed)
    t = np.arange(weeks, dtype=float)
    size = r.poisson(np.exp(r.normal(3.4, 0.6, (segments, 1))) * np.ones(weeks)).astype(float)
    level = r.normal(-1.4, 0.4, (segments, 1))
    logit = level + 0.15 * np.cos(2 * np.pi * t / 52.1775)
    true = 1 / (1 + np.exp(-logit))
    burning = np.zeros((segments, weeks), dtype=bool)
    burning[:flares, -4:] = True
    share = np.where(burning, odds * true / (1 - true + odds * true), true)
    k = 1 / 0.01 - 1
    bad = r.binomial(size.astype(int), r.beta(share * k, (1 - share) * k)).astype(float)
    return {"bad": bad, "size": size, "true": true, "burning": burning, "times": t}
