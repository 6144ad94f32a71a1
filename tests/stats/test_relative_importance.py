"""Relative importance: equal to pingouin's LMG, to the definition, and to what theory says of special cases."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest

from tests.stats.worlds import ratings
from winback.stats.relative_importance import lmg, relative_weights

# Fertility in 47 Swiss provinces, 1888 (R's data swiss): correlations of agriculture, examination, education, catholic,
# infant mortality and, last, fertility; and pingouin 0.7.0's LMG of them
SWISS = np.array([
    [1, -0.68654220861714, -0.63952251894832, 0.40109505304874, -0.06085860841658, 0.35307918361997],
    [0, 1, 0.69841529628848, -0.57274180606417, -0.11402159648203, -0.64588270645729],
    [0, 0, 1, -0.15385891709091, -0.09932184582135, -0.66378885703507],
    [0, 0, 0, 1, 0.17549590759662, 0.46368470065179],
    [0, 0, 0, 0, 1, 0.41655603143498],
    [0, 0, 0, 0, 0, 1],
])  # fmt: skip
SWISS = SWISS + np.triu(SWISS, 1).T
SWISS_LMG = [0.057091220768, 0.1711730289, 0.260134678624, 0.105570150373, 0.112765922927]


def by_definition(covariance: np.ndarray) -> np.ndarray:
    """Gains in R^2 averaged over every order of entry."""
    number = len(covariance) - 1
    r = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))

    def explained(chosen: tuple[int, ...]) -> float:
        i = list(chosen)
        return float(r[i, -1] @ np.linalg.solve(r[np.ix_(i, i)], r[i, -1])) if i else 0.0

    found = np.zeros(number)
    orders = list(permutations(range(number)))
    for order in orders:
        for place, driver in enumerate(order):
            found[driver] += explained(order[: place + 1]) - explained(order[:place])
    return found / len(orders)


def test_equal_to_pingouin() -> None:
    assert lmg(SWISS) == pytest.approx(SWISS_LMG, abs=1e-11)
    assert lmg(SWISS).sum() == pytest.approx(0.7067350015927255, abs=1e-12)


def test_equal_to_the_definition() -> None:
    covariance = np.cov(ratings(300, 5, np.random.default_rng(1)).T)
    assert lmg(covariance) == pytest.approx(by_definition(covariance), abs=1e-12)


def test_both_add_up_to_r_squared_and_agree() -> None:
    covariance = np.cov(ratings(4000, 8, np.random.default_rng(2)).T)
    r = covariance[:-1, -1]
    explained = r @ np.linalg.solve(covariance[:-1, :-1], r) / covariance[-1, -1]
    shapley, weights = lmg(covariance), relative_weights(covariance)
    assert shapley.sum() == pytest.approx(explained, abs=1e-12)
    assert weights.sum() == pytest.approx(explained, abs=1e-12)
    assert np.abs(shapley - weights).max() / explained < 0.02
    assert (weights >= 0).all()
    assert (shapley >= 0).all()


def test_drivers_that_do_not_go_together_get_their_squared_correlation() -> None:
    covariance = np.eye(4)
    covariance[:3, 3] = covariance[3, :3] = 0.5, 0.3, 0.0
    for found in (lmg(covariance), relative_weights(covariance)):
        assert found == pytest.approx([0.25, 0.09, 0.0], abs=1e-12)


def test_two_drivers_by_hand() -> None:
    # r12 = .5, r1y = .6, r2y = .4: R2 = .3733; driver 1 gains .36 first and .3733 - .16 last
    covariance = np.array([[1, 0.5, 0.6], [0.5, 1, 0.4], [0.6, 0.4, 1]])
    whole = (0.36 + 0.16 - 2 * 0.5 * 0.6 * 0.4) / 0.75
    assert lmg(covariance) == pytest.approx([(0.36 + whole - 0.16) / 2, (0.16 + whole - 0.36) / 2], abs=1e-12)


def test_the_same_driver_twice_shares_its_part() -> None:
    covariance = np.array([[1, 1, 0.6], [1, 1, 0.6], [0.6, 0.6, 1]])
    assert lmg(covariance) == pytest.approx([0.18, 0.18], abs=1e-9)
    assert relative_weights(covariance) == pytest.approx([0.18, 0.18], abs=1e-9)


def test_a_driver_that_does_not_vary_adds_nothing() -> None:
    covariance = np.array([[1, 0, 0.6], [0, 0, 0], [0.6, 0, 1]])
    assert lmg(covariance) == pytest.approx([0.36, 0.0])
    assert relative_weights(covariance) == pytest.approx([0.36, 0.0])


def test_an_outcome_that_does_not_vary_has_no_figure() -> None:
    covariance = np.diag([1.0, 1.0, 0.0])
    assert np.isnan(lmg(covariance)).all()
    assert np.isnan(relative_weights(covariance)).all()


def test_columns_of_one_driver_enter_together() -> None:
    covariance = np.cov(ratings(500, 4, np.random.default_rng(3)).T)
    found = lmg(covariance, [[0], [1, 2], [3]])
    turned = np.eye(5)
    turned[1:3, 1:3] = [[0.6, -0.8], [0.8, 0.6]]  # other columns that tell the same
    again = lmg(turned @ covariance @ turned.T, [[0], [1, 2], [3]])
    assert again == pytest.approx(found, abs=1e-10)
    assert found.sum() == pytest.approx(lmg(covariance).sum(), abs=1e-10)
    assert relative_weights(covariance, [[0], [1, 2], [3]]).shape == (3,)
    assert lmg(covariance, [[0], [3]]).sum() < found.sum()  # columns in no group are left out


def test_many_matrices_at_once() -> None:
    rng = np.random.default_rng(4)
    stacked = np.stack([np.cov(ratings(200, 6, rng).T) for _ in range(7)])
    assert lmg(stacked).shape == (7, 6)
    assert lmg(stacked)[3] == pytest.approx(lmg(stacked[3]), abs=1e-13)
    assert relative_weights(stacked)[5] == pytest.approx(relative_weights(stacked[5]), abs=1e-13)


def test_scales_and_signs_do_not_matter() -> None:
    covariance = np.cov(ratings(300, 5, np.random.default_rng(6)).T)
    stretch = np.diag([10.0, -0.01, 1.0, 3.0, 1.0, 100.0])
    assert lmg(stretch @ covariance @ stretch) == pytest.approx(lmg(covariance), abs=1e-10)


def test_it_is_quick() -> None:
    """15 drivers exactly, 30 by relative weights; the limit is generous, for machines at other work."""
    many = np.cov(ratings(400, 30, np.random.default_rng(7)).T)
    start = time.process_time()
    relative_weights(many)
    lmg(many[np.ix_([*range(15), 30], [*range(15), 30])])
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("wrong", [np.ones(3), np.ones((2, 3)), np.ones((1, 1))])
def test_what_is_no_covariance_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="covariances have shape"):
        lmg(wrong)


def test_too_many_subsets_are_refused() -> None:
    with pytest.raises(ValueError, match="use relative_weights"):
        lmg(np.eye(22))
