"""Money in sentences."""

from __future__ import annotations

import numpy as np
import pytest

from winback.analysis.leaving import AtRisk
from winback.analysis.money_words import answer, at_risk_sentence, from_detractors
from winback.analysis.tiers import UNHEARD, Standing


def standing(top: tuple[int, int, int], rest: tuple[int, int, int]) -> Standing:
    """A fifth of the customers at the top, with bands as counted (detractors, passives, promoters); the rest below."""
    best, others = sum(top), sum(rest)
    assert others == 4 * best
    bands = [band for counts in (top, rest) for band, count in enumerate(counts) for _ in range(count)]
    worth = [1_000_000 + place for place in range(best)] + list(range(others))
    return Standing(np.array(worth), np.array(bands), np.array(worth))


@pytest.mark.parametrize(
    ("top", "rest", "verdict", "begins", "ends"),
    [
        ((2, 8, 90), (80, 120, 200), "yes", "Yes, most of them: 90 of 100", "better than the other customers (+30)."),
        (
            (60, 20, 20),
            (80, 120, 200),
            "no",
            "No, most of them are not: 20 of 100",
            "worse than the other customers (+30).",
        ),
        (
            (20, 30, 50),
            (80, 120, 200),
            "unclear",
            "It cannot be told: 50 of 100",
            "not clearly different from the other customers (+30).",
        ),
    ],
)
def test_are_the_most_profitable_promoters(top, rest, verdict, begins, ends) -> None:  # type: ignore[no-untyped-def]
    found, sentence = answer(standing(top, rest), "margin", level=0.95, minimum=10)
    assert found == verdict
    assert sentence.startswith(begins)
    assert sentence.endswith(ends)


def test_too_few_heard() -> None:
    few = Standing(np.arange(50) * 1000, np.full(50, UNHEARD))
    assert answer(few, "revenue", level=0.95, minimum=10) == (
        "unclear", "Too early to say: of the highest-paying customers none answered, and 10 are needed.",
    )  # fmt: skip
    assert answer(Standing(np.array([-5]), np.array([0])), "margin", level=0.95, minimum=1)[0] == "unclear"


def test_what_detractors_bring() -> None:
    told = from_detractors(Standing(np.array([3_000_000, 1_000_000]), np.array([0, 2])), "margin", "EUR", months=12)
    assert (
        told["sentence"]
        == "€300 of margin a year comes from detractors, 75 % of that of all who answered (1 customer)."
    )
    assert (told["money"], told["share"]) == ("300.00", 0.75)


def test_risk_in_words() -> None:
    measured = AtRisk("measured", 61_000.0, 34_000.0, 88_000.0, 2.3, 1.5, 3.1)
    assert at_risk_sentence(measured, "EUR") == (
        "At risk: about €61,000 [€34,000, €88,000] of margin a year, because a detractor leaves 2.3 times as often as the same customer as a passive."
    )
    assert "That could be chance." in at_risk_sentence(AtRisk("measured", 10.0, -5.0, 25.0, 1.1), "EUR")
    assert "derived" in at_risk_sentence(AtRisk("measured", 10.0, 5.0, 25.0, 1.1, derived=True), "EUR")
    assert at_risk_sentence(AtRisk("missing", months_missing=7, reason="too few left"), "EUR") == (
        "Revenue at risk cannot be told: too few left. About 7 more months of data are needed."
    )
    assumed = at_risk_sentence(AtRisk("assumed", 100.0, leave_detractor=0.3, leave_passive=0.1), "EUR")
    assert "assuming, as entered, that 30 % of detractors leave" in assumed
