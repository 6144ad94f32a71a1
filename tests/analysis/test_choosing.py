"""Themes chosen for all comments at once are those that each comment alone would be given."""

from __future__ import annotations

import numpy as np

from winback.analysis.choosing import Given, by_chances, by_found, most_telling

LIMITS = np.array([0.2, 0.2, 0.2, 0.5])


def told(given: Given) -> list[tuple[int, int, int]]:
    return [tuple(map(int, one)) for one in zip(*given, strict=True)]


def test_the_preferred_theme_of_those_that_reach_their_limits_and_what_is_hardly_behind() -> None:
    scores = np.array(
        [
            [0.5, 0.6, 0.1, 0.4],  # the first theme is preferred, the second further
            [0.5, 0.6, 0.1, 0.4],  # the same of a comment of one clause
            [0.1, 0.1, 0.1, 0.4],  # none reaches its limit
            [0.5, 0.5, 0.5, 0.5],  # all alike: the preferred, then by their places, three at most
            [0.3, 0.1, 0.46, 0.1],  # the second is too far behind
        ]
    )
    preferred = scores.copy()
    preferred[[0, 1], 0] = 0.9
    preferred[3, 3] = 0.9
    several = np.array([True, False, True, True, True])
    given = by_found(scores.copy(), preferred, LIMITS, several)
    assert told(given) == [(0, 0, 1), (0, 1, 2), (1, 0, 1), (3, 3, 1), (3, 0, 2), (3, 1, 3), (4, 2, 1)]
    assert told(by_found(scores[:0], preferred[:0], LIMITS, several[:0])) == []
    one = by_found(np.array([[0.3]]), np.array([[0.3]]), np.array([0.2]), np.array([True]))
    assert told(one) == [(0, 0, 1)]


def test_every_theme_whose_chance_reaches_its_limit_the_likeliest_first() -> None:
    chances = np.array([[0.3, 0.1, 0.3, 0.9], [0.11, 0.1, 0.0, 0.2], [0.0, 0.0, 0.0, 0.24]])
    assert told(by_chances(chances, LIMITS)) == [(0, 3, 1), (0, 0, 2), (0, 2, 3)]
    # 0.2 is less than half of the limit of the last theme; the likeliest is asked alone
    assert told(by_chances(chances, LIMITS, forgiven=0.5)) == [(0, 3, 1), (0, 0, 2), (0, 2, 3)]
    chances[1, 0] = 0.21
    assert told(by_chances(chances, LIMITS, forgiven=0.5))[3:] == [(1, 0, 1)]
    chances[2, 3] = 0.26
    assert told(by_chances(chances, LIMITS, forgiven=0.5))[4:] == [(2, 3, 1)]


def test_the_first_of_the_clauses_that_tell_a_theme_most() -> None:
    scores = np.array([[0.1, 0.9], [0.7, 0.2], [0.7, 0.9]])  # of three texts; the second comment says one of them twice
    given = Given(np.array([0, 1, 1]), np.array([1, 0, 1]), np.array([1, 1, 2]))
    clauses, first, number = np.array([2, 0, 1, 1, 2]), np.array([0, 1]), np.array([1, 4])
    assert most_telling(given, scores, clauses, first, number).tolist() == [0, 1, 0]
    assert most_telling(Given(*[clauses[:0]] * 3), scores, clauses, first, number).tolist() == []
