"""Jumps that were planted are explained, and chance alone is not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from winback.stats.explaining import explain_shares, explain_sums

LEVELS = [6, 5, 4]
CODES = np.array(list(itertools.product(*[range(k) for k in LEVELS])))


def _named(found: object) -> set[tuple[tuple[int, int], ...]]:
    return {tuple(found.zones.named(cause.zone).items()) for cause in found.causes}  # type: ignore[attr-defined]


def _shares(
    seed: int, burns: np.ndarray, answers: int = 2000, odds: float = 4.0, rho: float = 0.0
) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    r = np.random.default_rng(seed)
    mix = r.dirichlet(np.full(len(CODES), 3.0))
    logit = -1.7 + sum(r.normal(0, 0.3, k)[CODES[:, a]] for a, k in enumerate(LEVELS))
    p = 1 / (1 + np.exp(-logit))
    q = np.where(burns, odds * p / (1 - p + odds * p), p)
    if rho:
        q = r.beta(q * (1 / rho - 1), (1 - q) * (1 / rho - 1))
    n0, n1 = r.multinomial(12 * answers, mix), r.multinomial(answers, mix)
    return (r.binomial(n0, p).astype(float), n0.astype(float)), (r.binomial(n1, q).astype(float), n1.astype(float))


@pytest.mark.parametrize("burns", [{0: 2}, {0: 1, 2: 3}], ids=["one", "two"])
def test_a_planted_cause_is_found_exactly(burns: dict[int, int]) -> None:
    mask = np.all([CODES[:, a] == v for a, v in burns.items()], axis=0)
    before, now = _shares(3, mask)
    found = explain_shares(CODES, LEVELS, before, now)
    assert _named(found) == {tuple(burns.items())}
    assert found.p[0] == pytest.approx(0.01)
    assert (found.members(0) == mask)[now[1] > 0].all()
    assert not found.everywhere


def test_chance_is_rarely_named() -> None:
    calm = np.zeros(len(CODES), dtype=bool)
    named = [
        bool(explain_shares(CODES, LEVELS, *_shares(seed, calm, answers=600), draws=59).causes) for seed in range(40)
    ]
    assert sum(named) <= 5


def test_shares_that_are_dispersed_are_rarely_named_where_leaves_are_thin() -> None:
    calm = np.zeros(len(CODES), dtype=bool)
    named = [
        bool(explain_shares(CODES, LEVELS, *_shares(seed, calm, rho=0.03), draws=59).causes) for seed in range(100)
    ]
    assert sum(named) <= 7


def test_a_cause_is_found_beside_dispersion_and_its_p_says_what_dispersion_could_do() -> None:
    mask = CODES[:, 0] == 2
    before, now = _shares(3, mask, rho=0.02)
    found = explain_shares(CODES, LEVELS, before, now)
    assert tuple(found.zones.named(found.causes[0].zone).items()) == ((0, 2),)
    assert found.p[0] == pytest.approx(0.01)


def test_what_moved_everywhere_is_in_no_attribute() -> None:
    found = explain_shares(CODES, LEVELS, *_shares(4, np.ones(len(CODES), dtype=bool), answers=4000))
    assert found.causes == ()
    assert found.everywhere


def test_no_answers_now_is_no_error() -> None:
    before, _ = _shares(5, np.zeros(len(CODES), dtype=bool))
    zero = np.zeros(len(CODES))
    assert explain_shares(CODES, LEVELS, before, (zero, zero)).causes == ()


def _sums(seed: int, noise: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    r = np.random.default_rng(seed)
    forecast = 100 * r.weibull(0.8, len(CODES))
    forecast[r.uniform(size=len(CODES)) < 0.1] = 0
    return forecast * np.maximum(1 + noise * r.standard_normal(len(CODES)), 0), forecast


def test_sums_below_their_forecast_are_explained() -> None:
    actual, forecast = _sums(1)
    mask = (CODES[:, 1] == 2) | ((CODES[:, 0] == 5) & (CODES[:, 2] == 0))
    found = explain_sums(CODES, np.where(mask, 0.4 * actual, actual), forecast)
    assert _named(found) == {((1, 2),), ((0, 5), (2, 0))}


def test_one_leaf_far_out_is_told_by_all_its_attributes() -> None:
    actual, forecast = _sums(2, noise=0.02)
    forecast[17], actual[17] = 100.0, 20.0
    assert _named(explain_sums(CODES, actual, forecast)) == {tuple(enumerate(CODES[17].tolist()))}


def test_noise_forecasts_of_nought_and_exact_forecasts_explain_nothing() -> None:
    named = [bool(explain_sums(CODES, *_sums(seed, noise=0.15)).causes) for seed in range(20)]
    assert sum(named) <= 3
    actual, forecast = _sums(3)
    assert explain_sums(CODES, forecast, forecast).causes == ()
    assert explain_sums(CODES, np.zeros(len(CODES)), np.zeros(len(CODES))).causes == ()
    assert explain_sums(CODES, actual, np.zeros(len(CODES))) is not None


def test_sums_that_are_all_off_alike_are_in_no_attribute() -> None:
    actual, forecast = _sums(4, noise=0.03)
    found = explain_sums(CODES, 0.7 * actual, forecast)
    assert _named(found) == set()
