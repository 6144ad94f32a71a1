"""One model of drivers, from columns that one can check by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.driver_columns import driver_column
from winback.analysis.drivers_fitted import Settings, fit
from winback.errors import UserError

SETTINGS = Settings(0.95, 60, 1)


def test_one_driver_explains_all_that_is_explained() -> None:
    marks = [1, 2, 3, 4, 5] * 8
    read = [driver_column("support", pa.array(marks, pa.int64()))]
    score = np.array(marks, dtype=np.float64) * 2
    model, rows = fit((), (), read, score, np.ones(40), np.ones(40, dtype=bool), SETTINGS, strict=True)
    assert (model["answers"], model["complete"], model["r_squared"]) == (40, 40, pytest.approx(1.0))
    assert rows[0]["importance"] == pytest.approx(1.0) and rows[0]["slope"] == pytest.approx(2.0)
    assert (rows[0]["mean"], rows[0]["dissatisfied"], rows[0]["rank"]) == (3.0, pytest.approx(0.6), 1)


def test_no_interval_of_a_part_leaves_nought_to_one() -> None:
    """Few answers, many drivers, many blanks: a sample of these may have a covariance that is none."""
    rng = np.random.default_rng(2)
    content = rng.normal(size=90)
    values = np.clip(np.round(3 + content[:, None] + rng.normal(0, 0.5, (90, 5))), 1, 5).astype(int).astype(object)
    values[rng.random(values.shape) < 0.5] = None
    read = [driver_column(f"q{at}", pa.array(values[:, at].tolist(), pa.int64())) for at in range(5)]
    score = np.clip(np.round(5 + 2 * content + rng.normal(0, 3, 90)), 0, 10)
    _, rows = fit((), (), read, score, np.ones(90), np.ones(90, dtype=bool), SETTINGS, strict=True)
    assert min(row["low"] for row in rows) == 0.0
    assert all(0 <= row["low"] <= row["high"] <= 1 for row in rows)


def test_too_few_answers_raise_or_are_suppressed() -> None:
    read = [driver_column("support", pa.array([1, 2, 3, 4, 5, 1], pa.int64()))]
    score, ones = np.arange(6.0), np.ones(6)
    model, rows = fit(("plan",), ("Home",), read, score, ones, ones > 0, SETTINGS, strict=False)
    assert (model["suppressed"], model["answers"], rows) == (True, 6, [])
    with pytest.raises(UserError, match="6 answers are too few for 1 column of drivers; 10 are needed"):
        fit((), (), read, score, ones, ones > 0, SETTINGS, strict=True)
