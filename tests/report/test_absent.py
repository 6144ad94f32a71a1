"""What a box without data says, and what would open it."""

from __future__ import annotations

from typing import Any

import pytest

from winback.report.absent import states, words_of


def document(
    *told: dict[str, Any], detractors: int = 3, answers: int = 20, why_not: str | None = None
) -> dict[str, Any]:
    return {
        "readiness": list(told),
        "profit": {"why_not": why_not},
        "overall": {"detractors": detractors, "answers": answers},
    }


def item(analysis: str, *, possible: bool = False) -> dict[str, Any]:
    return {"analysis": analysis, "possible": possible, "sentence": f"Why no {analysis}.", "opens": f"--{analysis}"}


def test_every_box_has_words_of_its_own() -> None:
    found = states(document())
    assert {name: (state["title"], state["opens"]) for name, state in found.items()} == {
        "segments": ("Nothing to split by", "--by COL, such as a region"),
        "trend": ("No dates, so no movement", "a date column: --date COL"),
        "decompose": ("No change to explain yet", None),
        "profit": ("No money yet", "--value COL or --customers FILE"),
        "people": ("Nobody can be named", "a customer column: --customer COL"),
        "voices": ("No words", "a column of comments: --text COL"),
        "distribution": ("No scores", None),
    }
    assert found["trend"]["sentence"] == "Without a date the score cannot be followed."
    assert all(state["sentence"].endswith(".") and state["good"] is False for state in found.values())


@pytest.mark.parametrize(
    ("analysis", "box"),
    [("segments", "segments"), ("moved", "decompose"), ("call_first", "people"), ("comments", "voices"), ("nps", "distribution")],
)  # fmt: skip
def test_readiness_has_the_better_words(analysis: str, box: str) -> None:
    usual, found = states(document()), states(document(item(analysis)))
    assert (found[box]["sentence"], found[box]["opens"]) == (f"Why no {analysis}.", f"--{analysis}")
    assert found[box]["title"] == usual[box]["title"]
    assert {name: state for name, state in found.items() if name != box} == {
        name: state for name, state in usual.items() if name != box
    }


def test_what_is_possible_says_nothing_of_what_is_missing() -> None:
    assert states(document(item("trend", possible=True))) == states(document())


def test_profit_says_why_not_and_still_what_opens_it() -> None:
    found = states(document(item("profit"), why_not="The margins are all blank."))["profit"]
    assert (found["sentence"], found["opens"]) == ("The margins are all blank.", "--profit")


@pytest.mark.parametrize(("answers", "words"), [(1, "one answer"), (2386, "the 2,386 answers")])
def test_no_detractor_is_good_news(answers: int, words: str) -> None:
    assert words_of(answers) == words
    assert states(document(item("people"), detractors=0, answers=answers))["people"] == {
        "title": "No detractor to call",
        "sentence": f"None of {words} was a detractor's.",
        "opens": None,
        "good": True,
    }


def test_no_answer_is_no_good_news() -> None:
    found = states(document(detractors=0, answers=0))["people"]
    assert (found["title"], found["good"]) == ("Nobody can be named", False)
