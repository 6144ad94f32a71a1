"""Answers of a small company, with or without a fire in North x Business, as an Arrow table."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

END = dt.date(2026, 11, 1)  # a Sunday


def answers(seed: int, *, weeks: int = 60, burning: int = 3, odds: float = 4.0, a_week: int = 300) -> pa.Table:
    """The last `burning` weeks burn in North x Business."""
    r = np.random.default_rng(seed)
    n = weeks * a_week
    age = r.integers(0, 7 * weeks, n)
    region = r.choice(["North", "South", "East", "West"], n)
    plan = r.choice(["Home", "Business", "Enterprise"], n, p=[0.5, 0.3, 0.2])
    share = np.where(plan == "Home", 0.18, 0.24)
    fire = (region == "North") & (plan == "Business") & (age < 7 * burning)
    share = np.where(fire, odds * share / (1 - share + odds * share), share)
    bad = r.uniform(size=n) < share
    score = np.where(bad, r.integers(0, 7, n), r.integers(7, 11, n))
    return pa.table(
        {
            "local_date": pa.array([END - dt.timedelta(days=int(d)) for d in age], pa.date32()),
            "score": pa.array(score),
            "region": pa.array(region),
            "plan": pa.array(plan),
            "late": pa.array(bad & (r.uniform(size=n) < 0.5)),
            "customer": pa.array([f"c{i % 900}" for i in range(n)]),
            "money": pa.array(np.full(n, 10.5)),
        }
    )
