"""p-values hold what they say where nothing happens, in the body and in the tail."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.panels import panel
from winback.stats.baseline import fit_baseline
from winback.stats.burning import burning
from winback.stats.calibration import Null, draw_scores
from winback.stats.families import Share


def test_the_tail_of_an_exponential_goes_on_as_it_does() -> None:
    r = np.random.default_rng(1)
    null = Null.of(r.exponential(0.5, 20_000))
    assert null.slope == pytest.approx(2.0, rel=0.1)
    assert null.p(np.array([4.0]))[0] == pytest.approx(np.exp(-8.0), rel=0.7)
    assert null.p(np.array([0.5]))[0] == pytest.approx(np.exp(-1.0), rel=0.05)
    assert null.p(np.array([null.score_at(1e-4)]))[0] == pytest.approx(1e-4)
    assert null.score_at(0.5) == pytest.approx(0.5 * np.log(2), rel=0.05)


def test_the_tail_is_never_flatter_than_a_likelihood_ratio_allows() -> None:
    assert Null.of(np.random.default_rng(2).exponential(3.0, 1000)).slope == 1.0


def test_p_is_what_it_says_where_nothing_happens() -> None:
    rates = []
    for seed in range(6):
        made = panel(seed, segments=200, flares=0)
        past, last = slice(0, 122), slice(122, 130)
        base = fit_baseline(
            made["bad"][:, past], made["size"][:, past], made["times"][past], made["times"][last], family=Share(), cycles=(52.1775,), block=4
        )  # fmt: skip
        null = Null.of(draw_scores(made["size"][:, last], base, family=Share(), draws=3000, seed=seed))
        score = burning(
            made["bad"][:, last], made["size"][:, last], base.predictor, base.spread, base.noise, family=Share()
        ).score
        rates.append([(null.p(score) <= level).mean() for level in (0.5, 0.1, 0.02)])
    half, tenth, fiftieth = np.mean(rates, axis=0)
    assert half == pytest.approx(0.5, abs=0.08)
    assert tenth == pytest.approx(0.1, abs=0.03)
    assert fiftieth <= 0.035


def test_nobody_answering_is_no_error() -> None:
    made = panel(1, segments=3, weeks=30, flares=0)
    base = fit_baseline(
        made["bad"][:, :22],
        made["size"][:, :22],
        made["times"][:22],
        made["times"][22:],
        family=Share(),
        cycles=(52.0,),
    )
    assert draw_scores(np.zeros((3, 8)), base, family=Share()).tolist() == [0.0]
