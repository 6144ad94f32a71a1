"""Months at risk after an answer: customer by customer, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from winback.stats.exposure import persons_to_exposure


def one(answer=0, following=-1, leave=-1, end=11, **options):
    """Months and departures after one answer of one customer."""
    columns = {"customer": 1, "answer_month": answer, "band": 0, "cell": 0}
    columns |= {"next_answer_month": following, "leave_month": leave, "end_month": end}
    exposure = persons_to_exposure(**{name: [value] for name, value in columns.items()}, **options)
    return int(exposure.months.sum()), int(exposure.left.sum())


@pytest.mark.parametrize(
    ("story", "months", "left"),
    [
        ({"answer": 3}, 8, 0),  # months 4 to 11
        ({"answer": 3, "leave": 6}, 3, 1),  # 4, 5 and the month of leaving
        ({"answer": 3, "leave": 3}, 0, 0),  # left in the month of the answer: counted apart
        ({"answer": 3, "leave": 2}, 0, 0),  # answered after leaving
        ({"answer": 3, "leave": 40}, 8, 0),  # left after the end of sight
        ({"answer": 3, "following": 5}, 2, 0),  # month 5 began under this answer
        ({"answer": 3, "following": 5, "leave": 5}, 2, 1),
        ({"answer": 3, "following": 5, "leave": 9}, 2, 0),  # the departure belongs to the next answer
        ({"answer": 3, "following": 3}, 0, 0),  # answered twice in a month: the later one speaks
        ({"answer": 0, "end": 40}, 12, 0),  # an answer speaks for a year
        ({"answer": 0, "end": 40, "leave": 20}, 12, 0),
        ({"answer": 0, "end": 40, "longest": 24, "leave": 20}, 20, 1),
        ({"answer": 3, "delay": 2}, 6, 0),
        ({"answer": 3, "delay": 2, "leave": 5}, 0, 0),
        ({"answer": 11}, 0, 0),
    ],
)
def test_stories(story, months, left):
    assert one(**story) == (months, left)


def test_a_customer_with_two_answers_has_every_month_once():
    exposure = persons_to_exposure(
        customer=[1, 1],
        answer_month=[0, 4],
        band=[0, 2],
        cell=[1, 1],
        next_answer_month=[4, -1],
        leave_month=[7, 7],
        end_month=[11, 11],
    )
    months, left = exposure.table()
    assert months.tolist() == [[0, 4], [0, 0], [0, 3]]
    assert left.tolist() == [[0, 0], [0, 0], [0, 1]]


def test_there_is_no_immortal_time():
    """Whoever lives long answers more often, yet where answers do not matter the hazards of all bands agree."""
    rng = np.random.default_rng(1)
    leave = rng.geometric(0.05, 30_000) - 1
    answers = [(i, month) for i, gone in enumerate(leave) for month in range(0, min(24, gone + 1), 3)]
    who, when = np.array(answers).T
    following = np.where(np.append(who[1:] == who[:-1], False), np.append(when[1:], -1), -1)
    # the last answers are the happy ones: those of survivors
    band = np.where(when >= 12, 2, 0)
    exposure = persons_to_exposure(
        customer=who,
        answer_month=when,
        band=band,
        cell=np.zeros(len(who)),
        next_answer_month=following,
        leave_month=leave[who],
        end_month=np.full(len(who), 23),
    )
    months, left = exposure.table()
    assert left[0, 0] / months[0, 0] == pytest.approx(0.05, rel=0.06)
    assert left[2, 0] / months[2, 0] == pytest.approx(0.05, rel=0.06)
    assert exposure.same_month > 0


def test_wrong_arguments_are_refused():
    good = {"customer": [1], "answer_month": [0], "band": [0], "cell": [0]}
    good |= {"next_answer_month": [-1], "leave_month": [-1], "end_month": [5]}
    for wrong, words in (({"band": [3]}, "bands"), ({"cell": [-1]}, "cells"), ({"end_month": [1, 2]}, "one shape")):
        with pytest.raises(ValueError, match=words):
            persons_to_exposure(**{**good, **wrong})
