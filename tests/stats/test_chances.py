"""Scores become chances, and the chance from which on a theme is given follows from them."""

from __future__ import annotations

import numpy as np

from winback.stats.chances import Chances, forgiven, limits


def test_chances_follow_the_scores_that_were_right() -> None:
    named = np.array([[1, 0], [0, 1]] * 10, dtype=bool)
    right, noise = named.astype(float), np.tile([[0.4, 0.6], [0.4, 0.6]], (10, 1))
    found = Chances.of([right, noise], np.zeros((20, 2)), named)
    chances = found([right, noise], np.zeros((20, 2)))
    assert (chances[named] > 0.8).all() and (chances[~named] < 0.2).all()
    assert found.examples.tolist() == [10, 10]


def test_where_every_pair_is_right_there_is_one_chance_for_all() -> None:
    named = np.ones((11, 1), dtype=bool)
    found = Chances.of([named.astype(float)], np.zeros((11, 1)), named)
    # (11 + 1) of (11 + 2) pairs
    np.testing.assert_allclose(found([np.array([[1.0], [0.0]])], np.zeros((2, 1))), 12 / 13)


def test_the_limit_is_where_the_expected_f1_is_best() -> None:
    # By the first chance alone F1 is 2 * 0.9 / (1 + 1.2) = 0.82, by two 2 * 1.1 / (2 + 1.2) = 0.69: between 0.9 and 0.2.
    chances = np.array([[0.9], [0.2], [0.1]])
    np.testing.assert_allclose(limits(chances, np.array([1_000_000])), 0.55, rtol=1e-4)


def test_a_theme_seen_once_is_judged_as_others_seen_seldom() -> None:
    usual, odd = [0.9, 0.2, 0.1], [0.99, 0.01, 0.01]
    found = limits(np.array([usual, usual, usual, odd]).T, np.array([50, 50, 1, 1]))
    np.testing.assert_allclose(found[:2], 0.55)
    # Its own best is 0.5, that of both themes seen once in the middle, as logarithms; this counts as five examples.
    np.testing.assert_allclose(found[3], (0.5 + 5 * (0.5 * 0.55) ** 0.5) / 6)


def test_the_likeliest_is_given_below_its_limit_only_where_that_is_mostly_right() -> None:
    least = np.array([0.4, 0.4])
    chances = np.array([[0.9, 0.0], [0.0, 0.9], [0.35, 0.0], [0.0, 0.25], [0.25, 0.1]])
    named = np.array([[1, 0], [0, 1], [1, 0], [0, 1], [1, 0]], dtype=bool)
    assert forgiven(chances, least, named) == 0.5  # all three are right
    nothing = named & np.array([[1], [1], [1], [0], [0]], dtype=bool)
    assert forgiven(chances, least, nothing) == 0.75  # the third is, the others name no theme
    assert forgiven(chances, least, named & np.array([[1], [1], [0], [0], [0]], dtype=bool)) == 1.0
